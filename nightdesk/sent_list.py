"""What was sent, what waits, and what was refused? And how did a message look?

Nothing of what private watchlists send to people is shown to others: `settings` are as the reader may see
them (`private.as_seen_by`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from config.settings import Settings
from news.nouns import Clock
from news.telling import Alert, AlertState, Delivery
from nightdesk.handovers import message_name, place_of, why_not
from nightdesk.private import people_places
from storage.contract import Store
from storage.list_contract import MessageChoice

if TYPE_CHECKING:
    from alerts.message import Outgoing
    from storage.threads import StoreThreads

#: Messages of each kind that a page shows, and how far back those that went out are looked for.
MOST = 100
LOOKS_BACK = timedelta(days=14)
WAITING = (AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN)
STUCK = (AlertState.FAILED, AlertState.HELD)
REFUSED = "refused"  # what did not arrive stands among what is stuck
OUTCOMES = {"found": "its answer was lost, and it was found there"}
_WAITS = {
    AlertState.SENDING: "it is being sent",
    AlertState.UNKNOWN: "no answer came; it is looked for before it is sent again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLine:
    """A message in a list."""

    alert_id: int
    # When it went out, or was made.
    at: datetime
    # When it may go out; None when it did.
    due_at: datetime | None = None
    # "new message", "reply in the thread", "daily email"
    what: str
    destination: str
    headline: str
    # Why it waits, or how it went; "" when it simply arrived.
    why: str
    story_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Everything that is on its way, stuck, or out, the newest first."""

    waiting: tuple[PostLine, ...]
    stuck: tuple[PostLine, ...]
    sent: tuple[PostLine, ...]


def post(store: Store, settings: Settings, *, now: datetime) -> Post:
    """Return what waits, what is stuck, and what went out."""
    hidden = people_places(settings)
    waiting = [each for each in store.alerts(states=WAITING, limit=MOST) if each.destination not in hidden]
    stuck = [each for each in store.alerts(states=STUCK, limit=MOST) if each.destination not in hidden]
    sent = store.deliveries(since=now - LOOKS_BACK, limit=MOST)
    titles = _titles(store, (*waiting, *stuck))
    return Post(
        waiting=tuple(_line(each, titles, _why_it_waits) for each in waiting),
        stuck=tuple(_line(each, titles, why_not) for each in stuck),
        sent=tuple(
            _sent(each) for each in sent if each.destination not in hidden and each.outcome != REFUSED
        ),
    )


def _titles(store: Store, alerts: Iterable[Alert]) -> Mapping[int, str]:
    ids = sorted({alert.story_id for alert in alerts if alert.story_id})
    return {line.id: line.title for line in store.lines_of_stories(ids, watchlist_ids=())}


def _line(alert: Alert, titles: Mapping[int, str], why: Callable[[Alert], str]) -> PostLine:
    return PostLine(
        alert_id=alert.id,
        at=alert.created,
        due_at=alert.due_at,
        what=message_name(alert.kind, alert.destination),
        destination=alert.destination,
        headline=titles.get(alert.story_id or 0) or str(alert.facts.get("title", "")),
        why=why(alert),
        story_id=alert.story_id,
    )


def _why_it_waits(alert: Alert) -> str:
    return _WAITS.get(alert.state) or alert.last_error.removeprefix("waiting: ")


def _sent(each: Delivery) -> PostLine:
    outcome = OUTCOMES.get(each.outcome, "")
    if each.error:
        outcome = f"{outcome}: {each.error}" if outcome else each.error
    if each.receipt is not None and each.receipt.refused:
        outcome = "refused for " + "; ".join(f"{who} ({why})" for who, why in each.receipt.refused.items())
    return PostLine(
        alert_id=each.alert_id,
        at=each.at,
        what=message_name(each.kind, each.destination),
        destination=each.destination,
        headline=each.headline,
        why=outcome,
        story_id=each.story_id,
    )


def find_alert(store: Store, settings: Settings, alert_id: int) -> Alert | None:
    """Return a message's row, or None when there is none that the reader may see."""
    choice = MessageChoice(
        states=tuple(AlertState),
        alert_ids=(alert_id,),
        besides=tuple(sorted(people_places(settings))),
        limit=1,
    )
    return next((line.alert for line in store.messages(choice)), None)


async def as_it_looked(
    store: StoreThreads, settings: Settings, alert: Alert, *, clock: Clock
) -> Outgoing | None:
    """Return a message in words as it was, or would be, handed over; None when its story is gone."""
    from alerts.composing import Composer

    thread = None
    if alert.thread_id is not None:
        thread_id = alert.thread_id
        thread = await store.read(lambda store: store.thread(thread_id))
    return await Composer(settings, store, clock).outgoing(alert, thread, threaded=True)


def post_facts(line: PostLine) -> dict[str, object]:
    """Return a message of a list for machines."""
    return {
        "message": line.alert_id,
        "at": line.at.isoformat(),
        "due": line.due_at.isoformat() if line.due_at else None,
        "what": line.what,
        "to": line.destination,
        "place": place_of(line.destination),
        "headline": line.headline,
        "why": line.why,
        "story": line.story_id,
    }
