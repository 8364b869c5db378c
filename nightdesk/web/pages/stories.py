"""What came in? Stories, newest first, and the search of the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from config.settings import Settings
from news.errors import QueryError
from news.wording import GRADE_WORDS, joined
from nightdesk.private import as_seen_by, open_ids
from nightdesk.searching import mistake, search
from nightdesk.story_list import (
    SHOWS,
    SPANS,
    StoryList,
    ask,
    chosen,
    is_whole,
    story_list,
    without_private,
)
from nightdesk.story_list_words import line_facts, told_words, why_kept_out
from nightdesk.story_wish import Wish
from nightdesk.web.page import (
    Page,
    as_json,
    console_of,
    is_part,
    now_of,
    person,
    render,
    settings_of,
    zone_of,
)
from nightdesk.web.tables import as_table
from storage.contract import Store
from storage.list_contract import StoryLine

#: Stories that a search shows, and how far it looks back.
MOST_FOUND = 30
MOST_IN_A_TABLE = 1000
HEAD = ("changed", "headline", "outlets", "watchlists", "grade", "told", "story")
#: How far back a search looks: first the last days, and further only while little was found.
LOOKS_BACK = tuple(timedelta(days=days) for days in (7, 30, 120, 365))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search found."""

    line: str
    found: tuple[StoryLine, ...] = ()
    # What is wrong with the line; "" when it can be read.
    mistake: str = ""
    more: bool = False


async def stories(request: Request) -> Response:
    """Show stories, or what a search found."""
    settings, now, zone = seen_settings(request), now_of(request), zone_of(request)
    told = partial(told_words, zone=zone, now=now)
    line = request.query_params.get("q", "").strip()
    if line:
        found = await searched(request, line)
        return render(request, "search.html", search=found, told=told, names=names(settings))
    wish = ask(request.query_params)
    listed = await console_of(request).store.read(
        lambda store: story_list(store, settings, wish, zone=zone, now=now)
    )
    template = "stories_more.html" if is_part(request) and wish.after else "stories.html"
    return render(
        request,
        template,
        listed=listed,
        wish=wish,
        names=names(settings),
        sources=settings.sources,
        spans=SPANS,
        shows=SHOWS,
        told=told,
        why_kept_out=partial(why_kept_out, names=names(settings), choice=listed.choice),
        link_to=partial(_link, wish),
        week=_week(listed),
        whole=is_whole(wish),
    )


async def stories_facts(request: Request) -> Response:
    """Answer a program with a page of stories."""
    line = request.query_params.get("q", "").strip()
    if line:
        search = await searched(request, line)
        if search.mistake:
            return as_json({"error": search.mistake}, status=400)
        return as_json({"stories": [line_facts(each) for each in search.found]})
    settings, now, zone = seen_settings(request), now_of(request), zone_of(request)
    wish = ask(request.query_params)
    listed: StoryList = await console_of(request).store.read(
        lambda store: story_list(store, settings, wish, zone=zone, now=now)
    )
    facts = [line_facts(each) for each in listed.lines]
    counts = {
        "watchlists": listed.counts.watchlists,
        "grades": listed.counts.grades,
        "sources": listed.counts.sources,
        "days": listed.counts.spans,
        "shows": listed.counts.shows,
    }
    counts = {
        name: {each: number for each, number in found.items() if each} for name, found in counts.items()
    }
    return as_json({"stories": facts, "total": listed.total, "counts": counts, "after": listed.after or None})


async def stories_table(request: Request) -> Response:
    """Answer with the stories of a choice as a table, the newest 1,000."""
    settings, now, zone = seen_settings(request), now_of(request), zone_of(request)
    wish = ask(request.query_params)

    def work(store: Store) -> tuple[StoryLine, ...]:
        choice = chosen(store, settings, wish, zone=zone, now=now)
        return store.story_lines(replace(choice, limit=MOST_IN_A_TABLE))

    lines = await console_of(request).store.read(work)
    known, told = names(settings), partial(told_words, zone=zone, now=now)
    rows = (_row(without_private(line, settings), known, told) for line in lines)
    return as_table("stories", HEAD, rows)


def _row(line: StoryLine, known: dict[str, str], told: Callable[[StoryLine], str]) -> tuple[object, ...]:
    return (
        line.updated.isoformat(),
        line.title,
        joined(line.outlets),
        joined(known[each.watchlist_id] for each in line.matches),
        GRADE_WORDS[line.matches[0].grade].lower() if line.matches else "",
        told(line),
        line.id,
    )


async def searched(request: Request, line: str) -> Search:
    """Return the stories in which a line of a watchlist, or words, are found, newest first."""
    settings, now = seen_settings(request), now_of(request)

    def work(store: Store) -> Search:
        return found_in(store, settings, line, now=now)

    return await console_of(request).store.read(work)


def found_in(store: Store, settings: Settings, line: str, *, now: datetime) -> Search:
    """Search the archive; a line that cannot be read says what is wrong."""
    try:
        ids = tuple(islice(_story_ids(store, line, now), MOST_FOUND + 1))
    except QueryError as error:
        return Search(line=line, mistake=mistake(error, line))
    lines = store.lines_of_stories(ids[:MOST_FOUND], watchlist_ids=sorted(open_ids(settings)))
    shown = tuple(without_private(each, settings) for each in lines)
    return Search(line=line, found=shown, more=len(ids) > MOST_FOUND)


def _story_ids(store: Store, line: str, now: datetime) -> Iterator[int]:
    """Yield the stories that a line finds, newest first, each once."""
    seen: set[int] = set()
    until = now
    for back in LOOKS_BACK:
        for found in search(store, line, since=now - back, until=until):
            if found.story_id not in seen:
                seen.add(found.story_id)
                yield found.story_id
        until = now - back


def seen_settings(request: Request) -> Settings:
    """Return the settings with private watchlists open to their own people alone."""
    return as_seen_by(person(request), settings_of(request))


def names(settings: Settings) -> dict[str, str]:
    """Return the names of the watchlists that the reader may know of."""
    return {each.id: each.name for each in settings.watchlists if not each.private}


def _week(listed: StoryList) -> tuple[tuple[str, str, int], ...]:
    """Return the last days before today: as an address names them, their weekday, and how many stories."""
    days = sorted((each for each in listed.counts.spans if each not in SPANS), reverse=True)
    return tuple((each, f"{date.fromisoformat(each):%A}", listed.counts.spans[each]) for each in days)


def _link(wish: Wish, **changed: str) -> str:
    asked = {
        "watchlist": wish.watchlist,
        "grade": wish.grade.value if wish.grade else "",
        "source": wish.source,
        "when": wish.span,
        "show": wish.show,
        **changed,
    }
    return f"/stories?{urlencode({name: value for name, value in asked.items() if value})}"


ROUTES = (
    Page(path="/stories", answer=stories),
    Page(path="/api/stories.csv", answer=stories_table, says="The same as a table, the newest 1,000."),
    Page(
        path="/api/stories",
        answer=stories_facts,
        says="Stories, the last one changed first; q= searches the archive with a line of a watchlist.",
    ),
)
