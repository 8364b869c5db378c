"""What does one round of work look like, room by room?

The rooms meet only in the store; this is the place that opens them all and takes them round: poll, file,
watch, open digests, send. The service goes round for ever, `run --once` and the demo as often as they need.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from random import Random
from typing import TYPE_CHECKING, TextIO

from config.settings import Settings
from news.nouns import Clock, Hop, no_hop
from nightdesk.backups import backups
from nightdesk.unchanged import unchanged_since

if TYPE_CHECKING:
    from alerts.catching_up import CatchingUp
    from alerts.channels.registry import Channels
    from alerts.dispatch import Dispatcher
    from alerts.nightly import Auditor
    from crawler.engine import Engine
    from crawler.filing import Filer
    from crawler.reading.children import Reader
    from storage.sole import SoleHold
    from storage.threads import StoreThreads

#: Clippings filed in one call, so that a stop request is heard between two calls.
FILED_AT_ONCE = 50
#: Processes that read: while one is at something that takes its five seconds, the other goes on.
READERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that is not the program: time, chance, waiting, and what is called at each hop."""

    clock: Clock
    random: Random = field(default_factory=Random)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    hop: Hop = no_hop
    # Where the console channel writes.
    out: TextIO = sys.stdout
    # The process's: read again with the newsroom's files.
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    # Who reads, when rooms are opened again and again; else they start children of their own.
    reader: Reader | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round brought, in numbers."""

    checked: int = 0
    unchanged: int = 0
    # Sentences: which source could not be read, and why.
    not_checked: tuple[str, ...] = ()
    # How many of these gave no answer at all.
    out_of_reach: int = 0
    new_articles: int = 0
    new_stories: int = 0
    grown_stories: int = 0
    matched: int = 0
    would_have_sent: int = 0
    digests: int = 0
    # Warnings about sources, put in the outbox.
    alarms: int = 0
    sent: int = 0
    failed: int = 0

    @property
    def moved(self) -> bool:
        """Whether the next room has something to look at."""
        return bool(
            self.checked - self.unchanged or self.new_articles or self.matched or self.digests or self.alarms
        )

    def __add__(self, other: Round) -> Round:
        """Add two rounds up."""
        sums = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        return Round(**sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Every room, open, and the hold on the database that makes this process the only sender."""

    settings: Settings
    world: World
    store: StoreThreads
    engine: Engine
    reader: Reader
    filer: Filer
    channels: Channels
    dispatcher: Dispatcher
    sole: SoleHold
    catching_up: CatchingUp
    auditor: Auditor

    async def poll(self, *, leave_slow: bool = False) -> Round:
        """Ask every source that is due; store what it brought. Slow ones may be left to themselves."""
        from crawler.polling import poll_due

        report = await poll_due(
            self.settings,
            self.store,
            self.engine,
            self.reader,
            clock=self.world.clock,
            random=self.world.random,
            hop=self.world.hop,
            leave_slow=leave_slow,
        )
        return Round(
            checked=report.checked,
            unchanged=report.unchanged,
            not_checked=report.failed,
            out_of_reach=report.out_of_reach,
        )

    async def file(self) -> Round:
        """File clippings that wait."""
        report = await self.filer.file_waiting(limit=FILED_AT_ONCE)
        return Round(new_articles=report.filed, new_stories=report.new_stories, grown_stories=report.grown)

    async def watch(self) -> Round:
        """Hold stories nobody looked at against the watchlists."""
        from alerts.watching import watch

        report = await watch(self.settings, self.store, clock=self.world.clock, hop=self.world.hop)
        return Round(matched=report.matches, would_have_sent=report.would_have_sent)

    async def open_digests(self) -> Round:
        """Open the digests whose hour has come."""
        from alerts.schedule import open_due_digests

        opened = await open_due_digests(
            self.settings,
            self.store,
            clock=self.world.clock,
            hop=self.world.hop,
            catching_up=self.catching_up,
        )
        return Round(digests=opened)

    async def look_at_sources(self) -> Round:
        """Tell the newsroom where it is blind."""
        from alerts.source_alarms import raise_alarms

        return Round(alarms=await raise_alarms(self.settings, self.store, clock=self.world.clock))

    async def audit(self) -> Round:
        """Hold what was matched against what was told, once a night."""
        since = unchanged_since(self.settings.folder)
        alarms = await self.auditor.look(self.settings, self.store, clock=self.world.clock, since=since)
        return Round(alarms=alarms)

    async def edit(self) -> Round:
        """Bring messages up to date of which people decided something."""
        await self.dispatcher.edit()
        return Round()

    async def tell(self) -> Round:
        """Send what is due, as the only one: a hold that was lost with the server is taken anew first."""
        if not self.sole.still_held():
            await asyncio.to_thread(self.sole.regain)
        report = await self.dispatcher.drain()
        return Round(sent=report.sent, failed=report.failed)

    async def go_by(self, settings: Settings) -> Rooms:
        """Return rooms that go by what the newsroom decided since; called between two rounds of work.

        What is removed is told no more, what is new is told from now on.
        """
        from crawler.polling import let_go

        # What is on its way may be from an address that was changed.
        await let_go(self.store)
        await declare(settings, self.store, clock=self.world.clock)
        self.filer.go_by(settings)
        await self.channels.go_by(settings)
        return replace(self, settings=settings, dispatcher=replace(self.dispatcher, settings=settings))

    async def go_round(self, *, poll: bool = True) -> Round:
        """Go through every room once, and through filing and watching until nothing waits there."""
        total = await self.poll() if poll else Round()
        while True:
            brought = await self.file() + await self.watch()
            total += brought
            if not brought.moved:
                break
        total += await self.open_digests() + await self.look_at_sources() + await self.audit()
        return total + await self.tell()


