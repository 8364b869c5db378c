"""Who reads what publishers send?

Child processes, started when the first job comes. A job that takes too long, or a child that falls over,
costs that child and that job; the others never notice. The program itself imports no parser.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
FAR_AHEAD = datetime(2200, 1, 1, tzinfo=UTC)  # for pages: the filer compares their dates with its own clock

#: What a child may know of our environment. Secrets are not among it.
ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")


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
        self, body: bytes, *, source: Source, url: str, content_type: str, now: datetime
    ) -> FeedRead:
        """Return the feed's entries, and what it asks of those who read it.

        Raises:
            ReadingError: the bytes are no feed, or reading them took too much.
        """
        facts = await self.read("feed", body, url=url, content_type=content_type, now=now)
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
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def work(self, parcel_out: bytes, *, deadline: float) -> dict[str, Any]:
        """Return the child's answer to one job; whatever goes wrong ends the child."""
        started = self._streams is None
        streams = self._streams or await self._start()
        done = False
        try:
            async with asyncio.timeout(max(deadline, FIRST_DEADLINE) if started else deadline):
                answer = await _exchange(streams, parcel_out)
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

    async def _start(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = _spawn(theirs)
        self._streams = await asyncio.open_connection(sock=ours)
        return self._streams

    def end(self) -> None:
        """Kill the child, if there is one, and wait for it: SIGKILL is obeyed at once."""
        process, self._process = self._process, None
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()
        if process is not None:
            process.kill()
            process.wait()


def _spawn(connection: socket.socket) -> subprocess.Popen[bytes]:
    known = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    # Few arenas: glibc's many make the address space, which is bounded, look used up.
    environment = known | {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "crawler.reading.child", str(connection.fileno())],
        pass_fds=(connection.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the program, which ends its children itself
    )


async def _exchange(
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], parcel_out: bytes
) -> dict[str, Any]:
    reader, writer = streams
    writer.write(parcel_out)
    await writer.drain()
    head_length, body_length = parcel.lengths(await reader.readexactly(parcel.LENGTHS.size))
    if head_length + body_length > parcel.LARGEST:
        raise ValueError(head_length, body_length)
    answer: dict[str, Any] = json.loads(await reader.readexactly(head_length))
    return parcel.unpacked_answer(answer, await reader.readexactly(body_length))
