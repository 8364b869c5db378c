"""Who reads what publishers send?

Child processes, started when the first job comes. A job that takes too long, or a child that falls over,
costs that child and that job; the others never notice. The program itself imports no parser.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from crawler.reading import parcel
from crawler.reading.feed import FeedRead
from crawler.reading.page import Page
from news.errors import ReadingError
from news.nouns import Clipping, Source

ROOT = Path(__file__).resolve().parents[2]
JOB_SECONDS = 5  # of processor time; the slowest honest feed or page of thousands took one
DEADLINE = 15.0  # seconds a job may take; its processor time is bounded in the child
FIRST_DEADLINE = 30.0  # seconds for a child's first job, which waits for the child to start
LARGEST_CHILD = 300 * 1024  # KiB of memory ever used after which a child is replaced between two jobs
BUFFER = 512 * 1024  # bytes kept for answers; larger ones get a larger one while they come
FAR_AHEAD = datetime(2200, 1, 1, tzinfo=UTC)  # for pages: the filer compares their dates with its own clock

#: What a child may know of our environment. Secrets are not among it.
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")

#: Few arenas: glibc's many make the address space, which is bounded, look used up. And what a job took is
#: kept for the next one: giving it back and asking anew cost sixty page faults a feed.
MEMORY_HABITS = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_TRIM_THRESHOLD_": str(16 * 1024 * 1024),
    "MALLOC_TOP_PAD_": str(1024 * 1024),
    "MALLOC_MMAP_THRESHOLD_": str(4 * 1024 * 1024),
}


class Reader:
    """Reads feeds and pages in fenced child processes. Never raises on bad bytes but ReadingError."""

    def __init__(
        self, children: int = 1, *, deadline: float = DEADLINE, processor_seconds: int = JOB_SECONDS
    ) -> None:
        """Read so many jobs at once, each within these limits; children are started when they are needed."""
        self._processor_seconds = processor_seconds
        self._deadline = deadline
        self._idle: asyncio.LifoQueue[_Child] = asyncio.LifoQueue()
        self._children = [_Child() for _ in range(children)]
        for child in self._children:
            self._idle.put_nowait(child)

    async def read_feed(
        self, body: bytes, *, source: Source, url: str, content_type: str, now: datetime
    ) -> tuple[Clipping, ...]:
        """Return the feed's entries, in its order.

        Raises:
            ReadingError: the bytes are no feed, or reading them took too much.
        """
        read = await self.read_whole_feed(body, source=source, url=url, content_type=content_type, now=now)
        return read.clippings

    async def read_whole_feed(
        self, body: bytes, *, source: Source, url: str, content_type: str, now: datetime, known: str = ""
    ) -> FeedRead:
        """Return the feed's entries but those with known marks, and what it asks of those who read it.

        Raises:
            ReadingError: the bytes are no feed, or reading them took too much.
        """
        more = {"known": known} if known else None
        facts = await self.read("feed", body, url=url, content_type=content_type, now=now, more=more)
        return parcel.feed_read(facts, source.id)

    async def read_page(
        self, body: bytes, *, url: str, content_type: str, now: datetime | None = None
    ) -> Page:
        """Return what the page says.

        Raises:
            ReadingError: the bytes are no page, or reading them took too much.
        """
        facts = await self.read("page", body, url=url, content_type=content_type, now=now or FAR_AHEAD)
        return parcel.page_of(facts)

    async def read(
        self,
        job: str,
        body: bytes,
        *,
        url: str,
        content_type: str,
        now: datetime,
        more: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON
        """Return what a job of `crawler.reading.jobs` answers.

        Raises:
            ReadingError: the bytes are not what they should be, or reading them took too much.
        """
        head = {
            "job": job,
            "url": url,
            "content_type": content_type,
            "now": now.timestamp(),
            "seconds": self._processor_seconds,
            "more": more or {},
        }
        async with self._child() as child:
            answer = await child.work(parcel.packed(head, body), deadline=self._deadline)
        if "found" not in answer:
            raise ReadingError(answer["problem"], reason=answer["reason"])
        return answer["found"]

    async def close(self) -> None:
        """End the children."""
        for child in self._children:
            child.end()
        await asyncio.sleep(0)  # asyncio closes their sockets in its next turn

    @asynccontextmanager
    async def _child(self) -> AsyncIterator[_Child]:
        child = await self._idle.get()
        try:
            yield child
        finally:
            self._idle.put_nowait(child)


class _Child:
    """One child process, or the place for one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: _Line | None = None

    async def work(self, parcel_out: bytes, *, deadline: float) -> dict[str, Any]:
        """Return the child's answer to one job; whatever goes wrong ends the child."""
        started = self._line is None
        line = self._line or await self._start()
        done = False
        try:
            async with asyncio.timeout(max(deadline, FIRST_DEADLINE) if started else deadline):
                answer = parcel.unpacked_answer(await line.exchange(parcel_out))
            done = "found" in answer or answer["reason"] == "malformed"
        except TimeoutError as problem:
            raise ReadingError("took too long to read", reason="killed") from problem
        except (OSError, EOFError, ValueError, LookupError, TypeError) as problem:
            raise ReadingError("took more than reading may take", reason="killed") from problem
        finally:
            if not done:
                self.end()
        if answer.get("peak", 0) > LARGEST_CHILD:
            self.end()
        return answer

    async def _start(self) -> _Line:
        ours, theirs = socket.socketpair()
        for end in (ours, theirs):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        with theirs:
            self._process = _spawn(theirs)
        _, self._line = await asyncio.get_running_loop().create_connection(_Line, sock=ours)
        return self._line

    def end(self) -> None:
        """Kill the child, if there is one, and wait for it: SIGKILL is obeyed at once."""
        process, self._process = self._process, None
        line, self._line = self._line, None
        if line is not None:
            line.close()
        if process is not None:
            process.kill()
            process.wait()


