"""What would quiet hours and limits have made of the messages of a rehearsal?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from alerts.channels.registry import kind_of
from alerts.limits import Defer, Group, Send, decide_all
from config.settings import Settings
from news.nouns import Priority
from news.telling import Alert, AlertState, Delivery
from nightdesk.rehearsal_steps import How, Step


def limited(steps: Sequence[Step], settings: Settings) -> tuple[list[Step], int]:
    """Return the steps as the limits leave them, and how many messages that makes."""
    kept = [step for step in steps if step.how not in {How.AT_ONCE, How.LATER}]
    roots = [step for step in steps if step.how in {How.AT_ONCE, How.LATER}]
    messages = 0
    for destination in dict.fromkeys(step.destination for step in roots):
        there = [step for step in roots if step.destination == destination]
        outbox = _Outbox(destination, settings)
        for due_at in sorted({step.due_at for step in there}):
            # In the order in which the outbox gives them out.
            due = sorted((step for step in there if step.due_at == due_at), key=_rank)
            kept += outbox.drain(due, due_at)
        messages += outbox.messages
    return kept, messages


def _rank(step: Step) -> tuple[int, datetime, int]:
    return -step.match.priority if step.match else 0, step.at, step.story.id


class _Outbox:
    """What one destination would have been sent."""

    def __init__(self, destination: str, settings: Settings) -> None:
        self._settings = settings
        self._can_edit = kind_of(destination) == "slack" and bool(settings.channels.slack.token)
        self._sent: list[Delivery] = []
        self._grows_until: datetime | None = None
        self.messages = 0

    def drain(self, steps: Sequence[Step], now: datetime) -> Iterator[Step]:
        """Yield what is due now as it would have gone out."""
        alerts = [_alert(number, step) for number, step in enumerate(steps, start=len(self._sent))]
        decisions = decide_all(alerts, self._sent, self._settings, can_edit=self._can_edit, now=now)
        for step, alert, decision in zip(steps, alerts, decisions, strict=True):
            match decision:
                case Send():
                    self.messages += 1
                    self._sent.append(_delivery(alert, now))
                    yield step
                case Group(until=until):
                    self._join(until, now)
                    yield replace(step, how=How.GROUPED)
                case Defer(until=until):
                    self._join(until, now)
                    yield replace(step, how=How.GROUPED, due_at=until)

    def _join(self, until: datetime, now: datetime) -> None:
        """Join the group that grows, or begin one."""
        if self._grows_until is None or now >= self._grows_until:
            self.messages += 1
            self._grows_until = until


def _alert(number: int, step: Step) -> Alert:
    return Alert(
        id=number,
        key=str(number),
        kind="root",
        destination=step.destination,
        state=AlertState.PENDING,
        story_id=step.story.id,
        revision=step.story.revision,
        priority=step.match.priority if step.match else Priority.NORMAL,
        due_at=step.due_at,
        created=step.at,
    )


def _delivery(alert: Alert, now: datetime) -> Delivery:
    return Delivery(
        id=alert.id,
        alert_id=alert.id,
        key=alert.key,
        kind="root",
        destination=alert.destination,
        story_id=alert.story_id,
        digest_id=None,
        outcome="sent",
        receipt=None,
        at=now,
    )
