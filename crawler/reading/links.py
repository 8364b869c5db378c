"""What does a link on a page say: the headline, the day, the words beside it?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from crawler.reading.dates import read_date
from crawler.reading.entries import MOST_ENTRIES, Entry, Feed, absolute, clipping_of
from crawler.reading.trees import Element, line_of
from news.nouns import Clipping

MOST_LINKS = 5_000  # on one page that are looked at
WIDEST_ITEM = 6  # steps up from a link to what stands around it
LONGEST_DATE = 60  # characters of an element that may be a date
HEADLINE = 3  # words; a shorter link ("Read more") has its headline beside it
SUMMARY = 8  # words of a paragraph that tells what a link is about

_DAY_IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|\Z)"
)
_DATED = re.compile(r"date|time|posted|published", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def clippings_of(
    links: Iterable[Element], *, url: str, now: datetime, language: str | None = None
) -> tuple[Clipping, ...]:
    """Return the entries that these links make; of several links to one address, the one with a headline."""
    feed = Feed(source_id="", base=url, now=now, language=language)
    kept: dict[str, Clipping] = {}
    page = url.partition("#")[0]
    for _, link in zip(range(MOST_LINKS), links, strict=False):
        clipping = clipping_of(_entry(link, url, now), feed)
        if clipping is None or clipping.address.partition("#")[0] == page:
            continue
        known = kept.get(clipping.address)
        if known is None or len(clipping.title) > len(known.title):
            kept[clipping.address] = clipping
    return tuple(kept.values())[:MOST_ENTRIES]


def _entry(link: Element, url: str, now: datetime) -> Entry:
    item = item_of(link)
    address = absolute(link.get("href") or "", url)
    return Entry(
        link=address,
        title=headline_of(link, item),
        summary=_summary(item, link),
        published=date_beside(item, address, now),
    )


def item_of(link: Element) -> Element:
    """Return the largest element around a link in which no other address is linked."""
    item, href = link, link.get("href")
    for _ in range(WIDEST_ITEM):
        around = item.getparent()
        if around is None or around.tag in {"body", "main", "html"}:
            break
        if any(other.get("href") != href for other in around.iter("a") if other.get("href")):
            break
        item = around
    return item


def headline_of(link: Element, item: Element) -> str:
    """Return the words of a link, or the heading beside it where the link says only "Read more"."""
    inner = next((line for tag in _HEADINGS for each in link.iter(tag) if (line := line_of(each))), "")
    words = inner or line_of(link)
    if len(words.split()) >= HEADLINE:
        return words
    headings = (line for tag in _HEADINGS for each in item.iter(tag) if (line := line_of(each)))
    named = link.get("title") or link.get("aria-label") or ""
    return next(headings, "") or (named if len(named) > len(words) else words)


def _summary(item: Element, link: Element) -> str:
    if item is link:
        return ""
    lines = (line_of(each) for each in item.iter("p"))
    return next((line for line in lines if len(line.split()) >= SUMMARY), "")


def date_beside(item: Element, address: str, now: datetime) -> str:
    """Return the date that stands beside a link, or in its address; "" when there is none."""
    for element in item.iter("time"):
        for words in (element.get("datetime") or "", line_of(element)):
            if read_date(words, now=now):
                return words
    for element in item.iter():
        if isinstance(element.tag, str) and _DATED.search(element.get("class") or ""):
            words = line_of(element)
            if len(words) <= LONGEST_DATE and read_date(words, now=now):
                return words
    return day_in(address) or _bare_date(item, now)


def day_in(address: str) -> str:
    """Return the day that an address names: /2026/03/18/council."""
    found = _DAY_IN_ADDRESS.search(urlsplit(address).path)
    return f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}" if found and found[3] else ""


def _bare_date(item: Element, now: datetime) -> str:
    """Return a date that stands by itself among an item's words."""
    for text in item.itertext():
        words = " ".join(text.split()).strip("|·• -\u2013")
        if (
            len(words) <= LONGEST_DATE
            and any(letter.isdigit() for letter in words)
            and read_date(words, now=now)
        ):
            return words
    return ""
