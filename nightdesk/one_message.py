"""What became of one message?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from news.telling import Alert, AlertState, Delivery
from news.wording import counted, when
from nightdesk.handovers import message_name, place_of, why_not
from nightdesk.private import people_places
from storage.contract import Store

MOST_LOOKED_AT = 5000  # messages, the newest
STATE_WORDS = {
    AlertState.PENDING: "waiting",
    AlertState.SENDING: "being sent",
    AlertState.UNKNOWN: "handed over without an answer; it is looked for before it is sent again",
    AlertState.SENT: "sent",
    AlertState.GROUPED: "grouped: it is shown in one message with others",
    AlertState.MERGED: "merged: another message says it",
    AlertState.WITHDRAWN: "withdrawn",
    AlertState.MUTED: "muted",
    AlertState.FAILED: "not sent",
    AlertState.HELD: "waits for a person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A message and everything that is written down about it."""

    alert: Alert
    deliveries: tuple[Delivery, ...]
    # What it is about; "" where others may not read it.
    headline: str


def account_of(store: Store, settings: Settings, wanted: str) -> Account | None:
    """Return the message with this number, key or headline; of several, the newest."""
    alerts = store.alerts(limit=MOST_LOOKED_AT)
    deliveries = store.deliveries(limit=MOST_LOOKED_AT)
    hidden = people_places(settings)
    for alert in alerts:
        mine = tuple(each for each in deliveries if each.alert_id == alert.id)
        headline = "" if alert.destination in hidden else _headline(store, alert, mine)
        if _is_meant(wanted, alert, headline):
            return Account(alert=alert, deliveries=mine, headline=headline)
    return None


def _headline(store: Store, alert: Alert, deliveries: tuple[Delivery, ...]) -> str:
    told = next((each.headline for each in deliveries if each.headline), "")
    story = store.story(alert.story_id) if alert.story_id and not told else None
    return told or (story.title if story else "")


def _is_meant(wanted: str, alert: Alert, headline: str) -> bool:
    if wanted.isdigit():
        return alert.id == int(wanted)
    return alert.key in wanted or " ".join(wanted.split()).lower() in headline.lower()


def account_lines(account: Account, settings: Settings, *, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield what is known of it, line by line."""
    alert, zone = account.alert, settings.timezone
    yield "Message", f"{alert.id}, {message_name(alert.kind, alert.destination)}"
    if account.headline:
        yield "About", account.headline
    yield "To", place_of(alert.destination)
    yield "State", _state(alert)
    yield "Made", when(alert.created, zone, now=now)
    if alert.state in {AlertState.PENDING, AlertState.UNKNOWN}:
        yield "Due", when(alert.due_at, zone, now=now)
    yield "Tries", counted(alert.attempts, "try", plural="tries")
    for each in account.deliveries:
        at = when(each.at, zone, now=now)
        if each.receipt is None:
            yield "Refused", f"{at}: {each.error}"
            continue
        found = ", found there after its answer was lost" if each.outcome == "found" else ""
        yield "Sent", f"{at}{found}, as {each.receipt.ts}"
        for who, why in each.receipt.refused.items():
            yield "Refused", f"{who}: {why}"
    yield "Key", alert.key


def _state(alert: Alert) -> str:
    words = STATE_WORDS[alert.state]
    if alert.state in {AlertState.FAILED, AlertState.HELD, AlertState.WITHDRAWN}:
        return f"{words}: {why_not(alert)}"
    return f"{words}: {alert.last_error}" if alert.last_error else words


def account_facts(account: Account) -> Mapping[str, object]:
    """Return the same for machines."""
    alert = account.alert
    return {
        "message": alert.id,
        "kind": alert.kind,
        "to": alert.destination,
        "headline": account.headline,
        "state": alert.state.value,
        "error": alert.last_error,
        "tries": alert.attempts,
        "created": alert.created.isoformat(),
        "due": alert.due_at.isoformat(),
        "key": alert.key,
        "story": alert.story_id if account.headline else None,
        "sent": [
            {
                "at": each.at.isoformat(),
                "outcome": each.outcome,
                "ts": each.receipt.ts if each.receipt else None,
            }
            for each in account.deliveries
        ],
    }


def _ts(delivery: Delivery) -> str | None:
    return delivery.receipt.ts if delivery.receipt else None
