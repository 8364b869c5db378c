"""What `check` says about a watchlist's lines beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from config.fields import Kind
from news.matching.sense import KINDS
from tests.config.folders import told

WATCHLIST = """\
name: County jail
match:
  any:
    - county jail
    - '"county jail" death'
    - prison
  never:
    - county jail
    - {never}
deliver: desk
"""


def test_a_line_that_never_leaves_out_again_is_shown_in_its_place(tmp_path: Path) -> None:
    problems = told(tmp_path, watchlist=WATCHLIST.replace("{never}", "horoscope"))
    what = (
        "this line finds nothing: never leaves all of it out, by: county jail | one of the two more narrowly"
    )
    assert problems == [f"watchlists/sanctuary-cities.yaml:4 «county jail» {what}"]


def test_lists_are_compared_once_every_line_can_be_read(tmp_path: Path) -> None:
    [problem] = told(tmp_path, watchlist=WATCHLIST.replace("{never}", "horoscope AND"))
    assert "AND needs words on both sides" in problem


def test_the_kinds_of_sources_that_a_line_may_name_are_those_of_the_settings() -> None:
    assert get_args(get_args(Kind)[0]) == KINDS
