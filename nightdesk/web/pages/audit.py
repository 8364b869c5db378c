"""Who did what? Edits, mutes, claims, votes, links, settings: newest first, and never changed afterwards.

Names of private watchlists are covered for whoever they are not shared with, and texts are not shown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from config.settings import Role, Settings
from nightdesk.private import Veil, veil_of
from nightdesk.web.page import Page, as_json, console_of, now_of, render, settings_of
from storage.acts_contract import Act
from storage.console_contract import AuditLine
from storage.contract import Store

PAGE, EXPORTED = 100, 10_000
YEARS = range(1970, 9000)  # near the ends of time nothing can be reckoned with
A_MOMENT = timedelta(seconds=1)
#: Facts that are too long for a line, or whose words are nobody else's business.
LEFT_OUT = frozenset({"text", "note", "definition"})
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate what follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something somebody did, as it may be shown."""

    at: datetime
    who: str
    what: str
    more: str
    # The story it was about; 0 for none.
    story_id: int = 0


async def show(request: Request) -> Response:
    """Show a page of it."""
    who = request.query_params.get("who", "")
    before = _moment(request.query_params.get("before", ""))
    lines = await _lines(request, who=who, before=before, limit=PAGE)
    more = lines[-1].at.isoformat() if len(lines) == PAGE else ""
    return render(request, "audit.html", lines=lines, who=who, more=more)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and moment.year in YEARS else None


async def export(request: Request) -> Response:
    """Hand it out as a table or as JSON."""
    lines = await _lines(request, who="", before=None, limit=EXPORTED)
    if request.url.path.endswith(".json"):
        return as_json(
            [
                {"at": each.at.isoformat(), "who": each.who, "what": each.what, "more": each.more}
                for each in lines
            ]
        )
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("at", "who", "what", "more"))
    for each in lines:
        table.writerow(safe_cell(cell) for cell in (each.at.isoformat(), each.who, each.what, each.more))
    name = {"Content-Disposition": 'attachment; filename="nightdesk-activity.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=name)


def safe_cell(text: str) -> str:
    """Return words for a spreadsheet, which must not take them for a formula."""
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text


async def _lines(request: Request, *, who: str, before: datetime | None, limit: int) -> list[Line]:
    settings, until = settings_of(request), before or now_of(request) + A_MOMENT

    def asked(store: Store) -> list[Line]:
        veil = veil_of(settings, store.installation())
        lines = [
            line_of(each, settings, veil) for each in store.audit_lines(before=until, who=who, limit=limit)
        ]
        since = lines[-1].at if len(lines) == limit else until - settings.keep.activity
        acts = [
            act_line(each, settings, veil)
            for each in store.acts(since=since, limit=EXPORTED)
            if each.at < until and who in {"", each.who}
        ]
        return sorted([*lines, *acts], key=lambda line: line.at, reverse=True)[:limit]

    return await console_of(request).store.read(asked)


def line_of(line: AuditLine, settings: Settings, veil: Veil) -> Line:
    """Return a line in words that everybody with this page may read."""
    return Line(
        at=line.at,
        who=_name(line.who, settings),
        what=veil.over(line.what),
        more=veil.over(", ".join(_facts(line.facts))),
    )


def act_line(act: Act, settings: Settings, veil: Veil) -> Line:
    """Return what a person decided about a story, an outlet or a place; notes are read with their story."""
    about = [
        f"story {act.story_id}" if act.story_id else "",
        f"watchlist {veil.id_of(act.watchlist_id)}" if act.watchlist_id else "",
        f"source {act.source_id}" if act.source_id else "",
        f"by {act.via}",
    ]
    more = ", ".join(each for each in about if each)
    return Line(at=act.at, who=_name(act.who, settings), what=act.kind, more=more, story_id=act.story_id or 0)


def _name(who: str, settings: Settings) -> str:
    reader = settings.reader(who)
    return (reader.name or reader.id) if reader else who


def _facts(facts: Mapping[str, object]) -> Iterator[str]:
    for name, value in facts.items():
        if name not in LEFT_OUT and isinstance(value, str | int) and str(value):
            yield f"{name} {value}"


ROUTES = (
    Page(path="/audit", answer=show, role=Role.EDITOR),
    Page(path="/audit.csv", answer=export, role=Role.EDITOR, says="Who did what, as a table"),
    Page(path="/api/audit.json", answer=export, role=Role.EDITOR, says="Who did what"),
)