@asynccontextmanager
async def open_rooms(
    settings: Settings, world: World, *, channels: Channels | None = None
) -> AsyncIterator[Rooms]:
    """Open every room, tell the store what the newsroom decided, and close the rooms in turn.

    With `channels`, messages are handed to these instead of the newsroom's own.

    Raises:
        InUseError: another Nightdesk holds this database.
        StorageError: it cannot be opened, or a newer Nightdesk wrote it.
    """
    async with AsyncExitStack() as stack:
        yield await _open_in_turn(settings, world, stack, channels)


async def _open_in_turn(
    settings: Settings, world: World, stack: AsyncExitStack, channels: Channels | None
) -> Rooms:
    from alerts.catching_up import CatchingUp
    from alerts.channels.contract import Tools
    from alerts.channels.registry import open_channels
    from alerts.dispatch import Dispatcher
    from alerts.nightly import Auditor
    from crawler.filing import Filer
    from crawler.polling import let_go
    from storage.open import open_store
    from storage.sole import hold
    from storage.threads import StoreThreads

    database = settings.database.reveal()
    sole = hold(database, who="nightdesk")
    stack.callback(sole.release)
    copies = backups(database)
    store = StoreThreads(lambda: open_store(database, now=world.clock(), backup_folder=copies))
    stack.callback(store.close)
    await store.write(lambda store: store.end_source_leases())
    await declare(settings, store, clock=world.clock)
    engine, reader = await _open_crawler(settings, world, stack)
    stack.push_async_callback(let_go, store)
    tools = Tools(clock=world.clock, sleep=world.sleep, out=world.out)
    channels = channels or open_channels(settings, tools)
    stack.push_async_callback(channels.close)
    filer = Filer(settings, store, engine, reader, clock=world.clock, random=world.random, hop=world.hop)
    await filer.warm()
    dispatcher = Dispatcher(
        settings, store, channels, sole, clock=world.clock, random=world.random, hop=world.hop
    )
    return Rooms(
        settings=settings,
        world=world,
        store=store,
        engine=engine,
        reader=reader,
        filer=filer,
        channels=channels,
        dispatcher=dispatcher,
        sole=sole,
        catching_up=CatchingUp(),
        auditor=Auditor(),
    )


async def _open_crawler(settings: Settings, world: World, stack: AsyncExitStack) -> tuple[Engine, Reader]:
    from crawler.engine import Engine
    from crawler.reading.children import Reader

    engine = Engine(settings.fetch, clock=world.clock)
    await engine.start()
    stack.push_async_callback(engine.stop)
    if world.reader is not None:
        return engine, world.reader
    reader = Reader(children=READERS)
    stack.push_async_callback(reader.close)
    return engine, reader


async def declare(settings: Settings, store: StoreThreads, *, clock: Clock) -> None:
    """Tell the store what there is now."""
    from alerts.schedule import declared_digests

    now = clock()
    await store.write(lambda store: store.declare_sources(settings.sources, now=now))
    await store.write(lambda store: store.keep_watchlists(settings.watchlists, now=now, who="files"))
    await store.write(lambda store: store.withdraw_alerts(destinations(settings), now=now))
    await store.write(lambda store: store.declare_digests(declared_digests(settings), now=now))


def destinations(settings: Settings) -> tuple[str, ...]:
    """Return everywhere that the newsroom's files deliver to."""
    rules = [rule.to for watchlist in settings.watchlists for rule in watchlist.deliver]
    own = (settings.desk_at_once, settings.desk_digest, settings.health.to)
    desk = (settings.escalation.to, settings.handover.to)
    return tuple(dict.fromkeys([*rules, *own, *(place for place in desk if place)]))
