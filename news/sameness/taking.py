"""What are an article's words, as numbers?

The text is gone through once; every word seen before is one look-up. What is known of the words afterwards
stands in arrays of equal length.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from news.nouns import Sentence
from news.sameness.words import carrier, code
from news.text import WORD, fold_word, normalize, normalized, tokens

Codes: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]
Small: TypeAlias = NDArray[np.uint16]
Wide: TypeAlias = NDArray[np.uint64]

_QUOTES = re.compile('["“”«»„\n]')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """The words of a text, one after the other."""

    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    codes: Codes
    # The code of the stem; 0 for a word that says nothing about the subject.
    carriers: Codes
    # Whether it begins with a capital, is written in digits, stands inside quotation marks.
    upper: Flags
    decimal: Flags
    spoken: Flags
    # The sentence it stands in; and where each sentence begins, and the last one ends.
    lines: Places
    bounds: Places


def take(text: str, sentences: Sequence[Sentence], language: str) -> Taken:
    """Take a text apart into the words of these sentences."""
    written, starts, ends = _written(text)
    bounds = np.searchsorted(starts, [0, *(sentence.end for sentence in sentences)])
    many = int(bounds[-1])
    words = _vocabulary(language[:2])
    rows = words.rows(written[:many])
    return Taken(
        words=[words.folded[row] for row in rows.tolist()],
        starts=starts[:many],
        ends=ends[:many],
        codes=words.codes[rows],
        carriers=words.carriers[rows],
        upper=words.upper[rows],
        decimal=words.decimal[rows],
        spoken=_spoken(text, starts[:many]),
        lines=np.repeat(np.arange(len(sentences)), np.diff(bounds)),
        bounds=bounds,
    )


def _written(text: str) -> tuple[list[str], list[int], list[int]]:
    """Return the words as they are written, and where they start and end in the text."""
    plain = normalized(text)
    if plain.is_in_place:
        found = [(word[0], *word.span()) for word in WORD.finditer(plain.text)]
    else:
        found = [(text[word.start : word.end], word.start, word.end) for word in tokens(text)]
    return (
        [word for word, _, _ in found],
        [start for _, start, _ in found],
        [end for _, _, end in found],
    )


class _Vocabulary:
    """Every word seen in a language, and what is known of it. A memory of a pure judgement, nothing more."""

    __slots__ = ("_language", "_row_of", "carriers", "codes", "decimal", "folded", "upper")

    def __init__(self, language: str) -> None:
        self._language = language
        self._clear()

    def _clear(self) -> None:
        self._row_of: dict[str, int] = {}
        self.folded: list[str] = []
        self.codes: Codes = np.zeros(_AT_FIRST, dtype=np.uint32)
        self.carriers: Codes = np.zeros(_AT_FIRST, dtype=np.uint32)
        self.upper: Flags = np.zeros(_AT_FIRST, dtype=np.bool_)
        self.decimal: Flags = np.zeros(_AT_FIRST, dtype=np.bool_)

    def rows(self, written: Sequence[str]) -> Places:
        """Return where each word stands here, as it is written."""
        if len(self._row_of) + len(written) > _REMEMBERED:
            self._clear()
        row_of = self._row_of
        rows = [row_of.get(word, -1) for word in written]
        if -1 in rows:
            rows = [row_of[word] if word in row_of else self._enter(word) for word in written]
        return np.array(rows, dtype=np.int64)

    def _enter(self, written: str) -> int:
        row = len(self.folded)
        if row == len(self.codes):
            self.codes, self.carriers = (np.concatenate([it, it]) for it in (self.codes, self.carriers))
            self.upper, self.decimal = (np.concatenate([it, it]) for it in (self.upper, self.decimal))
        plain = normalize(written)
        word = fold_word(plain) if plain else written
        self.folded.append(word)
        self.codes[row], self.carriers[row] = code(word), carrier(word, self._language)
        self.upper[row], self.decimal[row] = written[0].isupper(), word.isdecimal()
        self._row_of[written] = row
        return row


@lru_cache(maxsize=8)
def _vocabulary(language: str) -> _Vocabulary:
    return _Vocabulary(language)


_AT_FIRST = 1 << 12  # words; doubled as needed
_REMEMBERED = 1 << 18  # words, a dozen megabytes; a language uses fewer in a year


def _spoken(text: str, starts: Sequence[int]) -> Flags:
    """Say for each word whether it stands inside quotation marks; a new paragraph begins outside them."""
    inside = False
    states = [False]
    places = []
    for mark in _QUOTES.finditer(text):
        sign = mark.group()
        inside = sign in "“«„" or (sign == '"' and not inside)
        places.append(mark.start())
        states.append(inside)
    spoken: Flags = np.array(states, dtype=np.bool_)[np.searchsorted(places, starts)]
    return spoken
