"""One screen says how Nightdesk stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from news.nouns import Health
from storage.sole import held_since, hold
from tests.nightdesk.desk import Desk
from tests.nouns import NOON, a_fetch_state, an_outcome


def test_before_the_first_run_it_says_what_to_do(desk: Desk) -> None:
    ran = desk("status")
    assert ran.code == 0
    assert "nothing was watched yet" in ran.out
    assert ran.lines[-1].startswith("Next: nightdesk run")
    assert not (desk.folder / "data").exists()


def test_a_day_is_told_in_numbers(desk: Desk) -> None:
    assert desk.store is not None
    desk.at("2026-03-18 12:30")
    desk.files("Mayor skips capital meeting after warning to sanctuary cities")
    desk.files("Oyster season opens", text="Oysters are thin this year.")
    desk.watches()
    desk.sends()
    desk.at("2026-03-18 17:05")
    screen = desk("status").out
    assert "Metro Desk, Wednesday March 18, 5:05 pm. Not running." in screen
    assert "Today      2 articles, 1 matched, 1 story, 1 message sent" in screen
    assert "Last sent  12:30 pm, #immigration-desk" in screen
    assert "           Mayor skips capital meeting after warning to sanctuary cities" in screen
    assert "Waiting    nothing" in screen
    assert "Next       Thursday 6:30 am, daily email to metro-desk@newsroom.test" in screen


def test_what_waits_for_the_morning_is_said_with_the_hour(desk: Desk) -> None:
    desk.at("2026-03-18 23:10")
    desk.files("Judge halts ordinance in sanctuary cities")
    desk.watches()
    assert "Waiting    1 message waiting until Thursday 6:00 am" in desk("status").out


def test_what_could_not_be_sent_is_said_with_the_reason(desk: Desk) -> None:
    desk.files("Judge halts ordinance in sanctuary cities")
    desk.watches()
    desk.refuses("the channel is archived")
    with hold(desk.database, who="nightdesk"):
        ran = desk("status")
    assert "Not sent   #immigration-desk: the channel is archived" in ran.out
    assert ran.lines[-1].startswith("Next: nightdesk sent list --failed")


def test_what_keeps_a_message_waiting_is_said(desk: Desk) -> None:
    desk.files("Judge halts ordinance in sanctuary cities")
    desk.watches()
    (alert,) = desk.claimed(desk.store)
    desk.store.record_retry(alert, error="Slack does not answer", due_at=NOON + timedelta(minutes=5))
    screen = desk("status").out
    assert (
        "Waiting    1 message waiting until 12:05 pm\n           #immigration-desk: Slack does not answer"
        in screen
    )


def test_the_worst_source_stands_first(desk: Desk) -> None:
    for source_id, health, reason in (
        ("channel4", Health.OK, ""),
        ("coast", Health.QUIET, "nothing new since Tuesday"),
        ("ellery31", Health.STOPPED, "refuses automated readers"),
    ):
        state = replace(a_fetch_state(source_id), health=health, reason=reason)
        desk.store.record_fetch(replace(an_outcome(), state=state))
    desk.clock.advance(timedelta(seconds=38))
    screen = desk("status").lines
    sources = next(line for line in screen if line.startswith("Sources"))
    assert sources == "Sources    1 of 3 are fine, 1 is stopped, 1 is quiet. Last checked 38 seconds ago."
    stopped = screen.index("stopped  Ellery 31             never           refuses automated readers")
    assert screen[stopped + 1].startswith("quiet    Coast Public Radio")


def test_sources_that_nobody_asked_yet_are_not_called_fine(desk: Desk) -> None:
    assert desk.store is not None
    assert "0 of 3 are fine, 3 were not checked yet. Nothing was checked yet." in desk("status").out


def test_a_channel_without_its_secret_is_missed(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(environment={"SLACK_BOT_TOKEN": ""})
    assert desk.store is not None
    assert "Missing    Slack is not set up: SLACK_BOT_TOKEN is not set" in desk("status").out


def test_a_machine_reads_the_same_screen(desk: Desk) -> None:
    desk.files("Judge halts ordinance in sanctuary cities")
    desk.watches()
    desk.at("2026-03-18 12:01")
    (facts,) = desk("status", "--json").records
    assert facts["running_since"] is None
    assert (facts["articles_today"], facts["matched_today"], facts["waiting"]) == (1, 1, 1)


def test_a_running_nightdesk_is_seen_and_left_alone(database_url: str) -> None:
    assert held_since(database_url) is None
    with hold(database_url, who="nightdesk") as sole:
        since = held_since(database_url)
        assert since is not None
        assert sole.still_held()
    assert held_since(database_url) is None


def test_how_long_it_runs_is_said(desk: Desk) -> None:
    assert desk.store is not None
    with hold(desk.database, who="nightdesk"):
        since = held_since(desk.database)
        assert since is not None
        desk.clock.set(since + timedelta(days=3))
        assert "Running for 3 days." in desk("status").lines[0]
