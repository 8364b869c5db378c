"""How does what waits in the outbox go out, each alert once?

    claim ──► look up ──► limits ──► send ──► record          then: edit ──► record

A claim is committed before a channel is asked, so a crash at any arrow leaves a row that says what is known.
An alert that was tried before is looked for by its key before anything is sent again. Destinations are served
side by side, the alerts of one destination in turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from random import Random
from typing import TYPE_CHECKING, TypeVar

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

T = TypeVar("T")


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
        composer = Composer(self.settings, self.store, self.clock)
        self._courier = Courier(self._ledger, self.channels, composer)
        self._editor = Editor(self._ledger, self.channels, composer)

    async def drain(self) -> DispatchReport:
        """Send what is due, then bring the messages that changed up to date."""
        outcomes = await self._send_due(None)
        await self._editor.edit_all()
        return _report(outcomes)

    async def drain_digests(self, digests: Sequence[int]) -> DispatchReport:
        """Send these digests, if they are due, and nothing else."""
        return _report(await self._send_due(digests))

    async def _send_due(self, digests: Sequence[int] | None) -> list[Outcome]:
        outcomes: list[Outcome] = []
        while self._ledger.sole.still_held() and (alerts := await self._ledger.claim(AT_ONCE, digests)):
            self._ledger.hop("claimed")
            served = [self._courier.serve(batch) for batch in _by_destination(alerts)]
            outcomes += [outcome for batch in await _side_by_side(served) for outcome in batch]
        return outcomes


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


async def _side_by_side(work: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """Return what each returns; the first that fails stops the others, and its own error is raised."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    failed = [error for task in tasks if not task.cancelled() and (error := task.exception())]
    if failed:
        raise failed[0]
    return [task.result() for task in tasks]
