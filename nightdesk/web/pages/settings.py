"""Where do messages go, do they get through, how long is what kept, and when was it last copied?"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from alerts.channels.registry import kind_of
from config.edit import take_line
from config.settings import Role
from nightdesk.backups import backups
from nightdesk.people_file import edit, put_setting
from nightdesk.trying_channels import places_of, send_tests
from nightdesk.web.page import (
    Page,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    settings_of,
)
from nightdesk.web.pages.setting_up import tools_of

KEPT = ("full_text", "stories", "activity")


async def show(request: Request) -> Response:
    """Show every place, what is kept, and the last copy."""
    settings = settings_of(request)
    places = [place for place in places_of(settings) if not place.private]
    hidden = len(places_of(settings)) - len(places)
    last = await asyncio.to_thread(last_copy, backups(settings.database.reveal()))
    ready = {"slack": settings.channels.slack.is_set_up, "email": settings.channels.email.is_set_up}
    return render(
        request,
        "settings.html",
        places=[
            (place, kind_of(place.destination), ready.get(kind_of(place.destination), True))
            for place in places
        ],
        hidden=hidden,
        keep={name: getattr(settings.keep, name).days for name in KEPT},
        last_copy=last,
        wrong="",
    )


def last_copy(folder: Path) -> datetime | None:
    """Return when the newest copy was written."""
    copies = [file.stat().st_mtime for file in folder.glob("*")] if folder.is_dir() else []
    return datetime.fromtimestamp(max(copies), UTC) if copies else None


async def test(request: Request) -> Response:
    """Send a test to one place."""
    settings, form, now = settings_of(request), await form_of(request), now_of(request)
    to = form.text("to")
    if to not in {place.destination for place in places_of(settings) if not place.private}:
        raise HTTPException(404)
    (sent,) = await send_tests(settings, tools_of(request), [to], now=now)
    who = person(request).id
    facts = {"to": to, "trouble": sent.trouble}
    await console_of(request).store.write(
        lambda store: store.audit("sent a test", who=who, facts=facts, now=now)
    )
    shown = to.partition(":")[2] or "the console"
    said = f"Not sent to {shown}: {sent.trouble}." if sent.trouble else f"A test is on its way to {shown}."
    return see_other(request, "/settings", say=said)


async def keep(request: Request) -> Response:
    """Change how long things are kept. Nothing is removed before the next pruning, which a person starts."""
    console, form, now, who = console_of(request), await form_of(request), now_of(request), person(request).id
    days = {name: form.text(name) for name in KEPT}
    if not all(re.fullmatch(r"[1-9][0-9]{0,4}", value) for value in days.values()):
        return see_other(request, "/settings", say="Nothing was changed: how long is a number of days.")
    put_setting(
        console.folder, console.environment, *((("keep", name), f"{value}d") for name, value in days.items())
    )
    await console.renewed()
    await console.store.write(
        lambda store: store.audit("changed how long is kept", who=who, facts=days, now=now)
    )
    return see_other(request, "/settings", say="Changed.")


async def copy(request: Request) -> Response:
    """Copy the archive, while everything goes on."""
    from storage import upkeep

    console, settings, now, who = (
        console_of(request), settings_of(request), now_of(request), person(request).id,
    )  # fmt: skip
    address = settings.database.reveal()
    folder = backups(address)
    to = folder / f"nightdesk-{now:%Y-%m-%d-%H%M%S}.jsonl.gz"

    def write() -> int:
        folder.mkdir(parents=True, exist_ok=True)
        return upkeep.backup(address, to, now=now)

    await asyncio.to_thread(write)
    await console.store.write(
        lambda store: store.audit("copied the archive", who=who, facts={"file": to.name}, now=now)
    )
    return see_other(request, "/settings", say=f"Copied to {to.name} in the folder backups.")


async def resume(request: Request) -> Response:
    """Let messages go again to somebody who had unsubscribed."""
    console, form, now, who = console_of(request), await form_of(request), now_of(request), person(request).id
    to = form.text("to")
    if to not in settings_of(request).stopped:
        raise HTTPException(404)
    edit(console.folder, console.environment, lambda text: take_line(text, ("stopped",), to))
    await console.renewed()
    facts = {"place": to}
    await console.store.write(lambda store: store.audit("sends there again", who=who, facts=facts, now=now))
    return see_other(request, "/settings", say=f"Messages go to {to.partition(':')[2]} again.")


ROUTES = (
    Page(path="/settings", answer=show),
    Page(path="/settings/test", answer=test, methods=("POST",), role=Role.EDITOR),
    Page(path="/settings/resume", answer=resume, methods=("POST",), role=Role.ADMIN),
    Page(path="/settings/keep", answer=keep, methods=("POST",), role=Role.ADMIN),
    Page(path="/settings/copy", answer=copy, methods=("POST",), role=Role.ADMIN),
)
