"""What comes in one poll is looked at together, and filed one by one all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from news.nouns import Story
from news.sameness.window import Window
from tests.crawler.desk import PARAGRAPHS, Desk, an_outlet, printed
from tests.crawler.test_filing import OTHER
from tests.crawler.test_polling import at_a_desk

OUTLETS = tuple(an_outlet(name) for name in ("channel4", "ledger", "harbor"))
#: Two events in two outlets each, and one of a third outlet that has both agencies' words of the first.
ARTICLES = (
    printed("Mayor skips meeting"),
    printed("Snow closes Alder Pass", paragraphs=OTHER),
    printed("Mayors meet without one of them", outlet="ledger", paragraphs=PARAGRAPHS[1:]),
    printed("Trucks wait below the pass", outlet="ledger", paragraphs=OTHER[:2]),
    printed("Letter read twice in Port Ellery", outlet="harbor", paragraphs=PARAGRAPHS),
)


class StoppedError(Exception):
    """The program stops here."""


def placed(stories: tuple[Story, ...]) -> set[frozenset[str]]:
    """Return the headlines that stand together."""
    return {frozenset(told.article.title for told in story.articles) for story in stories}


def test_the_articles_of_a_poll_name_each_other_and_their_stories_by_the_stores_numbers(
    tmp_path: Path,
) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.new_stories, report.grown) == (5, 2, 3)
        stories = await desk.stories()
        ids = {told.article.id for story in stories for told in story.articles}
        for story in stories:
            first, *later = story.articles
            assert first.placement.story_id is None
            for told in later:
                assert told.placement.story_id == story.id
                assert {passage.article_id for passage in told.placement.shared} <= ids - {told.article.id}
                assert told.placement.shared
                assert "shared sentence" in told.placement.reason or "same text" in told.placement.reason
        window = (await desk.filer())._judge.window
        assert sorted(window.articles()) == sorted(ids)
        # The window says what one made from the store's rows says.
        made = Window(days=4)
        made.restore(await desk.store.read(lambda store: store.traces(since=stories[0].created)))
        assert sorted(made.articles()) == sorted(ids)
        late = stories[0].articles[0].article
        assert made.lacking(late)
        assert window.place(late).story_id == stories[0].id

    at_a_desk(tmp_path, work, *ARTICLES, outlets=OUTLETS)


def test_a_stop_in_the_middle_of_a_poll_changes_no_story(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        left = [2]

        def stop(hop: str) -> None:
            if hop == "story filed":
                left[0] -= 1
                if left[0] == 0:
                    raise StoppedError

        await desk.poll()
        desk.hop = stop
        with pytest.raises(StoppedError):
            await desk.file()
        assert sum(len(story.articles) for story in await desk.stories()) == 2
        # What was not filed is not remembered as if it were.
        judge = (await desk.filer())._judge
        assert all(article_id > 0 for article_id in judge.window.articles())
        await judge.follow(anyway=True)
        desk._filer = None
        assert (await desk.file()).filed == 3
        assert placed(await desk.stories()) == {
            frozenset(article.title for article in ARTICLES if article.paragraphs[-1] in PARAGRAPHS),
            frozenset(article.title for article in ARTICLES if article.paragraphs[-1] in OTHER),
        }

    at_a_desk(tmp_path, work, *ARTICLES, outlets=OUTLETS)


def test_a_page_that_comes_twice_in_one_poll_is_one_article(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        address = desk.web.outlet("channel4").article_url("mayor-skips-meeting")
        item = f"<item><title>Mayor at home</title><link>{address}?utm_source=ledger</link></item>"
        feed = f"<rss><channel>{item}</channel></rss>"
        desk.web.outlet("ledger").place("/feed.xml", feed.encode(), "application/rss+xml")
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.dropped) == (3, 1)
        assert sorted(len(story.articles) for story in await desk.stories()) == [1, 2]

    at_a_desk(tmp_path, work, ARTICLES[0], ARTICLES[1], ARTICLES[4], outlets=OUTLETS)
