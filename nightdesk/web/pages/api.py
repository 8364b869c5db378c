"""What may a program ask? The description of the API (OpenAPI 3.1), made of the table of routes itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from nightdesk.web.page import Page, as_json

PREFIX = "/api/"
HERE = "/api/openapi.json"
#: An open piece of a path, as Starlette writes it, and what each kind of it is.
PIECE = re.compile(r"\{(\w+)(?::(\w+))?\}")
KINDS = {"int": "integer", "float": "number"}
#: What is answered beside JSON, by the end of the path.
TYPES = {".csv": "text/csv", ".opml": "text/x-opml"}
#: What may stand behind the "?" of a path.
QUERIES: Mapping[str, Mapping[str, str]] = {
    "/api/stories": {
        "q": "Words, or a line as in a watchlist: searches the archive.",
        "watchlist": "The id of a watchlist.",
        "grade": "about (main topic) or mentions (passing mention).",
        "source": "The id of a source.",
        "when": "today, week, month, or a date such as 2026-03-18.",
        "show": "at once, later, claimed, or kept out.",
        "after": "Where the next page begins, as the page before says.",
    },
    "/api/sent": {
        "show": "stuck, waiting, or sent; all of them without it.",
        "to": "Where messages go, such as slack:#immigration-desk.",
        "before": "Where the next page of one kind begins, as the page before says.",
    },
    "/api/digests": {
        "to": "Where digests go, such as email:metro-desk@newsroom.test.",
        "before": "Where the next page of the archive begins, as the page before says.",
    },
    "/api/why": {
        "q": "An address, a headline, or the number of a story.",
        "to": "Who should have got it, such as slack:#immigration-desk.",
    },
}
QUERIES = {
    **QUERIES,
    "/api/stories.csv": QUERIES["/api/stories"],
    "/api/sent.csv": {"to": QUERIES["/api/sent"]["to"]},
}


async def openapi(request: Request) -> Response:
    """Describe what a program may ask."""
    return as_json(description(request.app.state.pages))


def description(pages: Iterable[Page]) -> dict[str, object]:
    """Return the description of every route under /api/."""
    paths: dict[str, dict[str, object]] = {}
    for page in pages:
        if page.path.startswith(PREFIX):
            for method in page.methods:
                paths.setdefault(PIECE.sub(r"{\1}", page.path), {})[method.lower()] = _operation(page)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Nightdesk",
            "version": "1",
            "description": "What the pages of the console show, for programs. A key is made under People.",
        },
        "paths": paths,
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
    }


def _operation(page: Page) -> dict[str, object]:
    ending = next((kind for end, kind in TYPES.items() if page.path.endswith(end)), "application/json")
    found: dict[str, object] = {
        "summary": page.says or (page.answer.__doc__ or "").partition("\n")[0],
        "parameters": [*_pieces(page.path), *_queries(page.path)],
        "responses": {
            "200": {"description": "What was asked for.", "content": {ending: {}}},
            "401": {"description": "No key, or one that no longer holds."},
            "403": {"description": f"It takes the role {page.role.name.capitalize()}."}
            if page.role
            else {"description": "Not allowed."},
        },
    }
    return found


def _pieces(path: str) -> list[dict[str, object]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": KINDS.get(kind, "string")}}
        for name, kind in PIECE.findall(path)
    ]


def _queries(path: str) -> list[dict[str, object]]:
    return [
        {"name": name, "in": "query", "description": words, "schema": {"type": "string"}}
        for name, words in QUERIES.get(path, {}).items()
    ]


ROUTES = (Page(path=HERE, answer=openapi, says="This description."),)
