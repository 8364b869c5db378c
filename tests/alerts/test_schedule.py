"""Does every digest come once a day, at the reader's hour?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from alerts.schedule import declared_digests, digest_plans
from news.nouns import DeliverRule
from news.timing import local
from storage.open import open_store
from storage.threads import StoreThreads
from tests.alerts.digest_day import ZONE
from tests.alerts.digest_nights import START, Night, Play, mailed, newsroom, playing
from tests.fakes.clock import FakeClock
from tests.nouns import DAY, DESK, HOUR, METRO, MINUTE, a_watchlist


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


# ── Plans ───────────────────────────────────────────────────────────────────────────────────────────────


def test_two_watchlists_for_one_address_at_one_hour_share_a_mail() -> None:
    settings = newsroom(mailed(), mailed("daily 6:30", id="county-jail"), mailed(id="off", enabled=False))
    (plan,) = digest_plans(settings)
    assert (plan.destination, plan.schedule) == (METRO, "daily 06:30")
    assert plan.watchlist_ids == ("sanctuary-cities", "county-jail")


def test_another_hour_or_another_address_is_another_mail() -> None:
    settings = newsroom(
        mailed(), mailed("weekdays 17:00", id="b"), mailed(id="c", to="email:desk@newsroom.test")
    )
    assert declared_digests(settings) == {
        METRO: METRO,
        f"{METRO} weekdays 17:00": METRO,
        "email:desk@newsroom.test": "email:desk@newsroom.test",
    }


def test_a_watchlist_told_at_once_only_has_no_digest() -> None:
    assert digest_plans(newsroom(a_watchlist(deliver=(DeliverRule(to=DESK),)))) == ()


def test_a_digest_without_an_hour_comes_at_the_desks() -> None:
    settings = replace(newsroom(mailed("")), desk_digest_at="daily 05:45")
    assert [plan.schedule for plan in digest_plans(settings)] == ["daily 05:45"]


# ── The hour ────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_due_before_the_digest_was_declared(quick_play: Play) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom(mailed("daily 06:30")))
        assert await night.looks() == 0
        assert await night.goes_on(START + 23 * HOUR) == []
        assert await night.goes_on(START + DAY) == [START + 23 * HOUR + 30 * MINUTE]

    quick_play(scene)


def test_a_digest_that_nobody_declared_yet_is_not_opened(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        clock.set(START + DAY)
        assert await night.looks() == 0

    quick_play(scene)


@pytest.mark.parametrize(
    ("start", "schedule", "odd"),
    [
        # Clocks go forward on March 8, 2026: 2:30 does not exist that night and becomes 3:00.
        ("2026-03-05T18:00Z", "daily 02:30", "03:00"),
        ("2026-03-05T18:00Z", "daily 00:30", "00:30"),
        # They go back on November 1, 2026: 1:30 comes twice, and the first counts.
        ("2026-10-29T18:00Z", "daily 01:30", "01:30"),
        ("2026-10-29T18:00Z", "daily 06:30", "06:30"),
    ],
)
def test_when_clocks_change_each_day_has_one_digest_at_its_hour(
    play: Play, clock: FakeClock, start: str, schedule: str, odd: str
) -> None:
    clock.set(datetime.fromisoformat(start))

    async def scene(night: Night) -> None:
        await night.begin(newsroom(mailed(schedule)))
        opened = await night.goes_on(clock() + 6 * DAY, step=HOUR / 2)
        hours = [f"{local(at, ZONE):%H:%M}" for at in opened]
        assert hours == [odd if local(at, ZONE).day in {1, 8} else schedule[-5:] for at in opened]
        dates = [local(at, ZONE).date() for at in opened]
        assert [later - earlier for earlier, later in pairwise(dates)] == [timedelta(days=1)] * 5
        digests = await night.digests()
        assert [digest.local_date for digest in digests] == [str(date) for date in dates]
        assert [after.covers_from for after in digests[1:]] == [before.covers_to for before in digests[:-1]]

    play(scene)


def test_in_the_repeated_hour_the_first_of_two_equal_times_counts(quick_play: Play, clock: FakeClock) -> None:
    clock.set(datetime(2026, 11, 1, 6, 0, tzinfo=UTC))

    async def scene(night: Night) -> None:
        await night.begin(newsroom(mailed("daily 01:30")))
        assert await night.goes_on(clock() + 6 * HOUR) == [datetime(2026, 11, 1, 7, 30, tzinfo=UTC)]

    quick_play(scene)


def test_after_an_outage_of_days_one_digest_makes_up_for_all(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        await night.news("Told before the lights went out")
        clock.set(START + 4 * DAY)
        assert await night.looks() == 1
        assert await night.looks() == 0
        (digest,) = await night.digests()
        assert (digest.covers_from, digest.covers_to) == (START, START + 4 * DAY)
        assert digest.local_date == "2026-03-22"
        assert "Late: it was due at 6:30 am." in (await night.words()).covers
        assert await night.headlines() == [["Told before the lights went out"]]
        assert len(await night.goes_on(START + 5 * DAY)) == 1

    quick_play(scene)


def test_a_digest_several_times_a_day_has_a_row_for_each(quick_play: Play) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom(mailed("weekdays 07:30, 12:30")))
        opened = await night.goes_on(START + 5 * DAY)
        assert [f"{local(at, ZONE):%a %H:%M}" for at in opened] == [
            *("Wed 07:30", "Wed 12:30", "Thu 07:30", "Thu 12:30", "Fri 07:30", "Fri 12:30")
        ]

    quick_play(scene)


def test_two_who_look_at_once_open_one(play: Play, newsroom_url: str, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        clock.set(START + DAY)
        other = StoreThreads(lambda: open_store(newsroom_url, now=START))
        try:
            second = Night(other, clock)
            second.settings = night.settings
            assert sorted(await asyncio.gather(night.looks(), second.looks())) == [0, 1]
        finally:
            other.close()
        assert len(await night.digests()) == 1

    play(scene)
