"""How much do two articles agree in what they tell?

All their words, the opening (headline and lead), the headlines alone, and the names: each compared as a
weighted cosine, then added up and faded with the time between them. A headline that is missing says nothing
either way: the others then weigh more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from news.sameness.background import Background, drawers
from news.sameness.fingerprint import Bag, Fingerprint
from news.sameness.taking import Flags, Places, Reals

# What each agreement weighs; they add up to 1. A plateau: moving .1 from one to another changes little.
WORDS, OPENING, HEADLINE, NAMES = 0.4, 0.3, 0.1, 0.2
ENOUGH_NAMES = 6  # words of names; two short articles that both name one town agree in a town (4 to 8 alike)
ENOUGH_WORDS = 0.2  # agreement of all words; below it a shared town or headline counts less (.15 to .2 alike)
FEW_WORDS = 6  # words in common; in two short articles fewer are a town and a road (1 to 8 measured alike)
SHORT = 60  # different words; longer articles that agree at all have more in common
FADES_IN = 7  # days until agreement counts for a third; none measured worse on one saga with many events


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How alike two articles are: each from 0 to 1."""

    words: float
    head: float
    heading: float
    names: float
    # Less than 1 where there is little to compare: names, words in common.
    enough_names: float
    enough_common: float
    # Whether both have headlines.
    both_titled: bool
    # What the time between them leaves.
    fading: float

    @property
    def opening(self) -> float:
        """How alike the openings are: the better of headline alone and headline with lead."""
        return max(self.head, self.heading)

    @property
    def whole(self) -> float:
        """The agreement in everything."""
        agreed = WORDS * self.words + OPENING * self.head + HEADLINE * self.heading
        agreed += NAMES * self.names * self.enough_names
        if not self.both_titled:
            agreed /= 1 - HEADLINE
        return agreed * min(1.0, self.words / ENOUGH_WORDS) * self.enough_common * self.fading

    @property
    def above(self) -> float:
        """The agreement in opening and headline alone."""
        return (self.head + self.heading) / 2 * self.fading


class Likeness:
    """One article, ready to be compared with many others."""

    __slots__ = ("_background", "_print")

    def __init__(self, print_: Fingerprint, background: Background) -> None:
        self._background = background
        self._print = print_

    def to_each(self, others: Sequence[Fingerprint]) -> list[Agreement]:
        """Return the agreement with each of them."""
        if not others:
            return []
        mine = self._print
        words, common = self._cosines(mine.body, [other.body for other in others])
        head, _ = self._cosines(mine.head, [other.head for other in others])
        heading, _ = self._cosines(mine.heading, [other.heading for other in others])
        names, _ = self._cosines(mine.names, [other.names for other in others])
        return [
            Agreement(
                words=words[at],
                head=head[at],
                heading=heading[at],
                names=names[at],
                enough_names=min(1.0, min(len(mine.names), len(other.names)) / ENOUGH_NAMES),
                enough_common=_enough_common(mine, other, common[at]),
                both_titled=bool(len(mine.heading) and len(other.heading)),
                fading=math.exp(-abs(mine.day - other.day) / FADES_IN),
            )
            for at, other in enumerate(others)
        ]

    def _cosines(self, mine: Bag, others: Sequence[Bag]) -> tuple[list[float], list[float]]:
        """Return how alike one bag is to each of the others, and how many words they have in common."""
        rarities = self._background.rarities
        weights = mine.counts * rarities(mine.codes)
        length = math.sqrt(float(weights @ weights)) or 1.0
        codes = np.concatenate([bag.codes for bag in others])
        theirs = np.concatenate([bag.counts for bag in others]) * rarities(codes)
        table, places = self._background.table, drawers(mine.codes)
        table[places] = weights
        met = table[drawers(codes)]
        table[places] = 0
        ends = np.cumsum([len(bag) for bag in others])
        lengths = np.sqrt(_sums(theirs * theirs, ends))
        cosines = _sums(met * theirs, ends) / (length * np.where(lengths > 0, lengths, 1.0))
        return np.clip(cosines, 0.0, 1.0).tolist(), _sums(met > 0, ends).tolist()


def _sums(numbers: Reals | Flags, ends: Places) -> Reals:
    """Add up what lies between one end and the next."""
    added = np.concatenate([[0.0], np.cumsum(numbers, dtype=np.float64)])
    sums: Reals = np.diff(added[ends], prepend=0.0)
    return sums


def _enough_common(mine: Fingerprint, other: Fingerprint, common: float) -> float:
    """Return 1, less where two short articles have only a few words in common."""
    if min(len(mine.body), len(other.body)) > SHORT:
        return 1.0
    return min(1.0, common / FEW_WORDS)