def _spawn(connection: socket.socket) -> subprocess.Popen[bytes]:
    known = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    environment = known | MEMORY_HABITS | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    # All children hash alike, so that one knows the marks of another; each program in its own way.
    environment["PYTHONHASHSEED"] = str(hash("marks") % 2**32)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "crawler.reading.child", str(connection.fileno())],
        pass_fds=(connection.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the program, which ends its children itself
    )


class _Line(asyncio.BufferedProtocol):
    """The connection to a child: a parcel out, a parcel in.

    A buffer of our own, as large as the answers are: asyncio's streams took three times as long.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray(BUFFER)
        self._filled = 0
        self._answer: asyncio.Future[bytes] | None = None

    async def exchange(self, parcel_out: bytes) -> bytes:
        """Send a job and return the answer's parcel.

        Raises:
            EOFError, OSError: the child has gone.
            ValueError: the answer is larger than any answer.
        """
        if self._transport is None or self._transport.is_closing():
            raise EOFError
        self._filled = 0
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(parcel_out)
        return await self._answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's
        """Return where the next bytes go."""
        return memoryview(self._buffer)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Hand the answer over when it is whole."""
        self._filled += nbytes
        if self._filled < parcel.LENGTHS.size:
            return
        whole = parcel.LENGTHS.size + sum(parcel.lengths(bytes(self._buffer[: parcel.LENGTHS.size])))
        if whole > parcel.LARGEST or self._filled > whole or self._answer is None or self._answer.done():
            self._end(ValueError(whole))
        elif self._filled == whole:
            self._answer.set_result(bytes(memoryview(self._buffer)[:whole]))
            if len(self._buffer) > BUFFER:
                self._buffer = bytearray(BUFFER)
        elif whole > len(self._buffer):
            larger = bytearray(whole)  # the old one cannot grow while bytes come into it
            larger[: self._filled] = self._buffer[: self._filled]
            self._buffer = larger

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so to whoever waits."""
        self._end(exc or EOFError())

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def _end(self, why: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(why)
        self.close()
