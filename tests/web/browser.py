"""A real Chromium in front of the console, one for each process that runs tests.

    def test_…(web_desk: WebDesk, chromium: Chromium) -> None:
        with served(web_desk) as base:
            def script(page: Page) -> None:
                page.goto(f"{base}/status")
                expect(page.get_by_role("heading", name="How it stands")).to_be_visible()
            chromium.do(script, session=web_desk.signed_in("chief"), base=base)

Playwright's own loop runs in a thread of its own, so that tests may go on using asyncio in theirs; a script
runs there. A page that asks another host for anything fails the test.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import uvicorn

from tests.web.chromium import OPTIONS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

    from tests.web.serving import Client, WebDesk

#: Milliseconds that anything awaited in a page may take.
PATIENCE = 30_000.0

Outcome = TypeVar("Outcome")


@dataclass(slots=True)
class Chromium:
    """A browser, and the thread it lives in."""

    program: str
    _thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="chromium")
    )
    _playwright: Playwright | None = None
    _browser: Browser | None = None

    def do(
        self,
        script: Callable[[Page], Outcome],
        *,
        base: str,
        session: Client | None = None,
        width: int = 1280,
        dark: bool = False,
        scripts: bool = True,
    ) -> Outcome:
        """Run a script in a fresh context; it may ask this console alone."""

        def work() -> Outcome:
            context = self._opened().new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
                reduced_motion="reduce",
            )
            context.set_default_timeout(PATIENCE)
            _sign_in(context, session, base)
            strangers: list[str] = []
            page = context.new_page()
            page.on("request", lambda request: _note(request, base, strangers))
            broken: list[str] = []
            page.on("pageerror", lambda error: broken.append(str(error)))
            try:
                outcome = script(page)
            finally:
                context.close()
            assert strangers == [], f"another host was asked: {strangers}"
            assert broken == [], f"a script failed: {broken}"
            return outcome

        return self._thread.submit(work).result()

    def close(self) -> None:
        """Close the browser and its thread."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _opened(self) -> Browser:
        if self._browser is None:
            from playwright.sync_api import sync_playwright

            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(executable_path=self.program, args=list(OPTIONS))
        return self._browser

    def _close(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()


def _sign_in(context: BrowserContext, session: Client | None, base: str) -> None:
    if session is not None:
        cookies = session.cookies.items()
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])


def _note(request: Request, base: str, strangers: list[str]) -> None:
    if not request.url.startswith((base, "data:", "about:", "blob:")):
        strangers.append(request.url)


@contextmanager
def served(desk: WebDesk) -> Iterator[str]:
    """Serve a newsroom's console on loopback, from a thread, and give its address."""
    door = socket.create_server(("127.0.0.1", 0))
    port = door.getsockname()[1]
    config = uvicorn.Config(
        desk.app, log_config=None, log_level="error", access_log=False, lifespan="off", proxy_headers=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])), name="console")
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        door.close()
