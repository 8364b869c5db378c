"""Who is in the newsroom, what may they do, when are they left alone, and where are they signed in?

Everybody sees who there is. A person changes the own clock, quiet hours, password and keys; an admin changes
everybody's role and place, adds and takes away, and makes links that sign somebody in, once.
"""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.hours import are_too_long, is_zone
from config.readers import ROLES
from config.settings import Reader, Role
from news.nouns import QuietHours
from nightdesk.people_file import id_for, is_last_admin, put_person, take_person
from nightdesk.web.keys import make_key
from nightdesk.web.page import (
    Form,
    Page,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    settings_of,
    trouble,
    visit_of,
)
from nightdesk.web.passwords import hashed, weakness
from nightdesk.web.server import link_for
from storage.console_contract import Key
from storage.contract import Store

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
MEMBER = re.compile(r"[DU][A-Z0-9]{7,}")


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────


async def show_people(request: Request) -> Response:
    """Show who there is, and when they were here last."""
    console, now = console_of(request), now_of(request)

    def asked(store: Store) -> tuple[tuple[Key, ...], tuple[str, ...]]:
        return store.console_keys(kind="session", now=now), store.with_password()

    sessions, passwords = await console.store.read(asked)
    seen: dict[str, object] = {}
    for key in sessions:
        seen.setdefault(key.reader_id, key.used_at or key.made_at)
    return render(request, "people.html", seen=seen, passwords=passwords, roles=ROLES)


async def show_person(request: Request) -> Response:
    """Show one person, to whoever may change something there."""
    return await _page(request, _meant(request))


async def _page(
    request: Request, reader: Reader, *, wrong: str = "", status: int = 200, **facts: object
) -> Response:
    console, now = console_of(request), now_of(request)

    def asked(store: Store) -> tuple[tuple[Key, ...], tuple[Key, ...], bool]:
        sessions = store.console_keys(kind="session", now=now)
        programs = store.console_keys(kind="program", now=now)
        return sessions, programs, store.password_of(reader.id) is not None

    sessions, programs, has_password = await console.store.read(asked)
    shown: dict[str, object] = {"link": "", "key": "", **facts}
    return render(
        request,
        "person.html",
        status=status,
        reader=reader,
        wrong=wrong,
        here_hash=visit_of(request).key_hash,
        sessions=[key for key in sessions if key.reader_id == reader.id],
        programs=[key for key in programs if key.reader_id == reader.id],
        has_password=has_password,
        roles=ROLES,
        mine=reader.id == person(request).id,
        **shown,
    )


def _meant(request: Request) -> Reader:
    """Return the person a page is about: oneself, or for an admin anybody.

    Raises:
        HTTPException: there is no such person, or it is another one's page.
    """
    id_, me = request.path_params["id"], person(request)
    found = me if id_ == me.id else settings_of(request).reader(id_)
    if found is None:
        raise HTTPException(404)
    if found.id != me.id and me.role < Role.ADMIN:
        raise HTTPException(403)
    return found


# ── Changing ──────────────────────────────────────────────────────────────────────────────────────────────


async def add(request: Request) -> Response:
    """Write somebody new into the newsroom's file."""
    console, settings, form = console_of(request), settings_of(request), await form_of(request)
    name, role = form.text("name"), ROLES.get(form.text("role"), Role.READER)
    if not name:
        return trouble(request, 422, "Somebody without a name cannot be added.", "Go back and write one.")
    reader = Reader(id=id_for(name, {each.id for each in settings.readers}), name=name, role=role)
    put_person(console.folder, console.environment, reader)
    await console.renewed()
    await _record(request, "added a person", reader)
    return see_other(
        request, f"/people/{reader.id}", say=f"{name} is there now. Make a link so that they can come in."
    )


async def change(request: Request) -> Response:
    """Change what the file says of a person."""
    console, settings, form, me = (
        console_of(request), settings_of(request), await form_of(request), person(request),
    )  # fmt: skip
    reader = _meant(request)
    wanted, wrong = _filled(reader, form, as_admin=me.role is Role.ADMIN)
    if reader.role is Role.ADMIN and wanted.role is not Role.ADMIN:
        wrong = wrong or ("This is the last admin." if is_last_admin(settings.readers, reader.id) else "")
    if wrong:
        return await _page(request, reader, wrong=wrong, status=422)
    put_person(console.folder, console.environment, wanted)
    await console.renewed()
    await _record(request, "changed a person", reader)
    return see_other(request, f"/people/{reader.id}", say="Changed.")


