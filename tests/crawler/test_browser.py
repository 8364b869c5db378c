"""A page made by JavaScript is read as its program made it, and that program reaches nothing by itself."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.browser import MOST_REQUESTS, Answers, missing
from crawler.engine import Fetched
from crawler.fulltext import Desk, fetch_page
from crawler.reading.page import Page
from tests.crawler.running import an_engine, on_the_loop
from tests.fakes.clock import real_time
from tests.fakes.serving import Answer, Listener, Received
from tests.nouns import NOON
from tests.shared_reader import shared_reader

ROOT = Path(__file__).parents[2]
STORY = (
    "The council voted seven to two on Tuesday to limit what the sheriff may tell federal agents. "
    "The ordinance takes effect on May 1, the clerk said, after three hours of testimony at the harbor hall. "
) * 5
HTML = (("Content-Type", "text/html; charset=utf-8"),)
SHELL = """<!doctype html><title>Council limits what sheriff may tell</title><div id="root"></div>
<script src="/app.js"></script><noscript>Please switch JavaScript on.</noscript>"""
APP = """
const secret = "http://127.0.0.1:%(private)d/secret";
const tries = [
  () => fetch(secret, {mode: "no-cors"}), () => fetch("/api/story", {method: "POST", body: "mine"}),
  () => navigator.sendBeacon(secret, "x"), () => new WebSocket("ws://127.0.0.1:%(private)d/socket"),
  () => { new Image().src = secret; }, () => window.open(secret), () => fetch("file:///etc/passwd"),
  () => navigator.serviceWorker.register("/worker.js"), () => { document.cookie = "who=me"; },
  () => { const frame = document.createElement("iframe"); frame.src = secret; document.body.append(frame); },
  () => { const link = document.createElement("a"); link.href = secret; link.download = "x"; link.click(); },
  () => { new Worker(URL.createObjectURL(new Blob([`fetch("${secret}")`]))); },
  () => new WebTransport("https://127.0.0.1:%(private)d/x").ready,
  () => { const peer = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:%(private)d"}]});
          peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer)); },
];
for (const attempt of tries) { try { Promise.resolve(attempt()).catch(() => {}); } catch (refused) {} }
fetch("/api/story").then(answer => answer.json()).then(story => {
  document.getElementById("root").innerHTML =
    "<article><h1>Council limits what sheriff may tell</h1><p>" + story.text + "</p></article>";
});
"""


@dataclass
class Site:
    """A site whose pages are made by a program, and what was asked of it."""

    private: int
    page: str = SHELL

    def respond(self, request: Received) -> Answer:
        if request.path == "/app.js":
            body = (APP % {"private": self.private}).encode()
            return Answer(headers=(("Content-Type", "text/javascript"),), body=body)
        if request.path == "/api/story":
            body = json.dumps({"text": STORY}).encode()
            return Answer(headers=(("Content-Type", "application/json"), ("Set-Cookie", "a=b")), body=body)
        if request.path == "/story":
            return Answer(headers=HTML, body=self.page.encode())
        return Answer(status=404)


def page_read(server: Listener) -> Page:
    async def work() -> Page:
        async with an_engine(f"127.0.0.1:{server.port}") as engine:
            desk = Desk(engine=engine, reader=shared_reader(), clock=lambda: NOON)
            page, address = await fetch_page(f"{server.url}/story", desk, browser=True)
            assert address == f"{server.url}/story"
            return page

    return on_the_loop(work())


@pytest.mark.slow
@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_page_made_by_javascript_is_read_and_its_program_reaches_nothing_but_its_site() -> None:
    with (
        Listener(lambda _: Answer(body=b"secret"), clock=real_time) as inside,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
    ):
        udp.bind(("127.0.0.1", inside.port))
        udp.setblocking(False)
        with Listener(Site(inside.port).respond, clock=real_time) as server:
            page = page_read(server)
            asked = {(request.method, request.path) for request in server.received}
            assert all("cookie" not in request.headers for request in server.received)
        assert "voted seven to two" in page.text
        assert page.title == "Council limits what sheriff may tell"
        # Every request came by the engine: robots.txt was asked, and nothing else was tried here.
        assert asked == {("GET", path) for path in ("/robots.txt", "/story", "/app.js", "/api/story")}
        assert inside.received == ()
        with pytest.raises(BlockingIOError):
            udp.recv(10)


@pytest.mark.parametrize(
    "wall", ["is for subscribers only. Subscribe to continue reading.", "We value your privacy"]
)
def test_a_page_behind_a_wall_is_never_opened_in_the_browser(wall: str) -> None:
    page = SHELL.replace('<div id="root">', f"<p>This story {wall}</p><div id='root'>")
    with Listener(Site(9, page).respond, clock=real_time) as server:
        assert "seven to two" not in page_read(server).text
        assert "/app.js" not in {request.path for request in server.received}


def asked(**about: Any) -> Any:  # noqa: ANN401 - a browser's request, as far as it is looked at
    usual = {"url": "https://ledger.test/api", "method": "GET", "resource_type": "fetch"}
    return SimpleNamespace(**usual | about)


@pytest.mark.parametrize(
    ("request_", "requests", "why"),
    [
        (asked(), 1, ""),
        (asked(url="https://cdn.test/app.js", resource_type="script"), 1, ""),
        (asked(method="POST"), 1, "POST is never sent"),
        (asked(resource_type="image"), 1, "image is not wanted"),
        (asked(resource_type="document", url="https://ledger.test/login"), 1, "document is not wanted"),
        (asked(), MOST_REQUESTS + 1, "one request too many"),
    ],
)
def test_of_what_a_page_asks_for_only_what_its_words_need_is_fetched(
    request_: Any,  # noqa: ANN401 - as above
    requests: int,
    why: str,
) -> None:
    first = Fetched(status=200, url="https://ledger.test/story", headers={})
    answers = Answers(first, engine=None, requests=requests)  # type: ignore[arg-type]  # is not asked
    assert answers._why_not(request_) == why


def test_what_the_extra_stands_on_is_installed_with_it() -> None:
    (line,) = [line for line in (ROOT / "do").read_text().splitlines() if "on = /^(" in line]
    installed = set(line.split("/^(")[1].split(")==")[0].split("|"))
    needed = {re.split(r"[<>=!~; ]", each)[0] for each in requires("playwright") or ()}
    runtime = (ROOT / "requirements.txt").read_text()
    assert installed >= {"playwright"} | {each for each in needed if f"\n{each}==" not in runtime}
