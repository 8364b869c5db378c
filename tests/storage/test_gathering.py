"""What becomes of stories that turn out to be one, or two? Nothing is told twice, and nothing is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product

import pytest

from news.errors import StorageError
from news.nouns import Story
from news.telling import Alert, AlertState
from storage.contract import Store
from storage.gathering_contract import SamePage
from tests.nouns import (
    DESK,
    HOUR,
    METRO,
    MINUTE,
    NOON,
    a_digest_intent,
    a_filing,
    a_match,
    a_merger,
    a_parting,
    a_placement,
    a_sentence,
    a_story_match,
    a_tell,
    a_watching,
    an_article,
)
from tests.storage.conftest import Opener
from tests.storage.steps import (
    a_root_waits,
    a_story_is_filed,
    claimed,
    sent,
    the_story_grows,
    the_story_is_watched,
)

DAILY = "sanctuary-cities daily"
BEAT = ("sanctuary-cities",)


def titles(story: Story | None) -> list[str]:
    """Return the headlines of a story, in filing order."""
    return [each.article.title for each in story.articles] if story else []


def the_story(store: Store, story_id: int) -> Story:
    """Return a story that is there."""
    story = store.story(story_id)
    assert story is not None
    return story


def is_out(store: Store, alert: Alert, *, after: int) -> int:
    """Post a waiting root, so many minutes after noon; return its story."""
    mine = next(each for each in claimed(store) if each.id == alert.id)
    sent(store, mine, ts=f"{alert.id}.1", now=NOON + after * MINUTE)
    return mine.story_id or 0


def two_stories_are_out(store: Store, *, first: int = 0, second: int = 5) -> tuple[int, int]:
    """Tell two stories at the desk, so many minutes after noon."""
    one = is_out(store, a_root_waits(store, "Mayor skips meeting"), after=first)
    return one, is_out(store, a_root_waits(store, "Letter to 23 cities"), after=second)


def a_reply_waits(store: Store, story_id: int, title: str) -> Alert:
    """Let a story grow by an article that says something new, and put the reply in the outbox."""
    before = the_story(store, story_id).revision
    placement = a_placement(story_id, whats_new=(a_sentence(f"{title}, a clerk said."),))
    filed = store.file(a_filing(0, an_article(title), placement=placement))
    tell = a_tell("reply", from_revision=before, revision=filed.revision, due_at=NOON + HOUR)
    (reply,) = the_story_is_watched(store, story_id, tell, revision=filed.revision)
    return reply


def outbox(store: Store) -> list[tuple[str, int | None, str]]:
    """Return (kind, story, state) of every alert, in the order they were made."""
    return [(alert.kind, alert.story_id, alert.state.value) for alert in reversed(store.alerts())]


# ── One story of two ──────────────────────────────────────────────────────────────────────────────


def test_a_late_article_makes_one_story_of_two_under_the_older_id(store: Store) -> None:
    one = a_story_is_filed(store, "Mayor skips meeting")
    other = a_story_is_filed(store, "Letter to 23 cities")
    the_story_grows(store, other, "Letter is out")
    merged = store.merge_stories(a_merger(other, one, who="", reason="4 shared sentences"))
    assert merged is not None
    assert (merged.story_id, merged.gone_id, merged.articles) == (one, other, 2)
    story = the_story(store, one)
    assert titles(story) == ["Mayor skips meeting", "Letter to 23 cities", "Letter is out"]
    assert story.articles[1].placement.reason == "4 shared sentences"
    assert store.story(other) == story
    assert [each.id for each in store.stories(since=NOON - HOUR)] == [one]
    assert titles(store.story(other, at=1)) == ["Letter to 23 cities"]
    assert store.decisions() == ()  # no person said so
    late = store.file(a_filing(0, an_article("Late"), placement=a_placement(other)))
    assert late.story_id == one
    with pytest.raises(StorageError, match="one story already"):
        store.merge_stories(a_merger(one, other))


def test_what_was_watched_stays_watched_and_the_rest_is_watched_next(store: Store) -> None:
    one, other = two_stories_are_out(store)
    the_story_grows(store, one, "Not watched yet")
    reading = the_story(store, one)
    assert store.merge_stories(a_merger(one, other)) is not None
    (waiting,) = store.unwatched_stories(limit=5)
    unwatched = [each for each in waiting.articles if each.revision > waiting.watched_revision]
    assert [each.article.title for each in unwatched] == ["Not watched yet"]
    # Who read either of them before the merger records nothing.
    for story_id, revision in ((one, reading.revision), (other, 1)):
        late = a_watching(story_id, a_tell(revision=revision, destination=METRO), revision=revision)
        assert store.record_watching(late) == ()
    assert len(store.alerts()) == 2


def test_the_older_message_stays_the_storys_and_the_younger_one_says_where_it_goes_on(store: Store) -> None:
    one, other = two_stories_are_out(store, first=5, second=0)  # the younger story was told first
    merged = store.merge_stories(a_merger(one, other))
    assert merged is not None
    assert (merged.kept, merged.moved) == ((DESK,), (DESK,))
    (kept,) = store.threads_of(one)
    (left,) = store.threads_of(other)
    assert (kept.root_ts, left.root_ts) == ("2.1", "1.1")
    assert (kept.goes_on_in, left.goes_on_in) == (None, kept.id)
    assert [thread.id for thread in store.threads_to_edit(limit=5)] == [left.id, kept.id]
    assert all(alert.state is AlertState.SENT for alert in store.alerts())
    assert claimed(store, at=NOON + HOUR) == ()  # nothing is sent again
    new = a_reply_waits(store, one, "Mayor answers")
    assert new.thread_id == kept.id


def test_follow_ups_that_wait_go_on_in_the_message_that_is_kept_and_say_only_their_own(store: Store) -> None:
    one, other = two_stories_are_out(store)
    own, theirs = a_reply_waits(store, one, "Mayor answers"), a_reply_waits(store, other, "City sues")
    assert store.merge_stories(a_merger(one, other)) is not None
    (kept,) = store.threads_of(one)
    replies = [alert for alert in store.alerts() if alert.kind == "reply"]
    assert {alert.id for alert in replies} == {own.id, theirs.id}
    assert {(alert.thread_id, alert.story_id) for alert in replies} == {(kept.id, one)}
    later = a_reply_waits(store, one, "Court rules")
    assert told_by(store, one) == {
        own.id: ["Mayor answers"],
        theirs.id: ["City sues"],
        later.id: ["Court rules"],
    }


def told_by(store: Store, story_id: int) -> dict[int, list[str]]:
    """Return the headlines that each reply covers, by its id."""
    places = the_story(store, story_id).articles
    return {
        alert.id: [
            each.article.title for each in places if alert.from_revision < each.revision <= alert.revision
        ]
        for alert in store.alerts()
        if alert.kind == "reply"
    }


def test_a_message_that_waits_is_said_by_the_one_that_is_out(store: Store) -> None:
    one = is_out(store, a_root_waits(store, "Mayor skips meeting"), after=0)
    waiting = a_root_waits(store, "Letter to 23 cities")
    merged = store.merge_stories(a_merger(one, waiting.story_id or 0))
    assert merged is not None
    assert (merged.merged_alerts, merged.moved) == (1, ())
    assert outbox(store) == [("root", one, "sent"), ("root", waiting.story_id, "merged")]
    assert claimed(store, at=NOON + HOUR) == ()
    (edited,) = store.threads_to_edit(limit=5)
    assert (edited.story_id, edited.goes_on_in) == (one, None)


def test_a_message_on_its_way_arrives_and_then_says_where_the_story_goes_on(store: Store) -> None:
    one = is_out(store, a_root_waits(store, "Mayor skips meeting"), after=0)
    a_root_waits(store, "Letter to 23 cities")
    (flying,) = claimed(store)
    assert store.merge_stories(a_merger(one, flying.story_id or 0)) is not None
    assert store.still_mine(flying, now=NOON)
    assert titles(store.story(flying.story_id or 0, at=flying.revision)) == ["Letter to 23 cities"]
    (kept,) = store.threads_of(one)
    store.record_shown(kept.id, revision=kept.wanted_revision)
    sent(store, flying, ts="2.2")
    (left,) = store.threads_to_edit(limit=5)
    assert (left.root_ts, left.goes_on_in) == ("2.2", kept.id)


def test_a_message_that_only_the_other_story_had_becomes_the_storys_own(store: Store) -> None:
    one = a_story_is_filed(store, "Mayor skips meeting")
    waits = a_root_waits(store, "Letter to 23 cities")
    assert store.merge_stories(a_merger(one, waits.story_id or 0)) is not None
    (root,) = store.alerts(story_id=one)
    assert (root.id, root.key, root.state) == (waits.id, waits.key, AlertState.PENDING)
    assert titles(store.story(one, at=root.revision)) == ["Letter to 23 cities"]
    # What was not watched before is watched next, and the message that waits grows by it.
    (waiting,) = store.unwatched_stories(limit=5)
    assert (
        the_story_is_watched(store, one, a_tell(revision=waiting.revision), revision=waiting.revision) == ()
    )
    (grown,) = store.alerts(story_id=one)
    assert titles(store.story(one, at=grown.revision)) == ["Mayor skips meeting", "Letter to 23 cities"]


def test_a_grouped_message_stands_for_the_story_that_it_became_part_of(store: Store) -> None:
    one = a_story_is_filed(store, "Mayor skips meeting")
    grouped = a_root_waits(store, "Letter to 23 cities")
    store.record_grouped([grouped.id], destination=DESK, why="hour", until=NOON + HOUR, now=NOON)
    assert store.merge_stories(a_merger(one, grouped.story_id or 0)) is not None
    (group,) = claimed(store)
    sent(store, group, ts="3.3")
    (thread,) = store.threads_of(one)
    assert (thread.root_ts, thread.edits_closed) == ("3.3", True)


# ── What it matched, and which digest told it ─────────────────────────────────────────────────────


def matched(store: Store, title: str, *, digest: bool) -> int:
    """File a story that is on the beat; tell it in Thursday's digest, or leave it for the next one."""
    story_id = a_story_is_filed(store, title)
    newest = the_story(store, story_id).articles[0].article.id
    match = a_story_match(story_id, matches=(a_match(newest),))
    store.record_watching(a_watching(story_id, matches=(match,)))
    if digest:
        day = f"2026-03-{18 + story_id}"
        store.open_digest(a_digest_intent((story_id, 1), local_date=day))
    return story_id


