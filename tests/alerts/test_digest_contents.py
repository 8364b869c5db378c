"""Does every digest have everything since the last, and nothing twice?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.schedule import days_until, digest_message
from news.nouns import Correction
from news.telling import AlertState
from news.timing import local
from tests.alerts.digest_day import ZONE
from tests.alerts.digest_nights import START, Night, Play, mailed, newsroom, playing
from tests.fakes.clock import FakeClock
from tests.nouns import DAY, HOUR, METRO, MINUTE, a_filing, a_placement, an_article


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def play(newsroom_url: str, clock: FakeClock) -> Iterator[Play]:
    """Play on each database in turn."""
    with playing(newsroom_url, clock) as play:
        yield play


@pytest.fixture
def quick_play(tmp_path: Path, clock: FakeClock) -> Iterator[Play]:
    """Play on SQLite alone: for what does not depend on the database."""
    with playing(f"sqlite:///{tmp_path / 'nightdesk.db'}", clock) as play:
        yield play


# ── What is in it ───────────────────────────────────────────────────────────────────────────────────────


def test_a_story_of_the_last_second_is_in_and_one_of_the_next_second_is_in_the_next(
    play: Play, clock: FakeClock
) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        due = START + 23 * HOUR + 30 * MINUTE
        clock.set(due - timedelta(seconds=1))
        await night.news("Just before")
        clock.set(due)
        await night.looks()
        await night.news("At the very hour, after the digest was opened")
        clock.set(due + timedelta(seconds=1))
        await night.news("Just after")
        await night.goes_on(due + DAY)
        assert await night.headlines() == [
            ["Just before"],
            ["At the very hour, after the digest was opened", "Just after"],
        ]

    play(scene)


def test_a_story_that_was_filed_before_and_found_after_the_hour_is_not_missed(
    quick_play: Play, clock: FakeClock
) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        await night.news("First report")
        clock.set(START + DAY)
        article = an_article("Filed in the night", first_seen=clock() - HOUR)
        filed = await night.files(a_filing(0, article, now=clock() - HOUR))
        await night.looks()
        await night.found(filed.story_id, 1)
        await night.goes_on(START + 2 * DAY)
        assert await night.headlines() == [["First report"], ["Filed in the night"]]

    quick_play(scene)


def test_the_next_digest_tells_only_what_came_since(play: Play) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        story = await night.news("Mayor skips capital meeting")
        await night.goes_on(START + DAY)
        await night.grows(story, "Council replies", "The council replied on Thursday.")
        await night.goes_on(START + 3 * DAY)
        first, second, third = await night.digests()
        assert [(item.from_revision, item.revision) for item in first.items] == [(0, 1)]
        assert [(item.from_revision, item.revision) for item in second.items] == [(1, 2)]
        assert third.items == ()
        day = await digest_message(second, night.settings, night.store)
        ((entry,),) = (part.entries for part in day.sections)
        assert entry.quote == ""
        assert [update.quotes for update in entry.updates] == [("The council replied on Thursday.",)]
        assert (await night.words()).counts.startswith("Nothing new;")

    play(scene)


def test_composed_again_it_says_what_it_said(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        story = await night.news("Mayor skips capital meeting")
        clock.set(START + DAY)
        await night.looks()
        before = await night.words()
        await night.grows(story, "Council replies", "The council replied on Thursday.")
        assert await night.words() == before

    quick_play(scene)


def test_a_correction_between_two_digests_is_told_though_a_later_version_hides_it(
    quick_play: Play, clock: FakeClock
) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        story = await night.news("Mayor skips capital meeting")
        correction = Correction(before="nearly 40", after="36", label="more exact")
        for text, corrections in (
            ("It holds 36 names.", (correction,)),
            ("It holds 36 names. More soon.", ()),
        ):
            clock.advance(HOUR)
            filing = a_filing(
                0,
                replace(an_article("Mayor skips capital meeting", text=text), id=1),
                new_version=True,
                corrections=corrections,
                placement=a_placement(story),
                now=clock(),
            )
            await night.files(filing)
        await night.found(story, 3)
        await night.goes_on(START + DAY)
        (section,) = (await night.words()).sections
        assert section.name == "Corrected"
        ((change,),) = (entry.corrections for entry in section.entries)
        assert (change.heading, change.after) == ("More exact, Channel 4 Ellery, 8:00 am", "“… 36 …”")

    quick_play(scene)


def test_the_hour_can_be_changed_without_losing_what_waited(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom(mailed("daily 06:30")))
        await night.goes_on(START + DAY)
        await night.news("Waited for half past six")
        clock.set(START + DAY + 20 * HOUR)
        await night.begin(newsroom(mailed("daily 08:00")))
        await night.goes_on(START + 2 * DAY + 2 * HOUR)
        assert await night.headlines() == [[], ["Waited for half past six"]]

    quick_play(scene)


def test_a_watchlist_that_joins_later_brings_what_it_finds(quick_play: Play) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom(mailed()))
        await night.begin(newsroom(mailed(), mailed(id="county-jail", name="County jail")))
        await night.news("Jail contract ends", watchlist="county-jail")
        await night.goes_on(START + DAY)
        assert await night.headlines() == [["Jail contract ends"]]
        assert (await night.words()).title == "Sanctuary cities and County jail"

    quick_play(scene)


def test_an_empty_day_sends_a_mail_all_the_same(quick_play: Play) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        await night.goes_on(START + DAY)
        assert (await night.words()).headline == "Nothing new; no sources are set up"
        (alert,) = await night.store.read(lambda store: store.alerts())
        assert (alert.kind, alert.destination, alert.state) == ("digest", METRO, AlertState.PENDING)

    quick_play(scene)


def test_the_chart_counts_the_stories_of_the_last_days(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        for day in range(9):
            clock.set(START + day * DAY)
            await night.looks()
            for number in range(day % 3 + 1):
                await night.news(f"Story {number} of day {day}")
        await night.goes_on(START + 9 * DAY)
        chart = (await night.words()).chart
        assert chart is not None
        assert [stories for _, stories in chart.days] == [1, 2, 3, 1, 2, 3, 1, 2, 3]
        assert chart.words == "3 on Thursday, usually 2."

    quick_play(scene)


def test_the_log_names_no_address(quick_play: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="nightdesk.alerts")

    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        await night.goes_on(START + DAY)

    quick_play(scene)
    (record,) = [record for record in caplog.records if record.message == "digest opened"]
    assert "newsroom.test" not in str(record.__dict__)


# ── The days of the chart ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("due", "last"),
    [
        ("2026-03-19T06:30", "2026-03-18"),
        ("2026-03-19T12:30", "2026-03-19"),
        ("2026-03-19T18:00", "2026-03-19"),
    ],
)
def test_a_morning_digest_is_about_yesterday_and_an_evening_one_about_today(due: str, last: str) -> None:
    moment = datetime.fromisoformat(due).replace(tzinfo=UTC) + 6 * HOUR
    days = days_until(moment, ZONE)
    assert len(days) == 14
    assert str(local(days[-1][0], ZONE).date()) == last


def test_days_are_the_readers_own_when_clocks_change() -> None:
    days = days_until(datetime(2026, 3, 12, 12, 30, tzinfo=UTC), ZONE)
    lengths = {str(local(start, ZONE).date()): end - start for start, end in days}
    assert lengths.pop("2026-03-08") == timedelta(hours=23)
    assert set(lengths.values()) == {DAY}
    assert [end for _, end in days[:-1]] == [start for start, _ in days[1:]]
