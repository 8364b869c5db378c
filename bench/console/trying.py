"""How long does it take to see what edited keywords would have sent in 30 days, edit by edit?"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any, cast

from bench.console.archive import WATCHLISTS, WORDS
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
