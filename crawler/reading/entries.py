"""How does an entry of a feed become a clipping?

Every reader of feeds fills in an `Entry` with what stands there; here it passes the border: the address made
absolute, the title one clean line, dates checked, lengths bounded. What has no web address is no news that
can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from crawler.reading.dates import read_date
from news.lessons import NO_WISHES, Wishes
from news.markup import text_of
from news.nouns import Clipping
from news.text import clean_line

LONGEST_TITLE = 600  # characters; the longest headline in 37,000 has 400
LONGEST_SUMMARY = 20_000
LONGEST_CONTENT = 600_000
LONGEST_ADDRESS = 4_000
LONGEST_NAME = 200
MOST_AUTHORS = 20
MOST_ENTRIES = 2_000
MARK = 16  # letters: 64 bits

_WHOLE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#]|\Z)")
_SPACE = re.compile(r"[\x00-\x20\x7f]+")


@dataclass(frozen=True, slots=True)
class Feed:
    """What holds for all entries of a feed."""

    source_id: str
    # What relative addresses stand on.
    base: str
    now: datetime
    language: str | None = None
    wishes: Wishes = NO_WISHES


@dataclass(slots=True)
class Entry:
    """An entry as its publisher wrote it."""

    link: str = ""
    guid: str = ""
    # May the guid stand in for a missing link?
    guid_is_link: bool = False
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    language: str | None = None
    outlet: str = ""
    # Where relative addresses of this entry stand; "" means the feed's base.
    base: str = ""


def clipping_of(entry: Entry, feed: Feed) -> Clipping | None:
    """Return the clipping, or None when the entry has no web address."""
    address = address_of(entry, feed)
    return clipping_at(address, entry, feed) if address else None


def address_of(entry: Entry, feed: Feed) -> str:
    """Return an entry's web address, or "" when it has none."""
    base = urljoin(feed.base, entry.base) if entry.base else feed.base
    return absolute(entry.link, base) or (absolute(entry.guid, base) if entry.guid_is_link else "")


def mark_of(address: str, entry: Entry) -> str:
    """Return sixteen letters by which an entry is known again, as long as it says the same.

    Python's own hash reads a text where it lies, in half the time that another one takes for a copy. It is
    the same in all children of a program (`crawler/reading/children.py`), and in no other program.
    """
    said = (address, entry.title, entry.summary, entry.content, entry.published, entry.updated)
    return f"{hash(said) % 16**MARK:0{MARK}x}"


def clipping_at(address: str, entry: Entry, feed: Feed) -> Clipping:
    """Return the clipping of an entry that has this address."""
    return Clipping(
        source_id=feed.source_id,
        address=address,
        title=plain_line(entry.title)[:LONGEST_TITLE],
        summary=entry.summary.strip()[:LONGEST_SUMMARY],
        content=entry.content.strip()[:LONGEST_CONTENT],
        guid=_one_line(entry.guid)[:LONGEST_ADDRESS] or None,
        authors=tuple(filter(None, map(_name, entry.authors)))[:MOST_AUTHORS] if entry.authors else (),
        published=read_date(entry.published, now=feed.now) if entry.published else None,
        updated=read_date(entry.updated, now=feed.now) if entry.updated else None,
        language=entry.language or feed.language,
        outlet=(_name(entry.outlet) or None) if entry.outlet else None,
    )


@lru_cache(maxsize=500)
def _name(text: str) -> str:
    """Return a name as one clean line; a feed has a few of them, again and again."""
    return plain_line(text)[:LONGEST_NAME]


def plain_line(text: str) -> str:
    """Return what a title or a name says, without its markup, as one clean line."""
    return _one_line(text_of(text) if "&" in text or "<" in text else text)


def _one_line(text: str) -> str:
    """Return one clean line; what is in ASCII without odd spaces is one already, as most lines are."""
    if text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return clean_line(text)


def absolute(link: str, base: str) -> str:
    """Return the link as an absolute web address, or "" when it is none."""
    link = _SPACE.sub("", link) if _SPACE.search(link) else link
    if not link or len(link) > LONGEST_ADDRESS:
        return ""
    if _WHOLE.match(link):
        return link
    try:
        if urlsplit(link).scheme in {"http", "https"} and not urlsplit(link).netloc:
            return ""  # "http://" would become the feed's own address
        whole = urljoin(base, link)
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return whole if parts.scheme in {"http", "https"} and parts.netloc else ""
