"""What is in the form of a watchlist's page, which watchlist is meant, and what does the page show?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request

from config.settings import Role, Settings
from news.nouns import Watchlist
from nightdesk.keyword_drafts import Draft, changes, cleaned, differing, draft_of, stamp_of
from nightdesk.keyword_places import Places, When, at_meant, at_words, own, quiet_words, typed
from nightdesk.keyword_places import meant as meant_place
from nightdesk.keyword_shelf import shelved_as
from nightdesk.private import as_seen_by
from nightdesk.rehearsal_memory import Memory
from nightdesk.watchlist_versions import Version
from nightdesk.watchlists import Shelved
from nightdesk.web.page import Form, console_of, is_part, person, settings_of

WHENS = ("desk", "at once", "email", "own")
DAYS = {"7": 7, "30": 30}
SHOWN_VERSIONS = 5
CHANGED_BOXES = {"any": "", "all": "Must also have", "never": "Never", "none": "Never"}


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


def draft_in(form: Form, settings: Settings, before: str = "") -> Draft:
    """Return what was written in the boxes; with "base_" before, what stood there in the beginning."""
    when = form.text(f"{before}when", "desk")
    places = Places(
        channel=meant_place(form.text(f"{before}channel"), settings),
        mailbox=meant_place(form.text(f"{before}mailbox"), settings),
        at=at_meant(form.text(f"{before}at")),
    )
    return Draft(
        any=cleaned(form.lines(f"{before}any")),
        all=cleaned(form.lines(f"{before}all")),
        never=cleaned(form.lines(f"{before}never")),
        when=cast("When", when if when in WHENS else "own"),
        places=own(places, settings),
    )


def days_in(form: Form) -> int:
    """Return how many days are tried: those of the button, or those that are shown already."""
    return DAYS.get(form.text("days") or form.text("shown_days"), 7)


def place_boxes(places: Places, settings: Settings) -> dict[str, str]:
    """Return places as people type them, by the name of the box."""
    return {
        "channel": typed(places.channel, settings),
        "mailbox": typed(places.mailbox, settings),
        "at": at_words(places.at),
    }


def _known_places(settings: Settings) -> tuple[str, ...]:
    """Return where keywords go that everybody may know of, and people's names, as they are typed."""
    open_ones = (each for each in settings.watchlists if not each.private)
    used = {typed(rule.to, settings) for each in open_ones for rule in each.deliver}
    return tuple(sorted(used | {one.name or one.id for one in settings.readers if one.place("")}))


def said_change(what: str) -> str:
    """Return a change of the history in the words of the boxes: "Added county jail"."""
    box, _, more = what.partition(": ")
    verb, _, line = more.partition(" ")
    done = {"added": "added", "removed": "took out"}.get(verb)
    if done is None or box not in CHANGED_BOXES:
        return "Changed where it goes, or when" if box == "deliver" else f"{what[:1].upper()}{what[1:]}"
    name = CHANGED_BOXES[box]
    return f"{name}: {done} {line}" if name else f"{done.capitalize()} {line}"


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
            "at_once": typed(draft.places.channel or settings.desk_at_once or "console:", settings),
            "email": typed(draft.places.mailbox or settings.desk_digest or "console:", settings),
        },
        "digest_at": at_words(draft.places.at or settings.desk_digest_at),
        "boxes": place_boxes(draft.places, settings),
        "saved_boxes": {
            "channel": saved.places.channel,
            "mailbox": saved.places.mailbox,
            "at": saved.places.at,
        },
        "desks": {
            "channel": typed(settings.desk_at_once or "console:", settings),
            "mailbox": typed(settings.desk_digest or "console:", settings),
            "at": at_words(settings.desk_digest_at),
        },
        "known_places": _known_places(visible(request)),
        "said_change": said_change,
        "quiet_words": quiet_words(settings),
        "may_set": person(request).role >= Role.ADMIN,
        "remarks": (),
        "marked": (),
        "mutes": (),
        "source_names": {each.id: each.name or each.id for each in settings.sources},
        "part": is_part(request),
        "trial": None,
        "verdict": None,
        "pasted": "",
        "days": 7,
    }
