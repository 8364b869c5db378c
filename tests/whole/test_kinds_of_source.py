"""Every kind of source through the whole program, on both databases: declared, read, filed, told once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from config.load import load
from crawler.browser import missing
from crawler.reactor import run
from nightdesk.rooms import World, open_rooms
from tests.effort import THOROUGH
from tests.fakes.clock import FakeClock
from tests.fakes.press import FeedKind, Outlet, PrintedArticle
from tests.fakes.slack import FakeSlack
from tests.fakes.web import NewsWeb
from tests.nightdesk.desk import CHANNEL, MAIN, SANCTUARY, Desk

pytestmark = pytest.mark.whole

NOON = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)
#: By kind: the path it is read at, and what its declaration says of it.
KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "rss": ("/feed.xml", {}),
    "rdf": ("/feed.xml", {}),
    "atom": ("/feed.xml", {}),
    "json-feed": ("/feed.xml", {}),
    "news-sitemap": ("/news-sitemap.xml", {"as": "news-sitemap"}),
    "sitemap-index": ("/sitemaps.xml", {"as": "news-sitemap"}),
    "page-list": ("/", {"as": "page-list", "list": {"links": ".headlines h2"}}),
    "page-watch": ("/", {"as": "page-watch", "watch": {"part": ".headlines"}}),
    "json": (
        "/api/articles",
        {"as": "json", "json": {"items": "data.articles", "title": "headline", "link": "path"}},
    ),
    "spider": ("/notices", {"as": "spider", "spider": "harbor_notices", "full_text": "never"}),
}
#: A page made by JavaScript, where a browser is there to read it.
EMPTY_PAGE = ("/empty", {"as": "page-list", "list": {"links": ".headlines h2"}, "browser": True})
if not missing():
    KINDS["browser"] = EMPTY_PAGE
#: Processes of their own, four seconds of CPU: on both databases where nobody waits.
COSTLY = frozenset({"spider", "browser"})
FEEDS: dict[str, FeedKind] = {"rdf": "rdf", "atom": "atom-base", "json-feed": "json"}
#: Of each kind its own story of the beat, and words that no other has.
NEWS = {
    "rss": "Lawyers sue sanctuary city over jail logbooks",
    "rdf": "Snowplow drivers return to a sanctuary city after the strike",
    "atom": "Sheriff returns seized radios to sanctuary city clinic",
    "json-feed": "Beekeepers thank sanctuary city for orchard easement",
    "news-sitemap": "Mayor reads a subpoena aloud at breakfast in a sanctuary city",
    "sitemap-index": "Museum of sanctuary city lends whale skeleton abroad",
    "page-list": "Flood grants of every sanctuary city are frozen until April",
    "page-watch": "Hearing on bus shelters in our sanctuary city moves to Room 110",
    "json": "Harbor pilots refuse to sail for sanctuary city officials",
    "spider": "Librarians reopen a moldy branch near sanctuary city chapel",
    "browser": "Violinists of sanctuary city orchestra win overtime pay",
}
WORDS = {
    "rss": "Eleven counts were filed before a federal court in Alder on Wednesday morning.",
    "rdf": "Mechanics counted broken blades and worn tires in a garage behind an airport.",
    "atom": "Technicians tested forty handsets and found two with cracked antennas.",
    "json-feed": "Hives stand between pear trees there since a hailstorm took the old barn.",
    "news-sitemap": "She put the pages back into their envelope and asked for more coffee.",
    "sitemap-index": "Carpenters built seven crates for ribs, jaws and a very long tail.",
    "page-list": "Auditors want spreadsheets of all repairs to levees, culverts and pumps.",
    "page-watch": "",
    "json": "The crane stays locked, and fourteen boats move to the north basin.",
    "spider": "Shelves were wiped twice before nine thousand novels left their warehouse.",
    "browser": "Rehearsals ran past eleven on nine evenings, says their complaint.",
}


def an_outlet(kind: str) -> Outlet:
    return Outlet(id=kind, name=f"The {kind.title()} Paper", feed=FEEDS.get(kind, "rss2"))


def an_article(kind: str, title: str, words: str, *, minutes: int) -> PrintedArticle:
    # Nothing that two of them share: each is a story of its own, in whatever order they come.
    paragraphs = (f"{words} " * 3, f"{title}.")
    slug = "-".join(title.lower().split()[:4])
    at = NOON + timedelta(minutes=minutes)
    return PrintedArticle(outlet=kind, slug=slug, at=at, title=title, paragraphs=paragraphs)


@pytest.fixture
def web() -> Iterator[tuple[NewsWeb, FakeClock]]:
    clock = FakeClock(NOON)
    old = [an_article(kind, f"Ferry {kind} timetable changes", "Quiet day.", minutes=-600) for kind in KINDS]
    new = [an_article(kind, NEWS[kind], WORDS[kind], minutes=5) for kind in KINDS]
    with NewsWeb([an_outlet(kind) for kind in KINDS], [*old, *new], clock=clock) as web:
        yield web, clock


@pytest.mark.slow
def test_what_every_kind_of_source_brings_is_told_once(
    web: tuple[NewsWeb, FakeClock], tmp_path: Path, database_url: str
) -> None:
    news_web, clock = web
    all_of_them = THOROUGH or database_url.startswith("sqlite")
    kinds = [kind for kind in KINDS if all_of_them or kind not in COSTLY]
    with FakeSlack(clock=clock, channels=[CHANNEL]) as slack:
        desk = a_desk(tmp_path, news_web, slack, clock, kinds)
        settings = load(desk.folder, {**desk.environment, "DATABASE_URL": database_url})
        world = World(clock=clock, random=Random(1), out=io.StringIO())  # noqa: S311 - jitter

        async def main() -> int:
            async with open_rooms(settings, world) as rooms:
                first = await rooms.go_round()
                assert (first.checked, first.not_checked, first.sent) == (len(kinds), (), 0)
                clock.advance(timedelta(minutes=61))
                second = await rooms.go_round()
                assert second.not_checked == ()
                assert second.new_articles == len(kinds)
            return 0

        assert run(main) == 0
        told = json.dumps([call.text for call in slack.accepted])
        roots = [thread.root.text for thread in slack.threads(CHANNEL)]
        desk.close()
    assert [kind for kind in kinds if not any(NEWS[kind] in text for text in roots)] == []
    assert len(roots) == len(kinds)
    assert "timetable" not in told


def a_desk(folder: Path, web: NewsWeb, slack: FakeSlack, clock: FakeClock, kinds: Iterable[str]) -> Desk:
    """Return a newsroom with a source of each of these kinds."""
    sources = [
        {"id": kind, "name": f"The {kind.title()} Paper", "url": web.outlet(kind).url + path} | said
        for kind, (path, said) in ((kind, KINDS[kind]) for kind in kinds)
    ]
    settings = {
        "channels": {"slack": {"token": "${SLACK_BOT_TOKEN}", "api_url": slack.api_url}},
        "desk": {"at_once": f"slack:{CHANNEL}", "digest": "console", "digest_at": "06:30"},
        "fetch": {"allow_addresses": list(web.addresses)},
        "limits": {"per_hour": 40, "per_day": 60},
        "database": "${DATABASE_URL}",
    }
    return Desk(
        folder,
        sources=sources,
        watchlists=[{**SANCTUARY, "priority": {"default": "high"}}],
        environment={"SLACK_BOT_TOKEN": slack.token},
        clock=clock,
        **{**MAIN, **settings},
    )
