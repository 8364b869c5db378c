"""Which pages are there, and what do all of them stand behind?

`create_app(console)` makes the application of the pages in `PAGES`; each module is asked for its `ROUTES`.
Whatever is no page is an error page; every answer carries the same headers.
"""

from __future__ import annotations

import logging
from asyncio import wait_for
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from secrets import token_urlsafe
from time import monotonic
from typing import cast

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from config.settings import Role
from news.errors import NightdeskError, StorageError
from nightdesk.web.console import Console
from nightdesk.web.guard import guarded, is_our_host, is_read_along, is_secure
from nightdesk.web.page import Page, Visit, settings_of, trouble

log = logging.getLogger("nightdesk.web")

#: Modules of `nightdesk/web/pages`, in the order in which their routes are tried.
PAGES = (
    "home",
    "signing_in",
    "setting_up",
    "stories",
    "story",
    "story_acts",
    "keywords",
    "keywords_try",
    "keywords_history",
    "keywords_mutes",
    "quiet_hours",
    "sources",
    "sources_add",
    "source",
    "sent",
    "digests",
    "why_not",
    "people",
    "settings",
    "audit",
    "status",
    "keyboard",
    "unsubscribing",
    "health",
    "api",
    "static",
)
LARGEST_BODY = 2_000_000  # bytes of a form
BODY = 60.0  # seconds in which a form has to come
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: Nothing but our own style sheet, our own scripts, and requests to ourselves.
POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A place of the main menu."""

    path: str
    words: str
    # The single key that goes there after "g".
    key: str
    role: Role = Role.READER


#: The main menu; a page that is not there is left out.
MENU = (
    Door(path="/stories", words="Stories", key="s"),
    Door(path="/keywords", words="Keywords", key="k"),
    Door(path="/sources", words="Sources", key="o"),
    Door(path="/sent", words="Sent messages", key="m"),
    Door(path="/digests", words="Digests", key="d"),
    Door(path="/why", words="Why did I not get this?", key="w"),
    Door(path="/settings", words="Settings", key="e"),
)


def pages() -> Iterator[Page]:
    """Yield every page there is."""
    for name in PAGES:
        module = f"nightdesk.web.pages.{name}"
        if find_spec(module) is not None:
            yield from cast("tuple[Page, ...]", import_module(module).ROUTES)


def create_app(console: Console) -> Starlette:
    """Return the console's application."""
    every = tuple(pages())
    app = App(
        routes=[
            Route(page.path, guarded(page), methods=list(page.methods), name=page.path) for page in every
        ],
        exception_handlers={
            HTTPException: _no_page,
            NightdeskError: _in_words,
            Exception: _unforeseen,
        },
    )
    # It would lead to http:// behind a proxy that speaks https.
    app.router.redirect_slashes = False
    paths = {page.path for page in every}
    app.state.console = console
    app.state.pages = every
    app.state.nav = tuple(door for door in MENU if door.path in paths)
    return app


class App(Starlette):
    """Starlette, with what surrounds every answer, error pages too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        nonce = token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        request = Request(scope)
        # Until the guard knows more: an error page is shown to nobody in particular.
        request.state.visit = Visit(key="")
        secure = is_secure(request)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), nonce, secure=secure)
            await send(message)

        turned_away = _turned_away(request)
        if turned_away is not None:
            await turned_away(scope, receive, with_headers)
            return
        await super().__call__(scope, _limited(receive), with_headers)


def _turned_away(request: Request) -> Response | None:
    """Return what is said to whoever came by a wrong name, or by a way on which others read along."""
    if not is_our_host(request, settings_of(request)):
        return PlainTextResponse("This is not the name of this console.\n", status_code=421)
    if is_read_along(request):
        return PlainTextResponse(
            "From other machines the console is reached by https alone.\n", status_code=421
        )
    return None


def _add_headers(headers: MutableHeaders, nonce: str, *, secure: bool) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
    headers.setdefault("Cache-Control", "no-store")
    if secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _limited(receive: Receive) -> Receive:
    """Return a receiver that stops listening to whoever sends too much, or takes too long to."""
    heard, whole, until = 0, False, monotonic() + BODY

    async def listen() -> Message:
        nonlocal heard, whole
        try:
            # After all of it, what comes is that nobody is there any more.
            message = await (receive() if whole else wait_for(receive(), until - monotonic()))
        except TimeoutError as late:
            raise HTTPException(408) from late
        heard += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if heard > LARGEST_BODY:
            raise HTTPException(413)
        return message

    return listen


# ── What went wrong ───────────────────────────────────────────────────────────────────────────────────────

WORDS = {
    400: "This could not be read.",
    404: "There is no such page.",
    405: "That cannot be done here.",
    408: "That took too long to come.",
    413: "That is more than fits.",
}


async def _no_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return trouble(request, status, WORDS.get(status, "That did not work."))


async def _in_words(request: Request, error: Exception) -> Response:
    if isinstance(error, StorageError):
        log.warning("page could not reach the database", extra={"why": str(error)})
        return trouble(request, 503, "The database does not answer at the moment.", "Try again in a minute.")
    return trouble(request, 409, "That did not work.", str(error))


async def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("page failed", extra={"page": _route(request)}, exc_info=error)
    return trouble(request, 500, "Something went wrong that nobody foresaw.", "It was written to the log.")


def _route(request: Request) -> str:
    """Return the route's own path: what was typed may hold a key."""
    route = request.scope.get("route")
    return route.path if isinstance(route, Route) else "no page"
