"""How does what waits in the outbox go out, each alert once?

    claim ──► look up ──► limits ──► send ──► record          then: edit ──► record

A claim is committed before a channel is asked, so a crash at any arrow leaves a row that says what is known.
An alert that was tried before is looked for by its key before anything is sent again. Destinations are served
side by side, the alerts of one destination in turn, and none waits for another: a channel takes one message a
second, and a busy one must not hold up the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from random import Random
from typing import TYPE_CHECKING

from alerts.composing import Composer
from alerts.courier import Courier
from alerts.editing import Editor
from alerts.ledger import Ledger, Outcome, SoleSender
from config.settings import Settings
from news.nouns import Clock, Hop, no_hop
from news.telling import Alert

if TYPE_CHECKING:
    from alerts.channels.registry import Channels
    from storage.threads import StoreThreads

AT_ONCE = 25  # alerts claimed in one go
MOST_SERVED = 64  # destinations served side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """What one drain did."""

    sent: int = 0
    failed: int = 0
    # Put off: quiet hours, limits, a channel that does not answer or is not set up.
    waiting: int = 0


@dataclass(slots=True)
class Dispatcher:
    """Drains the outbox. One is at work for a database: `sole` is asked before every write to a channel."""

    settings: Settings
    store: StoreThreads
    channels: Channels
    sole: SoleSender
    _: KW_ONLY
    clock: Clock
    random: Random
    hop: Hop = no_hop
    _ledger: Ledger = field(init=False)
    _composer: Composer = field(init=False)
    _courier: Courier = field(init=False)
    _editor: Editor = field(init=False)

    def __post_init__(self) -> None:
        """Set those to work who carry and edit; nothing is asked or sent yet."""
        self._ledger = Ledger(
            settings=self.settings,
            store=self.store,
            sole=self.sole,
            clock=self.clock,
            random=self.random,
            hop=self.hop,
        )
        self._composer = Composer(self.settings, self.store, self.clock)
        self._courier = Courier(self._ledger, self.channels, self._composer)
        self._editor = Editor(self._ledger, self.channels, self._composer)

    async def drain(self) -> DispatchReport:
        """Send what is due, then bring the messages that changed up to date."""
        outcomes = await self._send_due(None)
        await self._editor.edit_all()
        return _report(outcomes)

    async def edit(self) -> int:
        """Bring the messages that changed up to date; beside a drain too."""
        return await self._editor.edit_all()

    async def drain_digests(self, digests: Sequence[int]) -> DispatchReport:
        """Send these digests, if they are due, and nothing else."""
        return _report(await self._send_due(digests))

    async def _send_due(self, digests: Sequence[int] | None) -> list[Outcome]:
        """Serve destinations side by side, each one's alerts in turn; the next batch is claimed meanwhile."""
        self._composer.forget()
        outcomes: list[Outcome] = []
        served: dict[str, asyncio.Task[list[Outcome]]] = {}
        try:
            while True:
                alerts = await self._claim(digests, tuple(served))
                for batch in _by_destination(alerts):
                    served[batch[0].destination] = asyncio.create_task(self._courier.serve(batch))
                if not served:
                    return outcomes
                if not alerts or len(served) >= MOST_SERVED:
                    await asyncio.wait(served.values(), return_when=asyncio.FIRST_COMPLETED)
                for destination in [to for to, task in served.items() if task.done()]:
                    outcomes += served.pop(destination).result()
        finally:
            await _stopped(served.values())

    async def _claim(self, digests: Sequence[int] | None, busy: Sequence[str]) -> tuple[Alert, ...]:
        if len(busy) >= MOST_SERVED or not self._ledger.sole.still_held():
            return ()
        alerts = await self._ledger.claim(AT_ONCE, digests, busy)
        if alerts:
            self._ledger.hop("claimed")
        return alerts


def _report(outcomes: Sequence[Outcome]) -> DispatchReport:
    return DispatchReport(
        sent=outcomes.count(Outcome.SENT),
        failed=outcomes.count(Outcome.FAILED),
        waiting=outcomes.count(Outcome.WAITING),
    )


def _by_destination(alerts: Sequence[Alert]) -> Iterable[list[Alert]]:
    batches: dict[str, list[Alert]] = {}
    for alert in alerts:
        batches.setdefault(alert.destination, []).append(alert)
    return batches.values()


async def _stopped(tasks: Iterable[asyncio.Task[list[Outcome]]]) -> None:
    """Stop what is still at work when another's error is on its way."""
    left = list(tasks)
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left)
