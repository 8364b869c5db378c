"""What does a JSON Feed say (versions 1 and 1.1)?"""

from __future__ import annotations

import json
from typing import Any

from crawler.reading.entries import MOST_ENTRIES, Entry, Feed


def parse(text: str) -> dict[str, Any] | None:
    """Return a JSON Feed, or None when it is something else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        return None
    return found


def read_json(found: dict[str, Any], feed: Feed) -> tuple[Feed, list[Entry]]:
    """Return what the feed says of itself, and its entries in order."""
    home = _word(found, "home_page_url") or _word(found, "feed_url")
    language = _word(found, "language") or None
    feed = Feed(source_id=feed.source_id, base=feed.base or home, now=feed.now, language=language)
    everywhere = _authors(found)
    items = [item for item in found["items"] if isinstance(item, dict)][:MOST_ENTRIES]
    return feed, [_entry(item, everywhere) for item in items]


def _entry(item: dict[str, Any], authors: tuple[str, ...]) -> Entry:
    content = _word(item, "content_html") or _word(item, "content_text")
    return Entry(
        link=_word(item, "url") or _word(item, "external_url"),
        guid=_word(item, "id"),
        guid_is_link=True,
        title=_word(item, "title"),
        summary=_word(item, "summary"),
        content=content,
        authors=_authors(item) or authors,
        published=_word(item, "date_published"),
        updated=_word(item, "date_modified"),
        language=_word(item, "language") or None,
    )


def _word(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    listed = item.get("authors")
    people = listed if isinstance(listed, list) else [item.get("author")]
    return tuple(filter(None, (_word(person, "name") for person in people if isinstance(person, dict))))
