"""What do a page, a feed and an address say?"""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import re
import tarfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bench.judgement.measures import Score, f1, scored, shingle_counts
from bench.judgement.sets import packed_json, rows
from crawler.reading.children import Reader
from crawler.reading.page import Page
from news.errors import ReadingError
from news.nouns import Clipping
from news.urls import canonical
from nightdesk.judging import a_source

#: Later than every date in the sets.
NOW = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = 3600.0  # seconds
ROUNDED = 1.5  # seconds; feeds round


async def read_pages(pages: dict[str, tuple[bytes, str]]) -> dict[str, Page]:
    """Read each page (bytes, address) in the fenced child; one that cannot be read is empty."""
    reader = Reader()
    found: dict[str, Page] = {}
    try:
        for name, (body, url) in pages.items():
            try:
                found[name] = await reader.read_page(body, url=url, content_type="text/html")
            except ReadingError:
                found[name] = Page()
    finally:
        await reader.close()
    return found


def read_all(pages: dict[str, tuple[bytes, str]]) -> dict[str, Page]:
    """Read the pages of a set."""
    return asyncio.run(read_pages(pages))


def unpacked(path: Path) -> bytes:
    """Return a packed page."""
    return gzip.decompress(path.read_bytes())


def shingles(folder: Path, dataset: str, baseline: float | None = None) -> Iterator[Score]:
    """Score the text of pages whose whole body is known, and their time where that is known."""
    truth = packed_json(folder / dataset / "ground-truth.json.gz")
    pages = {
        name: (
            unpacked(folder / dataset / "html" / f"{name}.html.gz"),
            told.get("url") or "https://a.invalid/",
        )
        for name, told in truth.items()
    }
    found = read_all(pages)
    counts = [shingle_counts(told["articleBody"] or "", found[name].text) for name, told in truth.items()]

    def mean_f1(drawn: Sequence[tuple[float, float]]) -> float:
        return f1(fmean(each[0] for each in drawn), fmean(each[1] for each in drawn))

    yield scored(dataset, "text F1", counts, mean_f1, baseline=baseline, note=f"{len(pages)} pages")
    dated = [(told["date"], found[name].published) for name, told in truth.items() if told.get("date")]
    if dated:
        yield from times(dataset, dated)


def times(dataset: str, dated: list[tuple[str, datetime | None]]) -> Iterator[Score]:
    """Score the time of publication: within an hour, and on the day as the publisher's clock had it."""
    pairs = [(aware(datetime.fromisoformat(told)), said) for told, said in dated]
    near = [said is not None and abs((said - told).total_seconds()) < HOUR for told, said in pairs]
    day = [said is not None and said.astimezone(told.tzinfo).date() == told.date() for told, said in pairs]
    yield scored(dataset, "time within 1 h", near, fmean, baseline=0.92)
    yield scored(dataset, "same day", day, fmean, baseline=0.97)


def aware(moment: datetime) -> datetime:
    """Return the moment; one that does not say where it was read is taken for UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def segments(folder: Path) -> Iterator[Score]:
    """Score pages of which is known what must and what must not be in the text."""
    dataset = "extract_trafilatura"
    truth = packed_json(folder / dataset / "evaldata.json.gz")
    pages = {
        url: (unpacked(folder / dataset / "html" / f"{told['file']}.gz"), url) for url, told in truth.items()
    }
    found = read_all(pages)
    units = [segment_counts(told, found[url].text) for url, told in truth.items()]
    yield scored(dataset, "text F1", units, segments_f1, note=f"{len(pages)} pages")


def segment_counts(told: dict[str, Any], text: str) -> tuple[int, int, int]:
    """Return how many strings are rightly there, wrongly there, and missing."""
    plain = " ".join(text.split())
    there = sum(" ".join(words.split()) in plain for words in told["with"])
    wrong = sum(" ".join(words.split()) in plain for words in told["without"])
    return there, wrong, len(told["with"]) - there


def segments_f1(units: Any) -> float:  # noqa: ANN401 - a sequence of counts
    """Return the F1 over all strings of all pages."""
    right, wrong, missing = (sum(unit[at] for unit in units) for at in range(3))
    return f1(right / max(1, right + wrong), right / max(1, right + missing))


def feeds(folder: Path) -> Iterator[Score]:
    """Score the entries of feeds in twelve dialects with thirteen kinds of damage."""
    with tarfile.open(folder / "feeds_news" / "feeds.tar.gz") as packed:
        files = {
            Path(member.name).name: packed.extractfile(member).read()  # type: ignore[union-attr]  # a file
            for member in packed.getmembers()
            if member.isfile()
        }
    truth = json.loads(files.pop("truth.json"))
    found = asyncio.run(read_feeds({name: files[name] for name in truth}))
    units = [
        unit
        for name, told in truth.items()
        for unit in (entry_unit(entry, found[name]) for entry in told["entries"])
    ]
    for at, (measure, baseline) in enumerate((("by link", 0.90), ("title", 0.90), ("date", 0.88))):
        column = [unit[at] for unit in units]
        yield scored("feeds_news", measure, column, fmean, baseline=baseline)


async def read_feeds(files: dict[str, bytes]) -> dict[str, dict[str, Clipping]]:
    """Read each feed in the fenced child; return its entries by address."""
    reader = Reader()
    found: dict[str, dict[str, Clipping]] = {}
    url = "https://news.invalid/feed"
    try:
        for name, body in files.items():
            try:
                entries = await reader.read_feed(
                    body, source=a_source(url), url=url, content_type="", now=NOW
                )
            except ReadingError:
                entries = ()
            found[name] = {entry.address: entry for entry in entries}
    finally:
        await reader.close()
    return found


def entry_unit(told: dict[str, Any], found: dict[str, Clipping]) -> tuple[bool, bool, bool]:
    """Return whether the entry was found, with its title, and with its date."""
    entry = found.get(told["link"])
    if entry is None:
        return False, False, False
    wanted = datetime.fromisoformat(told["date"]) if told["date"] else None
    said = entry.published or entry.updated
    return True, plain(entry.title) == plain(told["title"]), same_instant(wanted, said)


def same_instant(one: datetime | None, other: datetime | None) -> bool:
    """Return whether two dates agree to the second, or are both missing."""
    if one is None or other is None:
        return one is other
    return abs((one - other).total_seconds()) < ROUNDED


def plain(title: str) -> str:
    """Return a title without tags, references and damage."""
    bare = re.sub(r"<[^>]{1,200}>", "", html.unescape(html.unescape(title)))
    return " ".join(re.sub(r"[\x00-\x1f\ufffd]", " ", bare).split())


def urls(folder: Path) -> Iterator[Score]:
    """Score canonical addresses: exactly the parameters that carry content, and none of those lost."""
    exact, lost = [], 0
    for row in rows(folder, "urls", "urls.jsonl.gz"):
        parts = urlsplit(canonical(row["url"]))
        kept = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        lost += bool(set(row["keep"]) - kept)
        exact.append(kept == set(row["keep"]) and not parts.fragment)
    note = f"{lost} addresses lost content"
    yield scored("urls", "exact", exact, fmean, baseline=0.997, note=note)


#: How each set is scored.
SETS: dict[str, Callable[[Path], Iterator[Score]]] = {
    "extract_seb": partial(shingles, dataset="extract_seb", baseline=0.962),
    "extract_trafilatura": segments,
    "extract_fundus": partial(shingles, dataset="extract_fundus"),
    "feeds_news": feeds,
    "urls": urls,
}
