"""What has to be looked up on a page to know whether a query holds there?

A `Query` says what an editor wrote; its plan says which words, in which spellings. `SB25-276` is also "SB
25-276", `8 U.S.C. 1373` is also "8 U.S.C. § 1373", `e-mail` is also "email", and `U.S.` is never "us".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import cast

from news.matching.conditions import All, AnyOf, Condition, Has, NoneOf, Stands, Times, Within
from news.matching.grading import OfGrade
from news.matching.page import surface
from news.matching.query import (
    AtLeast,
    Either,
    Every,
    Graded,
    InField,
    Is,
    Near,
    Not,
    Place,
    Query,
    Row,
    Words,
    is_place,
)
from news.matching.spots import Chain, Close, OneOf, Run, Spot, Term
from news.text import WORD, fold_word, normalize

_LETTERS_DIGITS = re.compile(r"([A-Za-z]{1,3})(\d+)")
_LETTERS = re.compile(r"[A-Za-z]{1,3}")
_COMPOUND = re.compile(r"[^\W\d_]+-[^\W\d_]+")
_TWO_LETTERS = 2
_LONGEST_ABBREVIATION = 6  # letters; a longer word in capitals is a word that somebody shouted
SHARED = 65_536  # words, and phrases, that are kept once
_CODES = ("usc", "cfr")  # a section sign may stand after these


def plan(query: Query) -> Condition:
    """Return the condition that says whether and where a query holds."""
    if isinstance(query, Words):
        return _stands(query)
    if is_place(query):
        return Stands(spot(cast("Place", query)))
    match query:
        case Either() | Every():
            parts = tuple(map(plan, query.parts))
            return AnyOf(parts) if isinstance(query, Either) else All(parts)
        case AtLeast():
            return Times(query, spot(query.part))
        case Not() | InField() | Graded():
            return _around(query)
        case _:
            return Has(cast("Is", query))


def _around(query: Not | InField | Graded) -> Condition:
    inner = plan(query.part)
    match query:
        case Not():
            return NoneOf(inner)
        case InField():
            return Within(query, inner)
        case Graded():
            return OfGrade(query, inner)


def spot(place: Place) -> Spot:
    """Return what finds the spans of a place."""
    match place:
        case Words():
            return _stands(place).spot
        case Row():
            return _row(place)
        case Near():
            return Close(spot(place.left), spot(place.right), place.distance, place.ordered)
        case Either():
            return OneOf(tuple(spot(cast("Place", part)) for part in place.parts))


# A hundred thousand watchlists ask for the same words and phrases again and again: each is kept once, and so
# a page looks for it once.
@lru_cache(maxsize=SHARED)
def _stands(words: Words) -> Stands:
    return Stands(_run([words]))


@lru_cache(maxsize=SHARED)
def _row(row: Row) -> Spot:
    """Read neighboring words as one run, so that "SB 25-276" is found as "SB25-276" too."""
    spots: list[Spot] = []
    for plain, parts in groupby(row.parts, key=lambda part: isinstance(part, Words)):
        if plain:
            spots.append(_run(cast("list[Words]", list(parts))))
        else:
            spots += map(spot, parts)
    return spots[0] if len(spots) == 1 else Chain(tuple(spots))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a run as written, and the signs around it."""

    text: str
    signs: Words
    last: bool

    def term(self) -> Term:
        dotted = "." in self.text and len(surface(self.text)) == _TWO_LETTERS
        if self.signs.case or dotted:
            return _term("case", surface(self.text))
        word = fold_word(self.text)
        if self.signs.prefix and self.last:
            return _term("prefix", word)
        if self.signs.exact:
            return _term("exact", word)
        # "ICE" is never "iced"; it has a plural at most.
        abbreviation = self.text.isalpha() and self.text.isupper() and len(word) <= _LONGEST_ABBREVIATION
        return _term("plural" if abbreviation else "stem", word)


def _run(units: Sequence[Words]) -> Run:
    words = [word for unit in units for word in _split(unit)]
    ways = [words, *_spellings(words), *_compounds(units, words)]
    return Run(tuple(dict.fromkeys(tuple(word.term() for word in way) for way in ways)))


_term = lru_cache(maxsize=SHARED)(Term)


def _split(unit: Words) -> list[_Word]:
    found = [word[0] for word in WORD.finditer(normalize(unit.text))]
    return [_Word(text, unit, at == len(found) - 1) for at, text in enumerate(found)]


def _spellings(words: list[_Word]) -> Iterator[list[_Word]]:
    """Yield the run with letters and digits apart, or together, or with a section sign that nobody types."""
    for at, word in enumerate(words):
        apart = _LETTERS_DIGITS.fullmatch(word.text)
        if apart and not word.signs.prefix:
            pieces = [_Word(apart[1], word.signs, False), _Word(apart[2], word.signs, word.last)]
            yield [*words[:at], *pieces, *words[at + 1 :]]
    for at, (before, after) in enumerate(pairwise(words)):
        if not after.text.isdigit():
            continue
        if _LETTERS.fullmatch(before.text):
            joined = _Word(before.text + after.text, after.signs, after.last)
            yield [*words[:at], joined, *words[at + 2 :]]
        if surface(before.text).lower() in _CODES:
            yield [*words[: at + 1], _Word("§", before.signs, False), *words[at + 1 :]]


def _compounds(units: Sequence[Words], words: list[_Word]) -> Iterator[list[_Word]]:
    """Yield "email" for a lone `e-mail`."""
    if len(units) == 1 and _COMPOUND.fullmatch(units[0].text) and len(words) == _TWO_LETTERS:
        yield [_Word("".join(word.text for word in words), units[0], True)]
