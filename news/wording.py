"""How do times, numbers and grades read on a surface that an editor sees?

1:12 pm · Wednesday 11:58 am · Thursday, March 19, 2026 · 26 hours · every 2 hours · 2 details · A, B and C
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from news.nouns import Grade, Priority
from news.timing import local

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PRIORITY_WORDS = {
    Priority.LOW: "Low priority",
    Priority.NORMAL: "Normal priority",
    Priority.HIGH: "High priority",
    Priority.URGENT: "Urgent",
}
GRADE_WORDS = {Grade.ABOUT: "Main topic", Grade.MENTIONS: "Passing mention"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds
_HOURS_UP_TO = 48 * _HOUR  # "26 hours" says more than "1 day"
_MINUTES_UP_TO = 90 * _MINUTE
_A_WEEK = 7  # days; longer ago, a weekday alone would mislead


def clock_time(moment: datetime, zone: str | tzinfo) -> str:
    """Return "1:12 pm" on the reader's clock."""
    here = local(moment, zone)
    return f"{here.hour % 12 or 12}:{here:%M} {('am', 'pm')[here.hour // 12]}"


def weekday(moment: datetime, zone: str | tzinfo) -> str:
    """Return "Wednesday"."""
    return WEEKDAYS[local(moment, zone).weekday()]


def weekday_time(moment: datetime, zone: str | tzinfo) -> str:
    """Return "Wednesday 11:58 am"."""
    return f"{weekday(moment, zone)} {clock_time(moment, zone)}"


def weekday_date(moment: datetime, zone: str | tzinfo) -> str:
    """Return "Wednesday March 18"."""
    return f"{weekday(moment, zone)} {month_day(local(moment, zone).date())}"


def long_date(moment: datetime, zone: str | tzinfo) -> str:
    """Return "Thursday, March 19, 2026"."""
    here = local(moment, zone)
    return f"{weekday(moment, zone)}, {month_day(here.date())}, {here.year}"


def month_day(day: date) -> str:
    """Return "March 19"."""
    return f"{MONTHS[day.month - 1]} {day.day}"


def when(moment: datetime, zone: str | tzinfo, *, now: datetime) -> str:
    """Return a time as short as it can be said now: the hour; the weekday and hour; the date and hour."""
    here, today = local(moment, zone), local(now, zone)
    apart = abs((here.date() - today.date()).days)
    if apart == 0:
        return clock_time(moment, zone)
    if apart < _A_WEEK:
        return weekday_time(moment, zone)
    year = f", {here.year}" if here.year != today.year else ""
    return f"{month_day(here.date())}{year}, {clock_time(moment, zone)}"


def span(length: timedelta) -> str:
    """Return "4 minutes", "26 hours", "3 days": one unit, rounded."""
    seconds = abs(length.total_seconds())
    if seconds < _MINUTE:
        return counted(round(seconds), "second")
    if seconds < _MINUTES_UP_TO:
        return counted(round(seconds / _MINUTE), "minute")
    if seconds < _HOURS_UP_TO:
        return counted(round(seconds / _HOUR), "hour")
    return counted(round(seconds / _DAY), "day")


def every(length: timedelta) -> str:
    """Return "every 2 hours", "every 25 minutes", "every day"."""
    said = span(length)
    return f"every {said.removeprefix('1 ')}"


def counted(amount: int, noun: str, *, plural: str = "", number: bool = True) -> str:
    """Return "1 story", "4 stories", "2,913 articles"; without the number, "story" or "stories"."""
    word = noun if amount == 1 else plural or _plural(noun)
    return f"{amount:,} {word}" if number else word


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def joined(words: Iterable[str]) -> str:
    """Return "A", "A and B", "A, B and C"."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last
