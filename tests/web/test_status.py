"""Does Nightdesk say how long the news took, what is late, and that it works?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from nightdesk.heartbeat import Beat, keep_beat
from nightdesk.reloading import Trouble
from nightdesk.vitals import metrics, share, take_vitals
from storage.console_contract import Delay
from tests.nightdesk.desk import Desk
from tests.web.furnished import furnished
from tests.web.serving import PEOPLE, WebDesk

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    desk = furnished(Path(tmp_path_factory.mktemp("day")))
    yield desk
    desk.close()


def test_the_delay_runs_from_publication_to_the_message(tmp_path: Path) -> None:
    desk = Desk(tmp_path, console="on", readers=list(PEOPLE))
    published = desk.clock() - 4 * MINUTE
    desk.files("Sanctuary city vote", published=published)
    desk.clock.advance(MINUTE)
    desk.watches()
    desk.clock.advance(MINUTE)
    desk.sends()
    now = desk.clock()
    (delay,) = desk.store.delays(since=now - timedelta(days=1), kind="slack")
    assert delay == Delay(published=published, first_seen=now - 2 * MINUTE, sent=now)
    assert desk.store.delays(since=now - timedelta(days=1), kind="email") == ()
    (quick,) = take_vitals(desk.store, now=now).quickness
    assert (quick.kind, quick.messages, quick.half, quick.most) == ("slack", 1, 6 * MINUTE, 6 * MINUTE)
    desk.close()


def test_half_and_nineteen_of_twenty_are_told() -> None:
    took = [number * MINUTE for number in range(1, 101)]
    assert (share(took, 0.5), share(took, 0.95)) == (51 * MINUTE, 96 * MINUTE)
    assert share([MINUTE], 0.95) == MINUTE


def test_the_page_tells_it_in_words_and_the_program_gets_the_same_numbers(day: WebDesk) -> None:
    chief = day.signed_in("chief")
    page = chief.get("/status").flat
    assert "half of 1 message within" in page
    assert "#immigration-desk Slack has no such channel" in page
    facts = chief.get("/api/status").facts
    assert isinstance(facts, dict)
    assert facts["not_sent"] == 1
    assert facts["seconds_to"] == {"slack": {"messages": 1, "p50": 300.0, "p95": 300.0}}


def test_prometheus_reads_numbers_and_no_names(day: WebDesk) -> None:
    told = day.signed_in("trainee").get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'nightdesk_delay_seconds{kind="slack",quantile="0.95"} 300.000' in told.text
    assert 'nightdesk_sources{health="failing"} 1' in told.text
    assert "immigration" not in told.text
    assert "sanctuary" not in told.text.lower()


def test_health_answers_strangers_and_says_nothing_else(day: WebDesk) -> None:
    stranger = day.visitor()
    assert stranger.get("/healthz").body == b"ok\n"
    assert stranger.get("/readyz").body == b"ready\n"
    day.clock.advance(timedelta(hours=1))
    late = stranger.get("/readyz")
    assert (late.status, late.body) == (503, b"no source was asked for a quarter of an hour\n")
    day.clock.advance(timedelta(hours=-1))


def test_a_queue_that_does_not_move_is_seen(tmp_path: Path) -> None:
    desk = Desk(tmp_path, console="on")
    desk.files("Sanctuary city vote")
    desk.watches()
    desk.clock.advance(5 * MINUTE)
    vitals = take_vitals(desk.store, now=desk.clock())
    assert (vitals.waiting, vitals.overdue) == (1, 5 * MINUTE)
    assert "nightdesk_queue_age_seconds 300.000" in metrics(vitals, now=desk.clock())
    desk.close()


def test_what_is_broken_in_the_files_waits_for_a_start_or_hears_no_beat_is_said(tmp_path: Path) -> None:
    desk = WebDesk(tmp_path, health={"heartbeat": "${HEARTBEAT_URL}"})
    trouble = Trouble(
        broken=("sources/local.yaml:3: there is no setting",), restart=("where the console is",)
    )
    desk.app.state.console = replace(desk.console, trouble=lambda: trouble)
    chief = desk.signed_in("chief")
    page = chief.get("/status").flat
    assert "sources/local.yaml:3: there is no setting" in page
    assert "What was saved before is in force" in page
    assert "A change of where the console is holds from the next start." in page
    assert "HEARTBEAT_URL is not set" in page
    desk.environment["HEARTBEAT_URL"] = "https://watcher.test/ping/5f3a"
    now = desk.clock()
    for beat, words in (
        (None, "The heartbeat address was not reached yet."),
        (Beat(at=now, reached=now), "It is told every 5 minutes that all is well"),
        (Beat(at=now, reached=now, trouble="does not take connections"), "does not take connections. It was"),
        (Beat(at=now, reached=now, unwell="poll hangs"), "At the last look poll hangs."),
    ):
        if beat is not None:
            keep = partial(keep_beat, beat=beat, now=now)
            desk.stored(keep)
        told = chief.get("/status")
        assert words in told.flat
        assert "5f3a" not in told.text
    desk.close()
