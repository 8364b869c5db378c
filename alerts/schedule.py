"""Which digests are due?

A digest is everything one destination hears at one hour: all watchlists that deliver there at that schedule
share one message, so that a story is listed once. It is found due by looking at the clock and the table,
not by a timer having fired: an hour that was slept through is made up for as soon as somebody looks.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from alerts.catching_up import CatchingUp
from alerts.day import DigestMessage
from alerts.digests import DigestFacts, addressed, compose_digest, same_day
from alerts.holidays import is_holiday
from alerts.remembering import Remembered
from config.settings import Settings
from news.nouns import Clock, Hop, Story, StoryArticle, no_hop
from news.telling import Digest, DigestItem
from news.timing import DueDigest, Schedule, due_digest, instant, local
from storage.contract import DigestIntent, Store

if TYPE_CHECKING:
    from storage.threads import StoreThreads

log = logging.getLogger("nightdesk.alerts")

#: What is added to a digest's name when it is sent once more.
AGAIN = " again"
#: How long a place can be kept quiet.
LONGEST_PAUSE = timedelta(days=92)
CHART_DAYS = 14  # in a digest's chart
HALF_A_DAY = timedelta(hours=12)  # a digest of the morning tells the day before, one of the evening the same


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """A digest that the watchlists ask for."""

    name: str
    destination: str
    schedule: str
    watchlist_ids: tuple[str, ...]


def digest_plans(settings: Settings) -> tuple[DigestPlan, ...]:
    """Return one plan for each destination and schedule that a watchlist in force delivers to.

    A plan's name is what the store knows it by. A destination's first one is named by the destination alone,
    so that the hour can be changed without losing what waited for the old one.
    """
    wanted: dict[tuple[str, str], list[str]] = {}
    for watchlist in settings.watchlists:
        for rule in watchlist.deliver:
            if watchlist.enabled and rule.send == "digest":
                at = str(Schedule.parse(rule.at or settings.desk_digest_at))
                wanted.setdefault((rule.to, at), []).append(watchlist.id)
    first = dict(reversed(wanted))
    return tuple(
        DigestPlan(
            name=to if first[to] == at else f"{to} {at}",
            destination=to,
            schedule=at,
            watchlist_ids=tuple(dict.fromkeys(ids)),
        )
        for (to, at), ids in wanted.items()
    )


def declared_digests(settings: Settings) -> dict[str, str]:
    """Return the destination of each digest by its name, for the store to remember since when it exists."""
    return {plan.name: plan.destination for plan in digest_plans(settings)}


async def open_due_digests(
    settings: Settings,
    store: StoreThreads,
    *,
    clock: Clock,
    hop: Hop = no_hop,
    catching_up: CatchingUp | None = None,
) -> int:
    """Open every digest whose hour has come; return how many were opened.

    Opening stores the row, its items and its alert together, once per local date. Sending is the outbox's.
    With `catching_up` a digest that is late waits for what an outage left undone; without, for nothing. All
    that are opened in one round cover the time up to the same moment, so that readers of the same day get the
    same words. One that was due while a person wanted the place quiet never comes: the next one covers it.
    """
    opened, now = 0, clock()
    for plan in digest_plans(settings):
        last = await _last(plan, store)
        due = None if last is None else _due(plan, settings, last, now)
        if last is None or due is None or await _is_paused(plan.destination, due.due_at, store):
            continue
        if catching_up and await catching_up.waits(plan.name, store, due_at=due.due_at, now=now):
            continue
        if await open_digest(plan, store, due=due, covered_to=last[0], now=now):
            opened += 1
            hop("digest opened")
    return opened


def _due(
    plan: DigestPlan, settings: Settings, last: tuple[datetime, str | None], now: datetime
) -> DueDigest | None:
    covered_to, last_date = last
    due = due_digest(
        Schedule.parse(plan.schedule),
        zone=settings.zone_of(plan.destination),
        now=now,
        last_date=last_date,
        declared_at=covered_to,
    )
    # One that was due on a holiday never comes: the next one covers it.
    return None if due is None or is_holiday(due.due_at, plan.destination, settings) else due


async def _is_paused(destination: str, due_at: datetime, store: StoreThreads) -> bool:
    acts = await store.read(lambda store: store.acts(since=due_at - LONGEST_PAUSE))
    return any(
        act.kind == "quiet"
        and act.destination == destination
        and act.at <= due_at < min(act.until or due_at, act.lifted_at or act.until or due_at)
        for act in acts
    )


async def _last(plan: DigestPlan, store: StoreThreads) -> tuple[datetime, str | None] | None:
    return await store.read(lambda store: store.last_digest(plan.name))


async def open_digest(
    plan: DigestPlan, store: StoreThreads, *, due: DueDigest, covered_to: datetime, now: datetime
) -> Digest | None:
    """Open one digest with everything it has not told yet; None when it was opened before."""
    items = await store.read(lambda store: untold_items(plan, store, now=now))
    intent = DigestIntent(
        name=plan.name,
        destination=plan.destination,
        local_date=due.local_date,
        due_at=due.due_at,
        covers_from=covered_to,
        covers_to=now,
        watchlist_ids=plan.watchlist_ids,
        items=items,
        now=now,
    )
    digest = await store.write(lambda store: store.open_digest(intent))
    if digest is not None:
        # Its name has an address in it: a log needs only the number.
        facts = {"digest": digest.id, "date": due.local_date, "stories": len(intent.items)}
        log.info("digest opened", extra=facts)
    return digest


async def digest_message(
    digest: Digest, settings: Settings, store: StoreThreads, remembered: Remembered | None = None
) -> DigestMessage:
    """Read what the store knows of a digest's stories and put it in words, on its readers' clock."""
    kept = remembered or Remembered()
    return await store.read(lambda store: digest_words(digest, settings, store, kept))


def digest_words(digest: Digest, settings: Settings, store: Store, kept: Remembered) -> DigestMessage:
    """Read and compose, inside the store; what many readers of one day share is put in words once."""
    theirs = settings.as_read_at(digest.destination)
    facts = digest_facts(digest, theirs, store, kept)
    words = kept.ask(
        ("words", *same_day(digest, facts, theirs)), lambda: compose_digest(digest, facts, theirs)
    )
    return addressed(words, digest, facts.installation)


def digest_facts(
    digest: Digest, settings: Settings, store: Store, remembered: Remembered | None = None
) -> DigestFacts:
    """Return what the digest is composed of: each story as it stood when the digest was opened.

    So a digest that is composed again after a crash says what it said the first time.
    """
    ask = (remembered or Remembered()).ask
    found = {
        item.story_id: ask(("story", item), partial(store.story, item.story_id, at=item.revision))
        for item in digest.items
    }
    # One of them may have become part of another since, or told another story: each is told once.
    gone = {
        each.story_id
        for story_id in found
        for each in ask(("merged", story_id), partial(store.merged_into, story_id))
    }
    stories = {
        story_id: story
        for story_id, story in found.items()
        if story is not None and story.articles and story_id not in gone
    }
    days = days_until(digest.due_at, settings.timezone)
    span = ("days", digest.watchlist_ids, days[0])
    counts = ask(span, lambda: store.stories_a_day(watchlist_ids=digest.watchlist_ids, days=days))
    return DigestFacts(
        stories=stories,
        matches={
            story_id: ask(("matches", story_id), partial(store.story_matches, story_id))
            for story_id in stories
        },
        threads={
            story_id: ask(("threads", story_id), partial(store.threads_of, story_id)) for story_id in stories
        },
        grown={
            item.story_id: ask(("grown", item), partial(growth, item, stories[item.story_id], store))
            for item in digest.items
            if item.story_id in stories
        },
        states=ask("states", store.fetch_states),
        days=tuple((start, stories) for (start, _), stories in zip(days, counts, strict=True)),
        installation=ask("installation", store.installation),
        schedule=ask("schedules", lambda: _schedules(settings)).get(plan_name(digest), ""),
    )


def _schedules(settings: Settings) -> dict[str, str]:
    return {plan.name: plan.schedule for plan in digest_plans(settings)}


def plan_name(digest: Digest) -> str:
    """Return the name of the plan that a digest belongs to, also when it is sent once more."""
    return digest.name.removesuffix(AGAIN)


def growth(item: DigestItem, story: Story, store: Store) -> tuple[StoryArticle, ...]:
    """Return what came to a story since the digest last told it, in order.

    A story shows the newest version of each article; a correction made in an earlier version of the same day
    is found by looking at the story as it stood then.
    """
    revisions = {each.revision: each for each in story.articles}
    grown = []
    for revision in range(item.from_revision + 1, item.revision + 1):
        each = revisions.get(revision) or _made_at(revision, store.story(story.id, at=revision))
        if each is not None:
            grown.append(each)
    return tuple(grown)


def _made_at(revision: int, story: Story | None) -> StoryArticle | None:
    """Return the article, or the version of one, that made this revision; None when nothing was added."""
    articles = story.articles if story is not None else ()
    return next((each for each in articles if each.revision == revision), None)


def days_until(due_at: datetime, timezone: str) -> list[tuple[datetime, datetime]]:
    """Return [start, end) of the local days up to the one that a digest is about, oldest first."""
    last = local(due_at - HALF_A_DAY, timezone).date()
    days = range(CHART_DAYS - 1, -2, -1)
    midnights = [instant(last - timedelta(days=back), time(), timezone) for back in days]
    return list(pairwise(midnights))


def untold_items(plan: DigestPlan, store: Store, *, now: datetime) -> tuple[tuple[int, int], ...]:
    """Return each story that the digest has not told, once, with the revision up to which it was watched.

    Copies that came after the story last matched are part of it: "5 outlets, same text". What is held back
    comes in the first digest after it was let go.
    """
    revisions: dict[int, int] = {}
    for match in store.undigested_matches(plan.name, watchlist_ids=plan.watchlist_ids, at=now):
        story = store.story(match.story_id)
        watched = story.watched_revision if story else 0
        revisions[match.story_id] = max(match.revision, watched, revisions.get(match.story_id, 0))
    return tuple(sorted(revisions.items()))
