"""What does Nightdesk learn of a source from one poll to the next?

When it brings news, what it asks of those who read it, where it moved to, what was wrong with it last. Kept
as one text beside the source's state; a text that cannot be read is nothing learnt yet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from news.rhythm import Rhythm, rhythm_of

SIGHTS = 3  # polls that must see a permanent redirect before the address counts as moved
LONGEST_LULL = timedelta(hours=24)  # skipped at most, whatever a feed says of its hours and days
SETBACK = '"setback"'  # what lessons hold as text when there is one
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a feed asks of those who read it."""

    # `ttl`: how long a copy is good for.
    good_for: timedelta = timedelta()
    # Hours of the day (UTC) and days (0 is Monday) on which it need not be asked.
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()

    def facts(self) -> dict[str, Any]:
        """Return the wishes as plain values; `wishes_of` reads them."""
        return {
            "good_for": int(self.good_for.total_seconds()),
            "skip_hours": sorted(self.skip_hours),
            "skip_days": sorted(self.skip_days),
        }

    def next_open(self, moment: datetime) -> datetime:
        """Return when the feed may be asked next, from `moment` on; a day later at most."""
        last = moment + LONGEST_LULL
        while self._skips(moment) and moment < last:
            moment = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
        return min(moment, last)

    def _skips(self, moment: datetime) -> bool:
        return moment.hour in self.skip_hours or moment.weekday() in self.skip_days


NO_WISHES = Wishes()


def wishes_of(facts: Mapping[str, Any]) -> Wishes:
    """Return what a feed wishes, as far as it makes sense: it was written by a stranger."""
    hours = {hour % 24 for hour in _numbers(facts.get("skip_hours")) if 0 <= hour <= 24}  # noqa: PLR2004
    days = {day for day in _numbers(facts.get("skip_days")) if 0 <= day < 7}  # noqa: PLR2004
    seconds = facts.get("good_for", 0)
    seconds = seconds if isinstance(seconds, int) and 0 < seconds < 10**8 else 0
    return Wishes(
        good_for=timedelta(seconds=seconds),
        # Who wants never to be read is not believed.
        skip_hours=frozenset(hours if len(hours) < 24 else ()),  # noqa: PLR2004
        skip_days=frozenset(days if len(days) < 7 else ()),  # noqa: PLR2004
    )


def _numbers(value: object) -> list[int]:
    return [one for one in value if type(one) is int] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """A trouble that is over: from when to when, and what it was."""

    # The health it brought: "failing", "stopped", "quiet".
    health: str
    reason: str
    since: datetime
    over: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """All that was learnt of one source."""

    rhythm: Rhythm | None = None
    wishes: Wishes = NO_WISHES
    # Where permanent redirects lead, and how many polls in a row saw it.
    moving_to: str = ""
    moving_seen: int = 0
    # An address at which its feed was found when its own was lost.
    found_at: str = ""
    setback: Setback | None = None

    def __str__(self) -> str:
        """Write it so that `lessons_of` reads it."""
        facts: dict[str, Any] = {}
        if self.rhythm is not None:
            facts["rhythm"] = self.rhythm.facts()
        if self.wishes != NO_WISHES:
            facts["wishes"] = self.wishes.facts()
        if self.moving_to:
            facts["moving"] = [self.moving_to, self.moving_seen]
        if self.found_at:
            facts["found_at"] = self.found_at
        if self.setback is not None:
            past = self.setback
            facts["setback"] = [past.health, past.reason, _seconds(past.since), _seconds(past.over)]
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":")) if facts else ""

    def seen_moving(self, address: str | None) -> Lessons:
        """Return the lessons after a poll that was sent on for good to this address, or was not."""
        if not address:
            return replace(self, moving_to="", moving_seen=0) if self.moving_to else self
        seen = self.moving_seen + 1 if address == self.moving_to else 1
        return replace(self, moving_to=address, moving_seen=min(seen, SIGHTS))

    @property
    def moved_to(self) -> str | None:
        """Where the source moved to, when that was seen often enough to be believed."""
        return self.moving_to if self.moving_seen >= SIGHTS else None


NOTHING_LEARNT = Lessons()


@lru_cache(maxsize=64)  # a poll reads its source's lessons twice
def lessons_of(text: str) -> Lessons:
    """Return what `str` wrote; nothing learnt, when the text is not of its making."""
    if not text:
        return NOTHING_LEARNT
    try:
        facts = json.loads(text)
        moving_to, moving_seen = facts.get("moving", ("", 0))
        past = facts.get("setback")
        return Lessons(
            rhythm=rhythm_of(facts["rhythm"]) if "rhythm" in facts else None,
            wishes=wishes_of(facts["wishes"]) if "wishes" in facts else NO_WISHES,
            moving_to=str(moving_to),
            moving_seen=int(moving_seen),
            found_at=str(facts.get("found_at", "")),
            setback=_setback(past) if past else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return NOTHING_LEARNT


def _setback(past: list[Any]) -> Setback:
    health, reason, since, over = past
    return Setback(health=str(health), reason=str(reason), since=_moment(since), over=_moment(over))


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
