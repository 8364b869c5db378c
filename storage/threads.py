"""How does an asyncio program use a store? One thread writes, a few read, and a write is never cut short.

    store = StoreThreads(lambda: open_store(database, now=clock()))
    alerts = await store.write(lambda s: s.claim_alerts(now=now, lease=lease, limit=10))

Reading has threads of its own, so that a search never keeps a claim waiting; what reads for a while has one
of its own again.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock, local
from typing import TYPE_CHECKING, TypeVar

from news.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.contract import Store

log = logging.getLogger(__name__)

Outcome = TypeVar("Outcome")


class StoreThreads:
    """A store for each thread, opened at its first use.

    What `work` returns must be whole: a generator would be read in another thread, so list it inside.
    """

    def __init__(self, open: Callable[[], Store], readers: int = 2) -> None:  # noqa: A002  it is what it does
        """Prepare one writing thread, `readers` reading ones and one for long reading."""
        self._open = open
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")
        self._readers = ThreadPoolExecutor(max_workers=readers, thread_name_prefix="store-reader")
        self._long = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-long-reader")
        self._here = local()
        self._opened: list[Store] = []
        self._lock = Lock()

    async def write(self, work: Callable[[Store], Outcome]) -> Outcome:
        """Run `work` in the writing thread and return what it returns.

        Once asked for it happens, whole, also when whoever awaits it is cancelled.
        """
        return await self._run(self._writer, work)

    async def read(self, work: Callable[[Store], Outcome]) -> Outcome:
        """Run `work` in a reading thread and return what it returns."""
        return await self._run(self._readers, work)

    async def read_long(self, work: Callable[[Store], Outcome]) -> Outcome:
        """Run reading `work` that takes a while in a thread of its own, one after the other.

        Who reads a page never waits for it.
        """
        return await self._run(self._long, work)

    def close(self) -> None:
        """Finish every write that was asked for, then let go of the database. A second call does nothing."""
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._long.shutdown(wait=True)
        while self._opened:
            self._opened.pop().close()

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[Store], Outcome]) -> Outcome:
        try:
            running: Future[Outcome] = threads.submit(lambda: work(self._store()))
        except RuntimeError as error:  # the threads were told to end
            raise StorageError("The store is closed.") from error
        answer = asyncio.wrap_future(running)
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            # Nobody waits for the answer any more; a failure must not go unheard.
            running.add_done_callback(_tell_failure)
            answer.add_done_callback(_look_at)
            raise

    def _store(self) -> Store:
        """Return this thread's store."""
        store: Store | None = getattr(self._here, "store", None)
        if store is None:
            store = self._here.store = self._open()
            with self._lock:
                self._opened.append(store)
        return store


def _tell_failure(running: Future[Outcome]) -> None:
    error = running.exception()
    if error is not None:
        log.error("store work failed after its caller had gone", exc_info=error)


def _look_at(answer: asyncio.Future[Outcome]) -> None:
    """Take the failure out of the future, so that asyncio does not report it a second time."""
    if not answer.cancelled():
        answer.exception()
