"""Without which words can a line not hold?

An anchor is what a page must have: a word, a beginning, two words side by side, or two words anywhere. A
line's anchors are such that at least one of them is on every page on which the line holds; the rarer they
are, the fewer articles meet the line for nothing. The longer a word, the rarer it is taken to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from news.matching.conditions import All, AnyOf, Condition, Stands, Times, Within
from news.matching.grading import OfGrade
from news.matching.spots import Chain, Close, OneOf, Run, Spot, Term
from news.text import fold_word


class Anchor(NamedTuple):
    """What a page must have, in one form or another: `one`, and `other` anywhere or right beside it."""

    one: str
    other: str = ""
    # `other` follows `one` at once.
    beside: bool = False
    # `one` is the beginning of a folded word.
    prefix: bool = False


# At least one of these is on the page; None: nothing is known of it.
Anchors = frozenset[Anchor] | None

MOST_PAIRS = 9  # anchors of a line made by pairing; more cost more than they save
_SHORT = 3  # letters
_COMMON = 0.3  # of all pages have a word this short
_RARER = 0.7  # with each letter more
_BEGUN = 3  # times as many pages have a word that begins so
_NUMBER = 0.02  # of all pages have a word with digits
_BESIDE = 0.1  # of the pages with both words have them side by side


def anchors_of(condition: Condition) -> Anchors:
    """Return the anchors of a condition."""
    match condition:
        case Stands() | Times():
            return _spot(condition.spot)
        case All():
            return _all(map(anchors_of, condition.parts))
        case AnyOf():
            return united(map(anchors_of, condition.parts))
        case Within() if condition.query.field != "author":
            return anchors_of(condition.part)
        case OfGrade():
            return anchors_of(condition.part)
        case _:
            return None  # what is not there, or no word of the page, cannot be looked up


def _spot(spot: Spot) -> Anchors:
    match spot:
        case Run():
            return united(map(_way, spot.ways)) if len(spot.ways) > 1 else _way(spot.ways[0])
        case Chain():
            return _all(map(_spot, spot.parts))
        case OneOf():
            return united(map(_spot, spot.parts))
        case Close():
            return _all((_spot(spot.left), _spot(spot.right)))
        case _:
            return None


def _way(terms: tuple[Term, ...]) -> Anchors:
    words = [_word(term.kind == "prefix", term.word) for term in terms]
    if len(words) == 1:
        return frozenset(words)
    beside = [
        frozenset((Anchor(one.one, other.one, beside=True),))
        for one, other in pairwise(words)
        if not (one.prefix or other.prefix)
    ]
    whole = [word for word in words if not word.prefix] or words
    return rarest(beside or [frozenset((word,)) for word in whole])


@lru_cache(maxsize=32_768)
def _word(prefix: bool, word: str) -> Anchor:
    return Anchor(word, prefix=True) if prefix else Anchor(fold_word(word))


def _all(choices: Iterable[Anchors]) -> Anchors:
    offered = sorted((each for each in choices if each is not None), key=commonness)
    plain = [each for each in offered if not any(anchor.other for anchor in each)]
    if len(plain) > 1 and 0 < len(plain[0]) * len(plain[1]) <= MOST_PAIRS:
        offered.append(frozenset(_pair(one, other) for one in plain[0] for other in plain[1]))
    return rarest(offered)


def _pair(one: Anchor, other: Anchor) -> Anchor:
    if one.prefix or other.prefix:
        begun, whole = (one, other) if one.prefix else (other, one)
        return begun if whole.prefix else begun._replace(other=whole.one)
    if one == other:
        return one
    first, second = sorted((one.one, other.one), key=lambda word: (_share(word), word))
    return Anchor(first, second)


def rarest(offered: Sequence[frozenset[Anchor]]) -> Anchors:
    """Return the anchors that the fewest pages should have; None when nothing is offered."""
    return min(offered, key=commonness, default=None)


def united(choices: Iterable[Anchors]) -> Anchors:
    """Return all anchors together; None as soon as one choice has none."""
    together: set[Anchor] = set()
    for anchors in choices:
        if anchors is None:
            return None
        together |= anchors
    return frozenset(together)


def commonness(anchors: frozenset[Anchor]) -> float:
    """Return a guess at the share of pages that have one of them."""
    return sum(map(_of_pages, anchors))


def _of_pages(anchor: Anchor) -> float:
    share = _share(anchor.one) * (_BEGUN if anchor.prefix else 1)
    if anchor.other:
        share *= _share(anchor.other)
    return share * _BESIDE if anchor.beside else share


@lru_cache(maxsize=32_768)
def _share(word: str) -> float:
    if not word.isalpha():
        return _NUMBER
    return _COMMON * _RARER ** max(len(word) - _SHORT, 0)
