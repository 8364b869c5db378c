"""How is one destination served?

Its alerts go out in turn. What was tried before is looked for first; quiet hours and limits decide about the
rest; then each is composed, checked to be still ours, handed over and recorded. When the channel does not
answer, the others of the batch wait with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.channels.contract import Channel, Envelope, Narrow
from alerts.channels.registry import Channels, address_of, kind_of
from alerts.composing import Composer, NothingLeftError
from alerts.folding import FOLDED, Folding
from alerts.keeping_back import KeepingBack
from alerts.ledger import GRACE, Fault, Ledger, Outcome, facts_of, without_stopping
from alerts.limits import Decision, Defer, Group, Send, decide_all, waited_for_quiet
from alerts.message import Outgoing
from alerts.rules import follow_ups_of, may_broadcast
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from news.telling import Alert, Receipt, Thread

UNTIL_SET_UP = timedelta(minutes=1)  # how often a channel that is not set up is asked for again
DOWN = "the channel does not answer"
FOLLOW_UPS = frozenset({"reply", "correction"})


class Courier:
    """Serves destinations."""

    def __init__(self, ledger: Ledger, channels: Channels, composer: Composer) -> None:
        """Keep what it works with."""
        self._ledger = ledger
        self._channels = channels
        self._composer = composer
        # By kind of channel: where one takes few at a time, the other destinations wait here.
        self._places: dict[str, asyncio.Semaphore] = {}

    async def serve(self, alerts: Sequence[Alert]) -> list[Outcome]:
        """Send one destination's claimed alerts, in order; return what became of each."""
        destination = alerts[0].destination
        channel = self._channels.of(destination)
        if channel is None:
            until = self._ledger.clock() + UNTIL_SET_UP
            why = f"waiting: {kind_of(destination).capitalize()} is not set up"
            return [await self._ledger.defer(alert, until, why) for alert in alerts]
        async with self._place(kind_of(destination), channel):
            return await _Visit(self._ledger, channel, self._composer).deliver(alerts)

    def _place(self, kind: str, channel: Channel) -> AbstractAsyncContextManager[None]:
        if not isinstance(channel, Narrow):
            return nullcontext()
        return self._places.setdefault(kind, asyncio.Semaphore(channel.at_once))


