"""What does polling cost with Nightdesk's own engine, reader and store?

Reads the plan as JSON from standard input and writes the figures as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import resource
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.settings import Settings
    from crawler.engine import Engine
    from crawler.polling import PollReport
    from crawler.reading.children import Reader
    from storage.threads import StoreThreads

START = datetime(2026, 3, 18, 12, tzinfo=UTC)
LIMIT = timedelta(seconds=5)  # for an answer
RHYTHM = timedelta(minutes=15)  # of many sources
BEAT, LOOK = 2, 30  # seconds between two rounds of polling, and two looks at the sources' health


@dataclass(slots=True)
class House:
    """A newsroom of so many sources, and its clock."""

    settings: Settings
    store: StoreThreads
    engine: Engine
    reader: Reader
    now: datetime = START
    chance: Random = field(default_factory=lambda: Random(1))  # noqa: S311 - jitter, the same each time

    async def declare(self, first: int, last: int) -> None:
        """Have this stretch of the sources asked from now on."""
        declared, now = self.settings.sources[first:last], self.now
        await self.store.write(lambda store: store.declare_sources(declared, now=now))

    async def poll(self, *, after: timedelta) -> PollReport:
        """Let time go by and ask every source that is due."""
        from crawler.polling import poll_due

        self.now += after
        return await poll_due(
            self.settings, self.store, self.engine, self.reader, clock=lambda: self.now, random=self.chance
        )

    async def look(self) -> None:
        """Look at the sources' health, as the service does."""
        from alerts.source_alarms import raise_alarms

        await raise_alarms(self.settings, self.store, clock=lambda: self.now)


@asynccontextmanager
async def a_house(urls: Sequence[str], database: str, *, every: timedelta) -> AsyncIterator[House]:
    """Open a newsroom with a source for each address."""
    from config.settings import FetchSettings, HealthSettings, Settings
    from crawler.engine import Engine
    from crawler.polling import let_go
    from crawler.reading.children import Reader
    from news.nouns import Source
    from nightdesk.__main__ import BETWEEN_COLLECTIONS
    from storage.open import open_store
    from storage.threads import StoreThreads

    sources = tuple(
        Source(id=f"outlet{number}", name=f"Outlet {number}", url=url, every=every)
        for number, url in enumerate(urls)
    )
    fetch = FetchSettings(allow_addresses=frozenset(url.split("/")[2] for url in urls), timeout=LIMIT)
    settings = Settings(sources=sources, fetch=fetch, health=HealthSettings(to="console:"))
    store = StoreThreads(lambda: open_store(f"sqlite:///{database}", now=START))
    engine, reader = Engine(settings.fetch), Reader(2)
    await engine.start()
    gc.set_threshold(BETWEEN_COLLECTIONS)
    gc.collect()
    gc.freeze()  # as the service does at its start
    try:
        house = House(settings, store, engine, reader)
        yield house
    finally:
        await let_go(store)
        await reader.close()
        await engine.stop()
        store.close()


async def rounds(plan: dict[str, Any]) -> dict[str, Any]:
    """Poll a few feeds to warm up, then all others round after round."""
    figures = []
    urls, warm = [*plan["warm"], *plan["urls"]], len(plan["warm"])
    async with a_house(urls, plan["database"], every=timedelta(minutes=10)) as house:
        await house.declare(0, warm)
        await house.poll(after=timedelta())
        await house.declare(warm, len(urls))
        for percent in plan["rounds"]:
            await asyncio.to_thread(advance, plan["control"], percent)
            start, spent = time.perf_counter(), spent_so_far()
            report = await house.poll(after=timedelta(hours=1))
            cost = {"wall": time.perf_counter() - start, "cpu": spent_so_far() - spent}
            figures.append(
                cost | {"new": report.new, "checked": report.checked, "failed": len(report.failed)}
            )
        return {"rounds": figures, "late": await with_slow_ones(plan)} | memory()


async def with_slow_ones(plan: dict[str, Any]) -> dict[str, Any]:
    """Poll the same feeds among slow and hanging ones; say when the healthy were done, and when all were."""
    urls = [*plan["urls"], *plan["slow"], *plan["hanging"]]
    async with a_house(urls, f"{plan['database']}.slow", every=timedelta(minutes=10)) as house:
        await house.declare(0, len(urls))
        await house.poll(after=timedelta())
        await asyncio.to_thread(advance, plan["control"], 10)
        start = time.perf_counter()
        report = await house.poll(after=timedelta(hours=7))
        return {"wall": time.perf_counter() - start, "checked": report.checked, "failed": len(report.failed)}


async def many(plan: dict[str, Any]) -> dict[str, Any]:
    """Keep many sources on a rhythm of 15 minutes for some minutes of a clock that is moved on by hand."""
    async with a_house(plan["many"], plan["database"], every=RHYTHM) as house:
        first = 0
        for minute in range(1, 16):  # as many are added every minute, so that they are spread over the rhythm
            await house.declare(0, len(plan["many"]) * minute // 15)
            first += (await house.poll(after=timedelta(minutes=1))).checked
        for _ in range(16):  # another turn for all, so that each is where its rhythm has it
            await house.poll(after=timedelta(minutes=1))
        await asyncio.to_thread(advance, plan["control"], 10)
        checked, spent = 0, spent_so_far()
        for beat in range(plan["seconds"] // BEAT):
            checked += (await house.poll(after=timedelta(seconds=BEAT))).checked
            if beat % (LOOK // BEAT) == 0:
                await house.look()
        cost = {"seconds": plan["seconds"], "cpu": spent_so_far() - spent, "checked": checked}
        return cost | {"first": first, "sources": len(plan["many"])} | memory()


def memory() -> dict[str, int]:
    """Return the most memory that this process and all of them together ever used, in KiB."""
    main = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"main": main, "tree": main + sum(_peak(child) for child in _children())}


def spent_so_far() -> float:
    """Return the processor seconds of this process and its living children."""
    ticks = os.sysconf("SC_CLK_TCK")
    return time.process_time() + sum(
        sum(map(int, Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13])) / ticks
        for child in _children()
    )


def _children() -> list[int]:
    return [int(number) for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def _peak(process: int) -> int:
    """Return the most memory that a process ever used, in KiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def advance(control: str, percent: int) -> None:
    """Give so many of the feeds new entries."""
    with urllib.request.urlopen(f"{control}/advance/{percent}", timeout=60) as answer:  # noqa: S310 - loopback
        answer.read()


async def main() -> int:
    """Run the plan."""
    plan = json.load(sys.stdin)
    figures = await (many(plan) if "many" in plan else rounds(plan))
    sys.stdout.write(json.dumps(figures))
    return 0


if __name__ == "__main__":
    from crawler.reactor import run

    sys.exit(run(main))
