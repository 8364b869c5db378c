"""How do the fakes' tests ask a server? Plainly, with the standard library and nothing of the product."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.press import Outlet, PrintedArticle

NOON = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)  # in Port Ellery
PATIENCE = 5.0  # seconds a test waits for an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """The body as JSON."""
        return json.loads(self.body)


def ask(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Reply:
    """Ask once; follow nothing, unpack nothing."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=patience)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        known = {name.lower(): value for name, value in response.getheaders()}
        return Reply(status=response.status, headers=known, body=response.read())
    finally:
        connection.close()


def an_outlet(**changes: Any) -> Outlet:  # noqa: ANN401 - whatever the test is about
    """Return an outlet; say only what the test is about."""
    return Outlet(**({"id": "gazette", "name": "The Gazette", "feed": "rss2"} | changes))


def an_article(**changes: Any) -> PrintedArticle:  # noqa: ANN401 - whatever the test is about
    """Return an article; say only what the test is about."""
    usual: dict[str, Any] = {
        "outlet": "gazette",
        "slug": "ferry-timetable",
        "at": NOON,
        "title": "Ferry timetable changes in April",
        "paragraphs": (
            "The harbor ferry will leave ten minutes earlier from April 1.",
            "The last boat stays.",
        ),
    }
    return PrintedArticle(**(usual | changes))
