"""Pages are read as far as robots.txt lets us; feeds are what publishers offer to readers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from crawler.engine import Ask
from news.errors import SourceError, SourceGoneError
from tests.crawler.running import an_engine, on_the_loop
from tests.fakes.clock import real_time
from tests.fakes.faults import hang, redirect, status
from tests.fakes.serving import Answer, Listener, Received

RULES = b"User-agent: Otherbot\nDisallow: /\n\nUser-agent: *\nDisallow: /account\n"
PAGE = Answer(body=b"<html><p>news</p></html>")


def site(rules: Callable[[Received], Answer]) -> Listener:
    """Return a site with this robots.txt and a page everywhere else."""
    return Listener(
        lambda request: rules(request) if request.path == "/robots.txt" else PAGE, clock=real_time
    )


def read(server: Listener, *asks: Ask, robots: bool = True, seconds: float = 5.0) -> list[str]:
    """Return how each request went: "200", or the reason why not."""

    async def one(engine: object, ask: Ask) -> str:
        try:
            return str((await engine.fetch(ask)).status)  # type: ignore[attr-defined]  # an Engine
        except SourceError as problem:
            return problem.reason

    async def work() -> list[str]:
        async with an_engine(f"127.0.0.1:{server.port}", robots=robots, seconds=seconds) as engine:
            return list(await asyncio.gather(*(one(engine, ask) for ask in asks)))

    return on_the_loop(work())


def page(server: Listener, path: str) -> Ask:
    """Ask for a page."""
    return Ask(url=server.url + path, kind="page")


def rules_of(text: bytes) -> Callable[[Received], Answer]:
    """Return a robots.txt."""
    return lambda _: Answer(headers=(("Content-Type", "text/plain"),), body=text)


def test_a_page_that_robots_txt_forbids_is_not_read() -> None:
    with site(rules_of(RULES)) as server:
        assert read(server, page(server, "/account/x"), page(server, "/story")) == ["robots", "200"]
        assert [request.path for request in server.received] == ["/robots.txt", "/story"]


def test_a_group_for_us_by_name_counts_more_than_the_one_for_all() -> None:
    named = b"User-agent: Nightdesk\nDisallow: /\n\nUser-agent: *\nDisallow:\n"
    with site(rules_of(named)) as server:
        assert read(server, page(server, "/story")) == ["robots"]


def test_a_forbidden_page_is_a_refusal() -> None:
    async def work(server: Listener) -> None:
        async with an_engine(f"127.0.0.1:{server.port}") as engine:
            await engine.fetch(page(server, "/account"))

    with site(rules_of(RULES)) as server, pytest.raises(SourceGoneError):
        on_the_loop(work(server))


def test_feeds_are_read_whatever_robots_txt_says() -> None:
    with site(rules_of(b"User-agent: *\nDisallow: /\n")) as server:
        assert read(server, Ask(url=f"{server.url}/feed.xml")) == ["200"]
        assert [request.path for request in server.received] == ["/feed.xml"]


def test_the_newsroom_may_choose_not_to_ask() -> None:
    with site(rules_of(b"User-agent: *\nDisallow: /\n")) as server:
        assert read(server, page(server, "/story"), robots=False) == ["200"]


def test_rules_are_asked_for_once_for_many_pages() -> None:
    with site(rules_of(RULES)) as server:
        assert read(server, *(page(server, f"/{number}") for number in range(5))) == ["200"] * 5
        assert sum(request.path == "/robots.txt" for request in server.received) == 1


@pytest.mark.parametrize("code", [404, 403, 410])
def test_a_site_without_rules_forbids_nothing(code: int) -> None:
    with site(lambda request: status(code, b"User-agent: *\nDisallow: /").bend(request, PAGE)) as server:
        assert read(server, page(server, "/story")) == ["200"]


@pytest.mark.parametrize("code", [500, 503])
def test_rules_that_cannot_be_read_put_the_page_off(code: int) -> None:
    with site(lambda request: status(code).bend(request, PAGE)) as server:
        assert read(server, page(server, "/story")) == ["unreachable"]


def test_rules_that_do_not_come_put_the_page_off() -> None:
    with site(lambda request: hang().bend(request, PAGE)) as server:
        assert read(server, page(server, "/story"), seconds=0.3) == ["slow"]


def test_rules_may_stand_elsewhere() -> None:
    def rules(request: Received) -> Answer:
        return redirect("/rules.txt", 301).bend(request, PAGE)

    def respond(request: Received) -> Answer:
        if request.path == "/robots.txt":
            return rules(request)
        return rules_of(b"User-agent: *\nDisallow: /")(request) if request.path == "/rules.txt" else PAGE

    with Listener(respond, clock=real_time) as server:
        assert read(server, page(server, "/story")) == ["robots"]
