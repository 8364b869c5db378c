"""Does every message go out once, in order, whatever happens between claiming and recording it?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.errors import StorageError
from news.nouns import Priority
from news.telling import Alert, AlertState
from storage.contract import Store
from tests.nouns import DAY, DESK, HOUR, METRO, MINUTE, NOON, a_receipt, a_tell, an_alert
from tests.storage.conftest import Opener
from tests.storage.steps import (
    LEASE,
    a_root_is_out,
    a_root_waits,
    claimed,
    sent,
    states,
    the_one_claimed,
    the_story_grows,
    the_story_is_watched,
)


def a_thread_with_replies(store: Store, *revisions: int) -> int:
    """Post a root and let corrections follow at these revisions; return the story."""
    story_id = a_root_is_out(store).story_id
    assert story_id is not None
    for revision in revisions:
        the_story_grows(store, story_id, f"Story {revision}")
        correction = a_tell("correction", from_revision=revision - 1, revision=revision)
        the_story_is_watched(store, story_id, correction, revision=revision)
    return story_id


def state_of(store: Store, alert: Alert) -> AlertState:
    """Return where an alert stands now."""
    return next(known.state for known in store.alerts() if known.id == alert.id)


# ── Claiming ──────────────────────────────────────────────────────────────────────────────────────


def test_a_due_alert_is_claimed_once(store: Store, another_store: Opener) -> None:
    waiting = a_root_waits(store)
    alert = the_one_claimed(store)
    assert alert == replace(waiting, state=AlertState.SENDING, attempts=1, lease_until=NOON + LEASE)
    assert store.alerts() == (alert,)
    assert claimed(store) == claimed(another_store()) == ()


def test_an_alert_is_not_claimed_before_its_time(store: Store) -> None:
    a_root_waits(store, due_at=NOON + HOUR)
    assert store.next_due_alert() == NOON + HOUR
    assert claimed(store, at=NOON + HOUR - MINUTE) == ()
    assert len(claimed(store, at=NOON + HOUR)) == 1


def test_urgent_alerts_go_first_then_those_due_longest(store: Store) -> None:
    fields = [
        {"due_at": NOON - MINUTE, "priority": Priority.NORMAL},
        {"due_at": NOON - HOUR, "priority": Priority.NORMAL},
        {"due_at": NOON, "priority": Priority.URGENT},
    ]
    roots = [a_root_waits(store, f"Story {number}", **said) for number, said in enumerate(fields)]
    order = [roots[2].id, roots[1].id, roots[0].id]
    assert [alert.id for alert in (*claimed(store, limit=2), *claimed(store, limit=2))] == order


def test_a_claim_whose_holder_died_is_claimed_again_to_be_looked_up(store: Store) -> None:
    a_root_waits(store)
    first = the_one_claimed(store)
    assert store.next_due_alert() == NOON + LEASE
    second = the_one_claimed(store, at=NOON + LEASE)
    assert (second.id, second.key, second.attempts) == (first.id, first.key, 2)
    assert not store.still_mine(first, now=NOON + LEASE)
    assert store.still_mine(second, now=NOON + LEASE)


def test_a_claim_stands_until_its_lease_runs_out(store: Store) -> None:
    a_root_waits(store)
    alert = the_one_claimed(store)
    assert store.still_mine(alert, now=NOON + LEASE - MINUTE)
    assert not store.still_mine(alert, now=NOON + LEASE)


def test_a_claim_that_was_released_by_a_person_is_not_mistaken_for_the_old_one(store: Store) -> None:
    a_root_waits(store)
    asleep = the_one_claimed(store)
    awake = the_one_claimed(store, at=NOON + LEASE)
    store.record_held(awake, error="who knows", now=NOON + LEASE)
    store.release_alerts(states=["held"], destination=None, now=NOON + LEASE)
    anew = the_one_claimed(store, at=NOON + LEASE + MINUTE)
    assert anew.attempts == asleep.attempts == 1
    assert not store.still_mine(asleep, now=NOON)
    store.record_refused(asleep, error="late", now=NOON + HOUR)
    assert state_of(store, anew) is AlertState.SENDING


# ── Order in a thread ─────────────────────────────────────────────────────────────────────────────


def test_nothing_goes_before_its_root_has_a_ts(store: Store) -> None:
    root = a_root_waits(store)
    on_its_way = the_one_claimed(store)
    assert root.story_id is not None
    the_story_grows(store, root.story_id, "Second")
    the_story_is_watched(store, root.story_id, a_tell("correction", revision=2), revision=2)
    assert claimed(store) == ()
    assert store.next_due_alert() == NOON + LEASE
    sent(store, on_its_way)
    assert the_one_claimed(store).kind == "correction"


def test_follow_ups_go_one_at_a_time_in_the_order_they_were_made(store: Store) -> None:
    a_thread_with_replies(store, 2, 3, 4)
    order = []
    while batch := claimed(store):
        (alert,) = batch
        order.append(alert.revision)
        sent(store, alert)
    assert order == [2, 3, 4]


def test_a_follow_up_due_later_keeps_the_next_one_waiting(store: Store) -> None:
    a_thread_with_replies(store, 2, 3)
    store.defer_alert(the_one_claimed(store), due_at=NOON + HOUR, why="pace")
    assert claimed(store) == ()
    assert store.next_due_alert() == NOON + HOUR
    assert the_one_claimed(store, at=NOON + HOUR).revision == 2


def test_a_follow_up_whose_outcome_is_unknown_keeps_the_next_one_waiting(store: Store) -> None:
    a_thread_with_replies(store, 2, 3)
    store.record_unknown(the_one_claimed(store), error="no answer", look_at=NOON + MINUTE)
    assert claimed(store) == ()
    again = the_one_claimed(store, at=NOON + MINUTE)
    assert (again.revision, again.attempts, again.last_error) == (2, 2, "no answer")


def test_a_follow_up_that_is_refused_or_held_keeps_nobody_waiting(store: Store) -> None:
    a_thread_with_replies(store, 2, 3, 4)
    store.record_refused(the_one_claimed(store), error="too long", now=NOON)
    store.record_held(the_one_claimed(store), error="who knows", now=NOON)
    assert the_one_claimed(store).revision == 4


def test_a_follow_up_that_a_person_let_go_waits_for_the_one_on_its_way(store: Store) -> None:
    a_thread_with_replies(store, 2, 3)
    store.record_refused(the_one_claimed(store), error="too long", now=NOON)
    later = the_one_claimed(store)
    store.release_alerts(states=["failed"], destination=None, now=NOON)
    assert claimed(store) == ()
    assert store.next_due_alert() == NOON + LEASE
    sent(store, later)
    assert the_one_claimed(store).revision == 2


def test_after_a_crash_the_earlier_of_two_goes_first(store: Store) -> None:
    a_thread_with_replies(store, 2, 3)
    store.record_refused(the_one_claimed(store), error="too long", now=NOON)
    the_one_claimed(store)
    store.release_alerts(states=["failed"], destination=None, now=NOON)
    after = NOON + LEASE
    earlier = the_one_claimed(store, at=after)
    assert earlier.revision == 2
    sent(store, earlier, now=after)
    assert the_one_claimed(store, at=after).revision == 3


def test_follow_ups_of_a_refused_root_wait_until_a_person_lets_it_go(store: Store) -> None:
    root = a_root_waits(store)
    assert root.story_id is not None
    on_its_way = the_one_claimed(store)
    the_story_grows(store, root.story_id, "Second")
    the_story_is_watched(store, root.story_id, a_tell("reply", from_revision=1, revision=2), revision=2)
    store.record_refused(on_its_way, error="no such channel", now=NOON)
    assert claimed(store, at=NOON + DAY) == ()
    assert store.next_due_alert() is None
    assert store.release_alerts(states=["failed"], destination=DESK, now=NOON + DAY) == 1
    again = the_one_claimed(store, at=NOON + DAY)
    assert (again.kind, again.key, again.attempts) == ("root", root.key, 1)
    sent(store, again, now=NOON + DAY)
    assert the_one_claimed(store, at=NOON + DAY).kind == "reply"


# ── Recording ─────────────────────────────────────────────────────────────────────────────────────


def test_a_sent_root_gives_its_thread_a_ts_and_leaves_one_delivery(store: Store) -> None:
    root = a_root_waits(store)
    alert = the_one_claimed(store)
    for _ in range(2):
        store.record_sent(alert, a_receipt(), outcome="sent", headline="Mayor skips meeting", now=NOON)
    (delivery,) = store.deliveries()
    assert (delivery.alert_id, delivery.key, delivery.kind) == (root.id, root.key, "root")
    assert (delivery.receipt, delivery.headline, delivery.outcome) == (
        a_receipt(),
        "Mayor skips meeting",
        "sent",
    )
    assert root.thread_id is not None
    thread = store.thread(root.thread_id)
    assert thread is not None
    assert (thread.root_ts, thread.root_place, thread.root_sent_at) == (
        "1774042260.000100",
        "C09DESKIMMI",
        NOON,
    )
    assert (thread.shown_revision, thread.wanted_revision) == (1, 1)
    assert claimed(store, at=NOON + DAY) == ()


def test_what_arrived_is_recorded_even_when_the_claim_was_lost_meanwhile(store: Store) -> None:
    a_root_waits(store)
    slow = the_one_claimed(store)
    quick = the_one_claimed(store, at=NOON + LEASE)
    sent(store, slow, ts="1.1", now=NOON + LEASE)
    assert not store.still_mine(quick, now=NOON + LEASE)
    sent(store, quick, ts="2.2", now=NOON + LEASE)
    (delivery,) = store.deliveries()
    assert delivery.receipt == a_receipt("1.1")


@pytest.mark.parametrize("step", ["unknown", "retry", "refused", "held", "defer"])
def test_only_the_holder_of_a_claim_changes_it_and_only_once(store: Store, step: str) -> None:
    a_root_waits(store)
    slow = the_one_claimed(store)
    quick = the_one_claimed(store, at=NOON + LEASE)
    take(store, step, slow)
    assert state_of(store, quick) is AlertState.SENDING
    take(store, step, quick)
    after = store.alerts()
    assert after[0].state is not AlertState.SENDING
    take(store, step, quick)
    assert store.alerts() == after
    assert len(store.deliveries()) == (step == "refused")


def take(store: Store, step: str, alert: Alert) -> None:
    """Record what became of a claimed alert."""
    if step == "unknown":
        store.record_unknown(alert, error="no answer", look_at=NOON + HOUR)
    elif step == "retry":
        store.record_retry(alert, error="busy", due_at=NOON + HOUR)
    elif step == "refused":
        store.record_refused(alert, error="no such channel", now=NOON)
    elif step == "held":
        store.record_held(alert, error="who knows", now=NOON)
    else:
        store.defer_alert(alert, due_at=NOON + HOUR, why="night")


def test_an_alert_that_was_put_off_counts_no_attempt(store: Store) -> None:
    a_root_waits(store)
    store.defer_alert(the_one_claimed(store), due_at=NOON + HOUR, why="waiting until 6:00 am")
    (waiting,) = store.alerts()
    assert (waiting.state, waiting.attempts, waiting.last_error) == (
        AlertState.PENDING,
        0,
        "waiting until 6:00 am",
    )
    assert the_one_claimed(store, at=NOON + HOUR).attempts == 1


def test_an_unknown_outcome_that_is_put_off_is_still_looked_up_first(store: Store) -> None:
    a_root_waits(store)
    store.record_unknown(the_one_claimed(store), error="no answer", look_at=NOON)
    store.defer_alert(the_one_claimed(store), due_at=NOON, why="pace")
    assert the_one_claimed(store).attempts == 2


def test_a_message_that_was_refused_and_sent_later_has_both_deliveries(store: Store) -> None:
    a_root_waits(store)
    store.record_refused(the_one_claimed(store), error="no such channel", now=NOON)
    store.release_alerts(states=["failed"], destination=None, now=NOON + HOUR)
    sent(store, the_one_claimed(store, at=NOON + HOUR), now=NOON + HOUR)
    assert [(d.outcome, d.error) for d in store.deliveries()] == [
        ("sent", ""),
        ("refused", "no such channel"),
    ]
    assert [d.outcome for d in store.sent_since(DESK, since=NOON)] == ["sent"]


def test_recording_an_alert_that_does_not_exist_is_an_error(store: Store) -> None:
    with pytest.raises(StorageError, match="no alert 404"):
        sent(store, an_alert(id=404))


def test_a_broadcast_is_remembered_by_its_thread(store: Store) -> None:
    story_id = a_root_is_out(store).story_id
    assert story_id is not None
    the_story_grows(store, story_id, "Second")
    loud = a_tell("reply", from_revision=1, revision=2, broadcast=True)
    the_story_is_watched(store, story_id, loud, revision=2)
    sent(store, the_one_claimed(store), now=NOON + MINUTE)
    (thread,) = store.threads_of(story_id)
    assert thread.last_broadcast == NOON + MINUTE


# ── What a person or a set-up changes ─────────────────────────────────────────────────────────────


def test_only_what_failed_or_is_held_can_be_let_go(store: Store) -> None:
    a_root_waits(store)
    with pytest.raises(StorageError, match="failed or are held"):
        store.release_alerts(states=["sent"], destination=None, now=NOON)
    assert store.release_alerts(states=["failed", "held"], destination=None, now=NOON) == 0


def test_letting_go_can_be_kept_to_one_destination(store: Store) -> None:
    for destination in (DESK, METRO):
        a_root_waits(store, destination, destination=destination)
    for alert in claimed(store):
        store.record_held(alert, error="who knows", now=NOON)
    assert store.release_alerts(states=["held"], destination=METRO, now=NOON) == 1
    assert the_one_claimed(store).destination == METRO


def test_a_removed_destination_withdraws_what_it_has_not_got_yet(store: Store) -> None:
    a_root_is_out(store, "Told")
    being_sent = a_root_waits(store, "Being sent")
    the_one_claimed(store)
    a_root_waits(store, "Waiting")
    a_root_waits(store, "Another's", destination=METRO)
    assert store.withdraw_alerts([METRO], now=NOON) == 1
    assert states(store) == [
        ("root", 1, "sent"), ("root", 1, "sending"), ("root", 1, "withdrawn"), ("root", 1, "pending"),
    ]  # fmt: skip
    assert store.withdraw_alerts([METRO], now=NOON + LEASE) == 1
    assert state_of(store, being_sent) is AlertState.WITHDRAWN
    assert store.withdraw_alerts([], now=NOON + LEASE) == 1


def test_health_is_told_once_for_each_key_and_destination(store: Store) -> None:
    facts = {"source": "ellery31", "quiet_for": 3}
    told = [
        store.enqueue_health(destination=where, key="quiet:ellery31", facts=facts, now=NOON)
        for where in (DESK, DESK, METRO)
    ]
    assert told == [True, False, True]
    alert = next(alert for alert in claimed(store) if alert.destination == DESK)
    assert (alert.kind, alert.facts, alert.thread_id) == ("health", facts, None)
    sent(store, alert)
    assert not store.enqueue_health(destination=DESK, key="quiet:ellery31", facts=facts, now=NOON + DAY)
    assert store.has_health(destination=DESK, key="quiet:ellery31")
    assert not store.has_health(destination=DESK, key="quiet:ledger")


def test_alerts_are_listed_newest_first_by_state_and_by_story(store: Store) -> None:
    first, second = a_root_is_out(store, "First"), a_root_waits(store, "Second")
    assert [alert.id for alert in store.alerts()] == [second.id, first.id]
    assert [alert.id for alert in store.alerts(limit=1)] == [second.id]
    assert [alert.id for alert in store.alerts(states=[AlertState.SENT])] == [first.id]
    assert [alert.id for alert in store.alerts(story_id=second.story_id)] == [second.id]
    assert store.alerts(states=[]) == ()


# ── Edits ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_is_wanted_until_it_is_shown_and_never_goes_back(store: Store) -> None:
    story_id = a_thread_with_replies(store, 2, 3)
    (thread,) = store.threads_to_edit(limit=10)
    store.record_shown(thread.id, revision=3)
    store.record_shown(thread.id, revision=2)
    assert store.threads_to_edit(limit=10) == ()
    assert store.threads_of(story_id)[0].shown_revision == 3


def test_a_closed_edit_window_ends_edits_and_not_replies(store: Store) -> None:
    a_thread_with_replies(store, 2)
    (thread,) = store.threads_to_edit(limit=10)
    store.record_shown(thread.id, revision=1, closed=True)
    store.record_shown(thread.id, revision=1)
    assert store.threads_to_edit(limit=10) == ()
    assert the_one_claimed(store).kind == "correction"


def test_a_message_that_is_not_out_yet_is_not_edited(store: Store) -> None:
    root = a_root_waits(store)
    assert root.story_id is not None
    the_one_claimed(store)
    the_story_grows(store, root.story_id, "Second")
    the_story_is_watched(store, root.story_id, a_tell(revision=2), revision=2)
    assert store.threads_to_edit(limit=10) == ()


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.thread(404) is None
    assert store.threads_of(404) == ()
    assert store.next_due_alert() is None
    assert store.deliveries(since=NOON) == ()
