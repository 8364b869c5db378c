"""What becomes of a decision to tell? Threads, roots, follow-ups; each once, however often it is recorded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.errors import StorageError
from news.nouns import Grade, Priority, StoryMatch
from news.telling import AlertKind, AlertState
from storage.contract import Store
from tests.nouns import (
    DESK,
    HOUR,
    METRO,
    MINUTE,
    NOON,
    a_match,
    a_story_match,
    a_tell,
    a_watching,
    an_evidence,
)
from tests.storage.steps import (
    a_root_is_out,
    a_root_waits,
    a_story_is_filed,
    claimed,
    sent,
    states,
    the_one_claimed,
    the_story_grows,
    the_story_is_watched,
)


def a_story_of(store: Store, revisions: int) -> int:
    """File a story that has grown to this revision."""
    story_id = a_story_is_filed(store)
    for number in range(2, revisions + 1):
        the_story_grows(store, story_id, f"Story {number}")
    return story_id


# ── The number that lags ──────────────────────────────────────────────────────────────────────────


def test_an_article_filed_while_the_story_was_being_watched_is_watched_next(store: Store) -> None:
    story_id = a_story_is_filed(store)
    (read,) = store.unwatched_stories(limit=1)
    the_story_grows(store, story_id, "Letter to 23 cities")
    the_story_is_watched(store, story_id, revision=read.revision)
    (waiting,) = store.unwatched_stories(limit=1)
    assert (waiting.watched_revision, waiting.revision) == (1, 2)
    the_story_is_watched(store, story_id, revision=2)
    assert store.unwatched_stories(limit=1) == ()


def test_who_read_an_older_revision_changes_nothing(store: Store) -> None:
    story_id = a_story_of(store, 2)
    the_story_is_watched(store, story_id, revision=2)
    late = a_watching(story_id, a_tell(), revision=1)
    assert store.record_watching(late) == ()
    assert store.alerts() == ()
    assert store.unwatched_stories(limit=1) == ()


def test_a_revision_that_nobody_can_have_read_is_refused(store: Store) -> None:
    story_id = a_story_is_filed(store)
    with pytest.raises(StorageError, match="revision 2"):
        the_story_is_watched(store, story_id, revision=2)
    with pytest.raises(StorageError, match="no story 404"):
        the_story_is_watched(store, 404)


def test_recording_the_same_watching_again_adds_nothing(store: Store) -> None:
    story_id = a_story_is_filed(store)
    watching = a_watching(story_id, a_tell(), a_tell(destination=METRO))
    assert len(store.record_watching(watching)) == 2
    before = (store.alerts(), store.threads_of(story_id), store.story_matches(story_id))
    assert store.record_watching(watching) == ()
    assert (store.alerts(), store.threads_of(story_id), store.story_matches(story_id)) == before


# ── Matches ───────────────────────────────────────────────────────────────────────────────────────


def the_story_matches(store: Store, match: StoryMatch) -> None:
    """Record what watching found."""
    store.record_watching(a_watching(match.story_id, revision=match.revision, matches=(match,)))


def test_a_match_comes_back_with_its_evidence_strongest_first(store: Store) -> None:
    story_id = a_story_of(store, 2)
    match = a_story_match(
        story_id,
        matches=(a_match(1, evidence=(an_evidence(), an_evidence("so-called sanctuary"))), a_match(2)),
        revision=2,
    )
    the_story_matches(store, match)
    assert store.story_matches(story_id) == (match,)
    assert store.matches(since=NOON) == (match,)


def test_a_story_that_matches_no_more_is_never_unsaid_and_evidence_is_of_the_newest_look(
    store: Store,
) -> None:
    story_id = a_story_of(store, 2)
    jail = replace(a_story_match(story_id), watchlist_id="county-jail", matches=())
    store.record_watching(a_watching(story_id, matches=(a_story_match(story_id), jail)))
    again = a_story_match(story_id, grade=Grade.MENTIONS, matches=(a_match(2),), revision=2)
    the_story_matches(store, again)
    assert store.story_matches(story_id) == (jail, again)


def test_the_first_match_keeps_its_time_but_backlog_that_is_let_go_counts_anew(store: Store) -> None:
    story_id = a_story_of(store, 3)
    the_story_matches(store, a_story_match(story_id, backlog=True))
    assert store.backlog_matches() == 1
    news = a_watching(story_id, revision=2, now=NOON + HOUR)
    store.record_watching(replace(news, matches=(a_story_match(story_id, revision=2, first_matched=NOON),)))
    later = a_story_match(story_id, revision=3, first_matched=NOON + 9 * HOUR)
    store.record_watching(a_watching(story_id, revision=3, matches=(later,)))
    (match,) = store.story_matches(story_id)
    assert (match.backlog, match.first_matched) == (False, NOON + HOUR)
    assert store.backlog_matches() == 0


def test_matches_of_a_span_are_those_whose_story_changed_in_it(store: Store) -> None:
    early = a_story_is_filed(store, "Early")
    the_story_grows(store, early, "Early, again", now=NOON + 2 * HOUR)
    late = a_story_is_filed(store, "Late")
    held = a_story_is_filed(store, "Backlog")
    for match in (a_story_match(early), a_story_match(late), a_story_match(held, backlog=True)):
        the_story_matches(store, replace(match, matches=()))
    spans = [(NOON, NOON + HOUR), (NOON + HOUR, NOON + 3 * HOUR), (NOON + 3 * HOUR, None)]
    found = [[m.story_id for m in store.matches(since=start, until=end)] for start, end in spans]
    assert found == [[early, late], [early], []]


# ── Roots ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_story_makes_one_root_for_each_destination(store: Store) -> None:
    story_id = a_story_is_filed(store)
    desk, metro = the_story_is_watched(store, story_id, a_tell(), a_tell(destination=METRO))
    assert (desk.kind, desk.state, desk.destination, desk.attempts) == ("root", AlertState.PENDING, DESK, 0)
    assert metro.destination == METRO
    assert {thread.destination for thread in store.threads_of(story_id)} == {DESK, METRO}


def test_two_watchlists_share_one_message_and_the_higher_priority_wins(store: Store) -> None:
    story_id = a_story_is_filed(store)
    tells = [
        a_tell(priority=Priority.NORMAL, grade=Grade.MENTIONS, due_at=NOON + HOUR),
        a_tell(watchlist_ids=("county-jail", "sanctuary-cities"), priority=Priority.URGENT),
    ]
    assert len(the_story_is_watched(store, story_id, *tells)) == 1
    (thread,) = store.threads_of(story_id)
    assert thread.watchlist_ids == ("sanctuary-cities", "county-jail")
    assert (thread.priority, thread.grade) == (Priority.URGENT, Grade.ABOUT)
    (root,) = store.alerts()
    assert (root.priority, root.due_at) == (Priority.URGENT, NOON)


@pytest.mark.parametrize("kind", ["root", "reply", "correction"])
def test_a_root_that_nobody_has_claimed_takes_in_what_comes_later(store: Store, kind: AlertKind) -> None:
    story_id = a_story_of(store, 2)
    (root,) = the_story_is_watched(store, story_id, a_tell())
    later = a_tell(kind, due_at=NOON + HOUR, from_revision=1, revision=2)
    assert the_story_is_watched(store, story_id, later, revision=2) == ()
    assert states(store) == [("root", 2, "pending")]
    (grown,) = store.alerts()
    assert (grown.key, grown.due_at, grown.from_revision) == (root.key, NOON, 0)


def test_a_root_that_was_deferred_takes_in_what_comes_at_night(store: Store) -> None:
    story_id = a_story_of(store, 2)
    the_story_is_watched(store, story_id, a_tell())
    store.defer_alert(the_one_claimed(store), due_at=NOON + HOUR, why="waiting until 6:00 am")
    the_story_is_watched(store, story_id, a_tell("reply", from_revision=1, revision=2), revision=2)
    assert states(store) == [("root", 2, "pending")]


def test_a_root_that_was_given_back_says_what_was_to_follow_it(store: Store) -> None:
    story_id = a_story_of(store, 3)
    the_story_is_watched(store, story_id, a_tell())
    root = the_one_claimed(store)
    the_story_is_watched(store, story_id, a_tell("reply", from_revision=1, revision=2), revision=2)
    store.defer_alert(root, due_at=NOON, why="pace")
    assert states(store) == [("root", 1, "pending"), ("reply", 2, "pending")]
    the_story_is_watched(store, story_id, a_tell("reply", from_revision=2, revision=3), revision=3)
    assert states(store) == [("root", 3, "pending"), ("reply", 2, "merged")]
    sent(store, the_one_claimed(store))
    assert claimed(store) == ()


def test_a_later_match_of_a_root_that_is_out_edits_the_message(store: Store) -> None:
    root = a_root_is_out(store)
    assert root.story_id is not None
    the_story_grows(store, root.story_id, "Sheriff answers")
    again = a_tell(watchlist_ids=("county-jail",), revision=2)
    assert the_story_is_watched(store, root.story_id, again, revision=2) == ()
    (thread,) = store.threads_to_edit(limit=10)
    assert (thread.wanted_revision, thread.shown_revision) == (2, 1)
    assert thread.watchlist_ids == ("sanctuary-cities", "county-jail")


def test_a_root_that_is_on_its_way_keeps_what_it_says(store: Store) -> None:
    story_id = a_story_of(store, 2)
    the_story_is_watched(store, story_id, a_tell())
    root = the_one_claimed(store)
    the_story_is_watched(store, story_id, a_tell(revision=2), revision=2)
    assert store.still_mine(root, now=NOON)
    assert states(store) == [("root", 1, "sending")]
    sent(store, root)
    (thread,) = store.threads_to_edit(limit=10)
    assert (thread.wanted_revision, thread.shown_revision) == (2, 1)


def test_a_root_whose_destination_was_gone_for_a_while_is_put_out_again(store: Store) -> None:
    story_id = a_story_of(store, 2)
    (root,) = the_story_is_watched(store, story_id, a_tell())
    store.withdraw_alerts([METRO], now=NOON)
    (again,) = the_story_is_watched(store, story_id, a_tell(from_revision=1, revision=2), revision=2)
    assert (again.id, again.key, again.state, again.revision) == (root.id, root.key, AlertState.PENDING, 2)


# ── Follow-ups ────────────────────────────────────────────────────────────────────────────────────


def test_follow_ups_are_gathered_until_one_is_claimed(store: Store) -> None:
    root = a_root_is_out(store)
    story_id = root.story_id
    assert story_id is not None
    for revision, minutes in [(2, 15), (3, 20), (4, 25)]:
        the_story_grows(store, story_id, f"Story {revision}")
        reply = a_tell("reply", from_revision=revision - 1, revision=revision, due_at=NOON + minutes * MINUTE)
        the_story_is_watched(store, story_id, reply, revision=revision)
    gathered = the_one_claimed(store, at=NOON + 15 * MINUTE)
    assert (gathered.from_revision, gathered.revision, gathered.due_at) == (1, 4, NOON + 15 * MINUTE)
    the_story_grows(store, story_id, "Story 5")
    (next_one,) = the_story_is_watched(
        store, story_id, a_tell("reply", from_revision=4, revision=5), revision=5
    )
    assert (next_one.from_revision, next_one.revision) == (4, 5)
    assert next_one.key != gathered.key


def test_a_reply_that_says_more_loudly_or_sooner_makes_the_gathered_one_so(store: Store) -> None:
    root = a_root_is_out(store)
    story_id = root.story_id
    assert story_id is not None
    the_story_grows(store, story_id, "Second")
    the_story_grows(store, story_id, "Third")
    quiet = a_tell("reply", from_revision=1, revision=2, priority=Priority.LOW, due_at=NOON + 15 * MINUTE)
    loud = a_tell("reply", from_revision=2, revision=3, priority=Priority.URGENT, broadcast=True)
    the_story_is_watched(store, story_id, quiet, revision=2)
    the_story_is_watched(store, story_id, loud, revision=3)
    (reply, _) = store.alerts()
    assert (reply.priority, reply.broadcast, reply.due_at) == (Priority.URGENT, True, NOON)


def test_a_reply_never_repeats_what_an_earlier_one_covers(store: Store) -> None:
    root = a_root_is_out(store)
    story_id = root.story_id
    assert story_id is not None
    the_story_grows(store, story_id, "Second")
    the_story_is_watched(store, story_id, a_tell("reply", from_revision=1, revision=2), revision=2)
    the_one_claimed(store)
    the_story_grows(store, story_id, "Third")
    from_the_start = a_tell("reply", from_revision=0, revision=3)
    (reply,) = the_story_is_watched(store, story_id, from_the_start, revision=3)
    assert (reply.from_revision, reply.revision) == (2, 3)


def test_corrections_stand_alone_and_are_not_gathered(store: Store) -> None:
    root = a_root_is_out(store)
    story_id = root.story_id
    assert story_id is not None
    for revision in (2, 3, 4):
        the_story_grows(store, story_id, f"Story {revision}")
    the_story_is_watched(store, story_id, a_tell("reply", from_revision=1, revision=2), revision=2)
    the_story_is_watched(store, story_id, a_tell("correction", from_revision=2, revision=3), revision=3)
    the_story_is_watched(store, story_id, a_tell("correction", from_revision=3, revision=4), revision=4)
    assert states(store)[1:] == [
        ("reply", 2, "pending"),
        ("correction", 3, "pending"),
        ("correction", 4, "pending"),
    ]


def test_a_correction_lets_out_what_was_still_gathering_before_it(store: Store) -> None:
    root = a_root_is_out(store)
    story_id = root.story_id
    assert story_id is not None
    the_story_grows(store, story_id, "Second")
    the_story_grows(store, story_id, "Third")
    gathering = a_tell("reply", from_revision=1, revision=2, due_at=NOON + 15 * MINUTE)
    the_story_is_watched(store, story_id, gathering, revision=2)
    correction = a_tell("correction", from_revision=2, revision=3, due_at=NOON + MINUTE)
    the_story_is_watched(store, story_id, correction, revision=3)
    assert the_one_claimed(store, at=NOON + MINUTE).kind == "reply"


def test_a_follow_up_to_a_message_that_was_never_made_is_refused_and_the_story_stays_unwatched(
    store: Store,
) -> None:
    story_id = a_story_is_filed(store)
    with pytest.raises(StorageError, match="never put in the outbox"):
        the_story_is_watched(store, story_id, a_tell("reply"))
    assert [story.id for story in store.unwatched_stories(limit=1)] == [story_id]


def test_a_root_and_its_correction_can_be_decided_at_once(store: Store) -> None:
    story_id = a_story_is_filed(store)
    the_story_is_watched(store, story_id, a_tell("correction"), a_tell())
    assert states(store) == [("root", 1, "pending")]


def test_keys_differ_by_what_is_told_and_where(store: Store) -> None:
    first = a_root_waits(store, "First")
    second = a_root_waits(store, "Second")
    keys = {first.key, second.key}
    assert len(keys) == 2
    assert all(len(key) == 32 and key.isalnum() and key.islower() for key in keys)
    assert {alert.key for alert in claimed(store)} == keys
