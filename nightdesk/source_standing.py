"""How is each source doing, in words that an editor acts on?

`standing_of` says it of one, `standings` of all, those that need a person first. The same facts make the
console's page, its table and what programs get.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from news.lessons import Lessons, lessons_of
from news.nouns import FetchState, Health, Source
from news.rhythm import Rhythm, expected
from news.timing import instant, local
from nightdesk.source_fixes import NOTHING, Remedy, remedy_for

if TYPE_CHECKING:
    from config.settings import Settings
    from storage.contract import Store

DAYS = 14  # that the small bars show
OFF = "off"
#: How a source is doing, as the newsroom says it.
STATE_WORDS: Mapping[Health, str] = {
    Health.NEW: "new",
    Health.OK: "working",
    Health.FAILING: "failing",
    Health.QUIET: "quiet",
    Health.STOPPED: "stopped",
}
#: What needs a person stands on top.
ORDER = ("stopped", "failing", "quiet", "new", "working", OFF)
NEEDS_A_PERSON = frozenset({"stopped", "failing", "quiet"})
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStanding:
    """One source, as it is now."""

    source: Source
    # "working", "quiet", … "off".
    word: str
    since: datetime | None
    # The last answer in words; "" when there is nothing to say.
    reason: str
    # What a person can do.
    remedy: Remedy
    # An address to write down: where it moved to, or where its feed was found.
    newer: str
    last_new: datetime | None
    last_checked: datetime | None
    next_due: datetime | None
    # Between two articles, on average; None before a week was seen.
    usual_gap: timedelta | None
    # Since the last new article.
    silence: timedelta | None
    # Articles a day, the oldest day first, the last one today.
    days: tuple[int, ...]

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody should look."""
        return self.word in NEEDS_A_PERSON


def standings(store: Store, settings: Settings, *, zone: str, now: datetime) -> tuple[SourceStanding, ...]:
    """Return how every declared source is doing, those that need a person first."""
    states = {state.source_id: state for state in store.fetch_states()}
    a_day = store.came_a_day(starts_of(zone, now))
    found = (
        standing_of(source, states.get(source.id), a_day.get(source.id, (0,) * DAYS), now=now)
        for source in settings.sources
    )
    return tuple(sorted(found, key=lambda each: (ORDER.index(each.word), each.source.name.lower())))


def standing_of(
    source: Source, state: FetchState | None, days: Sequence[int], *, now: datetime
) -> SourceStanding:
    """Return how one source is doing."""
    lessons = lessons_of(state.lessons) if state else Lessons()
    word = STATE_WORDS[state.health if state else Health.NEW] if source.enabled else OFF
    newer = lessons.moving_to or (state.moved_to if state else "") or lessons.found_at or ""
    last_new = state.last_new if state else None
    return SourceStanding(
        source=source,
        word=word,
        since=state.health_since if state else None,
        reason=state.reason if state else "",
        remedy=remedy_for(state.trouble) if state and not newer else NOTHING,
        newer="" if newer == source.url else newer,
        last_new=last_new,
        last_checked=state.last_checked if state else None,
        next_due=state.next_due if state and source.enabled else None,
        usual_gap=usual_gap(lessons.rhythm, now=now),
        silence=now - last_new if last_new else None,
        days=tuple(days),
    )


def usual_gap(rhythm: Rhythm | None, *, now: datetime) -> timedelta | None:
    """Return how long there is nothing new between two hours that bring something, over the usual week."""
    if rhythm is None or now - rhythm.since < _WEEK:
        return None
    hours = expected(rhythm, now - _WEEK, now)
    return _WEEK / hours if hours else None


def starts_of(zone: str, now: datetime, days: int = DAYS) -> list[datetime]:
    """Return when the last days began on the reader's clock, the oldest first, today the last."""
    today = local(now, zone).date()
    return [instant(today - timedelta(days=back), time(), zone) for back in reversed(range(days))]


def summed(found: Sequence[SourceStanding]) -> dict[str, int]:
    """Return how many sources are in each state, in order, without those that have none."""
    counted = Counter(each.word for each in found)
    return {word: counted[word] for word in ORDER if counted[word]}


def standing_facts(each: SourceStanding) -> dict[str, object]:
    """Return one source for machines."""
    return {
        "id": each.source.id,
        "name": each.source.name,
        "url": each.source.url,
        "reads": each.source.reads,
        "state": each.word,
        "since": _iso(each.since),
        "reason": each.reason,
        "newer_address": each.newer or None,
        "last_new": _iso(each.last_new),
        "last_checked": _iso(each.last_checked),
        "next_check": _iso(each.next_due),
        "usual_gap_seconds": each.usual_gap.total_seconds() if each.usual_gap else None,
        "days": list(each.days),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
