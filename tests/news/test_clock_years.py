"""Two years of clock, in six zones, over every daylight-saving change: one digest per date and reader.

The clock is looked at as a running Nightdesk does, with what happens to computers in between: they sleep, are
down over the hour, have their clocks set back, and start again knowing only what the table says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from news.timing import Schedule, due_digest, instant, local

BEGINS, ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)
#: Changes of an hour in spring and autumn on both halves of the Earth, one of half an hour, one at midnight.
ZONES = (
    "America/Denver",
    "Europe/Berlin",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Pacific/Auckland",
)
#: An ordinary hour, and those that a change leaves out or brings twice.
SCHEDULES = ("daily 06:30", "daily 02:30", "daily 00:15", "cron 30 1 * * *")


def looks(zone: str, random: Random) -> Iterator[datetime]:
    """Yield the times at which somebody looks: every few hours, every few minutes around a change."""
    now = BEGINS
    while now < ENDS:
        yield now
        chance = random.random()
        if chance < 0.01:
            now -= timedelta(minutes=random.randint(1, 90))  # the clock is set back
        elif chance < 0.02:
            now += timedelta(hours=random.randint(3, 20))  # down, or asleep
        elif offset(now, zone) != offset(now + timedelta(hours=30), zone):
            now += timedelta(minutes=random.randint(5, 40))
        else:
            now += timedelta(hours=random.randint(1, 5))


def offset(moment: datetime, zone: str) -> timedelta | None:
    return local(moment, zone).utcoffset()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("written", SCHEDULES)
def test_every_date_of_two_years_has_exactly_one_digest(zone: str, written: str) -> None:
    schedule, random = Schedule.parse(written), Random(f"{zone} {written}")  # noqa: S311 - a test's luck
    opened: dict[str, datetime] = {}
    last: str | None = None
    for now in looks(zone, random):
        due = due_digest(schedule, zone=zone, now=now, last_date=last, declared_at=BEGINS)
        if due is None:
            continue
        assert due.local_date not in opened
        assert due.due_at <= now
        opened[due.local_date] = due.due_at
        last = due.local_date
    first, final = min(opened), max(opened)
    days = (date.fromisoformat(final) - date.fromisoformat(first)).days + 1
    assert days > 700
    assert len(opened) == days
    assert all(at == expected(day, schedule.times[0], zone) for day, at in opened.items())


def expected(day: str, at: time, zone: str) -> datetime:
    """Return the first minute of the day at which the reader's clock has reached the hour."""
    moment = instant(date.fromisoformat(day), at, zone)
    reached, before = local(moment, zone), local(moment - timedelta(minutes=1), zone)
    wall = datetime.combine(date.fromisoformat(day), at)
    assert reached.replace(tzinfo=None) >= wall > before.replace(tzinfo=None)
    return moment
