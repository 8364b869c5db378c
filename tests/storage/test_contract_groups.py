"""When a channel has had enough, do the stories it did not get still arrive, together and once?"""

from __future__ import annotations

from datetime import datetime

import pytest

from news.errors import StorageError
from news.nouns import Priority
from news.telling import Alert, AlertState
from storage.contract import Store
from tests.nouns import DAY, DESK, HOUR, METRO, MINUTE, NOON, a_receipt, a_tell
from tests.storage.steps import (
    LEASE,
    a_root_waits,
    claimed,
    sent,
    states,
    the_one_claimed,
    the_story_grows,
    the_story_is_watched,
)


def grouped(store: Store, *roots: Alert, now: datetime = NOON) -> Alert:
    """Put these roots in the desk's rolling group, which is open for an hour."""
    ids = [root.id for root in roots]
    return store.record_grouped(ids, destination=DESK, why="4 an hour", until=now + HOUR, now=now)


def test_grouped_roots_are_one_alert_that_lists_their_stories_in_order(store: Store) -> None:
    second, first = a_root_waits(store, "Second"), a_root_waits(store, "First", priority=Priority.URGENT)
    for root in claimed(store):
        assert root.state is AlertState.SENDING
    group = grouped(store, first, second)
    assert (group.kind, group.destination, group.state, group.revision) == (
        "group",
        DESK,
        AlertState.PENDING,
        2,
    )
    assert group.priority is Priority.URGENT
    assert group.facts == {
        "stories": [first.story_id, second.story_id],
        "why": "4 an hour",
        "since": "2026-03-18T18:00:00+00:00",
        "until": "2026-03-18T19:00:00+00:00",
    }
    assert states(store) == [("root", 1, "grouped"), ("root", 1, "grouped"), ("group", 2, "pending")]
    assert the_one_claimed(store).id == group.id


def test_grouping_again_changes_nothing(store: Store) -> None:
    root = a_root_waits(store)
    group = grouped(store, root)
    assert grouped(store, root) == group
    assert grouped(store, root, now=NOON + DAY) == group


def test_there_has_to_be_something_to_group(store: Store) -> None:
    with pytest.raises(StorageError, match="nothing to group"):
        grouped(store)
    elsewhere = a_root_waits(store, destination=METRO)
    with pytest.raises(StorageError, match="nothing to group"):
        grouped(store, elsewhere)


def test_a_group_grows_until_its_time_is_over(store: Store) -> None:
    group = grouped(store, a_root_waits(store, "First"))
    grown = grouped(store, a_root_waits(store, "Second"), now=NOON + 30 * MINUTE)
    assert (grown.id, grown.key, grown.revision, grown.due_at) == (group.id, group.key, 2, NOON)
    assert grown.facts["until"] == group.facts["until"]
    later = grouped(store, a_root_waits(store, "Third"), now=NOON + HOUR)
    assert later.id != group.id
    assert later.facts["stories"] == [3]


def test_a_group_that_is_out_becomes_due_again_when_it_grows_and_is_edited_not_posted(store: Store) -> None:
    first = a_root_waits(store, "First")
    group = grouped(store, first)
    sent(store, the_one_claimed(store), ts="9.9")
    second = a_root_waits(store, "Second")
    grouped(store, second, now=NOON + MINUTE)
    again = the_one_claimed(store, at=NOON + MINUTE)
    assert (again.id, again.key, again.attempts, again.revision) == (group.id, group.key, 2, 2)
    store.record_sent(again, a_receipt("9.9"), outcome="found", headline="2 more stories", now=NOON + MINUTE)
    (delivery,) = store.deliveries()
    assert (delivery.headline, delivery.at) == ("2 more stories", NOON)
    assert claimed(store, at=NOON + DAY) == ()


def test_a_group_that_grows_while_it_is_being_sent_is_due_again(store: Store) -> None:
    grouped(store, a_root_waits(store, "First"))
    on_its_way = the_one_claimed(store)
    grouped(store, a_root_waits(store, "Second"))
    for _ in range(2):
        sent(store, on_its_way, ts="9.9")
    again = the_one_claimed(store)
    assert (again.attempts, again.facts["stories"]) == (2, [1, 2])
    sent(store, on_its_way, ts="9.9")
    assert store.still_mine(again, now=NOON)
    sent(store, again, ts="9.9")
    assert len(store.deliveries()) == 1
    assert claimed(store, at=NOON + DAY) == ()


def test_follow_ups_of_a_grouped_story_go_under_the_group_and_never_before_it(store: Store) -> None:
    root = a_root_waits(store)
    assert root.story_id is not None
    grouped(store, root)
    the_story_grows(store, root.story_id, "Second")
    the_story_is_watched(store, root.story_id, a_tell("reply", from_revision=1, revision=2), revision=2)
    group = the_one_claimed(store)
    assert group.kind == "group"
    sent(store, group, ts="9.9")
    (thread,) = store.threads_of(root.story_id)
    assert (thread.root_ts, thread.root_sent_at, thread.edits_closed) == ("9.9", NOON, True)
    assert store.threads_to_edit(limit=10) == ()
    assert the_one_claimed(store).kind == "reply"


def test_a_group_leaves_alone_the_thread_of_a_story_that_had_its_own_message(store: Store) -> None:
    root = a_root_waits(store, "Told")
    sent(store, the_one_claimed(store), ts="1.1")
    grouped(store, a_root_waits(store, "Grouped"))
    sent(store, the_one_claimed(store), ts="9.9")
    assert root.thread_id is not None
    thread = store.thread(root.thread_id)
    assert thread is not None
    assert thread.root_ts == "1.1"


def test_a_refused_group_takes_no_more_in_and_is_let_go_by_a_person(store: Store) -> None:
    first = grouped(store, a_root_waits(store, "First"))
    store.record_refused(the_one_claimed(store), error="no such channel", now=NOON)
    second = grouped(store, a_root_waits(store, "Second"), now=NOON + MINUTE)
    assert second.id != first.id
    assert store.release_alerts(states=["failed"], destination=DESK, now=NOON + MINUTE) == 1
    assert {alert.id for alert in claimed(store, at=NOON + MINUTE)} == {first.id, second.id}


def test_a_group_whose_sender_died_is_looked_up_with_everything_it_has_gained(store: Store) -> None:
    grouped(store, a_root_waits(store, "First"))
    the_one_claimed(store)
    grouped(store, a_root_waits(store, "Second"))
    again = the_one_claimed(store, at=NOON + LEASE)
    assert (again.attempts, again.revision, again.facts["stories"]) == (2, 2, [1, 2])
