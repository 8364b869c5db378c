"""What did a single-site spider write?

`crawler/items.py` says in what form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.reading.entries import MOST_ENTRIES, Entry, Feed, clipping_of
from news.errors import ReadingError
from news.nouns import Clipping


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """What a spider found, and what kept it from finding more."""

    clippings: tuple[Clipping, ...]
    # "what", "reason" and "gone", or None.
    trouble: Mapping[str, Any] | None = None


def read_items_bytes(body: bytes, *, url: str, now: datetime) -> Items:
    """Return the items of a spider's run as clippings, in its order.

    Raises:
        ReadingError: what it printed are no items, or none of them has an address.
    """
    feed = Feed(source_id="", base=url, now=now)
    clippings: list[Clipping] = []
    trouble: Mapping[str, Any] | None = None
    seen = 0
    for line in body.decode("utf-8", "replace").splitlines():
        said = _line(line)
        trouble = trouble or said.get("trouble")
        item = said.get("item")
        if isinstance(item, dict):
            seen += 1
            clipping = clipping_of(_entry(item), feed)
            clippings += [clipping] if clipping else []
    if seen and not clippings:
        raise ReadingError('has a spider whose items have no address ("url")')
    return Items(clippings=tuple(clippings[:MOST_ENTRIES]), trouble=trouble)


def _line(line: str) -> dict[str, Any]:
    """Return what a line says; a spider may print what it likes besides its items."""
    try:
        said = json.loads(line) if line.startswith("{") else {}
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _entry(item: Mapping[str, Any]) -> Entry:
    authors = item.get("authors") or item.get("author") or ()
    return Entry(
        link=_word(item, "url", "address", "link"),
        guid=_word(item, "guid", "id"),
        title=_word(item, "title"),
        summary=_word(item, "summary"),
        content=_word(item, "content", "text"),
        authors=(authors,) if isinstance(authors, str) else tuple(filter(None, map(str, authors))),
        published=_word(item, "published", "date"),
        updated=_word(item, "updated"),
        language=_word(item, "language") or None,
    )


def _word(item: Mapping[str, Any], *names: str) -> str:
    return next((str(item[name]) for name in names if item.get(name)), "")
