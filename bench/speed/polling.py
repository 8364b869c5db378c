"""How much does it cost to poll 500 feeds? `./do bench speed`, or `python -m bench.speed.polling [FEEDS]`.

500 feeds of 160 KB on loopback in a process of their own; ours and the peers that are installed poll them the
same way: once everything, then a round where nothing changed, one where everything did, and one where a tenth
did. Then 30 slow and hanging hosts are put among them, and last 10,000 small feeds are kept on a rhythm of 15
minutes. Processor time is that of the process and its children. Fails when a mark of ours is missed.

Peers are found in PATH (bench/speed/polling_programs.py); the library `reader` too in the environment whose
Python PEERS_PYTHON names. Those that are not there are named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.speed.polling_programs import PROGRAMS, is_there

OURS = "bench.speed.polling_ours"
FEEDS = 500
ENTRIES = 40
HOSTS = 50
WARM = 4  # feeds that are read before anything is measured: a service is started once
MANY = 10_000
SECONDS = 900  # of the clock, for which the many are kept: each is asked once
ROUNDS = (("first", 0), ("nothing new", 0), ("all new", 100), ("a tenth new", 10))
#: The marks: milliseconds of processor time a feed, seconds, share of one core, MB.
MOST_FIRST = 4.0
MOST_STEADY = 1.5
LONGEST = 8.0
MOST_OF_A_CORE = 0.15
MOST_MEMORY, MOST_OF_TREE = 300.0, 600.0


@contextmanager
def _web(feeds: int) -> Iterator[dict[str, Any]]:
    """Serve the feeds from another process; give the addresses as a plan."""
    command = [sys.executable, "-m", "bench.speed.polling_web", str(feeds + WARM), str(HOSTS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        ports = json.loads(process.stdout.readline())
        hosts = [f"http://127.0.0.1:{port}" for port in ports["hosts"]]
        every = [f"{hosts[number % HOSTS]}/feed/{number}" for number in range(feeds + WARM)]
        yield {
            "control": hosts[0],
            "urls": every[:feeds],
            "warm": every[feeds:],
            "slow": [f"http://127.0.0.1:{port}/feed/{number}" for number, port in enumerate(ports["slow"])],
            "hanging": [f"http://127.0.0.1:{port}/feed/1" for port in ports["hanging"]],
            "rounds": [percent for _, percent in ROUNDS],
        }


def _run(command: list[str], plan: dict[str, Any]) -> dict[str, Any]:
    """Run one of them in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(  # noqa: S603 - our own modules
            command,
            input=json.dumps(plan | {"database": f"{folder}/bench.db"}),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def _can(python: str, line: str) -> bool:
    asked = subprocess.run([python, "-c", line], stderr=subprocess.DEVNULL, check=False)  # noqa: S603 - as a person says
    return asked.returncode == 0


def _with_reader() -> str:
    """Return the Python that has the library `reader`, or ""."""
    for python in (sys.executable, os.environ.get("PEERS_PYTHON", "")):
        if python and _can(python, "import reader"):
            return python
    return ""


def _runners() -> dict[str, list[str]]:
    """Return how each is run, by name; an empty command for what is not installed."""
    ours, reader = [sys.executable, "-m"], _with_reader()
    return {
        "ours": [*ours, OURS],
        "plain": [*ours, "bench.speed.polling_peer"],
        "reader": [reader, "-m", "bench.speed.polling_reader"] if reader else [],
    } | {name: [*ours, "bench.speed.polling_programs", name] if is_there(name) else [] for name in PROGRAMS}


def _measure(feeds: int) -> dict[str, dict[str, Any]]:
    """Measure ours and every peer that is installed, each against a fresh web."""
    figures = {}
    for name, command in _runners().items():
        if not command:
            sys.stderr.write(f"{name} is not installed: not measured\n")
            continue
        with _web(feeds) as plan:
            figures[name] = _run(command, plan)
    return figures


def _measure_many() -> dict[str, Any]:
    with _web(HOSTS) as plan:
        hosts = [url.rpartition("/feed/")[0] for url in plan["urls"]]
        many = [f"{hosts[number % HOSTS]}/small/{number}" for number in range(MANY)]
        return _run([sys.executable, "-m", OURS], plan | {"many": many, "seconds": SECONDS})


def _table(feeds: int, measured: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"{feeds} feeds of {ENTRIES} entries, 160 KB each, on {HOSTS} hosts, loopback", ""]
    names = "".join(f"{name:>11}" for name in measured)
    for what, unit in (("CPU ms a feed", "cpu"), ("feeds a second", "wall")):
        lines.append(f"{what:22}{names}")
        for number, (name, _) in enumerate(ROUNDS):
            spent = [each["rounds"][number][unit] for each in measured.values()]
            row = [seconds / feeds * 1000 if unit == "cpu" else feeds / seconds for seconds in spent]
            lines.append(
                f"  {name:20}" + "".join(f"{value:>11.{2 if unit == 'cpu' else 0}f}" for value in row)
            )
    late = "".join(f"{each['late']['wall']:>11.1f}" for each in measured.values())
    memory = "".join(f"{each['main'] / 1024:>11.0f}" for each in measured.values())
    lines += [f"{'s among slow hosts':22}{late}", f"{'MB at most':22}{memory}"]
    return [*lines, "", f"ours with its children: {measured['ours']['tree'] / 1024:.0f} MB"]


def _marks(feeds: int, ours: dict[str, Any], many: dict[str, Any]) -> list[tuple[str, float, float]]:
    """Return each mark: what it is, what was measured, and the most it may be."""
    each = [figures["cpu"] / feeds * 1000 for figures in ours["rounds"]]
    return [
        ("CPU ms a feed, first contact to clippings stored", each[0], MOST_FIRST),
        ("CPU ms a feed, nine of ten unchanged", each[3], MOST_STEADY),
        ("seconds for a cycle with 20 slow and 10 hanging hosts", ours["late"]["wall"], LONGEST),
        (
            f"of one core for {many['sources']:,} sources every 15 min",
            many["cpu"] / many["seconds"],
            MOST_OF_A_CORE,
        ),
        ("MB of the main process", max(ours["main"], many["main"]) / 1024, MOST_MEMORY),
        ("MB of all processes", max(ours["tree"], many["tree"]) / 1024, MOST_OF_TREE),
    ]


def _unfair(feeds: int, ours: dict[str, Any], many: dict[str, Any]) -> Iterator[str]:
    """Yield what was not done that should have been: a fast round that reads nothing is not fast."""
    for (name, _), figures in zip(ROUNDS, ours["rounds"], strict=True):
        if figures["checked"] != feeds or figures["failed"]:
            yield f"{name}: {figures['checked']} of {feeds} feeds asked, {figures['failed']} failed"
    if ours["late"]["failed"] != len(range(10)):
        yield f"among slow hosts: {ours['late']['failed']} failed, and the 10 that hang should have"
    wanted = many["sources"] * many["seconds"] / 900 / 1.2
    if many["first"] != many["sources"] or many["checked"] < wanted:
        asked = f"{many['checked']} asked in {many['seconds']} s"
        yield f"many sources: {asked}, and {wanted:.0f} should have been"


def main(arguments: list[str]) -> int:
    """Measure and print the table; 1 when a mark was missed."""
    feeds = int(arguments[0]) if arguments else FEEDS
    measured = _measure(feeds)
    many = _measure_many()
    ours = measured["ours"]
    lines = [*_table(feeds, measured), ""]
    marks = _marks(feeds, ours, many)
    lines += [f"{value:>8.2f}  {what} (mark {most:g})" for what, value, most in marks]
    wrong = [f"missed: {what}: {value:.2f}, mark {most:g}" for what, value, most in marks if value > most]
    wrong += _unfair(feeds, ours, many)
    sys.stdout.write("\n".join([*lines, "", *wrong]).rstrip() + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
