"""What came in becomes articles in stories, once each, in order, and nothing is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from news.nouns import Clause, Story, Watchlist
from storage.acts_contract import EMBARGO
from tests.crawler.desk import MINUTE, PARAGRAPHS, START, Desk, an_outlet, printed
from tests.crawler.test_polling import TEN, at_a_desk
from tests.fakes.faults import Fault, hang, html_instead, status
from tests.fakes.press import Correction

OTHER = (
    "A snow storm closed Alder Pass on Tuesday night, and forty trucks waited below it until the morning.",
    "The plows came at six, and the road to Granby Falls was open again before the schools were.",
    "More snow is forecast for Friday, when the highway crews will stay on the pass overnight.",
)


def told(stories: tuple[Story, ...]) -> list[list[str]]:
    """Return the headlines of each story's articles."""
    return [[told.article.title for told in story.articles] for story in stories]


def test_a_clipping_becomes_an_article_with_its_full_text(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.new_stories, report.grown) == (1, 1, 0)
        (story,) = await desk.stories()
        article = story.articles[0].article
        assert article.text == "\n".join(PARAGRAPHS)
        assert article.complete
        assert (article.title, article.credit) == ("Mayor skips meeting", "Channel 4 and National Wire")
        assert article.published == START - 60 * MINUTE
        assert article.first_seen == START
        assert article.backlog
        assert (article.kind, article.group, article.outlet) == ("release", "denver", "Channel4")
        assert await desk.waiting() == []

    article = printed(credit="Channel 4 and National Wire")
    at_a_desk(tmp_path, work, article, kind="release", group="denver")


