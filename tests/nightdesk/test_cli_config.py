"""Can a newsroom see what Nightdesk understood, without seeing a secret?"""

from __future__ import annotations

import json
from pathlib import Path

from config.shape import SHIPPED
from tests.config.folders import SECRETS, a_folder
from tests.nightdesk.calling import call


def test_every_setting_is_shown_with_its_value_and_no_secret(tmp_path: Path) -> None:
    answer = call("config", "show", "--config", a_folder(tmp_path), environment=SECRETS)
    assert answer.code == 0
    shown = dict(line.split(maxsplit=1) for line in answer.out.splitlines() if len(line.split()) > 1)
    assert shown["newsroom"] == "Metro Desk"
    assert shown["channels.slack.token"] == "set"
    assert shown["channels.slack.webhook"] == "not set"
    assert shown["limits.per_hour"] == "4"
    assert shown["sources"] == "2"
    assert all(secret not in answer.out for secret in SECRETS.values())


def test_settings_are_one_object_with_json(tmp_path: Path) -> None:
    answer = call("config", "show", "--json", "--config", a_folder(tmp_path), environment=SECRETS)
    record = json.loads(answer.out)
    assert record["timezone"] == "America/Denver"
    assert record["database"] == "set"


def test_the_page_for_an_editor_is_printed(tmp_path: Path) -> None:
    answer = call("config", "schema", "sources", "--config", tmp_path)
    assert json.loads(answer.out) == json.loads((SHIPPED / "sources.schema.json").read_text())


def test_the_pages_are_written_into_the_newsrooms_folder(tmp_path: Path) -> None:
    answer = call("config", "schema", "--write", "--config", a_folder(tmp_path))
    assert answer.out == f"3 files written to {tmp_path / '.schema'}/\n"
    assert sorted(path.name for path in (tmp_path / ".schema").iterdir()) == [
        "nightdesk.schema.json",
        "sources.schema.json",
        "watchlist.schema.json",
    ]


def test_a_kind_of_file_that_is_not_there_is_typed_wrong() -> None:
    answer = call("config", "schema", "sorces")
    assert answer.code == 2
    assert answer.last_line == "Next: nightdesk config schema --help"
