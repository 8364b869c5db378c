"""A newsroom looks after its archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.schema import VERSIONS
from storage.sole import hold
from tests.nightdesk.desk import Desk
from tests.nouns import DAY

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.files(HEADLINE)
    desk.watches()
    desk.sends()
    return desk


def test_a_copy_goes_beside_the_archive_and_its_name_says_when(desk: Desk) -> None:
    ran = desk("db", "backup")
    assert ran.code == 0
    copy = Path(ran.lines[0])
    assert copy.parent == Path(desk.database.removeprefix("sqlite:///")).parent / "backups"
    assert copy.name == "nightdesk-20260318T180000Z.jsonl.gz"
    assert " rows, " in ran.err


def test_a_copy_is_made_while_nightdesk_runs(desk: Desk, tmp_path: Path) -> None:
    with hold(desk.database, who="run"):
        ran = desk("db", "backup", str(tmp_path / "copy.jsonl.gz"), "--json")
    assert ran.code == 0
    assert ran.records[0]["rows"] > 10


def test_a_copy_is_put_back_and_what_was_there_is_kept(desk: Desk, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.jsonl.gz")
    desk("db", "backup", copy)
    before = desk.contents()
    desk.files("Something else")
    desk.close()
    refused = desk("db", "restore", copy)
    assert (refused.code, refused.out) == (1, "")
    assert "add --replace" in refused.err
    ran = desk("db", "restore", copy, "--replace")
    assert ran.code == 0
    assert "What was there before is in " in ran.err
    assert desk.contents() == before


def test_nothing_is_restored_while_nightdesk_runs(desk: Desk, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.jsonl.gz")
    desk("db", "backup", copy)
    with hold(desk.database, who="run"):
        ran = desk("db", "restore", copy, "--replace")
    assert ran.code == 1
    assert "Nightdesk is running on this database already" in ran.err
    assert ran.last.startswith("Next: nightdesk status")


def test_pruning_shows_before_it_removes(desk: Desk) -> None:
    desk.clock.advance(31 * DAY)
    shown = desk("db", "prune")
    assert "1 full text older than 30 days" in shown.flat
    assert "To remove it: nightdesk db prune --yes" in shown.err
    assert desk("db", "prune").flat == shown.flat
    removed = desk("db", "prune", "--yes")
    assert removed.flat == shown.flat
    assert removed.err == "Removed.\n"
    assert "0 full texts" in desk("db", "prune").flat


def test_an_archive_that_is_up_to_date_says_so(desk: Desk) -> None:
    assert desk("db", "upgrade").flat == f"It is up to date: version {VERSIONS[-1]}."


def test_the_size_of_the_archive_is_told_in_words(desk: Desk) -> None:
    ran = desk("db", "stats")
    assert "1 article " in ran.flat
    assert "1 sent message " in ran.flat
    assert "kB" in ran.lines[0]
    (facts,) = desk("db", "stats", "--json").records
    assert facts["rows"]["articles"] == 1


def test_an_archive_that_is_not_there_yet_is_no_mystery(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    for verb in ("backup", "prune", "upgrade", "stats"):
        ran = desk("db", verb)
        assert ran.code == 1
        assert "nothing was watched yet" in ran.err
        assert ran.last.startswith("Next: nightdesk run")
    assert not Path(desk.database.removeprefix("sqlite:///")).exists()
