"""Which articles have met before? Those of one poll are looked up together, and filed together.

A look-up waits for the memory, and one for many articles waits hardly longer than one for each. What the
articles of one poll have in common is found beside it, so that each meets those before it as if they had come
one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from news.sameness.entries import Entries
from news.sameness.fingerprint import Met, Trace
from news.sameness.letters import Codes, Flags, Places

LINES = 32  # articles looked at under a crowded sentence: it is an outlet's, or of one story
_NOWHERE: Places = np.zeros(0, dtype=np.int64)


class Meeting:
    """Some articles, looked up by their sentences and keys."""

    def __init__(
        self, met: Callable[[Trace, Places, Places], Met], texts: Entries, traces: Sequence[Trace]
    ) -> None:
        self.traces = traces
        # Says what it means that the articles with these numbers have these entries of a text.
        self._met = met
        self._texts = texts
        lengths = np.array([len(trace.entries) for trace in traces])
        ends = np.cumsum(lengths)
        entries = np.concatenate([trace.entries for trace in traces])
        which, numbers = texts.find(entries, each=LINES, most=LINES * len(entries))
        order = np.argsort(which, kind="stable")
        which, self._numbers = which[order], numbers[order]
        self._starts: list[int] = (ends - lengths).tolist()
        self._bounds: list[int] = [0, *which.searchsorted(ends).tolist()]
        self._which = which
        # For each article: which of its entries others of them have, that come before it.
        self._beside: dict[int, list[tuple[int, int, int]]] = {}
        for one, other in _pairs(entries, np.repeat(np.arange(len(traces)), lengths)):
            later, earlier = one[0], other[0]
            at = one[1] - self._starts[later], other[1] - self._starts[earlier]
            self._beside.setdefault(later, []).append((at[0], earlier, at[1]))
        # Those that were entered: their numbers, and which of their entries count.
        self._entered: dict[int, tuple[int, Flags]] = {}

    def look(self, at: int) -> Met:
        """Say whom an article meets, of those that were there and those that were entered since."""
        first, last = self._bounds[at], self._bounds[at + 1]
        which, numbers = self._which[first:last] - self._starts[at], self._numbers[first:last]
        beside = [
            (entry, self._entered[earlier][0])
            for entry, earlier, theirs in self._beside.get(at, ())
            if earlier in self._entered and self._entered[earlier][1][theirs]
        ]
        if beside:
            which = np.concatenate([which, [entry for entry, _ in beside]])
            numbers = np.concatenate([numbers, [number for _, number in beside]])
        return self._met(self.traces[at], which, numbers)

    def entered(self, at: int, number: int, kept: Flags) -> None:
        """Remember the number of an article, and which of its sentences count."""
        trace = self.traces[at]
        counts = np.concatenate([np.ones(len(trace.lines), dtype=np.bool_), kept[trace.key_lines]])
        self._entered[at] = number, counts

    def close(self) -> None:
        """File those that were entered."""
        filed = [(self.traces[at].entries[counts], number) for at, (number, counts) in self._entered.items()]
        self._texts.add_many([(entries, np.full(len(entries), number)) for entries, number in filed])
        self._entered = {}


def _pairs(entries: Codes, owners: Places) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield (owner, entry) of a later and of an earlier article that have the same entry."""
    order = np.argsort(entries, kind="stable")
    ordered = entries[order]
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    if not len(again):
        return
    same: dict[int, dict[int, int]] = {}
    places = np.union1d(order[again], order[again + 1])
    for owner, place, entry in zip(
        owners[places].tolist(), places.tolist(), entries[places].tolist(), strict=True
    ):
        before = same.setdefault(entry, {})
        for earlier, theirs in before.items():
            if earlier != owner:
                yield (owner, place), (earlier, theirs)
        before.setdefault(owner, place)
