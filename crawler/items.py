"""Where does what a spider yields go? To stdout, an item a line, with what kept the spider from its site.

    {"item": {"url": "https://harbor.test/notices/12", "title": "…", "published": "2026-03-18 12:00"}}
    {"trouble": {"what": "refuses automated readers", "reason": "blocked", "gone": true}}

`python -m scrapy crawl NAME` shows it to a person, the service reads it. With `-O file.json` Scrapy writes
the items itself, and none is printed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.responsetypes import responsetypes
from scrapy.utils.serialize import ScrapyJSONEncoder

from crawler.failures import explain_failure, explain_status
from news.errors import SourceError, SourceGoneError

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

NOT_FOUND = 400  # statuses from here on bring nothing


class PrintItems:
    """Prints each item as a line."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make one where nothing else takes the items; the article spider hands its pages over instead."""
        if crawler.settings.getdict("FEEDS"):
            raise NotConfigured
        return cls()

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 - whatever a spider yields
        """Print the item and pass it on."""
        _print({"item": ItemAdapter(item).asdict()})
        return item


class Witness:
    """Remembers the first thing that went wrong in a spider's run, and says so at the end."""

    def __init__(self, timeout: float) -> None:
        """Start with no trouble."""
        self._timeout = timeout
        self._trouble: SourceError | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to one run; not to the engine's own spider, which tells of its errands itself."""
        if crawler.settings.getint("CONCURRENT_REQUESTS") == 0:
            raise NotConfigured
        witness = cls(crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        crawler.signals.connect(witness.failed, signals.spider_error)
        crawler.signals.connect(witness.closed, signals.spider_closed)
        return witness

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember an answer that brings nothing; give others the class that has selectors.

        Unpacking leaves the class alone, because finding the character set costs what no feed needs.
        """
        if response.status >= NOT_FOUND and not request.url.endswith("/robots.txt"):
            self._trouble = self._trouble or explain_status(response.status, None)
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=response.body)
        return response if isinstance(response, kind) else response.replace(cls=kind)

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Scrapy's
        """Remember a download that failed."""
        self._trouble = self._trouble or explain_failure(exception, timeout=self._timeout)

    def failed(self, failure: Failure, spider: Spider) -> None:
        """Remember a mistake in the spider."""
        what = f"has a spider with a mistake in it ({type(failure.value).__name__} in {spider.name})"
        self._trouble = self._trouble or SourceError(what, reason="mistake")

    def closed(self) -> None:
        """Say what went wrong."""
        if self._trouble is not None:
            gone = isinstance(self._trouble, SourceGoneError)
            _print({"trouble": {"what": str(self._trouble), "reason": self._trouble.reason, "gone": gone}})


def _print(line: dict[str, Any]) -> None:
    sys.stdout.write(ScrapyJSONEncoder(ensure_ascii=False).encode(line) + "\n")
    sys.stdout.flush()
