"""How does what the polls bring get into the store, quickly and only once?

Several outcomes go into one transaction when several are there: a commit waits for the disk. And what the
store was given a moment ago is not given to it again: a feed of thirty entries that gained three hands over
three.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from news.nouns import FetchOutcome

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.threads import StoreThreads


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Which entries of a feed the store has, and when the newest of them was published."""

    # One after the other (`crawler/reading/entries.py`).
    marks: str = ""
    newest: datetime | None = None


NOTHING_KNOWN = Known()


class Recorder:
    """Stores outcomes, and remembers of each source what it stored last."""

    def __init__(self, store: StoreThreads) -> None:
        """Store through these threads."""
        self._store = store
        #: By source, what the reading child is told of a feed, and the hashes of what others brought.
        self._known: dict[str, Known] = {}
        self._given: dict[str, frozenset[int]] = {}
        self._waiting: list[tuple[FetchOutcome, asyncio.Future[int]]] = []
        self._writing: asyncio.Task[None] | None = None

    def known(self, source_id: str) -> Known:
        """Return which entries of a feed the store was given when it was last read."""
        return self._known.get(source_id, NOTHING_KNOWN)

    async def record(self, outcome: FetchOutcome, known: Known | None = None) -> int:
        """Store one outcome and return how many of its clippings were not known.

        `known` is what will be known of the feed then; without it, clippings that were given before are left
        out.
        """
        source = outcome.state.source_id
        entries: dict[int, object] = {}
        if outcome.clippings and known is None:
            given = self._given.get(source, frozenset())
            entries = {hash(clipping): clipping for clipping in outcome.clippings}
            fresh = tuple(clipping for clipping in outcome.clippings if hash(clipping) not in given)
            outcome = replace(outcome, clippings=fresh)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        new = await answer
        if known is not None:
            self._known[source] = known
        elif entries:
            self._given[source] = frozenset(entries)
        return new

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            outcomes = [outcome for outcome, _ in batch]
            written = asyncio.ensure_future(self._store.write(_recording(outcomes)))
            await asyncio.wait({written})
            # Whatever went wrong, nobody waits for ever.
            problem = written.exception()
            for place, (_, answer) in enumerate(batch):
                if answer.done():
                    continue
                if problem is not None:
                    answer.set_exception(problem)
                else:
                    answer.set_result(written.result()[place])


def _recording(outcomes: Sequence[FetchOutcome]) -> Callable[[Store], tuple[int, ...]]:
    return lambda store: store.record_fetches(outcomes)
