"""Which keywords are there; change them, save, pause, take back. `keywords_try.py` says what they would do.

A watchlist's file is changed line by line, kept with who and when, and written whole or not at all. Whoever
saves says which text the change began with: when somebody else saved meanwhile, both are shown side by side.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from config.edit import change, put_value
from config.settings import Role
from news.nouns import Watchlist
from nightdesk.keyword_drafts import Draft, cleaned, draft_of, stamp_of, text_with, together
from nightdesk.keyword_places import for_people
from nightdesk.keyword_shelf import Listed, listed, not_relevant, shelved_as
from nightdesk.keyword_trial import Remark, mistakes
from nightdesk.watchlist_versions import Version, to_undo, versions
from nightdesk.watchlists import FOLDER, NotChangedError, Shelved, Writer, id_for, short_form, switched
from nightdesk.web.keywords_form import draft_in, meant, page_facts, place_boxes, visible
from nightdesk.web.page import (
    Form,
    Page,
    as_json,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    settings_of,
)
from nightdesk.web.pages.keywords_mutes import standing
from nightdesk.web.tables import as_table
from storage.contract import Store

HEAD = ("watchlist", "id", "state", "lines", "stories in 7 days", "last saved", "by")


# ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────


async def show_list(request: Request) -> Response:
    """Show every watchlist that the reader may know of."""
    rows = await _listed(request)
    return render(request, "keywords.html", rows=rows, may_change=person(request).role >= Role.EDITOR)


async def _listed(request: Request) -> tuple[Listed, ...]:
    console, settings, now = console_of(request), visible(request), now_of(request)
    rows: tuple[Listed, ...] = await console.store.read(lambda store: listed(store, settings, now=now))
    return rows


async def list_facts(request: Request) -> Response:
    """Answer a program with the same."""
    return as_json({"keywords": [each.facts for each in await _listed(request)]})


async def list_table(request: Request) -> Response:
    """Answer with the watchlists as a table."""
    rows = (
        (each.name, each.id, each.state, each.lines, each.stories, each.saved_iso, each.who)
        for each in await _listed(request)
    )
    return as_table("keywords", HEAD, rows)


async def one_facts(request: Request) -> Response:
    """Answer a program with one watchlist's words and its history."""
    watchlist, shelved = await meant(request)
    draft = draft_of(shelved.text, settings_of(request))
    found = await _versions(request, watchlist)
    history = [
        {"version": each.number, "at": each.saved.at.isoformat(), "who": each.saved.who, "what": each.what}
        for each in found
    ]
    words = {"any": draft.any, "all": draft.all, "never": draft.never, "when": draft.when}
    places = {"at_once_to": draft.places.channel, "email_to": draft.places.mailbox, "at": draft.places.at}
    return as_json({"id": watchlist.id, "name": watchlist.name, **words, **places, "history": history})


async def edit(request: Request) -> Response:
    """Show the boxes of one watchlist; `without` leaves a line under "never" out, to try what that brings."""
    watchlist, shelved = await meant(request)
    saved, without = draft_of(shelved.text, settings_of(request)), request.query_params.get("without", "")
    draft = replace(saved, never=tuple(line for line in saved.never if line != without))
    return await _page(request, watchlist, shelved, draft)


async def _page(
    request: Request,
    watchlist: Watchlist,
    shelved: Shelved,
    draft: Draft,
    *,
    remarks: tuple[Remark, ...] = (),
    status: int = 200,
) -> Response:
    found = await _versions(request, watchlist)
    marked = await console_of(request).store.read(lambda store: not_relevant(store, watchlist))
    facts = page_facts(request, watchlist, shelved, draft, found)
    shown = {"remarks": remarks, "marked": marked, "mutes": await standing(request, watchlist)}
    return render(request, "keywords_edit.html", status=status, **{**facts, **shown})


async def _versions(request: Request, watchlist: Watchlist) -> tuple[Version, ...]:
    found: tuple[Version, ...] = await console_of(request).store.read(
        lambda store: versions(store.saved_texts(watchlist.id))
    )
    return found


