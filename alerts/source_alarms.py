"""Which sources has Nightdesk gone blind on, and who should hear of it?

A source that stopped (gone, or refuses automated readers) is told at once, one that cannot be read after an
hour of trying, each once; when it is back, that is told once too. The outbox carries it like any other
alert.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.health import health_facts
from config.settings import Settings
from news.nouns import Clock, FetchState, Health, Source
from news.wording import clock_time, counted, weekday_time

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.threads import StoreThreads

#: A source that fails now and then is tried again; told when it has failed for so long.
PATIENCE = timedelta(hours=1)
FINE = frozenset({Health.OK, Health.NEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something about one source that a person should hear once."""

    # The same for the same trouble: a second look adds nothing.
    key: str
    facts: Mapping[str, object]


async def raise_alarms(settings: Settings, store: StoreThreads, *, clock: Clock) -> int:
    """Put what should be heard in the outbox; return how much of it was new."""
    now = clock()
    if not settings.health.to:
        return 0
    states = await store.read(lambda store: store.fetch_states())
    due = list(alarms(states, settings, now=now))
    return await store.write(lambda store: _enqueue(store, due, to=settings.health.to, now=now))


def _enqueue(store: Store, due: Sequence[Alarm], *, to: str, now: datetime) -> int:
    """Put alarms in the outbox; return how many were not there yet."""
    return sum(store.enqueue_health(destination=to, key=each.key, facts=each.facts, now=now) for each in due)


def alarms(states: Sequence[FetchState], settings: Settings, *, now: datetime) -> Iterator[Alarm]:
    """Yield an alarm for each source that is in trouble."""
    sources = {source.id: source for source in settings.sources if source.enabled}
    known = [state for state in states if state.source_id in sources]
    fine = sum(state.health in FINE for state in known)
    note = f"{fine} of {counted(len(known), 'source')} are fine"
    for state in known:
        if _is_told(state, settings, now=now):
            yield _alarm(sources[state.source_id], state, settings, note)


def _is_told(state: FetchState, settings: Settings, *, now: datetime) -> bool:
    if state.health is Health.STOPPED:
        return True
    since = state.health_since
    if state.health is Health.FAILING and since is not None:
        return now - since >= PATIENCE
    quiet_after = settings.health.quiet_after
    return quiet_after is not None and state.last_new is not None and now - state.last_new >= quiet_after


def _alarm(source: Source, state: FetchState, settings: Settings, note: str) -> Alarm:
    zone = settings.timezone
    checked = f"Last checked {clock_time(state.last_checked, zone)} · " if state.last_checked else ""
    if state.health in FINE:
        since = state.last_new
        title = f"{source.name} has gone quiet"
        line = f"Nothing new since {weekday_time(since, zone)}." if since else "Nothing new."
    else:
        since = state.health_since
        stopped = state.health is Health.STOPPED
        title = f"{source.name} {'has stopped' if stopped else 'cannot be read'}"
        why = state.reason or "it does not answer"
        line = f"Since {weekday_time(since, zone)}: {why}." if since else f"{why}."
        if not stopped:
            line += " It is asked again with growing waits."
    key = f"source {source.id} {state.health.value} {since.isoformat() if since else ''}"
    ids = {"source_id": source.id, "state": state.health.value}
    return Alarm(key=key, facts=health_facts(title, line, note=f"{checked}{note}", ids=ids))
