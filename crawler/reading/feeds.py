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
from crawler.reading.entries import Entry, Feed, clipping_of
from crawler.reading.feed import FeedRead
from crawler.reading.mending import decode, is_ended, mended, undressed
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
    body: bytes, *, url: str = "", content_type: str = "", now: datetime, source_id: str = ""
) -> FeedRead:
    """Return the feed's entries, and what it asks of those who read it.

    Raises:
        ReadingError: these bytes are no feed.
    """
    start = Feed(source_id=source_id, base=url, now=now)
    body = body.lstrip(b" \t\r\n\x0b\x0c")  # feedparser needs quadratic time for blank lines
    feed, entries = _read(body, content_type, start)
    clippings = (clipping_of(entry, feed) for entry in entries)
    return FeedRead(clippings=tuple(one for one in clippings if one is not None), wishes=feed.wishes)


def _read(body: bytes, content_type: str, feed: Feed) -> tuple[Feed, list[Entry]]:
    root = xml_feeds.parse(body) if _says_utf8(body) else None
    if root is not None:
        return xml_feeds.read_tree(root, feed)
    text = decode(body, content_type=content_type)
    found: dict[str, Any] | None = json_feeds.parse(text) if text.lstrip("\ufeff \t\r\n")[:1] == "{" else None
    if found is not None:
        return json_feeds.read_json(found, feed)
    bare = undressed(text)
    root = xml_feeds.parse(mended(bare))
    if root is not None:
        return xml_feeds.read_tree(root, feed)
    return _read_broken(bare, feed)


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
