"""Which sources does a digest warn about?

Whoever reads "nothing new" must know whether Nightdesk was able to look. A source was checked when it
answered at least once in the time that the digest covers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.words import stop
from config.settings import Settings
from news.nouns import FetchState, Health, Source
from news.telling import Digest
from news.timing import local
from news.wording import counted, month_day, weekday, weekday_time

MOST_NAMED = 3  # sources named one by one; the rest are counted
PASSING = timedelta(hours=2)  # a failure that is younger passes by itself more often than not
RECENT = timedelta(days=6)  # within which a weekday says which day it was
EXACT = timedelta(days=2)  # within which the hour matters

#: What the sources that are only counted are called.
COUNTED = {
    Health.STOPPED: "stopped",
    Health.FAILING: "not answering",
    Health.QUIET: "quiet",
    Health.NEW: "not read yet",
    Health.OK: "not checked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """What a digest says of its sources."""

    # "56 of 58 sources checked"
    checked: str
    # The first sentence stands out; the others explain. Nothing when all is well.
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watched:
    """A source and how it is doing."""

    source: Source
    state: FetchState
    checked: bool

    @property
    def needs_attention(self) -> bool:
        return not self.checked or self.state.health in {Health.STOPPED, Health.QUIET, Health.FAILING}


def source_note(
    digest: Digest, states: Sequence[FetchState], settings: Settings, *, empty: bool
) -> SourceNote:
    """Return how many sources were checked, and which need a person; `empty` when the day has no story."""
    every = _watched(digest, states, settings)
    poor = sorted((each for each in every if each.needs_attention), key=_rank)
    unchecked = sum(not each.checked for each in every)
    total = counted(len(every), "source")
    checked = f"{len(every) - unchecked:,} of {total} checked" if every else "no sources are set up"
    if not poor:
        return SourceNote(checked=checked)
    if empty:
        return SourceNote(checked=checked, lines=tuple(_without_news(poor, digest, settings)))
    need = "needs" if len(poor) == 1 else "need"
    lines = [_line(each, digest, settings) for each in poor[:MOST_NAMED]]
    lines = [f"{len(poor):,} of {total} {need} attention.", *lines, _counted(poor[MOST_NAMED:])]
    return SourceNote(checked=checked, lines=tuple(filter(None, lines)))


def _watched(digest: Digest, states: Sequence[FetchState], settings: Settings) -> list[_Watched]:
    known = {state.source_id: state for state in states}
    every = []
    for source in settings.sources:
        if source.enabled and source.id in known:
            state = _settled(known[source.id], digest.covers_to)
            # A source that is asked once a week is not overdue after a day.
            since = min(digest.covers_from, digest.covers_to - 2 * source.every)
            checked = state.last_ok is not None and state.last_ok >= since
            every.append(_Watched(source=source, state=state, checked=checked))
    return every


def _settled(state: FetchState, now: datetime) -> FetchState:
    """Return the state without a failure that has hardly begun."""
    young = state.health_since is None or now - state.health_since < PASSING
    return replace(state, health=Health.OK) if state.health is Health.FAILING and young else state


def _rank(each: _Watched) -> tuple[int, str]:
    order = (Health.STOPPED, Health.FAILING, Health.OK, Health.NEW, Health.QUIET)
    return order.index(each.state.health), each.source.name


def _line(each: _Watched, digest: Digest, settings: Settings) -> str:
    """Return "Harbor Post: stopped since Sunday. It refuses automated readers."."""
    state, name = each.state, each.source.name
    why = f" It {stop(state.reason)}" if state.reason else ""
    if state.health is Health.QUIET:
        return f"{name}: nothing new{_since(state.last_new or state.health_since, digest, settings)}."
    if state.health is Health.STOPPED:
        return f"{name}: stopped{_since(state.health_since, digest, settings)}.{why}"
    if state.last_ok is None:
        return f"{name}: never read yet.{why}"
    return f"{name}: not read{_since(state.last_ok, digest, settings)}.{why}"


def _without_news(poor: Sequence[_Watched], digest: Digest, settings: Settings) -> Iterator[str]:
    """Yield what explains an empty day: "Not checked: Harbor Post refuses automated readers."."""
    unchecked = [each for each in poor if not each.checked]
    named = [_not_checked(each, digest, settings) for each in unchecked[:MOST_NAMED]]
    if named:
        yield f"Not checked: {' '.join(filter(None, (*named, _counted(unchecked[MOST_NAMED:]))))}"
    others = [each for each in poor if each.checked]
    yield from (_line(each, digest, settings) for each in others[:MOST_NAMED])
    if others[MOST_NAMED:]:
        yield _counted(others[MOST_NAMED:])


def _not_checked(each: _Watched, digest: Digest, settings: Settings) -> str:
    state, name = each.state, each.source.name
    if state.health is Health.STOPPED and state.reason:
        return f"{name} {stop(state.reason)}"
    if state.last_ok is None:
        last = "never read yet"
    else:
        last = f"last read {_day(state.last_ok, digest.covers_to, settings.timezone)}"
    return f"{name} {state.reason}; {last}." if state.reason else f"{name} was {last}."


def _since(moment: datetime | None, digest: Digest, settings: Settings) -> str:
    return f" since {_day(moment, digest.covers_to, settings.timezone)}" if moment else ""


def _day(moment: datetime, now: datetime, zone: str) -> str:
    """Return "Sunday 9:10 pm", "Sunday" or "March 3": the longer ago, the less exact."""
    ago = now - moment
    if ago < EXACT:
        return weekday_time(moment, zone)
    return weekday(moment, zone) if ago < RECENT else month_day(local(moment, zone).date())


def _counted(rest: Sequence[_Watched]) -> str:
    """Return "1 more source is quiet." and the like."""
    kinds = Counter(COUNTED[each.state.health] for each in rest)
    pieces = [
        f"{counted(number, 'more source')} {'is' if number == 1 else 'are'} {kind}"
        for kind, number in kinds.items()
    ]
    return stop(", ".join(pieces))
