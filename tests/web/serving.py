"""The console without a socket: the real app, a real store, a newsroom's folder, and a client with cookies.

    desk = WebDesk(tmp_path)
    page = desk.signed_in("night-editor").get("/status")
    assert page.status == 200
    desk.signed_in("chief").post("/people/x/role", role="editor")   # with the token of the last page

`browser.py` serves the same app over a socket, to a real Chromium.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode, urlsplit

from config.load import load
from config.settings import Settings
from nightdesk.reloading import stamps
from nightdesk.web.app import create_app
from nightdesk.web.console import Console
from nightdesk.web.keys import make_key, token_for
from storage.open import open_store
from storage.threads import StoreThreads
from tests.fakes.clock import FakeClock
from tests.nightdesk.desk import MAIN, Desk
from tests.ready import ready

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from storage.contract import Store

HOST = "127.0.0.1:8010"
NOON = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)
PEOPLE = (
    {"id": "chief", "name": "Chief editor", "email": "chief@newsroom.test", "role": "admin"},
    {"id": "night-editor", "name": "Night editor", "slack": "D04NIGHTED", "role": "editor"},
    {"id": "trainee", "name": "Trainee", "email": "trainee@newsroom.test", "timezone": "America/New_York"},
)
SOURCES = ({"id": "channel4", "name": "Channel 4 Ellery", "url": "https://channel4.test/feed"},)
WATCHLIST = {"name": "Sanctuary cities", "match": ["sanctuary city"], "deliver": "desk"}
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    # Whole lines.
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def flat(self) -> str:
        """The page's words without its tags, in one line."""
        from html import unescape

        bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", self.text, flags=re.DOTALL)
        return " ".join(unescape(bare).split())

    @property
    def facts(self) -> object:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        """The token of the page's forms."""
        found = TOKEN.search(self.text)
        assert found is not None, self.text
        return found[1]

    @property
    def goes_to(self) -> str:
        return self.headers.get("location", "")


@dataclass(slots=True)
class Client:
    """A browser without a screen: it keeps cookies, and says where a form comes from."""

    app: Starlette
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = HOST
    client: str = "127.0.0.1"

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=_dashed(headers))

    def post(self, path: str, fields: Mapping[str, object] | None = None, **more: object) -> Answer:
        """Send a form as the browser does: with the token, from our own page."""
        filled = {"token": self.token, **(fields or {}), **more}
        body = urlencode(filled, doseq=True).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{self.host}",
        }
        return self.ask("POST", path, headers=headers, body=body)

    @property
    def token(self) -> str:
        """The token that a page would give this visitor."""
        key = self.cookies.get("nightdesk_session") or self.cookies.get("nightdesk_visitor", "")
        return token_for(key, "form")

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        answer = asyncio.run(_asked(self, method, path, headers or {}, body))
        self._keep(answer[3])
        return Answer(status=answer[0], headers=answer[1], body=answer[2], cookies=tuple(answer[3]))

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


async def _asked(
    client: Client, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes, list[str]]:
    parts = urlsplit(path)
    told = {"Host": client.host, **headers, "Content-Length": str(len(body))}
    if client.cookies:
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in told.items()],
        "client": (client.client, 50000),
        "server": ("127.0.0.1", 8010),
    }
    sent: list[dict[str, object]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, object]:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await client.app(scope, receive, send)  # type: ignore[arg-type]  # messages are open mappings
    start = sent[0]
    pairs = [(name.decode(), value.decode("latin-1")) for name, value in start["headers"]]  # type: ignore[attr-defined]  # ASGI's list of pairs
    content = b"".join(message.get("body", b"") for message in sent[1:])  # type: ignore[misc]  # bytes, says ASGI
    status = start["status"]
    assert isinstance(status, int)
    cookies = [value for name, value in pairs if name == "set-cookie"]
    return status, dict(pairs), content, cookies


class WebDesk:
    """A newsroom with a folder, a database and a console; nothing runs beside it."""

    def __init__(
        self, folder: Path, *, people: object = PEOPLE, furnished: Desk | None = None, **settings: object
    ) -> None:
        self.folder = folder / "newsroom"
        self.clock = furnished.clock if furnished else FakeClock(NOON)
        self.environment: dict[str, str] = dict(furnished.environment) if furnished else {}
        self.nudged: list[str] = []
        self._read: tuple[object, Settings] | None = None
        if furnished is None:
            self.write("nightdesk.yaml", {**MAIN, "console": "on", "readers": people, **settings})
            self.write("sources/local.yaml", {"sources": SOURCES})
            self.write("watchlists/sanctuary-cities.yaml", WATCHLIST)
        self._database = ready(self.settings.database.reveal())
        self.store = StoreThreads(lambda: open_store(self._database, now=self.clock()))
        self.console = Console(
            settings=lambda: self.settings,
            store=self.store,
            clock=self.clock,
            environment=self.environment,
            folder=self.folder,
            nudge=self.nudged.append,
        )
        self.app = create_app(self.console)

    @property
    def settings(self) -> Settings:
        """What the folder says at this moment; read again only when a file changed."""
        seen = (stamps(self.folder), dict(self.environment))
        if self._read is None or self._read[0] != seen:
            self._read = (seen, load(self.folder, self.environment))
        return self._read[1]

    def write(self, name: str, content: object) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")

    def stored(self, work: Callable[[Store], Outcome]) -> Outcome:
        """Do something with the store, in the thread that writes."""
        return asyncio.run(self.store.write(work))

    def visitor(self) -> Client:
        """Return somebody who has not signed in."""
        return Client(self.app)

    def signed_in(self, reader_id: str = "chief") -> Client:
        """Return a browser in which this person has signed in."""
        key = self.stored(lambda store: make_key(store, "session", reader_id, now=self.clock()))
        return Client(self.app, {"nightdesk_session": key})

    def close(self) -> None:
        self.store.close()
