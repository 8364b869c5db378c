"""What is in the form of a watchlist's page, which watchlist is meant, and what does the page show?"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from config.settings import Role, Settings
from news.nouns import Watchlist
from nightdesk.keyword_drafts import Draft, When, changes, cleaned, differing, draft_of, stamp_of
from nightdesk.keyword_shelf import shelved_as
from nightdesk.private import as_seen_by
from nightdesk.rehearsal_memory import Memory
from nightdesk.watchlist_versions import Version
from nightdesk.watchlists import Shelved
from nightdesk.web.page import Form, console_of, is_part, person, settings_of

WHENS = ("desk", "at once", "email", "own")
DAYS = {"7": 7, "30": 30}
SHOWN_VERSIONS = 5
NOON = 12


def visible(request: Request) -> Settings:
    """Return the settings as whoever asks may see them."""
    return as_seen_by(person(request), settings_of(request))


async def meant(request: Request) -> tuple[Watchlist, Shelved]:
    """Return the watchlist that a page is about, and its file.

    Raises:
        HTTPException: there is none that the reader may know of.
    """
    wanted = request.path_params["id"]
    found = next((each for each in visible(request).watchlists if each.id == wanted), None)
    if found is None or found.private:
        raise HTTPException(404)
    return found, await asyncio.to_thread(shelved_as, console_of(request).folder, found.where)


def memory_of(request: Request) -> Memory:
    """Return what this console remembers of its rehearsals."""
    known: Memory | None = getattr(request.app.state, "rehearsals", None)
    if known is None:
        known = request.app.state.rehearsals = Memory()
    return known


def draft_in(form: Form, before: str = "") -> Draft:
    """Return what was written in the boxes; with "base_" before, what stood there in the beginning."""
    when = form.text(f"{before}when", "desk")
    return Draft(
        any=cleaned(form.lines(f"{before}any")),
        all=cleaned(form.lines(f"{before}all")),
        never=cleaned(form.lines(f"{before}never")),
        when=cast("When", when if when in WHENS else "own"),
    )


def at_words(schedule: str) -> str:
    """Return a schedule as people say it: "daily 06:30" is "daily at 6:30 am"."""

    def on_the_clock(found: re.Match[str]) -> str:
        hour, minute = int(found[1]), found[2]
        return f"{hour % 12 or 12}:{minute} {'am' if hour < NOON else 'pm'}"

    return re.sub(r"(\d\d):(\d\d)", on_the_clock, schedule).replace(" ", " at ", 1)


def days_in(form: Form) -> int:
    """Return how many days are tried: those of the button, or those that are shown already."""
    return DAYS.get(form.text("days") or form.text("shown_days"), 7)


def page_facts(
    request: Request, watchlist: Watchlist, shelved: Shelved, draft: Draft, found: Sequence[Version]
) -> dict[str, object]:
    """Return what the page of a watchlist shows."""
    settings = settings_of(request)
    saved = draft_of(shelved.text, settings)
    in_use = next((each.number for each in found if each.saved.text == shelved.text), len(found) + 1)
    # What was changed in a text editor meanwhile is kept as a version of its own first.
    is_newest = bool(found) and found[0].saved.text == shelved.text
    return {
        "watchlist": watchlist,
        "draft": draft,
        "saved": saved,
        "changed": changes(saved, draft),
        "differences": {each.box: each for each in differing(saved, draft)},
        "stamp": stamp_of(shelved.text),
        "in_use": in_use,
        "next_version": len(found) + (1 if is_newest else 2),
        "versions": found[:SHOWN_VERSIONS],
        "older": found[SHOWN_VERSIONS:],
        "may_change": person(request).role >= Role.EDITOR,
        "places": {
            "at_once": settings.desk_at_once or "console:",
            "email": settings.desk_digest or "console:",
        },
        "digest_at": at_words(settings.desk_digest_at),
        "remarks": (),
        "marked": (),
        "part": is_part(request),
        "trial": None,
        "verdict": None,
        "pasted": "",
        "days": 7,
    }
