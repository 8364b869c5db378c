"""How does a person come in? By a link that works once, or by a password.

Opening a link changes nothing, because mail programs and chats open links by themselves to look at them: the
page has a button, and pressing it uses the link up.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config.settings import Reader, Settings
from news.wording import span
from nightdesk.web.attempts import doors_of, pause_before
from nightdesk.web.browsers import name_of_browser
from nightdesk.web.guard import SESSION, VISITOR, drop_cookie, keep_cookie, reader_of
from nightdesk.web.keys import LASTS, hash_of, make_key
from nightdesk.web.page import (
    Form,
    Page,
    console_of,
    form_of,
    now_of,
    render,
    see_other,
    settings_of,
    visit_of,
)
from nightdesk.web.passwords import is_right

WRONG = "This name and this password do not belong together."
OVER = "This link was used before, or its day is over."


# ── With a password ───────────────────────────────────────────────────────────────────────────────────────


async def show_door(request: Request) -> Response:
    """Show where one signs in."""
    if visit_of(request).reader is not None:
        return RedirectResponse(_inside(request.query_params.get("next", "")), status_code=303)
    return render(request, "sign_in.html", name="", wrong="", next=request.query_params.get("next", ""))


async def sign_in(request: Request) -> Response:
    """Let in whoever knows the password."""
    console, settings, now, form = (
        console_of(request), settings_of(request), now_of(request), await form_of(request),
    )  # fmt: skip
    name = form.text("name")
    reader = find_person(settings, name)
    # By id and by mail address it is the same person who is tried.
    doors = doors_of(visit_of(request).client, reader.id if reader else name)
    pause = await console.store.write(lambda store: pause_before(store, doors, now=now))
    if pause is not None:
        return _again(request, form, f"Too many tries. Wait {span(pause)}, or ask for a link.", status=429)
    kept = await console.store.read(lambda store: store.password_of(reader.id)) if reader else None
    given = form.data.get("password", "")
    if not await is_right(given if isinstance(given, str) else "", kept) or reader is None:
        return _again(request, form, WRONG, status=403)
    await console.store.write(lambda store: store.forget_tries(doors))
    return await let_in(request, reader, form.text("next"), how="by password")


def _again(request: Request, form: Form, wrong: str, *, status: int) -> Response:
    name, target = form.text("name"), form.text("next")
    return render(request, "sign_in.html", status=status, name=name, wrong=wrong, next=target)


def find_person(settings: Settings, name: str) -> Reader | None:
    """Return the person who signs in as this: by id or mail address."""
    wanted = name.lower()
    return next(
        (each for each in settings.readers if wanted and wanted in {each.id, each.email[6:].lower()}), None
    )


# ── With a link ───────────────────────────────────────────────────────────────────────────────────────────


async def show_link(request: Request) -> Response:
    """Show the button that uses a link up; whether it still works is said then."""
    return render(request, "come_in.html", wrong="")


async def use_link(request: Request) -> Response:
    """Let in whoever has a link that was not used before."""
    console, now, visit = console_of(request), now_of(request), visit_of(request)
    doors = doors_of(visit.client)
    if await console.store.write(lambda store: pause_before(store, doors, now=now)) is not None:
        return render(request, "come_in.html", status=429, wrong="Too many tries. Wait a quarter of an hour.")
    hash_ = hash_of(request.path_params["key"])
    link = await console.store.write(lambda store: store.use_link(hash_, now=now))
    reader = reader_of(settings_of(request), link.reader_id) if link else None
    if reader is None:
        return render(request, "come_in.html", status=403, wrong=OVER)
    await console.store.write(lambda store: store.forget_tries(doors))
    return await let_in(request, reader, "", how="by link")


async def let_in(request: Request, reader: Reader, target: str, *, how: str) -> Response:
    """Begin a session with a new key, end the one before in this browser, and send the person on."""
    console, now, visit = console_of(request), now_of(request), visit_of(request)
    browser = name_of_browser(request.headers.get("User-Agent", ""))
    if visit.key_hash:
        await console.store.write(lambda store: store.end_key(visit.key_hash))
    key = await console.store.write(
        lambda store: make_key(store, "session", reader.id, now=now, what=browser)
    )
    await console.store.write(
        lambda store: store.audit("signed in", who=reader.id, facts={"how": how, "on": browser}, now=now)
    )
    response = RedirectResponse(_inside(target), status_code=303)
    drop_cookie(response, VISITOR, visit)
    keep_cookie(response, SESSION, key, visit, lasts=LASTS["session"])
    return response


def _inside(target: str) -> str:
    """Return where to go on; never to another site."""
    ours = target.startswith("/") and target[1:2] not in {"/", "\\"} and target.isprintable()
    return target if ours else "/"


# ── And out ───────────────────────────────────────────────────────────────────────────────────────────────


async def sign_out(request: Request) -> Response:
    """End this session, or with `everywhere` all of this person's."""
    console, visit, form = console_of(request), visit_of(request), await form_of(request)
    if visit.reader is not None and form.on("everywhere"):
        mine = visit.reader.id
        await console.store.write(lambda store: store.end_keys(mine, kind="session"))
    elif visit.key_hash:
        await console.store.write(lambda store: store.end_key(visit.key_hash))
    response = see_other(request, "/sign-in")
    drop_cookie(response, SESSION, visit)
    return response


ROUTES = (
    Page(path="/sign-in", answer=show_door, role=None),
    Page(path="/sign-in", answer=sign_in, methods=("POST",), role=None),
    Page(path="/come-in/{key}", answer=show_link, role=None),
    Page(path="/come-in/{key}", answer=use_link, methods=("POST",), role=None),
    Page(path="/sign-out", answer=sign_out, methods=("POST",)),
)
