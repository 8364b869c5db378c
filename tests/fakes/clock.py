"""What time is it? Whatever the test says.

Both clocks are called like a function and answer with an aware datetime in UTC. ``FakeClock`` lives in one
process; ``FileClock`` keeps its time in a file, so that a test can drive a service that runs in another one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

Clock = Callable[[], datetime]

#: A file clock whose file begins with this word runs: its time is the real time plus that many seconds.
RUNNING = "offset"


class ClockError(ValueError):
    """The clock was given, or holds, something that is not a time."""


def aware_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; refuse one that does not say where it was read."""
    if moment.tzinfo is None:
        msg = f"{moment.isoformat()} has no time zone. Write one, for example +00:00."
        raise ClockError(msg)
    return moment.astimezone(UTC)


def real_time() -> datetime:
    """Return the time of the machine."""
    return datetime.now(UTC)


class FakeClock:
    """A clock that moves only when it is told to; any thread may read or move it."""

    def __init__(self, start: datetime) -> None:
        """Start at a moment, which must be aware."""
        self._now = aware_utc(start)
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Return the time."""
        with self._lock:
            return self._now

    def set(self, moment: datetime) -> datetime:
        """Jump to a moment, forward or back, and return it."""
        with self._lock:
            self._now = aware_utc(moment)
            return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move by a step and return the new time."""
        with self._lock:
            self._now += step
            return self._now


class FileClock:
    """A clock kept in a file, which several processes can share.

    The file holds one line: an ISO datetime (``2026-03-18T17:58:00+00:00``, time stands still) or ``offset``
    and a number of seconds (``offset -21600``, time runs, that far from the real time). It is replaced, never
    rewritten, so a reader sees the old line or the new one.
    """

    def __init__(self, path: Path, start: datetime | None = None, *, real: Clock = real_time) -> None:
        """Use the file at ``path``; with ``start``, write that time into it first."""
        self.path = path
        self._real = real
        if start is not None:
            self.set(start)

    def __call__(self) -> datetime:
        """Return the time the file tells.

        Raises:
            ClockError: the file is missing, or holds neither a time nor an offset.
        """
        try:
            line = self.path.read_text(encoding="utf-8").strip()
        except OSError as problem:
            msg = f"{self.path}: cannot read the time: {problem.strerror}"
            raise ClockError(msg) from problem
        return self._read(line)

    def set(self, moment: datetime) -> datetime:
        """Stop the clock at a moment and return it."""
        moment = aware_utc(moment)
        self._write(moment.isoformat())
        return moment

    def advance(self, step: timedelta) -> datetime:
        """Move by a step: a stopped clock stays stopped, a running one keeps running."""
        if not self._running():
            return self.set(self() + step)
        return self.run_from(self() + step)

    def run_from(self, moment: datetime) -> datetime:
        """Let time run on from a moment at the real pace."""
        moment = aware_utc(moment)
        offset = moment - aware_utc(self._real())
        self._write(f"{RUNNING} {offset.total_seconds()!r}")
        return moment

    def _running(self) -> bool:
        return self.path.read_text(encoding="utf-8").startswith(RUNNING)

    def _read(self, line: str) -> datetime:
        try:
            if line.startswith(RUNNING):
                seconds = float(line.removeprefix(RUNNING))
                return aware_utc(self._real()) + timedelta(seconds=seconds)
            return aware_utc(datetime.fromisoformat(line))
        except ValueError as problem:
            msg = f"{self.path}: {line[:60]!r} is not a time. Write 2026-03-18T17:58:00+00:00, or: offset -60"
            raise ClockError(msg) from problem

    def _write(self, line: str) -> None:
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}.{threading.get_ident()}")
        fresh.write_text(line + "\n", encoding="utf-8")
        fresh.replace(self.path)
