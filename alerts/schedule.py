"""Which digests are due?

A digest is everything one destination hears at one hour: all watchlists that deliver there at that schedule
share one message, so that a story is listed once. It is found due by looking at the clock and the table,
not by a timer having fired: an hour that was slept through is made up for as soon as somebody looks.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from alerts.day import DigestMessage
from alerts.digests import DigestFacts, compose_digest
from config.settings import Settings
from news.nouns import Clock, Hop, StoryMatch, no_hop
from news.telling import Digest
from news.timing import DueDigest, Schedule, due_digest
from storage.contract import DigestIntent, Store

if TYPE_CHECKING:
    from storage.threads import StoreThreads

log = logging.getLogger("nightdesk.alerts")

#: Days in a digest's chart.
CHART_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """A digest that the watchlists ask for."""

    name: str
    destination: str
    schedule: str
    watchlist_ids: tuple[str, ...]


def digest_plans(settings: Settings) -> tuple[DigestPlan, ...]:
    """Return one plan for each destination and schedule that a watchlist in force delivers to."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for watchlist in settings.watchlists:
        for rule in watchlist.deliver:
            if watchlist.enabled and rule.send == "digest":
                ids = wanted.setdefault((rule.to, rule.at or settings.desk_digest_at), [])
                ids.append(watchlist.id)
    return tuple(
        DigestPlan(name=f"{to} {at}", destination=to, schedule=at, watchlist_ids=tuple(dict.fromkeys(ids)))
        for (to, at), ids in wanted.items()
    )


def declared_digests(settings: Settings) -> dict[str, str]:
    """Return the destination of each digest by its name, for the store to remember since when it exists."""
    return {plan.name: plan.destination for plan in digest_plans(settings)}


async def open_due_digests(
    settings: Settings, store: StoreThreads, *, clock: Clock, hop: Hop = no_hop
) -> int:
    """Open every digest whose hour has come; return how many were opened.

    Opening stores the row, its items and its alert together, once per local date. Sending is the outbox's.
    """
    opened = 0
    for plan in digest_plans(settings):
        now = clock()
        last = await store.read(lambda store, name=plan.name: store.last_digest(name))
        if last is None:
            continue
        covered_to, last_date = last
        due = due_digest(
            Schedule.parse(plan.schedule),
            zone=settings.timezone,
            now=now,
            last_date=last_date,
            declared_at=covered_to,
        )
        if due is not None and await open_digest(plan, store, due=due, covered_to=covered_to, now=now):
            opened += 1
            hop("digest opened")
    return opened


async def open_digest(
    plan: DigestPlan, store: StoreThreads, *, due: DueDigest, covered_to: datetime, now: datetime
) -> bool:
    """Open one digest with everything it has not told yet; False when it was opened before."""
    matches = await store.read(
        lambda store: store.undigested_matches(plan.name, watchlist_ids=plan.watchlist_ids)
    )
    intent = DigestIntent(
        name=plan.name,
        destination=plan.destination,
        local_date=due.local_date,
        due_at=due.due_at,
        covers_from=covered_to,
        covers_to=now,
        watchlist_ids=plan.watchlist_ids,
        items=digest_items(matches),
        now=now,
    )
    digest = await store.write(lambda store: store.open_digest(intent))
    if digest is not None:
        facts = {"digest": plan.name, "date": due.local_date, "stories": len(intent.items)}
        log.info("digest opened", extra=facts)
    return digest is not None


async def digest_message(digest: Digest, settings: Settings, store: StoreThreads) -> DigestMessage:
    """Read what the store knows of a digest's stories and put it in words."""
    return compose_digest(
        digest, await store.read(lambda store: digest_facts(digest, settings, store)), settings
    )


def digest_facts(digest: Digest, settings: Settings, store: Store) -> DigestFacts:
    """Return what the digest is composed of."""
    found = {item.story_id: store.story(item.story_id) for item in digest.items}
    spans = days_before(digest.due_at, settings.timezone)
    counts = store.stories_a_day(watchlist_ids=digest.watchlist_ids, days=spans)
    return DigestFacts(
        stories={story_id: story for story_id, story in found.items() if story is not None},
        matches={story_id: store.story_matches(story_id) for story_id in found},
        threads={story_id: store.threads_of(story_id) for story_id in found},
        states=store.fetch_states(),
        days=tuple((start, stories) for (start, _), stories in zip(spans, counts, strict=True)),
    )


def days_before(instant: datetime, timezone: str) -> list[tuple[datetime, datetime]]:
    """Return [start, end) of the local days before the day of this instant, oldest first."""
    zone = ZoneInfo(timezone)
    today = instant.astimezone(zone).date()
    midnights = [
        datetime.combine(today - timedelta(days=days), time(), zone) for days in range(CHART_DAYS, -1, -1)
    ]
    return list(pairwise(midnights))


def digest_items(matches: Sequence[StoryMatch]) -> tuple[tuple[int, int], ...]:
    """Return each story once, with the highest revision that any of its matches was judged at."""
    revisions: dict[int, int] = {}
    for match in matches:
        revisions[match.story_id] = max(match.revision, revisions.get(match.story_id, 0))
    return tuple(sorted(revisions.items()))
