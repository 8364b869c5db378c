"""Do the sums of the ledger agree, and is it told when they do not?"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.auditing import STATES, Audit, StoryRows, audit, audited
from alerts.nightly import Auditor
from config.settings import Settings
from news.nouns import DeliverRule, Priority
from news.telling import Alert, AlertState, Delivery, Receipt
from storage.threads import StoreThreads
from tests.alerts.night import HEALTH, Night
from tests.nouns import DESK, NOON, a_merger, a_parting, a_story_match, a_thread, a_watchlist, an_alert

WATCHLIST = a_watchlist(deliver=(DeliverRule(to=DESK, at_least=Priority.NORMAL),))
NEWSROOM = Settings(watchlists=(WATCHLIST,))


def a_root(**fields: object) -> Alert:
    return replace(
        an_alert(),
        kind="root",
        destination=DESK,
        thread_id=1,
        story_id=1,
        due_at=NOON,
        **fields,  # type: ignore[arg-type]  # an alert's fields
    )


def looked_at(*alerts: Alert, **fields: object) -> Audit:
    """Audit one story that matched, with these alerts."""
    story = StoryRows(
        story_id=1,
        matches=(a_story_match(priority=fields.get("priority", Priority.HIGH)),),
        threads=(a_thread(root_ts=None if fields.get("lost") else "1.0"),),
        alerts=alerts,
    )
    settings = replace(NEWSROOM, watchlists=(replace(WATCHLIST, enabled=not fields.get("paused")),))
    return audit([story], (), settings, now=NOON)


@pytest.mark.parametrize(
    ("state", "sum_"),
    [
        (AlertState.PENDING, "waiting"),
        (AlertState.UNKNOWN, "waiting"),
        (AlertState.SENT, "sent"),
        (AlertState.MERGED, "merged"),
        (AlertState.GROUPED, "grouped"),
        (AlertState.WITHDRAWN, "withdrawn"),
        (AlertState.FAILED, "failed and told"),
        (AlertState.HELD, "failed and told"),
    ],
)
def test_each_match_is_in_one_state_that_has_a_name(state: AlertState, sum_: str) -> None:
    found = looked_at(a_root(state=state))
    assert (found.total, dict(found.sums), found.faults) == (1, {sum_: 1}, ())
    assert sum_ in STATES


def test_every_state_of_an_alert_has_its_sum() -> None:
    for state in AlertState:
        assert not looked_at(a_root(state=state)).faults


def test_a_match_that_no_rule_tells_at_once_is_muted() -> None:
    assert dict(looked_at(priority=Priority.LOW).sums) == {"muted": 1}
    assert dict(looked_at(paused=True).sums) == {"muted": 1}


def test_a_match_that_was_lost_or_doubled_is_a_contradiction() -> None:
    assert looked_at().faults == (f"story 1 is in 0 states at {DESK}, not in one",)
    both = looked_at(a_root(id=1, state=AlertState.SENT), a_root(id=2, state=AlertState.PENDING))
    assert both.faults == (f"story 1 is in 2 states at {DESK}, not in one",)


def test_a_message_whose_place_nobody_knows_is_a_contradiction() -> None:
    found = looked_at(a_root(id=7, state=AlertState.SENT), lost=True)
    assert found.faults == ("message 7 was sent and its thread does not know where it stands",)


def test_a_message_that_is_due_and_forgotten_is_a_contradiction() -> None:
    old = a_root(id=7, state=AlertState.PENDING)
    old = replace(old, due_at=NOON - timedelta(hours=2))
    assert "message 7 is due since 2026-03-18 16:00 UTC and nobody says why it waits" in looked_at(old).faults
    assert not looked_at(replace(old, last_error="the channel does not answer")).faults


def test_a_message_recorded_twice_is_a_contradiction() -> None:
    once = Delivery(
        id=1,
        alert_id=7,
        key="k",
        kind="root",
        destination=DESK,
        story_id=1,
        digest_id=None,
        outcome="sent",
        receipt=Receipt(ts="1.0"),
        at=NOON,
    )
    faults = audit([], [once, replace(once, id=2)], NEWSROOM, now=NOON).faults
    assert faults == ("message 7 is recorded as sent 2 times",)


def test_after_an_ordinary_day_the_sums_agree(quick_night: Night) -> None:
    night = quick_night
    filed = night.file("Mayor skips capital meeting")
    night.watch()
    night.drain()
    night.grow(filed.story_id, "Council answers letter")
    for number in range(5):
        night.later(minutes=1).file(f"Story {number}")
    night.watch()
    night.drain()
    found = night.ask(lambda store: audited(store, night.settings, now=night.clock()))
    assert not found.faults
    assert (found.total, found.sums["sent"], found.sums["grouped"]) == (6, 4, 2)
    assert found.words == "6 matches: 4 sent, 2 grouped"


def look(auditor: Auditor, night: Night) -> int:
    async def work(threads: StoreThreads) -> int:
        return await auditor.look(night.settings, threads, clock=night.clock)

    return asyncio.run(work(night.threads))


def test_a_lost_message_is_told_in_the_health_channel_once_a_night(quick_night: Night) -> None:
    night, auditor = quick_night, Auditor()
    night.file("Mayor skips capital meeting")
    night.watch()
    assert look(auditor, night) == 0
    night.drain()
    (watchlist,) = night.settings.watchlists
    # As if a message for another place had never been made.
    elsewhere = replace(watchlist, deliver=(*watchlist.deliver, DeliverRule(to="slack:#another")))
    night.settings = replace(night.settings, watchlists=(elsewhere,))
    assert look(auditor, night) == 0, "once a night"
    night.later(hours=24)
    assert look(auditor, night) == 1
    night.drain()
    (warning,) = night.slack.threads(HEALTH)
    assert "The record of sent messages does not agree with itself" in warning.root.text
    assert "Story 1 is in 0 states at slack:#another, not in one" in warning.root.text
    since = night.clock() - timedelta(hours=1)
    assert not night.ask(lambda store: audited(store, night.settings, now=night.clock(), since=since)).faults


def test_joined_and_parted_stories_are_in_one_state_too(quick_night: Night) -> None:
    night = quick_night
    told, also_told, waits = (night.file(f"Council {n} answers the letter") for n in range(3))
    night.watch()
    night.drain()
    night.later(minutes=1).grow(waits.story_id, "Jail answers")
    night.watch()
    night.store.merge_stories(a_merger(told.story_id, also_told.story_id, now=night.clock()))
    night.watch()
    joined = night.ask(lambda store: audited(store, night.settings, now=night.clock()))
    assert not joined.faults, joined.faults
    night.store.split_story(a_parting(told.story_id, also_told.article_id, now=night.clock()))
    night.watch()
    night.later(minutes=20)
    night.drain()
    parted = night.ask(lambda store: audited(store, night.settings, now=night.clock()))
    assert not parted.faults, parted.faults
