"""May this request come in? Asked of every route, before its page is.

In this order: the host is ours (a name that was bent to this address is not), the session or the program's
key holds, the role suffices, and whatever changes something comes from our own pages with the token of the
visitor's own cookie. What is sent back may load nothing from anywhere else.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config.console import host_and_port, is_loopback
from config.settings import Reader, Role, Settings
from nightdesk.web.keys import FIRST, hash_of, is_token, new_key
from nightdesk.web.page import SAID, Page, Visit, console_of, is_part, now_of, settings_of, trouble

if TYPE_CHECKING:
    from storage.console_contract import Key
    from storage.contract import Store

SESSION, VISITOR = "nightdesk_session", "nightdesk_visitor"
SAFE = frozenset({"GET", "HEAD"})
LARGEST_ID = 2**63 - 1  # no database counts further
#: The field of a form, and the header of a request by htmx, that hold the token.
TOKEN_FIELD, TOKEN_HEADER = "token", "X-Nightdesk-Token"
#: How often it is written down that a session is in use.
TOUCHED_EVERY = timedelta(minutes=10)
#: What a machine calls itself.
OURSELVES = ("127.0.0.1", "localhost", "::1")


def guarded(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Return what Starlette asks: the page's answer, behind everything that is looked at first."""

    async def answer(request: Request) -> Response:
        if any(isinstance(piece, int) and piece > LARGEST_ID for piece in request.path_params.values()):
            raise HTTPException(404)
        request.state.visit = visit = await who_asks(request)
        refused = await _refused(request, page, visit)
        response = refused if refused is not None else await page.answer(request)
        if not visit.reader and not page.signed and request.cookies.get(_name(VISITOR, visit)) != visit.key:
            keep_cookie(response, VISITOR, visit.key, visit)
        return response

    return answer


# ── Who ───────────────────────────────────────────────────────────────────────────────────────────────────


async def who_asks(request: Request) -> Visit:
    """Return who asks, by the session's cookie or a program's key."""
    visit = Visit(key="", secure=is_secure(request), client=client_of(request))
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    program = scheme.lower() == "bearer"
    key = given.strip() if program else request.cookies.get(_name(SESSION, visit), "")
    kept = await _kept(request, key, "program" if program else "session") if key else None
    reader = reader_of(settings_of(request), kept.reader_id) if kept else None
    if kept is None or reader is None:
        return _said(request, replace(visit, key=request.cookies.get(_name(VISITOR, visit)) or new_key()))
    request.state.single_keys = await _single_keys(request, reader)
    known = replace(visit, reader=reader, key=key, key_hash=kept.hash, program=program)
    return _said(request, known)


async def _kept(request: Request, key: str, kind: str) -> Key | None:
    console, now, hash_ = console_of(request), now_of(request), hash_of(key)
    found = await console.store.read(lambda store: store.find_key(hash_, now=now))
    if found is None or found.kind != kind:
        return None
    if found.used_at is None or now - found.used_at > TOUCHED_EVERY:
        await console.store.write(lambda store: store.touch_key(hash_, now=now))
    return found


async def _single_keys(request: Request, reader: Reader) -> bool:
    def asked(store: Store) -> bool:
        return store.chosen(f"single keys off: {reader.id}") is None

    return await console_of(request).store.read(asked)


def reader_of(settings: Settings, reader_id: str) -> Reader | None:
    """Return a person by id; the first one may set everything up as long as there is no admin."""
    known = next((each for each in settings.readers if each.id == reader_id), None)
    if known is None and reader_id == FIRST and not has_admin(settings):
        return Reader(id=FIRST, name="You", role=Role.ADMIN)
    return known


def has_admin(settings: Settings) -> bool:
    """Whether nightdesk.yaml names somebody who may do everything."""
    return any(each.role is Role.ADMIN for each in settings.readers)


def _said(request: Request, visit: Visit) -> Visit:
    """Return the visit with what the last page did; nobody else can put words there."""
    packed, _, token = request.cookies.get(SAID, "").partition(".")
    if not packed or not is_token(token, visit.key, SAID + packed):
        return visit
    say, undo = json.loads(urlsafe_b64decode(packed))
    return replace(visit, said=say, undo=undo)


# ── Whether ───────────────────────────────────────────────────────────────────────────────────────────────


