from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.source_alarms import _enqueue, alarms
from config.settings import HealthSettings, Settings
from news.lessons import Lessons, Setback
from news.nouns import FetchState, Health
from tests.alerts.night import Night
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


def test_a_source_that_is_silent_for_longer_than_usual_is_told_with_what_to_do() -> None:
    state = FetchState(
        source_id="ledger",
        health=Health.QUIET,
        health_since=NOON,
        last_new=NOON - timedelta(days=3),
        trouble="quiet",
        reason="has brought nothing new for 3 days, longer than usual",
    )
    (alarm,) = alarms([state], SETTINGS, now=NOON)
    assert alarm.facts["title"] == "Port Ellery Ledger has gone quiet"
    assert alarm.facts["lines"] == [
        "Nothing new since Sunday 6:00 pm. It has brought nothing new for 3 days, longer than usual.",
        "Look at its front page: if there is news, its feed has moved or is broken.",
    ]


def test_a_feed_without_entries_gets_a_day_to_be_built_anew() -> None:
    state = FetchState(source_id="ledger", health=Health.QUIET, trouble="empty", health_since=NOON)
    settings = SETTINGS
    assert list(alarms([state], settings, now=NOON + timedelta(hours=23))) == []
    assert len(list(alarms([state], settings, now=NOON + timedelta(hours=25)))) == 1


def test_a_feed_that_was_found_elsewhere_is_named_in_the_alarm() -> None:
    lessons = Lessons(found_at="https://ledger.test/rss")
    state = FetchState(source_id="ledger", health=Health.STOPPED, trouble="gone", lessons=str(lessons))
    (alarm,) = alarms([state], SETTINGS, now=NOON)
    assert alarm.facts["lines"] == [
        "it does not answer.",
        "A feed was found at https://ledger.test/rss: nightdesk sources check --fix writes it down.",
    ]


def test_a_recovery_is_told_once_and_only_after_the_trouble_was(
    quick_night: Night,
) -> None:
    failing = FetchState(
        source_id="ledger", health=Health.FAILING, health_since=NOON - timedelta(hours=3), trouble="slow"
    )
    past = Setback(health="failing", reason="slow", since=NOON - timedelta(hours=3), over=NOON)
    well = FetchState(source_id="ledger", health=Health.OK, lessons=str(Lessons(setback=past)))
    told = []
    for state in (well, failing, well, well):
        due = list(alarms([state], SETTINGS, now=NOON))
        told.append(_enqueue(quick_night.store, due, to="slack:#nightdesk-health", now=NOON))
    assert told == [0, 1, 1, 0]
    first = quick_night.store.alerts()[0]
    assert first.facts["title"] == "Port Ellery Ledger can be read again"
    assert first.facts["lines"] == ["The trouble lasted 3 hours, until Wednesday 6:00 pm."]
    assert list(alarms([well], SETTINGS, now=NOON + timedelta(days=2))) == []


def test_when_nearly_all_sources_are_out_of_reach_the_network_is_told_and_not_each_of_them() -> None:
    sources = tuple(a_source(id=f"outlet{n}", name=f"Outlet {n}") for n in range(10))
    settings = replace(SETTINGS, sources=sources)
    lost = [
        FetchState(
            source_id=source.id,
            health=Health.FAILING,
            trouble="unreachable",
            health_since=NOON - timedelta(minutes=100 - number),
        )
        for number, source in enumerate(sources)
    ]
    (alarm,) = alarms(lost, settings, now=NOON)
    assert alarm.facts["title"] == "Nightdesk cannot reach its sources"
    some = [*lost[:5], *(FetchState(source_id=one.source_id, health=Health.OK) for one in lost[5:])]
    assert len(list(alarms(some, settings, now=NOON))) == 5


def test_a_source_that_the_newsroom_switched_off_is_not_told() -> None:
    off = replace(SETTINGS, sources=(replace(LEDGER, enabled=False),))
    assert titles(FetchState(source_id="ledger", health=Health.STOPPED), off) == []
