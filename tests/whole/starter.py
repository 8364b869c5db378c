"""Start the service with a clock that a test drives, and die at a hop of the test's choosing.

    python -m tests.whole.starter FOLDER CLOCK ARMED

FOLDER is a newsroom's folder, CLOCK a file that tells the time (tests/fakes/clock.py), ARMED a file that
need not be there. Once it holds the name of a hop, the process kills itself with SIGKILL when it next comes
past: no goodbye, no flush, as when the power goes. With "freeze" before the name it stops there instead, as
under a laptop's lid, until somebody lets it go on; ARMED is gone by then.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from random import Random
from threading import Event

from config.load import load
from crawler.reactor import run
from crawler.reading.children import Reader
from news.nouns import Hop
from nightdesk import logs
from nightdesk.desk.listening import DESK
from nightdesk.rooms import World
from nightdesk.service import serve
from tests.fakes.clock import FileClock

#: How much quicker than in a newsroom the rooms are woken.
HASTE = 20.0
FREEZE = "freeze"
WRITTEN = 0.5  # seconds in which a write under way is done: a frozen one would keep the database locked


def main(folder: str, clock: str, armed: str) -> int:
    """Serve until SIGTERM, or until the hop."""
    logs.set_up(verbose=True, quiet=False)
    settings = load(Path(folder), os.environ)
    world = World(
        clock=FileClock(Path(clock)),
        random=Random(7),  # noqa: S311 - jitter
        hop=killer(Path(armed)),
        reader=Reader(),  # one child in place of two: each start of one takes half a second of CPU
    )
    return run(lambda: serve(settings, world, haste=HASTE, beside=(DESK,)))


def killer(armed: Path) -> Hop:
    """Return a hop that kills this process, or freezes it, once the file holds the hop's name."""

    def pass_or_die(name: str) -> None:
        wanted = armed.read_text(encoding="utf-8").strip() if armed.exists() else ""
        if wanted == name:
            os.kill(os.getpid(), signal.SIGKILL)
        if wanted == f"{FREEZE} {name}":
            Event().wait(WRITTEN)
            armed.unlink()
            os.kill(os.getpid(), signal.SIGSTOP)

    return pass_or_die


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
