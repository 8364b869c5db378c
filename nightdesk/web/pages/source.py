"""One source: how it is doing, what it brought lately, and what can be done about it."""

from __future__ import annotations

from dataclasses import asdict
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.settings import Role
from news.answers import Answer
from news.nouns import FetchState, Source
from news.wording import counted
from nightdesk.source_fixes import answer_words, letter
from nightdesk.source_shelf import Shelf
from nightdesk.source_standing import DAYS, SourceStanding, standing_facts, standing_of, starts_of
from nightdesk.web.page import (
    Page,
    as_json,
    console_of,
    form_of,
    now_of,
    person,
    render,
    see_other,
    settings_of,
    trouble,
    zone_of,
)
from storage.contract import Store
from storage.list_contract import Brought

if TYPE_CHECKING:
    from crawler.polling import Polled

HTTP = ("http://", "https://")
HOURLY = "60m"


async def source(request: Request) -> Response:
    """Show a source and its log."""
    standing, brought, answers = await _facts(request)
    settings = settings_of(request)
    found = request.query_params.get("found", "")
    return render(
        request,
        "source.html",
        each=standing,
        brought=brought,
        answers=answers,
        # Only put into the field: a person presses the button.
        found=found if found.startswith(HTTP) else standing.newer,
        letter=letter(standing.source, settings.newsroom, settings.fetch.user_agent),
        may_change=person(request).role >= Role.EDITOR,
    )


async def source_facts(request: Request) -> Response:
    """Answer a program with the same."""
    standing, brought, answers = await _facts(request)
    more = {"brought": [*map(_brought_facts, brought)], "answers": [*map(_answer_facts, answers)]}
    return as_json(standing_facts(standing) | more)


def _brought_facts(one: Brought) -> dict[str, object]:
    return {
        "title": one.title,
        "url": one.address,
        "seen": one.seen_at.isoformat(),
        "published": one.published.isoformat() if one.published else None,
        "story": one.story_id,
        "why": one.why,
    }


def _answer_facts(answer: Answer) -> dict[str, object]:
    moments = {"first": answer.first.isoformat(), "last": answer.last.isoformat()}
    return asdict(answer) | moments | {"words": answer_words(answer)}


async def _facts(request: Request) -> tuple[SourceStanding, tuple[Brought, ...], tuple[Answer, ...]]:
    meant, zone, now = _meant(request), zone_of(request), now_of(request)

    def read(store: Store) -> tuple[SourceStanding, tuple[Brought, ...], tuple[Answer, ...]]:
        state = next((each for each in store.fetch_states() if each.source_id == meant.id), None)
        days = store.came_a_day(starts_of(zone, now))
        standing = standing_of(meant, state, days.get(meant.id, (0,) * DAYS), now=now)
        return standing, store.brought_by(meant.id), store.answers_of(meant.id)

    return await console_of(request).store.read(read)


async def look(request: Request) -> Response:
    """Ask a source now, and say what it answered; nothing is stored."""
    from crawler.polling import Tools, poll_one

    meant, console = _meant(request), console_of(request)
    engine, reader = console.engine(), console.reader()
    if engine is None or reader is None:
        return trouble(request, 503, "Nothing can be asked now.", "Nightdesk asks while it is running.")
    tools = Tools(engine=engine, reader=reader, clock=console.clock, random=Random())  # noqa: S311 - jitter
    polled = await poll_one(meant, FetchState(source_id=meant.id), tools)
    return see_other(request, f"/sources/{meant.id}", say=_answer(meant, polled))


def _answer(meant: Source, polled: Polled) -> str:
    if polled.problem is not None:
        return f"{meant.name} {polled.outcome.state.reason}."
    found = counted(len(polled.outcome.clippings), "article")
    newest = next((each.title for each in polled.outcome.clippings if each.title), "")
    return f"{meant.name} works: {found}" + (f", the newest “{newest}”." if newest else ".")


async def find(request: Request) -> Response:
    """Look on a source's site for where its feed is now; a person decides whether it is."""
    from crawler.finding import Search

    meant, console = _meant(request), console_of(request)
    engine, reader = console.engine(), console.reader()
    if engine is None or reader is None:
        return trouble(request, 503, "Nothing can be asked now.", "Nightdesk asks while it is running.")
    found = await Search(engine=engine, reader=reader, clock=console.clock).newer_feed(meant)
    here = f"/sources/{meant.id}"
    if not found:
        return see_other(request, here, say=f"No other feed was found on the site of {meant.name}.")
    said = f"A feed is at {found}. Look at it, and press “Use this address” if it is the right one."
    return see_other(request, f"{here}?{urlencode({'found': found})}", say=said)


async def slower(request: Request) -> Response:
    """Ask a source once an hour from now on."""
    meant = _meant(request)
    return await _changed(request, meant, "every", HOURLY, f"{meant.name} is asked once an hour from now on.")


async def move(request: Request) -> Response:
    """Write a newer address down."""
    form = await form_of(request)
    address = form.text("address")
    if not address.startswith(HTTP):
        return trouble(request, 422, "This is no address of the web.", "One begins with https://")
    meant = _meant(request)
    return await _changed(request, meant, "url", address, f"{meant.name} is read at {address} from now on.")


async def switch(request: Request) -> Response:
    """Leave a source out, or read it again."""
    meant = _meant(request)
    on = (await form_of(request)).text("to") == "on"
    said = f"{meant.name} is {'read again' if on else 'left out'} from now on."
    return await _changed(request, meant, "enabled", on, said)


async def _changed(request: Request, meant: Source, name: str, value: str | bool, said: str) -> Response:
    console, settings, now, who = (
        console_of(request), settings_of(request), now_of(request), person(request).id,
    )  # fmt: skip
    Shelf(folder=console.folder, sources=settings.sources).change(meant.id, name, value)
    await console.renewed()
    facts = {"source": meant.id, "setting": name, "value": value}
    await console.store.write(lambda store: store.audit("changed a source", who=who, facts=facts, now=now))
    return see_other(request, f"/sources/{meant.id}", say=said)


def _meant(request: Request) -> Source:
    found = next(
        (each for each in settings_of(request).sources if each.id == request.path_params["id"]), None
    )
    if found is None:
        raise HTTPException(404)
    return found


ROUTES = (
    Page(path="/sources/{id}", answer=source),
    Page(path="/api/sources/{id}", answer=source_facts, says="A source, what it brought and answered."),
    Page(path="/sources/{id}/look", answer=look, methods=("POST",), role=Role.EDITOR),
    Page(path="/sources/{id}/find", answer=find, methods=("POST",), role=Role.EDITOR),
    Page(path="/sources/{id}/slower", answer=slower, methods=("POST",), role=Role.EDITOR),
    Page(path="/sources/{id}/address", answer=move, methods=("POST",), role=Role.EDITOR),
    Page(path="/sources/{id}/switch", answer=switch, methods=("POST",), role=Role.EDITOR),
)
