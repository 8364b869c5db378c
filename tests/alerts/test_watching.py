"""Who hears of a story, when, and what of it?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alerts.watching import WatchReport, compiled_watchlists, decide, watch
from config.settings import ChannelSettings, Secret, Settings, SlackSettings
from news.nouns import (
    Article,
    Correction,
    DeliverRule,
    Grade,
    Placement,
    Priority,
    Story,
    StoryArticle,
    StoryMatch,
    Watchlist,
)
from news.telling import Tell, Thread, Watching
from storage.open import open_store
from storage.threads import StoreThreads
from tests.fakes.clock import FakeClock
from tests.nouns import (
    DAY,
    DESK,
    HOUR,
    METRO,
    NOON,
    FieldValue,
    a_filing,
    a_placement,
    a_sentence,
    a_source,
    a_story,
    a_thread,
    a_watchlist,
    an_article,
    clauses,
)

GATHER = timedelta(minutes=15)
#: What the desk set-up says: main topic and high priority at once, everything in the mail.
AT_ONCE = DeliverRule(to=DESK, at_least=Priority.HIGH)
MAIL = DeliverRule(to=METRO, send="digest", at="daily 06:30")

SANCTUARY = a_watchlist(
    "sanctuary cities",
    priority=replace(Watchlist(id="", name="").priority, high=clauses("mayor"), urgent=clauses("subpoena")),
    deliver=(AT_ONCE, MAIL),
)
JAIL = replace(
    SANCTUARY, id="county-jail", name="County jail", any=clauses("county jail"), deliver=(AT_ONCE,)
)


def newsroom(*watchlists: Watchlist, **fields: FieldValue) -> Settings:
    """Return the newsroom of Port Ellery with a Slack bot."""
    slack = ChannelSettings(slack=SlackSettings(token=Secret("xoxb-fake")))
    settings = Settings(timezone="America/Denver", channels=slack, watchlists=watchlists or (SANCTUARY,))
    return replace(settings, **fields)


def on_topic(
    article_id: int = 1, title: str = "Mayor speaks on sanctuary cities", **fields: FieldValue
) -> Article:
    """Return an article that is about sanctuary cities, of high priority because of the mayor."""
    text = f"{title}, the mayor said of sanctuary cities on Wednesday.\nSanctuary cities were on the agenda."
    return an_article(title, **({"id": article_id, "text": text} | fields))


def told_by(*articles: Article, watched: int = 0, **fields: FieldValue) -> Story:
    """Return a story in which every article after the first adds a detail."""
    detail = a_placement(1, whats_new=(a_sentence("The council meets on Monday."),))
    told = tuple(
        StoryArticle(article=article, revision=number, placement=a_placement() if number == 1 else detail)
        for number, article in enumerate(articles, start=1)
    )
    story = Story(
        id=1,
        revision=len(told),
        watched_revision=watched,
        title=articles[0].title,
        created=NOON,
        updated=NOON,
        articles=told,
    )
    return replace(story, **fields)


def decided(
    story: Story,
    settings: Settings | None = None,
    *threads: Thread,
    old: tuple[StoryMatch, ...] = (),
    now: datetime = NOON,
) -> Watching:
    """Return what is decided about a story."""
    settings = settings or newsroom()
    return decide(story, compiled_watchlists(settings), settings, threads, old, now=now)


def kinds(watching: Watching) -> list[str]:
    return [tell.kind for tell in watching.tells]


def the_tell(watching: Watching, kind: str) -> Tell:
    (tell,) = [tell for tell in watching.tells if tell.kind == kind]
    return tell


def test_a_story_on_the_main_topic_with_high_priority_is_told_at_once() -> None:
    watching = decided(told_by(on_topic()))

    assert watching.tells == (
        Tell(
            destination=DESK,
            kind="root",
            from_revision=0,
            revision=1,
            watchlist_ids=("sanctuary-cities",),
            priority=Priority.HIGH,
            grade=Grade.ABOUT,
            due_at=NOON,
        ),
    )
    assert [match.watchlist_id for match in watching.matches] == ["sanctuary-cities"]


def test_a_story_of_normal_priority_waits_for_the_mail() -> None:
    quiet = on_topic(title="Council speaks on sanctuary cities", text="Sanctuary cities were on the agenda.")

    watching = decided(told_by(quiet))

    assert watching.matches
    assert not watching.tells


def test_a_passing_mention_waits_for_the_mail_whatever_its_priority() -> None:
    words = "The mayor opened a library. " * 30 + "One guest spoke of sanctuary cities."
    aside = an_article("Mayor opens library", id=1, text=words)
    watching = decided(told_by(aside))
    asked_for = replace(SANCTUARY, deliver=(replace(AT_ONCE, passing_mentions=True),))

    assert watching.matches[0].grade is Grade.MENTIONS
    assert not watching.tells
    assert kinds(decided(told_by(aside), newsroom(asked_for))) == ["root"]


def test_a_story_of_no_concern_is_left_alone() -> None:
    watching = decided(told_by(an_article("Library opens", id=1)))

    assert not watching.matches
    assert not watching.tells
    assert watching.revision == 1


def test_two_watchlists_of_one_desk_make_one_message() -> None:
    both = on_topic(title="Mayor speaks on sanctuary cities and the county jail")

    watching = decided(told_by(both), newsroom(SANCTUARY, JAIL))

    assert the_tell(watching, "root").watchlist_ids == ("sanctuary-cities", "county-jail")


def test_two_desks_have_a_message_each() -> None:
    night = replace(JAIL, any=clauses("sanctuary cities"), deliver=(replace(AT_ONCE, to="slack:#night"),))

    watching = decided(told_by(on_topic()), newsroom(SANCTUARY, night))

    assert {tell.destination for tell in watching.tells} == {DESK, "slack:#night"}


def test_a_second_report_is_one_follow_up_gathered_for_a_while() -> None:
    story = told_by(on_topic(), on_topic(2, outlet="Ellery 31"), watched=1)

    watching = decided(story, None, a_thread())

    assert kinds(watching) == ["root", "reply"]
    reply = the_tell(watching, "reply")
    assert (reply.from_revision, reply.revision) == (1, 2)
    assert reply.due_at == NOON + GATHER
    assert not reply.broadcast


def test_a_copy_word_for_word_only_changes_the_message_that_is_out() -> None:
    story = told_by(on_topic(), on_topic(2), watched=1)
    copy = replace(
        story,
        articles=(story.articles[0], replace(story.articles[1], placement=Placement(story_id=1, reason=""))),
    )
    (before,) = decided(told_by(on_topic())).matches

    watching = decided(copy, None, a_thread(), old=(before,))

    assert kinds(watching) == ["root"]
    assert the_tell(watching, "root").revision == 2
    assert not watching.matches, "nothing that the next digest should list again"


def test_a_correction_is_told_now_and_to_everybody() -> None:
    changed = StoryArticle(
        article=on_topic(version=2),
        revision=2,
        placement=a_placement(1),
        corrections=(Correction(before="two dozen", after="23", label="more exact"),),
    )
    story = told_by(on_topic(), revision=2, articles=(changed,), watched=1)

    correction = the_tell(decided(story, None, a_thread()), "correction")

    assert correction.due_at == NOON
    assert correction.broadcast


def test_a_new_headline_alone_is_not_cried_out() -> None:
    changed = StoryArticle(
        article=on_topic(version=2),
        revision=2,
        placement=a_placement(1),
        corrections=(Correction(before="Mayor speaks", after="Mayor talks", label="headline changed"),),
    )
    story = told_by(on_topic(), revision=2, articles=(changed,), watched=1)

    assert not the_tell(decided(story, None, a_thread()), "correction").broadcast


def test_a_story_that_grew_more_important_is_shown_to_the_channel_but_not_twice_in_two_hours() -> None:
    story = told_by(on_topic(), on_topic(2, "Mayor met with subpoena over sanctuary cities"), watched=1)

    def reply(last: datetime | None) -> Tell:
        return the_tell(decided(story, None, a_thread(last_broadcast=last)), "reply")

    assert reply(None).broadcast
    assert reply(NOON - 2 * HOUR).broadcast
    assert not reply(NOON - HOUR).broadcast
    assert reply(None).priority is Priority.URGENT


def test_a_story_that_no_longer_matches_is_still_followed() -> None:
    (before,) = decided(told_by(on_topic())).matches
    faded = told_by(an_article("Library opens", id=1), an_article("Library closes", id=2), watched=1)

    watching = decided(faded, None, a_thread(), old=(before,))

    assert kinds(watching) == ["root", "reply"]
    assert watching.matches == (replace(before, revision=2),)


def test_the_match_of_a_story_is_the_union_of_all_that_was_found() -> None:
    (before,) = decided(told_by(on_topic())).matches
    story = told_by(an_article("Library opens", id=1), on_topic(2), watched=1)

    (match,) = decided(story, None, a_thread(), old=(before,), now=NOON + HOUR).matches

    assert [each.article_id for each in match.matches] == [2, 1]
    assert match.first_matched == NOON


def test_a_backlog_is_matched_and_not_told() -> None:
    watching = decided(told_by(on_topic(backlog=True)))

    assert [match.backlog for match in watching.matches] == [True]
    assert not watching.tells


def test_news_that_joins_a_backlog_is_told() -> None:
    (before,) = decided(told_by(on_topic(backlog=True))).matches
    story = told_by(on_topic(backlog=True), on_topic(2), watched=1)

    assert kinds(decided(story, None, old=(before,))) == ["root"]


def test_a_backlog_article_adds_nothing_to_a_story_that_is_out() -> None:
    story = told_by(on_topic(), on_topic(2, backlog=True), watched=1)

    assert kinds(decided(story, None, a_thread())) == ["root"]


def test_a_new_watchlist_hears_of_what_is_filed_from_now_on() -> None:
    archive = told_by(on_topic(), an_article("Library opens", id=2), watched=1)
    fresh = told_by(an_article("Library opens", id=1), on_topic(2), watched=1)

    assert not decided(archive).matches
    assert kinds(decided(fresh)) == ["root"]


def test_a_destination_that_was_taken_away_hears_no_more() -> None:
    elsewhere = newsroom(replace(SANCTUARY, deliver=(replace(AT_ONCE, to="slack:#night"),)))
    story = told_by(on_topic(), on_topic(2), watched=1)

    assert {tell.destination for tell in decided(story, elsewhere, a_thread()).tells} == {"slack:#night"}


def test_by_webhook_follow_ups_wait_for_the_mail_and_corrections_do_not() -> None:
    hook = ChannelSettings(slack=SlackSettings(webhook=Secret("https://hooks.test/x")))
    changed = StoryArticle(
        article=on_topic(version=2),
        revision=3,
        placement=a_placement(1),
        corrections=(Correction(before="two dozen", after="23", label="more exact"),),
    )
    story = told_by(on_topic(), on_topic(2), watched=1)
    story = replace(story, revision=3, articles=(changed, story.articles[1]))

    assert kinds(decided(story, newsroom(channels=hook), a_thread())) == ["root", "correction"]


def test_a_desk_that_wants_no_follow_ups_has_corrections_alone() -> None:
    off = newsroom(replace(SANCTUARY, deliver=(replace(AT_ONCE, follow_ups="off"),)))
    story = told_by(on_topic(), on_topic(2), watched=1)

    assert kinds(decided(story, off, a_thread())) == ["root"]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 19, 5, 0, tzinfo=UTC), datetime(2026, 3, 19, 12, 0, tzinfo=UTC)),
        (datetime(2026, 3, 22, 5, 0, tzinfo=UTC), datetime(2026, 3, 22, 14, 0, tzinfo=UTC)),
        (datetime(2026, 3, 19, 3, 59, tzinfo=UTC), datetime(2026, 3, 19, 3, 59, tzinfo=UTC)),
    ],
    ids=["a weekday's night", "a Saturday's night", "a minute before ten"],
)
def test_what_comes_at_night_is_due_in_the_morning(now: datetime, due: datetime) -> None:
    assert the_tell(decided(told_by(on_topic()), now=now), "root").due_at == due


def test_an_urgent_story_is_told_at_night() -> None:
    night = datetime(2026, 3, 19, 5, 0, tzinfo=UTC)
    urgent = on_topic(title="Mayor met with subpoena over sanctuary cities")

    assert the_tell(decided(told_by(urgent), now=night), "root").due_at == night


@contextmanager
def open_threads(newsroom_url: str) -> Iterator[StoreThreads]:
    store = StoreThreads(lambda: open_store(newsroom_url, now=NOON))
    try:
        yield store
    finally:
        store.close()


def test_every_story_that_changed_is_watched_once(newsroom_url: str) -> None:
    settings, clock, hops = newsroom(), FakeClock(NOON), list[str]()
    store = open_store(newsroom_url, now=NOON)
    store.declare_sources([a_source()], now=NOON - DAY)
    for number in range(25):
        store.file(a_filing(0, replace(on_topic(title=f"Mayor on sanctuary cities {number}"), id=0)))
    store.file(a_filing(0, an_article("Library opens")))
    store.file(a_filing(0, replace(on_topic(title="Old mayor on sanctuary cities", backlog=True), id=0)))

    with open_threads(newsroom_url) as threads:
        first = asyncio.run(watch(settings, threads, clock=clock, hop=hops.append))
        second = asyncio.run(watch(settings, threads, clock=clock, hop=hops.append))

    assert first == WatchReport(stories=27, matches=25, alerts=25, would_have_sent=1)
    assert second == WatchReport()
    assert hops == ["watched"] * 27
    assert len(store.alerts(limit=100)) == 25
    assert store.backlog_matches() == 1
    store.close()


def test_a_watchlist_that_is_edited_paused_or_taken_out_is_asked_so_from_then_on() -> None:
    story = a_story(an_article(id=1, text="A sanctuary city and its jail."))
    city, jail = a_watchlist("sanctuary city", id="city"), a_watchlist("jail", id="jail")
    versions: tuple[tuple[tuple[Watchlist, ...], list[str]], ...] = (
        ((city, jail), ["city", "jail"]),
        ((city, replace(jail, any=city.any)), ["city", "jail"]),
        ((city, replace(jail, enabled=False)), ["city"]),
        ((jail,), ["jail"]),
        ((replace(jail, any=a_watchlist("prison").any),), []),
    )
    for watchlists, asked in versions:
        watching = decided(story, newsroom(*watchlists))
        assert sorted(match.watchlist_id for match in watching.matches) == asked
