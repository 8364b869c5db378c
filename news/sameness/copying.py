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
from news.sameness.prints import Fingerprint, joined

NEARLY_WHOLE = 0.5  # of the shorter sentence's runs; two edited words in twenty leave about half
SHORTEST = (
    3  # shared runs, that is 7 words in a row or 8 with an edit; shorter ones occur between unrelated stories
)


_SIDE = 16  # bits of a sentence's number
_ONE, _BOTH = (1 << _SIDE) - 1, (1 << 2 * _SIDE) - 1
_SIEVE = np.uint32((1 << 16) - 1)  # bits of a run by which most that are not shared are put aside
_NOWHERE: Places = np.zeros(0, dtype=np.int64)
_ZERO: Places = np.zeros(1, dtype=np.int64)


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

    __slots__ = ("_print", "_sieve")

    def __init__(self, print_: Fingerprint) -> None:
        self._print = print_
        self._sieve: Flags | None = None

    def shared_with(self, other: Fingerprint) -> Copying:
        """Return what stands in both."""
        return self.shared_with_each([other])[0]

    def shared_with_each(self, others: Sequence[Fingerprint]) -> list[Copying]:
        """Return what stands in this one and in each of the others; nothing, for most of many."""
        copyings = [NOTHING] * len(others)
        if not others or not len(self._print.runs):
            return copyings
        runs, sizes = joined(others, "runs")
        ends = np.cumsum(sizes[:, 0])
        mine, theirs = self._meet(runs, ends)
        if not len(mine):
            return copyings
        whose = np.searchsorted(ends, theirs, side="right")
        places = theirs - (ends - sizes[:, 0])[whose]
        many = np.bincount(whose, minlength=len(others))
        near = np.flatnonzero(many)
        whose = (np.cumsum(many > 0) - 1)[whose]
        sharing = _Sharing([others[at] for at in near.tolist()], whose, places)
        for at, copying in zip(near.tolist(), sharing.told(self._print, mine), strict=True):
            copyings[at] = copying
        return copyings

    def _meet(self, runs: Codes, ends: Places) -> tuple[Places, Places]:
        """Return where the runs that are in both stand first: in this one, and in each of the others.

        In the order of the others, which end there.
        """
        if self._sieve is None:
            self._sieve = np.zeros(int(_SIEVE) + 1, dtype=np.bool_)
            self._sieve[self._print.runs & _SIEVE] = True
        codes, firsts = self._print.order()
        maybe = self._sieve[runs & _SIEVE].nonzero()[0]
        at = np.minimum(codes.searchsorted(runs[maybe]), len(codes) - 1)
        met = codes[at] == runs[maybe]
        at, theirs = at[met], maybe[met]
        if not len(at):
            return _NOWHERE, _NOWHERE
        whose = ends.searchsorted(theirs, side="right")
        _, first = np.unique(whose << 2 * _SIDE | at, return_index=True)
        return firsts[at[first]], theirs[first]


class _Sharing:
    """Runs that stand in one article and in some others, in the order of the others."""

    def __init__(self, others: Sequence[Fingerprint], whose: Places, places: Places) -> None:
        self._others = others
        # For each run, which of the others has it, and where it stands there.
        self._whose = whose
        self._places = places
        run_ends, sizes = joined(others, "run_ends")
        lengths = sizes[:, 0]
        # Sentences and runs of all others are counted on, from one to the next.
        self._first_lines = np.cumsum(lengths) - lengths
        runs = run_ends[self._first_lines + lengths - 1].astype(np.int64)
        self._first_runs = np.cumsum(runs) - runs
        self._line_ends = run_ends.astype(np.int64) + np.repeat(self._first_runs, lengths)

    def told(self, print_: Fingerprint, mine: Places) -> list[Copying]:
        """Say what it is that this article has in common with each of the others, seen from here."""
        whose = self._whose
        spoken = print_.run_spoken[mine] | self._spoken()
        here = whose << _SIDE | print_.run_sentences[mine]
        there = self._line_ends.searchsorted(self._places + self._first_runs[whose], side="right")
        pairs, which, counts = np.unique(here << 2 * _SIDE | there, return_inverse=True, return_counts=True)
        above, below = pairs >> 2 * _SIDE & _ONE, pairs & _BOTH
        lengths = self._line_ends[below] - np.concatenate([_ZERO, self._line_ends])[below]
        same = (counts >= SHORTEST) & (counts >= NEARLY_WHOLE * np.minimum(print_.run_counts[above], lengths))
        printed = same & (np.bincount(which[spoken], minlength=len(pairs)) * 2 <= counts)
        others = pairs >> 3 * _SIDE
        standing = _gathered(others[printed], above[printed], len(self._others))
        below -= self._first_lines[others]
        theirs = _gathered(others[printed], below[printed], len(self._others))
        quoted = _gathered(others[same], above[same], len(self._others))
        many = np.bincount(whose)
        aloud = np.bincount(whose[spoken], minlength=len(many)).tolist()
        # Where the shared text begins, not counting a stray first tenth of it.
        begins = print_.places[np.sort(here)[np.cumsum(many) - many + many // 10] & _ONE]
        words = max(1, int(print_.places[-1]))
        return [
            Copying(
                here=standing[at],
                there=theirs[at],
                quoted=quoted[at] - standing[at],
                runs=runs,
                contained=runs / (shorter := min(print_.distinct_runs, other.distinct_runs)),
                unquoted=(runs - aloud[at]) / shorter,
                begins=begun / words,
            )
            for at, (other, runs, begun) in enumerate(
                zip(self._others, many.tolist(), begins.tolist(), strict=True)
            )
        ]

    def _spoken(self) -> Flags:
        """Say of each run whether it is inside a quotation there."""
        bits, sizes = joined(self._others, "spoken")
        if not len(bits):
            return np.zeros(len(self._whose), dtype=np.bool_)
        lengths = sizes[:, 0]
        at = (np.cumsum(lengths) - lengths)[self._whose] + (self._places >> 3)
        has = lengths[self._whose] > 0
        flags: Flags = (bits[np.where(has, at, 0)] >> (7 - (self._places & 7)) & 1).astype(np.bool_) & has
        return flags


def _gathered(others: Places, lines: Places, many: int) -> list[frozenset[int]]:
    """Return the sentences of each of the others."""
    found: list[list[int]] = [[] for _ in range(many)]
    for other, line in zip(others.tolist(), lines.tolist(), strict=True):
        found[other].append(line)
    return list(map(frozenset, found))
