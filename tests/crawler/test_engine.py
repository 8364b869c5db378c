"""The one door to the network: publishers are understood, and what they do wrong costs one request."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from crawler.engine import Ask, Engine, Fetched, Kind
from news.errors import SourceError, SourceGoneError
from tests.crawler.running import an_engine, on_the_loop
from tests.fakes.clock import real_time
from tests.fakes.faults import (
    Fault,
    bomb,
    drip,
    drop,
    hang,
    huge,
    not_really_gzip,
    redirect,
    redirect_loop,
    status,
    too_many,
    truncated,
)
from tests.fakes.serving import Answer, Listener, Received

BODY = b"<rss>" + b"news " * 400 + b"</rss>"
HEADERS = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1000) for number in range(100))
PLAIN = Answer(headers=(("Content-Type", "application/rss+xml"),), body=BODY)
NOON = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)


def served(respond: Callable[[Received], Answer]) -> Listener:
    """Return a server that answers so."""
    return Listener(respond, clock=real_time)


def fetched(fault: Fault | None = None, *, answer: Answer = PLAIN, seconds: float = 5.0) -> Fetched:
    """Return what one request brings from a server with this fault."""

    async def work(server: Listener) -> Fetched:
        address = f"127.0.0.1:{server.port}"
        async with an_engine(address, robots=False, clock=lambda: NOON, seconds=seconds) as engine:
            return await engine.fetch(Ask(url=f"{server.url}/feed"))

    with served(lambda request: fault.bend(request, answer) if fault else answer) as server:
        return on_the_loop(work(server))


def failed(fault: Fault, *, seconds: float = 5.0) -> SourceError:
    """Return how one request fails."""
    with pytest.raises(SourceError) as caught:
        fetched(fault, seconds=seconds)
    return caught.value


def test_a_feed_comes_with_its_validators_exactly_as_they_were_sent() -> None:
    headers = (("ETag", 'W/"abc-\t1"'.replace("\t", "")), ("Last-Modified", "Wed, 18 Mar 2026 12:00:00 GMT"))
    came = fetched(answer=Answer(headers=headers, body=BODY))
    assert (came.status, came.body, came.complete) == (200, BODY, True)
    assert (came.etag, came.last_modified) == ('W/"abc-1"', "Wed, 18 Mar 2026 12:00:00 GMT")


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_what_we_have_already_is_asked_for_conditionally(kind: Kind) -> None:
    seen: list[Received] = []

    def respond(request: Received) -> Answer:
        seen.append(request)
        return Answer(status=304, headers=(("ETag", '"x"'),))

    async def work(server: Listener) -> Fetched:
        async with an_engine(f"127.0.0.1:{server.port}", robots=False) as engine:
            return await engine.fetch(
                Ask(
                    url=server.url, etag='"x"', last_modified="Tue", kind="page" if kind == "page" else "feed"
                )
            )

    with served(respond) as server:
        came = on_the_loop(work(server))
    assert came.unchanged
    assert seen[0].headers["if-none-match"] == '"x"'
    assert seen[0].headers["if-modified-since"] == "Tue"


def test_publishers_see_who_asks_and_get_no_cookie_back() -> None:
    seen: list[Received] = []

    def respond(request: Received) -> Answer:
        seen.append(request)
        return Answer(headers=(("Set-Cookie", "reader=7; Path=/"),), body=BODY)

    async def work(server: Listener) -> None:
        async with an_engine(f"127.0.0.1:{server.port}", robots=False) as engine:
            for ask in (Ask(url=server.url), Ask(url=server.url, kind="page"), Ask(url=server.url)):
                await engine.fetch(ask)

    with served(respond) as server:
        on_the_loop(work(server))
    assert {request.headers["user-agent"] for request in seen} == {"Nightdesk (desk@newsroom.test)"}
    assert not any("cookie" in request.headers or "referer" in request.headers for request in seen)


@pytest.mark.parametrize("code", [301, 308])
def test_a_permanent_move_is_learnt(code: int) -> None:
    came = moved(("/old", code), ("/new", 200))
    assert came.url.endswith("/new")
    assert (came.moved_permanently_to or "").endswith("/new")


def test_a_move_is_learnt_only_as_far_as_it_is_permanent() -> None:
    came = moved(("/old", 301), ("/newer", 302), ("/today", 200))
    assert came.url.endswith("/today")
    assert (came.moved_permanently_to or "").endswith("/newer")


def test_a_passing_redirect_teaches_nothing() -> None:
    assert moved(("/old", 302), ("/new", 301), ("/newest", 200)).moved_permanently_to is None


def moved(*steps: tuple[str, int]) -> Fetched:
    """Return what comes after being sent from step to step."""
    after = {path: following for (path, _), (following, _) in pairwise(steps)}
    codes = dict(steps)

    def respond(request: Received) -> Answer:
        if codes[request.path] == 200:
            return PLAIN
        return redirect(after[request.path], codes[request.path]).bend(request, PLAIN)

    async def work(server: Listener) -> Fetched:
        async with an_engine(f"127.0.0.1:{server.port}") as engine:
            return await engine.fetch(Ask(url=server.url + steps[0][0]))

    with served(respond) as server:
        return on_the_loop(work(server))


def test_a_redirect_in_a_circle_ends() -> None:
    assert failed(redirect_loop()).reason == "loop"


@pytest.mark.parametrize("code", [401, 402, 403, 451])
def test_a_refusal_is_for_a_person_to_decide(code: int) -> None:
    problem = failed(status(code))
    assert isinstance(problem, SourceGoneError)
    assert problem.reason == ("paywall" if code == 402 else "blocked")


def test_what_is_gone_is_gone() -> None:
    problem = failed(status(410))
    assert isinstance(problem, SourceGoneError)
    assert problem.reason == "gone"


@pytest.mark.parametrize(
    ("code", "reason"),
    [(404, "not found"), (429, "busy"), (500, "trouble"), (503, "trouble"), (418, "malformed")],
)
def test_other_refusals_are_asked_again(code: int, reason: str) -> None:
    problem = failed(status(code))
    assert not isinstance(problem, SourceGoneError)
    assert problem.reason == reason


@pytest.mark.parametrize(
    ("said", "meant"),
    [("7", 7.0), ("0", 0.0), ("soon", None), ("-5", None), ("1e9", None), ("9" * 40, None), (None, None)],
)
def test_the_wait_that_a_publisher_asks_for_is_understood(said: str | None, meant: float | None) -> None:
    assert failed(too_many(said)).retry_after == meant


def test_the_wait_may_be_a_moment_on_the_publishers_clock() -> None:
    headers = (("Date", "Wed, 18 Mar 2026 18:00:00 GMT"), ("Retry-After", "Wed, 18 Mar 2026 18:02:00 GMT"))
    with pytest.raises(SourceError) as caught:
        fetched(answer=Answer(status=503, headers=headers))
    assert caught.value.retry_after == 120.0


def test_a_server_that_does_not_answer_is_slow() -> None:
    start = time.monotonic()
    assert failed(hang(), seconds=0.4).reason == "slow"
    assert time.monotonic() - start < 5


def test_a_server_that_drips_is_slow() -> None:
    assert failed(drip(portion=10, seconds=0.05), seconds=0.5).reason == "slow"


def test_a_server_that_hangs_up_is_unreachable() -> None:
    assert failed(drop()).reason == "unreachable"


def test_a_server_that_is_not_there_is_unreachable() -> None:
    with served(lambda _: PLAIN) as server:
        port = server.port

    async def work() -> None:
        async with an_engine(f"127.0.0.1:{port}") as engine:
            await engine.fetch(Ask(url=f"http://127.0.0.1:{port}/feed"))

    with pytest.raises(SourceError) as caught:
        on_the_loop(work())
    assert caught.value.reason == "unreachable"


def test_a_body_that_is_cut_off_comes_marked() -> None:
    came = fetched(truncated(keep=100))
    assert (came.body, came.complete) == (BODY[:100], False)


@pytest.mark.parametrize("fault", [huge(6), bomb(64)], ids=lambda fault: fault.name)
def test_more_than_we_take_in_is_refused(fault: Fault) -> None:
    assert failed(fault).reason == "too big"


def test_headers_without_end_are_not_read_without_end() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    sent = 0

    def flood() -> None:
        nonlocal sent
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            try:
                while sent < 64 * 1024 * 1024:
                    sent += len(HEADERS)
                    connection.sendall(HEADERS)
            except OSError:  # the client had enough
                return

    async def work(port: int) -> SourceError:
        async with an_engine(f"127.0.0.1:{port}") as engine:
            with pytest.raises(SourceError) as caught:
                await engine.fetch(Ask(url=f"http://127.0.0.1:{port}/feed"))
            return caught.value

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    with listener:
        assert on_the_loop(work(listener.getsockname()[1])).reason == "unreachable"
    thread.join(10)
    assert sent < 16 * 1024 * 1024


IN_TWO_PARTS = gzip.compress(BODY[:50], mtime=0) + gzip.compress(BODY[50:], mtime=0) + b"\0\0"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("gzip", IN_TWO_PARTS),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY, wbits=-15)),
    ],
    ids=("gzip", "gzip in two parts", "zlib", "bare deflate"),
)
def test_packed_bodies_are_unpacked(encoding: str, body: bytes) -> None:
    came = fetched(answer=Answer(headers=(("Content-Encoding", encoding),), body=body))
    assert came.body == BODY


def test_a_body_that_only_says_it_is_packed_comes_as_it_is() -> None:
    assert fetched(not_really_gzip()).body == BODY


def test_one_host_is_asked_one_thing_at_a_time() -> None:
    under_way = most = 0
    changed = threading.Condition()

    def respond(_: Received) -> Answer:
        nonlocal under_way, most
        with changed:
            under_way += 1
            most = max(most, under_way)
            changed.notify_all()
            changed.wait_for(lambda: under_way > 1, timeout=0.03)  # time for a second one to come
            under_way -= 1
        return PLAIN

    async def work(server: Listener) -> None:
        async with an_engine(f"127.0.0.1:{server.port}", robots=False) as engine:
            asks = [
                Ask(url=f"{server.url}/{number}", kind="page" if number % 2 else "feed")
                for number in range(8)
            ]
            await asyncio.gather(*(engine.fetch(ask) for ask in asks))

    with served(respond) as server:
        on_the_loop(work(server))
    assert most == 1


def test_a_host_that_hangs_holds_up_no_other_host() -> None:
    async def work(slow: Listener, quick: Listener) -> float:
        allow = (f"127.0.0.1:{slow.port}", f"127.0.0.1:{quick.port}")
        async with an_engine(*allow, seconds=1.0, at_once=2) as engine:
            hanging = [asyncio.ensure_future(engine.fetch(Ask(url=f"{slow.url}/{n}"))) for n in range(6)]
            await asyncio.sleep(0)
            start = time.monotonic()
            await engine.fetch(Ask(url=quick.url))
            took = time.monotonic() - start
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)
            return took

    with served(lambda request: hang().bend(request, PLAIN)) as slow, served(lambda _: PLAIN) as quick:
        assert on_the_loop(work(slow, quick)) < 0.8


def test_the_crawler_is_changed_for_a_fresh_one_after_hours_and_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work(server: Listener) -> tuple[bool, bool, int]:
        async with an_engine(f"127.0.0.1:{server.port}", robots=False) as engine:
            early = await engine.renew()
            monkeypatch.setattr("crawler.engine.CRAWLER_LIFE", 0.0)
            under_way = asyncio.ensure_future(engine.fetch(Ask(url=server.url, kind="page")))
            await asyncio.sleep(0)
            changed = await engine.renew()
            second = await engine.fetch(Ask(url=server.url, kind="page"))
            return early, changed, (await under_way).status + second.status

    with served(lambda _: PLAIN) as server:
        assert on_the_loop(work(server)) == (False, True, 400)


def test_an_engine_that_stops_while_a_page_hangs_stops_soon() -> None:
    async def work(server: Listener) -> float:
        async with an_engine(f"127.0.0.1:{server.port}", robots=False, seconds=30) as engine:
            waiting = asyncio.ensure_future(engine.fetch(Ask(url=server.url, kind="page")))
            while not server.received:  # noqa: ASYNC110 - the server is in another thread
                await asyncio.sleep(0)
            start = time.monotonic()
            await engine.stop()
            await asyncio.gather(waiting, return_exceptions=True)
            return time.monotonic() - start

    with served(lambda request: hang().bend(request, PLAIN)) as server:
        assert on_the_loop(work(server)) < 8


def test_fetching_with_an_engine_that_is_not_running_is_a_mistake() -> None:
    from config.settings import FetchSettings

    async def work() -> None:
        await Engine(FetchSettings()).fetch(Ask(url="http://news.test/"))

    with pytest.raises(RuntimeError):
        on_the_loop(work())
