"""Which sources has Nightdesk gone blind on, and who should hear of it?

A source that stopped (gone, or refuses automated readers) is told at once; one that cannot be read after an
hour of trying; one that is silent for longer than it ever was, by its own rhythm. Each once, with what a
person can do; when it is back, that is told once too. When nearly all fail, it is the network here, and that
is told instead. The outbox carries it like any other alert.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.health import health_facts
from config.settings import Settings
from news.lessons import SETBACK, Setback, lessons_of
from news.nouns import Clock, FetchState, Health, Source
from news.troubles import OUT_OF_REACH, fix_of
from news.wording import clock_time, counted, span, weekday_time

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.threads import StoreThreads

#: A source that fails now and then is tried again; told when it has failed for so long.
PATIENCE = timedelta(hours=1)
#: A feed without entries may be being built anew.
PATIENCE_WITH_EMPTY = timedelta(hours=24)
FINE = frozenset({Health.OK, Health.NEW})
#: Recoveries that are older are no news.
RECENT = timedelta(hours=24)
#: When so many of all sources, and no fewer than these, cannot be reached, it is not the sources.
NEARLY_ALL = 0.8
FEWEST = 5
PATIENCE_WITH_NETWORK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something about a source that a person should hear once."""

    # The same for the same trouble: a second look adds nothing.
    key: str
    facts: Mapping[str, object]
    # Told only to who was told this one before; "" for everybody.
    after: str = ""


async def raise_alarms(settings: Settings, store: StoreThreads, *, clock: Clock) -> int:
    """Put what should be heard in the outbox; return how much of it was new."""
    now = clock()
    if not settings.health.to:
        return 0
    states = await store.read(lambda store: store.fetch_states())
    due = list(alarms(states, settings, now=now))
    if not due:
        return 0
    return await store.write(lambda store: _enqueue(store, due, to=settings.health.to, now=now))


def _enqueue(store: Store, due: Sequence[Alarm], *, to: str, now: datetime) -> int:
    """Put alarms in the outbox; return how many were not there yet."""
    heard = [each for each in due if not each.after or store.has_health(destination=to, key=each.after)]
    return sum(
        store.enqueue_health(destination=to, key=each.key, facts=each.facts, now=now) for each in heard
    )


def alarms(states: Sequence[FetchState], settings: Settings, *, now: datetime) -> Iterator[Alarm]:
    """Yield an alarm for each source that is in trouble, or just was."""
    sources = {source.id: source for source in settings.sources if source.enabled}
    known = [state for state in states if state.source_id in sources]
    fine = sum(state.health in FINE for state in known)
    note = f"{fine} of {counted(len(known), 'source')} are fine"
    lost = _out_of_reach(known, now)
    if lost:
        yield _network_alarm(lost, len(known), settings, note)
    away = {state.source_id for state in lost}
    for state in known:
        if state.health in FINE:
            yield from _back(sources[state.source_id], state, settings, note, now=now)
        elif state.source_id not in away and _is_told(state, now=now):
            yield _alarm(sources[state.source_id], state, settings, note)


def _is_told(state: FetchState, *, now: datetime) -> bool:
    since = state.health_since or now
    if state.health is Health.FAILING:
        return now - since >= PATIENCE
    return state.trouble != "empty" or now - since >= PATIENCE_WITH_EMPTY


def _out_of_reach(known: Sequence[FetchState], now: datetime) -> list[FetchState]:
    """Return the sources that cannot be reached, when they are nearly all; else none."""
    lost = [
        state
        for state in known
        if state.health is Health.FAILING
        and state.trouble in OUT_OF_REACH
        and now - (state.health_since or now) >= PATIENCE_WITH_NETWORK
    ]
    return lost if are_nearly_all(len(lost), len(known)) else []


def are_nearly_all(some: int, total: int) -> bool:
    """Return whether so many sources fail that it is not the sources."""
    return some >= max(FEWEST, NEARLY_ALL * total)


def _network_alarm(lost: Sequence[FetchState], total: int, settings: Settings, note: str) -> Alarm:
    since = min(state.health_since for state in lost if state.health_since)
    line = (
        f"Since {weekday_time(since, settings.timezone)} {len(lost)} of {counted(total, 'source')} cannot be "
        "reached. The network of the machine that Nightdesk runs on is the likely reason."
    )
    facts = health_facts("Nightdesk cannot reach its sources", line, note=note, ids={"state": "network"})
    return Alarm(key=f"network {since.isoformat()}", facts=facts)


def _alarm(source: Source, state: FetchState, settings: Settings, note: str) -> Alarm:
    zone, since = settings.timezone, state.health_since
    what = {Health.STOPPED: "has stopped", Health.QUIET: "has gone quiet"}.get(state.health, "cannot be read")
    why = state.reason or "it does not answer"
    line = f"Since {weekday_time(since, zone)}: {why}." if since else f"{why}."
    if state.health is Health.QUIET:
        last = f"Nothing new since {weekday_time(state.last_new, zone)}. " if state.last_new else ""
        line = f"{last}It {state.reason or 'brings nothing new'}."
    if state.health is Health.FAILING:
        line += " It is asked again with growing waits."
    checked = f"Last checked {clock_time(state.last_checked, zone)} · " if state.last_checked else ""
    ids = {"source_id": source.id, "state": state.health.value, "trouble": state.trouble}
    title = f"{source.name} {what}"
    lines = [line, *_fix(state)]
    facts = health_facts(title, *lines, note=f"{checked}{note}", ids=ids)
    return Alarm(key=_key(source, state.health.value, since), facts=facts)


def _fix(state: FetchState) -> Iterator[str]:
    """Yield what a person can do."""
    found_at = lessons_of(state.lessons).found_at
    if found_at:
        yield f"A feed was found at {found_at}: nightdesk sources check --fix writes it down."
    elif fix_of(state.trouble):
        yield fix_of(state.trouble)


def _back(
    source: Source, state: FetchState, settings: Settings, note: str, *, now: datetime
) -> Iterator[Alarm]:
    """Yield that a source is back, once, to who was told that it was in trouble."""
    if SETBACK not in state.lessons:  # looking costs a hundredth of reading all that was learnt
        return
    past = lessons_of(state.lessons).setback
    if past is None or now - past.over > RECENT:
        return
    quiet = past.health == Health.QUIET.value
    title = f"{source.name} {'brings news again' if quiet else 'can be read again'}"
    facts = health_facts(
        title,
        _how_long(past, settings.timezone),
        note=note,
        ids={"source_id": source.id, "state": state.health.value},
    )
    yield Alarm(key=_key(source, "back", past.over), facts=facts, after=_key(source, past.health, past.since))


def _how_long(past: Setback, zone: str) -> str:
    return f"The trouble lasted {span(past.over - past.since)}, until {weekday_time(past.over, zone)}."


def _key(source: Source, what: str, since: datetime | None) -> str:
    return f"source {source.id} {what} {since.isoformat() if since else ''}"
