"""The child process that reads what publishers send: `python -m crawler.reading.child FD`.

One job at a time comes in over a socket of its own. Hostile bytes can make a parser spin, swell or fall over;
so every job gets five more seconds of processor time and no more, memory is bounded, and nothing may be
connected to, started or written here. What is too much ends this process, and the parent starts another.
"""

from __future__ import annotations

import json
import math
import re
import resource
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from crawler.reading import parcel
from crawler.reading.jobs import JOBS, Job

MEMORY = 512 * 1024 * 1024  # bytes of address space
PEAK_EVERY = 8  # jobs
_HIGH_WATER = re.compile(r"^VmHWM:\s*(\d+) kB", re.MULTILINE)
FORBIDDEN = (
    "socket.connect",
    "socket.bind",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.remove",
    "shutil.",
)


def main(fd: int) -> None:
    """Work on jobs until the parent hangs up."""
    connection = socket.socket(fileno=fd)
    sys.excepthook = _confess(connection)
    _shut_in()
    done = 0
    while (job := _receive(connection)) is not None:
        head, body = job
        _allow_more_time(head["seconds"])
        answer = _answer(head, body)
        # Looking costs a tenth of reading a feed, and what a job took stays taken.
        if done % PEAK_EVERY == 0:
            answer["peak"] = _peak()
        connection.sendall(parcel.packed_answer(answer))
        done += 1


def _answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    from news.errors import ReadingError

    now = datetime.fromtimestamp(head["now"], UTC)
    try:
        job = Job(
            body=body, url=head["url"], content_type=head["content_type"], now=now, more=head.get("more", {})
        )
        found = JOBS[head["job"]](job)
    except ReadingError as problem:
        return {"problem": str(problem), "reason": problem.reason}
    except (RecursionError, MemoryError):
        return {"problem": "sends something too tangled to read", "reason": "malformed"}
    return {"found": found}


def _peak() -> int:
    """Return the most memory that this process ever used, in KiB.

    Where the system tells it: Linux counts in `ru_maxrss` what the parent used before this process began.
    """
    with suppress(OSError):
        found = _HIGH_WATER.search(Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
        if found:
            return int(found[1])
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // 1024 if sys.platform == "darwin" else most


def _receive(connection: socket.socket) -> tuple[dict[str, Any], bytes] | None:
    start = _exactly(connection, parcel.LENGTHS.size)
    if start is None:
        return None
    head_length, body_length = parcel.lengths(start)
    head = _exactly(connection, head_length)
    body = _exactly(connection, body_length)
    return None if head is None or body is None else (json.loads(head), body)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    """Return so many bytes, mostly in one piece; None when the parent has gone."""
    pieces: list[bytes] = []
    while length:
        piece = connection.recv(length, socket.MSG_WAITALL)
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


def _shut_in() -> None:
    """Bound what this process may use, and forbid what no reading ever needs."""
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        with suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(limit, (most, most))

    def watch(event: str, _: tuple[object, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(event)

    sys.addaudithook(watch)


def _allow_more_time(seconds: int) -> None:
    """Raise the soft limit for this job: processor time adds up over a process's life."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used) + seconds, hard))


def _confess(
    connection: socket.socket,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return what tells the parent, in one line, which mistake of ours ends this process."""

    def tell(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        words = f"could not be read: {kind.__name__} ({problem}) at {where}"[:500]
        connection.sendall(parcel.packed({"problem": words, "reason": "killed"}))

    return tell


if __name__ == "__main__":
    main(int(sys.argv[1]))