def test_a_digest_repeats_nothing_and_owes_what_it_owed(store: Store) -> None:
    store.declare_digests({DAILY: METRO}, now=NOON - HOUR)
    for first, second in product((True, False), repeat=2):
        one = matched(store, f"Mayor skips meeting {first} {second}", digest=first)
        other = matched(store, f"Letter to 23 cities {first} {second}", digest=second)
        assert store.merge_stories(a_merger(one, other)) is not None
        (match,) = store.story_matches(one)
        assert len(match.matches) == 2
        owed = store.undigested_matches(DAILY, watchlist_ids=BEAT)
        assert [each.story_id for each in owed] == ([] if first and second else [one])
        if owed:
            told = the_next_digest_tells(store, one)
            told_before = dict(zip(titles(the_story(store, one)), (first, second), strict=True))
            assert {title for title, was_told in told_before.items() if not was_told} <= told
            assert store.undigested_matches(DAILY, watchlist_ids=BEAT) == ()


def the_next_digest_tells(store: Store, story_id: int) -> set[str]:
    """Open a digest with the story; return the headlines that it has not told before."""
    story = the_story(store, story_id)
    day = f"2026-04-{story_id:02}"
    digest = store.open_digest(a_digest_intent((story_id, story.revision), local_date=day))
    assert digest is not None
    (item,) = digest.items
    return {each.article.title for each in story.articles if each.revision > item.from_revision}


