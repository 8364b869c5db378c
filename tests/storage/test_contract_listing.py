"""Which stories does a list show, on both databases?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from news.nouns import Grade, Priority
from news.telling import AlertState, KeptOut, Tell
from storage.contract import Store
from storage.list_contract import MessageChoice, StoryChoice
from tests.nouns import (
    DAY,
    NOON,
    a_digest_intent,
    a_filing,
    a_match,
    a_receipt,
    a_story_match,
    a_tell,
    a_watching,
    an_act,
    an_article,
)

HOUR = timedelta(hours=1)


def a_choice(**changed: object) -> StoryChoice:
    """Return the choice of everything of a day that the jail's watchlist has."""
    choice = StoryChoice(watchlist_ids=("jail",), since=NOON - DAY, until=NOON + DAY)
    return replace(choice, **changed)  # type: ignore[arg-type]  # any of its fields


def filed(store: Store, number: int, *tells: Tell, watchlist: str = "jail", **match: object) -> int:
    """Return a story of its own that this watchlist has, filed `number` hours after noon."""
    at = NOON + number * HOUR
    article = an_article(
        address=f"https://ellery31.test/{number}",
        title=f"Jail story {number}",
        content_hash=f"{number}",
        first_seen=at,
        source_id=f"source-{number}",
    )
    filed_as = store.file(a_filing(0, article, now=at))
    evidence = a_match(filed_as.article_id, watchlist_id=watchlist)
    found = a_story_match(filed_as.story_id, watchlist_id=watchlist, matches=(evidence,), first_matched=at)
    found = replace(found, **match)  # type: ignore[arg-type]  # any of its fields
    store.record_watching(a_watching(filed_as.story_id, *tells, matches=(found,), now=at))
    return filed_as.story_id


def test_the_story_that_changed_last_stands_first_and_the_next_page_goes_on(store: Store) -> None:
    ids = [filed(store, number) for number in range(5)]
    first = store.story_lines(a_choice(limit=2))
    assert [line.id for line in first] == [ids[4], ids[3]]
    after = (first[-1].updated, first[-1].id)
    assert [line.id for line in store.story_lines(a_choice(after=after))] == [ids[2], ids[1], ids[0]]


def test_a_list_shows_what_was_chosen_and_nothing_else(store: Store) -> None:
    passing = filed(store, 1, grade=Grade.MENTIONS)
    main = filed(store, 2, priority=Priority.HIGH)
    other = filed(store, 3, watchlist="courts")

    def shown(**changed: object) -> list[int]:
        return [line.id for line in store.story_lines(a_choice(**changed))]

    assert shown() == [main, passing]
    assert shown(watchlist_ids=()) == []
    assert shown(watchlist_ids=("jail", "courts"), grade=Grade.ABOUT) == [other, main]
    assert shown(source_id="source-1") == [passing]
    assert shown(until=NOON + 2 * HOUR) == [passing]
    assert shown(show="at once") == []
    store.claim_story(an_act(story_id=main, who="night-editor"))
    assert shown(show="claimed") == [main]
    assert store.story_lines(a_choice())[0].claimed_by == "night-editor"


def test_what_was_kept_out_is_listed_and_counted_until_another_article_brings_it(store: Store) -> None:
    told = filed(store, 1, a_tell())
    never = filed(store, 2, watchlist="courts")
    article_id = store.stories(since=NOON - DAY)[0].articles[0].article.id
    word = KeptOut(watchlist_id="jail", article_id=article_id, clause="jail NEAR film", words="jail film")
    again = replace(a_watching(never, now=NOON + 2 * HOUR), kept_out=(word,))
    store.record_watching(again)

    def kept(**changed: object) -> list[int]:
        return [line.id for line in store.story_lines(a_choice(show="kept out", **changed))]

    assert kept() == [never]
    assert kept(grade=Grade.ABOUT) == []
    assert kept(on_hold=(told,)) == [never, told]
    assert kept(watchlist_ids=("courts",)) == []
    assert kept(watchlist_ids=("courts",), told_nowhere=("courts",)) == [never]
    tallied = {(row.story_id, row.grade, row.kept_out) for row in store.tally(a_choice())}
    assert tallied == {(told, Grade.ABOUT, False), (never, None, True)}
    assert store.count_sources([told, never]) == {"source-1": 1, "source-2": 1}
    (line,) = store.lines_of_stories([never], watchlist_ids=["jail"])
    assert line.kept_out == (word,)
    (alert,) = store.claim_alerts(now=NOON + DAY, lease=HOUR, limit=1)
    store.record_muted(alert, why="by the night editor")
    assert kept() == [never, told]
    assert kept(besides=(alert.destination,)) == [never]
    store.record_watching(replace(again, kept_out=()))
    assert kept(besides=(alert.destination,)) == []


