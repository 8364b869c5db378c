"""Start the service with a clock that a test drives, and die at a hop of the test's choosing.

    python -m tests.whole.starter FOLDER CLOCK [HOP [COUNT]]

FOLDER is a newsroom's folder, CLOCK a file that tells the time (tests/fakes/clock.py). With a HOP the
process kills itself with SIGKILL the COUNTth time (default 1) it comes past: no goodbye, no flush, as when
the power goes.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from random import Random

from config.load import load
from crawler.reactor import run
from news.nouns import Hop, no_hop
from nightdesk import logs
from nightdesk.rooms import World
from nightdesk.service import serve
from tests.fakes.clock import FileClock


def main(folder: str, clock: str, hop: str = "", count: str = "1") -> int:
    """Serve until SIGTERM, or until the hop."""
    logs.set_up(verbose=True, quiet=False)
    settings = load(Path(folder), os.environ)
    world = World(
        clock=FileClock(Path(clock)), random=Random(7), hop=killer(hop, int(count)) if hop else no_hop
    )
    return run(lambda: serve(settings, world))


def killer(deadly: str, count: int) -> Hop:
    """Return a hop that kills this process the `count`th time it is called with the deadly name."""
    left = count

    def pass_or_die(name: str) -> None:
        nonlocal left
        if name == deadly:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return pass_or_die


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
