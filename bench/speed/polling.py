"""How much does it cost to poll 500 feeds? `./do bench speed`, or `python -m bench.speed.polling [FEEDS]`.

500 feeds of 160 KB on loopback in a process of their own; ours and the peers that are installed poll them the
same way: once everything, then a round where nothing changed, one where everything did, and one where a tenth
did. Then 30 slow and hanging hosts are put among them, and last 10,000 small feeds are kept on a rhythm of 15
minutes. Processor time is that of the process and its children. Fails when a mark of ours is missed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

FEEDS = 500
HOSTS = 50
WARM = 4  # feeds that are read before anything is measured: a service is started once
MANY = 10_000
SECONDS = 900  # of the clock, for which the many are kept: each is asked once
ROUNDS = (("first", 0), ("nothing new", 0), ("all new", 100), ("a tenth new", 10))
#: What else is installed here: its module, and what it is called.
PEERS = (
    ("feedparser", "plain", "bench.speed.polling_peer"),
    ("reader", "reader", "bench.speed.polling_reader"),
)

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


def _run(module: str, plan: dict[str, Any]) -> dict[str, Any]:
    """Run one of them in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        answer = subprocess.run(  # noqa: S603 - our own modules
            [sys.executable, "-m", module],
            input=json.dumps(plan | {"database": f"{folder}/bench.db"}),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def _measure(feeds: int) -> dict[str, dict[str, Any]]:
    """Measure ours and every peer that is installed, each against a fresh web."""
    figures = {}
    for module, name, runs in (("crawler", "ours", "bench.speed.polling_ours"), *PEERS):
        if find_spec(module) is None:
            sys.stderr.write(f"{name} is not installed: not measured\n")
            continue
        with _web(feeds) as plan:
            figures[name] = _run(runs, plan)
    return figures


def _measure_many() -> dict[str, Any]:
    with _web(HOSTS) as plan:
        hosts = [url.rpartition("/feed/")[0] for url in plan["urls"]]
        many = [f"{hosts[number % HOSTS]}/small/{number}" for number in range(MANY)]
        return _run("bench.speed.polling_ours", plan | {"many": many, "seconds": SECONDS})


def _table(feeds: int, measured: dict[str, dict[str, Any]]) -> list[str]:
    lines = [f"{feeds} feeds of 40 entries, 160 KB each, on {HOSTS} hosts, loopback", ""]
    lines.append(
        f"{'':14}{'feeds a second':>{9 * len(measured) + 5}}{'CPU ms a feed':>{9 * len(measured) + 5}}"
    )
    names = "".join(f"{name:>9}" for name in measured)
    lines.append(f"{'':14}{'':5}{names}{'':5}{names}")
    for number, (name, _) in enumerate(ROUNDS):
        rounds = [each["rounds"][number] for each in measured.values()]
        speed = "".join(f"{feeds / each['wall']:>9.0f}" for each in rounds)
        cost = "".join(f"{each['cpu'] / feeds * 1000:>9.2f}" for each in rounds)
        lines.append(f"{name:14}{'':5}{speed}{'':5}{cost}")
    memory = "; ".join(f"{name} {each['main'] / 1024:.0f} MB" for name, each in measured.items())
    return [
        *lines,
        "",
        f"peak memory: {memory}; ours with its children {measured['ours']['tree'] / 1024:.0f} MB",
    ]


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
