"""What news does this feed bring?

Three readings, the quick and strict one first. Well-formed feeds (nine of ten) are read straight from the
parser's tree; broken ones are mended and read the same way; what still is no XML goes to feedparser, and last
to a parser that makes something of anything.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from crawler.reading import json_feeds, loose_feeds, xml_feeds
from crawler.reading.entries import MARK, Entry, Feed, address_of, clipping_at, clipping_of, mark_of
from crawler.reading.feed import FeedRead
from crawler.reading.mending import decode, is_ended, mended, undressed
from crawler.stamps import are_the_feeds_own, born
from news.errors import ReadingError
from news.nouns import Clipping

LOOKED_AT = 100_000  # characters in which a feed, however broken, must have shown that it is one
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)


def read_feed_bytes(
    body: bytes, *, url: str = "", content_type: str = "", now: datetime, source_id: str = ""
) -> tuple[Clipping, ...]:
    """Return the feed's entries as clippings, in the feed's order.

    Raises:
        ReadingError: these bytes are no feed.
    """
    return read_feed(body, url=url, content_type=content_type, now=now, source_id=source_id).clippings


def read_feed(
    body: bytes,
    *,
    url: str = "",
    content_type: str = "",
    now: datetime,
    source_id: str = "",
) -> FeedRead:
    """Return the feed's entries, and what it asks of those who read it.

    Raises:
        ReadingError: these bytes are no feed.
    """
    feed, entries = _opened(body, content_type, Feed(source_id=source_id, base=url, now=now))
    clippings = (clipping_of(entry, feed) for entry in entries)
    return FeedRead(clippings=tuple(one for one in clippings if one is not None), wishes=feed.wishes)


def read_news(body: bytes, *, url: str, content_type: str, now: datetime, known: str = "") -> FeedRead:
    """Return the feed's entries that are not known by their marks, each address once.

    Of entries with one address the first is the newest: publishers put new ones on top. What most feeds bring
    is known, and what is known is neither looked at more closely nor carried to the parent.

    Raises:
        ReadingError: these bytes are no feed.
    """
    feed, entries = _opened(body, content_type, Feed(source_id="", base=url, now=now))
    if are_the_feeds_own([entry.updated for entry in entries if entry.updated], len(entries)):
        for entry in entries:
            entry.updated = ""
    once: dict[str, Entry] = {}
    for entry in entries:
        once.setdefault(address_of(entry, feed), entry)
    once.pop("", None)
    marks = [mark_of(address, entry) for address, entry in once.items()]
    old = {known[at : at + MARK] for at in range(0, len(known), MARK)}
    fresh = (
        born(clipping_at(address, entry, feed))
        for (address, entry), mark in zip(once.items(), marks, strict=True)
        if mark not in old
    )
    return FeedRead(clippings=tuple(fresh), wishes=feed.wishes, marks="".join(marks))


def _opened(body: bytes, content_type: str, start: Feed) -> tuple[Feed, list[Entry]]:
    # feedparser needs quadratic time for blank lines
    return _read(body.lstrip(b" \t\r\n\x0b\x0c"), content_type, start)


def _read(body: bytes, content_type: str, feed: Feed) -> tuple[Feed, list[Entry]]:
    read = xml_feeds.read_well_formed(body, feed) if _says_utf8(body) else None
    if read is not None:
        return read
    text = decode(body, content_type=content_type)
    found: dict[str, Any] | None = json_feeds.parse(text) if text.lstrip("\ufeff \t\r\n")[:1] == "{" else None
    if found is not None:
        return json_feeds.read_json(found, feed)
    bare = undressed(text)
    read = xml_feeds.read_well_formed(mended(bare).encode("utf-8", "replace"), feed)
    return read or _read_broken(bare, feed)


def _says_utf8(body: bytes) -> bool:
    """Whether the parser may have the bytes as they are: in UTF-8 and said to be, or nothing said."""
    head = body[:200].lower()
    return head.startswith(b"<") and (b"encoding" not in head.partition(b"?>")[0] or b"utf-8" in head)


def _read_broken(bare: str, feed: Feed) -> tuple[Feed, list[Entry]]:
    if not _FEED.search(bare, 0, LOOKED_AT):
        raise ReadingError("sends something that is not a feed")
    read, entries = loose_feeds.read_loosely(bare, feed)
    if not entries:
        root = xml_feeds.parse_broken(mended(bare))
        if root is None:
            raise ReadingError("sends something that is not a feed")
        read, entries = xml_feeds.read_tree(root, feed)
    if not entries:
        raise ReadingError("sends a broken feed without a single whole entry")
    # Of a feed that was cut off the last entry is a half: half an address is another address.
    return read, entries if is_ended(bare) else entries[:-1]
