"""How is a file changed so that everything else in it stays: comments, order, line ends?

Only the letters of the value itself are replaced, at the place where the tree says it stands. What comes
out is read again and must say what was asked and otherwise what it said before; else nothing is changed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from config.reading import read_text
from config.tree import Atom, Listing, Node, Scalar, Table, plain
from news.errors import ConfigError

BOM = "\ufeff"  # some editors put it at a file's beginning
#: A line of a list: words, or settings.
Line = str | Mapping[str, object]
INDENT = 2  # columns; what the shipped files have
#: Words that may stand without quotation marks, and those among them that would not be words.
PLAIN = re.compile(r"[A-Za-z0-9](?:[^:#\[\]{},\"'\\\r\n\t]|:(?=[^\s,])|(?<=\S)#)*(?<! )")
COMMENT = re.compile(r" +(?=#)")  # the spaces before a comment: it stays where it stands while there is room
NOT_WORDS = re.compile(r"[-+.0-9][-+.0-9eExXoOa-fA-F_]*|true|false|null", re.IGNORECASE)


def change(text: str, path: tuple[str, ...], value: Atom) -> str:
    """Return a file's text with the setting at `path` changed, or added beside its neighbors.

    Raises:
        ConfigError: the file cannot be read, or the setting cannot be put there.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    *parents, name = path
    table, missing = _deepest(root, tuple(parents))
    entry = table.entries.get(name) if not missing else None
    if entry is not None:
        changed = _put(text, entry.key, entry.node, written(value))
    else:
        changed = _add(text, table, (*missing, name), written(value))
    return mark + _verified(changed, root, path, value)


def put_value(text: str, path: tuple[str, ...], value: str | list[object] | Mapping[str, object]) -> str:
    """Return a file's text with the setting at `path` changed to words, or to a list or settings on one line.

    Raises:
        ConfigError: the file cannot be read, or the setting cannot be put there.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    *parents, name = path
    table, missing = _deepest(root, tuple(parents))
    entry = table.entries.get(name) if not missing else None
    new = written(value) if isinstance(value, str) else braces(value)
    if entry is None:
        changed = _add(text, table, (*missing, name), new)
    elif isinstance(entry.node, Scalar):
        changed = _put(text, entry.key, entry.node, new)
    elif entry.node.flow:
        changed = text[: entry.node.start] + new + text[entry.node.end :]
    else:
        changed = text[: entry.key.end] + f": {new}" + text[_end(entry.node) :]
    return mark + _verified(changed, root, path, value)


def append(text: str, path: tuple[str, ...], line: str) -> str:
    """Return a file's text with one line more at the end of the list at `path`.

    Raises:
        ConfigError: the file cannot be read, or there is no list with a line in it.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    *parents, name = path
    table, missing = _deepest(root, tuple(parents))
    listing = table.entries[name].node if not missing and name in table else None
    if not isinstance(listing, Listing) or not listing.items:
        raise ConfigError("a line can be added only to a list that has one")
    at = _end(listing.items[-1])
    if listing.flow:
        changed = f"{text[:at]}, {written(line, flow=True)}{text[at:]}"
    else:
        dash = text.rindex("-", 0, listing.items[-1].start)
        changed = _insert_line(text, at, " " * _column(text, dash) + f"- {written(line)}")
    return mark + _verified(changed, root, path, [*(plain(item) for item in listing.items), line])


def rewrite_line(text: str, path: tuple[str, ...], before: str, after: str) -> str:
    """Return a file's text with one line of the list at `path` changed.

    Raises:
        ConfigError: the file cannot be read, or the line is not there.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    listing = _found(root, path)
    lines = listing.items if isinstance(listing, Listing) else ()
    node = next((each for each in lines if isinstance(each, Scalar) and each.value == before), None)
    if node is None or not isinstance(listing, Listing):
        what = f'the line "{before}" is not in the file any more'
        raise ConfigError(what)
    changed = _put(text, node, node, written(after, flow=listing.flow))
    wanted = [after if each is node else plain(each) for each in lines]
    return mark + _verified(changed, root, path, wanted)


def put_line(text: str, path: tuple[str, ...], line: Line) -> str:
    """Return a file's text with one line more at the end of the list at `path`.

    A list that is not there is made. A mapping is written as `{title: …, text: …}`.

    Raises:
        ConfigError: the file cannot be read, or the line cannot be put there.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    *parents, name = path
    table, missing = _deepest(root, tuple(parents))
    node = table.entries[name].node if not missing and name in table.entries else None
    before = [plain(item) for item in node.items] if isinstance(node, Listing) else []
    if node is None:
        changed = _add_list(text, table, (*missing, name), line)
    else:
        changed = _grown(text, table.entries[name].key, node, line)
    added = dict(line) if isinstance(line, Mapping) else line
    return mark + _verified(changed, root, path, [*before, added])


