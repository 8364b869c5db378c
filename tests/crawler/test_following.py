"""Whoever files goes by what people say of stories, at once and after a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.crawler.desk import MINUTE, START, Desk, an_outlet, printed
from tests.crawler.test_polling import at_a_desk
from tests.news.sameness.test_bridging import CRACK, QUAY
from tests.nouns import a_parting


def test_what_a_person_parted_stays_two_for_whoever_files_until_a_person_lets_go(tmp_path: Path) -> None:
    outlets = tuple(an_outlet(name) for name in ("channel4", "ledger", "courier"))
    late = printed("Mayor skips meeting again", outlet="courier", at=START + 5 * MINUTE)

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        (story,) = await desk.stories()
        first, second = (each.article.id for each in story.articles)
        parted = await desk.store.write(lambda store: store.split_story(a_parting(story.id, first)))
        assert parted is not None
        desk.clock.advance(15 * MINUTE)
        await desk.poll()
        await desk.file()
        placed = {each.article.outlet: told.id for told in await desk.stories() for each in told.articles}
        # The late copy is as near to both: it joins one of them, and makes them one no more.
        assert len(placed) == len(outlets)
        assert set(placed.values()) == {story.id, parted.new_id}
        # What a late article might show to be one stays two, because a person said so.
        filer = await desk.filer()
        assert await filer.merge_stories(story.id, parted.new_id, reason="4 shared sentences") is None
        (decision,) = await desk.store.read(lambda store: store.decisions())
        await desk.store.write(
            lambda store: store.release_decision(decision.id, who="editor", reason="", now=START)
        )
        merged = await filer.merge_stories(story.id, parted.new_id, reason="4 shared sentences")
        assert merged is not None
        (joined,) = await desk.stories()
        assert [each.article.id for each in joined.articles][:2] == [first, second]
        assert joined.articles[0].placement.reason == "4 shared sentences"

    at_a_desk(
        tmp_path,
        work,
        printed("Mayor skips meeting"),
        printed("Mayor skips meeting", outlet="ledger"),
        late,
        outlets=outlets,
    )


def test_a_late_article_that_has_the_text_of_two_stories_makes_them_one(tmp_path: Path) -> None:
    outlets = tuple(an_outlet(name) for name in ("channel4", "ledger", "courier"))

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        first, second = await desk.stories()
        desk.clock.advance(15 * MINUTE)
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.new_stories) == (1, 0)
        (joined,) = await desk.stories()
        assert (joined.id, len(joined.articles)) == (first.id, 3)
        reasons = [each.placement.reason for each in joined.articles]
        assert "one article has what Channel4 and Ledger printed of it" in reasons
        (merged,) = await desk.store.read(lambda store: store.merged_into(first.id))
        assert (merged.story_id, merged.who) == (second.id, "")
        # Whoever files knows it at once.
        window = (await desk.filer())._judge.window
        assert {window.place(each.article).story_id for each in joined.articles} == {joined.id}

    whole = printed("Crack closes harbor bridge", "courier", paragraphs=(*CRACK, *QUAY))
    at_a_desk(
        tmp_path,
        work,
        printed("Crack closes harbor bridge", paragraphs=CRACK),
        printed("Empty quay, empty shops", "ledger", paragraphs=QUAY),
        replace(whole, at=START + 5 * MINUTE),
        outlets=outlets,
    )
