"""What does one shift leave the next? Who is on what, what nobody is on, and what went quiet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from alerts.decided import name_of
from alerts.health import health_facts
from config.settings import Settings
from news.nouns import Health, Priority
from news.timing import Schedule, next_due
from news.wording import clock_time, counted, when

if TYPE_CHECKING:
    from storage.contract import Store

#: A hand-over that was missed is made up for so long.
LATE = timedelta(hours=2)
#: How far back stories are looked for that nobody is on.
SHIFT = timedelta(hours=12)
MOST = 10  # lines of each kind
BLIND = {Health.QUIET: "brings nothing new", Health.FAILING: "cannot be read", Health.STOPPED: "is stopped"}


def hand_over(store: Store, settings: Settings, *, now: datetime) -> bool:
    """Put the hand-over in the outbox when its hour has come; return whether it was put there now."""
    to = settings.handover.to
    due = _due(settings, now) if to else None
    if due is None:
        return False
    key = f"handover {due.isoformat()}"
    if store.has_health(destination=to, key=key):
        return False
    lines = [*_claims(store, settings, now), *_nobodys(store, settings, now)]
    lines += [*_on_hold(store, now), *_quiet(store, settings)]
    title = f"Hand-over, {clock_time(due, settings.timezone)}"
    facts = health_facts(title, *(lines or ["Nothing is open."]), ids={"state": "handover"})
    return store.enqueue_health(destination=to, key=key, facts=facts, now=now)


def _due(settings: Settings, now: datetime) -> datetime | None:
    """Return the hand-over whose hour came last, if that is not too long ago."""
    schedule, zone = Schedule.parse(settings.handover.at), settings.timezone
    due = next_due(schedule, zone=zone, after=now - LATE)
    latest: datetime | None = None
    while due <= now:
        latest, due = due, next_due(schedule, zone=zone, after=due)
    return latest


def _claims(store: Store, settings: Settings, now: datetime) -> Iterator[str]:
    """Yield who is on what."""
    claims = store.open_claims()
    for claim in claims[:MOST]:
        story = store.story(claim.story_id)
        if story is not None and _is_public(store, story.id, settings):
            since = when(claim.since, settings.timezone, now=now)
            yield f"{name_of(claim.who, settings)} is on: {story.title} (since {since})"
    if len(claims) > MOST:
        yield f"{counted(len(claims) - MOST, 'more story', plural='more stories')} that somebody is on."


def _nobodys(store: Store, settings: Settings, now: datetime) -> Iterator[str]:
    """Yield the important stories of the shift that nobody is on."""
    public = {each.id for each in settings.watchlists if not each.private}
    high = {
        match.story_id: match
        for match in store.matches(since=now - SHIFT)
        if match.priority >= Priority.HIGH and match.watchlist_id in public
    }
    open_ones = (id_ for id_ in sorted(high, reverse=True) if store.claim_of(id_) is None)
    for story_id in islice(open_ones, MOST):
        story = store.story(story_id)
        acts = store.acts_of(story_id)
        kept_back = any(act.kind in {"mute story", "hold"} and act.stands(now) for act in acts)
        if story is not None and not kept_back:
            yield f"Nobody is on: {story.title}"


def _on_hold(store: Store, now: datetime) -> Iterator[str]:
    """Yield how many stories wait for a person or an hour; what they say waits with them."""
    held = {act.story_id for act in store.standing_acts(("hold",), now=now)}
    if held:
        yield f"{counted(len(held), 'story')} on hold: nightdesk stories acts, or the console, says why."


def _quiet(store: Store, settings: Settings) -> Iterator[str]:
    """Yield the sources that bring nothing."""
    names = {source.id: source.name for source in settings.sources}
    blind = [state for state in store.fetch_states() if state.health in BLIND]
    for state in blind[:MOST]:
        yield f"{names.get(state.source_id, state.source_id)} {BLIND[state.health]}"
    if len(blind) > MOST:
        yield f"{counted(len(blind) - MOST, 'more source')} that bring nothing."


def _is_public(store: Store, story_id: int, settings: Settings) -> bool:
    public = {each.id for each in settings.watchlists if not each.private}
    return any(match.watchlist_id in public for match in store.story_matches(story_id))
