"""Every class of trouble is on the page that says what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

from news.troubles import FIXES, fix_of

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "keep-sources-healthy.md"


def test_the_page_names_every_class_once_and_no_other() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## What can be wrong")[2]
    named = re.findall(r"^\| ([a-z ]+) \| [A-Z]", table, re.MULTILINE)
    assert sorted(named) == sorted(FIXES)


def test_what_to_do_is_a_sentence_or_nothing() -> None:
    assert all(not fix or (fix[0].isupper() and fix.endswith(".")) for fix in FIXES.values())
    assert fix_of("a class of another version") == ""
