"""The smallest single-site spider there is: copy me.

A harbor office lists its notices in a table and keeps the words of each on a page of its own, without a feed.

    python -m scrapy crawl harbor_notices -a url=https://harboroffice.test/notices

In a sources file: {id: harbor-office, name: Harbor office, url: …, as: spider, spider: harbor_notices}
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

if TYPE_CHECKING:
    from scrapy.http import Response

MOST = 20  # notices read in one run


class HarborNoticesSpider(Spider):
    """Reads the table of notices and the page of each."""

    name = "harbor_notices"

    def __init__(self, url: str = "https://harboroffice.test/notices", **kwargs: Any) -> None:  # noqa: ANN401
        """Take the address of the table; the service gives the one in the source's declaration."""
        super().__init__(**kwargs)
        self.url = url

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the table."""
        yield Request(self.url, callback=self.read_table)

    def read_table(self, response: Response) -> Iterator[Request]:
        """Ask for each notice that the table names, with what the table says of it."""
        for row in response.css("table.notices tr")[:MOST]:
            link = row.css("a::attr(href)").get()
            if link:
                known = {"title": row.css("a::text").get(""), "published": row.css("td.day::text").get("")}
                yield response.follow(link, callback=self.read_notice, cb_kwargs={"known": known})

    def read_notice(self, response: Response, known: dict[str, str]) -> Iterator[dict[str, str]]:
        """Yield the notice: an address, a headline, a day and the words."""
        words = "\n".join(response.css("div.notice p::text").getall())
        yield {"url": response.url, **known, "text": words}
