"""Does a digest that was slept through wait for the news of the night, and never for long?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alerts.catching_up import MOST_WAIT, CatchingUp
from alerts.schedule import open_due_digests
from tests.alerts.digest_nights import START, Night, Play, newsroom, playing
from tests.fakes.clock import FakeClock
from tests.nouns import DAY, HOUR, MINUTE, a_fetch_state, a_filing, a_source, an_article, an_outcome


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def quick_play(tmp_path: Path, clock: FakeClock) -> Iterator[Play]:
    """Play on SQLite alone: what is asked here is tested on both in tests/storage."""
    with playing(f"sqlite:///{tmp_path / 'nightdesk.db'}", clock) as play:
        yield play


async def looks(night: Night, catching_up: CatchingUp) -> int:
    return await open_due_digests(night.settings, night.store, clock=night.clock, catching_up=catching_up)


async def asks(night: Night) -> None:
    """Ask the one source; it has nothing new."""
    state = a_fetch_state(next_due=night.clock() + 10 * MINUTE, last_ok=night.clock())
    await night.store.write(lambda store: store.record_fetch(an_outcome(state=state)))


async def sleeps_through_the_hour(night: Night) -> None:
    """Begin with one source, and wake two days later."""
    await night.begin(newsroom())
    await night.store.write(lambda store: store.declare_sources([a_source()], now=START))
    night.clock.set(START + 2 * DAY)


def test_a_late_digest_waits_until_the_sources_were_asked(quick_play: Play) -> None:
    async def scene(night: Night) -> None:
        await sleeps_through_the_hour(night)
        catching_up = CatchingUp()
        assert await looks(night, catching_up) == 0
        await asks(night)
        assert await looks(night, catching_up) == 1

    quick_play(scene)


def test_it_waits_for_a_story_that_nobody_watched_yet(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await night.begin(newsroom())
        clock.set(START + 2 * DAY)
        filed = await night.files(a_filing(0, an_article(first_seen=clock()), now=clock()))
        catching_up = CatchingUp()
        assert await looks(night, catching_up) == 0
        await night.found(filed.story_id, 1)
        assert await looks(night, catching_up) == 1
        assert await night.headlines() == [["Mayor skips capital meeting"]]

    quick_play(scene)


def test_it_never_waits_for_long(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await sleeps_through_the_hour(night)
        catching_up = CatchingUp()
        assert await looks(night, catching_up) == 0
        clock.advance(MOST_WAIT - MINUTE)
        assert await looks(night, catching_up) == 0
        clock.advance(MINUTE)
        assert await looks(night, catching_up) == 1
        # The next outage is waited for anew.
        clock.advance(2 * DAY)
        assert await looks(night, catching_up) == 0

    quick_play(scene)


def test_a_digest_at_its_hour_waits_for_nothing(quick_play: Play, clock: FakeClock) -> None:
    async def scene(night: Night) -> None:
        await sleeps_through_the_hour(night)
        clock.set(START + 23 * HOUR + 31 * MINUTE)
        assert await looks(night, CatchingUp()) == 1

    quick_play(scene)


def test_what_was_slept_through_is_in_the_digest_that_waited(quick_play: Play) -> None:
    async def scene(night: Night) -> None:
        await sleeps_through_the_hour(night)
        catching_up = CatchingUp()
        await looks(night, catching_up)
        await asks(night)
        await night.news("Found on waking")
        assert await looks(night, catching_up) == 1
        assert await night.headlines() == [["Found on waking"]]
        assert "Late: it was due at 6:30 am." in (await night.words()).covers

    quick_play(scene)
