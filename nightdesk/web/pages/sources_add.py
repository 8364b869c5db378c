"""Add a source by pasting an address: what is there is shown first, with its newest items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from config.settings import Role
from news.errors import ReadingError, SourceError
from news.nouns import Clipping, Source
from news.troubles import fix_of
from nightdesk.source_shelf import Shelf, name_of
from nightdesk.source_words import NEWEST, WAYS
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
from nightdesk.web.server import address_of

if TYPE_CHECKING:
    from crawler.finding import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to read what is at an address."""

    # "feed", "news sitemap", "list on the page", …
    words: str
    url: str
    articles: int
    newest: tuple[Clipping, ...]


async def ask(request: Request) -> Response:
    """Show the field to paste into; a bookmark fills it in."""
    return _page(request, request.query_params.get("url", ""))


async def find(request: Request) -> Response:
    """Look what is at an address; nothing is written."""
    address = _whole((await form_of(request)).text("url"))
    if not address:
        return _page(request, "", wrong="Paste an address first.", status=422)
    known = _shelf(request).known_at(address)
    if known is not None:
        return see_other(request, f"/sources/{known.id}", say=f"{known.name} is there already.")
    try:
        found = await _found(request, address)
    except (SourceError, ReadingError) as problem:
        fix = fix_of(problem.reason)
        return _page(request, address, wrong=f"It {problem}. {fix}".strip(), status=422)
    if not found:
        return _page(request, address, wrong="Nothing there could be read as news.", status=422)
    return _page(request, address, ways=[_way(each) for each in found], name=name_of(found[0].title, address))


async def add(request: Request) -> Response:
    """Write the chosen way down as a source."""
    form, console, now = await form_of(request), console_of(request), now_of(request)
    address, way, name = _whole(form.text("url")), form.text("way"), form.text("name")
    try:
        found = {each.source.url: each for each in await _found(request, address)}
    except (SourceError, ReadingError) as problem:
        return _page(request, address, wrong=f"It {problem}.", status=422)
    chosen = found.get(way)
    if chosen is None:
        return _page(request, address, wrong="That is not there any more; look again.", status=422)
    shelf, known = _shelf(request), _shelf(request).known_at(chosen.source.url)
    if known is not None:
        return see_other(request, f"/sources/{known.id}", say=f"{known.name} is there already.")
    source = _named(chosen, name or name_of(chosen.title, address), form.text("group"), shelf)
    shelf.add(source, shelf.path_for(None))
    await console.renewed()
    who, facts = person(request).id, {"source": source.id, "url": source.url}
    await console.store.write(lambda store: store.audit("added a source", who=who, facts=facts, now=now))
    said = f"{source.name} is read from now on. What it has already is kept, and not told."
    return see_other(request, f"/sources/{source.id}", say=said)


async def _found(request: Request, address: str) -> tuple[Found, ...]:
    from crawler.finding import Search

    console = console_of(request)
    engine, reader = console.engine(), console.reader()
    if engine is None or reader is None:
        raise SourceError("cannot be asked now: Nightdesk asks while it is running")
    return await Search(engine=engine, reader=reader, clock=console.clock).find(address)


def _named(found: Found, name: str, group: str, shelf: Shelf) -> Source:
    language = (found.source.language or "").partition("-")[0].lower() or None
    return replace(found.source, id=shelf.free_id(name), name=name, group=group, language=language)


def _way(found: Found) -> Way:
    return Way(
        words=WAYS[found.source.reads],
        url=found.source.url,
        articles=len(found.clippings),
        newest=found.clippings[:NEWEST],
    )


def _shelf(request: Request) -> Shelf:
    return Shelf(folder=console_of(request).folder, sources=settings_of(request).sources)


def _whole(address: str) -> str:
    return f"https://{address}" if address and "://" not in address else address


def _page(request: Request, url: str, *, wrong: str = "", status: int = 200, **more: object) -> Response:
    facts: dict[str, object] = {"ways": (), "name": "", **more}
    groups = sorted({each.group for each in settings_of(request).sources} - {""})
    return render(
        request,
        "sources_add.html",
        status=status,
        url=url,
        wrong=wrong,
        groups=groups,
        base=address_of(settings_of(request).console),
        **facts,
    )


ROUTES = (
    Page(path="/sources/add", answer=ask, role=Role.EDITOR),
    Page(path="/sources/find", answer=find, methods=("POST",), role=Role.EDITOR),
    Page(path="/sources/add", answer=add, methods=("POST",), role=Role.EDITOR),
)
