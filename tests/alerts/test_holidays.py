"""On a holiday only what is urgent is told; what waited comes the morning after, on each reader's clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from alerts.holidays import holiday_end, next_digest
from alerts.limits import Defer, Send, allow, quiet_end
from alerts.schedule import declared_digests
from config.settings import Holiday, Reader, Settings
from news.nouns import DeliverRule, Priority
from news.timing import local
from tests.alerts import digest_nights
from tests.alerts.digest_nights import START, newsroom, playing
from tests.alerts.night import Night
from tests.fakes.clock import FakeClock
from tests.nouns import DESK, METRO, an_act, an_alert

DENVER = "America/Denver"
EASTERN = "email:night@newsroom.test"
SETTINGS = Settings(
    timezone=DENVER,
    holidays=(Holiday(first=date(2026, 12, 24), last=date(2026, 12, 26)),),
    readers=(Reader(id="night-editor", email=EASTERN, timezone="America/New_York"),),
)


def at(written: str) -> datetime:
    """Return a moment in Port Ellery in December: "24 12:00"."""
    day, clock = written.split()
    return datetime.fromisoformat(f"2026-12-{day} {clock}-07:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        ("23 12:00", None),
        # Wednesday's quiet night ends on the holiday, which ends on a quiet Sunday morning.
        ("23 23:00", "27 08:00"),
        ("24 00:00", "27 08:00"),
        ("26 23:59", "27 08:00"),
        ("27 08:00", None),
    ],
)
def test_a_holiday_is_quiet_until_the_morning_after_it(now: str, over: str | None) -> None:
    assert quiet_end(DESK, SETTINGS, at(now)) == (at(over) if over else None)


def test_what_is_urgent_is_told_on_a_holiday_too() -> None:
    alert = replace(an_alert(), destination=DESK, kind="root")
    assert allow(alert, SETTINGS, now=at("25 12:00")) == Defer(until=at("27 08:00"), why="quiet hours")
    assert allow(replace(alert, priority=Priority.URGENT), SETTINGS, now=at("25 12:00")) == Send()


def test_no_digest_comes_on_a_holiday() -> None:
    coming = next_digest("daily 06:30", METRO, SETTINGS, after=at("23 12:00"))
    assert f"{local(coming, DENVER):%d %H:%M}" == "27 06:30"


def test_the_first_digest_after_a_holiday_covers_all_of_it(quick_night: Night) -> None:
    night = quick_night
    (watchlist,) = night.settings.watchlists
    deliver = (DeliverRule(to=DESK, send="digest", at="daily 06:30"),)
    today = date(2026, 3, 18)
    night.settings = replace(
        night.settings,
        watchlists=(replace(watchlist, deliver=deliver),),
        holidays=(Holiday(first=today, last=today.replace(day=20)),),
    )
    night.ask(lambda store: store.declare_digests(declared_digests(night.settings), now=night.clock()))
    night.file("Council meets on a holiday")
    night.watch()
    opened = []
    for _ in range(24 * 3):
        night.later(hours=1)
        if night.open_digests():
            opened.append(f"{local(night.clock(), DENVER):%d %H:%M}")
    assert opened == ["21 07:00"]
    (alert,) = night.store.alerts()
    digest = night.store.digest(alert.digest_id or 0)
    assert digest is not None
    assert len(digest.items) == 1


def test_each_reader_has_a_clock_of_his_own() -> None:
    coming = next_digest("daily 06:30", EASTERN, SETTINGS, after=at("22 12:00"))
    assert coming == at("23 04:30")
    assert quiet_end(EASTERN, SETTINGS, at("22 21:00")) == at("23 04:00")
    assert quiet_end(METRO, SETTINGS, at("22 21:00")) is None
    assert holiday_end(EASTERN, SETTINGS, at("23 22:30")) == at("26 22:00")


def test_a_digest_that_was_due_in_a_pause_never_comes_and_the_next_one_covers_it(tmp_path: Path) -> None:
    pause = an_act("quiet", None, at=START, destination=METRO, until=START + timedelta(hours=30))

    async def scene(night: digest_nights.Night) -> None:
        await night.begin(newsroom())
        await night.store.write(lambda store: store.record_act(pause))
        await night.news("Council meets in a pause")
        opened = await night.goes_on(START + timedelta(days=3), step=timedelta(hours=1))
        assert [f"{local(moment, DENVER):%d %H:%M}" for moment in opened] == ["20 07:00", "21 07:00"]
        assert await night.headlines() == [["Council meets in a pause"], []]

    with playing(f"sqlite:///{tmp_path / 'nightdesk.db'}", FakeClock(START)) as play:
        play(scene)