class _Visit:
    """One batch for one destination."""

    def __init__(self, ledger: Ledger, channel: Channel, composer: Composer) -> None:
        self._ledger = ledger
        self._channel = channel
        self._composer = composer
        self._keeping = KeepingBack(ledger)
        # Set when the channel does not answer: what is left of the batch waits until then.
        self._down_until: datetime | None = None

    async def deliver(self, alerts: Sequence[Alert]) -> list[Outcome]:
        """Look for what was tried, ask the limits, send what may go out."""
        outcomes: list[Outcome] = []
        fresh: list[Alert] = []
        # What failed before comes last: it may be its own words that the channel stumbles over.
        acts = await self._keeping.standing(alerts)
        for alert in sorted(alerts, key=lambda alert: alert.attempts):
            settled = await self._careful(alert, self._settle(alert))
            if settled is None and acts:
                settled = await self._careful(alert, self._keeping.keep_back(alert, acts))
            if settled is None:
                settled = await self._careful(alert, self._fold(alert))
            if settled is None:
                fresh.append(alert)
            else:
                outcomes.append(settled)
        decisions = await self._decisions(fresh)
        for group in dict.fromkeys(each for each in decisions if isinstance(each, Group)):
            together = [alert for alert, each in zip(fresh, decisions, strict=True) if each == group]
            outcomes += await self._ledger.group(together, group)
        for alert, decision in zip(fresh, decisions, strict=True):
            if not isinstance(decision, Group):
                outcome = await self._careful(alert, self._act(alert, decision))
                outcomes.append(outcome or Outcome.WAITING)
        return outcomes

    async def _careful(self, alert: Alert, step: Awaitable[Outcome | None]) -> Outcome | None:
        outcome = await without_stopping(step, facts_of(alert))
        if isinstance(outcome, Fault):
            return await self._ledger.unknown(alert, "a fault in Nightdesk; its log has the details")
        return outcome

    async def _fold(self, alert: Alert) -> Outcome | None:
        """Let a story that waited for the morning come in the morning's digest, if the place has one."""
        now = self._ledger.clock()
        if alert.kind != "root" or alert.attempts > 1:
            return None
        if not waited_for_quiet(alert, self._ledger.settings, now):
            return None
        folding = Folding(self._ledger.settings, self._ledger.store)
        if await folding.told_in_digest(alert):
            return Outcome.MERGED
        until = await folding.waits_until(alert, now)
        return None if until is None else await self._ledger.defer(alert, until, FOLDED)

    async def _decisions(self, alerts: Sequence[Alert]) -> Sequence[Decision]:
        if not alerts:
            return ()
        ledger = self._ledger
        # Only stories of their own are limited.
        limited = any(alert.kind == "root" for alert in alerts)
        sent = await ledger.arrived(alerts[0].destination) if limited else ()
        can_edit = self._channel.can_edit
        return decide_all(alerts, sent, ledger.settings, can_edit=can_edit, now=ledger.clock())

    async def _settle(self, alert: Alert) -> Outcome | None:
        """Look for an alert that was tried before; None when it was not, or is certainly not there."""
        if alert.attempts <= 1:
            return None
        if self._down_until is not None:
            return await self._ledger.defer(alert, self._down_until, DOWN)
        if self._channel.can_look_up:
            return await self._look_up(alert)
        if self._channel.when_unknown == "hold":
            return await self._ledger.held(alert, "it is not known whether it arrived")
        return None

    async def _look_up(self, alert: Alert) -> Outcome | None:
        envelope = self._envelope(alert, await self._thread(alert))
        try:
            receipt = await self._channel.find(envelope)
        except ChannelRefusedError as error:
            return await self._ledger.held(alert, f"it is not known whether it arrived: {error}")
        except ChannelError as error:
            self._wait(error, self._ledger.clock())
            return await self._ledger.unknown(alert, str(error), asked=error.retry_after)
        self._ledger.hop("looked up")
        return None if receipt is None else await self._found(alert, receipt)

    async def _found(self, alert: Alert, receipt: Receipt) -> Outcome | None:
        """Record a message that is there already; a group is brought up to date first."""
        thread = await self._thread(alert)
        try:
            message = await self._composer.outgoing(alert, thread, threaded=self._is_threaded(alert, thread))
        except NothingLeftError:
            message = None
        if message is not None and alert.kind == "group":
            return await self._edit_group(alert, message, receipt)
        headline = message.headline if message else ""
        outcome = await self._ledger.sent(alert, receipt, outcome="found", headline=headline)
        self._ledger.hop("recorded")
        return outcome

    async def _edit_group(self, alert: Alert, message: Outgoing, receipt: Receipt) -> Outcome | None:
        """Show what the group gained; None when its message can no longer be changed, to be sent anew."""
        if not await self._ledger.may_send(alert):
            return Outcome.WAITING
        envelope = replace(self._envelope(alert, None), receipt=receipt)
        try:
            if not await self._channel.edit(message, envelope):
                return None
        except ChannelRefusedError as error:
            return await self._ledger.refused(alert, str(error))
        except ChannelError as error:
            self._wait(error, self._ledger.clock())
            return await self._ledger.unknown(alert, str(error), asked=error.retry_after)
        self._ledger.hop("edited")
        outcome = await self._ledger.sent(alert, receipt, outcome="found", headline=message.headline)
        self._ledger.hop("edit recorded")
        return outcome

    async def _act(self, alert: Alert, decision: Defer | Send) -> Outcome:
        if isinstance(decision, Defer):
            return await self._ledger.defer(alert, decision.until, decision.why)
        if self._down_until is not None:
            return await self._ledger.defer(alert, self._down_until, DOWN)
        thread = await self._thread(alert)
        try:
            message = await self._composer.outgoing(alert, thread, threaded=self._is_threaded(alert, thread))
        except NothingLeftError as nothing:
            return await self._ledger.withdrawn(alert, str(nothing))
        if message is None:
            return await self._ledger.refused(alert, "what it was about is no longer in the database")
        if not await self._ledger.may_send(alert):
            return Outcome.WAITING
        return await self._hand_over(alert, message, self._envelope(alert, thread))

    async def _hand_over(self, alert: Alert, message: Outgoing, envelope: Envelope) -> Outcome:
        """Ask the channel, once, and record what it answered."""
        try:
            receipt = await self._channel.send(message, envelope)
        except ChannelRefusedError as error:
            return await self._ledger.refused(alert, str(error))
        except OutcomeUnknownError as error:
            self._wait(error, self._ledger.clock())
            return await self._ledger.unknown(alert, str(error))
        except ChannelError as error:
            self._wait(error, await self._ledger.put_off(alert, error, self._channel))
            return Outcome.WAITING
        self._ledger.hop("posted")
        outcome = await self._ledger.sent(alert, receipt, outcome="sent", headline=message.headline)
        self._ledger.hop("recorded")
        return outcome

    def _wait(self, error: ChannelError, until: datetime) -> None:
        """Let the rest of the batch wait: as long as the channel asked, else no longer than the grace."""
        soon = self._ledger.clock() + GRACE
        self._down_until = max(until, soon) if error.retry_after else soon

    async def _thread(self, alert: Alert) -> Thread | None:
        thread_id = alert.thread_id
        if thread_id is None or alert.kind == "group":
            return None
        return await self._ledger.store.read(lambda store: store.thread(thread_id))

    def _envelope(self, alert: Alert, thread: Thread | None) -> Envelope:
        return Envelope(
            key=alert.key,
            kind=alert.kind,
            to=address_of(alert.destination),
            created=alert.created,
            thread=thread if self._goes_under(alert, thread) else None,
            broadcast=alert.broadcast and self._is_heard(alert, thread),
        )

    def _is_heard(self, alert: Alert, thread: Thread | None) -> bool:
        """Return whether the channel may hear of the story again: another follow-up may have been quicker."""
        return alert.kind != "reply" or thread is None or may_broadcast(thread, self._ledger.clock())

    def _goes_under(self, alert: Alert, thread: Thread | None) -> bool:
        """Return whether it is a reply under its root, or a message of its own."""
        if alert.kind not in FOLLOW_UPS or thread is None or not thread.root_ts:
            return False
        how = follow_ups_of(alert.destination, thread.watchlist_ids, self._ledger.settings)
        return self._channel.can_thread and how != "new message"

    def _is_threaded(self, alert: Alert, thread: Thread | None) -> bool:
        """Return whether readers see which story it belongs to: not so under a group."""
        return thread is not None and self._goes_under(alert, thread) and not thread.edits_closed