# ── Saving ────────────────────────────────────────────────────────────────────────────────────────────────


async def save(request: Request) -> Response:
    """Write the boxes into the file; when somebody else saved meanwhile, show both."""
    watchlist, shelved = await meant(request)
    settings, form = settings_of(request), await form_of(request)
    draft, theirs = draft_in(form, settings), draft_of(shelved.text, settings)
    if form.text("base") != stamp_of(shelved.text):
        return await _compared(
            request, watchlist, shelved, (draft_in(form, settings, "base_"), draft, theirs)
        )
    wrong = mistakes(draft)
    if wrong:
        return await _page(request, watchlist, shelved, draft, remarks=wrong, status=422)
    try:
        text = text_with(shelved.text, draft, settings)
        if text == shelved.text:
            return see_other(request, f"/keywords/{watchlist.id}", say="Nothing was changed.")
        await _write(request, shelved, text, "saved")
    except NotChangedError as error:
        return await _page(request, watchlist, shelved, draft, remarks=_refused(error), status=422)
    said = "Saved. The new words count from now on."
    return see_other(request, f"/keywords/{watchlist.id}", say=said, undo=f"/keywords/{watchlist.id}/undo")


async def _write(request: Request, shelved: Shelved, text: str, how: str) -> None:
    console, now, who = console_of(request), now_of(request), person(request).id

    def write(store: Store) -> None:
        writer = Writer(folder=console.folder, environment=console.environment, store=store, now=now, who=who)
        writer.write(shelved, text, how=how)

    await console.store.write(write)
    await console.renewed()


def _refused(error: NotChangedError) -> tuple[Remark, ...]:
    """Return why a change was refused, a remark for each reason."""
    found = tuple(
        Remark(
            what=f"{each.what[:1].upper()}{each.what[1:]}.",
            more=f"Write {each.write}." if each.write else "",
            wrong=True,
        )
        for each in error.problems
    )
    return found or (Remark(what=f"Not saved: {error}.", wrong=True),)


async def _compared(
    request: Request, watchlist: Watchlist, shelved: Shelved, drafts: tuple[Draft, Draft, Draft]
) -> Response:
    """Show what somebody else saved meanwhile beside what this editor wrote, and both together."""
    base, mine, theirs = drafts
    found = await _versions(request, watchlist)
    both = together(base, mine, theirs)
    facts = page_facts(request, watchlist, shelved, both, found)
    last = found[0].saved if found and found[0].saved.text == shelved.text else None
    shown = partial(place_boxes, settings=settings_of(request))
    return render(
        request,
        "keywords_compare.html",
        status=409,
        **{**facts, "base": base, "mine": mine, "theirs": theirs, "last": last, "shown": shown},
    )


async def undo(request: Request) -> Response:
    """Go back to a version of the history, or to the one before the last."""
    watchlist, shelved = await meant(request)
    back, form = f"/keywords/{watchlist.id}", await form_of(request)
    if form.text("base") not in {"", stamp_of(shelved.text)}:
        return see_other(request, back, say="Somebody saved meanwhile. Nothing was taken back: look again.")
    wanted = form.text("version")
    found = await _versions(request, watchlist)
    chosen = to_undo(found, shelved.text, int(wanted) if wanted.isdecimal() else None)
    if chosen is None or chosen.saved.text == shelved.text:
        return see_other(request, back, say="There is nothing to take back.")
    try:
        await _write(request, shelved, chosen.saved.text, "undone")
    except NotChangedError as error:
        draft = draft_of(shelved.text, settings_of(request))
        return await _page(request, watchlist, shelved, draft, remarks=_refused(error), status=422)
    said = f"Back to version {chosen.number}. It counts from now on."
    return see_other(request, back, say=said, undo=f"{back}/undo")


async def switch(request: Request) -> Response:
    """Pause a watchlist, or let it tell again."""
    watchlist, shelved = await meant(request)
    on = (await form_of(request)).text("to") == "on"
    await _write(request, shelved, switched(shelved.text, on=on), "resumed" if on else "paused")
    said = "tells again what comes from now on" if on else "tells nothing until it is resumed"
    return see_other(request, f"/keywords/{watchlist.id}", say=f"{watchlist.name} {said}.")


