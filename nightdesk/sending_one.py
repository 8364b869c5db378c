"""Somebody wants a story that was not sent to them: one message to that person, through the outbox, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from alerts.words import best_grade
from config.settings import Reader, Settings
from news.nouns import Grade, Priority, Story
from news.telling import AlertState, Tell
from news.wording import when
from nightdesk.acts.holding import held
from nightdesk.handovers import Handover, place_of, why_not
from nightdesk.private import open_ids

if TYPE_CHECKING:
    from news.telling import Alert
    from storage.contract import Store

Became = Literal["on its way", "sent", "held back", "not sent", "no address"]
ON_ITS_WAY = frozenset({AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN})
TOLD = frozenset({AlertState.SENT, AlertState.GROUPED, AlertState.MERGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of the wish."""

    became: Became
    # A sentence.
    words: str
    # Where it goes; "" when there is no address.
    to: str = ""


def own_places(reader: Reader) -> tuple[str, ...]:
    """Return where messages reach this person alone."""
    return tuple(place for place in (reader.slack, reader.email) if place)


def may_ask(reader: Reader, told: Iterable[Handover]) -> bool:
    """Return whether nothing of a story was sent to this person alone, or is to be."""
    own = own_places(reader)
    return not any(each.destination in own and each.state != "not sent" for each in told)


def own_place(settings: Settings, reader: Reader) -> str:
    """Return where a person can be reached now: in Slack, or by mail; "" when nowhere."""
    channels = settings.channels
    # An incoming webhook has one channel and no person.
    if reader.slack and channels.slack.token:
        return reader.slack
    return reader.email if reader.email and channels.email.is_set_up else ""


def send_one(
    store: Store, settings: Settings, story: Story, reader: Reader, *, zone: str, now: datetime
) -> Answer:
    """Put a message for this person in the outbox; `settings` as the reader may see them."""
    to = own_place(settings, reader)
    if not to:
        return Answer(became="no address", words=_no_address(reader))
    known = open_ids(settings)
    matches = [each for each in store.story_matches(story.id) if each.watchlist_id in known]
    tell = Tell(
        destination=to,
        kind="root",
        from_revision=0,
        revision=story.revision,
        watchlist_ids=tuple(each.watchlist_id for each in matches),
        priority=max((each.priority for each in matches), default=Priority.NORMAL),
        grade=best_grade(matches) if matches else Grade.MENTIONS,
        due_at=now,
        asked_by=reader.id,
    )
    alert = store.ask_for(story.id, tell, now=now)
    store.audit("asked for a story", who=reader.id, facts={"story": story.id}, now=now)
    is_held = held(store, story.id, now=now) is not None
    return _answer(store, alert, is_held=is_held, zone=zone, now=now)


def _no_address(reader: Reader) -> str:
    if own_places(reader):
        return "It cannot be sent: neither Slack nor a mail server that reaches you is set up. See Settings."
    return "It cannot be sent: Nightdesk knows no address of yours. An admin adds one under People."


def _answer(store: Store, alert: Alert, *, is_held: bool, zone: str, now: datetime) -> Answer:
    place = place_of(alert.destination)
    if alert.state in TOLD:
        thread = store.thread(alert.thread_id or 0)
        at = f", {when(thread.root_sent_at, zone, now=now)}" if thread and thread.root_sent_at else ""
        return Answer(became="sent", words=f"You have it already: {place}{at}.", to=alert.destination)
    if alert.state not in ON_ITS_WAY:
        words = f"It could not be sent to {place}: {why_not(alert)}."
        return Answer(became="not sent", words=words, to=alert.destination)
    if is_held:
        words = f"Somebody holds this story back. It goes to {place} when it is let go."
        return Answer(became="held back", words=words, to=alert.destination)
    return Answer(became="on its way", words=f"On its way to you: {place}.", to=alert.destination)
