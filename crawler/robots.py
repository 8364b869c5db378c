"""May this page be read, as far as the publisher's robots.txt says?

Scrapy's own middleware keeps an answer for ever, reads an error page as if it were rules, and takes "no
answer" for "everything is allowed". Here an answer is kept for some hours; 4xx means there are no rules; 5xx
or no answer means we do not know, so the page is put off (RFC 9309, section 2.3.1).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from crawler.failures import DOWNLOAD_ERRORS

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

RULES_LIFE = 4 * 3600.0  # seconds; RFC 9309 allows a day
DOUBT_LIFE = 600.0  # seconds before asking a server again that did not answer
HOSTS_KEPT = 2_000
LARGEST = 512 * 1024  # bytes; RFC 9309 asks for 500 KiB at least


class RobotsRefusedError(IgnoreRequest):
    """The publisher's robots.txt asks us not to read this page."""


class RobotsUnknownError(IgnoreRequest):
    """The publisher's robots.txt could not be read just now."""


@dataclass(frozen=True, slots=True)
class _Rules:
    until: float
    # None: not known, because of `problem` if the server could not be asked at all.
    parsed: Protego | None
    problem: Exception | None = None


class RobotsMiddleware(RobotsTxtMiddleware):
    """Asks robots.txt before a page; requests with meta `dont_obey_robotstxt` (feeds) pass."""

    def __init__(self, crawler: Crawler) -> None:
        """Start knowing no rules."""
        super().__init__(crawler)
        self._kept: OrderedDict[str, asyncio.Future[_Rules]] = OrderedDict()

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:  # noqa: ARG002
        """Let the request pass, or raise."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        rules = await self._rules(f"{parts.scheme}://{parts.netloc}")
        if rules.parsed is None:
            raise RobotsUnknownError(parts.netloc) from rules.problem
        if not rules.parsed.can_fetch(request.url, self._default_useragent):
            raise RobotsRefusedError(parts.netloc)

    async def _rules(self, site: str) -> _Rules:
        loop = asyncio.get_running_loop()
        kept = self._kept.get(site)
        if kept is None or (kept.done() and (kept.cancelled() or kept.result().until < loop.time())):
            kept = self._kept[site] = loop.create_task(self._ask(site))
            self._kept.move_to_end(site)
            while len(self._kept) > HOSTS_KEPT:
                self._kept.popitem(last=False)
        return await asyncio.shield(kept)

    async def _ask(self, site: str) -> _Rules:
        now = asyncio.get_running_loop().time()
        meta = {
            "dont_obey_robotstxt": True,
            "download_maxsize": LARGEST,
            "download_slot": urlsplit(site).netloc.lower(),
        }
        request = Request(f"{site}/robots.txt", meta=meta, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except DOWNLOAD_ERRORS as problem:
            return _Rules(now + DOUBT_LIFE, None, problem)
        if response.status >= 500:  # noqa: PLR2004 - HTTP's own number
            return _Rules(now + DOUBT_LIFE, None)
        text = response.body.decode("utf-8", "replace") if response.status < 300 else ""  # noqa: PLR2004
        return _Rules(now + RULES_LIFE, Protego.parse(text))
