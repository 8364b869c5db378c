"""What stands in a file, and where does each word of it stand?

A file is a tree of `Scalar`, `Listing` and `Table`, each with its `Place`. `config/reading.py` makes one of
bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from config.explain import Place, Problem, Severity

#: What is a secret wherever it stands: Slack's tokens and a webhook's address. And passwords in addresses.
SLACKS = r"xox[a-z](?:\.xox[a-z])?-[\w-]{8,}|xapp-[\w-]{8,}|https://hooks\.slack\.com/[^\s'\"]+"
LOOKS_SECRET = re.compile(rf"{SLACKS}|(?<=://)[^\s/@:'\"]*:[^\s/@'\"]+(?=@)")
LINE_END = re.compile(r"\r\n|\r|\n")
EXAMPLE = "user:password"  # what our own advice writes

Atom = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value: words, a number, true or false, or nothing."""

    value: Atom
    place: Place
    # [start, end) in the file's text, quotation marks included.
    start: int
    end: int
    # "'", '"', "|", ">" or "" for plain words.
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Values one after the other."""

    items: tuple[Node, ...]
    place: Place
    start: int
    end: int
    # [a, b] on one line, or a dash for each.
    flow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Settings by name."""

    entries: dict[str, Entry]
    place: Place
    start: int
    end: int
    # {a: 1} on one line, or a line for each.
    flow: bool = False

    def __getitem__(self, name: str) -> Node:
        """Return the value of a setting that is there."""
        return self.entries[name].node

    def __contains__(self, name: object) -> bool:
        """Whether the setting is there and has a value."""
        entry = self.entries.get(name) if isinstance(name, str) else None
        return entry is not None and not (isinstance(entry.node, Scalar) and entry.node.value is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A setting: where its name stands, and its value."""

    key: Scalar
    node: Node


Node = Scalar | Listing | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it was read. `root` is None when it is empty or cannot be read; then `problems` says why."""

    # Relative to the newsroom's folder, with "/".
    path: str
    text: str = ""
    # As they may be shown: what looks like a secret is hidden, letter by letter.
    lines: tuple[str, ...] = ()
    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, what: str, write: str = "", *, severity: Severity = "error") -> Problem:
        """Return a problem at a place of this file."""
        line = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        end = place.end_column if place.end_line == place.line else len(line.rstrip()) + 1
        return Problem(
            path=self.path,
            line=place.line,
            column=place.column,
            end=max(end, place.column + 1),
            what=hidden(what),
            write=hidden(write),
            severity=severity,
            text=line,
        )

    def where(self, place: Place) -> str:
        """Return the place in one word: "watchlists/county-jail.yaml:5:7"."""
        return f"{self.path}:{place.line}:{place.column}"


def hidden(text: str) -> str:
    """Return a text in which everything that looks like a secret is dots, as many as it has letters."""
    return LOOKS_SECRET.sub(lambda found: found[0] if found[0] == EXAMPLE else "•" * len(found[0]), text)


def walk(node: Node) -> Iterator[Scalar]:
    """Yield every value under a node, setting names left out."""
    if isinstance(node, Scalar):
        yield node
        return
    children = node.items if isinstance(node, Listing) else [entry.node for entry in node.entries.values()]
    for child in children:
        yield from walk(child)


def plain(node: Node | None) -> object:
    """Return what a node says, without places: values, lists and dicts."""
    if isinstance(node, Table):
        return {name: plain(entry.node) for name, entry in node.entries.items()}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return None if node is None else node.value
