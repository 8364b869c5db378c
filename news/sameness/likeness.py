"""How much do two articles agree in what they tell?

All their words, the opening (headline and lead), the headlines alone, and the names: each compared as a
weighted cosine, then added up and faded with the time between them. A headline that is missing says nothing
either way: the others then weigh more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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


class Agreement(NamedTuple):
    """How alike two articles are: each from 0 to 1."""

    # The agreement in everything.
    whole: float
    # In opening and headline alone.
    above: float
    # How alike the openings are: the better of headline alone and headline with lead.
    opening: float


class Likeness:
    """One article, ready to be compared with many others."""

    def __init__(self, print_: Fingerprint, background: Background) -> None:
        self._background = background
        self._print = print_
        words, names = print_.body, print_.names
        self._words = words.codes
        self._names = names.codes
        rarities = background.rarities(np.concatenate([words.codes, names.codes]))
        # What the article does not have weighs nothing in it: it stands at 0.
        many, ends = len(words), len(words) + 1 + len(names)
        self._whole: Reals = np.zeros(ends)
        self._whole[1:] = np.concatenate([words.counts, names.counts]) * rarities
        heading, head = print_.piece("heading"), print_.piece("head")
        self._above: Reals = np.zeros(2 * (many + 1))
        self._above[1 + heading] = print_.heading.counts * rarities[heading]
        self._above[many + 2 + head] = print_.head.counts * rarities[head]
        self._squares = [
            float(each @ each) or 1.0
            for each in (
                self._whole[: many + 1],
                self._whole[many + 1 :],
                self._above[: many + 1],
                self._above[many + 1 :],
            )
        ]

    def to_each(self, others: Sequence[Fingerprint]) -> list[Agreement]:
        """Return the agreement with each of them."""
        if not others:
            return []
        cosines, common, sizes = self._cosines(others)
        words, names, heading, head = cosines.T
        enough = np.minimum(1.0, np.minimum(len(self._names), sizes[:, 1]) / ENOUGH_NAMES)
        whole = WORDS * words + OPENING * head + HEADLINE * heading + NAMES * names * enough
        both_titled = (sizes[:, 2] > 0) & bool(self._print.heading)
        whole = np.where(both_titled, whole, whole / (1 - HEADLINE))
        are_long = np.minimum(sizes[:, 0], len(self._words)) > SHORT
        whole *= np.minimum(1.0, words / ENOUGH_WORDS)
        whole *= np.where(are_long, 1.0, np.minimum(1.0, common / FEW_WORDS))
        fading = np.exp(-np.abs(self._print.day - np.array([other.day for other in others])) / FADES_IN)
        above = (head + heading) / 2 * fading
        columns = (whole * fading).tolist(), above.tolist(), np.maximum(head, heading).tolist()
        return list(map(Agreement, *columns))

    def _cosines(self, others: Sequence[Fingerprint]) -> tuple[Reals, Reals, Places]:
        """Return how alike words, names, headline and opening are, the words in common, and the sizes."""
        codes, below = joined(others, "body", "names")
        counts, _ = joined(others, "body_counts", "names_counts")
        parts, above = joined(others, "heading", "head")
        part_counts, _ = joined(others, "heading_counts", "head_counts")
        rarities, place = self._background.compared(self._words, self._names, codes, below)
        lengths = below.sum(axis=1)
        # Headline and opening are made of some of the words.
        at = parts + np.repeat(np.cumsum(lengths) - lengths, above.sum(axis=1))
        theirs = np.concatenate([WEIGHTS[counts] * rarities, WEIGHTS[part_counts] * rarities[at]])
        half = np.repeat(np.tile(np.array([0, len(self._words) + 1]), len(others)), above.ravel())
        mine = np.concatenate([self._whole[place], self._above[place[at] + half]])
        rows = np.concatenate([below.ravel(), above.ravel()])
        sums = _sums(mine * theirs, rows).reshape(2, -1, 2)
        squares = _sums(theirs * theirs, rows).reshape(2, -1, 2)
        product = np.sqrt(np.array(self._squares).reshape(2, 1, 2)) * np.sqrt(
            np.where(squares > 0, squares, 1.0)
        )
        cosines = np.minimum(np.maximum(sums / product, 0.0), 1.0)
        common = _sums(place > 0, below.ravel())[::2]
        return (
            np.concatenate([cosines[0], cosines[1]], axis=1),
            common,
            np.concatenate([below, above], axis=1),
        )


def _sums(numbers: Reals | Flags, lengths: Places) -> Reals:
    """Add up what belongs to each of the others."""
    sums: Reals = np.zeros(len(lengths))
    there = lengths > 0
    firsts = (np.cumsum(lengths) - lengths)[there]
    if len(firsts):
        sums[there] = np.add.reduceat(numbers, firsts, dtype=np.float64)
    return sums
