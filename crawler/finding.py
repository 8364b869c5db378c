"""Where on this site is news that can be read, and how?

    a feed? ─no─► a sitemap? ─no─► an answer for programs? ─no─► a page:
        the feeds it names · feeds at usual places · the news sitemap of robots.txt · its list · itself

What is found is read once before it is offered: an address that brings nothing is no offer. All of it is some
requests, one after the other, through the same fenced engine; for pages and sitemaps robots.txt is asked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from crawler.browser import missing, read_rendered
from crawler.engine import Ask, Fetched
from crawler.gathering import Gathering, ask_for, gather
from news.errors import ReadingError, SourceError
from news.nouns import Clipping, Clock, FetchState, Source
from news.source_rules import JsonRule, ListRule, WatchRule
from news.urls import canonical

if TYPE_CHECKING:
    from crawler.engine import Engine
    from crawler.reading.children import Reader

MOST_NAMED = 4  # feeds that a page names and that are tried
USUAL_PLACES = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
USUAL_MAPS = ("/news-sitemap.xml", "/sitemap-news.xml")
MOST_MAPS = 3  # sitemaps of robots.txt that are tried
LOOKS_LIKE_A_FEED = ("feed", "rss", "atom", ".xml", ".rdf", ".json")
ROBOTS_LARGEST = 512 * 1024  # bytes
UNREADABLE = (SourceError, ReadingError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A way to read a site's news, tried."""

    # Without id and name.
    source: Source
    # What it brought, newest first; of a page to be watched nothing: it is only seen for the first time.
    clippings: tuple[Clipping, ...]
    # What the site calls itself.
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search is done with."""

    engine: Engine
    reader: Reader
    clock: Clock

    async def find(self, address: str) -> tuple[Found, ...]:
        """Return the ways to read what is at an address, the best first.

        Raises:
            SourceError: the address itself cannot be fetched.
            ReadingError: what is there is nothing that could be read.
        """
        fetched = await self._first(address)
        sight = await self._look(fetched)
        here = fetched.moved_permanently_to or address
        base = Source(id="", name="", url=here, language=sight.get("language"))
        if sight["is"] == "nothing":
            raise ReadingError("has nothing that could be read as news")
        found = [each async for each in self._ways(base, sight, fetched)]
        return tuple(replace(each, title=each.title or str(sight["title"])) for each in found)

    async def find_pasted(self, pasted: str) -> tuple[Found, ...]:
        """Return the same of an address as it was pasted: without a scheme by https, else by http.

        Raises:
            SourceError, ReadingError: as `find`, of the first address.
        """
        if "://" in pasted:
            return await self.find(pasted)
        try:
            return await self.find(f"https://{pasted}")
        except SourceError as problem:
            if problem.reason != "unreachable":
                raise
            try:
                return await self.find(f"http://{pasted}")
            except SourceError:
                raise problem from None

    async def newer_feed(self, source: Source) -> str:
        """Return where the feed of a source is by now, whose own address is lost; "" when it is not found."""
        if source.reads != "feed":
            return ""
        front = urljoin(source.url, "/")
        try:
            fetched = await self._first(front)
            sight = await self._look(fetched)
            async for found in self._feeds(replace(source, url=front), sight):
                if canonical(found.source.url) != canonical(source.url):
                    return found.source.url
        except UNREADABLE:
            return ""
        return ""

    async def _first(self, address: str) -> Fetched:
        """Fetch an address that may be anything; what looks like a feed is asked for as a feed."""
        looks = urlsplit(address).path.lower().rstrip("/").endswith(LOOKS_LIKE_A_FEED)
        return await self.engine.fetch(Ask(url=address, kind="feed" if looks else "page"))

    async def _look(self, fetched: Fetched) -> dict[str, Any]:
        content_type = fetched.headers.get("content-type", "")
        seen: dict[str, Any] = await self.reader.read(
            "sight", fetched.body, url=fetched.url, content_type=content_type, now=self.clock()
        )
        return seen

    async def _ways(self, base: Source, sight: Mapping[str, Any], fetched: Fetched) -> AsyncIterator[Found]:
        """Yield them one by one; what a page that is empty shows by itself is what its program makes of it.

        Raises:
            ReadingError: there is no browser for that.
        """
        if sight["is"] in {"feed", "sitemap"}:
            reads = "feed" if sight["is"] == "feed" else "news-sitemap"
            yield await self._read(replace(base, reads=reads), fetched)
        elif sight["is"] == "answer":
            yield await self._read(replace(base, reads="json", rule=JsonRule(**sight["rule"])), fetched)
        else:
            feeds = [each async for each in self._feeds(base, sight)]
            maps = [each async for each in self._maps(base)]
            for each in (*feeds, *maps):
                yield each
            if sight["empty"] and missing() and (feeds or maps):
                return
            if sight["empty"]:
                fetched = await read_rendered(fetched, self.engine)
                sight, base = await self._look(fetched), replace(base, browser=True)
            for each in self._of_the_page(base, sight, fetched):
                yield each

    async def _feeds(self, base: Source, sight: Mapping[str, Any]) -> AsyncIterator[Found]:
        """Yield the feeds that a page names, or else the first at a usual place."""
        named = list(sight.get("feeds", ()))[:MOST_NAMED]
        found = [each async for each in self._tried([replace(base, url=url) for url in named])]
        for each in found:
            yield each
        if not found:
            places = [replace(base, url=urljoin(base.url, path)) for path in USUAL_PLACES]
            async for each in self._tried(places):
                yield each
                break

    async def _maps(self, base: Source) -> AsyncIterator[Found]:
        """Yield the first sitemap with recent news."""
        named = await self._named_maps(base.url)
        usual = [urljoin(base.url, path) for path in USUAL_MAPS]
        maps = [replace(base, url=url, reads="news-sitemap") for url in dict.fromkeys([*named, *usual])]
        async for each in self._tried(maps):
            yield each
            break

    async def _named_maps(self, address: str) -> list[str]:
        """Return the sitemaps that robots.txt names, those of news first."""
        ask = Ask(url=urljoin(address, "/robots.txt"), kind="feed", max_bytes=ROBOTS_LARGEST)
        try:
            text = (await self.engine.fetch(ask)).body.decode("utf-8", "replace")
        except SourceError:
            return []
        lines = (line.partition(":") for line in text.splitlines())
        named = [value.strip() for name, _, value in lines if name.strip().lower() == "sitemap"]
        return sorted(named, key=lambda each: "news" not in each.lower())[:MOST_MAPS]

    async def _tried(self, sources: Sequence[Source]) -> AsyncIterator[Found]:
        """Yield those of the sources that can be read and bring something."""
        for source in sources:
            try:
                fetched = await self.engine.fetch(ask_for(source, source.url, etag=None, last_modified=None))
                found = await self._read(
                    replace(source, url=fetched.moved_permanently_to or source.url), fetched
                )
            except UNREADABLE:
                continue
            if found.clippings:
                yield found

    async def _read(self, source: Source, fetched: Fetched) -> Found:
        gathering = Gathering(
            source=source,
            state=FetchState(source_id=""),
            fetched=fetched,
            engine=self.engine,
            reader=self.reader,
            now=self.clock(),
        )
        brought = await gather(gathering)
        return Found(source=source, clippings=newest_first(brought.clippings))

    def _of_the_page(self, base: Source, sight: Mapping[str, Any], fetched: Fetched) -> Sequence[Found]:
        """Return the page's list, if it has one, and the page itself."""
        from crawler.reading.parcel import clipping_of

        here = replace(base, url=fetched.moved_permanently_to or base.url)
        watched = Found(source=replace(here, reads="page-watch", rule=WatchRule()), clippings=())
        listed = sight.get("list")
        if not listed or not listed["rows"]:
            return [watched]
        clippings = tuple(clipping_of(row, "") for row in listed["rows"])
        rule = ListRule(links=str(listed["links"]))
        return [Found(source=replace(here, reads="page-list", rule=rule), clippings=clippings), watched]


def newest_first(clippings: Sequence[Clipping]) -> tuple[Clipping, ...]:
    """Return clippings with those first that were published last; without dates their order stays."""
    dated = [(clipping.published, clipping) for clipping in clippings if clipping.published]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return (*(clipping for _, clipping in dated), *(c for c in clippings if not c.published))