# ── Two stories of one ────────────────────────────────────────────────────────────────────────────


def test_a_person_makes_two_stories_of_one_and_nothing_is_sent_again(store: Store) -> None:
    one = is_out(store, a_root_waits(store, "Mayor skips meeting"), after=0)
    store.declare_digests({DAILY: METRO}, now=NOON - HOUR)
    filed = store.file(a_filing(0, an_article("Elephant arrives"), placement=a_placement(one)))
    match = a_story_match(one, revision=2, matches=(a_match(filed.article_id),))
    store.record_watching(a_watching(one, revision=2, matches=(match,)))
    store.open_digest(a_digest_intent((one, 2)))
    parted = store.split_story(a_parting(one, filed.article_id))
    assert parted is not None
    assert (parted.is_told, parted.withdrawn_alerts) == (False, 0)
    new = the_story(store, parted.new_id)
    assert (new.title, titles(new)) == ("Elephant arrives", ["Elephant arrives"])
    assert titles(the_story(store, one)) == ["Mayor skips meeting"]
    assert store.unwatched_stories(limit=5) == ()
    assert store.undigested_matches(DAILY, watchlist_ids=BEAT) == ()
    assert [each.article_id for each in store.story_matches(new.id)[0].matches] == [filed.article_id]
    assert claimed(store, at=NOON + HOUR) == ()
    (thread,) = store.threads_to_edit(limit=5)  # the message shows the story without it
    assert thread.story_id == one
    # Its match has a state at its place: told in the other's message, until something is added to it.
    (root,) = store.alerts(story_id=new.id)
    assert (root.kind, root.destination, root.state) == ("root", DESK, AlertState.MERGED)
    grown = the_story_grows(store, new.id, "Second elephant arrives")
    the_story_is_watched(store, new.id, a_tell(revision=grown.revision), revision=grown.revision)
    assert [alert.id for alert in claimed(store)] == [root.id]
    late = a_watching(one, a_tell("reply", revision=2), revision=2)
    assert store.record_watching(late) == ()
    assert store.article_at([new.articles[0].article.address]) is not None


