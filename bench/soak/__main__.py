"""What is left behind after 50,000 polls? `./do bench soak [--polls N]`.

A thousand feeds on loopback, one in four of which misbehaves, are asked again and again by the engine, the
reader and the store of the service; the crawler is changed for a fresh one every few seconds instead of every
few hours. Memory, tasks, open files, threads and children are counted on the way. It fails when any of them
grows after the first fifth.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path

from bench.speed.polling_ours import House, a_house

POLLS = 50_000
FEEDS, HOSTS = 1_000, 200
LOOKS = 10
STARTED = time.perf_counter()
APART = timedelta(hours=7)  # between two rounds: longer than any wait of a source that fails
FRESH = 5.0  # seconds after which the crawler is changed
#: How much each may grow between the first fifth and the end.
GROWTH = {"memory": 12.0, "tasks": 3, "files": 40, "threads": 2, "children": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What there is at one moment."""

    polls: int
    memory: float  # MB of the main process
    tasks: int
    files: int
    threads: int
    children: int


def look(polls: int) -> Look:
    """Count what there is."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return Look(
        polls=polls,
        memory=pages * os.sysconf("SC_PAGE_SIZE") / 1024**2,
        tasks=len(asyncio.all_tasks()),
        files=sum(1 for _ in Path("/proc/self/fd").iterdir()),
        threads=threading.active_count(),
        children=len(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()),
    )


def grown(looks: Sequence[Look]) -> Iterator[str]:
    """Yield what grew after the first fifth by more than it may."""
    before, after = looks[len(looks) // 5], looks[-1]
    for name, most in GROWTH.items():
        more = getattr(after, name) - getattr(before, name)
        if more > most:
            yield f"grew: {name} by {more:g} from {before.polls:,} to {after.polls:,} polls (most {most:g})"


@contextmanager
def _web() -> Iterator[list[str]]:
    """Serve the feeds from another process; give their addresses."""
    command = [sys.executable, "-m", "bench.soak.web", str(FEEDS), str(HOSTS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        ports = json.loads(process.stdout.readline())
        yield [f"http://127.0.0.1:{ports[number % HOSTS]}/feed/{number}" for number in range(FEEDS)]


async def soak(polls: int, urls: Sequence[str], database: str) -> list[Look]:
    """Poll so often; return what there was on the way."""
    from crawler import engine

    engine.CRAWLER_LIFE = FRESH
    _head()
    async with a_house(urls, database, every=timedelta(minutes=10)) as house:
        await house.declare(0, len(urls))
        await house.poll(after=timedelta())
        done, looks = 0, [_told(look(0))]
        while done < polls:
            upto = polls * len(looks) // LOOKS
            while done < upto:
                done += await _round(house)
            await house.look()
            looks.append(_told(look(done)))
        return looks


async def _round(house: House) -> int:
    report = await house.poll(after=APART)
    if report.checked < FEEDS * 3 // 4 or not report.failed or not report.unchanged:
        raise RuntimeError(report)
    return report.checked


def _head() -> None:
    sys.stdout.write("".join(f"{each.name:>10}" for each in fields(Look)) + f"{'seconds':>10}\n")


def _told(one: Look) -> Look:
    values = "".join(f"{getattr(one, each.name):>10,.0f}" for each in fields(Look))
    sys.stdout.write(f"{values}{time.perf_counter() - STARTED:>10.0f}\n")
    sys.stdout.flush()
    return one


def main(arguments: list[str]) -> int:
    """Soak, and say what grew; 1 when something did."""
    from crawler.reactor import run

    parser = argparse.ArgumentParser(prog="./do bench soak")
    parser.add_argument("--polls", type=int, default=POLLS)
    polls = parser.parse_args(arguments).polls
    looks: list[Look] = []

    async def work() -> int:
        with _web() as urls, tempfile.TemporaryDirectory() as folder:
            looks.extend(await soak(polls, urls, f"{folder}/soak.db"))
        return 0

    run(work)
    wrong = list(grown(looks))
    sys.stdout.write("\n".join(wrong or ["Nothing grew."]) + "\n")
    return min(len(wrong), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
