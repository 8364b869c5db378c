"""How long does the console take for each of its pages, and how heavy are they?"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from urllib.parse import quote

from bench.console.archive import SOURCES, WATCHLISTS, WORDS, build
from nightdesk.__main__ import BETWEEN_COLLECTIONS
from nightdesk.web.app import create_app, pages
from tests.web.serving import NOON, Answer, Client, WebDesk

ASKED = 40  # times each page
WARM = 3  # before it counts
ALMOST_ALL = 0.95
#: What stands for the open pieces of an address.
PIECES = {
    "/sources/{id}": "/sources/source-1",
    "/people/{id}": "/people/trainee",
    "/sent/{id:int}": "/sent/5",
    "{id}": "sanctuary-cities",
}
#: What is asked of pages that show nothing without.
ASKING = {"/api/why": "?q=1", "/digests/next": "?to=email:metro-desk@newsroom.test"}
#: Pages that end something, that ask for a key, or that are none.
BESIDES = ("/static/", "/come-in/", "/unsubscribe/", "/setup", "/sign-in", "/metrics")
LOADED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one page took, in milliseconds, and its bytes."""

    page: str
    half: float
    almost_all: float
    # Of this process alone: what is left when other programs keep the machine busy.
    work: float
    bytes: int
    status: int


def furnished(folder: Path, *, articles: int) -> WebDesk:
    """Return a newsroom with an archive of so many articles."""
    is_new = not (folder / "newsroom").exists()
    desk = WebDesk(folder)
    names = [f"source-{number}" for number in range(SOURCES)]
    sources = [{"id": id_, "name": id_.title(), "url": f"https://{id_}.test/feed"} for id_ in names]
    desk.write("sources/local.yaml", {"sources": sources})
    for id_, words in zip(WATCHLISTS, WORDS, strict=True):
        name = id_.replace("-", " ").capitalize()
        desk.write(f"watchlists/{id_}.yaml", {"name": name, "match": [words], "deliver": "desk"})
    if is_new:
        database = Path(desk.settings.database.reveal().removeprefix("sqlite:///"))
        build(database, articles=articles, now=NOON)
    # As in the program: the files are read when they change, not for each page.
    settings = desk.settings
    desk.app = create_app(replace(desk.console, settings=lambda: settings))
    collect_as_the_service()
    return desk


def collect_as_the_service() -> None:
    """Let the garbage collector go as seldom as in the program, and leave out what is there at the start."""
    gc.set_threshold(BETWEEN_COLLECTIONS)
    gc.collect()
    gc.freeze()


def measure(desk: WebDesk, *, articles: int) -> Iterator[Measured]:
    """Yield what each page takes, with everything it loads."""
    client, random = desk.signed_in("chief"), Random(11)  # noqa: S311 - a bench's luck, the same every time
    beside = sum(len(client.get(each).body) for each in set(LOADED.findall(client.get("/status").text)))
    for page, asked in _addresses(articles, random).items():
        taken = _measured(client, page, asked)
        is_page = not page.startswith(("/api/", "/healthz", "/readyz"))
        yield replace(taken, bytes=taken.bytes + beside * is_page)


def _addresses(articles: int, random: Random) -> Mapping[str, list[str]]:
    """Return the addresses to ask of each page: different stories, words and sources."""
    stories = [random.randrange(1, articles // 3) for _ in range(ASKED + WARM)]
    found = {
        "/stories of a month": [f"/stories?when=month&watchlist={each}" for each in WATCHLISTS],
        "/stories of a source": [f"/stories?when=month&source=source-{each % SOURCES}" for each in stories],
        "/stories kept out": ["/stories?when=month&show=kept+out"],
        "/sent, older ones": [f"/sent?show=sent&before={each}" for each in stories],
        "/stories with words": [f"/stories?q={quote(each)}" for each in WORDS],
        "/stories with no such words": [f"/stories?q=nowhere{each}" for each in stories],
        "/why, an address": [f"/why?q=https://source-{each % SOURCES}.test/{each}" for each in stories],
        "/why, a headline": [f"/why?q={quote(WORDS[each % len(WORDS)])}" for each in stories],
    }
    return {**found, **dict(_plain(stories))}


def _plain(stories: list[int]) -> Iterator[tuple[str, list[str]]]:
    for page in pages():
        if page.methods != ("GET",) or page.path.startswith(BESIDES):
            continue
        if "/stories/{id:int}" in page.path:
            yield page.path, [page.path.replace("{id:int}", str(each)) for each in stories]
            continue
        address = page.path
        for piece, stands in PIECES.items():
            address = address.replace(piece, stands)
        if "{" not in address:
            yield page.path, [address + ASKING.get(address, "")]


def _measured(client: Client, page: str, asked: list[str]) -> Measured:
    """Ask a page again and again."""
    answers: list[Answer] = []
    walls: list[float] = []
    works: list[float] = []
    for number in range(ASKED + WARM):
        began, worked = perf_counter(), process_time()
        answers.append(client.get(asked[number % len(asked)]))
        walls.append((perf_counter() - began) * 1000)
        works.append((process_time() - worked) * 1000)
    counted, work = sorted(walls[WARM:]), sorted(works[WARM:])
    last = int(len(counted) * ALMOST_ALL)
    return Measured(
        page=page,
        half=counted[len(counted) // 2],
        almost_all=counted[last],
        work=work[last],
        bytes=max(len(each.body) for each in answers),
        status=max(each.status for each in answers),
    )