def test_what_still_waited_is_told_by_the_new_story(store: Store) -> None:
    one = is_out(store, a_root_waits(store, "Mayor skips meeting"), after=0)
    reply = a_reply_waits(store, one, "Elephant arrives")
    leaving = the_story(store, one).articles[1].article.id
    parted = store.split_story(a_parting(one, leaving))
    assert parted is not None
    assert (parted.is_told, parted.withdrawn_alerts) == (True, 1)
    (waiting,) = store.unwatched_stories(limit=5)
    assert waiting.id == parted.new_id
    (withdrawn,) = [alert for alert in store.alerts() if alert.id == reply.id]
    assert withdrawn.state is AlertState.WITHDRAWN
    assert f"story {parted.new_id}" in withdrawn.last_error


def test_what_a_channel_refused_is_told_by_the_new_story(store: Store) -> None:
    root = a_root_waits(store, "Mayor skips meeting")
    (claim,) = claimed(store)
    store.record_refused(claim, error="no such channel", now=NOON)
    one = root.story_id or 0
    the_story_grows(store, one, "Elephant arrives")
    first, _ = (each.article.id for each in the_story(store, one).articles)
    parted = store.split_story(a_parting(one, first))
    assert parted is not None
    assert parted.is_told


def test_a_merger_that_breaks_off_half_way_changes_nothing(store: Store, newsroom_url: str) -> None:
    if not newsroom_url.startswith("sqlite"):
        pytest.skip("a trigger stands in for the power cut, and SQLite's is a line")
    one, other = two_stories_are_out(store)
    a_reply_waits(store, other, "City sues")
    before = (store.stories(since=NOON - HOUR), store.alerts(), store.threads_of(one), store.gathered())
    file = newsroom_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as door:
        door.execute(
            "CREATE TRIGGER cut BEFORE INSERT ON moved_threads BEGIN SELECT RAISE(ABORT, 'cut'); END"
        )
        door.commit()
    with pytest.raises(StorageError):
        store.merge_stories(a_merger(one, other))
    after = (store.stories(since=NOON - HOUR), store.alerts(), store.threads_of(one), store.gathered())
    assert (after, store.decisions()) == (before, ())


