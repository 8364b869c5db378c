"""Every kind of source: from its declaration through the engine and the child to stories."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from news.nouns import Health, Story
from news.source_rules import JsonRule, ListRule, SpiderRule, WatchRule
from tests.crawler.desk import MINUTE, START, Desk, a_desk, an_outlet, printed
from tests.crawler.running import on_the_loop
from tests.fakes.faults import status
from tests.fakes.press import PrintedArticle

Outcome = TypeVar("Outcome")
TEN = 11 * MINUTE


def at_a_desk(
    folder: Path,
    path: str,
    work: Callable[[Desk], Awaitable[Outcome]],
    *articles: PrintedArticle,
    **source: Any,  # noqa: ANN401 - a source's own fields
) -> Outcome:
    """Return what some work returns at a desk whose one source is read at this path."""

    async def main() -> Outcome:
        async with a_desk(folder, (an_outlet(),), articles) as desk:
            (declared,) = desk.settings.sources
            declared = replace(declared, url=desk.site.url + path, **source)
            desk.settings = replace(desk.settings, sources=(declared,))
            await desk.store.write(lambda store: store.declare_sources((declared,), now=START))
            return await work(desk)

    return on_the_loop(main())


def headlines(stories: tuple[Story, ...]) -> list[str]:
    return [told.article.title for story in stories for told in story.articles]


def test_a_news_sitemap_brings_articles_with_their_minute_and_their_pages(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        assert (await desk.poll()).new == 1
        desk.site.publish(printed("Council calls a session", at=START + 5 * MINUTE))
        assert (await desk.poll(after=TEN)).new == 1
        await desk.file()
        stories = await desk.stories()
        assert headlines(stories) == ["Mayor skips meeting", "Council calls a session"]
        article = stories[-1].articles[-1].article
        assert article.complete
        assert article.published == START + 5 * MINUTE
        assert not article.backlog

    at_a_desk(tmp_path, "/news-sitemap.xml", work, printed(), reads="news-sitemap")


def test_an_index_of_sitemaps_is_followed_to_the_packed_map_of_the_news(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        news, old = desk.site.url + "/map-news-2.xml.gz", desk.site.url + "/map-2019.xml"
        desk.site.place("/map-news-2.xml.gz", gzip.compress(a_sitemap(desk.site.article_url(printed().slug))))
        index = f"<sitemap><loc>{old}</loc><lastmod>2019-01-02</lastmod></sitemap>"
        index += f"<sitemap><loc>{news}</loc></sitemap>"
        desk.site.place("/index.xml", f"<sitemapindex>{index}</sitemapindex>".encode(), "text/xml")
        assert (await desk.poll()).new == 1
        assert desk.site.asked("/map-2019.xml") == ()
        assert (await desk.state()).body_hash is None  # an index may stay as it is while its maps change
        await desk.file()
        assert headlines(await desk.stories()) == ["Mayor skips meeting"]

    at_a_desk(tmp_path, "/index.xml", work, printed(), reads="news-sitemap")


def a_sitemap(address: str) -> bytes:
    """Return a sitemap of one article, without headline or minute."""
    return f"<urlset><url><loc>{address}</loc><lastmod>{START:%Y-%m-%d}</lastmod></url></urlset>".encode()


def test_robots_txt_is_asked_before_a_sitemap_a_list_or_a_watched_page_is_read(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.place("/robots.txt", b"User-agent: *\nDisallow: /", "text/plain")
        assert (await desk.poll()).failed == ("Channel4 (asks programs not to read this page (robots.txt))",)
        assert (await desk.state()).health is Health.STOPPED
        assert desk.site.asked("/") == ()

    for number, reads in enumerate(("news-sitemap", "page-list", "page-watch")):
        folder = tmp_path / str(number)
        folder.mkdir()
        at_a_desk(folder, "/", work, printed(), reads=reads)


@pytest.mark.parametrize("rule", [ListRule(), ListRule(links=".headlines h2"), ListRule(addresses="/2026/*")])
def test_a_page_that_lists_articles_brings_them_by_rule_or_by_guess(tmp_path: Path, rule: ListRule) -> None:
    more = [printed(f"Story number {number} of the morning") for number in range(3)]

    async def work(desk: Desk) -> None:
        assert (await desk.poll()).new == 3
        desk.site.publish(printed("Council calls a session tonight", at=START + 5 * MINUTE))
        assert (await desk.poll(after=TEN)).new == 1
        await desk.file()
        stories = await desk.stories()
        assert headlines(stories)[-1] == "Council calls a session tonight"
        assert len(headlines(stories)) == 4
        assert all(told.article.complete for story in stories for told in story.articles)

    at_a_desk(tmp_path, "/", work, *more, reads="page-list", rule=rule)


def test_what_is_added_to_a_watched_page_is_an_article_of_its_own(tmp_path: Path) -> None:
    pages = [
        ["Street sweeping begins on April 1.", "Seen by 1,204 visitors"],
        [
            "The council meets on sanctuary policy on Monday.",
            "Street sweeping begins on April 1.",
            "1,290 visitors",
        ],
        [
            "The council meets on sanctuary policy on Monday.",
            "Street sweeping begins on April 1.",
            "1,301 visitors",
        ],
        [
            "Room 110 is closed on Friday.",
            "The council meets on sanctuary policy on Monday.",
            "1,377 visitors",
        ],
    ]

    async def work(desk: Desk) -> None:
        new = []
        for lines in pages:
            desk.site.place("/notices", a_page(lines))
            new.append((await desk.poll(after=TEN)).new)
        assert new == [0, 1, 0, 1]
        assert (await desk.state()).last_new is not None
        await desk.file()
        articles = [story.articles[0].article for story in await desk.stories()]
        assert [article.text for article in articles] == [pages[1][0], pages[3][0]]
        assert articles[0].title == f"Public notices of Port Ellery: {pages[1][0]}"
        assert all(article.complete and not article.backlog for article in articles)
        assert articles[0].address.startswith(f"{desk.site.url}/notices#")
        assert articles[0].address.endswith(
            ":~:text=The%20council%20meets%20on%20sanctuary%20policy%20on%20Monday."
        )
        assert len(desk.site.asked("/notices")) == 4  # an addition's page is not fetched again

    at_a_desk(tmp_path, "/notices", work, reads="page-watch", rule=WatchRule(part="#notices"))


def a_page(lines: list[str]) -> bytes:
    items = "".join(f"<li>{line}</li>" for line in lines)
    head = "<html lang=en><title>Notices</title><h1>Public notices of Port Ellery</h1>"
    return f"{head}<p>12:04 pm</p><ul id=notices>{items}</ul>".encode()


MEETINGS = JsonRule(
    items="data.meetings", title="{body}, {day|day}", link="/meetings/{id}", published="posted", text="about",
    next="next", pages=2,
)  # fmt: skip


def a_meeting(number: int) -> dict[str, Any]:
    about = "<p>The committee is briefed on detainers and hears the sheriff.</p>"
    return {
        "id": number,
        "body": "Safety Committee",
        "day": "2026-04-02",
        "posted": "2026-03-18T11:00:00",
        "about": about,
    }


def test_an_answer_for_programs_is_read_page_by_page_as_its_declaration_says(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        for page, following in ((1, "/api?page=2"), (2, "/api?page=3")):
            answer = {"data": {"meetings": [a_meeting(page)]}, "next": following}
            desk.site.place("/api" if page == 1 else "/api2", json.dumps(answer).encode(), "application/json")
        answer = {"data": {"meetings": [a_meeting(1)]}, "next": "/api2"}
        desk.site.place("/api", json.dumps(answer).encode(), "application/json")
        assert (await desk.poll()).new == 2
        assert desk.site.asked("/api")[0].headers["accept"].startswith("application/json")
        await desk.file()
        article = (await desk.stories())[0].articles[0].article
        assert article.title == "Safety Committee, April 2, 2026"
        assert article.text == "The committee is briefed on detainers and hears the sheriff."
        assert article.address == f"{desk.site.url}/meetings/1"

    at_a_desk(tmp_path, "/api", work, reads="json", rule=MEETINGS, full_text="never")


TABLE = b"""<table class=notices>
<tr><td class=day>March 18, 2026</td><td><a href=/notices/12>Dredging stops</a></td></tr>
<tr><td class=day>March 17, 2026</td><td><a href=/notices/11>Pier 2 opens</a></td></tr></table>"""


@pytest.mark.slow
def test_a_spider_of_one_site_is_run_by_the_service_behind_the_same_fence(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.place("/notices", TABLE)
        for number in (11, 12):
            words = f"<div class=notice><p>Notice {number} of the harbor office.</p></div>"
            desk.site.place(f"/notices/{number}", words.encode())
        assert (await desk.poll()).new == 2
        await desk.file()
        articles = [story.articles[0].article for story in await desk.stories()]
        assert sorted(article.text for article in articles) == [
            "Notice 11 of the harbor office.",
            "Notice 12 of the harbor office.",
        ]
        assert desk.site.asked("/robots.txt") != ()
        desk.site.always("/notices", status(403))
        assert (await desk.poll(after=TEN)).failed == ("Channel4 (refuses automated readers)",)
        assert (await desk.state()).health is Health.STOPPED

    rule = SpiderRule(spider="harbor_notices")
    at_a_desk(tmp_path, "/notices", work, reads="spider", rule=rule, full_text="never")


def test_a_spider_that_is_not_there_stops_its_source_and_says_so(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        assert (await desk.poll()).failed == (
            "Channel4 (has no spider: there is no crawler/spiders/nobody.py)",
        )

    at_a_desk(tmp_path, "/", work, reads="spider", rule=SpiderRule(spider="nobody"))


def test_a_backup_address_stands_in_for_what_is_gone_and_never_for_a_refusal(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        (declared,) = desk.settings.sources
        backup = replace(declared, backup=(desk.site.url + "/news-sitemap.xml",))
        desk.settings = replace(desk.settings, sources=(backup,))
        desk.site.always("/gone.xml", status(404))
        assert (await desk.poll()).new == 1
        desk.site.always("/gone.xml", status(403))
        assert len((await desk.poll(after=TEN)).failed) == 1

    at_a_desk(tmp_path, "/gone.xml", work, printed(), reads="news-sitemap")
