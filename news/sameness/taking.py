"""What are an article's words, as numbers?

Headline and text are gone through once, in arrays (`letters.py`). What is known of the words afterwards
stands in arrays too, a place for each word. Copies need nothing else; what a word carries, and whether it is
a name or a number, is worked out when somebody asks what the article is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from news.nouns import Article
from news.sameness.letters import (
    Codes,
    Flags,
    Floats,
    Places,
    Reals,
    Small,
    Spelled,
    Tiny,
    Wide,
    powers,
    spell_all,
)
from news.sameness.words import carrier, code
from news.sentences import sentence_spans
from news.text import fold_word, normalize

__all__ = ["Codes", "Flags", "Floats", "Places", "Reals", "Small", "Taken", "Tiny", "Wide", "take"]

MOST_WORDS = (
    50_000  # of an article: a place among them has 16 bits; what comes after is compared with nothing
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taken:
    """The words of an article: first those of the headline, then those of the text."""

    # Headline and text, with an end of line between them, and where the text begins there.
    whole: str
    begins: int
    language: str
    spelled: Spelled
    # How many words the headline has.
    titled: int
    # Where each sentence of the text starts and ends, in the text alone; nothing when it was taken roughly.
    spans: Sequence[tuple[int, int]]
    # Where each sentence begins among the words of the text, and where the last one ends.
    bounds: Places

    @property
    def codes(self) -> Codes:
        """The words of the text."""
        codes: Codes = self.spelled.codes[self.titled :]
        return codes

    @property
    def title(self) -> Codes:
        """The words of the headline."""
        codes: Codes = self.spelled.codes[: self.titled]
        return codes

    def lines(self) -> Places:
        """Return the sentence that each word of the text stands in."""
        lengths = self.bounds[1:] - self.bounds[:-1]
        return np.repeat(np.arange(len(lengths)), lengths)

    def sentence(self, at: int) -> str:
        """Return what stands between the last word of the sentence before this one and its own last word."""
        first, last = int(self.bounds[at]) + self.titled, int(self.bounds[at + 1]) + self.titled
        ends = self.spelled.ends
        start = max(self.begins, int(ends[first - 1]) if first else 0)
        return self.whole[start : ends[last - 1]] if last > first else ""

    def spoken(self) -> Flags:
        """Say of each word of the text whether it stands inside quotation marks."""
        return self.spelled.spoken(self.whole)[self.titled :]

    def known(self) -> tuple[Codes, Codes]:
        """Return two codes of each word, the headline's first: of its stem, and of the word as it is.

        The stem's is 0 for a word that says nothing about the subject. A name's words are not cut to stems,
        but counted among them.
        """
        return _vocabulary(self.language[:2]).known(self.spelled, self.whole)

    def figures(self) -> Iterator[tuple[int, str]]:
        """Yield what is written in digits: its place among the words, the headline's first, and the word."""
        for at in self.spelled.figures().tolist():
            word = _folded(self.spelled.word(self.whole, at))
            if word.isdecimal():
                yield at, word


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Taking:
    """Several articles, taken apart as one: headline, sentences, what is left; and the next."""

    each: Sequence[Taken]
    # The words of all.
    codes: Codes
    # Where lines start among them, and which are sentences of a text; where each text's sentences begin.
    starts: Places
    are_text: Flags
    firsts: Sequence[int]
    # Where each text begins among the words.
    texts: Sequence[int]

    def sums(self) -> tuple[Wide, Wide]:
        """Return what the words before each add up to, and what takes a difference back to the beginning.

        Of two such sums the difference, taken back, stands for the words between them in their order.
        """
        many = len(self.codes)
        forth, back = powers(many + 1)
        sums = np.zeros(many + 1, dtype=np.uint64)
        np.cumsum((self.codes + np.uint64(1)) * forth[:many], out=sums[1:])
        return sums, back


def take(articles: Sequence[Article], *, roughly: bool = False) -> Taking:
    """Take articles apart into words and sentences, or (roughly) what is about a sentence."""
    wholes = [f"{each.title}\n{each.text}" if each.title else each.text for each in articles]
    spelled, places = spell_all(wholes)
    begins = [len(whole) - len(each.text) for whole, each in zip(wholes, articles, strict=True)]
    ends = np.append(places[1:], len(spelled.signs))
    words = np.searchsorted(spelled.starts, np.append(places, len(spelled.signs))).tolist()
    texts = np.searchsorted(spelled.starts, np.minimum(places + np.array(begins), ends)).tolist()
    passages = spelled.passages() if roughly else None
    each: list[Taken] = []
    starts: list[Places] = []
    for at, (article, whole) in enumerate(zip(articles, wholes, strict=True)):
        place, first, text, last = int(places[at]), words[at], texts[at], words[at + 1]
        spans: Sequence[tuple[int, int]] = ()
        if passages is None:
            spans = list(sentence_spans(article.text))
            bounds = np.array([0, *(end for _, end in spans)], dtype=np.int64) + (place + begins[at])
            bounds = np.searchsorted(spelled.starts[:last], bounds)
            bounds[0] = text
        else:
            bounds = passages[passages.searchsorted(text) : passages.searchsorted(last, side="right")]
        if bounds[-1] > text + MOST_WORDS:
            bounds = np.minimum(bounds, text + MOST_WORDS)
        starts += (np.array([first]), bounds)
        each.append(
            Taken(
                whole=whole,
                begins=begins[at],
                language=article.language,
                spelled=spelled.part(slice(first, int(bounds[-1])), place, int(ends[at]) - 1),
                titled=text - first,
                spans=spans,
                bounds=bounds - text,
            )
        )
    lines = np.array([len(taken.bounds) + 1 for taken in each])
    are_text = np.ones(int(lines.sum()), dtype=np.bool_)
    are_text[np.cumsum(lines) - lines] = are_text[np.cumsum(lines) - 1] = False
    return Taking(
        each=each,
        codes=spelled.codes,
        starts=np.concatenate(starts),
        are_text=are_text,
        firsts=(np.cumsum(lines) - lines + 1).tolist(),
        texts=texts,
    )


class _Vocabulary:
    """What the words of a language carry, each in a drawer of its own or in turns with another one.

    A memory of a pure judgement, nothing more.
    """

    __slots__ = ("_language", "_spelled", "_stems", "_words")

    def __init__(self, language: str) -> None:
        self._language = language
        self._spelled: Codes = np.zeros(_DRAWERS, dtype=np.uint32)
        self._stems: Codes = np.zeros(_DRAWERS, dtype=np.uint32)
        self._words: Codes = np.zeros(_DRAWERS, dtype=np.uint32)

    def known(self, spelled: Spelled, text: str) -> tuple[Codes, Codes]:
        """Return the codes of the stem of each word, and of the word."""
        drawers = spelled.codes & np.uint32(_DRAWERS - 1)
        stems, words = self._stems[drawers], self._words[drawers]
        for at in np.flatnonzero(self._spelled[drawers] != spelled.codes).tolist():
            drawer, word = drawers[at], _folded(spelled.word(text, at))
            stems[at], words[at] = carrier(word, self._language), code(word)
            self._spelled[drawer] = spelled.codes[at]
            self._stems[drawer], self._words[drawer] = stems[at], words[at]
        return stems, words


_DRAWERS = 1 << 19  # six megabytes; a language uses fewer words in a year


@lru_cache(maxsize=4)
def _vocabulary(language: str) -> _Vocabulary:
    return _Vocabulary(language)


@lru_cache(maxsize=1 << 16)
def _folded(written: str) -> str:
    plain = normalize(written)
    return fold_word(plain) if plain else written
