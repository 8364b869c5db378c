"""Does a story that waited through the night come in the morning's digest?

Where the same place gets a digest within the hour, a roll-up beforehand would say everything twice. What
waited then waits a little longer, and is done when the digest that lists it is out; when that does not come,
it goes its usual way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.holidays import next_digest
from config.settings import Settings
from news.telling import Alert, Thread

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.threads import StoreThreads

SOON = timedelta(hours=1)  # a digest that is due within it takes in what waited for the morning
AFTERWARDS = timedelta(minutes=5)  # given to the digest to be sent
FOLDED = "it comes in the digest that is due within the hour"
MOST_LOOKED_AT = 200  # deliveries of a morning


class Folding:
    """Looks for the digest of one destination."""

    def __init__(self, settings: Settings, store: StoreThreads) -> None:
        """Keep where to look."""
        self._settings = settings
        self._store = store

    async def told_in_digest(self, alert: Alert) -> bool:
        """Record a root as merged into the digest that told it, if one did since it was made."""
        if alert.kind != "root" or alert.story_id is None:
            return False
        digest_id = await self._store.read(lambda store: telling_digest(alert, store))
        if digest_id is None:
            return False
        return await self._store.write(lambda store: store.record_in_digest(alert.id, digest_id=digest_id))

    async def waits_until(self, alert: Alert, now: datetime) -> datetime | None:
        """Return until when a root waits for a digest, or None when none is near."""
        thread_id = alert.thread_id
        if alert.kind != "root" or thread_id is None:
            return None
        thread = await self._store.read(lambda store: store.thread(thread_id))
        coming = [due for due in coming_digests(thread, self._settings, now) if due - now <= SOON]
        return min(coming) + AFTERWARDS if coming else None


def telling_digest(alert: Alert, store: Store) -> int | None:
    """Return the digest that told a story to the alert's destination since the alert was made."""
    for each in store.deliveries(since=alert.created, limit=MOST_LOOKED_AT):
        if each.digest_id is None or each.destination != alert.destination or each.receipt is None:
            continue
        digest = store.digest(each.digest_id)
        items = digest.items if digest is not None else ()
        if any(item.story_id == alert.story_id and item.revision >= alert.revision for item in items):
            return each.digest_id
    return None


def coming_digests(thread: Thread | None, settings: Settings, now: datetime) -> Iterator[datetime]:
    """Yield when the digests come that will list a thread's story at the same place."""
    if thread is None:
        return
    for watchlist in settings.watchlists:
        if watchlist.id in thread.watchlist_ids and watchlist.enabled:
            for rule in watchlist.deliver:
                if rule.send == "digest" and rule.to == thread.destination:
                    at = rule.at or settings.desk_digest_at
                    yield next_digest(at, rule.to, settings, after=now)
