"""Watch and tell once, or only say what would be told."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from nightdesk.cli.context import Around
from nightdesk.cli.root import run
from nightdesk.cli.run import _network_lines
from nightdesk.rooms import Round
from storage.sole import hold
from tests.nightdesk.conftest import Town
from tests.nightdesk.desk import CHANNEL, Desk

pytestmark = pytest.mark.slow

FIRST_STORY = "Mayor skips capital meeting after warning to sanctuary cities"


def messages(town: Town) -> list[str]:
    return [call.method for call in town.slack.accepted if call.method.startswith("chat.")]


def test_the_first_round_files_what_is_there_and_tells_nobody(town: Town) -> None:
    ran = town.desk("run", "--once")
    assert ran.code == 0
    assert ran.lines[0] == "Metro Desk, Wednesday March 18, 7:00 am."
    assert "Sources    2 of 2 checked; 0 had nothing new" in ran.out
    assert "Told\n  nothing now" in ran.out
    assert messages(town) == []


def test_a_story_on_the_beat_is_told_in_the_round_that_finds_it(town: Town) -> None:
    town.desk("run", "--once")
    town.desk.at("2026-03-18 12:02")
    ran = town.desk("run", "--once")
    assert f"now #immigration-desk, new message {FIRST_STORY}" in ran.flat
    assert "Thu 6:30 am metro-desk@newsroom.test, daily email 1 story so far" in ran.flat
    assert messages(town) == ["chat.postMessage"]


def test_a_source_that_is_not_due_is_left_alone(town: Town) -> None:
    town.desk("run", "--once")
    assert "Sources    0 of 2 checked; 0 had nothing new; 2 not due yet" in town.desk("run", "--once").out


def test_a_dry_run_says_what_it_would_tell_and_leaves_no_trace(town: Town) -> None:
    town.desk("run", "--once")
    town.desk.at("2026-03-18 12:02")
    before = town.desk.contents()
    ran = town.desk("run", "--dry-run")
    assert ran.lines[0] == "Dry run, Wednesday March 18, 12:02 pm: nothing is sent, nothing is remembered."
    assert f"Would tell now #immigration-desk, new message {FIRST_STORY}" in ran.flat
    assert "To send, run: nightdesk run" in ran.lines[-1]
    assert messages(town) == []
    assert town.desk.contents() == before


def test_a_dry_run_on_postgresql_leaves_no_trace_either(town: Town, postgres_url: str) -> None:
    town.desk.environment["DATABASE_URL"] = postgres_url
    main = (town.desk.folder / "nightdesk.yaml").read_text(encoding="utf-8")
    town.desk.write("nightdesk.yaml", _with(main, database="${DATABASE_URL}"))
    town.desk("run", "--once")
    town.desk.at("2026-03-18 12:02")
    before = town.desk.contents()
    assert FIRST_STORY in town.desk("run", "--dry-run").flat
    assert town.desk.contents() == before
    assert "Articles   2 new" in town.desk("run", "--once").out
    assert FIRST_STORY in town.desk("test", "sanctuary-cities").flat
    assert town.desk("explain", "mayor skips").lines[0] == f"Told: {FIRST_STORY}"
    assert town.desk("digest", "now").code == 0
    assert "Not running." in town.desk("status").out


def test_a_dry_run_works_beside_a_running_nightdesk(town: Town) -> None:
    town.desk("run", "--once")
    with hold(town.desk.database, who="nightdesk"):
        assert town.desk("run", "--once", "--dry-run").code == 0


def test_a_dry_run_before_the_first_run_makes_no_archive(town: Town) -> None:
    ran = town.desk("run", "--dry-run")
    assert ran.code == 0
    assert "2 of 2 checked" in ran.out
    assert not (town.desk.folder / "data").exists()


def test_a_dry_run_tells_of_changes_to_a_message_that_is_out(town: Town) -> None:
    town.desk("run", "--once")
    town.desk.at("2026-03-18 12:02")
    town.desk("run", "--once")
    town.desk.at("2026-03-18 13:16")
    ran = town.desk("run", "--dry-run")
    assert "now #immigration-desk, change the message of 12:02 pm" in ran.flat
    assert "1:31 pm #immigration-desk, reply in the thread" in ran.flat
    assert messages(town) == ["chat.postMessage"]


def test_a_change_to_a_message_that_is_out_is_counted(town: Town) -> None:
    town.desk("run", "--once")
    town.desk.at("2026-03-18 12:02")
    town.desk("run", "--once")
    town.desk.at("2026-03-18 13:16")
    assert "now 1 message that was out, brought up to date" in town.desk("run", "--once").flat
    assert messages(town) == ["chat.postMessage", "chat.update"]


def test_since_tells_what_was_there_before_the_first_check(town: Town) -> None:
    town.desk.at("2026-03-18 12:02")
    ran = town.desk("run", "--once", "--since", "24h")
    assert FIRST_STORY in ran.flat
    assert messages(town) == ["chat.postMessage"]


def test_without_since_the_first_check_says_how_much_it_held_back(town: Town) -> None:
    town.desk.at("2026-03-18 12:02")
    ran = town.desk("run", "--once")
    assert "1 story that matches was there before the first check of a source: not told" in ran.flat
    assert messages(town) == []


def test_a_second_start_on_the_same_archive_refuses(town: Town) -> None:
    town.desk("run", "--once")
    with hold(town.desk.database, who="nightdesk"):
        ran = town.desk("run", "--once")
    assert ran.code == 1
    assert "error: Nightdesk is running on this database already" in ran.err
    assert ran.last.startswith("Next: nightdesk status")


def test_a_source_that_cannot_be_read_is_named_with_the_reason(town: Town) -> None:
    town.web.outlet("ellery31").close()
    ran = town.desk("run", "--once")
    assert ran.code == 0
    assert "Sources    1 of 2 checked" in ran.out
    assert "Not checked: Ellery 31 (" in ran.flat


def test_when_nearly_no_source_is_reached_the_network_is_named(new_desk: Callable[..., Desk]) -> None:
    closed = [
        {"id": f"outlet-{n}", "name": f"Outlet {n}", "url": f"http://127.0.0.1:9/{n}"} for n in range(6)
    ]
    ran = new_desk(sources=closed, fetch={"allow_addresses": ["127.0.0.1:9"]})("run", "--once")
    assert "Sources    0 of 6 checked" in ran.out
    assert "These are nearly all: the network of this machine is the likely reason." in ran.flat


def test_sources_that_all_refuse_are_no_trouble_of_the_network() -> None:
    refused = Round(checked=6, not_checked=("Outlet (refuses automated readers)",) * 6)
    assert list(_network_lines(refused)) == []
    assert list(_network_lines(replace(refused, out_of_reach=5))) != []


def test_channels_that_are_not_set_up_are_named_with_what_to_do(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(sources=[], environment={"SLACK_BOT_TOKEN": "", "SMTP_URL": ""})
    said = " ".join(desk("run", "--once").err.split())
    env = str(desk.folder / ".env")
    assert (
        f"Slack is not set up: SLACK_BOT_TOKEN is not set. To change that, write SLACK_BOT_TOKEN=… in {env}"
        in said
    )
    assert "What is for #immigration-desk waits until then." in said
    assert "Email is not set up: SMTP_URL is not set." in said


def test_without_a_desk_alerts_are_shown_on_the_console(town: Town) -> None:
    desk = {"at_once": "", "digest": "", "digest_at": "06:30"}
    main = (town.desk.folder / "nightdesk.yaml").read_text(encoding="utf-8")
    town.desk.write("nightdesk.yaml", _with(main, desk=desk))
    town.desk("run", "--once")
    town.desk.at("2026-03-18 12:02")
    ran = town.desk("run", "--once")
    assert ran.out.index(FIRST_STORY) < ran.out.index("Metro Desk, Wednesday March 18, 12:02 pm.")
    assert "now the console, new message" in ran.flat
    assert "so it is shown on the console" in " ".join(ran.err.split())


def test_machines_get_the_round_in_one_line(town: Town) -> None:
    town.desk("run", "--once")
    town.desk.at("2026-03-18 12:02")
    (facts,) = town.desk("run", "--once", "--json").records
    assert (facts["checked"], facts["sources"], facts["sent"]) == (2, 2, 1)
    assert facts["told"][0]["to"] == "slack:#immigration-desk"
    assert facts["coming"][0]["what"] == "daily email"


def test_a_message_that_is_refused_is_trouble(town: Town) -> None:
    town.desk("run", "--once")
    town.slack.archive(CHANNEL)
    town.desk.at("2026-03-18 12:02")
    ran = town.desk("run", "--once")
    assert ran.code == 1
    assert "refused" in ran.out


def _with(main: str, **changed: object) -> object:
    return {**json.loads(main), **changed}


@pytest.mark.parametrize("typed", [("run", "--sinc"), ("run", "--since", "0h"), ("run", "twice")])
def test_what_is_typed_wrong_says_so(desk: Desk, typed: tuple[str, ...]) -> None:
    ran = desk(*typed)
    assert ran.code == 2
    assert ran.last == "Next: nightdesk run --help"


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_the_round_has_come(town: Town) -> None:
    screen, out = Screen(), io.StringIO()
    around = Around(environment=town.desk.environment, clock=town.desk.clock, out=out, err=screen)
    assert run(["run", "--once", "--config", str(town.desk.folder)], around) == 0
    assert "Sources" in screen.getvalue()
    assert "2/2" in screen.getvalue()
    assert "Sources    2 of 2 checked" in out.getvalue()


def test_nothing_moves_where_there_is_no_terminal(town: Town) -> None:
    assert town.desk("run", "--once").err == ""
