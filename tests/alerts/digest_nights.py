"""A newsroom's store, its clock, and what happens in it between two digests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, TypeVar

from alerts.day import DigestMessage
from alerts.schedule import declared_digests, digest_message, open_due_digests
from config.settings import Settings
from news.nouns import DeliverRule, Watchlist
from news.telling import Digest
from storage.contract import Filed, Filing
from storage.open import open_store
from storage.threads import StoreThreads
from tests.alerts.digest_day import ZONE
from tests.fakes.clock import FakeClock
from tests.nouns import (
    METRO,
    MINUTE,
    FieldValue,
    a_filing,
    a_placement,
    a_sentence,
    a_story_match,
    a_watching,
    a_watchlist,
    an_article,
)
from tests.ready import ready

T = TypeVar("T")
#: Wednesday 7:00 am in Port Ellery, when the newsroom sets Nightdesk up.
START = datetime(2026, 3, 18, 13, 0, tzinfo=UTC)


def mailed(at: str = "daily 06:30", to: str = METRO, **fields: FieldValue) -> Watchlist:
    return replace(a_watchlist(deliver=(DeliverRule(to=to, send="digest", at=at),)), **fields)


def newsroom(*watchlists: Watchlist) -> Settings:
    return Settings(newsroom="Metro Desk", timezone=ZONE, watchlists=watchlists or (mailed(),))


class Night:
    """A newsroom's store, its clock, and what happens in it."""

    def __init__(self, store: StoreThreads, clock: FakeClock) -> None:
        self.store = store
        self.clock = clock
        self.settings = newsroom()

    async def begin(self, settings: Settings) -> None:
        """Start, or start again with other settings."""
        self.settings = settings
        digests, now = declared_digests(settings), self.clock()
        await self.store.write(lambda store: store.declare_digests(digests, now=now))

    async def news(self, title: str, *, watchlist: str = "sanctuary-cities") -> int:
        """File a story that a watchlist finds; return it."""
        now = self.clock()
        article = an_article(title, first_seen=now, published=now)
        filed = await self.files(a_filing(0, article, now=now))
        await self.found(filed.story_id, 1, watchlist=watchlist)
        return filed.story_id

    async def files(self, filing: Filing) -> Filed:
        """File what the test says."""
        return await self.store.write(lambda store: store.file(filing))

    async def found(self, story_id: int, revision: int, *, watchlist: str = "sanctuary-cities") -> None:
        """Record that a watchlist found this revision of the story."""
        now = self.clock()
        match = a_story_match(
            story_id, watchlist_id=watchlist, revision=revision, matches=(), first_matched=now
        )
        watching = a_watching(story_id, revision=revision, matches=(match,), now=now)
        await self.store.write(lambda store: store.record_watching(watching))

    async def grows(self, story_id: int, title: str, detail: str) -> None:
        """File another article in a story, with a new sentence."""
        now = self.clock()
        article = an_article(title, text=detail, source_id="ellery31", outlet="Ellery 31", first_seen=now)
        placement = a_placement(story_id, whats_new=(a_sentence(detail),))
        filing = a_filing(0, article, placement=placement, now=now)
        filed = await self.files(filing)
        await self.found(story_id, filed.revision)

    async def goes_on(self, until: datetime, *, step: timedelta = 10 * MINUTE) -> list[datetime]:
        """Look every so often until then; return when a digest was opened."""
        opened = []
        while self.clock() < until:
            self.clock.advance(step)
            opened += [self.clock()] * await self.looks()
        return opened

    async def looks(self) -> int:
        """Look once whether a digest is due."""
        return await open_due_digests(self.settings, self.store, clock=self.clock)

    async def digests(self) -> list[Digest]:
        """Return every digest that was opened, in order."""
        alerts = await self.store.read(lambda store: store.alerts(limit=1000))
        ids = [alert.digest_id for alert in reversed(alerts) if alert.digest_id]
        found = [await self._digest(digest_id) for digest_id in ids]
        return [digest for digest in found if digest is not None]

    async def _digest(self, digest_id: int) -> Digest | None:
        return await self.store.read(lambda store: store.digest(digest_id))

    async def words(self) -> DigestMessage:
        """Return the last digest in words."""
        return await digest_message((await self.digests())[-1], self.settings, self.store)

    async def headlines(self) -> list[list[str]]:
        """Return the headlines of each digest."""
        days = [await digest_message(each, self.settings, self.store) for each in await self.digests()]
        return [[entry.headline for part in day.sections for entry in part.entries] for day in days]


Scene: TypeAlias = Callable[[Night], Awaitable[None]]
Play: TypeAlias = Callable[[Scene], None]


@contextmanager
def playing(database: str, clock: FakeClock) -> Iterator[Play]:
    """Give a function that plays a scene in a night of this database."""
    ready(database)
    store = StoreThreads(lambda: open_store(database, now=START))

    def play(scene: Scene) -> None:
        async def whole() -> None:
            await scene(Night(store, clock))

        asyncio.run(whole())

    try:
        yield play
    finally:
        store.close()
