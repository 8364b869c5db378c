"""What was sent, what waits, and what was refused? And how did a message look?

Nothing of what private watchlists send to people is shown to others: `settings` are as the reader may see
them (`private.as_seen_by`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from config.settings import Settings
from news.nouns import Clock
from news.telling import Alert, AlertState, Delivery
from nightdesk.handovers import message_name, place_of, why_not
from nightdesk.private import people_places
from storage.contract import Store
from storage.list_contract import MessageChoice, MessageLine

if TYPE_CHECKING:
    from alerts.message import Outgoing
    from storage.threads import StoreThreads

MOST_DIGITS = 18  # of a message's number
#: What a list may show: a name, how the page calls it, and in which states a message is then.
WAITING = (AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN)
STUCK = (AlertState.FAILED, AlertState.HELD)
STATES: Mapping[str, tuple[AlertState, ...]] = {
    "stuck": STUCK,
    "waiting": WAITING,
    "sent": (AlertState.SENT,),
}
SHOWS = {"": "Everything", "stuck": "Could not be sent", "waiting": "On the way", "sent": "Sent"}
OUTCOMES = {"found": "its answer was lost, and it was found there"}
_WAITS = {
    AlertState.SENDING: "it is being sent",
    AlertState.UNKNOWN: "no answer came; it is looked for before it is sent again",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which messages somebody wants to see."""

    # One of SHOWS; "" is each kind, from its beginning.
    show: str = ""
    # Where they go; "" is everywhere.
    to: str = ""
    # Goes on below this message; of one kind only.
    before: int | None = None


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
class PostPage:
    """Messages of one kind, the newest first."""

    lines: tuple[PostLine, ...] = ()
    # Where the next page begins; None when this is the last one.
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is on its way, stuck, or out."""

    waiting: PostPage
    stuck: PostPage
    sent: PostPage


def ask(given: Mapping[str, str]) -> Wish:
    """Return what an address asks for; what cannot be read is left out."""
    show, before = given.get("show", ""), given.get("before", "")
    known = show if show in SHOWS else ""
    number = int(before) if before.isdecimal() and len(before) <= MOST_DIGITS and known else None
    return Wish(show=known, to=given.get("to", ""), before=number)


def post(store: Store, settings: Settings, wish: Wish, *, limit: int) -> Post:
    """Return what waits, what is stuck, and what went out; `settings` as the reader may see them."""
    found = {
        kind: _page(store, settings, wish, states, limit) if wish.show in {"", kind} else PostPage()
        for kind, states in STATES.items()
    }
    return Post(waiting=found["waiting"], stuck=found["stuck"], sent=found["sent"])


def _page(
    store: Store, settings: Settings, wish: Wish, states: tuple[AlertState, ...], limit: int
) -> PostPage:
    choice = MessageChoice(
        states=states,
        destination=wish.to,
        besides=tuple(sorted(people_places(settings))),
        before=wish.before,
        limit=limit + 1,
    )
    found = store.messages(choice)
    after = found[limit - 1].alert.id if len(found) > limit else None
    return PostPage(lines=tuple(_line(each) for each in found[:limit]), after=after)


def _line(message: MessageLine) -> PostLine:
    alert = message.alert
    went = next((each for each in reversed(message.deliveries) if each.receipt is not None), None)
    is_out = alert.state is AlertState.SENT
    return PostLine(
        alert_id=alert.id,
        at=went.at if went and is_out else alert.created,
        due_at=None if is_out else alert.due_at,
        what=message_name(alert.kind, alert.destination),
        destination=alert.destination,
        headline=message.headline or str(alert.facts.get("title", "")),
        why=_how_it_went(went) if is_out else _why_not_out(alert),
        story_id=alert.story_id,
    )


def _why_not_out(alert: Alert) -> str:
    if alert.state in STUCK:
        return why_not(alert)
    return _WAITS.get(alert.state) or alert.last_error.removeprefix("waiting: ")


def _how_it_went(went: Delivery | None) -> str:
    if went is None:
        return ""
    if went.receipt is not None and went.receipt.refused:
        return "refused for " + "; ".join(f"{who} ({why})" for who, why in went.receipt.refused.items())
    return ": ".join(filter(None, (OUTCOMES.get(went.outcome, ""), went.error)))


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
