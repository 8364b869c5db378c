"""Scrapy's downloader keeps the limits that it is given."""

from __future__ import annotations

import asyncio
import threading
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as some
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import Settings

import crawler.settings
from crawler.downloader import TooLargeError, unpacked
from crawler.spiders.article import ArticleSpider
from tests.crawler.running import on_the_loop
from tests.fakes.clock import real_time
from tests.fakes.serving import Answer, Listener, Received


class Crowd:
    """A server that counts how many requests are under way at once."""

    def __init__(self) -> None:
        self.under_way = self.most = 0
        self._changed = threading.Condition()

    def respond(self, _: Received) -> Answer:
        with self._changed:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.under_way > 2, timeout=0.05)  # time for a third to come
            self.under_way -= 1
        return Answer(body=b"news")


async def ask_24_times(server: Listener, downloader: str) -> None:
    choices = Settings()
    choices.setmodule(crawler.settings)
    choices.setdict(
        {
            "DOWNLOADER": downloader,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 2,
            "CONCURRENT_REQUESTS": 24,
            "FENCE_ALLOW_ADDRESSES": [f"127.0.0.1:{server.port}"],
            "ROBOTSTXT_OBEY": False,
        }
    )
    crawling = Crawler(ArticleSpider, choices)
    running = asyncio.create_task(crawling.crawl_async(errands=asyncio.Queue()))
    while not (crawling.crawling and crawling._engine is not None and crawling._engine.running):  # noqa: ASYNC110
        await asyncio.sleep(0)
    requests = [Request(f"{server.url}/{number}", callback=NO_CALLBACK) for number in range(24)]
    await asyncio.gather(*(crawling.engine.download_async(request) for request in requests))
    await crawling.stop_async()
    await running


def test_two_requests_a_host_are_two_requests_a_host() -> None:
    crowd = Crowd()
    with Listener(crowd.respond, clock=real_time) as server:
        on_the_loop(ask_24_times(server, "crawler.downloader.PoliteDownloader"))
    assert crowd.most == 2


def test_scrapy_alone_still_forgets_the_limit() -> None:
    """When this fails, Scrapy was mended and PoliteDownloader may go."""
    crowd = Crowd()
    with Listener(crowd.respond, clock=real_time) as server:
        on_the_loop(ask_24_times(server, "scrapy.core.downloader.Downloader"))
    assert crowd.most > 2


@given(some.binary(max_size=2_000))
def test_unpacking_gives_back_what_was_packed(words: bytes) -> None:
    assert unpacked(zlib.compress(words), 2_000) == words
    assert unpacked(zlib.compress(words, wbits=31), 2_000) == words


@given(some.binary(max_size=500))
def test_unpacking_never_raises_on_bytes_that_were_not_packed(noise: bytes) -> None:
    assert isinstance(unpacked(noise, 10_000_000), bytes)


def test_what_swells_beyond_the_cap_is_refused_before_it_is_all_there() -> None:
    with pytest.raises(TooLargeError):
        unpacked(zlib.compress(b"\0" * 10_000_000), 1_000_000)
