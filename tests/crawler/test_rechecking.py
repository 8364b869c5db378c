"""Articles that readers were told of are looked at again after an hour, six hours and a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawler.fulltext import Draft
from crawler.rechecking import Look, Rechecks
from crawler.versions import are_one_page
from news.telling import Delivery
from tests.crawler.desk import MINUTE, PARAGRAPHS, START, Desk, printed
from tests.crawler.test_polling import at_a_desk
from tests.fakes.faults import status
from tests.fakes.press import Correction
from tests.nouns import a_filing, a_receipt, a_tell, a_watching

HOUR = 60 * MINUTE


def a_delivery(story_id: int = 1, *, outcome: str = "sent", after: timedelta = timedelta()) -> Delivery:
    """Return a message that went out."""
    return Delivery(
        id=1,
        alert_id=1,
        key="k",
        kind="root",
        destination="slack:#desk",
        story_id=story_id,
        digest_id=None,
        outcome=outcome,
        receipt=None,
        at=START + after,
    )


def test_a_told_story_is_due_three_times() -> None:
    rechecks = Rechecks()
    told = [a_delivery()]
    taken = []
    for minutes in range(0, 26 * 60, 10):
        now = START + minutes * MINUTE
        for look in rechecks.due(told, now):
            taken.append((minutes // 60, look.number))
            rechecks.took(look, now)
    assert taken == [(1, 1), (6, 2), (24, 3)]


def test_looks_that_were_missed_are_taken_as_one() -> None:
    rechecks = Rechecks()
    now = START + 7 * HOUR
    assert rechecks.due([a_delivery()], now) == (Look(1, 2),)


def test_what_counts_is_when_a_story_was_told_first_and_that_it_arrived() -> None:
    rechecks = Rechecks()
    told = [a_delivery(2, after=50 * MINUTE), a_delivery(2), a_delivery(3, outcome="refused")]
    assert rechecks.due(told, START + HOUR) == (Look(2, 1),)


def test_the_store_is_asked_once_a_minute_at_most() -> None:
    rechecks = Rechecks()
    times = [rechecks.is_time(START + seconds * timedelta(seconds=1)) for seconds in (0, 2, 59, 60, 61, 130)]
    assert times == [True, False, False, True, False, True]


async def tell(desk: Desk) -> None:
    """Let the story go out, as the alerts room does."""
    (story,) = await desk.stories()
    now = desk.clock()
    watching = a_watching(story.id, a_tell(due_at=now), now=now)
    await desk.store.write(lambda store: store.record_watching(watching))
    lease = timedelta(minutes=1)
    (alert,) = await desk.store.write(lambda store: store.claim_alerts(now=now, lease=lease, limit=5))
    await desk.store.write(
        lambda store: store.record_sent(alert, a_receipt(), outcome="sent", headline="Mayor", now=now)
    )


def test_a_correction_that_no_feed_tells_of_is_found(tmp_path: Path) -> None:
    corrected = Correction(at=START + 30 * MINUTE, changes=(("Wednesday", "Thursday"),))

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        await tell(desk)
        desk.site.always("/feed.xml", status(304))
        desk.clock.advance(50 * MINUTE)
        assert (await desk.file()).grown == 0
        desk.clock.advance(20 * MINUTE)
        assert (await desk.file()).grown == 1
        (story,) = await desk.stories()
        (only,) = story.articles
        assert only.article.version == 2
        assert [correction.label for correction in only.corrections] == ["corrected"]
        desk.clock.advance(10 * MINUTE)
        assert (await desk.file()).grown == 0

    at_a_desk(tmp_path, work, printed(corrections=(corrected,)))


PAGE = "/2026/03/18/mayor-skips-meeting"


def test_a_page_that_is_not_there_an_hour_later_either_was_withdrawn(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        await tell(desk)
        desk.site.always(PAGE, status(404))
        desk.clock.advance(2 * HOUR)
        assert (await desk.file()).grown == 0
        desk._filer = None  # a restart forgets nothing of it
        desk.site.always(PAGE, status(503))
        desk.clock.advance(61 * MINUTE)
        assert (await desk.file()).grown == 0  # a server in trouble says nothing
        desk.site.always(PAGE, status(404))
        desk.clock.advance(61 * MINUTE)
        assert (await desk.file()).grown == 1
        (story,) = await desk.stories()
        (only,) = story.articles
        assert [(each.before, each.label) for each in only.corrections] == [
            ("Mayor skips meeting", "withdrawn")
        ]
        assert only.article.text == "\n".join(PARAGRAPHS)  # kept, and told no more
        assert only.placement.reason == "its page was not there, and not an hour later"
        assert await desk.store.read(lambda store: store.missing_pages(since=START)) == ()
        desk.clock.advance(20 * HOUR)
        assert (await desk.file()).grown == 0

    at_a_desk(tmp_path, work, printed())


def test_a_page_that_is_gone_for_good_was_withdrawn_and_one_that_is_refused_was_not(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        await tell(desk)
        for answer, hours, grown in ((403, 2, 0), (500, 5, 0), (410, 18, 1), (410, 1, 0)):
            desk.site.always(PAGE, status(answer))
            desk.clock.advance(hours * HOUR)
            assert (await desk.file()).grown == grown

    at_a_desk(tmp_path, work, printed())


def test_an_agency_that_tells_editors_to_kill_a_story_withdraws_it(tmp_path: Path) -> None:
    killed = printed(
        "EDITORS: Kill Mayor skips meeting",
        at=START + 60 * MINUTE,
        paragraphs=("Kill the story Mayor skips meeting. The mayor of Port Ellery was at the meeting.",),
    )

    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        desk.clock.advance(2 * HOUR)
        await desk.poll()
        report = await desk.file()
        assert (report.filed, report.grown) == (0, 1)
        (story,) = await desk.stories()
        (only,) = story.articles
        assert [(each.after, each.label) for each in only.corrections] == [(killed.title, "withdrawn")]
        assert only.article.title == "Mayor skips meeting"

    at_a_desk(tmp_path, work, printed(), killed)


def test_two_addresses_that_turn_out_to_be_one_page_make_one_article(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        (story,) = await desk.stories()
        known = story.articles[0].article
        other = replace(known, address=f"{known.address}?feed=1", title="Mayor skips", id=0, complete=False)
        await desk.store.write(
            lambda store: store.file(a_filing(0, replace(other, content_hash="feed", first_seen=START)))
        )
        assert len(await desk.stories()) == 2
        filer = await desk.filer()
        draft = Draft(article=known, addresses=(known.address, other.address))
        found = await filer._known(draft)
        assert found == known
        (joined,) = await desk.stories()
        assert [each.article.id for each in joined.articles] == [known.id]
        elsewhere = replace(known, title="Snow closes pass", text="Snow.", id=0, content_hash="snow")
        assert not are_one_page(known, elsewhere)  # an outlet that names one address for everything

    at_a_desk(tmp_path, work, printed())


def test_nobody_is_asked_again_about_a_story_that_was_not_told(tmp_path: Path) -> None:
    async def work(desk: Desk) -> None:
        await desk.poll()
        await desk.file()
        desk.site.forget_requests()
        desk.clock.advance(2 * HOUR)
        await desk.file()
        assert desk.site.requests == ()

    at_a_desk(tmp_path, work, printed())
