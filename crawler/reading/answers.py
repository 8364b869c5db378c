"""What entries stand in a program's answer (JSON), as the newsroom's declaration says where?"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from crawler.reading.dates import read_date
from crawler.reading.entries import MOST_ENTRIES, Entry, Feed, absolute, clipping_of
from crawler.reading.mending import decode
from news.errors import ReadingError
from news.nouns import Clipping
from news.source_rules import JsonRule

LONGEST = 200_000  # characters of a line that was put together
DEEPEST = 20  # names in a path
MOST_WORDS = 50  # values of a list that are put into one line
_HOLE = re.compile(r"\{([^{}]{1,200})\}")


def read_answer_bytes(
    body: bytes, rule: JsonRule, *, url: str = "", content_type: str = "", now: datetime
) -> tuple[tuple[Clipping, ...], str]:
    """Return the entries of an answer in its order, and the address of the next page ("" on the last).

    Raises:
        ReadingError: it is no JSON, or has no list where the declaration says.
    """
    try:
        found = json.loads(decode(body, content_type=content_type or "application/json"))
    except (ValueError, RecursionError) as problem:
        raise ReadingError("sends something that is not JSON") from problem
    listed = value_at(found, rule.items) if rule.items else found
    if not isinstance(listed, list):
        where = f'under "{rule.items}"' if rule.items else "at its top"
        what = f"sends JSON without a list {where}; see json: items: in its declaration"
        raise ReadingError(what)
    feed = Feed(source_id="", base=url, now=now)
    entries = [_entry(item, rule, now) for item in listed[:MOST_ENTRIES] if isinstance(item, dict)]
    clippings = tuple(clip for entry in entries if (clip := clipping_of(entry, feed)) is not None)
    if listed and not clippings:
        what = f'sends entries without an address; see json: link: in its declaration ("{rule.link}")'
        raise ReadingError(what)
    following = absolute(said(found, rule.next, now), url) if rule.next else ""
    return clippings, "" if following == url else following


def _entry(item: dict[str, Any], rule: JsonRule, now: datetime) -> Entry:
    text = said(item, rule.text, now)
    return Entry(
        link=said(item, rule.link, now),
        title=said(item, rule.title, now),
        content=text,
        published=said(item, rule.published, now),
    )


def said(item: object, path: str, now: datetime) -> str:
    """Return the words at a path, or a line of words with what stands at the paths in its braces.

    `{when|day}` writes a date as a person would: "March 18, 2026".
    """
    if not path:
        return ""
    if "{" not in path:
        return _words(value_at(item, path))

    def fill(hole: re.Match[str]) -> str:
        name, _, form = hole[1].partition("|")
        words = _words(value_at(item, name.strip()))
        return _day(words, now) if form.strip() == "day" else words

    return " ".join(_HOLE.sub(fill, path).split())[:LONGEST]


def value_at(item: object, path: str) -> object:
    """Return what stands at a path such as "data.items.0.title", or None."""
    for name in path.split(".")[:DEEPEST]:
        if isinstance(item, dict):
            item = item.get(name)
        elif isinstance(item, list) and name.isascii() and name.isdigit() and int(name) < len(item):
            item = item[int(name)]
        else:
            return None
    return item


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_words, value[:MOST_WORDS])))
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _day(words: str, now: datetime) -> str:
    """Return a date in words; council calendars name days far ahead, which no publication date may be."""
    moment = read_date(words, now=now.replace(year=now.year + 2, day=1))
    return f"{moment:%B} {moment.day}, {moment.year}" if moment else words