def take_line(text: str, path: tuple[str, ...], line: str) -> str:
    """Return a file's text without one line of the list at `path`; a comment beside it goes with it.

    Raises:
        ConfigError: the file cannot be read, or the line is not there.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    listing = _found(root, path)
    lines = listing.items if isinstance(listing, Listing) else ()
    places = [n for n, each in enumerate(lines) if isinstance(each, Scalar) and each.value == line]
    if not places or not isinstance(listing, Listing):
        what = f'the line "{line}" is not in the file'
        raise ConfigError(what)
    at = places[0]
    changed = _flow_without(text, listing, at) if listing.flow else _block_without(text, listing, at)
    if len(lines) == 1 and not listing.flow:
        inner, _ = _deepest(root, path[:-1])
        colon = text.index(":", inner.entries[path[-1]].key.end) + 1
        changed = f"{changed[:colon]} []{changed[colon:]}"
    return mark + _verified(changed, root, path, [plain(each) for n, each in enumerate(lines) if n != at])


def _flow_without(text: str, listing: Listing, at: int) -> str:
    lines = listing.items
    if at + 1 < len(lines):
        return text[: lines[at].start] + text[lines[at + 1].start :]
    begin = lines[at - 1].end if at else lines[at].start
    return text[:begin] + text[lines[at].end :]


def _block_without(text: str, listing: Listing, at: int) -> str:
    item = listing.items[at]
    begin = text.rfind("\n", 0, item.start) + 1
    end = text.find("\n", max(_end(item) - 1, 0))
    return text[:begin] + (text[end + 1 :] if end >= 0 else "")


def widen(text: str, name: str, inner: str) -> str:
    """Return a file's text in which the list under `name` stands under `inner` below it.

    `match: [jail]` becomes `match:` with `any: [jail]` below it, so that other lists find room beside it.

    Raises:
        ConfigError: the file cannot be read, or has no list there.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    listing = _found(root, (name,))
    if not isinstance(listing, Listing):
        what = f'"{name}" is not a list'
        raise ConfigError(what)
    colon = text.index(":", root.entries[name].key.end) + 1
    if root.flow:
        changed = (
            f"{text[: listing.start]}{{{inner}: {text[listing.start : listing.end]}}}{text[listing.end :]}"
        )
    else:
        end = text.find("\n", max(_end(listing) - 1, 0))
        lines = text[colon : end if end >= 0 else len(text)].split("\n")
        below = [f"{' ' * INDENT}{line}" if line.strip() and not listing.flow else line for line in lines[1:]]
        moved = "\n".join([f"{_line_end(text)}{' ' * INDENT}{inner}:{lines[0]}", *below])
        changed = text[:colon] + moved + (text[end:] if end >= 0 else "")
    return mark + _verified(changed, root, (name,), {inner: [plain(item) for item in listing.items]})


def _found(table: Table, path: tuple[str, ...]) -> Node | None:
    *parents, name = path
    inner, missing = _deepest(table, tuple(parents))
    return inner.entries[name].node if not missing and name in inner.entries else None


def _add_list(text: str, table: Table, names: tuple[str, ...], line: Line) -> str:
    """Add a list of one line below the settings of a group, or inside its braces."""
    last = list(table.entries.values())[-1] if table.entries else None
    if table.flow or last is None:
        return _add(text, table, names, f"[{_item(line, flow=True)}]")
    column = _column(text, last.key.start)
    lines = [" " * (column + INDENT * depth) + f"{name}:" for depth, name in enumerate(names)]
    lines.append(" " * (column + INDENT * len(names)) + f"- {_item(line, flow=False)}")
    return _insert_line(text, max(last.key.end, _end(last.node)), _line_end(text).join(lines))


def _grown(text: str, key: Scalar, node: Node, line: Line) -> str:
    """Return the text with a line more in a list that is there, full or empty."""
    if isinstance(node, Scalar) and node.value is None:
        return _put(text, key, node, f"[{_item(line, flow=True)}]")
    if not isinstance(node, Listing):
        raise ConfigError("a line can be added only to a list")
    if not node.items:
        return f"{text[: node.start]}[{_item(line, flow=True)}]{text[node.end :]}"
    at = _end(node.items[-1])
    if node.flow:
        return f"{text[:at]}, {_item(line, flow=True)}{text[at:]}"
    dash = text.rindex("-", 0, node.items[-1].start)
    return _insert_line(text, at, " " * _column(text, dash) + f"- {_item(line, flow=False)}")


def _item(line: Line, *, flow: bool) -> str:
    return written(line, flow=flow) if isinstance(line, str) else braces(line)


