"""When is a source read next, when is a digest due, until when is it quiet, when is something tried again?

The hour is the reader's own. Where clocks go back, the first of two equal times counts; where they go
forward, a time that does not exist becomes the first minute that does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

from news.cron import Cron, read_cron
from news.errors import ConfigError
from news.lessons import NOTHING_LEARNT, Lessons
from news.nouns import FetchState, Health, QuietHours, Source
from news.rhythm import pace

LONGEST_WAIT = timedelta(hours=6)  # between two polls of a source that fails
STRETCHED = 6  # times `every`: how seldom a source is asked at hours at which it never brings anything
STOPPED_WAIT = timedelta(hours=24)  # a person must decide; asked once a day whether the publisher relented
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=10)
LONGEST_ASKED = timedelta(hours=24)  # a publisher or channel that asks for more is believed up to here
SPREAD = 0.1  # of the wait: sources that were due together do not stay together
_DOUBLINGS = 16  # more of them change nothing: the caps above are reached long before

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SATURDAY = 5
_NAMED_DAYS = {
    "daily": range(7),
    "every day": range(7),
    "weekdays": range(_SATURDAY),
    "weekends": range(_SATURDAY, 7),
}
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?:\s*(am|pm))?")
_MINUTE = timedelta(minutes=1)
_WEEK = 7  # days
_LONGEST_CRON_GAP = 8 * 366  # days: a February 29 over a century's turn


def next_poll(
    state: FetchState,
    source: Source,
    *,
    now: datetime,
    jitter: float,
    asked: float | None = None,
    lessons: Lessons = NOTHING_LEARNT,
) -> datetime:
    """Return when to read a source again.

    After `every`, or later at hours at which it seldom brings anything; after doubled waits when it fails.
    `jitter` in 0..1 lengthens the wait by up to a tenth. `asked` is what the publisher asks for in seconds:
    the Retry-After of a failure, and else how long the answer is good for, believed up to the longest pace.
    """
    spread = 1 + SPREAD * jitter
    if state.health is Health.STOPPED:
        return now + max(STOPPED_WAIT, source.every, _asked(asked)) * spread
    if state.failures:
        wait = _grown(source.every, state.failures, max(LONGEST_WAIT, source.every))
        return now + max(wait, _asked(asked)) * spread
    ceiling = slowest_pace(source)
    wait = pace(lessons.rhythm, floor=source.every, ceiling=ceiling, now=now)
    good_for = max(_asked(asked), lessons.wishes.good_for)
    return lessons.wishes.next_open(now + max(wait, min(good_for, ceiling)) * spread)


def slowest_pace(source: Source) -> timedelta:
    """Return how long a source that can be read is left alone at most."""
    return max(source.every, min(source.every * STRETCHED, LONGEST_WAIT))


def retry_at(attempts: int, *, now: datetime, jitter: float, asked: float | None = None) -> datetime:
    """Return when to try again after `attempts` tries failed: 2 s, 4 s, 8 s, ... 10 minutes, or as asked."""
    wait = _grown(FIRST_RETRY, max(attempts, 1) - 1, LONGEST_RETRY)
    return now + max(wait * (1 + jitter), _asked(asked))


def _grown(first: timedelta, doublings: int, longest: timedelta) -> timedelta:
    return min(first * (1 << min(max(doublings, 0), _DOUBLINGS)), longest)


def _asked(seconds: float | None) -> timedelta:
    """Believe a wait that somebody asked for, within reason."""
    if seconds is None or not math.isfinite(seconds) or seconds <= 0:
        return timedelta()
    return timedelta(seconds=min(seconds, LONGEST_ASKED.total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Local times on days of the week: "daily 06:30", "weekdays 07:00, 12:30", "sat,sun 09:00"."""

    # 0 is Monday.
    days: frozenset[int]
    # In order, none twice.
    times: tuple[time, ...]
    # Set where a cron line was written; it decides which days there are.
    cron: Cron | None = None

    @property
    def is_daily(self) -> bool:
        """Whether it comes once every day."""
        return self.cron is None and len(self.days) == len(DAYS) and len(self.times) == 1

    @property
    def longest_gap(self) -> int:
        """Days within which it comes at least once."""
        return _WEEK if self.cron is None else _LONGEST_CRON_GAP

    def falls_on(self, day: date) -> bool:
        """Return whether a local day is one of its days."""
        return day.weekday() in self.days if self.cron is None else self.cron.falls_on(day)

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read a schedule as people write it.

        Raises:
            ConfigError: with what is wrong and what to write instead.
        """
        plain = " ".join(text.lower().split())
        if plain.startswith("cron"):
            cron = read_cron(plain.removeprefix("cron").strip(" :"))
            return cls(days=cron.weekdays, times=cron.times, cron=cron)
        first = _TIME.search(plain)
        if first is None:
            what = f'"{text}" has no time of day; write daily 06:30, or weekdays 07:00, 12:30'
            raise ConfigError(what)
        days = _days(plain[: first.start()].strip(" ,:").removesuffix(" at"), text)
        times = {_time(piece.strip(), text) for piece in plain[first.start() :].split(",")}
        return cls(days=days, times=tuple(sorted(times)))

    def __str__(self) -> str:
        """Write the schedule so that `parse` reads it."""
        if self.cron is not None:
            return f"cron {self.cron.line}"
        named = next((name for name, days in _NAMED_DAYS.items() if self.days == set(days)), "")
        days = named or ",".join(DAYS[day] for day in sorted(self.days))
        return f"{days} {', '.join(f'{at:%H:%M}' for at in self.times)}"


def _days(written: str, whole: str) -> frozenset[int]:
    if not written:
        return frozenset(range(7))
    if written in _NAMED_DAYS:
        return frozenset(_NAMED_DAYS[written])
    found: set[int] = set()
    for piece in re.split(r"[\s,]+", written):
        first, _, last = piece.partition("-")
        start, end = _day(first, whole), _day(last or first, whole)
        found |= {day % 7 for day in range(start, end + 1 + 7 * (end < start))}
    return frozenset(found)


def _day(word: str, whole: str) -> int:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if len(word) >= 3:  # noqa: PLR2004 (the shortest form of a day's name)
        for number, name in enumerate(full):
            if name.startswith(word):
                return number
    what = f'"{word}" in "{whole}" is not a day; write daily, weekdays, weekends, or mon,tue'
    raise ConfigError(what)


def _time(written: str, whole: str) -> time:
    parts = _TIME.fullmatch(written)
    hour, minute = (int(parts[1]), int(parts[2])) if parts else (99, 0)
    if parts and parts[3]:
        hour = hour % 12 + 12 * (parts[3] == "pm") if hour in range(1, 13) else 99
    try:
        return time(hour, minute)
    except ValueError:
        what = f'"{written}" in "{whole}" is not a time of day; write 06:30'
        raise ConfigError(what) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDigest:
    """A digest that should be on its way now."""

    # The reader's local date, "2026-03-19"; with several times a day, "2026-03-19 12:30". Sorts by time.
    local_date: str
    due_at: datetime


def due_digest(
    schedule: Schedule, *, zone: str | tzinfo, now: datetime, last_date: str | None, declared_at: datetime
) -> DueDigest | None:
    """Return the digest that is due and was not opened yet, however late; None when there is none.

    `last_date` is the `local_date` of the last one opened, None before the first. After an outage only the
    latest is due: it covers everything since the last. Nothing is due before the digest was declared.
    """
    for due in _latest(schedule, zone, now):
        fresh = last_date is None or due.local_date > last_date
        return due if fresh and due.due_at >= declared_at else None
    return None


def _latest(schedule: Schedule, zone: str | tzinfo, now: datetime) -> Iterator[DueDigest]:
    """Yield what was due up to now, latest first, for a span that holds at least one."""
    today = local(now, zone).date()
    several = len(schedule.times) > 1
    for back in range(-1, schedule.longest_gap + 2):
        day = today - timedelta(days=back)
        for at in reversed(schedule.times if schedule.falls_on(day) else ()):
            due_at = instant(day, at, zone)
            if due_at <= now:
                yield DueDigest(local_date=f"{day} {at:%H:%M}" if several else str(day), due_at=due_at)


def next_due(schedule: Schedule, *, zone: str | tzinfo, after: datetime) -> datetime:
    """Return the first time strictly after `after` at which a schedule comes round."""
    today = local(after, zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(-1, schedule.longest_gap + 2))
    times = (instant(day, at, zone) for day in days if schedule.falls_on(day) for at in schedule.times)
    # In order but for the hours that a day has twice or not at all, which are of one day.
    return min(islice((due for due in times if due > after), 2 * len(schedule.times)))


def quiet_until(
    now: datetime, *, zone: str | tzinfo, weekdays: QuietHours | None, weekends: QuietHours | None
) -> datetime | None:
    """Return when the quiet hours that hold now are over, or None when it is not quiet.

    Which rule holds is decided by the local date on which the quiet begins: Friday's evening is a
    weekday's, Sunday's a weekend's.
    """
    over = None
    moment = now
    # Quiet hours that meet are one; a week of them is for ever and ends the look.
    for _ in range(8):
        ends = [
            end for start, end in _quiet_around(moment, zone, weekdays, weekends) if start <= moment < end
        ]
        if not ends:
            break
        over = moment = max(ends)
    return over


def _quiet_around(
    moment: datetime, zone: str | tzinfo, weekdays: QuietHours | None, weekends: QuietHours | None
) -> Iterator[tuple[datetime, datetime]]:
    today = local(moment, zone).date()
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        hours = weekends if day.weekday() >= _SATURDAY else weekdays
        if hours is not None:
            start, end = time.fromisoformat(hours.start), time.fromisoformat(hours.end)
            last_day = day + timedelta(days=1) if end < start else day
            yield instant(day, start, zone), instant(last_day, end, zone)


def local(moment: datetime, zone: str | tzinfo) -> datetime:
    """Return a moment on the reader's clock."""
    return moment.astimezone(_zone(zone))


def _zone(zone: str | tzinfo) -> tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def instant(day: date, at: time, zone: str | tzinfo) -> datetime:
    """Return the moment, in UTC, when the reader's clock first shows this, or the first after a gap.

    A time's `fold` says nothing here: of two hours that an autumn day has, it is always the first.
    """
    wall = datetime.combine(day, at.replace(fold=0))
    here = _zone(zone)
    moment = wall.replace(tzinfo=here).astimezone(UTC)
    if moment.astimezone(here).replace(tzinfo=None) == wall:
        return moment
    return _after_gap(wall, here)


def _after_gap(wall: datetime, here: tzinfo) -> datetime:
    """Find the minute at which the clock jumped over this time: look where the offset changes, halving."""
    before = wall.replace(tzinfo=here, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=here, fold=0).astimezone(UTC)
    offset = after.astimezone(here).utcoffset()
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        if middle.astimezone(here).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
