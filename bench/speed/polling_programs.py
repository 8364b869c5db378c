"""What do other programs cost for the same feeds? Those that are installed are run as people run them.

`python -m bench.speed.polling_programs NAME` reads the plan as JSON from standard input and writes the
figures as JSON. Found in PATH: newsboat, sfeed_update, r2e (rss2email), and node for rss-parser, whose folder
NODE_PATH names (`npm install --prefix FOLDER rss-parser`, then NODE_PATH=FOLDER/node_modules).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AT_ONCE = 32
LIMIT = 5  # seconds for an answer
LONGEST = 150  # seconds that a cycle among slow hosts is waited for
LIBRARIES = Path(__file__).with_name("polling_rss_parser.cjs")


@dataclass(frozen=True, slots=True)
class Program:
    """A program, and how it is told which feeds to ask."""

    #: What must be in PATH.
    needs: str
    prepare: Callable[[Path, Sequence[str]], None]
    command: Callable[[Path], list[str]]


def _newsboat(folder: Path, urls: Sequence[str]) -> None:
    (folder / "urls").write_text("".join(f"{url}\n" for url in urls))
    (folder / "config").write_text(
        f"reload-threads {AT_ONCE}\ndownload-timeout {LIMIT}\ndownload-retries 1\n"
    )


def _sfeed(folder: Path, urls: Sequence[str]) -> None:
    lines = "".join(f"\tfeed 'outlet{number}' '{url}'\n" for number, url in enumerate(urls))
    fetch = f'fetch() {{\n\tcurl -L --max-redirs 0 -f -s -m {LIMIT} "$2" 2>/dev/null\n}}\n'
    (folder / "sfeedrc").write_text(
        f'maxjobs={AT_ONCE}\nsfeedpath="{folder}/feeds"\n{fetch}feeds() {{\n{lines}}}\n'
    )


def _r2e(folder: Path, urls: Sequence[str]) -> None:
    lines = "".join(f"[feed.outlet{number}]\nurl = {url}\n\n" for number, url in enumerate(urls))
    head = f"[DEFAULT]\nto = desk@newsroom.test\nfeed-timeout = {LIMIT}\nuser-agent = bench\n\n"
    (folder / "r2e.cfg").write_text(head + lines)


def _rss_parser(folder: Path, urls: Sequence[str]) -> None:
    (folder / "plan.json").write_text(json.dumps({"urls": list(urls), "atOnce": AT_ONCE, "limit": LIMIT}))


def _by_newsboat(folder: Path) -> list[str]:
    files = ["-u", f"{folder}/urls", "-c", f"{folder}/cache", "-C", f"{folder}/config"]
    return ["newsboat", "-q", *files, "-x", "reload"]


def _by_node(folder: Path) -> list[str]:
    return ["node", str(LIBRARIES), f"{folder}/plan.json"]


def _by_r2e(folder: Path) -> list[str]:
    return ["r2e", "-c", f"{folder}/r2e.cfg", "-d", f"{folder}/r2e.json", "run", "--no-send"]


PROGRAMS = {
    "newsboat": Program("newsboat", _newsboat, _by_newsboat),
    "sfeed": Program("sfeed_update", _sfeed, lambda folder: ["sfeed_update", f"{folder}/sfeedrc"]),
    "rss2email": Program("r2e", _r2e, _by_r2e),
    "rss-parser": Program("node", _rss_parser, _by_node),
}


def is_there(name: str) -> bool:
    """Return whether a program, and what it stands on, is installed."""
    if shutil.which(PROGRAMS[name].needs) is None:
        return False
    if name != "rss-parser":
        return True
    asked = subprocess.run(
        ["node", "-e", "require('rss-parser')"],  # noqa: S607 - whichever is in PATH
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return asked.returncode == 0


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cycle(command: list[str], folder: Path) -> dict[str, float]:
    """Run the program once; return wall and processor seconds, of it and of all that it starts."""
    environment = {name: os.environ[name] for name in ("PATH", "NODE_PATH", "LANG") if name in os.environ}
    start, spent = time.perf_counter(), _spent()
    with subprocess.Popen(  # noqa: S603 - one of the programs above
        command,
        env=environment | {"HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # and all that it started
    return {"wall": time.perf_counter() - start, "cpu": _spent() - spent}


def main(name: str) -> None:
    """Run the plan."""
    plan: dict[str, Any] = json.load(sys.stdin)
    program, folder = PROGRAMS[name], Path(plan["database"]).parent
    program.prepare(folder, plan["urls"])
    rounds = []
    for percent in plan["rounds"]:
        control = f"{plan['control']}/advance/{percent}"
        with urllib.request.urlopen(control, timeout=60) as answer:  # noqa: S310 - loopback
            answer.read()
        rounds.append(_cycle(program.command(folder), folder))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    program.prepare(folder, [*plan["urls"], *plan["slow"], *plan["hanging"]])
    late = _cycle(program.command(folder), folder)
    sys.stdout.write(json.dumps({"rounds": rounds, "main": peak, "tree": peak, "late": late}))


if __name__ == "__main__":
    main(sys.argv[1])
