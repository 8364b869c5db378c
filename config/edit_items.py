"""How is one item of a list changed or taken out, found by its id, so that the rest of the file stays?"""

from __future__ import annotations

from collections.abc import Mapping

from config.edit import (
    BOM,
    _block_without,
    _deepest,
    _end,
    _flow_without,
    _found,
    _id_of,
    _root,
    _verified,
    braces,
    put_line,
)
from config.tree import Listing, Node, Table, plain
from news.errors import ConfigError


def put_item(text: str, path: tuple[str, ...], item: Mapping[str, object]) -> str:
    """Return a file's text in which the item of a list with this id says this, or is added at the end.

    Raises:
        ConfigError: the file cannot be read, or the item cannot be put there.
    """
    mark, bare = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(bare)
    items = _items(root, path)
    old = next((each for each in items if isinstance(each, Table) and _id_of(each) == item["id"]), None)
    if old is None:
        return put_line(text, path, item)
    changed = bare[: old.start] + braces(item) + bare[_end(old) :]
    wanted = [dict(item) if each is old else plain(each) for each in items]
    return mark + _verified(changed, root, path, wanted)


def take_item(text: str, path: tuple[str, ...], id_: str) -> str:
    """Return a file's text without the item of a list that has this id; its comments go with it.

    Raises:
        ConfigError: the file cannot be read, or has no such item.
    """
    mark, text = text[: text.startswith(BOM)], text.removeprefix(BOM)
    root = _root(text)
    listing, items = _found(root, path), _items(root, path)
    places = [n for n, each in enumerate(items) if isinstance(each, Table) and _id_of(each) == id_]
    if not places or not isinstance(listing, Listing):
        what = f'"{id_}" is not in the file any more'
        raise ConfigError(what)
    at = places[0]
    changed = _flow_without(text, listing, at) if listing.flow else _block_without(text, listing, at)
    if len(items) == 1 and not listing.flow:
        inner, _ = _deepest(root, path[:-1])
        colon = text.index(":", inner.entries[path[-1]].key.end) + 1
        changed = f"{changed[:colon]} []{changed[colon:]}"
    return mark + _verified(changed, root, path, [plain(each) for n, each in enumerate(items) if n != at])


def _items(root: Table, path: tuple[str, ...]) -> tuple[Node, ...]:
    listing = _found(root, path)
    return listing.items if isinstance(listing, Listing) else ()
