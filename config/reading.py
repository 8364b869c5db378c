"""What does a YAML file say?

The parser is ruamel.yaml's (YAML 1.2: `22:00` and `no` stay words). Its composer alone is used, because
places are wanted and comments are not; a file is edited by its places too (`config/edit.py`). What cannot
be read becomes problems beside the tree.

ruamel.yaml takes 25 ms of CPU to import: what must start quickly imports this file late.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from config.explain import Place, Problem
from config.quick import compose
from config.tree import LINE_END, Atom, Entry, File, Listing, Node, Scalar, Table, hidden

LARGEST_FILE = 1_000_000  # bytes; the largest source list we know of has 40,000
#: What no editor shows and YAML refuses.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
WHOLE_NUMBER = re.compile(r"[-+]?[0-9]+\Z")
CORE_TAGS = frozenset({"str", "int", "float", "bool", "null", "seq", "map", "timestamp", "value", "merge"})


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
