"""Does a new newsroom get its folder, whether it answers questions or not?"""

from __future__ import annotations

import json
import sys
from io import StringIO
from pathlib import Path

import pytest

from config.load import load
from nightdesk.cli.answers import channel, machine_zone
from tests.nightdesk.calling import call

DENVER = {"TZ": "America/Denver"}


def test_yes_asks_nothing_and_tells_what_was_made(tmp_path: Path) -> None:
    folder = tmp_path / "newsroom"
    typed = [
        "init",
        "--yes",
        "--slack",
        "#immigration-desk",
        "--email",
        "metro-desk@newsroom.test",
        "--config",
        folder,
    ]
    answer = call(*typed, environment=DENVER)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == f"Written to {folder}/"
    assert lines[1] == "  nightdesk.yaml                     newsroom, desk, channels, quiet hours"
    assert lines[2].startswith("  watchlists/sanctuary-cities.yaml   ")
    assert lines[3] == "  sources/sanctuary-beat.yaml        57 sources on, 6 off, 1 not read yet"
    assert '"deliver: desk" now means: at once to #immigration-desk, and one digest a day' in lines
    assert lines[-1] == f"Fill in {folder / '.env'}, then run: nightdesk check --config {folder}"
    assert load(folder, {}).timezone == "America/Denver"


def test_four_questions_make_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "Metro Desk\n\nsanc\nimmigration-desk\nmetro-desk@newsroom.test\n"
    monkeypatch.setattr(sys, "stdin", StringIO(told))
    answer = call("init", "--config", tmp_path / "n", environment=DENVER)
    assert answer.code == 0
    settings = load(tmp_path / "n", {})
    assert (settings.newsroom, settings.timezone) == ("Metro Desk", "America/Denver")
    assert (settings.desk_at_once, settings.desk_digest) == (
        "slack:#immigration-desk",
        "email:metro-desk@newsroom.test",
    )
    assert settings.sources


def test_an_answer_that_cannot_be_used_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys, "stdin", StringIO("Metro\nDenver\nAmerica/Denver\nwhat\nempty\n\ndesk@example.org\n\n")
    )
    answer = call("init", "--config", tmp_path / "n")
    assert answer.code == 0
    asked = capsys.readouterr().err
    assert '"Denver" is not a time zone; write America/Denver' in asked
    assert "write Sanctuary cities, or empty" in asked
    assert "example.org is nobody's mailbox" in asked
    settings = load(tmp_path / "n", {})
    assert settings.sources == ()
    assert settings.desk_digest == ""


def test_questions_left_unanswered_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("Metro\n"))
    answer = call("init", "--config", tmp_path / "n")
    assert answer.code == 1
    assert "Stopped." in answer.err
    assert not (tmp_path / "n").exists()


def test_a_newsroom_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    call("init", "--yes", "--config", tmp_path)
    (tmp_path / "nightdesk.yaml").write_text("# ours\n")
    answer = call("init", "--yes", "--config", tmp_path)
    assert answer.code == 1
    assert "already; nothing was written" in answer.err
    assert answer.last_line == f"Next: nightdesk check --config {tmp_path}"
    assert (tmp_path / "nightdesk.yaml").read_text() == "# ours\n"


def test_the_environment_stands_in_for_the_desk(tmp_path: Path) -> None:
    environment = {"NIGHTDESK_DESK_SLACK": "night", "NIGHTDESK_DESK_EMAIL": "night@newsroom.test"}
    call("init", "--yes", "--config", tmp_path, environment=environment)
    settings = load(tmp_path, {})
    assert (settings.desk_at_once, settings.desk_digest) == ("slack:#night", "email:night@newsroom.test")


def test_an_answer_typed_wrong_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    answer = call("init", "--yes", "--timezone", "Mars/Olympus", "--config", tmp_path / "n")
    assert answer.code == 1
    assert '"Mars/Olympus" is not a time zone' in answer.err
    assert not (tmp_path / "n").exists()


def test_json_names_the_files(tmp_path: Path) -> None:
    answer = call("init", "--yes", "--empty", "--json", "--config", tmp_path)
    record = json.loads(answer.out)
    assert record["folder"] == str(tmp_path)
    assert record["written"][-1] == "nightdesk.yaml"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("#desk", "#desk"),
        ("desk", "#desk"),
        ("slack:#desk", "#desk"),
        ("C09DESKIMMI", "C09DESKIMMI"),
        ("", ""),
    ],
)
def test_a_channel_is_understood_with_and_without_its_sign(typed: str, meant: str) -> None:
    assert channel(typed) == meant


def test_the_machines_zone_is_one_that_exists() -> None:
    assert machine_zone({"TZ": ":Europe/Madrid"}) == "Europe/Madrid"
    assert machine_zone({"TZ": "Nowhere/Land"}) != "Nowhere/Land"
