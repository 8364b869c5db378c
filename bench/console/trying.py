"""How long does it take to see what edited keywords would have sent in 30 days, edit by edit?

And how long does somebody wait who is the first after a start, with the list that is shipped?
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from time import perf_counter, process_time
from typing import Any, cast
from urllib.parse import urlencode

from bench.console.archive import WATCHLISTS, WORDS
from config.install import STARTER
from nightdesk.web.app import create_app
from tests.web.serving import WebDesk

DAYS = 30
EDITS = 20
LETTERS = "abcdefghijklmnopqrstu"
ALMOST_ALL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Milliseconds: the first try of a process, and those that follow."""

    articles: int
    first: float
    half: float
    almost_all: float
    work: float


def tried(desk: WebDesk) -> Tried:
    """Edit a watchlist and ask each time; each edit adds words that no edit before had."""
    client = desk.signed_in("chief")
    walls: list[float] = []
    works: list[float] = []
    articles = 0
    for edit in range(EDITS + 1):
        lines = "\n".join([WORDS[0], "detainer", f"subpoena NEAR/5 {LETTERS[edit]}court"])
        began, worked = perf_counter(), process_time()
        answer = client.post(f"/api/keywords/{WATCHLISTS[0]}/try", any=lines, days=DAYS)
        walls.append((perf_counter() - began) * 1000)
        works.append((process_time() - worked) * 1000)
        articles = int(cast("dict[str, Any]", answer.facts)["articles"])
    later, work = sorted(walls[1:]), sorted(works[1:])
    last = int(EDITS * ALMOST_ALL)
    return Tried(
        articles=articles, first=walls[0], half=later[EDITS // 2], almost_all=later[last], work=work[last]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """Milliseconds of a first try: until the first answer, until the last; and its work."""

    days: int
    articles: int
    answer: float
    whole: float
    work: float


def first_tried(desk: WebDesk, days: int) -> First:
    """Try the shipped list as the page does: a first answer, which goes on until all days are tried."""
    shipped = (STARTER / "watchlists/sanctuary-cities.yaml").read_text(encoding="utf-8")
    desk.write(f"watchlists/{WATCHLISTS[0]}.yaml", shipped)
    settings = desk.settings
    desk.app = create_app(replace(desk.console, settings=lambda: settings))
    asked = _answers(desk, days)
    next(asked)
    began, worked = perf_counter(), process_time()
    answers = [((perf_counter() - began) * 1000, page) for page in asked]
    tried = re.search(r"([\d,]+) articles", answers[-1][1])
    return First(
        days=days,
        articles=int(tried[1].replace(",", "")) if tried else 0,
        answer=answers[0][0],
        whole=answers[-1][0],
        work=(process_time() - worked) * 1000,
    )


def _answers(desk: WebDesk, days: int) -> Iterator[str]:
    """Yield the page, then what the pane beside its boxes shows, until it asks for no more."""
    client, page = desk.signed_in("chief"), f"/keywords/{WATCHLISTS[0]}"
    shown = client.get(page).text
    yield shown
    boxes = dict(re.findall(r'name="(any|all|never)"[^>]*>(.*?)</textarea>', shown, re.DOTALL))
    fields = {name: unescape(lines) for name, lines in boxes.items()} | {"when": "desk", "days": str(days)}
    body = {"token": client.token, **fields}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://{client.host}",
        "HX-Request": "true",
    }
    while True:
        answer = client.ask("POST", f"{page}/try", headers=headers, body=urlencode(body).encode()).text
        yield answer
        if 'name="go_on"' not in answer:
            return
        body["go_on"] = "1"
