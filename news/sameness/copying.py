"""Which sentences of two articles are the same copy?

Compared by runs of five words, which survive small edits. Sharing is mutual: a sentence of one is shared
with the other exactly when that one's counterpart is shared back. What both only quote is told from what
both print as their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from news.sameness.letters import Codes, Flags, Places
from news.sameness.prints import Fingerprint

NEARLY_WHOLE = 0.5  # of the shorter sentence's runs; two edited words in twenty leave about half
SHORTEST = (
    3  # shared runs, that is 7 words in a row or 8 with an edit; shorter ones occur between unrelated stories
)


_SIDE = 16  # bits of a sentence's number
_SIEVE = np.uint32((1 << 16) - 1)  # bits of a run by which most that are not shared are put aside
_NOWHERE: Places = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """What two articles have in common word for word, seen from the one in hand."""

    # Sentences of the article in hand that stand in the other one, and the other way round; without those
    # where it is somebody's spoken words that are the same.
    here: frozenset[int] = frozenset()
    there: frozenset[int] = frozenset()
    # Sentences of the article in hand that quote what the other one quotes.
    quoted: frozenset[int] = frozenset()
    # Shared runs, and their share of the shorter article: all of them, and those outside quotations.
    runs: int = 0
    contained: float = 0.0
    unquoted: float = 0.0
    # Where in the article in hand the shared text begins, from 0 (its first word) to 1.
    begins: float = 1.0


NOTHING = Copying()


class Runs:
    """The runs of one article, ready to be compared with many others."""

    __slots__ = ("_codes", "_firsts", "_print", "_sieve")

    def __init__(self, print_: Fingerprint) -> None:
        self._print = print_
        self._codes: Codes | None = None
        self._firsts: Places = _NOWHERE
        self._sieve: Flags | None = None

    def _sorted(self) -> Codes:
        """Return its runs in order, worked out when first asked."""
        if self._codes is None:
            self._codes, self._firsts = np.unique(self._print.runs, return_index=True)
        return self._codes

    def shared_with_each(self, others: Sequence[Fingerprint]) -> list[Copying]:
        """Return what stands in this one and in each of the others; nothing, for most of many."""
        if not others or not len(self._print.runs):
            return [NOTHING] * len(others)
        if self._sieve is None:
            self._sieve = np.zeros(int(_SIEVE) + 1, dtype=np.bool_)
            self._sieve[self._print.runs & _SIEVE] = True
        runs = np.concatenate([other.runs for other in others])
        maybe = np.flatnonzero(self._sieve[runs & _SIEVE])
        shared = maybe[np.isin(runs[maybe], self._print.runs)]
        ends = np.cumsum([len(other.runs) for other in others])
        times = np.bincount(np.searchsorted(ends, shared, side="right"), minlength=len(others)).tolist()
        return [
            self.shared_with(other) if many else NOTHING for other, many in zip(others, times, strict=True)
        ]

    def shared_with(self, other: Fingerprint) -> Copying:
        """Return what stands in both."""
        mine, theirs = self._meet(other)
        if not len(mine):
            return NOTHING
        spoken = self._print.run_spoken[mine] | other.run_spoken[theirs]
        here = self._print.run_sentences[mine].astype(np.int64)
        pairs, which, counts = np.unique(
            here << _SIDE | other.run_sentences[theirs], return_inverse=True, return_counts=True
        )
        above, below = pairs >> _SIDE, pairs & ((1 << _SIDE) - 1)
        smaller = np.minimum(self._print.run_counts[above], other.run_counts[below])
        same = (counts >= SHORTEST) & (counts >= NEARLY_WHOLE * smaller)
        printed = same & (np.bincount(which[spoken], minlength=len(pairs)) * 2 <= counts)
        standing = frozenset(above[printed].tolist())
        shorter = min(self._print.distinct_runs, other.distinct_runs)
        return Copying(
            here=standing,
            there=frozenset(below[printed].tolist()),
            quoted=frozenset(above[same].tolist()) - standing,
            runs=len(mine),
            contained=len(mine) / shorter,
            unquoted=(len(mine) - int(spoken.sum())) / shorter,
            begins=self._begins(np.sort(here)),
        )

    def _meet(self, other: Fingerprint) -> tuple[Places, Places]:
        """Return where the runs that are in both stand first: in the article in hand, and in the other."""
        codes = self._sorted()
        if not len(codes) or not len(other.runs):
            return _NOWHERE, _NOWHERE
        at = np.minimum(np.searchsorted(codes, other.runs), len(codes) - 1)
        met = np.flatnonzero(codes[at] == other.runs)
        shared, firsts = np.unique(at[met], return_index=True)
        return self._firsts[shared], met[firsts]

    def _begins(self, sentences: Places) -> float:
        """Say where the shared text begins, not counting a stray first tenth of it."""
        places = self._print.places
        return float(places[sentences[len(sentences) // 10]]) / max(1.0, float(places[-1]))
