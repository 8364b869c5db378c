"""A newsroom for the bench: a database, stories in it that wait to be told, and a Slack and a mail server."""

from __future__ import annotations

import asyncio
import io
import resource
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

from alerts.channels.contract import Tools
from alerts.channels.registry import open_channels
from alerts.dispatch import Dispatcher, DispatchReport
from config.settings import Limits, Settings
from news.nouns import DeliverRule, Watchlist
from storage.open import open_store
from storage.sole import hold
from storage.threads import StoreThreads
from tests.fakes.clock import real_time
from tests.nouns import a_filing, a_source, a_story_match, a_tell, a_watching, a_watchlist, an_article

T = TypeVar("T")

#: Nothing is grouped, and it is never quiet.
AT_ONCE = Settings(
    timezone="UTC", limits=Limits(per_hour=100_000, per_day=100_000), quiet_weekdays=None, quiet_weekends=None
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A database with stories in its outbox."""

    database: str
    settings: Settings
    threads: StoreThreads

    def drain(self) -> DispatchReport:
        """Send everything that is due, on the real clock."""
        return self.run(self._drain())

    async def _drain(self) -> DispatchReport:
        tools = Tools(clock=real_time, sleep=asyncio.sleep, out=io.StringIO())
        channels = open_channels(self.settings, tools)
        try:
            with hold(self.database, who="the bench") as sole:
                dispatcher = Dispatcher(
                    self.settings,
                    self.threads,
                    channels,
                    sole,
                    clock=real_time,
                    random=Random(1),  # noqa: S311 - jitter
                )
                return await dispatcher.drain()
        finally:
            await channels.close()

    @staticmethod
    def run(work: Coroutine[None, None, T]) -> T:
        """Run a coroutine to its end."""
        return asyncio.run(work)


@contextmanager
def office(settings: Settings) -> Iterator[Office]:
    """Give an empty newsroom in a folder that is gone afterwards."""
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'nightdesk.db'}"
        threads = StoreThreads(lambda: open_store(database, now=real_time()))
        try:
            yield Office(database=database, settings=settings, threads=threads)
        finally:
            threads.close()


def file_stories(place: Office, destinations: list[str], stories: int, *, told: bool) -> None:
    """File so many stories; `told` puts each in the outbox, of one destination after another."""
    store = open_store(place.database, now=real_time())
    store.declare_sources([a_source()], now=real_time())
    for number in range(stories):
        now = real_time()
        title = f"Council number {number} answers the letter on sanctuary cities"
        filed = store.file(a_filing(0, an_article(title, first_seen=now, published=now), now=now))
        tells = (a_tell(destination=destinations[number % len(destinations)], due_at=now),) if told else ()
        match = replace(a_story_match(filed.story_id), first_matched=now)
        store.record_watching(replace(a_watching(filed.story_id, *tells), matches=(match,), now=now))
    store.close()


def watchlist_to(destinations: list[str], *, send: str) -> Watchlist:
    """Return the one watchlist, which delivers everywhere."""
    rules = [
        DeliverRule(to=to, send="digest", at="daily 06:30") if send == "digest" else DeliverRule(to=to)
        for to in destinations
    ]
    return a_watchlist(deliver=tuple(rules))


def peak_memory() -> float:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