def braces(value: object) -> str:
    """Return a value on one line: settings in braces, a list in brackets."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {braces(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(braces, value)) + "]"
    return written(cast("Atom", value), flow=True)


def change_item(text: str, path: tuple[str, ...], id_: str, name: str, value: Atom) -> str:
    """Return a file's text with one setting changed, or added, in the item of a list that has this id.

    Raises:
        ConfigError: the file cannot be read, or has no such item.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    listing = _found(root, path)
    items = listing.items if isinstance(listing, Listing) else ()
    item = next((each for each in items if isinstance(each, Table) and _id_of(each) == id_), None)
    if item is None:
        what = f'"{id_}" is not in the file any more'
        raise ConfigError(what)
    entry = item.entries.get(name)
    flow = item.flow and isinstance(value, str)
    if entry is not None:
        changed = _put(text, entry.key, entry.node, written(value, flow=flow))
    else:
        changed = _add(text, item, (name,), written(value, flow=flow))
    wanted = [
        cast("dict[str, object]", plain(item)) | {name: value} if each is item else plain(each)
        for each in items
    ]
    return mark + _verified(changed, root, path, wanted)


def _id_of(item: Table) -> Atom:
    entry = item.entries.get("id")
    return entry.node.value if entry is not None and isinstance(entry.node, Scalar) else None


def written(value: Atom, *, flow: bool = False) -> str:
    """Return a value as it is written in YAML, with quotation marks only where it needs them."""
    if not isinstance(value, str):
        return "null" if value is None else str(value).lower()
    bare = PLAIN.fullmatch(value) and not NOT_WORDS.fullmatch(value)
    if (bare and not flow) or (bare and "," not in value):
        return value
    if any(ord(letter) < ord(" ") or letter in "\x7f\x85\u2028\u2029" for letter in value):
        raise ConfigError("a value is one line of letters that can be seen")
    if "'" not in value and ('"' in value or "\\" in value):
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def save(path: Path, text: str) -> None:
    """Write a file whole or not at all; its permissions stay."""
    mode = path.stat().st_mode if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode & 0o7777)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _root(text: str) -> Table:
    file = read_text("", text)
    if file.problems or not isinstance(file.root, Table):
        raise ConfigError("a file that cannot be read cannot be changed; run nightdesk check")
    return file.root


def _deepest(table: Table, names: tuple[str, ...]) -> tuple[Table, tuple[str, ...]]:
    """Return the innermost group of settings that is there, and the names that are not."""
    for number, name in enumerate(names):
        if name not in table.entries:
            return table, names[number:]
        inner = table.entries[name].node
        if not isinstance(inner, Table):
            what = f'"{name}" is not a group of settings'
            raise ConfigError(what)
        table = inner
    return table, ()


def _put(text: str, key: Scalar, node: Node, new: str) -> str:
    if not isinstance(node, Scalar):
        raise ConfigError("only a single value can be replaced")
    if node.start == node.end:
        colon = text.index(":", key.end) + 1
        return f"{text[:colon]} {new}{text[colon:]}"
    if node.style in ("|", ">"):
        return f"{text[: node.start]}{new}{_line_end(text)}{text[node.end :]}"
    comment = COMMENT.match(text, node.end)
    spaces = max(1, len(comment[0]) - (len(new) - (node.end - node.start))) if comment else 0
    return text[: node.start] + new + " " * spaces + text[comment.end() if comment else node.end :]


def _add(text: str, table: Table, names: tuple[str, ...], new: str) -> str:
    last = list(table.entries.values())[-1] if table.entries else None
    if table.flow:
        inner = ": {".join(names) + f": {new}" + "}" * (len(names) - 1)
        at = _end(last.node) if last else text.index("{", table.start) + 1
        return f"{text[:at]}{', ' if last else ''}{inner}{text[at:]}"
    if last is None:
        raise ConfigError("there is nothing beside which it could stand")
    column = _column(text, last.key.start)
    lines = [" " * (column + INDENT * depth) + f"{name}:" for depth, name in enumerate(names)]
    at = max(last.key.end, _end(last.node))
    return _insert_line(text, at, _line_end(text).join(lines) + f" {new}")


def _end(node: Node) -> int:
    """Return where the last letter of a node stands: a group's own end is where the next one begins."""
    if isinstance(node, Scalar) or node.flow:
        return node.end
    children = list(node.items) if isinstance(node, Listing) else [e.node for e in node.entries.values()]
    return _end(children[-1])


def _insert_line(text: str, at: int, line: str) -> str:
    """Insert a line below the one in which `at` stands, comments and block values included."""
    end = text.find("\n", max(at - 1, 0))
    if end < 0:
        return text + _line_end(text) + line
    return text[: end + 1] + line + _line_end(text) + text[end + 1 :]


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)


def _verified(changed: str, before: Table, path: tuple[str, ...], value: object) -> str:
    wanted = plain(before)
    inner = wanted
    for name in path[:-1]:
        inner = inner.setdefault(name, {}) if isinstance(inner, dict) else {}
    if isinstance(inner, dict):
        inner[path[-1]] = value
    if plain(_root(changed)) != wanted:
        raise ConfigError("this cannot be changed by itself; change it in a text editor")
    return changed
