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

from news.sameness.background import Background
from news.sameness.letters import Flags, Places, Reals
from news.sameness.prints import WEIGHTS, Fingerprint, joined

# What each agreement weighs; they add up to 1. A plateau: moving .1 from one to another changes little, with
# the opening at .4 fewer follow-ups join. (Bigrams, numbers, dates that weekdays mean, a veto of names that
# the other does not have, weights learnt by logistic regression: none did better on sets it had not seen.)
WORDS, OPENING, HEADLINE, NAMES = 0.3, 0.4, 0.1, 0.2
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

    def __init__(self, print_: Fingerprint, background: Background) -> None:
        self._background = background
        self._print = print_
        body = print_.body
        rarities = background.rarities(body.codes)
        # One place more than there are words: what the article does not have weighs nothing in it.
        self._body = _weights(len(body), slice(len(body)), body.counts * rarities)
        heading, head = print_.piece("heading"), print_.piece("head")
        self._heading = _weights(len(body), heading, print_.heading.counts * rarities[heading])
        self._head = _weights(len(body), head, print_.head.counts * rarities[head])
        names = print_.names
        self._names = _weights(len(names), slice(len(names)), names.counts * background.rarities(names.codes))

    def to_each(self, others: Sequence[Fingerprint]) -> list[Agreement]:
        """Return the agreement with each of them."""
        if not others:
            return []
        codes, lengths = joined(others, "body")
        rarities = self._background.rarities(codes)
        place = self._background.places(self._print.body.codes, codes)
        counts, _ = joined(others, "body_counts")
        words = _cosines(self._body[place], WEIGHTS[counts] * rarities, lengths, self._body)
        common = _sums(place < len(self._body) - 1, lengths).tolist()
        firsts = np.cumsum(lengths) - lengths
        head = self._above("head", self._head, (others, firsts, place, rarities))
        heading = self._above("heading", self._heading, (others, firsts, place, rarities))
        names = self._names_in_each(others)
        mine, sizes = self._print, lengths.tolist()
        titled = bool(len(mine.piece("heading")))
        return [
            Agreement(
                words=words[at],
                head=head[at],
                heading=heading[at],
                names=names[at],
                enough_names=min(1.0, min(len(self._names) - 1, other.size("names")) / ENOUGH_NAMES),
                enough_common=_enough_common(len(self._body) - 1, sizes[at], common[at]),
                both_titled=titled and other.size("heading") > 0,
                fading=math.exp(-abs(mine.day - other.day) / FADES_IN),
            )
            for at, other in enumerate(others)
        ]

    def _above(
        self, piece: str, mine: Reals, theirs: tuple[Sequence[Fingerprint], Places, Places, Reals]
    ) -> list[float]:
        """Compare what is made of some of the body's words."""
        others, firsts, place, rarities = theirs
        words, lengths = joined(others, piece)
        counts, _ = joined(others, f"{piece}_counts")
        at = words + np.repeat(firsts, lengths)
        return _cosines(mine[place[at]], WEIGHTS[counts] * rarities[at], lengths, mine)

    def _names_in_each(self, others: Sequence[Fingerprint]) -> list[float]:
        codes, lengths = joined(others, "names")
        counts, _ = joined(others, "names_counts")
        place = self._background.places(self._print.names.codes, codes)
        weights = WEIGHTS[counts] * self._background.rarities(codes)
        return _cosines(self._names[place], weights, lengths, self._names)


def _weights(many: int, places: Places | slice, weights: Reals) -> Reals:
    """Lay out weights in their places among so many words, and one that weighs nothing."""
    laid: Reals = np.zeros(many + 1)
    laid[places] = weights
    return laid


def _cosines(met: Reals, theirs: Reals, lengths: Places, mine: Reals) -> list[float]:
    """Return how alike one bag of words is to each of the others, which are laid out one after the other."""
    length = math.sqrt(float(mine @ mine)) or 1.0
    squares = np.sqrt(_sums(theirs * theirs, lengths))
    cosines = _sums(met * theirs, lengths) / (length * np.where(squares > 0, squares, 1.0))
    alike: list[float] = np.minimum(np.maximum(cosines, 0.0), 1.0).tolist()
    return alike


def _sums(numbers: Reals | Flags, lengths: Places) -> Reals:
    """Add up what belongs to each of the others."""
    sums: Reals = np.zeros(len(lengths))
    there = lengths > 0
    firsts = (np.cumsum(lengths) - lengths)[there]
    if len(firsts):
        sums[there] = np.add.reduceat(numbers, firsts, dtype=np.float64)
    return sums


def _enough_common(mine: int, theirs: int, common: float) -> float:
    """Return 1, less where two short articles have only a few words in common."""
    if min(mine, theirs) > SHORT:
        return 1.0
    return min(1.0, common / FEW_WORDS)
