"""Who wakes whom?

The service takes the rooms round for ever. APScheduler is the clock and nothing else: its jobs only nudge,
a nudge only wakes a room, and the room finds out from the tables and the clock it was given what is due. A
nudge lost costs seconds.

    APScheduler ──nudge──► poll ──► file ──► watch ──► tell
                     └───────────────► digests ─────────┘

It also looks at the newsroom's folder, and lets the rooms go by what was changed there (`reloading.py`).
What runs beside the stations for as long as they do (the console, Slack's buttons) is a `Beside`.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from config.settings import Settings
from news.errors import InUseError, StorageError
from nightdesk.reloading import FolderWatch, Trouble, take_over
from nightdesk.rooms import Rooms, Round, World, open_rooms

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("nightdesk.service")

#: Seconds a stop request waits for work under way before it is cut off. What is cut off is taken up at the
#: next start: a row that says SENDING is looked up before anything is sent again. The whole stop stays
#: under 10 s.
PATIENCE = 6.0


FOLDER = "folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A room on the round: what it does, how often it is woken, and whom it wakes when it moved something."""

    name: str
    step: Callable[[Rooms], Awaitable[Round]]
    # Seconds.
    every: float
    wakes: tuple[str, ...] = ()


STATIONS = (
    Station(name="poll", step=lambda rooms: rooms.poll(leave_slow=True), every=2.0, wakes=("file",)),
    Station(name="file", step=lambda rooms: rooms.file(), every=2.0, wakes=("file", "watch")),
    Station(name="watch", step=lambda rooms: rooms.watch(), every=2.0, wakes=("watch", "tell")),
    Station(name="digests", step=lambda rooms: rooms.open_digests(), every=5.0, wakes=("tell",)),
    Station(name="sources", step=lambda rooms: rooms.look_at_sources(), every=30.0, wakes=("tell",)),
    Station(name="audit", step=lambda rooms: rooms.audit(), every=60.0, wakes=("tell",)),
    Station(name="edit", step=lambda rooms: rooms.edit(), every=2.0),
    Station(name="tell", step=lambda rooms: rooms.tell(), every=1.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Something that runs beside the stations: it ends by itself soon after `service.stopping` is set.

    What it raises is logged and told to the health channel once, and it is begun again after a pause; the
    watch goes on. When it returns it is done.
    """

    name: str
    keep: Callable[[Service], Awaitable[None]]


#: Seconds before what failed beside the stations is begun again: doubled each time, up to the second.
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
#: How often the newsroom's folder is looked at, in seconds. A change is taken at the second look that sees
#: it.
LOOKS = 1.0
#: Rooms that rest while what the newsroom decided changes hands, in the order in which they are waited for:
#: those that take long come first, and nobody else waits meanwhile.
RESTING = ("poll", "file", "watch", "digests", "sources", "audit", "edit", "tell")


async def serve(
    settings: Settings, world: World, *, haste: float = 1.0, beside: Sequence[Beside] = ()
) -> int:
    """Open the rooms, watch and tell until SIGTERM or Ctrl-C, close the rooms, and return the exit code.

    With a `haste` of 2 the rooms are woken twice as often. What is `beside` runs as long as they do.

    Raises:
        InUseError: another Nightdesk holds this database.
        StorageError: it cannot be opened, or a newer Nightdesk wrote it.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):  # ours, not the reactor's
        loop.add_signal_handler(number, stop.set)
    async with open_rooms(settings, world) as rooms:
        await asyncio.to_thread(settle, settings)
        log.info("service started", extra={"sources": len(settings.sources)})
        await Service(rooms, stop, haste=haste, beside=beside).run()
    log.info("service stopped")
    return 0


def settle(settings: Settings) -> None:
    """Index the watchlists, and keep what will stay out of the garbage collector's rounds.

    A round over a thousand watchlists takes a tenth of a second in which nothing else happens, over a hundred
    thousand it takes seconds; it would come again and again and find nothing.
    """
    from news.matching.index import live_index

    live_index().following(settings.watchlists)
    gc.collect()
    gc.freeze()


class Service:
    """Nightdesk, running."""

    def __init__(
        self, rooms: Rooms, stop: asyncio.Event, *, haste: float = 1.0, beside: Sequence[Beside] = ()
    ) -> None:
        """Take charge of open rooms; `run` works until `stop` is set."""
        self._haste = haste
        self.rooms = rooms
        self.stopping = self._stop = stop
        self._beside = beside
        # When each station was visited last, by the clock that never goes back.
        self.visited: dict[str, float] = {}
        self._nudges = {name: asyncio.Event() for name in (*(station.name for station in STATIONS), FOLDER)}
        self._at_work = {station.name: asyncio.Lock() for station in STATIONS}
        self.folder = FolderWatch(rooms.settings.folder, rooms.world.environment)
        # What keeps the newsroom's files from being taken over.
        self.trouble = Trouble()

    def nudge(self, name: str) -> None:
        """Wake a station, or the look at the folder; a name that is neither wakes nobody."""
        if name in self._nudges:
            self._nudges[name].set()

    async def run(self) -> None:
        """Work until told to stop. What nobody foresaw in a room is raised after the others have stopped."""
        scheduler = self._scheduler()
        scheduler.start()
        tasks = [
            asyncio.create_task(self._keep(station.name, partial(self._visit, station)), name=station.name)
            for station in STATIONS
        ]
        tasks.append(asyncio.create_task(self._keep(FOLDER, self._look_at_folder), name=FOLDER))
        aside = [asyncio.create_task(self._run_beside(each), name=each.name) for each in self._beside]
        stopped = asyncio.create_task(self._stop.wait(), name="stop")
        try:
            await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            scheduler.shutdown(wait=False)
            self._stop.set()
            for nudge in self._nudges.values():
                nudge.set()
            await stopped
            await _end([*tasks, *aside])

    def _scheduler(self) -> AsyncIOScheduler:
        from apscheduler.executors.debug import DebugExecutor
        from apscheduler.schedulers.asyncio import AsyncIOScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        # A late job runs once, however late: with the default grace of 1 s it would be skipped (measured).
        # It runs on the loop at once: the usual executor sets the event from a thread, which no event of
        # asyncio permits, and calls it an error when it is stopped meanwhile.
        scheduler = AsyncIOScheduler(
            timezone=UTC,
            executors={"default": DebugExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        beats = {station.name: station.every for station in STATIONS} | {FOLDER: LOOKS}
        for name, seconds in beats.items():
            trigger = IntervalTrigger(seconds=seconds / self._haste, timezone=UTC)
            scheduler.add_job(self._nudges[name].set, trigger, id=name)
            self._nudges[name].set()
        return scheduler

    async def _run_beside(self, beside: Beside) -> None:
        """Run something beside the stations, and begin it again when it fails."""
        pause, told = FIRST_PAUSE, False
        while not self._stop.is_set():
            task = asyncio.ensure_future(beside.keep(self))
            try:
                await asyncio.wait([task])
            finally:
                task.cancel()
            error = None if task.cancelled() else task.exception()
            if error is None:
                return
            log.error(
                "something beside the watch failed; the watch goes on",
                extra={"what": beside.name},
                exc_info=error,
            )
            if not told:
                told = await self._tell_beside(beside)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause / self._haste)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _tell_beside(self, beside: Beside) -> bool:
        """Tell the health channel, when there is one; the log says why."""
        from alerts.health import health_facts

        to, now = self.rooms.settings.health.to, self.rooms.world.clock()
        facts = health_facts(
            f"The {beside.name} stopped working", "The watch goes on; it is tried again.", note="", ids={}
        )
        key = f"beside {beside.name} {now.isoformat()}"
        if to:
            await self.rooms.store.write(
                lambda store: store.enqueue_health(destination=to, key=key, facts=facts, now=now)
            )
        return True

    async def _keep(self, name: str, visit: Callable[[], Awaitable[None]]) -> None:
        nudge = self._nudges[name]
        while True:
            await nudge.wait()
            if self._stop.is_set():
                return
            nudge.clear()
            try:
                await visit()
            except InUseError:
                raise  # another one has taken over: two would tell everything twice
            except StorageError as error:
                # Locked, full or away for a moment: nothing was lost, and the next nudge tries again.
                log.warning("room could not reach the database", extra={"room": name, "why": str(error)})

    async def _visit(self, station: Station) -> None:
        async with self._at_work[station.name]:
            brought = await station.step(self.rooms)
        self.visited[station.name] = monotonic()
        if brought.moved:
            for name in station.wakes:
                self._nudges[name].set()

    async def _look_at_folder(self) -> None:
        """Take over what the newsroom changed in its files, between two rounds of the rooms."""
        renewed = await self.folder.look(self.rooms.settings)
        if renewed is None:
            return
        async with AsyncExitStack() as stack:
            for name in RESTING:
                await stack.enter_async_context(self._at_work[name])
            self.rooms, self.trouble = await take_over(self.rooms, renewed, self.trouble, self.folder.fresh)
        self.folder.took()
        for nudge in self._nudges.values():
            nudge.set()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the tasks, cut them off when patience ends, and raise the first error nobody foresaw."""
    _, late = await asyncio.wait(tasks, timeout=PATIENCE)
    for task in late:
        log.warning("work cut off; it is taken up at the next start", extra={"room": task.get_name()})
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
