"""What does a page say that says nothing until a program on it has run?

For sources that say `browser: true`, and for pages that came but hold no words without JavaScript; never for
one that asks for money, a login or an agreement. A Chromium without a network of its own runs the page's
program: it knows no names, its proxy is a port where nobody listens, and each request it makes is answered by
our engine, so that fence, robots.txt, turns and caps hold for every byte. Nothing is kept: each page has a
browser of its own, with limits on time, requests and bytes, which ends with it.

The library is an extra (`./do install browser`); the browser is the system's.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from crawler.engine import Ask, Engine, Fetched
from crawler.places import Turns
from news.errors import ReadingError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import BrowserContext, Page, Route, WebSocketRoute

log = logging.getLogger("nightdesk.crawler")

START = 60.0  # seconds for the browser's own start: one, or twenty where the disk must bring all of it
SECONDS = 25.0  # for a page
QUIET = 8.0  # of them, for what the page's program still asks for
MOST_REQUESTS = 80  # of a page; a story's page needs five to thirty scripts and answers
MOST_BYTES = 12 * 1024 * 1024  # all answers of a page together
LARGEST_PAGE = 5 * 1024 * 1024  # characters that are left in the end
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: What a page's words need. No other pages, frames, pictures, fonts, films, sockets, pings.
WANTED = frozenset({"script", "xhr", "fetch"})
#: What a browser needs to know of an answer; no cookies.
PASSED_ON = ("content-type", "content-security-policy", "access-control-allow-origin")
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",  # the port of "discard", and nothing goes round it:
    "--proxy-bypass-list=<-loopback>",
    # Its two names, of older and of newer Chromiums: no packets beside the proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--dns-prefetch-disable",
    "--no-pings",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--js-flags=--max-old-space-size=256",
)

#: One page at a time: a browser takes some 200 MB.
_TURNS = Turns()


def missing() -> str:
    """Return what has to be installed before pages can be read with a browser; "" when all is there."""
    if find_spec("playwright") is None:
        return "needs the extra: ./do install browser"
    return "" if _browser() else "needs Chromium: apt-get install chromium"


def _browser() -> str:
    return next((path for name in NAMES if (path := shutil.which(name))), "")


async def read_rendered(first: Fetched, engine: Engine) -> Fetched:
    """Return a page that was fetched as it is when its program has run.

    Raises:
        ReadingError: it took more than a page may, or there is no browser.
    """
    why_not = missing()
    if why_not:
        msg = f"is made by JavaScript and {why_not}"
        raise ReadingError(msg, reason="not supported")
    async with _TURNS.take("browser"):
        try:
            async with asyncio.timeout(START) as limit:
                html, address = await _run(first, engine, limit)
        except TimeoutError as problem:
            raise ReadingError("took too long in the browser", reason="killed") from problem
    if len(html) > LARGEST_PAGE:
        raise ReadingError("became more than we take in", reason="too big")
    headers = {"content-type": "text/html; charset=utf-8"}
    return Fetched(status=first.status, url=address, headers=headers, body=html.encode("utf-8", "replace"))


async def _run(first: Fetched, engine: Engine, limit: asyncio.Timeout) -> tuple[str, str]:
    from playwright.async_api import Error, async_playwright

    try:
        async with async_playwright() as library:
            with tempfile.TemporaryDirectory(prefix="nightdesk-browser-") as home:
                browser = await library.chromium.launch(
                    executable_path=_browser(),
                    args=list(ARGUMENTS),
                    # Chromium refuses its sandbox to the superuser.
                    chromium_sandbox=os.geteuid() != 0,
                    env={"HOME": home, "PATH": os.environ.get("PATH", "")},
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                )
                limit.reschedule(asyncio.get_running_loop().time() + SECONDS)
                try:
                    context = await browser.new_context(
                        user_agent=engine.choices()["USER_AGENT"],
                        service_workers="block",
                        accept_downloads=False,
                    )
                    return await _open(context, Answers(first, engine))
                finally:
                    await browser.close()
    except Error as problem:
        raise ReadingError("could not be read with the browser", reason="killed") from problem


async def _open(context: BrowserContext, answers: Answers) -> tuple[str, str]:
    from playwright.async_api import TimeoutError as StillBusyError

    async def give(route: Route) -> None:
        await answers.give(route)

    await context.route("**/*", give)
    await context.route_web_socket("**/*", _hang_up)
    page = await context.new_page()
    context.on("page", _close)
    await page.goto(answers.first.url, wait_until="commit", timeout=SECONDS * 1000)
    try:
        await page.wait_for_load_state("networkidle", timeout=QUIET * 1000)
    except StillBusyError:
        log.debug("page still busy", extra={"url": answers.first.url})
    # Playwright's own `content` waits for where the page's program wanted to go, and may not.
    html = await page.evaluate("document.documentElement.outerHTML")
    return str(html), page.url


def _close(page: Page) -> asyncio.Task[None]:
    """Shut what the page opens beside itself."""
    return asyncio.ensure_future(page.close())


async def _hang_up(socket: WebSocketRoute) -> None:
    await socket.close()


@dataclass(slots=True)
class Answers:
    """Answers what one page asks for, through the engine."""

    first: Fetched
    engine: Engine
    requests: int = 0
    taken: int = 0
    #: Why requests were not answered, by their addresses: for the log and the tests.
    refused: dict[str, str] = field(default_factory=dict)

    async def give(self, route: Route) -> None:
        """Answer a request, or refuse it."""
        request = route.request
        self.requests += 1
        if request.url == self.first.url and request.is_navigation_request():
            await self._fulfill(route, self.first)
            return
        why_not = self._why_not(request) or await self._fetch(route)
        if why_not:
            self.refused[request.url[:200]] = why_not
            # "Nothing to show" leaves the page where it is; an error would take its place.
            await (route.fulfill(status=204) if request.resource_type == "document" else route.abort())

    async def _fetch(self, route: Route) -> str:
        """Answer with what the engine brings; return why it brings nothing, or ""."""
        ask = Ask(url=route.request.url, kind="page", accept="*/*", max_bytes=MOST_BYTES)
        try:
            fetched = await self.engine.fetch(ask)
        except SourceError as problem:
            return str(problem)
        self.taken += len(fetched.body)
        await self._fulfill(route, fetched)
        return ""

    def _why_not(self, request: Any) -> str:  # noqa: ANN401 - a request, also a test's
        """Return why a request is refused, or ""."""
        if self.requests > MOST_REQUESTS:
            return "one request too many"
        if self.taken > MOST_BYTES:
            return "one byte too many"
        if request.method != "GET":
            return f"{request.method} is never sent"
        if request.resource_type not in WANTED:
            return f"{request.resource_type} is not wanted"
        return ""

    async def _fulfill(self, route: Route, fetched: Fetched) -> None:
        headers: Mapping[str, str] = fetched.headers
        passed = {name: headers[name] for name in PASSED_ON if name in headers}
        await route.fulfill(status=fetched.status, headers=passed, body=fetched.body)
