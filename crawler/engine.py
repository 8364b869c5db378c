"""How does anything come in from the network?

Through one door: Scrapy's downloader, kept running inside one crawler for hours, with the fence around it.
Feeds go straight to its connections (`crawler/short_road.py`); pages go through the article spider, which
asks robots.txt. One request a host at a time, and so many over all hosts; redirects are followed here, each
hop through the fence again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urljoin, urlsplit

from config.settings import FetchSettings
from crawler.places import Places, Turns
from crawler.settings import DEFAULT_REQUEST_HEADERS
from news.errors import SourceError
from news.nouns import Clock

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

    from crawler.fence import LookUp
    from crawler.short_road import Came, ShortRoad
    from crawler.spiders.article import ArticleSpider

MOST_REDIRECTS = 5
CRAWLER_LIFE = 3 * 3600.0  # seconds; whatever Scrapy gathers over the hours goes with the old crawler
LARGEST = {"feed": 5 * 1024 * 1024, "page": 10 * 1024 * 1024}  # bytes, before and after decompression
LONGEST_ADDRESS = 4_000  # characters
LONGEST_VALIDATOR = 1_000  # characters of an ETag worth keeping
STOPPING = 2.0  # seconds that requests under way get when the engine stops, and Scrapy as many again

Kind = Literal["feed", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to fetch, and what we have of it already."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    kind: Kind = "feed"
    # What is wanted, for servers that have several; None: what a news reader takes.
    accept: str | None = None
    # None: the kind's own cap.
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came: a body (status 2xx), or the word that nothing changed (304)."""

    status: int
    # Where the body came from, after redirects.
    url: str
    # Names in lower case.
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    etag: str | None = None
    last_modified: str | None = None
    # The address to ask from now on, learnt from permanent redirects.
    moved_permanently_to: str | None = None
    # False when the connection broke off inside the body.
    complete: bool = True

    @property
    def unchanged(self) -> bool:
        """Whether the publisher says that nothing changed since the validators we sent."""
        return self.status == 304  # noqa: PLR2004 - HTTP's own number


