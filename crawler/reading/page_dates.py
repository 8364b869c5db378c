"""When was this page published, where its JSON-LD does not say?

In what it says to machines, then in what it shows to readers, then in its address. A day without an hour is
made more exact by an hour that stands beside the same day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from typing import Any

from crawler.reading.dates import read_date
from crawler.reading.entries import plain_line
from crawler.reading.links import day_in

Element = Any  # lxml's elements

LONGEST_LINE = 120  # characters of an element that shows a date
LONGEST_DATE = 60
MOST_PLACES = 400  # elements looked at
MOST_ATTRIBUTES = 3_000  # elements whose attributes are looked at

NAMES = (
    "article:published_time", "og:article:published_time", "article:published", "parsely-pub-date",
    "datepublished", "date.published", "dc.date.issued", "dcterms.created", "dcterms.date", "dc.date",
    "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
    "publication-date", "cxenseparse:recs:publishtime", "date", "article_date_original",
)  # fmt: skip

_PLACE = re.compile(
    r"date|time|publi|posted|creat|stamp|fecha|datum|tarih|byline|meta|dateline", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"^data-.*(?:date|time|publi|deploy|-dt)", re.IGNORECASE)
_LATER = re.compile(
    r"updat|modif|actuali|aktuali|aggiorn|edit|re-?deploy|correct|g\u00fcncell", re.IGNORECASE
)
_PARTS = re.compile(r"\s[|·•]\s?|\s+[-\u2013\u2014]\s+(?=[^\d\s])|;|\s{2,}")
_YEAR = re.compile(r"\b(?:19|20)\d\d|\d[./]\d\d\b")
_BEGIN = re.compile(r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d", re.IGNORECASE)


def published_on(
    tree: Element, meta: Mapping[str, str], *, said: datetime | None, now: datetime
) -> datetime | None:
    """Return when a page was published; `said` is what its JSON-LD says."""
    found = said or _in_meta(meta, now)
    if found is not None and not _is_a_day(found):
        return found
    for moment in _shown(tree, now):
        if found is None or (moment.date() == found.date() and not _is_a_day(moment)):
            return moment
    return found


def day_of(*addresses: str, now: datetime) -> datetime | None:
    """Return the day that an address names."""
    return next((moment for each in addresses if each and (moment := read_date(day_in(each), now=now))), None)


def _in_meta(meta: Mapping[str, str], now: datetime) -> datetime | None:
    return next(
        (moment for name in NAMES if name in meta and (moment := read_date(meta[name], now=now))), None
    )


def _is_a_day(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)


def _shown(tree: Element, now: datetime) -> Iterator[datetime]:
    """Yield the dates that a page shows, the likeliest first."""
    words = chain(_times(tree), _attributes(tree), _lines(tree))
    yield from (moment for text in words if (moment := read_date(text, now=now)))


def _times(tree: Element) -> Iterator[str]:
    for element in tree.iterfind(".//time"):
        yield from _dates_in(element.get("datetime") or "")
        yield from _dates_in("".join(element.itertext()))


def _attributes(tree: Element) -> Iterator[str]:
    for element in islice(tree.iter("*"), MOST_ATTRIBUTES):
        for name, value in element.attrib.items():
            if _ATTRIBUTE.search(name) and not _LATER.search(name) and len(value) <= LONGEST_DATE:
                yield from _dates_in(value)


def _lines(tree: Element) -> Iterator[str]:
    """Yield what may be dates in elements that are called so."""
    named = (
        element
        for element in tree.iter(
            "span", "div", "p", "li", "small", "em", "b", "strong", "abbr", "a", "td", "dd", "cite", "i"
        )
        if _PLACE.search(
            f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        )
    )
    for element in islice(named, MOST_PLACES):
        line = "".join(element.itertext())
        if len(line) <= LONGEST_LINE * 3:
            yield from _dates_in(line)
    for text in islice(_short_texts(tree), MOST_PLACES):
        yield from _dates_in(text)


def _short_texts(tree: Element) -> Iterator[str]:
    """Yield short texts with a year and an hour in them, wherever they stand."""
    for text in tree.itertext():
        if len(text) <= LONGEST_LINE and ":" in text and _YEAR.search(text):
            yield text


def _dates_in(text: str) -> Iterator[str]:
    """Yield what may be a date in a line: whole, and from its first number or month on; never an update's."""
    for part in _PARTS.split(text.strip()):
        line = plain_line(part) if part else ""
        if not line or len(line) > LONGEST_LINE:
            continue
        begin = _BEGIN.search(line)
        if begin is None or _LATER.search(line[: begin.start()]):
            continue
        yield line[begin.start() :][:LONGEST_DATE].rstrip(" ,.|")
