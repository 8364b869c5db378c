"""Reading happens behind a fence: what goes wrong there costs one job and one child."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading import children, parcel
from crawler.reading.children import Reader
from crawler.reading.feed import FeedRead
from crawler.reading.page import Page
from news.errors import ReadingError
from news.nouns import Clipping
from tests.crawler.running import on_the_loop
from tests.nouns import a_clipping, a_source

NOW = datetime(2026, 3, 18, 19, 16, tzinfo=UTC)
FEED = b"<rss><channel><item><title>Mayor</title><link>https://a.test/1</link></item></channel></rss>"
SPINNING = b"<rss>" * 300_000  # feedparser needs minutes for it
Outcome = TypeVar("Outcome")


def with_reader(
    work: Callable[[Reader], Awaitable[Outcome]],
    *,
    number: int = 1,
    deadline: float = 30.0,
    processor_seconds: int = 5,
) -> Outcome:
    """Return what some work with a reader returns."""

    async def main() -> Outcome:
        reader = Reader(number, deadline=deadline, processor_seconds=processor_seconds)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return on_the_loop(main())


async def feed(reader: Reader, body: bytes) -> tuple[Clipping, ...]:
    return await reader.read_feed(
        body, source=a_source(), url="https://a.test/feed", content_type="", now=NOW
    )


def test_a_feed_is_read_and_its_clippings_carry_their_source() -> None:
    (clipping,) = with_reader(lambda reader: feed(reader, FEED))
    assert (clipping.source_id, clipping.title, clipping.address) == (
        "channel4ellery",
        "Mayor",
        "https://a.test/1",
    )


def test_a_page_is_read() -> None:
    body = b"<html><body><article><h1>Mayor skips meeting</h1><p>" + b"The mayor stayed. " * 40
    page = with_reader(
        lambda reader: reader.read_page(body, url="https://a.test/1", content_type="", now=NOW)
    )
    assert page.title == "Mayor skips meeting"
    assert "The mayor stayed." in page.text


def test_bytes_that_are_no_feed_are_malformed_and_the_child_lives_on() -> None:
    async def work(reader: Reader) -> tuple[str, int | None, int | None]:
        await feed(reader, FEED)
        before = process_of(reader)
        with pytest.raises(ReadingError) as caught:
            await feed(reader, b"hello")
        return caught.value.reason, before, process_of(reader)

    reason, before, after = with_reader(work)
    assert reason == "malformed"
    assert before == after is not None


def test_a_job_that_spins_is_ended_and_the_next_one_has_a_new_child() -> None:
    async def work(reader: Reader) -> tuple[str, int]:
        with pytest.raises(ReadingError) as caught:
            await feed(reader, SPINNING)
        return caught.value.reason, len(await feed(reader, FEED))

    assert with_reader(work, processor_seconds=1) == ("killed", 1)


def test_a_job_that_takes_too_long_by_the_clock_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_DEADLINE", 0.5)

    async def work(reader: Reader) -> str:
        with pytest.raises(ReadingError) as caught:
            await feed(reader, SPINNING)
        return caught.value.reason

    assert with_reader(work, deadline=0.5) == "killed"


def test_a_bad_job_takes_no_other_job_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "FIRST_DEADLINE", 4.0)

    async def work(reader: Reader) -> list[object]:
        bodies = [FEED, SPINNING, FEED, FEED, FEED]
        return await asyncio.gather(*(feed(reader, body) for body in bodies), return_exceptions=True)

    outcomes = with_reader(work, number=2, deadline=2.0)
    assert [isinstance(outcome, ReadingError) for outcome in outcomes] == [False, True, False, False, False]


def test_a_child_is_not_replaced_for_what_its_parent_used() -> None:
    large = bytearray(children.LARGEST_CHILD * 1024 + 1)
    large[:] = b"x" * len(large)

    async def work(reader: Reader) -> tuple[int | None, int | None]:
        await feed(reader, FEED)
        before = process_of(reader)
        await feed(reader, FEED)
        return before, process_of(reader)

    before, after = with_reader(work)
    assert before == after is not None


def test_a_child_that_was_killed_is_replaced_by_one_that_knows_what_it_read() -> None:
    async def work(reader: Reader) -> tuple[FeedRead, ...]:
        read = partial(
            reader.read_whole_feed,
            FEED,
            source=a_source(),
            url="https://a.test/feed",
            content_type="",
            now=NOW,
        )
        first = await read()
        process = reader._children[0]._process
        assert process is not None
        process.kill()
        process.wait()
        with pytest.raises(ReadingError):
            await read()
        return first, await read(), await read(known=first.marks)

    first, anew, again = with_reader(work)
    assert (len(first.clippings), anew) == (1, first)
    assert again == FeedRead(clippings=(), marks=first.marks)


def test_a_child_swollen_by_its_work_is_replaced_between_two_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LARGEST_CHILD", 1)

    async def work(reader: Reader) -> list[int | None]:
        await feed(reader, FEED)
        return [process_of(reader), len(await feed(reader, FEED))]

    assert with_reader(work) == [None, 1]


def test_children_start_when_there_is_work_and_end_with_the_reader() -> None:
    async def work(reader: Reader) -> tuple[int | None, int | None]:
        before = process_of(reader)
        await feed(reader, FEED)
        return before, process_of(reader)

    before, process = with_reader(work)
    assert before is None
    assert process is not None
    assert not Path(f"/proc/{process}").exists()


def process_of(reader: Reader) -> int | None:
    """Return the number of the reader's first child, or None."""
    process = reader._children[0]._process
    return process.pid if process else None


