"""What does a feed say that no strict parser can read?

feedparser's loose reading: twenty to ninety times slower, and it knows every mistake that publishers made in
twenty years. It is only ever given bytes to parse, never a name or an address, which it would open or fetch.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from crawler.reading.entries import MOST_ENTRIES, Entry, Feed

#: What feedparser has been seen to raise on damaged input (impossible character references, odd DOCTYPEs).
LOOSE_ERRORS = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    AssertionError,
    RuntimeError,
    OverflowError,
)


def read_loosely(text: str, feed: Feed) -> tuple[Feed, list[Entry]]:
    """Return what feedparser makes of it; nothing when it gives up."""
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8", "content-location": feed.base}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")), response_headers=headers)
    except LOOSE_ERRORS:
        return feed, []
    language = found.feed.get("language")
    feed = Feed(
        source_id=feed.source_id,
        base=feed.base or str(found.feed.get("link") or ""),
        now=feed.now,
        language=str(language)[:35] if language else None,
    )
    return feed, [_entry(entry) for entry in found.entries[:MOST_ENTRIES]]


def _entry(entry: Any) -> Entry:  # noqa: ANN401 - feedparser's own dictionary
    contents = [str(part.get("value") or "") for part in entry.get("content") or ()]
    source = entry.get("source") or {}
    return Entry(
        link=str(entry.get("feedburner_origlink") or entry.get("link") or ""),
        guid=str(entry.get("id") or ""),
        guid_is_link=bool(entry.get("guidislink")),
        title=str(entry.get("title") or ""),
        summary=str(entry.get("summary") or ""),
        content=max(contents, key=len, default=""),
        authors=tuple(str(author.get("name") or "") for author in entry.get("authors") or ()),
        published=str(entry.get("published") or entry.get("created") or ""),
        updated=str(dict.get(entry, "updated") or ""),  # its own `get` takes `published` for it, and warns
        outlet=str(source.get("title") or ""),
    )
