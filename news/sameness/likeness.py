"""How much do two articles agree in what they tell?

All their words, the opening (headline and lead), the headlines alone, and the names: each compared as a
weighted cosine, then added up and faded with the time between them. A headline that is missing says nothing
either way: the others then weigh more.
"""

from __future__ import annotations

import math

from news.sameness.background import Background
from news.sameness.fingerprint import Fingerprint

# What each agreement weighs; they add up to 1. A plateau: moving .1 from one to another changes little.
WORDS, OPENING, HEADLINE, NAMES = 0.4, 0.3, 0.1, 0.2
ENOUGH_NAMES = 6  # words of names; two short articles that both name one town agree in a town (4 to 8 alike)
ENOUGH_WORDS = 0.2  # agreement of all words; below it a shared town or headline counts less (.15 to .2 alike)
FEW_WORDS = 6  # words in common; in two short articles fewer are a town and a road (1 to 8 measured alike)
SHORT = 60  # different words; longer articles that agree at all have more in common
FADES_IN = 7  # days until agreement counts for a third; none measured worse on one saga with many events


class Likeness:
    """One article, ready to be compared with many others."""

    __slots__ = ("_background", "_day", "_parts")

    def __init__(self, print_: Fingerprint, background: Background) -> None:
        bags = (print_.body, print_.head, print_.heading, print_.names)
        self._background = background
        self._day = print_.day
        self._parts = tuple((background.weights(bag), background.length(bag)) for bag in bags)

    def opening(self, other: Fingerprint) -> float:
        """Return how alike the openings are: the better of headline alone and headline with lead."""
        return max(self._cosine(1, other), self._cosine(2, other))

    def to(self, other: Fingerprint, *, ignoring_body: bool = False) -> float:
        """Return the agreement, from 0 to 1; `ignoring_body` leaves it to opening and headline."""
        head, heading = self._cosine(1, other), self._cosine(2, other)
        if ignoring_body:
            agreed = (head + heading) / 2
        else:
            words = self._cosine(0, other)
            agreed = WORDS * words + OPENING * head + HEADLINE * heading + NAMES * self._named(other)
            if not (self._parts[2][0] and other.heading.codes):
                agreed /= 1 - HEADLINE
            agreed *= min(1.0, words / ENOUGH_WORDS) * self._in_common(other)
        return agreed * math.exp(-abs(self._day - other.day) / FADES_IN)

    def _cosine(self, part: int, other: Fingerprint) -> float:
        bag = (other.body, other.head, other.heading, other.names)[part]
        return self._background.cosine(*self._parts[part], bag)

    def _in_common(self, other: Fingerprint) -> float:
        """Return 1, less where two short articles have only a few words in common."""
        mine, theirs = self._parts[0][0], other.body.codes
        if min(len(mine), len(theirs)) > SHORT:
            return 1.0
        return min(1.0, sum(word in mine for word in theirs) / FEW_WORDS)

    def _named(self, other: Fingerprint) -> float:
        """Return how alike the names are, less where there are few to compare."""
        few = min(len(self._parts[3][0]), len(other.names))
        return self._cosine(3, other) * min(1.0, few / ENOUGH_NAMES)
