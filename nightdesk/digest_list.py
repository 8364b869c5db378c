"""Which digests are there, when do they come next, and which were sent?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.holidays import next_digest
from alerts.schedule import digest_plans
from config.settings import Settings
from news.telling import AlertState
from nightdesk.handovers import why_not
from nightdesk.private import open_ids, people_places
from storage.acts_contract import Act
from storage.contract import Store

MOST_PAST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A digest that comes regularly."""

    destination: str
    # As it was written: "daily 06:30".
    schedule: str
    next_at: datetime
    watchlists: tuple[str, ...]
    # Stories that wait for it.
    stories: int
    # Until when a person wants none; None when it comes.
    paused: Act | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A digest that was made."""

    alert_id: int
    destination: str
    due_at: datetime
    stories: int
    # When it went out; None when it did not.
    sent_at: datetime | None
    # Why not.
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """All of them."""

    coming: tuple[Coming, ...]
    past: tuple[Past, ...]
    # Where the next page of those that were made begins; None when this is the last one.
    after: int | None = None


def digests(
    store: Store, settings: Settings, *, now: datetime, to: str = "", before: int | None = None
) -> Digests:
    """Return the digests that come and that were made; `settings` as the reader may see them.

    With `to`, those of one place; with `before`, what was made goes on below this message.
    """
    hidden, known = people_places(settings), open_ids(settings)
    names = {each.id: each.name for each in settings.watchlists if each.id in known}
    pauses = {act.destination: act for act in store.standing_acts(("quiet",), now=now)}
    coming = [
        Coming(
            destination=plan.destination,
            schedule=plan.schedule,
            next_at=next_digest(
                plan.schedule, plan.destination, settings, after=_after(pauses.get(plan.destination), now)
            ),
            watchlists=tuple(names[each] for each in plan.watchlist_ids if each in names),
            stories=len(store.undigested_matches(plan.name, watchlist_ids=plan.watchlist_ids, at=now)),
            paused=pauses.get(plan.destination),
        )
        for plan in digest_plans(settings)
        if plan.destination not in hidden and to in {"", plan.destination}
    ]
    made = store.past_digests(limit=MOST_PAST + 1, destination=to, before=before)
    past = [
        Past(
            alert_id=each.alert.id,
            destination=each.alert.destination,
            due_at=each.due_at,
            stories=each.stories,
            sent_at=next((went.at for went in reversed(each.deliveries) if went.receipt), None),
            why=_why(each.alert.state, why_not(each.alert), each.alert.last_error),
        )
        for each in made[:MOST_PAST]
        if each.alert.destination not in hidden
    ]
    after = made[MOST_PAST - 1].alert.id if len(made) > MOST_PAST else None
    return Digests(coming=tuple(coming), past=tuple(past), after=after)


def _after(pause: Act | None, now: datetime) -> datetime:
    return max(now, pause.until) if pause and pause.until else now


def _why(state: AlertState, not_sent: str, error: str) -> str:
    if state is AlertState.SENT:
        return ""
    waits = state in {AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN}
    return f"waiting{': ' if error else ''}{error.removeprefix('waiting: ')}" if waits else not_sent