async def _refused(request: Request, page: Page, visit: Visit) -> Response | None:
    """Return why the request may not come in, or None."""
    if page.role is not None and visit.reader is None:
        return _sign_in(request)
    if page.role is not None and visit.reader is not None and visit.reader.role < page.role:
        needed = page.role.name.capitalize()
        return trouble(
            request, 403, f"This is for people with the role {needed}.", "An admin can change roles."
        )
    if request.method in SAFE or page.signed or visit.program:
        return None
    if not is_same_origin(request):
        return trouble(request, 403, "This came from another site.", "Nothing was changed.")
    if not is_token(await _token(request), visit.key, "form"):
        return trouble(
            request, 403, "This page was open too long.", "Go back, load it again, and send it once more."
        )
    return None


def _sign_in(request: Request) -> Response:
    """Send a person to where one signs in; a program is told."""
    if request.url.path.startswith("/api/") or request.method not in SAFE:
        return trouble(request, 401, "You are not signed in.", "Sign in, or send the key of a program.")
    target = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    where = f"/sign-in?next={quote(target)}" if target != "/" else "/sign-in"
    if is_part(request):
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(where, status_code=303)


async def _token(request: Request) -> str:
    given = request.headers.get(TOKEN_HEADER, "")
    if given or not request.headers.get("Content-Type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        return given
    value = (await request.form()).get(TOKEN_FIELD, "")
    return value if isinstance(value, str) else ""


def is_same_origin(request: Request) -> bool:
    """Whether a change comes from one of our own pages: a browser says so with every change."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    ours = {f"{scheme_of(request)}://{request.headers.get('Host', '')}"}
    public = settings_of(request).console.public_url
    return origin in ours | ({_origin(public)} if public else set())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def is_our_host(request: Request, settings: Settings) -> bool:
    """Whether the request names this console: a foreign name that leads here is a trick on browsers."""
    try:
        name = (urlsplit(f"//{request.headers.get('Host', '')}").hostname or "").lower()
    except ValueError:
        return False
    listens = host_and_port(settings.console.address)[0]
    public = urlsplit(settings.console.public_url).hostname or ""
    return name in {*OURSELVES, listens, public} - {""}


# ── From where ────────────────────────────────────────────────────────────────────────────────────────────


def is_read_along(request: Request) -> bool:
    """Whether the request came from another machine in plain words, beside the proxy that should be there."""
    if request.url.scheme == "https" or _by_proxy(request):
        return False
    return request.client is not None and not is_loopback(request.client.host)


def _by_proxy(request: Request) -> bool:
    proxy = settings_of(request).console.trusted_proxy
    return bool(proxy) and request.client is not None and request.client.host == proxy


def scheme_of(request: Request) -> str:
    """Return how the reader's browser came: the proxy that is trusted is believed."""
    said = request.headers.get("X-Forwarded-Proto", "") if _by_proxy(request) else ""
    return said if said in {"http", "https"} else request.url.scheme


def is_secure(request: Request) -> bool:
    """Whether nobody on the way reads along."""
    return scheme_of(request) == "https"


def client_of(request: Request) -> str:
    """Return the machine that asks."""
    said = request.headers.get("X-Forwarded-For", "") if _by_proxy(request) else ""
    return said.rpartition(",")[2].strip() or (request.client.host if request.client else "")


# ── Cookies ───────────────────────────────────────────────────────────────────────────────────────────────


def _name(cookie: str, visit: Visit) -> str:
    """Return a cookie's name; by https a browser then keeps other hosts from setting it."""
    return f"__Host-{cookie}" if visit.secure else cookie


def keep_cookie(
    response: Response, cookie: str, value: str, visit: Visit, *, lasts: timedelta | None = None
) -> None:
    """Let the browser keep a cookie that no script reads and no other site's form sends."""
    response.set_cookie(
        _name(cookie, visit),
        value,
        max_age=int(lasts.total_seconds()) if lasts else None,
        path="/",
        secure=visit.secure,
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, cookie: str, visit: Visit) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(_name(cookie, visit), path="/", secure=visit.secure, httponly=True, samesite="lax")


def signed_in_since(key: Key) -> datetime:
    """Return since when a session is there."""
    return key.made_at
