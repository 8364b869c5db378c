"""Which words stand on an article's page?

The engine keeps one of these running for as long as the program lives and hands it `Errand`s, so that
connections, robots.txt and the turn of each host outlive a single page. By itself it reads one page and
yields what stands there: `python -m scrapy crawl article -a url=https://... -O page.json`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure


class ArticleSpider(Spider):
    """Fetches article pages: those it is handed, or the one it is given."""

    name = "article"

    def __init__(self, url: str = "", errands: asyncio.Queue[Request] | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's
        """Take one address, or a queue of requests to work on until stopped."""
        super().__init__(**kwargs)
        self.url = url
        self.errands = errands

    async def start(self) -> AsyncIterator[Any]:
        """Yield the one request, or the errands as they come."""
        if self.url:
            yield Request(self.url, callback=self.read)
        while self.errands is not None:
            yield await self.errands.get()

    def hand_over(self, response: Response, answer: asyncio.Future[Response]) -> None:
        """Give an errand its answer."""
        if not answer.done():
            answer.set_result(response)

    def hand_back(self, failure: Failure) -> None:
        """Tell an errand why there is no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        answer: asyncio.Future[Response] = request.cb_kwargs["answer"]
        if not answer.done():
            answer.set_exception(failure.value or RuntimeError(str(failure)))

    async def read(self, response: Response) -> AsyncIterator[dict[str, Any]]:
        """Yield the words on the page, read in the fenced child as always."""
        from crawler.reading.children import Reader

        reader = Reader()
        try:
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            page = await reader.read_page(response.body, url=response.url, content_type=content_type)
            yield asdict(replace(page, text=page.open_text))
        finally:
            await reader.close()
