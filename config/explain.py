"""What is wrong in a file, where, and what should stand there instead?

A `Problem` knows its place to the character; `render` shows it as a person reads it: the sentence, the
place, the line, and a caret under the exact words with what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from news.errors import ConfigError

WIDEST_LINE = 96  # columns of a file's line that are shown; longer lines are cut around the caret
GUTTER = 5  # columns for a line's number
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in a file. Lines and columns count from 1; `end_column` is one past the last."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in one file."""

    # Relative to the newsroom's folder: "watchlists/county-jail.yaml".
    path: str
    # 0: the whole file, or the folder.
    line: int = 0
    column: int = 0
    # The column after the last wrong character, on the same line.
    end: int = 0
    # What is wrong, in words.
    what: str
    # What to write instead; follows "write".
    write: str = ""
    severity: Severity = "error"
    # The line as it stands in the file; "" when there is none to show. A secret in it is already hidden.
    text: str = ""

    @property
    def where(self) -> str:
        """The place as editors and terminals link it: "watchlists/county-jail.yaml:5:7"."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


class ProblemError(ConfigError):
    """A problem on its way up; many of them travel in an ExceptionGroup."""

    def __init__(self, problem: Problem) -> None:
        """Say the problem in one line."""
        advice = f"; write {problem.write}" if problem.write else ""
        super().__init__(f"{problem.where}: {problem.what}{advice}")
        self.problem = problem


def render(problems: Iterable[Problem]) -> str:
    """Return the problems as paragraphs for a terminal, errors first, without a final newline."""
    return "\n\n".join(_paragraph(problem) for problem in in_reading_order(problems))


def in_reading_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return errors before warnings, each in the order of the files and their lines."""
    return sorted(problems, key=lambda p: (p.severity != "error", p.path, p.line, p.column, p.what))


def count(problems: Sequence[Problem]) -> str:
    """Return "4 errors, 1 warning"; "ok" when there are none."""
    errors = sum(problem.severity == "error" for problem in problems)
    parts = [_plural(errors, "error")] if errors else []
    if len(problems) > errors:
        parts.append(_plural(len(problems) - errors, "warning"))
    return ", ".join(parts) or "ok"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was probably meant to be."""
    from difflib import get_close_matches

    by_folded = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), by_folded, n=1, cutoff=0.7)
    return by_folded[close[0]] if close else None


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _paragraph(problem: Problem) -> str:
    head = f"{problem.severity}: {problem.what}\n  {problem.where}"
    advice = f"write {problem.write}" if problem.write else ""
    if not problem.text.strip():
        return f"{head}\n    {advice}" if advice else head
    shown, before, wrong = _window(problem.text, problem.column - 1, problem.end - 1)
    caret = " " * _columns(before) + "^" * max(1, _columns(wrong))
    return f"{head}\n{problem.line:>{GUTTER}} | {shown}\n{'':>{GUTTER}} | {caret} {advice}".rstrip()


def _window(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return the part of a line to show, what of it stands before the caret, and what the caret is under."""
    plain = CONTROL.sub("·", text.replace("\t", " "))
    start = min(start, len(plain))
    end = max(start, min(end, len(plain)))
    cut = max(0, min(start - WIDEST_LINE // 2, len(plain) - WIDEST_LINE)) if len(plain) > WIDEST_LINE else 0
    shown, left = plain[cut : cut + WIDEST_LINE], "…" if cut else ""
    right = "…" if cut + WIDEST_LINE < len(plain) else ""
    return f"{left}{shown}{right}", left + plain[cut:start], plain[start : min(end, cut + WIDEST_LINE)]


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)
