"""At which hours does a source bring news, and has it been silent for longer than it ever was?

A week has 168 hours, in UTC. For each the rhythm knows in how many of the last weeks something came; older
weeks count less and less. A silence is measured not in hours but in news that was to be expected in them: a
weekly is not late at 03:00, and a wire that says nothing from ten to four on a weekday is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

HOURS = 168
FADING = 0.79  # what a week counts for a week later: half after three
SHRINKING = 0.97  # what the longest silence is a week later: one bad week is not the measure for ever
ASKED_FOR = 1 / 6  # of an hour's news: who brings something every hour is asked every ten minutes
LOOKED_BACK = timedelta(days=56)  # how far the dates of a first batch are believed
ENOUGH_TO_PACE = timedelta(days=3)  # of looking, before a source is asked less often than it may be
ENOUGH_TO_MISS = timedelta(days=14)  # of looking, before a silence is called one
FEWEST = 4  # hours with news, before a silence is called one
SHORTEST_SILENCE = timedelta(hours=6)
TIMES_LONGER = 2.0  # than the longest silence that was seen
_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)
_EPOCH = datetime(1970, 1, 5, tzinfo=UTC)  # a Monday
_GRAIN = 18  # steps of a count as it is written down
_ZERO = 35  # the character that stands for nothing; every other one follows it
_MOST = 94 - 2
#: What each character stands for.
_COUNTS = {_ZERO + steps: steps / _GRAIN for steps in range(_MOST + 1)}
_NOTHING = (0.0,) * HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What was learnt of one source."""

    # When looking began: the first poll, or the oldest entry of its batch.
    since: datetime
    # Up to when older weeks were made to count less; at most a week before the last news.
    faded: datetime
    # The weeks that were looked at before `faded`, each by what it counts.
    weeks: float = 0.0
    # For each hour of the week: the weeks in which something came in it, each by what it counts.
    hours: tuple[float, ...] = _NOTHING
    # When something came last.
    last: datetime | None = None
    # Hours in which something came, ever.
    arrivals: int = 0
    # The longest silence, in news that were to be expected in it, and in time; older ones shrink.
    longest: float = 0.0
    longest_gap: timedelta = timedelta()

    def facts(self) -> dict[str, Any]:
        """Return the rhythm as plain values; `rhythm_of` reads them."""
        written = bytes(
            [_ZERO + min(int(count * _GRAIN + 0.01), _MOST) if count else _ZERO for count in self.hours]
        )
        return {
            "since": _seconds(self.since),
            "faded": _seconds(self.faded),
            "weeks": round(self.weeks, 4),
            "hours": written.decode("ascii"),
            "last": _seconds(self.last) if self.last else None,
            "arrivals": self.arrivals,
            "longest": round(self.longest, 3),
            "longest_gap": int(self.longest_gap.total_seconds()),
        }


def rhythm_of(facts: Mapping[str, Any]) -> Rhythm:
    """Return what `facts` wrote down.

    Raises:
        ValueError, KeyError, TypeError: it was not written by `facts`.
    """
    hours = tuple(map(_COUNTS.__getitem__, facts["hours"].encode("ascii")))
    if len(hours) != HOURS:
        raise ValueError(len(hours))
    return Rhythm(
        since=_moment(facts["since"]),
        faded=_moment(facts["faded"]),
        weeks=float(facts["weeks"]),
        hours=hours,
        last=None if facts["last"] is None else _moment(facts["last"]),
        arrivals=int(facts["arrivals"]),
        longest=float(facts["longest"]),
        longest_gap=timedelta(seconds=facts["longest_gap"]),
    )


def began(moments: Iterable[datetime], *, now: datetime) -> Rhythm:
    """Return the rhythm of a source that was read for the first time, by the dates of what it brought."""
    believed = sorted(moment for moment in moments if now - LOOKED_BACK <= moment <= now)
    since = believed[0] if believed else now
    first_week = [moment for moment in believed if moment - since < _WEEK]
    rhythm = _first_week(since, list({_hour(moment): moment for moment in first_week}.values()))
    for moment in believed[len(first_week) :]:
        rhythm = arrived(rhythm, moment)
    return rhythm


def _first_week(since: datetime, came: Sequence[datetime]) -> Rhythm:
    """Return what one moment an hour teaches, as `arrived` would one by one: most feeds hold no more."""
    hours = list(_NOTHING)
    for moment in came:
        hours[_hour(moment) % HOURS] += 1.0
    return Rhythm(
        since=since,
        faded=since,
        hours=tuple(hours),
        last=came[-1] if came else None,
        arrivals=len(came),
        longest_gap=max((later - moment for moment, later in pairwise(came)), default=timedelta()),
    )


