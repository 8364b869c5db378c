"""How much does it cost to poll 500 feeds? `./do bench speed`, or `python -m bench.speed.polling [FEEDS]`.

500 feeds on loopback in a process of their own; ours and a plain loop (urllib, feedparser, SQLite) poll them
the same way: once everything, then a round where nothing changed, one where everything did, and one where a
tenth did. Processor time is that of the process and its children. Fails when a mark of ours is missed.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

FEEDS = 500
HOSTS = 50
ROUNDS = (("first", 0), ("nothing new", 0), ("all new", 100), ("a tenth new", 10))
START = datetime(2026, 3, 18, 12, tzinfo=UTC)

#: The marks: milliseconds of processor time a feed, and MB.
MOST_UNCHANGED = 2.0
MOST_CHANGED = 6.0
MOST_MEMORY = 300.0


async def _ours(plan: dict[str, Any]) -> dict[str, Any]:
    """Poll with Nightdesk's own engine, reader and store."""
    from config.settings import FetchSettings, Settings
    from crawler.engine import Engine
    from crawler.polling import poll_due
    from crawler.reading.children import Reader
    from news.nouns import Source
    from storage.open import open_store
    from storage.threads import StoreThreads

    sources = tuple(
        Source(id=f"outlet{number}", name=f"Outlet {number}", url=url)
        for number, url in enumerate(plan["urls"])
    )
    hosts = frozenset(url.split("/")[2] for url in plan["urls"])
    settings = Settings(sources=sources, fetch=FetchSettings(allow_addresses=hosts))
    store = StoreThreads(lambda: open_store(f"sqlite:///{plan['database']}", now=START))
    await store.write(lambda store: store.declare_sources(sources, now=START))
    engine, reader = Engine(settings.fetch), Reader()
    await engine.start()
    rounds = []
    clock = [START]
    chance = Random(1)  # noqa: S311 - jitter, the same each time
    for number, percent in enumerate(plan["rounds"]):
        await asyncio.to_thread(_advance, plan["control"], percent)
        clock.append(START + timedelta(hours=number))
        start, spent = time.perf_counter(), _spent()
        report = await poll_due(settings, store, engine, reader, clock=lambda: clock[-1], random=chance)
        rounds.append({"wall": time.perf_counter() - start, "cpu": _spent() - spent, "new": report.new})
        if report.checked != len(sources) or report.failed:
            raise RuntimeError(report)
    main = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tree = main + sum(_peak(child) for child in _children())
    await reader.close()
    await engine.stop()
    store.close()
    return {"rounds": rounds, "main": main, "tree": tree}


def _spent() -> float:
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


def _advance(control: str, percent: int) -> None:
    with urllib.request.urlopen(f"{control}/advance/{percent}", timeout=60) as answer:  # noqa: S310 - loopback
        answer.read()


@contextmanager
def _web(feeds: int) -> Iterator[tuple[list[str], str]]:
    """Serve the feeds from another process; give their addresses and the control's."""
    command = [sys.executable, "-m", "bench.speed.polling_web", str(feeds), str(HOSTS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        ports = json.loads(process.stdout.readline())
        places = [f"http://127.0.0.1:{port}" for port in ports]
        yield [f"{places[number % HOSTS]}/feed/{number}" for number in range(feeds)], places[0]


def _measure(who: str, feeds: int) -> dict[str, Any]:
    """Run one of the two in a process of its own, against a fresh web."""
    with _web(feeds) as (urls, control), tempfile.TemporaryDirectory() as folder:
        plan = {
            "urls": urls,
            "control": control,
            "database": f"{folder}/bench.db",
            "rounds": [percent for _, percent in ROUNDS],
        }
        module = (
            ["-m", "bench.speed.polling", "--ours"] if who == "ours" else ["-m", "bench.speed.polling_peer"]
        )
        answer = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, *module], input=json.dumps(plan), capture_output=True, text=True, check=True
        )
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def _table(feeds: int, ours: dict[str, Any], peer: dict[str, Any]) -> list[str]:
    lines = [f"{feeds} feeds of 30 entries on {HOSTS} hosts, loopback", ""]
    lines.append(f"{'':14}{'feeds/s':>18}{'CPU ms a feed':>20}")
    lines.append(f"{'':14}{'ours':>9}{'plain':>9}{'ours':>11}{'plain':>9}")
    for (name, _), mine, theirs in zip(ROUNDS, ours["rounds"], peer["rounds"], strict=True):
        speed = f"{feeds / mine['wall']:>9.0f}{feeds / theirs['wall']:>9.0f}"
        lines.append(f"{name:14}{speed}{_each(mine, feeds):>11.2f}{_each(theirs, feeds):>9.2f}")
    memory = f"{ours['main'] / 1024:.0f} MB, {ours['tree'] / 1024:.0f} MB with its children"
    return [*lines, "", f"peak memory: ours {memory}; plain {peer['main'] / 1024:.0f} MB"]


def _each(figures: dict[str, float], feeds: int) -> float:
    return figures["cpu"] / feeds * 1000


def _misses(feeds: int, ours: dict[str, Any]) -> list[str]:
    """Return the marks that were missed, in words."""
    _, unchanged, changed, _ = (_each(figures, feeds) for figures in ours["rounds"])
    marks = (
        ("CPU ms an unchanged feed", unchanged, MOST_UNCHANGED),
        ("CPU ms a changed feed", changed, MOST_CHANGED),
        ("MB of the main process", ours["main"] / 1024, MOST_MEMORY),
    )
    return [f"missed: {value:.2f} {what}, mark {most:.0f}" for what, value, most in marks if value > most]


def main(arguments: list[str]) -> int:
    """Measure both and print the table; 1 when a mark was missed."""
    if arguments == ["--ours"]:
        from crawler.reactor import run

        async def ours() -> int:
            sys.stdout.write(json.dumps(await _ours(json.load(sys.stdin))))
            return 0

        return run(ours)
    feeds = int(arguments[0]) if arguments else FEEDS
    ours_figures, peer_figures = _measure("ours", feeds), _measure("peer", feeds)
    misses = _misses(feeds, ours_figures)
    sys.stdout.write("\n".join([*_table(feeds, ours_figures, peer_figures), *misses]) + "\n")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