# ── A new one ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    name: str = ""
    lines: tuple[str, ...] = ()
    # Whether only named people hear of it, and who besides the one who makes it.
    private: bool = False
    people: tuple[str, ...] = ()


async def ask_new(request: Request) -> Response:
    """Show the two fields that a new watchlist needs."""
    return _new_page(request, _New())


def _new_page(
    request: Request, new: _New, *, wrong: str = "", remarks: tuple[Remark, ...] = (), status: int = 200
) -> Response:
    others = [one for one in settings_of(request).readers if one.place("") and one.id != person(request).id]
    facts = {"new": new, "wrong": wrong, "remarks": remarks, "others": others}
    return render(request, "keywords_new.html", status=status, **facts)


async def make_new(request: Request) -> Response:
    """Write a new watchlist's file."""
    console, new = console_of(request), _new_in(await form_of(request))
    id_, remarks = _open_id(request, id_for(new.name)), mistakes(Draft(any=new.lines))
    there = await asyncio.to_thread(shelved_as, console.folder, f"{FOLDER}/{id_}.yaml")
    taken = bool(there.text) or any(each.id == id_ for each in settings_of(request).watchlists)
    wrong = _wrong_with(request, new, id_, taken=taken)
    if not (wrong or remarks):
        try:
            await _write(request, there, _text_of(request, new), "added")
            said = f"{new.name} is on. It tells what comes from now on. Try it on last week here."
            return see_other(request, f"/keywords/{id_}", say=said)
        except NotChangedError as error:
            remarks = _refused(error)
    return _new_page(request, new, wrong=wrong, remarks=remarks, status=422)


def _new_in(form: Form) -> _New:
    return _New(
        name=" ".join(form.text("name").split()),
        lines=cleaned(form.lines("any")),
        private=form.text("private") == "yes",
        people=form.every("people"),
    )


def _wrong_with(request: Request, new: _New, id_: str, *, taken: bool) -> str:
    """Return why there can be no watchlist of this name, or none that is private; "" when there can."""
    if taken:
        return "There is one of that name already."
    if not id_ or id_ == "new":
        return "Write a name with a letter in it."
    if new.private and not person(request).place(""):
        return "You would not hear of it yourself: under People, add a mail address for you first."
    return ""


def _text_of(request: Request, new: _New) -> str:
    """Return the file of a new watchlist; one that is private goes to its people, wherever they are."""
    text = short_form(new.name, new.lines, to="desk")
    if not new.private:
        return text
    me, settings = person(request), settings_of(request)
    others = [one for one in settings.readers if one.id in new.people and one.id != me.id and one.place("")]
    text = put_value(text, ("deliver",), for_people((me, *others), settings))
    return change(text, ("private",), True)


def _open_id(request: Request, id_: str) -> str:
    """Return the id, or one like it when a watchlist has it that this person may not know of."""
    hidden = {each.id for each in visible(request).watchlists if each.private}
    alike = (id_, *(f"{id_}-{number}" for number in range(2, len(hidden) + 3)))
    return next(each for each in alike if each not in hidden)


ROUTES = (
    Page(path="/keywords", answer=show_list),
    Page(path="/keywords/new", answer=ask_new, role=Role.EDITOR),
    Page(path="/keywords/new", answer=make_new, methods=("POST",), role=Role.EDITOR),
    Page(path="/keywords/{id}", answer=edit),
    Page(path="/keywords/{id}", answer=save, methods=("POST",), role=Role.EDITOR),
    Page(path="/keywords/{id}/undo", answer=undo, methods=("POST",), role=Role.EDITOR),
    Page(path="/keywords/{id}/switch", answer=switch, methods=("POST",), role=Role.EDITOR),
    Page(path="/api/keywords", answer=list_facts, says="Every watchlist that you may know of."),
    Page(path="/api/keywords.csv", answer=list_table, says="The same as a table."),
    Page(path="/api/keywords/{id}", answer=one_facts, says="One watchlist's words and its history."),
)
