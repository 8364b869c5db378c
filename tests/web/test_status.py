"""Does Nightdesk say how long the news took, what is late, and that it works?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

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
