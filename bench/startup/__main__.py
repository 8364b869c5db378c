"""Measure the CPU of the commands that a person types most: `./do bench startup`.

Each is started several times as a process with its modules compiled, and the quickest run counts: the
others were disturbed. `check` reads the newsroom that ships, with its 64 sources.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from config.install import Answers, install_starter

CHECKOUT = Path(__file__).resolve().parents[2]
BUDGET = 0.25  # seconds of CPU
RUNS = 15
WARM_UP = 2  # runs that compile the modules


def main() -> int:
    """Print a table; return 1 when a command is over its budget."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "newsroom"
        install_starter(folder, Answers())
        environment = compiled_in(Path(temporary) / "bytecode")
        commands = {"python -c pass": ["-c", "pass"], "nightdesk --help": ["-m", "nightdesk", "--help"]}
        commands["nightdesk check"] = ["-m", "nightdesk", "check", "--config", str(folder)]
        print(f"CPU in ms, best and median of {RUNS}; at most {BUDGET * 1000:.0f}")
        over = [name for name, words in commands.items() if told(name, measured(words, environment)) > BUDGET]
    return 1 if over else 0


def compiled_in(folder: Path) -> dict[str, str]:
    """Return an environment in which modules are compiled once, as in an installation."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder), "PYTHONPATH": str(CHECKOUT)}


def measured(words: list[str], environment: dict[str, str]) -> list[float]:
    """Return the CPU seconds of each run."""
    spent = []
    for _ in range(WARM_UP + RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment, cwd=CHECKOUT)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return spent[WARM_UP:]


def told(name: str, spent: list[float]) -> float:
    """Print one line of the table; return the best run."""
    print(f"{name:<20} {min(spent) * 1000:5.0f} {median(spent) * 1000:5.0f}")
    return min(spent)


if __name__ == "__main__":
    sys.exit(main())
