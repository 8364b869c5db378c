"""What is a page, and what helps to make one? Copy `pages/status.py`: it is the smallest.

A page is a file in `pages/` with facts, an answer and its place in the table of routes:

    ROUTES = (
        Page(path="/status", answer=status),
        Page(path="/mutes/{id:int}/end", answer=end, methods=("POST",), role=Role.EDITOR),
    )

    async def status(request: Request) -> Response:
        console = console_of(request)
        stock = await console.store.read(lambda store: take_stock(store, settings, now=now))
        return render(request, "status.html", stock=stock)

and a line in `app.PAGES`. `guard.py` has looked at session, role, origin and token before the answer is
asked. A template extends "frame.html" (blocks title, main, aside), imports its parts with `{% import
"parts.html" as parts with context %}`, and puts `{{ parts.token() }}` into each form that changes
something. Without JavaScript everything works; htmx only improves: its requests carry the token by
themselves.

What a template knows without being told: `person` (Reader or None), `settings`, `now`, `zone`, `here` (the
path), `nav`, `said`, `nonce`, and the filters `when` and `clock` (a <time> on the reader's clock), `day`,
`hour`, `counted` (`3 | counted("story")`), `link` (an address from outside, only http and https), `place`
(a destination as people write it).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config.settings import Reader, Role, Settings
from nightdesk.web.console import Console
from nightdesk.web.keys import token_for
from nightdesk.web.rendering import templates

#: How long a line that says what was done waits for the next page, in seconds.
SAID_WAITS = 60
SAID = "nightdesk_said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A route, who may go there, and what answers."""

    path: str
    answer: Callable[[Request], Awaitable[Response]]
    methods: tuple[str, ...] = ("GET",)
    # The least that is asked for; None: everybody may come, signed in or not.
    role: Role | None = Role.READER
    # The address itself is the key, such as a link in a mail: no cookie, no token, no look at the origin.
    signed: bool = False
    # What the route is for, in a line, for the description of the API.
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks, and what belongs to this one request."""

    # None: nobody has signed in.
    reader: Reader | None = None
    # What is in the cookie: the session's key, or a visitor's; tokens of forms are made of it.
    key: str
    # The hash of the session's or the program's key; "" for a visitor.
    key_hash: str = ""
    # Asked by a program with a key of its own: there is no cookie that another site could use.
    program: bool = False
    # Whether the page came by https.
    secure: bool = False
    # The machine that asks.
    client: str = ""
    # What the last page did, and the address that undoes it.
    said: str = ""
    undo: str = ""


# ── What was asked ────────────────────────────────────────────────────────────────────────────────────────


def console_of(request: Request) -> Console:
    """Return the console that the request came to."""
    return cast("Console", request.app.state.console)


def visit_of(request: Request) -> Visit:
    """Return who asks, as the guard found out."""
    return cast("Visit", request.state.visit)


def person(request: Request) -> Reader:
    """Return who asks; only for pages that have a role.

    Raises:
        PermissionError: nobody has signed in.
    """
    reader = visit_of(request).reader
    if reader is None:
        raise PermissionError("nobody has signed in")
    return reader


def settings_of(request: Request) -> Settings:
    """Return the settings that this one request goes by, however long it takes."""
    known: Settings | None = getattr(request.state, "settings", None)
    if known is None:
        known = request.state.settings = console_of(request).settings()
    return known


def now_of(request: Request) -> datetime:
    """Return when the request came."""
    known: datetime | None = getattr(request.state, "now", None)
    if known is None:
        known = request.state.now = console_of(request).clock()
    return known


def zone_of(request: Request) -> str:
    """Return the time zone of whoever reads the page."""
    reader = visit_of(request).reader
    return (reader.timezone if reader else "") or settings_of(request).timezone


def is_part(request: Request) -> bool:
    """Whether htmx asks for a piece of a page, to be put into the page that is there."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in. What is not there is empty."""

    data: FormData

    def text(self, name: str, default: str = "") -> str:
        """Return a field's words, without spaces around them."""
        value = self.data.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a box that have something on them."""
        return tuple(line.strip() for line in self.text(name).splitlines() if line.strip())

    def every(self, name: str) -> tuple[str, ...]:
        """Return each of several fields with one name: boxes that are ticked."""
        return tuple(value for value in self.data.getlist(name) if isinstance(value, str))

    def on(self, name: str) -> bool:
        """Whether a box is ticked."""
        return name in self.data


async def form_of(request: Request) -> Form:
    """Return what was filled in."""
    return Form(await request.form())


# ── What is answered ──────────────────────────────────────────────────────────────────────────────────────


def render(request: Request, template: str, /, *, status: int = 200, **facts: object) -> Response:
    """Answer with a template and its facts."""
    visit = visit_of(request)
    words = templates().get_template(template).render(_known(request, visit) | facts)
    response = Response(words, status_code=status, media_type="text/html")
    if visit.said and not is_part(request):
        response.delete_cookie(SAID, path="/")
    return response


def as_json(facts: object, *, status: int = 200) -> Response:
    """Answer a program."""
    return Response(json.dumps(facts, ensure_ascii=False), status_code=status, media_type="application/json")


def see_other(request: Request, url: str, *, say: str = "", undo: str = "") -> Response:
    """Send the reader on after a change; the next page says what was done, with a button for `undo`."""
    response: Response = RedirectResponse(url, status_code=303)
    if say:
        visit = visit_of(request)
        packed = urlsafe_b64encode(json.dumps([say, undo]).encode()).decode()
        response.set_cookie(
            SAID,
            f"{packed}.{token_for(visit.key, SAID + packed)}",
            max_age=SAID_WAITS,
            secure=visit.secure,
            httponly=True,
            samesite="lax",
        )
    return response


def trouble(request: Request, status: int, title: str, *lines: str) -> Response:
    """Answer that something cannot be done, in words, on a page of its own."""
    if request.url.path.startswith("/api/"):
        return as_json({"error": title, "more": list(lines)}, status=status)
    return render(request, "trouble.html", status=status, title=title, lines=lines)


def _known(request: Request, visit: Visit) -> dict[str, object]:
    return {
        "person": visit.reader,
        "settings": settings_of(request),
        "now": now_of(request),
        "zone": zone_of(request),
        "here": request.url.path,
        "nav": getattr(request.app.state, "nav", ()),
        "said": visit.said,
        "undo": visit.undo,
        "nonce": request.state.nonce,
        "form_token": token_for(visit.key, "form") if visit.key else "",
        "single_keys": getattr(request.state, "single_keys", True),
        "Role": Role,
    }
