"""A newsroom for a test: a fake web, a real store, a real engine and reader, and a clock that stands
still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from config.settings import FetchSettings, Settings
from crawler.engine import Engine
from crawler.filed import FilingReport
from crawler.filing import Filer
from crawler.polling import PollReport, poll_due
from crawler.reading.children import Reader
from news.nouns import FetchState, Hop, Source, Story, Watchlist, no_hop
from storage.contract import Store
from storage.open import PATIENCE, open_store
from storage.threads import StoreThreads
from tests.fakes.clock import FakeClock
from tests.fakes.press import Outlet, PrintedArticle
from tests.fakes.web import NewsWeb, OutletSite
from tests.ready import ready
from tests.shared_reader import shared_reader

Outcome = TypeVar("Outcome")

START = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PARAGRAPHS = (
    "The mayor of Port Ellery stayed at home on Wednesday while other mayors met in the capital.",
    "A letter from the Justice Department had reached the city on Tuesday, and the council read it twice.",
    "Nobody at the council would say what the answer will be, or whether there will be one at all.",
)


def an_outlet(name: str = "channel4", **fields: Any) -> Outlet:  # noqa: ANN401 - an outlet's own fields
    """Return an outlet with a plain feed."""
    return replace(Outlet(id=name, name=name.title(), feed="rss2"), **fields)


def printed(title: str = "Mayor skips meeting", outlet: str = "channel4", **fields: Any) -> PrintedArticle:  # noqa: ANN401
    """Return an article that came out an hour before the first poll."""
    slug = "-".join(title.lower().split())
    article = PrintedArticle(
        outlet=outlet, slug=slug, at=START - 60 * MINUTE, title=title, paragraphs=PARAGRAPHS
    )
    return replace(article, **fields)


@dataclass(slots=True)
class Desk:
    """The newsroom, open."""

    web: NewsWeb
    settings: Settings
    store: StoreThreads
    engine: Engine
    reader: Reader
    clock: FakeClock
    # Called at each hop, after its name was written down.
    hop: Hop = no_hop
    hops: list[str] = field(default_factory=list)
    _filer: Filer | None = None

    @property
    def site(self) -> OutletSite:
        """The first outlet's site."""
        return next(iter(self.web.sites.values()))

    async def poll(self, *, after: timedelta = timedelta()) -> PollReport:
        """Let some time go by and ask every source that is due."""
        self.clock.advance(after)
        return await poll_due(
            self.settings,
            self.store,
            self.engine,
            self.reader,
            clock=self.clock,
            random=Random(1),  # noqa: S311 - jitter, the same each time
            hop=self._pass,
        )

    async def file(self, *, limit: int = 50) -> FilingReport:
        """File what waits."""
        return await (await self.filer()).file_waiting(limit=limit)

    async def filer(self) -> Filer:
        """Return the one that files, warm."""
        if self._filer is None:
            self._filer = Filer(
                self.settings,
                self.store,
                self.engine,
                self.reader,
                clock=self.clock,
                random=Random(1),  # noqa: S311 - jitter, the same each time
                hop=self._pass,
            )
            await self._filer.warm()
        return self._filer

    def _pass(self, hop: str) -> None:
        self.hops.append(hop)
        self.hop(hop)

    async def state(self, source_id: str = "channel4") -> FetchState:
        """Return what is remembered of a source."""
        states = await self.store.read(lambda store: store.fetch_states())
        return next(state for state in states if state.source_id == source_id)

    async def stories(self) -> tuple[Story, ...]:
        """Return every story, the oldest first."""
        found = await self.store.read(lambda store: store.stories(since=START - timedelta(days=30)))
        return tuple(sorted(found, key=lambda story: story.id))

    async def why_incomplete(self) -> str:
        """Return what is remembered of why only the feed's words of the first story were filed."""
        address = (await self.stories())[0].articles[0].article.address
        trail = await self.store.read(lambda store: store.clipping_trail(address))
        return str(trail[-1]["why"])

    async def waiting(self) -> Sequence[str]:
        """Return the headlines that wait to be filed, whenever they are due."""
        later = self.clock() + timedelta(days=1)
        found = await self.store.read(lambda store: store.unfiled_clippings(limit=100, now=later))
        return [stored.clipping.title for stored in found]


@asynccontextmanager
async def a_desk(
    folder: Path,
    outlets: Iterable[Outlet],
    articles: Iterable[PrintedArticle] = (),
    *,
    watchlists: tuple[Watchlist, ...] = (),
    seconds: float = 2.0,
    patience: timedelta = PATIENCE,
    **source_fields: Any,  # noqa: ANN401 - a source's own fields, for every source
) -> AsyncIterator[Desk]:
    """Open a newsroom with one source for each outlet."""
    clock = FakeClock(START)
    outlets = list(outlets)
    with NewsWeb(outlets, articles, clock=clock) as web:
        sources = tuple(
            replace(
                Source(id=outlet.id, name=outlet.name, url=web.outlet(outlet.id).feed_url), **source_fields
            )
            for outlet in outlets
        )
        settings = Settings(
            sources=sources,
            watchlists=watchlists,
            fetch=FetchSettings(allow_addresses=frozenset(web.addresses), timeout=timedelta(seconds=seconds)),
        )
        database = ready(f"sqlite:///{folder / 'desk.db'}")
        store = StoreThreads(lambda: open_store(database, now=START, patience=patience))
        await store.write(lambda store: declare(store, sources))
        desk = Desk(web, settings, store, Engine(settings.fetch, clock=clock), shared_reader(), clock)
        await desk.engine.start()
        try:
            yield desk
        finally:
            if desk.reader is not shared_reader():
                await desk.reader.close()
            await desk.engine.stop()
            store.close()


def declare(store: Store, sources: Sequence[Source]) -> None:
    """Tell the store of the sources."""
    store.declare_sources(sources, now=START)