def test_a_story_keeps_one_of_its_articles(store: Store) -> None:
    one = a_story_is_filed(store)
    (article,) = the_story(store, one).articles
    with pytest.raises(StorageError, match="lose all"):
        store.split_story(a_parting(one, article.article.id))
    with pytest.raises(StorageError, match="not all in story"):
        store.split_story(a_parting(one, 404))


def test_a_try_changes_nothing(store: Store) -> None:
    one, other = two_stories_are_out(store)
    the_story_grows(store, one, "Elephant arrives")
    before = (store.stories(since=NOON - HOUR), store.alerts(), store.threads_of(one), store.gathered())
    tried = store.merge_stories(a_merger(one, other, dry_run=True))
    assert tried is not None
    assert tried.moved == (DESK,)
    leaving = the_story(store, one).articles[1].article.id
    assert store.split_story(a_parting(one, leaving, dry_run=True)) is not None
    assert store.keep_apart(a_merger(one, other, dry_run=True)).verdict == "apart"
    after = (store.stories(since=NOON - HOUR), store.alerts(), store.threads_of(one), store.gathered())
    assert after == before
    assert store.decisions() == ()


# ── What people decided ───────────────────────────────────────────────────────────────────────────


def test_what_a_person_kept_apart_nobody_joins_until_a_person_lets_go(
    store: Store, another_store: Opener
) -> None:
    one, other = a_story_is_filed(store, "Jail in Ellery"), a_story_is_filed(store, "Jail in Granby")
    apart = store.keep_apart(a_merger(one, other, reason="two jails"))
    seen = store.gathered()
    later = another_store()  # after a restart, whatever came in between
    the_story_grows(later, one, "Jail in Ellery grows")
    bridge = a_merger(one, other, who="", reason="4 shared sentences")
    assert later.merge_stories(bridge) is None
    ids = [[each.article.id for each in the_story(later, story).articles] for story in (one, other)]
    assert later.merge_articles(SamePage(older=ids[0][0], younger=ids[1][0], address="", now=NOON)) is None
    assert later.decided(ids[1], ids[0], "apart") == apart
    lifted = later.release_decision(apart.id, who="desk lead", reason="one jail after all", now=NOON)
    assert (lifted.stands, lifted.released_by) == (False, "desk lead")
    assert later.gathered() > seen
    assert later.merge_stories(bridge) is not None


def test_what_a_person_joined_is_not_parted_before_a_person_lets_go(store: Store) -> None:
    one, other = two_stories_are_out(store)
    store.merge_stories(a_merger(one, other))
    (same,) = store.decisions(story_id=one)
    assert (same.verdict, same.who, same.reason, same.one, same.other) == (
        "same", "editor", "one jail, one day", (1,), (2,)
    )  # fmt: skip
    assert store.split_story(a_parting(one, *same.other)) is None
    store.release_decision(same.id, who="editor", reason="", now=NOON)
    parted = store.split_story(a_parting(one, *same.other))
    assert parted is not None
    assert [each.verdict for each in store.decisions() if each.stands] == ["apart"]
    assert store.merge_stories(a_merger(one, parted.new_id)) is None
