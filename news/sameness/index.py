"""Which articles of the window are worth comparing with this one?

Two inverted lists: sentences and runs of words (for copies, and for what an outlet prints under everything),
and telling words (for the same event in other words). A candidate is only a proposal; the comparison itself
is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from news.sameness.entries import Entries
from news.sameness.fingerprint import Met, Trace
from news.sameness.kept import Traced
from news.sameness.letters import Codes, Flags, Places, Reals
from news.sameness.meeting import LINES, Meeting
from news.sameness.prints import Fingerprint
from news.sameness.refrains import SAME_OUTLET, is_refrain
from news.sameness.rows import Rows
from news.sameness.shelf import Shelf

COPIES = 24  # candidates compared word for word
KIN = 16  # candidates compared in what they tell (40 measured alike)
LEAST = 0.05  # of the weight of its telling words; who has less of it tells something else (0 to .06 alike)
AT_ONCE = 4_096  # rows unfolded together
_MEETS = 8  # bits of the place of a telling word
_NONE: Codes = np.zeros(0, dtype=np.uint32)


class Index:
    """The articles of the window, found by what they share. Numbers are given in filing order."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self._by_text = Entries()
        self._by_word = Entries()

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.shelf)

    def add(self, print_: Fingerprint, story_id: int, entries: Codes = _NONE, words: Codes = _NONE) -> int:
        """Take an article in, under its sentences and keys (or a `Meeting` files them) and telling words."""
        number = self.shelf.add(print_, story_id)
        if len(entries):
            self._by_text.add(entries, number)
        if len(words):
            self._by_word.add(words, number)
        return number

    def restore(self, rows: Sequence[Traced], learn: Callable[[Codes, int], None]) -> int:
        """Take articles in of which the fingerprints stay away; return the number of the first.

        `learn` is given the drawers of their words, and how many articles they are of.
        """
        ids, stories = [each.article_id for each in rows], [each.story_id for each in rows]
        traces = [each.trace for each in rows]
        first = self.shelf.next
        texts: list[tuple[Codes, Places]] = []
        words: list[tuple[Codes, Places]] = []
        for at in range(0, len(ids), AT_ONCE):
            piece = slice(at, at + AT_ONCE)
            many = Rows(traces[piece])
            number = self.shelf.restore(ids[piece], stories[piece], traces[piece], many)
            numbers = np.arange(number, self.shelf.next)
            texts.append((many.entries(), np.repeat(numbers, many.entered)))
            words.append((many.words(), np.repeat(numbers, many.telling)))
            learn(many.drawers(), len(numbers))
        self._by_text.add_many(texts)
        self._by_word.add_many(words)
        return first

    def remove(self, number: int) -> None:
        """Forget an article."""
        self.shelf.remove(number)
        if self.shelf.is_sparse():
            self._by_text.keep(self.shelf.are_here)
            self._by_word.keep(self.shelf.are_here)
            self.shelf.cut()

    def meet(self, traces: Sequence[Trace]) -> Meeting:
        """Look articles up together."""
        return Meeting(self.met, self._by_text, traces)

    def look(self, trace: Trace) -> Met:
        """Look an article up: which of its sentences are refrains, and who has the others?"""
        return self.met(trace, *self._by_text.find(trace.entries, each=LINES))

    def met(self, trace: Trace, which: Places, numbers: Places) -> Met:
        """Say what it means that these articles (`numbers`) have these entries of a text."""
        lines = len(trace.lines)
        refrains = np.zeros(lines, dtype=np.bool_)
        if len(which):
            here = self.shelf.are_here(numbers)
            which, numbers = which[here], numbers[here]
            times = np.bincount(which[which < lines], minlength=lines)
            for at in np.flatnonzero(times >= SAME_OUTLET).tolist():
                refrains[at] = is_refrain(trace.outlet_key, self._places(numbers[which == at]))
        return Met(refrains=refrains, which=which, numbers=numbers)

    def _places(self, numbers: Places) -> Iterator[tuple[str, int]]:
        """Yield where a sentence stands, the newest first: outlet and story."""
        for number in numbers[::-1].tolist():
            yield self.shelf.outlet_key_of(number), self.shelf.story_of(number)

    def standing_elsewhere(self, trace: Trace, met: Met, story_id: int) -> frozenset[int]:
        """Return the sentences, as numbers, that this outlet printed in another story too."""
        is_line = met.which < len(trace.lines)
        found: set[int] = set()
        for line, number in zip(met.which[is_line].tolist(), met.numbers[is_line].tolist(), strict=True):
            ours = trace.outlet_key and self.shelf.outlet_key_of(number) == trace.outlet_key
            if ours and self.shelf.story_of(number) != story_id:
                found.add(int(trace.lines[line]))
        return frozenset(found)

    def copies(self, trace: Trace, met: Met, kept: Flags, *, fewest: int = 1) -> list[int]:
        """Return the articles that have the most of a text, without what does not count of it.

        `fewest`: keys that they have; two are one sentence.
        """
        of_keys = met.which >= len(trace.lines)
        numbers = met.numbers[of_keys]
        if not len(numbers):
            return []
        if not kept.all():
            numbers = numbers[kept[trace.key_lines[met.which[of_keys] - len(trace.lines)]]]
        found, times = np.unique(numbers, return_counts=True)
        if fewest > 1:
            found, times = found[times >= fewest], times[times >= fewest]
        best: list[int] = found[np.argsort(-times, kind="stable")[:COPIES]].tolist()
        return best

    def kin(self, words: Mapping[int, float]) -> list[int]:
        """Return the articles that have the most of these words, by weight."""
        which, numbers = self._by_word.find(np.array(list(words), dtype=np.uint32))
        if not len(which):
            return []
        here = self.shelf.are_here(numbers)
        weights = np.array(list(words.values()))
        found, weight = _added(numbers[here], which[here], weights)
        near = weight >= LEAST * weights.sum()
        found, weight = found[near], weight[near]
        best: list[int] = found[np.lexsort((found, -weight))[:KIN]].tolist()
        return best


def _added(numbers: Places, which: Places, weights: Reals) -> tuple[Places, Reals]:
    """Add up the weights that each number meets."""
    met = np.sort(numbers << _MEETS | which)
    numbers = met >> _MEETS
    firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
    sums = weights[met & ((1 << _MEETS) - 1)]
    return numbers[firsts], np.add.reduceat(sums, firsts) if len(firsts) else sums
