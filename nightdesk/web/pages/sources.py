"""Where does the news come from, and how is each source doing? Those that need a person stand on top."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from config.settings import Role
from nightdesk.source_lists import as_opml
from nightdesk.source_standing import SourceStanding, standing_facts, standings, summed
from nightdesk.web.page import Page, as_json, console_of, now_of, person, render, settings_of, zone_of
from nightdesk.web.tables import as_table

HEAD = ("state", "source", "address", "last new", "last checked", "why")


async def sources(request: Request) -> Response:
    """Show every source."""
    found = await standings_for(request)
    return render(
        request,
        "sources.html",
        needy=[each for each in found if each.needs_a_person],
        others=[each for each in found if not each.needs_a_person],
        sums=summed(found),
        total=len(found),
        today=sum(each.days[-1] for each in found),
        may_change=person(request).role >= Role.EDITOR,
    )


async def standings_for(request: Request) -> tuple[SourceStanding, ...]:
    """Return how every source is doing, on the reader's clock."""
    settings, zone, now = settings_of(request), zone_of(request), now_of(request)
    return await console_of(request).store.read(lambda store: standings(store, settings, zone=zone, now=now))


async def sources_facts(request: Request) -> Response:
    """Answer a program with the same."""
    return as_json({"sources": [standing_facts(each) for each in await standings_for(request)]})


async def sources_table(request: Request) -> Response:
    """Answer with the sources as a table."""
    rows = (
        (
            each.word,
            each.source.name,
            each.source.url,
            each.last_new.isoformat() if each.last_new else "",
            each.last_checked.isoformat() if each.last_checked else "",
            each.reason,
        )
        for each in await standings_for(request)
    )
    return as_table("sources", HEAD, rows)


async def sources_outline(request: Request) -> Response:
    """Answer with the sources as other readers of feeds take them."""
    settings = settings_of(request)
    headers = {"Content-Disposition": 'attachment; filename="sources.opml"'}
    words = as_opml(settings.sources, settings.newsroom)
    return Response(words, media_type="text/x-opml", headers=headers)


ROUTES = (
    Page(path="/sources", answer=sources),
    Page(path="/api/sources", answer=sources_facts, says="Every source and how it is doing."),
    Page(path="/api/sources.csv", answer=sources_table, says="The same as a table."),
    Page(path="/api/sources.opml", answer=sources_outline, says="The sources for other readers of feeds."),
)
