"""After an outage, has Nightdesk looked round before it tells the day?

A computer that slept through the hour wakes with the digest due and the sources not yet asked. A late digest
therefore waits until what was due before its hour has been asked, filed and watched: for minutes at most,
because a digest that says "0 of 58 sources checked" is better than none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.digests import LATE

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.threads import StoreThreads

MOST_WAIT = timedelta(minutes=10)  # what 500 sources that do not answer take


@dataclass(frozen=True, slots=True)
class CatchingUp:
    """Remembers since when each late digest waits. Kept for as long as the process lives."""

    _since: dict[str, datetime] = field(default_factory=dict)

    async def waits(self, name: str, store: StoreThreads, *, due_at: datetime, now: datetime) -> bool:
        """Return whether this digest should wait a little longer."""
        if now - due_at < LATE:
            return False
        began = self._since.setdefault(name, now)
        if now - began < MOST_WAIT and await store.read(lambda store: behind(store, due_at=due_at, now=now)):
            return True
        del self._since[name]
        return False


def behind(store: Store, *, due_at: datetime, now: datetime) -> bool:
    """Return whether something that was due before the hour waits to be asked, filed or watched."""
    asked_since = (state.next_due is None or state.next_due > due_at for state in store.fetch_states())
    return (
        not all(asked_since)
        or bool(store.unfiled_clippings(limit=1, now=now))
        or bool(store.unwatched_stories(limit=1))
    )