class _Line:
    """One running crawler and what is under way on it."""

    #: The way for feeds, once the crawler runs.
    road: ShortRoad

    def __init__(self, crawler: Crawler, opened: float) -> None:
        self.crawler = crawler
        self.opened = opened
        self.errands: asyncio.Queue[Request] = asyncio.Queue()
        self.answers: set[asyncio.Future[Response]] = set()
        self.running: asyncio.Task[None] | None = None
        self.under_way = 0
        self.idle = asyncio.Event()
        self.idle.set()

    @contextmanager
    def use(self) -> Iterator[None]:
        self.under_way += 1
        self.idle.clear()
        try:
            yield
        finally:
            self.under_way -= 1
            if not self.under_way:
                self.idle.set()

    async def open(self) -> None:
        """Return when the crawler runs; raise what kept it from running."""
        from scrapy import signals

        started = asyncio.Event()
        self.crawler.signals.connect(started.set, signals.engine_started, weak=False)
        self.running = asyncio.create_task(self.crawler.crawl_async(errands=self.errands))
        waiting = asyncio.create_task(started.wait())
        await asyncio.wait({self.running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        # The signal comes a step before the engine counts as running; stopped in between it would never end.
        while not self.running.done() and not self.crawler.engine.running:  # noqa: ASYNC110
            await asyncio.sleep(0)
        if self.running.done():
            self.running.result()

    async def close(self, grace: float) -> None:
        """Let what is under way end for `grace` seconds, then give the rest up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                await self.idle.wait()
        stopping = SourceError("was not read: Nightdesk is stopping", reason="stopping")
        self.road.give_up(stopping)
        for answer in [answer for answer in self.answers if not answer.done()]:
            answer.set_exception(stopping)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPING):
                await self.crawler.stop_async()
                if self.running is not None:
                    await self.running


class Engine:
    """The one door to the network. Start it inside `crawler.reactor.run`."""

    def __init__(
        self, settings: FetchSettings, *, clock: Clock | None = None, look_up: LookUp | None = None
    ) -> None:
        """Keep the newsroom's choices.

        `clock` is asked only when a publisher names the moment to come back without saying what time it is
        there; `look_up` replaces the operating system's name look-up.
        """
        self._settings = settings
        self._clock = clock
        self._look_up = look_up
        self._line: _Line | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        # Half as many more: sources that failed last time are asked beside the others (crawler/polling.py).
        self._places = Places(settings.at_once * 3 // 2 + 1)
        self._turns = Turns()

    async def start(self) -> None:
        """Open the crawler. Fetching before this, or after `stop`, is a mistake."""
        self._line = await self._open_line()

    async def stop(self) -> None:
        """Let requests under way end, for some seconds, and close everything."""
        line, self._line = self._line, None
        if line is not None:
            await line.close(STOPPING)
        await asyncio.gather(*self._retiring)

    async def fetch(self, ask: Ask) -> Fetched:
        """Fetch an address, following redirects.

        Raises:
            SourceGoneError: the publisher refuses (401, 402, 403, 451, robots.txt) or says it is gone (410).
            AddressRefusedError: the address is not a public one.
            SourceError: it could not be read this time; `reason` and `retry_after` say more.
        """
        url = ask.url
        moved: str | None = None
        permanent = True
        for _ in range(MOST_REDIRECTS + 1):
            came = await self._once(url, ask)
            target = _redirect(came, url)
            if target is None:
                return self._judge(came, url, moved)
            permanent = permanent and came.status in {301, 308}
            moved = target if permanent else moved
            url = target
        raise SourceError("sends us from one address to the next without end", reason="loop")

    def turn(self, url: str) -> AbstractAsyncContextManager[None]:
        """Hold the turn of an address's host: nothing else is asked there meanwhile."""
        return self._turns.take(_web_host(url))

    def choices(self) -> dict[str, str]:
        """Return the newsroom's choices as Scrapy's settings, for a spider in a process of its own."""
        settings = self._settings
        return {
            "USER_AGENT": settings.user_agent,
            "ROBOTSTXT_OBEY": str(settings.respect_robots),
            "DOWNLOAD_TIMEOUT": str(settings.timeout.total_seconds()),
            "FENCE_ALLOW_ADDRESSES": ",".join(sorted(settings.allow_addresses)),
        }

    async def _once(self, url: str, ask: Ask) -> Came:
        host = _web_host(url)
        problem: Exception
        # The host's turn first and a place second: one slow host never takes all places.
        async with self._turns.take(host), self._places.take():
            line = self._current_line()
            with line.use():
                from crawler.failures import DOWNLOAD_ERRORS, explain_failure

                try:
                    return await self._download(line, url, ask, host)
                except DOWNLOAD_ERRORS as error:
                    problem = error
        raise explain_failure(problem, timeout=self._settings.timeout.total_seconds()) from problem

    async def _download(self, line: _Line, url: str, ask: Ask, host: str) -> Came:
        headers, largest = _conditions(ask), ask.max_bytes or LARGEST[ask.kind]
        if ask.kind == "feed":
            return await line.road.ask(url, headers, largest=largest)
        from scrapy.http import Request

        spider = cast("ArticleSpider", line.crawler.spider)
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        line.answers.add(answer)
        answer.add_done_callback(line.answers.discard)
        meta: dict[str, Any] = {
            "dont_redirect": True,
            "handle_httpstatus_all": True,
            "download_maxsize": largest,
            "download_slot": host,
        }
        line.errands.put_nowait(
            Request(
                url,
                headers=headers,
                meta=meta,
                callback=spider.hand_over,
                errback=spider.hand_back,
                cb_kwargs={"answer": answer},
            )
        )
        return _came(await answer)

    def _judge(self, came: Came, url: str, moved: str | None) -> Fetched:
        headers = came.headers
        if not (200 <= came.status < 300 or came.status == 304):  # noqa: PLR2004 - HTTP's own numbers
            from crawler.failures import explain_status, moment_of, wait_asked_for

            now = moment_of(headers.get("date", "")) or (self._clock() if self._clock else None)
            raise explain_status(came.status, wait_asked_for(headers.get("retry-after"), now))
        return Fetched(
            status=came.status,
            url=url,
            headers=headers,
            body=came.body,
            etag=_validator(headers, "etag"),
            last_modified=_validator(headers, "last-modified"),
            moved_permanently_to=moved,
            complete=came.complete,
        )

    def _current_line(self) -> _Line:
        if self._line is None:
            raise RuntimeError("the engine is not running")
        return self._line

    async def renew(self) -> bool:
        """Change to a fresh crawler when the present one has run for hours; return whether it was changed."""
        old = self._current_line()
        if asyncio.get_running_loop().time() - old.opened < CRAWLER_LIFE:
            return False
        self._line = await self._open_line()
        task = asyncio.create_task(old.close(2 * self._settings.timeout.total_seconds()))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
        return True

    async def _open_line(self) -> _Line:
        for name in ("scrapy", "twisted"):
            logging.getLogger(name).setLevel(logging.ERROR)
        line = _Line(_make_crawler(self._settings, self._look_up), asyncio.get_running_loop().time())
        await line.open()
        from crawler.downloader import handler_of
        from crawler.short_road import ShortRoad

        settings = self._settings
        line.road = ShortRoad(
            handler_of(line.crawler), agent=settings.user_agent, timeout=settings.timeout.total_seconds()
        )
        return line


def _make_crawler(settings: FetchSettings, look_up: LookUp | None) -> Crawler:
    from scrapy.crawler import Crawler
    from scrapy.settings import Settings

    import crawler.settings
    from crawler.spiders.article import ArticleSpider

    choices = Settings()
    choices.setmodule(crawler.settings)
    allow: Collection[str] = sorted(settings.allow_addresses)
    choices.setdict(
        {
            "USER_AGENT": settings.user_agent,
            "ROBOTSTXT_OBEY": settings.respect_robots,
            "DOWNLOAD_TIMEOUT": settings.timeout.total_seconds(),
            "CONCURRENT_REQUESTS": 0,
            "CONCURRENT_ITEMS": 1,  # each answer makes so many tasks, and no answer here brings an item
            "FENCE_ALLOW_ADDRESSES": allow,
            "FENCE_LOOK_UP": look_up,
        },
        priority="cmdline",
    )
    return Crawler(ArticleSpider, choices)


def _web_host(url: str) -> str:
    """Return whose turn a request waits for: the host, with its port if one is given."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.lower()
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits, host = False, ""
    if not fits or len(url) > LONGEST_ADDRESS or "\\" in url or "@" in host:
        raise SourceError("is not a web address (http or https)", reason="malformed")
    return host


def _conditions(ask: Ask) -> dict[str, str]:
    headers = {"Accept": ask.accept or DEFAULT_REQUEST_HEADERS["Accept"]}
    if ask.etag:
        headers["If-None-Match"] = ask.etag
    if ask.last_modified:
        headers["If-Modified-Since"] = ask.last_modified
    return headers


def _redirect(came: Came, url: str) -> str | None:
    if came.status not in {301, 302, 303, 307, 308}:
        return None
    location = came.headers.get("location", "").encode("latin-1").decode("utf-8", "replace").strip()
    if not location:
        return None
    try:
        return urljoin(url, location).split("#")[0]
    except ValueError:
        return location  # not an address: the next step says so


def _came(response: Response) -> Came:
    """Return an answer that came through Scrapy's stages as one of the short road."""
    from crawler.short_road import Came

    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    complete = "dataloss" not in response.flags
    return Came(status=response.status, headers=headers, body=response.body, complete=complete)


def _validator(headers: dict[str, str], name: str) -> str | None:
    """Return an ETag or a date exactly as it came; one that is no use to send back is None."""
    value = headers.get(name, "")
    fits = value.isprintable() and 0 < len(value) <= LONGEST_VALIDATOR
    return value if fits else None
