"""What does a YAML file say, and where in it does each word stand?

A file becomes a tree of `Scalar`, `Listing` and `Table`, each with its `Place`; what cannot be read becomes
problems beside it. The parser is ruamel.yaml's (YAML 1.2: `22:00` and `no` stay words). Its composer alone is
used, because places are wanted and comments are not; a file is edited by its places too (`config/edit.py`).

ruamel.yaml takes 25 ms of CPU to import: what must start quickly imports this file late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from config.explain import Place, Problem, Severity
from config.quick import compose

LARGEST_FILE = 1_000_000  # bytes; the largest source list we know of has 40,000
#: What no editor shows and YAML refuses.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile(r"\r\n|\r|\n")
WHOLE_NUMBER = re.compile(r"[-+]?[0-9]+\Z")
#: What looks like a token, a webhook's address or a password in an address: never shown.
LOOKS_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+|xapp-[\w-]+|https://hooks\.slack\.com/[^\s'\"]*|(?<=://)[^\s/@:'\"]*:[^\s/@'\"]+(?=@)"
)
EXAMPLE = "user:password"  # what our own advice writes
CORE_TAGS = frozenset({"str", "int", "float", "bool", "null", "seq", "map", "timestamp", "value", "merge"})

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


def read_bytes(path: str, body: bytes) -> File:
    """Return the tree of a file's bytes, and the problems that stand in the way of one."""
    if len(body) > LARGEST_FILE:
        return _unreadable(path, "this is larger than 1 MB: it is not a file of settings", "")
    try:
        return read_text(path, body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return _not_utf8(path, body, error)


def read_text(path: str, text: str) -> File:
    """Return the tree of a file's text."""
    text = text.removeprefix("\ufeff")
    file = File(path=path, text=text, lines=tuple(LINE_END.split(hidden(text))))
    if unseen := UNSEEN.search(text):
        file.problems.append(_unseen(file, unseen.start()))
        return file
    try:
        composed = compose(text)
    except YAMLError as error:
        from config.grammar import problem

        file.problems.append(problem(error, file))
        return file
    except RecursionError:
        return _unreadable(path, "lists and settings are nested too deeply here", "fewer levels")
    if composed is None:
        return file
    return replace(file, root=_Walker(file).node(composed))


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


def _unreadable(path: str, what: str, write: str) -> File:
    return File(path=path, problems=[Problem(path=path, what=what, write=write)])


def _unseen(file: File, at: int) -> Problem:
    before = LINE_END.split(file.text[:at])
    line, column = len(before), len(before[-1]) + 1
    place = Place(line=line, column=column, end_line=line, end_column=column + 1)
    return file.problem(place, "a character stands here that nobody can see", "the line again, without it")


def _not_utf8(path: str, body: bytes, error: UnicodeDecodeError) -> File:
    good = body[: error.start].decode("utf-8-sig", errors="replace")
    lines = LINE_END.split(good)
    rest = LINE_END.split(body[error.start :].decode("utf-8", errors="replace"))[0]
    problem = Problem(
        path=path,
        line=len(lines),
        column=len(lines[-1]) + 1,
        end=len(lines[-1]) + 2,
        what="this letter is not in UTF-8",
        write="the file again from your editor, with the encoding UTF-8",
        text=lines[-1] + rest,
    )
    return File(path=path, problems=[problem])


class _Walker:
    """Turn ruamel's nodes into ours, and collect what YAML allows and we do not."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._seen: set[int] = set()

    def node(self, given: YamlNode) -> Node:
        """Return our node; a tag or a second use of an anchor is a problem."""
        place = _place(given)
        if id(given) in self._seen:
            self._say(
                place,
                "another line's value is used here by its name",
                "the value itself; & and * are not read",
            )
            return Scalar(value=None, place=place, start=0, end=0)
        self._seen.add(id(given))
        tag = str(given.tag).removeprefix("tag:yaml.org,2002:")
        if tag not in CORE_TAGS:
            self._say(place, "a tag (a word after !) means nothing here", "the value in quotation marks")
        if isinstance(given, ScalarNode):
            return self._scalar(given, tag, place)
        if isinstance(given, SequenceNode):
            return self._listing(given, place)
        if isinstance(given, MappingNode):
            return self._table(given, place)
        raise TypeError(type(given))

    def _scalar(self, given: ScalarNode, tag: str, place: Place) -> Scalar:
        start, end = given.start_mark.index, given.end_mark.index
        style = str(given.style or "")
        if not style and place.end_line > place.line:
            self._swallowed_dash(place)
        return Scalar(value=_value(given.value, tag), place=place, start=start, end=end, style=style)

    def _swallowed_dash(self, place: Place) -> None:
        """A dash that is indented more than the ones above it joins their line: a line silently missed."""
        for number in range(place.line + 1, place.end_line + 1):
            line = self._file.lines[number - 1]
            if line.lstrip().startswith("- "):
                column = len(line) - len(line.lstrip()) + 1
                at = Place(line=number, column=column, end_line=number, end_column=column + 1)
                self._say(
                    at,
                    "this is read as part of the line above it",
                    "as many spaces before - as in the line above",
                )

    def _listing(self, given: SequenceNode, place: Place) -> Listing:
        items = tuple(self.node(item) for item in given.value)
        start, end = given.start_mark.index, given.end_mark.index
        return Listing(items=items, place=place, start=start, end=end, flow=bool(given.flow_style))

    def _table(self, given: MappingNode, place: Place) -> Table:
        entries: dict[str, Entry] = {}
        for key_node, value_node in given.value:
            key, value = self.node(key_node), self.node(value_node)
            if not isinstance(key, Scalar):
                self._say(key.place, "a setting's name is one word", "a word and a colon")
                continue
            name = key_node.value
            if name in entries:
                first = entries[name].key.place.line
                self._say(
                    key.place, f'"{name}" is written twice, first in line {first}', "both under one of them"
                )
                continue
            if isinstance(value, Scalar) and value.start == value.end:
                value = replace(
                    value, place=key.place
                )  # nothing is written: the name is what can be pointed at
            entries[name] = Entry(key=key, node=value)
        start, end = given.start_mark.index, given.end_mark.index
        return Table(entries=entries, place=place, start=start, end=end, flow=bool(given.flow_style))

    def _say(self, place: Place, what: str, write: str) -> None:
        self._file.problems.append(self._file.problem(place, what, write))


def _place(node: YamlNode) -> Place:
    start, end = node.start_mark, node.end_mark
    return Place(
        line=start.line + 1, column=start.column + 1, end_line=end.line + 1, end_column=end.column + 1
    )


def _value(text: str, tag: str) -> Atom:
    """Return the value that YAML 1.2 gives a plain word; a quoted one always has the tag of words."""
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int" and WHOLE_NUMBER.match(text):
        return int(text)
    if tag == "float":
        return _float(text)
    return text


def _float(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
