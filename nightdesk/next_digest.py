"""What would a digest say if its hour were now? Nothing is opened or sent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from alerts.holidays import next_digest
from alerts.remembering import Remembered
from alerts.schedule import DigestPlan, digest_words, untold_items
from config.settings import Settings
from news.telling import Digest, DigestItem
from news.timing import local

if TYPE_CHECKING:
    from alerts.day import DigestMessage
    from storage.contract import Store


def next_words(store: Store, settings: Settings, plan: DigestPlan, *, now: datetime) -> DigestMessage:
    """Return the next digest of a plan in words, with what it has to tell so far."""
    due_at = next_digest(plan.schedule, plan.destination, settings, after=now)
    last = store.last_digest(plan.name)
    items = untold_items(plan, store, now=now)
    told = store.told_by_digest(plan.name, [story_id for story_id, _ in items])
    digest = Digest(
        id=0,
        name=plan.name,
        destination=plan.destination,
        local_date=local(due_at, settings.zone_of(plan.destination)).date().isoformat(),
        due_at=due_at,
        covers_from=last[0] if last else now,
        covers_to=now,
        watchlist_ids=plan.watchlist_ids,
        items=tuple(
            DigestItem(story_id=story_id, from_revision=told.get(story_id, 0), revision=revision)
            for story_id, revision in items
        ),
        created=now,
    )
    return digest_words(digest, settings, store, Remembered())
