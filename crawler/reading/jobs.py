"""What may the child be asked to read, and in what form does it answer?

Each job takes bytes and a few words about them, and returns what JSON knows. Parsers are imported by the
first job that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crawler.reading import parcel
from news.source_rules import JsonRule, ListRule, WatchRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Bytes, and what is known of them."""

    body: bytes = field(repr=False)
    url: str
    content_type: str
    now: datetime
    # What the declaration says of reading it, and what was remembered; by name.
    more: Mapping[str, Any]


def _feed(job: Job) -> dict[str, Any]:
    from crawler.reading.feeds import read_news

    known = str(job.more.get("known", ""))
    read = read_news(job.body, url=job.url, content_type=job.content_type, now=job.now, known=known)
    return parcel.feed_of(read)


def _page(job: Job) -> dict[str, Any]:
    from crawler.reading.pages import read_page_bytes

    page = read_page_bytes(job.body, url=job.url, content_type=job.content_type, now=job.now)
    return parcel.facts_of(page)


def _sitemap(job: Job) -> dict[str, Any]:
    from crawler.reading.sitemaps import read_sitemap_bytes

    found = read_sitemap_bytes(job.body, url=job.url, now=job.now)
    return {"rows": list(map(parcel.row_of, found.clippings)), "maps": list(found.maps)}


def _list(job: Job) -> dict[str, Any]:
    from crawler.reading.lists import read_list_bytes

    rule = ListRule(**job.more)
    found = read_list_bytes(job.body, rule, url=job.url, content_type=job.content_type, now=job.now)
    return {"rows": list(map(parcel.row_of, found))}


def _watch(job: Job) -> dict[str, Any]:
    from crawler.reading.watching import read_watched_bytes

    more = dict(job.more)
    memory = more.pop("memory", None)
    rule = WatchRule(part=more["part"], without=tuple(more["without"]))
    found = read_watched_bytes(
        job.body, rule, memory, url=job.url, content_type=job.content_type, now=job.now
    )
    rows = list(map(parcel.row_of, found.clippings))
    return {"rows": rows, "memory": found.memory, "settled": found.settled}


def _answer(job: Job) -> dict[str, Any]:
    from crawler.reading.answers import read_answer_bytes

    rule = JsonRule(**job.more)
    found, following = read_answer_bytes(
        job.body, rule, url=job.url, content_type=job.content_type, now=job.now
    )
    return {"rows": list(map(parcel.row_of, found)), "next": following}


def _items(job: Job) -> dict[str, Any]:
    from crawler.reading.items import read_items_bytes

    found = read_items_bytes(job.body, url=job.url, now=job.now)
    return {"rows": list(map(parcel.row_of, found.clippings)), "trouble": found.trouble}


def _sight(job: Job) -> dict[str, Any]:
    from crawler.reading.discovery import see

    return see(job.body, url=job.url, content_type=job.content_type, now=job.now)


def _outlines(job: Job) -> list[dict[str, Any]]:
    from crawler.reading.outlines import read_outlines_bytes

    return read_outlines_bytes(job.body)


JOBS: Mapping[str, Callable[[Job], Any]] = {
    "feed": _feed,
    "page": _page,
    "sitemap": _sitemap,
    "list": _list,
    "watch": _watch,
    "answer": _answer,
    "items": _items,
    "sight": _sight,
    "outlines": _outlines,
}
