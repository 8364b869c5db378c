"""Which days and times does a cron line mean?

    "30 6 * * 1-5"      minute, hour, day of the month, month, day of the week (0 and 7 are Sunday)

As cron itself has it: where day of the month and day of the week are both narrowed, either one is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from news.errors import ConfigError

MOST_A_DAY = 24  # times; whoever wants more wants it told at once
_NAMES = {
    3: ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    4: ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
}
#: Of each field: what it is called, its least and its greatest value.
_FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("weekday", 0, 7),
)
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d{1,2}))?")
_A_LEAP_YEAR = date(2028, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """A cron line that was read."""

    line: str
    times: tuple[time, ...]
    # 0 is Monday, as everywhere but in cron.
    weekdays: frozenset[int]
    month_days: frozenset[int]
    months: frozenset[int]
    # Day of the month and weekday are both narrowed: either is enough.
    either: bool

    def falls_on(self, day: date) -> bool:
        """Return whether a day is one of its days."""
        in_month, in_week = day.day in self.month_days, day.weekday() in self.weekdays
        right_day = in_month or in_week if self.either else in_month and in_week
        return right_day and day.month in self.months


def read_cron(line: str) -> Cron:
    """Read the five fields of a cron line.

    Raises:
        ConfigError: with what is wrong and what to write instead.
    """
    fields = line.lower().split()
    if len(fields) != len(_FIELDS):
        what = f'"{line}" has {len(fields)} fields, and a cron line five; write cron 30 6 * * 1-5'
        raise ConfigError(what)
    minutes, hours, month_days, months, weekdays = (
        frozenset(_values(field, number)) for number, field in enumerate(fields)
    )
    times = tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes))
    if len(times) > MOST_A_DAY:
        what = f'"{line}" comes {len(times)} times a day; write at most {MOST_A_DAY}, or send: at once'
        raise ConfigError(what)
    cron = Cron(
        line=" ".join(fields),
        times=times,
        weekdays=frozenset((day - 1) % 7 for day in weekdays),
        month_days=month_days,
        months=months,
        either=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )
    if not any(cron.falls_on(_A_LEAP_YEAR + timedelta(days=days)) for days in range(366)):
        what = f'"{line}" never comes; write a day that the month has'
        raise ConfigError(what)
    return cron


def _values(field: str, number: int) -> Iterator[int]:
    name, least, most = _FIELDS[number]
    for part in field.split(","):
        found = _PART.fullmatch(part)
        first, last = (found["first"], found["last"]) if found else ("", "")
        step = int(found["step"] or 1) if found else 0
        start = least if first == "*" else _value(first, number)
        end = most if first == "*" or (found and found["step"] and not last) else start
        end = _value(last, number) if last else end
        if start is None or end is None or not least <= start <= end <= most or not step:
            what = f'"{part}" is no {name} of a cron line; write {least} to {most}, such as {least} or */5'
            raise ConfigError(what)
        # Sunday is 0 and 7: a star has it once.
        yield from range(start, end + 1, step)


def _value(word: str, number: int) -> int | None:
    names = _NAMES.get(number, ())
    if word in names:
        return names.index(word) + (number == 3)  # noqa: PLR2004 - months begin with 1
    return int(word) if word.isdigit() else None