def environment_of(process: int | None) -> bytes:
    """Return a process's environment."""
    return Path(f"/proc/{process}/environ").read_bytes()


#: What the child is told to try; it prints which tries were refused.
TRIES = """
import json, os, socket, sys
sys.argv = ["child", "0"]
from crawler.reading import child
child._shut_in()
refused = []
for name, attempt in {
    "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
    "start": lambda: os.system("true"),
    "remove": lambda: os.remove("/tmp/nothing-there"),
    "memory": lambda: bytearray(2_000_000_000),
}.items():
    try:
        attempt()
    except (PermissionError, MemoryError):
        refused.append(name)
print(json.dumps(refused))
"""


def test_the_child_may_not_connect_start_programs_or_take_all_memory() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", TRIES], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(answer.stdout) == ["connect", "start", "remove", "memory"]


def test_the_child_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-not-for-children")

    async def work(reader: Reader) -> bytes:
        await feed(reader, FEED)
        return environment_of(process_of(reader))

    assert b"xoxb" not in with_reader(work)


def test_an_answer_that_never_ends_is_not_waited_for() -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            _, line = await asyncio.get_running_loop().create_connection(children._Line, sock=ours)
            waiting = asyncio.create_task(line.exchange(b"a job"))
            await asyncio.sleep(0)
            theirs.sendall(struct.pack(">II", 2**31, 0))
            with pytest.raises(ValueError, match="2147483656"):
                await waiting

    on_the_loop(main())


@pytest.mark.parametrize("length", [10, 700_000, 3_000_000])
def test_an_answer_comes_whole_however_large_it_is(length: int) -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            _, line = await asyncio.get_running_loop().create_connection(children._Line, sock=ours)
            for number in range(3):
                answer = parcel.packed({"found": number}, b"x" * length)
                waiting = asyncio.create_task(line.exchange(b"a job"))
                await asyncio.sleep(0)
                await asyncio.to_thread(theirs.sendall, answer)
                assert await waiting == answer
            line.close()

    on_the_loop(main())


def test_what_is_put_in_a_parcel_comes_out_of_it() -> None:
    clipping = a_clipping(authors=("Maria", "Lee"), updated=NOW, outlet="Ledger", language="en")
    row = json.loads(json.dumps(parcel.row_of(clipping)))
    assert parcel.clipping_of(row, clipping.source_id) == clipping
    page = Page(title="Caf\u00e9", authors=("Maria",), published=NOW, canonical="https://a.test/", free=False)
    assert parcel.page_of(json.loads(json.dumps(parcel.facts_of(page)))) == page


def test_the_program_itself_imports_no_parser() -> None:
    code = (
        "import sys, crawler.polling, crawler.filing, crawler.engine, crawler.reading.children\n"
        "print(*sorted({'scrapy', 'lxml', 'feedparser', 'trafilatura', 'twisted'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env=os.environ
    )
    assert answer.stdout.split() == []


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.lists(st.tuples(texts, texts, texts, texts), max_size=5))
def test_what_was_read_is_the_same_after_its_journey_to_the_parent(rows: list[tuple[str, ...]]) -> None:
    read = FeedRead(
        clippings=tuple(
            a_clipping(source_id="x", address=one, title=two, summary=three, content=four)
            for one, two, three, four in rows
        )
    )
    sent = parcel.packed_answer({"found": parcel.feed_of(read), "peak": 1})
    head, body = parcel.lengths(sent[:8])
    assert len(sent) == 8 + head + body
    answer = parcel.unpacked_answer(sent)
    assert parcel.feed_read(answer["found"], "x") == read


@pytest.mark.parametrize("place", range(10))
def test_a_row_of_something_else_than_texts_is_refused(place: int) -> None:
    row = parcel.row_of(a_clipping())
    row[place] = [7]
    with pytest.raises((ValueError, TypeError)):
        parcel.clipping_of(row, "x")
