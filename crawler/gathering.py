"""How does what a source sent become clippings, each kind of source in its own way?

    feed, google-news   the entries                    page-list   the links of a page
    news-sitemap        the addresses, of the most     page-watch  what was added to a page
                        promising maps of an index     json        the entries of an answer, page by page

Feeds and answers are made for programs; for pages and sitemaps robots.txt is asked. Whatever else has to be
fetched for one reading comes through the same engine, and only so much of it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.engine import Ask, Engine, Fetched, Kind
from news.errors import ReadingError, SourceError
from news.nouns import Clipping, FetchState, Source
from news.source_rules import JsonRule, ListRule, WatchRule

if TYPE_CHECKING:
    from crawler.reading.children import Reader
    from news.lessons import Wishes

MOST_MAPS = 5  # sitemaps that are read of an index
MOST_PAGES = 20  # of an answer; a declaration says how many it wants
LARGEST_MEMORY = 2 * 1024 * 1024  # characters remembered of a watched page
JSON = "application/json, */*;q=0.5"
#: What Legistar is asked for: without it the oldest meetings come.
LEGISTAR_QUERY = "$orderby=EventLastModifiedUtc%20desc&$top=50"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What reading a source brought."""

    clippings: tuple[Clipping, ...]
    wishes: Wishes | None = None
    # Of a watched page: what to remember. None: nothing.
    memory: str | None = None
    # False when the same bytes must be read again next time.
    settled: bool = True
    # Of a feed: the marks of all its entries. None: it is not told which of the clippings are known.
    marks: str | None = None

    @property
    def entries(self) -> int:
        """How many entries stood there, known ones too."""
        from crawler.reading.entries import MARK

        return len(self.clippings) if self.marks is None else len(self.marks) // MARK


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """One reading of one source, and what it is done with."""

    source: Source
    state: FetchState
    fetched: Fetched
    engine: Engine
    reader: Reader
    now: datetime
    # Of a feed: the marks of the entries that the store has.
    known: str = ""

    async def read(self, job: str, fetched: Fetched, more: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Return what the child answers about some bytes."""
        content_type = fetched.headers.get("content-type", "")
        return await self.reader.read(
            job, fetched.body, url=fetched.url, content_type=content_type, now=self.now, more=more
        )

    def clippings(self, rows: Sequence[list[Any]]) -> tuple[Clipping, ...]:
        """Return the child's rows as this source's clippings."""
        from crawler.reading.parcel import clipping_of

        return tuple(clipping_of(row, self.source.id) for row in rows)


def is_read(source: Source) -> bool:
    """Return whether this kind of source can be read by fetching one address."""
    return source.reads in _WAYS


def ask_for(source: Source, address: str, *, etag: str | None, last_modified: str | None) -> Ask:
    """Return how a source's address is asked for."""
    kind: Kind = "feed" if source.reads in {"feed", "google-news", "json", "legistar"} else "page"
    accept = JSON if source.reads in {"json", "legistar"} else None
    if source.reads == "legistar" and not urlsplit(address).query:
        address = f"{address}?{LEGISTAR_QUERY}"
    return Ask(url=address, kind=kind, etag=etag, last_modified=last_modified, accept=accept)


async def gather(gathering: Gathering) -> Brought:
    """Return what a source's answer brings.

    Raises:
        ReadingError: it is not what its declaration says.
        SourceError: what it leads to cannot be fetched.
    """
    return await _WAYS[gathering.source.reads](gathering)


async def _feed(one: Gathering) -> Brought:
    read = await one.reader.read_whole_feed(
        one.fetched.body,
        source=one.source,
        url=one.fetched.url,
        content_type=one.fetched.headers.get("content-type", ""),
        now=one.now,
        known=one.known,
    )
    return Brought(clippings=read.clippings, wishes=read.wishes, marks=read.marks)


async def _sitemap(one: Gathering) -> Brought:
    """Read a sitemap, or the most promising maps of an index, which may be indexes themselves."""
    found = await one.read("sitemap", one.fetched)
    clippings = one.clippings(found["rows"])
    waiting: list[str] = found["maps"][:MOST_MAPS]
    asked = {one.fetched.url}
    problem: SourceError | ReadingError | None = None
    for _ in range(MOST_MAPS):
        if not waiting:
            break
        address = waiting.pop(0)
        asked.add(address)
        try:
            inner = await one.read("sitemap", await one.engine.fetch(Ask(url=address, kind="page")))
        except (SourceError, ReadingError) as error:
            problem = problem or error
            continue
        clippings += one.clippings(inner["rows"])
        waiting += [each for each in inner["maps"][:MOST_MAPS] if each not in {*asked, *waiting}]
    if problem and not clippings:
        raise problem
    # An index may stay as it is while its maps change.
    return Brought(clippings=clippings, settled=not found["maps"])


async def _list(one: Gathering) -> Brought:
    rule = one.source.rule if isinstance(one.source.rule, ListRule) else ListRule()
    found = await one.read("list", one.fetched, asdict(rule))
    return Brought(clippings=one.clippings(found["rows"]))


async def _watch(one: Gathering) -> Brought:
    rule = one.source.rule if isinstance(one.source.rule, WatchRule) else WatchRule()
    memory = one.state.memory
    found = await one.read("watch", one.fetched, asdict(rule) | {"memory": memory})
    kept = str(found["memory"])
    if len(kept) > LARGEST_MEMORY:
        raise ReadingError("has more on it than can be watched; name a part of it with watch: part:")
    return Brought(clippings=one.clippings(found["rows"]), memory=kept, settled=bool(found["settled"]))


async def _answer(one: Gathering) -> Brought:
    """Read an answer and the pages that follow it, as many as its declaration wants."""
    rule = one.source.rule if isinstance(one.source.rule, JsonRule) else JsonRule()
    found = await one.read("answer", one.fetched, asdict(rule))
    clippings, asked = one.clippings(found["rows"]), {one.fetched.url}
    for _ in range(min(rule.pages, MOST_PAGES) - 1):
        following = str(found["next"])
        if not following or following in asked:
            break
        asked.add(following)
        fetched = await one.engine.fetch(Ask(url=following, kind="feed", accept=JSON))
        found = await one.read("answer", fetched, asdict(rule))
        clippings += one.clippings(found["rows"])
    return Brought(clippings=clippings, settled=rule.pages == 1)


_WAYS: Mapping[str, Callable[[Gathering], Awaitable[Brought]]] = {
    "feed": _feed,
    "google-news": _feed,
    "news-sitemap": _sitemap,
    "page-list": _list,
    "page-watch": _watch,
    "json": _answer,
    "legistar": _answer,
}