def test_the_hops_of_filing_come_in_order(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        desk.hops.clear()
        await desk.file()
        assert desk.hops == ["page fetched", "story filed"]

    at_a_desk(tmp_path, work, printed())


def test_two_outlets_with_one_story_make_one_story_and_another_story_another(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.new_stories, report.grown) == (3, 2, 1)
        assert sorted(len(headlines) for headlines in told(await desk.stories())) == [1, 2]

    articles = (
        printed("Mayor skips meeting"),
        printed("Mayor skips meeting", outlet="ledger"),
        printed("Snow closes Alder Pass", outlet="ledger", paragraphs=OTHER),
    )
    at_a_desk(tmp_path, work, *articles, outlets=(an_outlet(), an_outlet("ledger")))


def test_one_page_listed_by_two_sources_is_one_article(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        address = desk.web.outlet("channel4").article_url("mayor-skips-meeting")
        item = f"<item><title>Mayor at home</title><link>{address}?utm_source=ledger</link></item>"
        feed = f"<rss><channel>{item}</channel></rss>"
        desk.web.outlet("ledger").place("/feed.xml", feed.encode(), "application/rss+xml")
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.dropped) == (1, 1)
        assert len(await desk.stories()) == 1

    at_a_desk(tmp_path, work, printed(), outlets=(an_outlet(), an_outlet("ledger")))


def test_filing_goes_on_after_clippings_that_bring_nothing(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        report = await desk.file(limit=2)
        assert report.filed == 2
        assert (await desk.file(limit=2)).filed == 2
        assert (await desk.file(limit=2)).filed == 1
        assert (await desk.file(limit=2)).filed == 0

    articles = [printed(f"Story number {number}") for number in range(5)]
    at_a_desk(tmp_path, work, *articles)


def test_articles_are_filed_in_the_order_they_came_though_their_pages_come_in_any(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        wanted = await desk.waiting()
        await desk.file()
        stories = await desk.stories()
        filed = sorted((told.article.id, told.article.title) for story in stories for told in story.articles)
        assert [title for _, title in filed] == wanted

    names = ("channel4", "ledger", "harbor")
    articles = [printed(f"Story {number} of {name}", outlet=name) for number in range(3) for name in names]
    at_a_desk(tmp_path, work, *articles, outlets=tuple(map(an_outlet, names)))


@pytest.mark.parametrize(
    "fault",
    [status(401), status(402), status(403), status(451), status(410), html_instead()],
    ids=lambda fault: fault.name,
)
def test_a_page_that_is_refused_is_filed_with_what_the_feed_said(tmp_path: Path, fault: Fault) -> None:
    async def work(desk: Desk) -> None:
        desk.site.always("/2026/03/18/mayor-skips-meeting", fault)
        await desk.poll()
        assert (await desk.file()).filed == 1
        article = (await desk.stories())[0].articles[0].article
        assert (article.title, article.text, article.complete) == (
            "Mayor skips meeting",
            PARAGRAPHS[0],
            False,
        )
        assert (await desk.why_incomplete()).startswith("its page ")

    at_a_desk(tmp_path, work, printed())


def test_a_page_that_robots_txt_forbids_is_not_read(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        assert (await desk.file()).filed == 1
        assert not (await desk.stories())[0].articles[0].article.complete
        assert [request.path for request in desk.site.requests] == ["/feed.xml", "/robots.txt"]
        assert await desk.why_incomplete() == "its page asks programs not to read this page (robots.txt)"

    at_a_desk(tmp_path, work, printed(), outlets=(an_outlet(disallow=("/2026",)),))


def test_a_page_behind_a_paywall_is_not_gone_round(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        page = (
            '<html><head><script type="application/ld+json">{"@type": "NewsArticle", '
            f'"isAccessibleForFree": false}}</script></head><body><p>{"</p><p>".join(PARAGRAPHS)}</p>'
        )
        desk.site.place("/2026/03/18/mayor-skips-meeting", page.encode())
        await desk.poll()
        await desk.file()
        article = (await desk.stories())[0].articles[0].article
        assert (article.text, article.complete) == (PARAGRAPHS[0], False)
        assert await desk.why_incomplete() == (
            "its page is for subscribers only: ask the outlet for access, or use its newsletter"
        )

    at_a_desk(tmp_path, work, printed())


def test_a_page_that_does_not_come_is_asked_for_again_and_never_lost(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.script("/2026/03/18/mayor-skips-meeting", [status(500), hang()])
        await desk.poll()
        assert (await desk.file()).put_off == 1
        assert await desk.waiting() == ["Mayor skips meeting"]
        assert (await desk.file()).put_off == 0  # not yet
        desk.clock.advance(2 * MINUTE)
        assert (await desk.file()).put_off == 1
        desk.clock.advance(4 * MINUTE)
        assert (await desk.file()).filed == 1
        assert (await desk.stories())[0].articles[0].article.complete

    at_a_desk(tmp_path, work, printed(), seconds=0.5)


def test_a_page_that_never_comes_is_filed_with_what_the_feed_said(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.always("/2026/03/18/mayor-skips-meeting", status(500))
        await desk.poll()
        reports = []
        for _ in range(4):
            reports.append(await desk.file())
            desk.clock.advance(10 * MINUTE)
        assert [report.put_off for report in reports] == [1, 1, 1, 0]
        assert reports[-1].filed == 1
        article = (await desk.stories())[0].articles[0].article
        assert (article.text, article.complete) == (PARAGRAPHS[0], False)

    at_a_desk(tmp_path, work, printed())


def test_a_page_that_is_late_holds_up_no_other(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.always("/2026/03/18/late", status(503))
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.put_off) == (1, 1)

    at_a_desk(tmp_path, work, printed("Late"), printed("On time"))


def test_a_feed_that_carries_the_whole_article_is_not_asked_for_the_page(tmp_path: Path) -> None:
    long = tuple(f"{paragraph} {paragraph} {paragraph}" for paragraph in PARAGRAPHS)

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        article = (await desk.stories())[0].articles[0].article
        assert (article.text, article.complete) == ("\n".join(long), True)
        assert [request.path for request in desk.site.requests] == ["/feed.xml"]

    at_a_desk(tmp_path, work, printed(paragraphs=long), outlets=(an_outlet(feed="rss-full"),))


def test_a_source_may_be_read_by_its_feed_alone(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        article = (await desk.stories())[0].articles[0].article
        assert (article.text, article.complete) == (PARAGRAPHS[0], False)
        assert len(desk.site.requests) == 1

    at_a_desk(tmp_path, work, printed(), full_text="never")


def test_full_text_only_when_it_may_matter(tmp_path: Path) -> None:
    watchlist = Watchlist(id="mayor", name="Mayor", any=(Clause(text="mayor"),))

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        complete = {
            told.article.title: told.article.complete
            for story in await desk.stories()
            for told in story.articles
        }
        assert complete == {"Mayor skips meeting": True, "Snow closes Alder Pass": False}

    articles = (printed(), printed("Snow closes Alder Pass", paragraphs=OTHER))
    at_a_desk(tmp_path, work, *articles, full_text="when matched", watchlists=(watchlist,))


def test_a_correction_makes_a_new_version_that_says_what_was_corrected(tmp_path: Path) -> None:
    corrected = Correction(
        at=START + 5 * MINUTE, changes=(("Wednesday", "Thursday"),), note="It was Thursday."
    )

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        await desk.poll(after=TEN)
        report = await desk.file()
        assert (report.filed, report.grown) == (0, 1)
        (story,) = await desk.stories()
        assert story.revision == 2
        (only,) = story.articles
        assert only.article.version == 2
        assert "Thursday" in only.article.text
        assert any("Wednesday" in correction.before for correction in only.corrections)

    at_a_desk(tmp_path, work, printed(corrections=(corrected,)))


def test_a_feed_that_changes_nothing_but_its_bytes_changes_nothing(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        desk.site.publish(printed(summary="The mayor stayed at home."))
        await desk.poll(after=TEN)
        report = await desk.file()
        assert (report.filed, report.grown, report.dropped) == (0, 0, 1)
        assert [story.revision for story in await desk.stories()] == [1]

    at_a_desk(tmp_path, work, printed())


def test_an_article_grows_when_its_page_can_be_read_at_last(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        desk.site.always("/2026/03/18/mayor-skips-meeting", status(403))
        await desk.poll()
        await desk.file()
        desk.site.heal()
        desk.site.publish(printed(summary="The mayor stayed at home."))
        await desk.poll(after=TEN)
        assert (await desk.file()).grown == 1
        (story,) = await desk.stories()
        assert story.articles[0].article.complete
        assert story.articles[0].corrections == ()

    at_a_desk(tmp_path, work, printed())


def test_after_a_restart_the_same_story_is_still_one_story(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        desk._filer = None  # the program starts again
        desk.site.publish(printed("Mayor did not go", at=START + MINUTE))
        await desk.poll(after=TEN)
        assert (await desk.file()).grown == 1
        assert len(await desk.stories()) == 1

    at_a_desk(tmp_path, work, printed())


def test_clippings_of_a_source_that_is_declared_no_more_are_filed_all_the_same(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        desk.settings = replace(desk.settings, sources=())
        assert (await desk.file()).filed == 1
        article = (await desk.stories())[0].articles[0].article
        assert (article.outlet, article.complete) == ("channel4", False)

    at_a_desk(tmp_path, work, printed())


def test_filing_before_warming_is_a_mistake(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        filer = await desk.filer()
        filer._judge._window = None
        with pytest.raises(RuntimeError):
            await filer.file_waiting(limit=5)

    at_a_desk(tmp_path, work, printed())


def test_an_aggregators_entry_names_its_outlet_and_not_twice(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        feed = (
            "<rss><channel><item><title>Mayor skips meeting - Harbor Post</title>"
            f"<link>{desk.site.url}/read/1</link><source>Harbor Post</source></item></channel></rss>"
        )
        desk.site.place("/feed.xml", feed.encode(), "application/rss+xml")
        await desk.poll()
        await desk.file()
        article = (await desk.stories())[0].articles[0].article
        assert (article.title, article.outlet) == ("Mayor skips meeting", "Harbor Post")

    at_a_desk(tmp_path, work, full_text="never")


def test_a_day_of_the_news_web_is_filed_without_a_loss(tmp_path: Path) -> None:
    from tests.fakes.day import the_day

    day = the_day()

    async def work(desk: Desk) -> None:
        desk.clock.set(day.starts)
        await desk.store.write(lambda store: store.declare_sources(desk.settings.sources, now=day.starts))
        filed = 0
        for moment in day.moments:
            desk.clock.set(max(moment.at, desk.clock() + timedelta(minutes=11)))
            await desk.poll()
            filed += (await desk.file(limit=1000)).filed
        # Of the one feed that is always cut off, the oldest entry never arrives whole.
        cut = [outlet.id for outlet in day.outlets if "truncated" in outlet.damage]
        oldest = [next(article for article in day.articles if article.outlet == name) for name in cut]
        assert filed == len(day.articles) - len(oldest)
        assert await desk.waiting() == []
        addresses = {told.article.address for story in await desk.stories() for told in story.articles}
        expected = {
            desk.web.outlet(one.outlet).article_url(one.slug) for one in day.articles if one not in oldest
        }
        assert addresses == expected

    at_a_desk(tmp_path, work, *day.articles, outlets=day.outlets)


def test_a_release_under_embargo_holds_its_story_back_until_the_hour_it_states(tmp_path: Path) -> None:
    changed = Correction(at=START + MINUTE, changes=(("Wednesday", "Thursday"),), note="It was Thursday.")
    release = printed("Audit of the jail (embargoed until Thursday 6 a.m. ET)", corrections=(changed,))

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        (story,) = await desk.stories()
        (hold,) = await desk.store.read(lambda store: store.acts_of(story.id))
        assert (hold.kind, hold.who, hold.until) == ("hold", EMBARGO, datetime(2026, 3, 19, 10, tzinfo=UTC))
        assert hold.note == f"Channel4: “{release.title}”"
        ended = replace(hold, id=0, kind="let go", who="editor", note="")
        await desk.store.write(lambda store: store.lift_act(hold.id, ended))
        await desk.poll(after=TEN)
        assert (await desk.file()).grown == 1
        acts = await desk.store.read(lambda store: store.acts_of(story.id))
        assert [act.kind for act in acts] == ["hold", "let go"], "its new version holds nothing again"

    at_a_desk(tmp_path, work, release)
