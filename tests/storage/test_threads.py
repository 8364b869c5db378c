"""Is a write whole, whoever waits for it, and does reading never keep one waiting?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, suppress
from functools import wraps
from pathlib import Path
from threading import Event, current_thread
from typing import ParamSpec

import pytest

from news.errors import StorageError
from storage.contract import Store
from storage.open import open_store
from storage.threads import StoreThreads
from tests.nouns import NOON, a_source, an_alert
from tests.storage.steps import a_story_is_filed, sent

PATIENCE = 10  # seconds until a test that hangs is a failed one

Given = ParamSpec("Given")


def in_a_loop(test: Callable[Given, Coroutine[None, None, None]]) -> Callable[Given, None]:
    """Run a test on an event loop of its own."""

    @wraps(test)
    def run(*given: Given.args, **named: Given.kwargs) -> None:
        asyncio.run(test(*given, **named))

    return run


@pytest.fixture
def threads(tmp_path: Path) -> Iterator[StoreThreads]:
    """Give the threads of a program, over SQLite."""
    address = f"sqlite:///{tmp_path / 'nightdesk.db'}"
    with closing(StoreThreads(lambda: open_store(address, now=NOON), readers=2)) as threads:
        yield threads


@in_a_loop
async def test_what_one_thread_wrote_another_one_reads(threads: StoreThreads) -> None:
    story_id = await threads.write(a_story_is_filed)
    story = await threads.read(lambda store: store.story(story_id))
    assert story is not None
    assert story.title == "Mayor skips capital meeting"


@in_a_loop
async def test_all_writing_is_done_in_one_thread_and_reading_in_others(threads: StoreThreads) -> None:
    writers = await asyncio.gather(*(threads.write(lambda _: current_thread().name) for _ in range(5)))
    readers = await asyncio.gather(*(threads.read(lambda _: current_thread().name) for _ in range(5)))
    assert len(set(writers)) == 1
    assert not set(writers) & set(readers)
    slow = await threads.read_long(lambda _: current_thread().name)
    assert slow not in {*writers, *readers}


@in_a_loop
async def test_a_slow_search_keeps_no_write_waiting(threads: StoreThreads) -> None:
    go_on = Event()

    def slow(store: Store) -> int:
        assert go_on.wait(PATIENCE)
        return len(store.stories(since=NOON))

    searching = asyncio.create_task(threads.read(slow))
    await asyncio.wait_for(threads.write(a_story_is_filed), PATIENCE)
    go_on.set()
    assert await searching == 1


@in_a_loop
async def test_a_failure_reaches_whoever_asked(threads: StoreThreads) -> None:
    with pytest.raises(StorageError, match="no alert"):
        await threads.write(lambda store: sent(store, an_alert(id=404)))


async def a_cancelled_write(threads: StoreThreads, fails: bool) -> Event:
    """Ask for a write that waits for its signal, and cancel whoever waits for it; return the signal."""
    begun, go_on = Event(), Event()

    def slow(store: Store) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)
        store.declare_sources([a_source()], now=NOON)
        if fails:
            raise StorageError("The disk that holds the database is full.")

    writing = asyncio.create_task(threads.write(slow))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    assert writing.cancelled()
    return go_on


@in_a_loop
async def test_a_write_happens_whole_although_its_caller_was_cancelled(threads: StoreThreads) -> None:
    go_on = await a_cancelled_write(threads, fails=False)
    go_on.set()
    states = await threads.write(lambda store: store.fetch_states())
    assert [state.source_id for state in states] == ["channel4ellery"]


@in_a_loop
async def test_a_write_that_fails_after_its_caller_had_gone_is_told_in_the_log(
    threads: StoreThreads, caplog: pytest.LogCaptureFixture
) -> None:
    go_on = await a_cancelled_write(threads, fails=True)
    with caplog.at_level(logging.ERROR):
        go_on.set()
        await threads.write(lambda store: store.fetch_states())
    (record,) = caplog.records
    assert record.getMessage() == "store work failed after its caller had gone"
    assert record.exc_info is not None


@in_a_loop
async def test_a_write_that_was_not_begun_happens_too(threads: StoreThreads) -> None:
    go_on = Event()
    first = asyncio.create_task(threads.write(lambda _: go_on.wait(PATIENCE)))
    second = asyncio.create_task(threads.write(lambda store: store.declare_sources([a_source()], now=NOON)))
    await asyncio.sleep(0)
    second.cancel()
    go_on.set()
    await first
    assert len(await threads.write(lambda store: store.fetch_states())) == 1


@in_a_loop
async def test_closing_waits_for_what_was_asked_for(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'nightdesk.db'}"
    threads = StoreThreads(lambda: open_store(address, now=NOON))
    go_on = await a_cancelled_write(threads, fails=False)
    closing_up = asyncio.create_task(asyncio.to_thread(threads.close))
    go_on.set()
    await closing_up
    threads.close()
    with closing(open_store(address, now=NOON)) as store:
        assert len(store.fetch_states()) == 1
    with pytest.raises(StorageError, match="closed"):
        await threads.read(lambda store: store.fetch_states())


@in_a_loop
async def test_a_database_that_cannot_be_opened_is_asked_for_again_next_time(tmp_path: Path) -> None:
    doors = iter([False, True])

    def opened() -> Store:
        if not next(doors):
            raise StorageError("The database is busy.")
        return open_store(f"sqlite:///{tmp_path / 'nightdesk.db'}", now=NOON)

    with closing(StoreThreads(opened)) as threads:
        with pytest.raises(StorageError, match="busy"):
            await threads.write(lambda store: store.fetch_states())
        assert await threads.write(lambda store: store.fetch_states()) == ()
