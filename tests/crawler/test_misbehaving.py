"""A web that does not behave: everything in it gets its class, and nothing in it gets any further."""

from __future__ import annotations

import asyncio
import socket
import unicodedata
from collections.abc import Sequence
from random import Random
from urllib.parse import urlsplit

import pytest

from crawler.fence import Rows
from crawler.polling import Polled, Tools, poll_one
from crawler.reading.children import Reader
from news.nouns import FetchState, Health, Source
from news.troubles import FIXES
from tests.crawler.running import an_engine, on_the_loop
from tests.fakes.clock import FakeClock
from tests.fakes.misbehaving import NAMES, Misdeed, misbehaving, misdeeds
from tests.nouns import NOON

DEEDS = misdeeds()


def look_up(host: str, port: int) -> Rows:
    """Answer as a name server that says what it should not."""
    if host not in NAMES:
        raise OSError(host)
    return [
        (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))
        for address in NAMES[host]
    ]


def poll_all(deeds: Sequence[Misdeed]) -> dict[str, Polled]:
    """Ask every one of them, all at once."""
    clock = FakeClock(NOON)

    async def main(web: dict[str, str]) -> dict[str, Polled]:
        places = [urlsplit(url).netloc for url in web.values()]
        reader = Reader(2)
        chance = Random(1)  # noqa: S311 - jitter
        try:
            async with an_engine(*places, seconds=3.0, clock=clock, look_up=look_up, at_once=100) as engine:
                tools = Tools(engine=engine, reader=reader, clock=clock, random=chance)
                sources = [Source(id=name, name=name, url=url) for name, url in web.items()]
                polls = (poll_one(source, FetchState(source_id=source.id), tools) for source in sources)
                polled = await asyncio.gather(*polls)
        finally:
            await reader.close()
        return dict(zip(web, polled, strict=True))

    with misbehaving(deeds, clock=clock) as web:
        return on_the_loop(main(web))


@pytest.fixture(scope="module")
def polled() -> dict[str, Polled]:
    """Give what came of asking all of them, once for all tests."""
    return poll_all(DEEDS)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_what_misbehaves_gets_its_class_and_is_never_zero_new(
    polled: dict[str, Polled], deed: Misdeed
) -> None:
    found = polled[deed.name].outcome
    assert (found.state.trouble, len(found.clippings)) == (deed.trouble, deed.entries), found.state.reason
    if deed.trouble:
        assert found.state.health is not Health.OK
        assert found.state.reason
        assert deed.trouble in FIXES
    assert found.state.next_due is not None
    assert found.state.next_due > NOON


def test_nothing_that_was_read_carries_what_acts(polled: dict[str, Polled]) -> None:
    for one in polled.values():
        for clipping in one.outcome.clippings:
            assert urlsplit(clipping.address).scheme in {"http", "https"}
            assert urlsplit(clipping.address).hostname
            # Neither a line of its own, nor a terminal's command, nor a letter that turns the others round.
            assert not {unicodedata.category(letter) for letter in clipping.title} & {"Cc", "Cs", "Zl", "Zp"}
            assert "root:" not in clipping.title
            assert clipping.published is None or 1990 <= clipping.published.year <= NOON.year


def test_no_refusal_names_what_it_was_led_to_beyond_the_address(polled: dict[str, Polled]) -> None:
    reasons = {one.outcome.state.reason for one in polled.values() if one.problem is not None}
    assert not any("secret" in reason or "\x1b" in reason or len(reason) > 200 for reason in reasons)