def arrived(rhythm: Rhythm, moment: datetime) -> Rhythm:
    """Return the rhythm after something came; a second time within an hour teaches nothing."""
    hour = _hour(moment)
    if rhythm.last is not None and hour <= _hour(rhythm.last):
        return replace(rhythm, last=max(moment, rhythm.last))
    silence = 0.0
    if rhythm.last is not None and moment - rhythm.since >= ENOUGH_TO_MISS:
        silence = expected(rhythm, rhythm.last, moment)
    faded = _faded(rhythm, moment)
    hours = list(faded.hours)
    hours[hour % HOURS] += 1.0
    return replace(
        faded,
        hours=tuple(hours),
        last=moment,
        arrivals=rhythm.arrivals + 1,
        longest=max(faded.longest, silence),
        longest_gap=max(faded.longest_gap, moment - (rhythm.last or moment)),
    )


def expected(rhythm: Rhythm, start: datetime, end: datetime) -> float:
    """Return in how many of the hours between two moments something was to be expected."""
    sums = _sums(rhythm.hours, round(_weeks(rhythm, rhythm.last or end), 2))
    return max(_upto(sums, end) - _upto(sums, start), 0.0)


def is_overdue(rhythm: Rhythm, *, now: datetime) -> bool:
    """Return whether the source has been silent for much longer than ever before, by clock or by rhythm."""
    last = rhythm.last
    if last is None or rhythm.arrivals < FEWEST or now - rhythm.since < ENOUGH_TO_MISS:
        return False
    if now - last < SHORTEST_SILENCE:
        return False
    if now - last >= TIMES_LONGER * rhythm.longest_gap:
        return True
    return expected(rhythm, last, now) >= TIMES_LONGER * max(rhythm.longest, 1.0)


def pace(rhythm: Rhythm | None, *, floor: timedelta, ceiling: timedelta, now: datetime) -> timedelta:
    """Return how long a source may be left alone now, so that little is missed."""
    if rhythm is None or now - rhythm.since < ENOUGH_TO_PACE:
        return floor
    gone = max((now - rhythm.faded) // _WEEK, 0)
    factor, weeks = FADING**gone, _later(rhythm.weeks, gone)
    wanted, waited = ASKED_FOR, timedelta()
    while waited < ceiling:
        moment = now + waited
        rate = _rate(rhythm.hours, _hour(moment) % HOURS, weeks) * factor
        rest = _EPOCH + (_hour(moment) + 1) * _HOUR - moment
        brings = rate * (rest / _HOUR)
        if brings >= wanted:
            return min(max(waited + rest * (wanted / brings), floor), ceiling)
        wanted -= brings
        waited += rest
    return ceiling


def _faded(rhythm: Rhythm, moment: datetime) -> Rhythm:
    """Let whole weeks that went by count less."""
    gone = (moment - rhythm.faded) // _WEEK
    if gone <= 0:
        return rhythm
    factor = FADING**gone
    return replace(
        rhythm,
        faded=rhythm.faded + gone * _WEEK,
        weeks=_later(rhythm.weeks, gone),
        hours=tuple(count * factor for count in rhythm.hours),
        longest=rhythm.longest * SHRINKING**gone,
        longest_gap=rhythm.longest_gap * SHRINKING**gone,
    )


def _later(weeks: float, gone: int) -> float:
    for _ in range(min(gone, 200)):
        weeks = (weeks + 1.0) * FADING
    return weeks


def _weeks(rhythm: Rhythm, moment: datetime) -> float:
    return rhythm.weeks + max((moment - rhythm.faded) / _WEEK, 0.0)


@lru_cache(maxsize=64)
def _sums(hours: tuple[float, ...], weeks: float) -> tuple[float, ...]:
    """Return, for each hour of the week, what is expected before it; last, what is expected in a week."""
    return tuple(accumulate((_rate(hours, hour, weeks) for hour in range(HOURS)), initial=0.0))


def _rate(hours: tuple[float, ...], hour: int, weeks: float) -> float:
    """Return how likely something comes in an hour of the week.

    What came at one hour is spread over its neighbors, and, while few weeks were seen, over the days.
    """
    weeks += 0.5  # a count that ends with an arrival is half a week's too high
    near = (hours[hour - 1] + 2 * hours[hour] + hours[(hour + 1) % HOURS]) / 4
    by_day = sum(hours[hour % 24 :: 24]) / 7
    return min((near + by_day / weeks) / (weeks + 1.0), 1.0)


def _upto(sums: tuple[float, ...], moment: datetime) -> float:
    """Return what is expected from a Monday long ago up to a moment."""
    weeks, rest = divmod(moment - _EPOCH, _WEEK)
    hour, part = divmod(rest, _HOUR)
    within = sums[hour] + (sums[hour + 1] - sums[hour]) * (part / _HOUR)
    return weeks * sums[HOURS] + within


def _hour(moment: datetime) -> int:
    return (moment - _EPOCH) // _HOUR


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
