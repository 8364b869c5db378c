"""What is printed where, and how?

Stdout is for what was asked for, stderr for everything else, so that a command can be piped. With --json
each line of stdout is one object. Colors only on a terminal, never with NO_COLOR; the last line of an error
is the next command. Whatever words hold, they move no cursor, turn no direction and begin no line of a table.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

WIDTH = 80  # columns; what every terminal shows

RED, YELLOW, BOLD, PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"
#: What is colored in text that was put in words elsewhere: "error:" and "warning:" at the start, carets.
HEADS = {"error": BOLD + RED, "warning": BOLD + YELLOW}
#: What a terminal obeys instead of showing it, and what turns or hides the words around it; colors are ours.
OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
HEAD = re.compile(r"^(error|warning)(?=:)|^( +\| +)(\^+)", re.MULTILINE)


#: Tells a progress bar how many steps were taken.
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """Prints for one command."""

    out: TextIO
    err: TextIO
    json: bool = False
    quiet: bool = False
    # Whether colors are welcome; whether they are shown is asked of each stream.
    color: bool = True

    def data(self, text: str = "") -> None:
        """Print what was asked for, for people; nothing with --json."""
        if not self.json:
            self._write(self.out, text)

    def record(self, facts: Mapping[str, object]) -> None:
        """Print one object in one line, with --json only."""
        if self.json:
            line = json.dumps(facts, ensure_ascii=False, default=str)
            self._write(self.out, OBEYED.sub(_escaped, line))

    def say(self, text: str = "") -> None:
        """Print a message beside the data; not with --quiet."""
        if not self.quiet:
            self._write(self.err, text)

    def trouble(self, what: str, *, then: str = "") -> None:
        """Print what went wrong, and as the last line the command to run next."""
        self._write(self.err, f"error: {what}" if "\n" not in what else what)
        if then:
            self._write(self.err, f"Next: {then}")

    def table(self, rows: Iterable[Sequence[str]], *, indent: str = "") -> None:
        """Print rows in columns; the last column is wrapped under itself."""
        for line in columns(rows, indent=indent):
            self.data(line)

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Advance]:
        """Show on a terminal how far a piece of work has come; elsewhere show nothing."""
        if self.quiet or self.json or not self.err.isatty():
            yield _no_steps
            return
        from click import progressbar

        with progressbar(length=total, label=label, file=self.err, color=self.color) as bar:
            yield bar.update

    def _write(self, stream: TextIO, text: str) -> None:
        shown = OBEYED.sub("", text)
        stream.write((colored(shown) if self.color and stream.isatty() else shown) + "\n")


def columns(rows: Iterable[Sequence[str]], *, indent: str = "", gap: int = 2) -> Iterator[str]:
    """Yield rows as lines whose columns stand under one another, `gap` spaces apart."""
    kept = [[" ".join(OBEYED.sub("", cell).splitlines()) for cell in row] for row in rows]
    if not kept:
        return
    widths = [
        max(len(row[n]) for row in kept if n < len(row) - 1 or n == 0) for n in range(max(map(len, kept)) - 1)
    ]
    for row in kept:
        start = indent + "".join(
            f"{cell:<{width + gap}}" for cell, width in zip(row[:-1], widths, strict=False)
        )
        yield from textwrap.wrap(
            row[-1],
            WIDTH,
            initial_indent=start,
            subsequent_indent=" " * len(start),
            break_long_words=False,
            break_on_hyphens=False,  # an address that is broken cannot be clicked on
        ) or [start.rstrip()]


def plural(number: int, noun: str) -> str:
    """Return "1 file" or "3 files"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def colored(text: str) -> str:
    """Return a text with its heads and carets in color."""
    return HEAD.sub(_in_color, text)


def _in_color(found: re.Match[str]) -> str:
    if found[1]:
        return f"{HEADS[found[1]]}{found[1]}{PLAIN}"
    return f"{found[2]}{RED}{found[3]}{PLAIN}"


def _escaped(found: re.Match[str]) -> str:
    """Return a character as JSON writes one that is not to stand there itself."""
    return f"\\u{ord(found[0]):04x}"


def _no_steps(steps: int) -> None:
    """Show nothing."""