def test_a_line_says_which_words_found_the_story_and_names_no_other_watchlist(store: Store) -> None:
    story_id = filed(store, 1)
    (line,) = store.lines_of_stories([story_id, 99], watchlist_ids=["jail"])
    (match,) = line.matches
    assert (line.title, line.articles, match.watchlist_id) == ("Jail story 1", 1, "jail")
    assert match.words
    assert match.words in match.sentence
    (bare,) = store.lines_of_stories([story_id], watchlist_ids=["courts"])
    assert bare.matches == ()


def test_what_was_handed_over_about_a_story_is_found_however_old_it_is(store: Store) -> None:
    about, _ = filed(store, 1, a_tell()), filed(store, 2, a_tell())
    alerts = {alert.story_id: alert for alert in store.alerts()}
    for alert in store.claim_alerts(now=NOON, lease=HOUR, limit=9):
        store.record_sent(alert, a_receipt(), outcome="sent", headline=f"Told {alert.story_id}", now=NOON)
    (sent,) = store.deliveries_about(about, since=NOON)
    assert (sent.alert_id, sent.headline) == (alerts[about].id, f"Told {about}")


def test_messages_are_listed_by_what_became_of_them_with_their_headlines(store: Store) -> None:
    first = filed(store, 1, a_tell(destination="slack:#jail"))
    filed(store, 2, a_tell(destination="email:me@newsroom.test"))
    waiting = MessageChoice(states=(AlertState.PENDING,))
    assert [line.headline for line in store.messages(waiting)] == ["Jail story 2", "Jail story 1"]
    hidden = replace(waiting, besides=("email:me@newsroom.test",))
    (line,) = store.messages(hidden)
    assert (line.alert.story_id, line.deliveries) == (first, ())
    assert store.messages(replace(waiting, before=line.alert.id)) == ()
    assert store.messages(replace(waiting, alert_ids=(line.alert.id,))) == (line,)
    assert store.messages(MessageChoice(states=(AlertState.SENT,))) == ()
    (alert,) = store.claim_alerts(now=NOON, lease=HOUR, limit=1)
    store.record_refused(alert, error="channel_not_found", now=NOON)
    (refused,) = store.messages(MessageChoice(states=(AlertState.FAILED,)))
    assert [each.error for each in refused.deliveries] == ["channel_not_found"]


def test_the_digests_of_a_place_are_listed_with_how_many_stories_they_tell(store: Store) -> None:
    story_id = filed(store, 1)
    store.declare_digests({"daily": "email:desk@newsroom.test"}, now=NOON - DAY)
    opened = store.open_digest(a_digest_intent((story_id, 1), name="daily"))
    assert opened is not None
    (line,) = store.past_digests()
    assert (line.alert.digest_id, line.stories, line.deliveries) == (opened.id, 1, ())
    assert store.past_digests(limit=1) == (line,)
    assert store.stories_told_by("source-1", [story_id, 99]) == {story_id}
    assert store.stories_told_by("source-2", [story_id]) == frozenset()


def test_what_a_source_brought_is_counted_by_days_that_begin_when_the_reader_says(store: Store) -> None:
    for number in (1, 2, 30):
        filed(store, number)
    starts = [NOON - DAY, NOON, NOON + DAY]
    came = store.came_a_day(starts)
    assert came == {"source-1": (0, 1, 0), "source-2": (0, 1, 0), "source-30": (0, 0, 1)}
    assert store.came_a_day([NOON + 40 * HOUR]) == {}
