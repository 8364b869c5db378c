"""How is a message that is out kept up to date?

Edits are no rows of the outbox: a thread says which revision should be shown and which is. The latest wins,
so an edit that fails is simply made later; one that is made twice changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.channels.contract import Channel, Envelope, Linking, draws_buttons
from alerts.channels.registry import Channels, address_of
from alerts.composing import Composer
from alerts.ledger import Fault, Ledger, without_stopping
from news.errors import ChannelError
from news.telling import Receipt, Thread

log = logging.getLogger("nightdesk.alerts")

AT_ONCE = 50  # messages brought up to date in one go
LOOKS = 0.2  # seconds between two looks whether something more pressing came, while messages are changed
AFTER_TROUBLE = timedelta(seconds=30)  # before a destination is edited again
AFTER_FAULT = timedelta(minutes=30)  # before a thread that our own code stumbled over is tried again


class Editor:
    """Edits roots."""

    def __init__(self, ledger: Ledger, channels: Channels, composer: Composer) -> None:
        """Keep what it works with."""
        self._ledger = ledger
        self._channels = channels
        self._composer = composer
        self._not_before: dict[str, datetime] = {}
        # Destinations at which a message is being changed.
        self._served: set[str] = set()
        # How many changes are over, and at each destination which one was the last.
        self._over = 0
        self._over_at: dict[str, int] = {}

    async def edit_all(self) -> int:
        """Bring every message up to date that can be; return how many were changed.

        Destinations side by side, one message of each at a time; what a person decided meanwhile comes before
        what was there. Two at work share the destinations: none shows what is older over what is newer.
        """
        edited, tried = 0, set[tuple[int, int, int]]()
        mine: set[asyncio.Task[bool]] = set()
        try:
            while True:
                for thread in await self._next(tried):
                    tried.add(_state(thread))
                    self._served.add(thread.destination)
                    mine.add(asyncio.create_task(self._try(thread)))
                if not mine:
                    return edited
                done, mine = await asyncio.wait(mine, timeout=LOOKS, return_when=asyncio.FIRST_COMPLETED)
                edited += sum(task.result() for task in done)
        finally:
            await _stopped(mine)

    async def _next(self, tried: set[tuple[int, int, int]]) -> list[Thread]:
        """Return one thread of each destination that nobody serves, the most pressing one."""
        if not self._ledger.sole.still_held():
            return []
        now, began = self._ledger.clock(), self._over
        waiting = await self._ledger.store.read(lambda store: store.threads_to_edit(limit=AT_ONCE, at=now))
        first: dict[str, Thread] = {}
        for thread in waiting:
            is_free = thread.destination not in self._served and self._may_try(thread)
            # What was changed there while we read may be older in our hands than it is by now.
            is_as_read = self._over_at.get(thread.destination, 0) <= began
            if is_free and is_as_read and _state(thread) not in tried:
                first.setdefault(thread.destination, thread)
        return list(first.values())

    async def _try(self, thread: Thread) -> bool:
        try:
            done = await without_stopping(self._edit(thread), {"story": thread.story_id})
        finally:
            self._served.discard(thread.destination)
            self._over += 1
            self._over_at[thread.destination] = self._over
        if isinstance(done, Fault):
            self._not_before[f"{thread.id}"] = self._ledger.clock() + AFTER_FAULT
        return done is True

    def _may_try(self, thread: Thread) -> bool:
        now = self._ledger.clock()
        return all(self._not_before.get(name, now) <= now for name in (thread.destination, f"{thread.id}"))

    async def _edit(self, thread: Thread) -> bool:
        channel = self._channels.of(thread.destination)
        if channel is None:
            return False
        thread = await self._as_far_as_told(thread)
        link = await self._link(thread, channel)
        message = await self._composer.root(thread, link=link) if channel.can_edit else None
        if message is None:
            await self._record(thread, closed=True)
            return False
        buttons = draws_buttons(channel, message)
        try:
            edited = await channel.edit(message, await self._envelope(thread))
        except ChannelError as error:
            wait = max(AFTER_TROUBLE, timedelta(seconds=error.retry_after or 0))
            self._not_before[thread.destination] = self._ledger.clock() + wait
            log.warning("message not changed", extra={"story": thread.story_id, "why": str(error)})
            return False
        self._ledger.hop("edited")
        await self._record(thread, closed=not edited, buttons=buttons)
        self._ledger.hop("edit recorded")
        return edited

    async def _as_far_as_told(self, thread: Thread) -> Thread:
        """Return what a message may show: of a story that is held back no more than it shows already."""
        now = self._ledger.clock()
        holds = await self._ledger.store.read(lambda store: store.standing_acts(("hold",), now=now))
        if thread.goes_on_in is not None or all(act.story_id != thread.story_id for act in holds):
            return thread
        return replace(thread, wanted_revision=thread.shown_revision)

    async def _link(self, thread: Thread, channel: Channel) -> str:
        """Return where the message is in which the story goes on, if it does and the channel knows."""
        if thread.goes_on_in is None or not isinstance(channel, Linking):
            return ""
        kept = await self._ledger.store.read(lambda store: store.thread(thread.goes_on_in or 0))
        if kept is None or not kept.root_ts:
            return ""
        return await channel.link(Receipt(ts=kept.root_ts, place=kept.root_place or ""))

    async def _envelope(self, thread: Thread) -> Envelope:
        alerts = await self._ledger.store.read(lambda store: store.alerts(thread_id=thread.id, limit=500))
        root = next(alert for alert in alerts if alert.kind == "root")
        return Envelope(
            key=root.key,
            kind="root",
            to=address_of(thread.destination),
            created=root.created,
            receipt=Receipt(ts=thread.root_ts or "", place=thread.root_place or ""),
        )

    async def _record(self, thread: Thread, *, closed: bool, buttons: bool = False) -> None:
        await self._ledger.store.write(
            lambda store: store.record_shown(
                thread.id,
                revision=thread.wanted_revision,
                closed=closed,
                face=thread.wanted_face,
                buttons=buttons,
            )
        )


async def _stopped(tasks: set[asyncio.Task[bool]]) -> None:
    """Stop what is still at work when another's error, or a cut, is on its way."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


def _state(thread: Thread) -> tuple[int, int, int]:
    """Return what of a thread should be shown: tried once in a round, however it ends."""
    return thread.id, thread.wanted_revision, thread.wanted_face
