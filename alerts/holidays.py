"""When is everybody away, and when does a digest come next?

On a holiday only what is urgent is told at once, and no digest comes; the first one after it covers all of
it. Days and hours are those of whoever reads at a destination.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from config.settings import Settings
from news.timing import Schedule, instant, local, next_due

A_DAY = timedelta(days=1)


def holiday_end(destination: str, settings: Settings, now: datetime) -> datetime | None:
    """Return the local midnight that ends the holiday there, or None when there is none now."""
    zone = settings.zone_of(destination)
    today = day = local(now, zone).date()
    while settings.is_holiday(day):
        day += A_DAY
    return instant(day, time(), zone) if day > today else None


def is_holiday(moment: datetime, destination: str, settings: Settings) -> bool:
    """Return whether a moment falls on a holiday there."""
    return settings.is_holiday(local(moment, settings.zone_of(destination)).date())


def next_digest(schedule: str, destination: str, settings: Settings, *, after: datetime) -> datetime:
    """Return when a digest comes next: on the reader's clock, and not on a holiday."""
    parsed, zone = Schedule.parse(schedule), settings.zone_of(destination)
    due = next_due(parsed, zone=zone, after=after)
    while over := holiday_end(destination, settings, due):
        due = next_due(parsed, zone=zone, after=over - timedelta(microseconds=1))
    return due
