"""Does `check` say everything that is wrong, and what to do next?"""

from __future__ import annotations

import json
from pathlib import Path

from tests.config.folders import SECRETS, WATCHLIST, a_folder
from tests.nightdesk.calling import call


def test_a_sound_newsroom_is_told_file_by_file(tmp_path: Path) -> None:
    answer = call("check", "--config", a_folder(tmp_path), environment=SECRETS)
    assert answer.code == 0
    assert answer.err == ""
    assert answer.out == (
        "nightdesk.yaml                     ok\n"
        "sources/ellery.yaml                ok, 2 sources on\n"
        "watchlists/sanctuary-cities.yaml   ok\n"
        "\n"
        "No errors in 3 files. Nothing was changed.\n"
        f"Next: nightdesk run --config {tmp_path}\n"
    )


def test_what_is_not_set_up_is_said_with_what_to_write(tmp_path: Path) -> None:
    answer = call("check", "--config", a_folder(tmp_path))
    assert answer.code == 0
    said = answer.out.splitlines()
    first = said.index("not yet: Slack is not set up: SLACK_BOT_TOKEN is not set")
    assert said[first + 1] == f"  write SLACK_BOT_TOKEN=… in {tmp_path / '.env'}"


def test_errors_are_told_with_their_number_and_the_next_command(tmp_path: Path) -> None:
    a_folder(tmp_path, watchlist=WATCHLIST.replace("deliver: desk", "delivr: desk"))
    answer = call("check", "--config", tmp_path, environment=SECRETS)
    assert answer.code == 1
    assert "watchlists/sanctuary-cities.yaml   2 errors\n" in answer.out
    assert answer.out.endswith(
        "2 errors in 3 files. Nothing was changed. Exit 1.\n"
        f"When fixed, run: nightdesk check --config {tmp_path}\n"
    )


def test_warnings_do_not_fail_a_newsroom(tmp_path: Path) -> None:
    a_folder(tmp_path, watchlist=WATCHLIST.replace("sanctuary city", "ICE raid"))
    answer = call("check", "--config", tmp_path, environment=SECRETS)
    assert answer.code == 0
    assert "warning: ICE also finds" in answer.out
    assert "\n1 warning in 3 files. Nothing was changed.\n" in answer.out


def test_json_is_one_object_a_line(tmp_path: Path) -> None:
    a_folder(tmp_path, watchlist=WATCHLIST.replace("[sanctuary city]", "[(jail]"))
    answer = call("check", "--json", "--config", tmp_path)
    records = [json.loads(line) for line in answer.out.splitlines()]
    assert answer.code == 1
    assert [record["file"] for record in records if "file" in record] == [
        "nightdesk.yaml",
        "sources/ellery.yaml",
        "watchlists/sanctuary-cities.yaml",
    ]
    assert [record for record in records if "problem" in record] == [
        {
            "problem": "error",
            "path": "watchlists/sanctuary-cities.yaml",
            "line": 2,
            "column": 9,
            "end": 10,
            "what": "this parenthesis is never closed",
            "write": ") at the end of the line",
        }
    ]


def test_json_says_what_is_not_set_up(tmp_path: Path) -> None:
    answer = call("check", "--json", "--config", a_folder(tmp_path))
    records = [json.loads(line) for line in answer.out.splitlines()]
    assert [record["not_set_up"] for record in records if "not_set_up" in record] == ["slack", "email"]


def test_a_newsroom_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    answer = call("check", "--config", tmp_path / "none")
    assert answer.code == 1
    assert answer.last_line == f"Next: nightdesk init --config {tmp_path / 'none'}"
