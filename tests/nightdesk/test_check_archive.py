"""What the archive says against a watchlist: `check --archive`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.nightdesk.desk import SANCTUARY, Desk

MONDAY = "The council meets again on Monday."
SEASON = timedelta(days=100)


def a_list(name: str, *lines: str, **fields: object) -> Mapping[str, Any]:
    """Return a watchlist of these lines, told to the desk."""
    return {**SANCTUARY, "id": name, "name": name.title(), "match": {"any": list(lines)}, **fields}


def told(desk: Desk) -> list[str]:
    """Return the first lines of what `check --archive` says."""
    ran = desk("check", "--archive")
    assert ran.code == 0
    return [line for line in ran.lines if line.startswith(("error", "warning"))]


def stands_since(desk: Desk, name: str, ago: timedelta) -> None:
    """Let a watchlist's file have said what it says for so long."""
    text = (desk.folder / "watchlists" / f"{name}.yaml").read_text(encoding="utf-8")
    desk.store.keep_text(name, text, now=desk.clock() - ago, who="files")


# ── Two watchlists ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def twins(new_desk: Callable[..., Desk]) -> Desk:
    """Return a newsroom with two watchlists that catch the same news by other words."""
    return new_desk(watchlists=[a_list("jail", "jail"), a_list("sheriff", "sheriff")])


def test_watchlists_that_caught_the_same_stories_are_told_with_the_numbers(twins: Desk) -> None:
    for number in range(9):
        twins.files(f"Sheriff opens jail number {number}", text=MONDAY)
    twins.files("Jail without a lawman", text=MONDAY)
    twins.files("Another jail without a lawman", text=MONDAY)
    twins.watches()
    said = "warning: 9 of the 9 stories on it in the last 30 days are on watchlists/jail.yaml too"
    assert told(twins) == [said]
    ran = twins("check", "--archive")
    assert "\n  watchlists/sheriff.yaml\n    write lines of its own, or one watchlist for both" in ran.out
    assert "watchlists/sheriff.yaml   1 warning" in ran.out
    assert "1 warning in 4 files." in ran.out


def test_stories_of_long_ago_do_not_count(twins: Desk) -> None:
    for number in range(9):
        twins.files(f"Sheriff opens jail number {number}", text=MONDAY)
    twins.watches()
    twins.clock.advance(timedelta(days=31))
    assert told(twins) == []


def test_the_name_of_a_private_watchlist_is_not_told(new_desk: Callable[..., Desk]) -> None:
    mine = [{"to": "email:one.editor@newsroom.test", "send": "at once"}]
    lists = [a_list("jail", "jail"), a_list("secret", "sheriff", private=True, deliver=mine)]
    desk = new_desk(watchlists=lists)
    for number in range(9):
        desk.files(f"Sheriff opens jail number {number}", text=MONDAY)
    desk.files("Sheriff alone", text=MONDAY)
    desk.watches()
    said = "warning: 9 of the 9 stories on it in the last 30 days are on a private watchlist too"
    assert told(desk) == [said]


def test_without_being_asked_the_archive_is_left_alone(twins: Desk) -> None:
    for number in range(9):
        twins.files(f"Sheriff opens jail number {number}", text=MONDAY)
    twins.watches()
    assert "warning" not in twins("check").out


def test_where_nothing_was_watched_there_is_nothing_to_ask(desk: Desk) -> None:
    ran = desk("check", "--archive")
    assert ran.code == 1
    assert "nothing was watched yet" in ran.err


def test_lines_that_another_watchlist_has_too_are_told_from_the_files_alone(
    new_desk: Callable[..., Desk],
) -> None:
    desk = new_desk(watchlists=[a_list("jail", "jail", "sheriff", "detainer"), a_list("law", "sheriff")])
    ran = desk("check")
    assert "warning: all its lines are in watchlists/jail.yaml too: every story on it is on both" in ran.out
    assert "^ write lines of its own, or one watchlist for both" in ran.out


# ── A line that finds nothing ─────────────────────────────────────────────────────────────────────────────


def test_a_line_that_found_nothing_in_a_season_is_told_with_its_place(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(watchlists=[a_list("jail", "jail", "zeppelin")])
    stands_since(desk, "jail", SEASON)
    desk.files("Jail opens", text=MONDAY)
    desk.watches()
    assert told(desk) == ["warning: this line found nothing in the last 90 days"]
    ran = desk("check", "--archive", "--json")
    (warning,) = [each for each in map(json.loads, ran.lines) if "problem" in each]
    line = (desk.folder / "watchlists" / "jail.yaml").read_text().splitlines()[warning["line"] - 1]
    assert "zeppelin" in line
    assert line[warning["column"] - 1 :].startswith('"zeppelin')


@pytest.mark.parametrize("ago", [timedelta(days=89), timedelta()])
def test_a_line_that_is_not_that_old_has_time_left(new_desk: Callable[..., Desk], ago: timedelta) -> None:
    desk = new_desk(watchlists=[a_list("jail", "jail", "zeppelin")])
    stands_since(desk, "jail", ago)
    desk.files("Jail opens", text=MONDAY)
    desk.watches()
    assert told(desk) == []


def test_a_line_that_always_stands_beside_others_is_not_silent(new_desk: Callable[..., Desk]) -> None:
    lines = [f"word{number}" for number in range(12)]
    desk = new_desk(watchlists=[a_list("many", *lines)])
    stands_since(desk, "many", SEASON)
    desk.files("All of them", text=f"{' and '.join(lines)}. {' and '.join(lines)}. {' or '.join(lines)}.")
    desk.watches()
    assert told(desk) == []


# ── What people keep ──────────────────────────────────────────────────────────────────────────────────────


def test_a_line_under_never_that_leaves_out_what_people_keep_is_told(new_desk: Callable[..., Desk]) -> None:
    match = {"any": ["sanctuary"], "never": ["animal sanctuary", "sanctuary lamp"]}
    desk = new_desk(watchlists=[{**a_list("city", "x"), "match": match}])
    desk.files("Animal sanctuary in a sanctuary city", text=MONDAY)
    desk.watches()
    desk("stories", "mark", "1", "--relevant")
    (said,) = told(desk)
    assert said == "warning: this leaves out 1 story marked as relevant: Animal sanctuary in a sanctuary city"


def test_words_after_not_that_leave_out_what_people_keep_are_told(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(watchlists=[a_list("city", "sanctuary AND NOT animal", "zeppelin")])
    desk.files("Animal sanctuary in a sanctuary city", text=MONDAY)
    desk.watches()
    desk("stories", "mark", "1", "--relevant")
    ran = desk("check", "--archive")
    assert "warning: this leaves out 1 story marked as relevant" in ran.out
    assert '"sanctuary AND NOT animal"' in ran.out


def test_a_story_that_is_no_longer_kept_is_no_reason(new_desk: Callable[..., Desk]) -> None:
    match = {"any": ["sanctuary"], "never": ["animal sanctuary"]}
    desk = new_desk(watchlists=[{**a_list("city", "x"), "match": match}])
    desk.files("Animal sanctuary in a sanctuary city", text=MONDAY)
    desk.watches()
    desk("stories", "mark", "1", "--relevant")
    desk("stories", "mark", "1", "--not-relevant")
    assert told(desk) == []
