"""May this go out now, should it wait, or does it go into a group?

Pure. A channel hears at most so many stories an hour and a day over all its watchlists; what is above that is
shown in one rolling "7 more stories". In quiet hours, and on holidays, only what is urgent goes out; what
waited through them comes as one roll-up. Follow-ups stand in threads and disturb nobody, so only quiet hours
hold them; digests and health warnings have hours of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from alerts.channels.registry import kind_of
from alerts.holidays import holiday_end
from config.settings import Settings
from news.nouns import Priority
from news.telling import Alert, Delivery
from news.timing import instant, local, quiet_until

HOUR = timedelta(hours=1)
#: A roll-up grows for so long, because what waited may be more than one claim takes.
ROLL_UP_GROWS_FOR = timedelta(minutes=5)
HELD_IN_QUIET = frozenset({"root", "reply", "correction", "group"})
#: Nobody is woken by a terminal.
NEVER_QUIET = frozenset({"console"})
TOLD = frozenset({"sent", "found"})

MOST_TURNS = 10  # holidays and quiet hours in a row

# Why stories are in a group.
HOURLY = "hour"
DAILY = "day"
QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """It may go out now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defer:
    """It waits."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """It is shown in the destination's group, which grows until then."""

    why: str
    until: datetime


Decision = Send | Defer | Group


def decide_all(
    alerts: Sequence[Alert], sent: Sequence[Delivery], settings: Settings, *, can_edit: bool, now: datetime
) -> tuple[Decision, ...]:
    """Return a decision for each alert of one destination, in order.

    `sent` are its deliveries since `look_back`. A channel that cannot edit has no rolling group: stories
    above the limit wait there until one message may go out, and that message has them all.
    """
    settings = settings.as_read_at(alerts[0].destination) if alerts else settings
    decisions: list[Decision] = [allow(alert, settings, now=now) for alert in alerts]
    roots = [n for n, alert in enumerate(alerts) if alert.kind == "root" and decisions[n] == Send()]
    woken = [n for n in roots if not alerts[n].asked_by and waited_for_quiet(alerts[n], settings, now)]
    if len(woken) > 1:
        for number in woken:
            decisions[number] = Group(why=QUIET, until=now + ROLL_UP_GROWS_FOR)
    limited = [n for n in roots if decisions[n] == Send() and not goes_anyway(alerts[n])]
    room = _Room(sent, settings, now)
    for number, decision in zip(limited, room.share(len(limited), can_edit=can_edit), strict=True):
        decisions[number] = decision
    return tuple(decisions)


def allow(alert: Alert, settings: Settings, *, now: datetime) -> Send | Defer:
    """Return whether the quiet hours let an alert out."""
    held = alert.kind in HELD_IN_QUIET and not goes_anyway(alert)
    until = quiet_end(alert.destination, settings, now) if held else None
    return Send() if until is None else Defer(until=until, why="quiet hours")


def goes_anyway(alert: Alert) -> bool:
    """Return whether neither quiet hours nor limits hold it: it is urgent, or somebody asked for it."""
    return alert.priority >= Priority.URGENT or bool(alert.asked_by)


def quiet_end(destination: str, settings: Settings, now: datetime) -> datetime | None:
    """Return when the quiet hours that hold now at a destination are over, or None when it is not quiet.

    Whoever reads there has a clock, and may have quiet hours, of their own.
    """
    if kind_of(destination) in NEVER_QUIET:
        return None
    settings = settings.as_read_at(destination)
    zone, over = settings.timezone, now
    # A holiday ends at midnight, in quiet hours; quiet hours may end on a holiday.
    for _ in range(MOST_TURNS):
        day_is_over = holiday_end(destination, settings, over) or over
        quiet_is_over = quiet_until(
            day_is_over, zone=zone, weekdays=settings.quiet_weekdays, weekends=settings.quiet_weekends
        )
        if over == (quiet_is_over or day_is_over):
            break
        over = quiet_is_over or day_is_over
    return over if over > now else None


def waited_for_quiet(alert: Alert, settings: Settings, now: datetime) -> bool:
    """Return whether an alert was made in quiet hours, or on a holiday, that are over now."""
    woken = quiet_end(alert.destination, settings, alert.created)
    return woken is not None and woken <= now


def look_back(settings: Settings, now: datetime) -> datetime:
    """Return since when deliveries count: the reader's midnight, or an hour ago when that is earlier."""
    return min(_midnight(settings, now), now - HOUR)


def _midnight(settings: Settings, now: datetime, *, days: int = 0) -> datetime:
    today = local(now, settings.timezone).date()
    return instant(today + timedelta(days=days), time(), settings.timezone)


class _Room:
    """How many more stories a destination may be told one by one."""

    def __init__(self, sent: Sequence[Delivery], settings: Settings, now: datetime) -> None:
        self._limits = settings.limits
        self._now = now
        self._tomorrow = _midnight(settings, now, days=1)
        told = {delivery.alert_id: delivery.at for delivery in sent if _counts(delivery)}
        self._this_hour = sorted(at for at in told.values() if at > now - HOUR)
        self._today = [at for at in told.values() if at >= _midnight(settings, now)]

        self._hour_left = max(0, self._limits.per_hour - len(self._this_hour))
        self._day_left = max(0, self._limits.per_day - len(self._today))

    def share(self, wanted: int, *, can_edit: bool) -> Sequence[Decision]:
        """Return decisions for so many stories, in order."""
        left = min(self._hour_left, self._day_left)
        if wanted <= left:
            return [Send()] * wanted
        why = DAILY if self._day_left <= self._hour_left else HOURLY
        if can_edit:
            rolling = Group(why=why, until=self._tomorrow if why == DAILY else self._now + HOUR)
            return [*[Send()] * left, *[rolling] * (wanted - left)]
        if not left:
            return [Defer(until=self._frees_at(), why="the channel has had its messages")] * wanted
        together = Group(why=why, until=self._now)
        return [*[Send()] * (left - 1), *[together] * (wanted - left + 1)]

    def _frees_at(self) -> datetime:
        """Return when the next story may go out."""
        if not self._day_left or not self._this_hour:
            return self._tomorrow
        return self._this_hour[-self._limits.per_hour] + HOUR


def _counts(delivery: Delivery) -> bool:
    return delivery.kind == "root" and delivery.outcome in TOLD
