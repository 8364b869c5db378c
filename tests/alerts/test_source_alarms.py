from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.source_alarms import alarms
from config.settings import HealthSettings, Settings
from news.nouns import FetchState, Health
from tests.nouns import NOON, a_source

LEDGER = a_source(id="ledger", name="Port Ellery Ledger")
SETTINGS = Settings(sources=(LEDGER,), health=HealthSettings(to="slack:#nightdesk-health"))


def titles(state: FetchState, settings: Settings = SETTINGS) -> list[object]:
    return [alarm.facts["title"] for alarm in alarms([state], settings, now=NOON)]


def test_a_source_that_refuses_is_told_at_once() -> None:
    state = FetchState(source_id="ledger", health=Health.STOPPED, reason="refuses automated readers")
    assert titles(state) == ["Port Ellery Ledger has stopped"]


def test_a_source_that_fails_is_told_after_an_hour_of_trying() -> None:
    state = FetchState(source_id="ledger", health=Health.FAILING, health_since=NOON - timedelta(minutes=59))
    assert titles(state) == []
    older = replace(state, health_since=NOON - timedelta(minutes=61))
    assert titles(older) == ["Port Ellery Ledger cannot be read"]


def test_the_same_trouble_has_the_same_key_and_the_next_one_another() -> None:
    state = FetchState(source_id="ledger", health=Health.STOPPED, health_since=NOON)
    again = replace(state, last_checked=NOON, failures=9)
    later = replace(state, health_since=NOON + timedelta(days=1))
    first, second, third = (next(alarms([each], SETTINGS, now=NOON)).key for each in (state, again, later))
    assert first == second != third


def test_a_source_is_quiet_only_where_the_newsroom_says_after_how_long() -> None:
    state = FetchState(source_id="ledger", health=Health.OK, last_new=NOON - timedelta(hours=30))
    assert titles(state) == []
    told = replace(SETTINGS, health=HealthSettings(to="console:", quiet_after=timedelta(hours=24)))
    assert titles(state, told) == ["Port Ellery Ledger has gone quiet"]


def test_a_source_that_the_newsroom_switched_off_is_not_told() -> None:
    off = replace(SETTINGS, sources=(replace(LEDGER, enabled=False),))
    assert titles(FetchState(source_id="ledger", health=Health.STOPPED), off) == []
