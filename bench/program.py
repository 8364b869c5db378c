"""How is the whole program run on the real clock, for as long as something is measured?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

PATIENCE = 90.0  # seconds, for whatever is waited for
_BETWEEN_LOOKS = 0.1


@contextmanager
def running(folder: Path, secrets: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program on a newsroom's folder; it is waited for, and ended in any case."""
    environment = {**os.environ, **secrets, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "nightdesk", "run", "--quiet", "--config", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)  # noqa: S603 - ours
        try:
            yield process
            process.wait(timeout=PATIENCE)
        finally:
            process.kill()
            process.wait()


def wait_until(happened: Callable[[], bool], what: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until it happened.

    Raises:
        RuntimeError: it did not, or the program ended before.
    """
    until = monotonic() + PATIENCE
    while not happened():
        if process.poll() is not None:
            msg = f"the program ended with {process.returncode} before {what}"
            raise RuntimeError(msg)
        if monotonic() > until:
            msg = f"{PATIENCE:.0f} s were not enough for {what}"
            raise RuntimeError(msg)
        Event().wait(_BETWEEN_LOOKS)


def write_settings(path: Path, content: object) -> None:
    """Write one file of a newsroom's folder; JSON is YAML too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
