"""What news does this sitemap name?

A news sitemap lists what an outlet published in the last two days, with headline and minute; an index lists
sitemaps. Only what is recent is taken: some outlets leave years of addresses standing.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from crawler.reading.dates import read_date
from crawler.reading.entries import MOST_ENTRIES, Entry, Feed, absolute, clipping_of
from news.errors import ReadingError
from news.nouns import Clipping

RECENT = timedelta(days=3)  # publishers keep two days; a time zone and a slow night are the third
LARGEST = 30 * 1024 * 1024  # bytes once unpacked; the protocol allows 50, which the child could not hold
GZIP = b"\x1f\x8b"
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap lists: articles, or other sitemaps, the most promising first."""

    clippings: tuple[Clipping, ...] = ()
    maps: tuple[str, ...] = ()


@dataclass(slots=True)
class _Row:
    """One <url> or <sitemap>, as it stands there."""

    kind: str
    loc: str = ""
    lastmod: str = ""
    title: str = ""
    published: str = ""
    language: str = ""
    is_news: bool = False


#: Which element fills which field; the news elements are known by their names whatever their prefix.
_FIELDS = {
    "loc": "loc",
    "lastmod": "lastmod",
    "title": "title",
    "publication_date": "published",
    "language": "language",
}
_OTHERS = frozenset({"image", "video", "xhtml"})  # extensions that have titles and addresses of their own


def read_sitemap_bytes(body: bytes, *, url: str = "", now: datetime) -> Sitemap:
    """Return what a sitemap lists, packed or not.

    Raises:
        ReadingError: these bytes are no sitemap.
    """
    rows = list(_rows(_unpacked(body)))
    feed = Feed(source_id="", base=url, now=now)
    listed = [row for row in rows if row.kind == "url"]
    entries = [_entry(row) for row in _recent(listed, now)]
    clippings = [clipping for entry in entries if (clipping := clipping_of(entry, feed)) is not None]
    newest = sorted(clippings, key=lambda each: each.published or each.updated or now, reverse=True)
    return Sitemap(
        clippings=tuple(newest[:MOST_ENTRIES]),
        maps=tuple(_promising([row for row in rows if row.kind == "sitemap"], url, now)),
    )


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(GZIP):
        return body.lstrip()
    try:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        text = unpacker.decompress(body, LARGEST)
    except zlib.error as problem:
        raise ReadingError("sends something that is not a sitemap") from problem
    if unpacker.unconsumed_tail:
        raise ReadingError("sends a sitemap that is larger than we take in")
    return text.lstrip()


def _rows(body: bytes) -> Iterator[_Row]:
    """Yield what is listed, letting go of each part of the tree once it is read."""
    options: dict[str, Any] = {"recover": True, "resolve_entities": False, "no_network": True}
    steps = etree.iterparse(io.BytesIO(body), events=("start", "end"), **options)
    root = ""
    try:
        for event, element in steps:
            name = _local(element)
            root = root or name
            if root not in {"urlset", "sitemapindex"}:
                break
            if event == "end" and name in {"url", "sitemap"}:
                yield _row(element, name)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except (etree.XMLSyntaxError, UnicodeDecodeError) as problem:  # lxml keeps bytes that are no letters
        if not root:
            raise ReadingError("sends something that is not a sitemap") from problem
    if root not in {"urlset", "sitemapindex"}:
        raise ReadingError("sends something that is not a sitemap")


def _row(element: Any, kind: str) -> _Row:  # noqa: ANN401 - lxml's element
    row = _Row(kind)
    for child in element.iter():
        if _is_an_extension(child):
            continue
        name = _local(child)
        row.is_news = row.is_news or name == "news"
        field = _FIELDS.get(name)
        if field and child.text and not getattr(row, field):
            setattr(row, field, child.text.strip())
    return row


def _local(element: Any) -> str:  # noqa: ANN401 - lxml's element
    """Return an element's name without namespace, or the prefix that stands for none."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _is_an_extension(element: Any) -> bool:  # noqa: ANN401 - lxml's element
    namespace = element.tag.rpartition("}")[0] if isinstance(element.tag, str) else ""
    return any(word in namespace for word in _OTHERS)


def _entry(row: _Row) -> Entry:
    return Entry(
        link=row.loc,
        title=row.title,
        published=row.published,
        updated=row.lastmod,
        language=row.language or None,
    )


def _recent(rows: Sequence[_Row], now: datetime) -> Iterator[_Row]:
    """Yield what may be news; without a single date in the sitemap, that is everything."""
    dated = [(row, read_date(row.published or row.lastmod, now=now)) for row in rows]
    undated_too = all(moment is None for _, moment in dated)
    for row, moment in dated:
        if (moment is not None and now - moment <= RECENT) or (
            moment is None and (undated_too or row.is_news)
        ):
            yield row


def _promising(rows: Sequence[_Row], url: str, now: datetime) -> Iterator[str]:
    """Yield the sitemaps of an index that may hold news: called so, changed last, the latest number."""

    def worth(row: _Row) -> tuple[bool, float, tuple[int, ...]]:
        changed = read_date(row.lastmod, now=now)
        numbers = tuple(int(digits[:9]) for digits in _DIGITS.findall(row.loc))
        return "news" in row.loc.lower(), changed.timestamp() if changed else 0.0, numbers

    seen: set[str] = set()
    for row in sorted(rows, key=worth, reverse=True):
        address = absolute(row.loc, url)
        changed = read_date(row.lastmod, now=now)
        if address and address not in seen and (changed is None or now - changed <= RECENT):
            seen.add(address)
            yield address