def _filled(reader: Reader, form: Form, *, as_admin: bool) -> tuple[Reader, str]:
    """Return the person as the form says, and what is wrong in it."""
    zone, start, end = form.text("timezone"), form.text("quiet_from"), form.text("quiet_to")
    quiet = {"own": (QuietHours(start=start, end=end),), "off": ()}.get(form.text("quiet"))
    wanted = replace(reader, timezone=zone, quiet=quiet)
    wrong = "" if not zone or is_zone(zone) else "This is no time zone; one is America/Denver."
    if quiet and not (CLOCK.fullmatch(start) and CLOCK.fullmatch(end)):
        wrong = "Quiet hours are two times of day, such as 22:00 and 06:00."
    elif any(map(are_too_long, quiet or ())):
        wrong = "Quiet hours are at most 12 hours: what is for you alone would wait longer."
    if not as_admin:
        return wanted, wrong
    slack, email = form.text("slack"), form.text("email")
    if slack and not MEMBER.fullmatch(slack):
        wrong = "A Slack member's id looks like U04NIGHTED."
    if email and (email.count("@") != 1 or any(letter.isspace() for letter in email)):
        wrong = "This is no mail address."
    wanted = replace(
        wanted,
        name=form.text("name") or reader.name,
        role=ROLES.get(form.text("role"), reader.role),
        slack=f"slack:{slack}" if slack else "",
        email=f"email:{email}" if email else "",
    )
    return wanted, wrong


async def remove(request: Request) -> Response:
    """Take a person out of the file, and end what lets them in."""
    console, settings, reader = console_of(request), settings_of(request), _meant(request)
    if is_last_admin(settings.readers, reader.id):
        return await _page(request, reader, wrong="This is the last admin.", status=422)
    take_person(console.folder, console.environment, reader.id)
    await console.renewed()
    await console.store.write(lambda store: store.end_keys(reader.id))
    now = now_of(request)
    await console.store.write(lambda store: store.keep_password(reader.id, None, now=now))
    await _record(request, "took a person away", reader)
    return see_other(
        request, "/people", say=f"{reader.name or reader.id} is not in the newsroom's file any more."
    )


async def _record(request: Request, what: str, reader: Reader) -> None:
    who, now, facts = person(request).id, now_of(request), {"person": reader.id}
    await console_of(request).store.write(lambda store: store.audit(what, who=who, facts=facts, now=now))


# ── What lets in ──────────────────────────────────────────────────────────────────────────────────────────


async def link(request: Request) -> Response:
    """Make a link that signs this person in, and show it once."""
    console, settings, reader, now = (
        console_of(request), settings_of(request), _meant(request), now_of(request),
    )  # fmt: skip
    what = f"made by {person(request).id}"
    made = await console.store.write(lambda store: link_for(store, settings, reader.id, now=now, what=what))
    await _record(request, "made a link", reader)
    return await _page(request, reader, link=made)


async def set_password(request: Request) -> Response:
    """Keep a new password of one's own, and end the other sessions."""
    console, reader, now, form = (
        console_of(request), person(request), now_of(request), await form_of(request),
    )  # fmt: skip
    given = str(form.data.get("password", ""))
    why = weakness(given)
    if why:
        return await _page(request, reader, wrong=f"This password will not do: {why}.", status=422)
    kept, session = await hashed(given), visit_of(request).key_hash
    await console.store.write(lambda store: store.keep_password(reader.id, kept, now=now))
    await console.store.write(lambda store: store.end_keys(reader.id, kind="session", but=session))
    await _record(request, "set a password", reader)
    return see_other(
        request, f"/people/{reader.id}", say="Your password is new. Other browsers were signed out."
    )


async def sign_out(request: Request) -> Response:
    """End a person's sessions everywhere but here."""
    console, reader = console_of(request), _meant(request)
    session = visit_of(request).key_hash
    ended = await console.store.write(lambda store: store.end_keys(reader.id, kind="session", but=session))
    await _record(request, "signed somebody out", reader)
    return see_other(request, f"/people/{reader.id}", say=f"Signed out in {ended} other places.")


async def make_program_key(request: Request) -> Response:
    """Make a key for a program that acts as oneself, and show it once."""
    console, reader, now, form = (
        console_of(request), person(request), now_of(request), await form_of(request),
    )  # fmt: skip
    what = form.text("what")[:80] or "a program"
    made = await console.store.write(lambda store: make_key(store, "program", reader.id, now=now, what=what))
    await _record(request, "made a key for a program", reader)
    return await _page(request, reader, key=made)


async def end_program_key(request: Request) -> Response:
    """End a program's key."""
    console, reader, form, now = (
        console_of(request), person(request), await form_of(request), now_of(request),
    )  # fmt: skip
    wanted = form.text("hash")
    mine = await console.store.read(lambda store: store.console_keys(kind="program", now=now))
    if any(key.hash == wanted and key.reader_id == reader.id for key in mine):
        await console.store.write(lambda store: store.end_key(wanted))
        await _record(request, "ended a program's key", reader)
    return see_other(request, f"/people/{reader.id}", say="The key is over.")


ROUTES = (
    Page(path="/people", answer=show_people),
    Page(path="/people", answer=add, methods=("POST",), role=Role.ADMIN),
    Page(path="/people/{id}", answer=show_person),
    Page(path="/people/{id}", answer=change, methods=("POST",)),
    Page(path="/people/{id}/remove", answer=remove, methods=("POST",), role=Role.ADMIN),
    Page(path="/people/{id}/link", answer=link, methods=("POST",), role=Role.ADMIN),
    Page(path="/people/{id}/sign-out", answer=sign_out, methods=("POST",)),
    Page(path="/account/password", answer=set_password, methods=("POST",)),
    Page(path="/account/key", answer=make_program_key, methods=("POST",)),
    Page(path="/account/key/end", answer=end_program_key, methods=("POST",)),
)
