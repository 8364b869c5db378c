"""What does an article look like to the matcher?

Its words stand on one line of places: the headline first, then a wide gap that nothing reaches across, then
the text. A place knows the way back to the article's own characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from news.matching.lexing import FARTHEST
from news.matching.plurals import stem
from news.nouns import Article, Sentence
from news.text import WORD, Normalized, fold_word, lead_end, normalized, sentences

GAP = 2 * FARTHEST  # places between headline and text
_BREAK = re.compile(r";|\||•|:\s|\s-+\s|--")
_MAY_END = re.compile(r"[.!?\n\u3002]")

Part = Literal["title", "text"]


class Span(NamedTuple):
    """Words from place `start` up to, not including, place `end`."""

    start: int
    end: int


class Scope(NamedTuple):
    """The places that may be looked at."""

    start: int
    end: int


class Page:
    """An article, its words found once and looked up many times.

    Most articles hold none of a watchlist's words: what is behind a place is found only when one holds.
    """

    def __init__(self, article: Article) -> None:
        """Find the words of headline and text."""
        self.article = article
        self._title = normalized(article.title)
        self._text = normalized(article.text)
        title_words = WORD.findall(self._title.text)
        text_words = WORD.findall(self._text.text)
        self.title_end = len(title_words)
        self.text_start = self.title_end + GAP
        self.text_end = self.text_start + len(text_words)
        self._raw: dict[str, list[int]] = {}
        for start, words in ((0, title_words), (self.text_start, text_words)):
            for place, word in enumerate(words, start):
                self._raw.setdefault(word, []).append(place)

    @cached_property
    def stems(self) -> dict[str, list[int]]:
        """The places of each word, by what its singular and plural have in common."""
        language = self.article.language
        return _merged((stem(word, language), places) for word, places in self.folded.items())

    @cached_property
    def folded(self) -> dict[str, list[int]]:
        """The places of each word, plurals apart."""
        return _merged((fold_word(word), places) for word, places in self._raw.items())

    @cached_property
    def surfaces(self) -> dict[str, list[int]]:
        """The places of each word as it is printed, capitals and all."""
        return _merged((surface(word), places) for word, places in self._raw.items())

    @cached_property
    def _prefixed(self) -> dict[str, list[int]]:
        return {}

    def prefixed(self, prefix: str) -> list[int]:
        """Return the places of the words that begin so."""
        if prefix not in self._prefixed:
            found = (at for word, places in self.folded.items() if word.startswith(prefix) for at in places)
            self._prefixed[prefix] = sorted(found)
        return self._prefixed[prefix]

    def has_one_of(self, anchors: frozenset[str]) -> bool:
        """Say whether one of these stems, or of the prefixes among them ("detain*"), is on the page."""
        if not anchors.isdisjoint(self.stems.keys()):
            return True
        return any(anchor[-1] == "*" and self.prefixed(anchor[:-1]) for anchor in anchors)

    @cached_property
    def _spans(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Where each word stands in the plain title and text."""
        title, text = WORD.finditer(self._title.text), WORD.finditer(self._text.text)
        return [word.span() for word in title], [word.span() for word in text]

    @property
    def words(self) -> int:
        """How many words headline and text have together."""
        return self.text_end - GAP

    @cached_property
    def lead_end(self) -> int:
        """The place after the last word of the opening paragraph."""
        end, spans = lead_end(self.article.text), self._spans[1]
        after = (at for at, span in enumerate(spans) if self._text.origin(*span)[0] >= end)
        return self.text_start + next(after, len(spans))

    @property
    def everywhere(self) -> Scope:
        """Headline and text."""
        return Scope(0, self.text_end)

    @property
    def title(self) -> Scope:
        """The headline."""
        return Scope(0, self.title_end)

    @property
    def lead(self) -> Scope:
        """The opening paragraph."""
        return Scope(self.text_start, self.lead_end)

    @property
    def top(self) -> Scope:
        """Headline and opening paragraph."""
        return Scope(0, self.lead_end)

    def joined(self, place: int) -> bool:
        """Say whether the word at `place` stands side by side with the one before it.

        A hyphen, a comma or a quotation mark between the two does not matter; the end of a sentence, a
        colon, a semicolon, a bar or a dash does.
        """
        if place in (0, self.text_start):
            return False
        plain, spans, at = self._locate(place)
        end, start = spans[at - 1][1], spans[at][0]
        gap = plain.text[end:start]
        if gap == " ":
            return True
        if _BREAK.search(gap):
            return False
        return not (_MAY_END.search(gap) and self._ends_between(plain, end, start))

    def _locate(self, place: int) -> tuple[Normalized, list[tuple[int, int]], int]:
        """Find the plain text, its words' characters, and the number of the word at a place."""
        if place < self.text_start:
            return self._title, self._spans[0], place
        return self._text, self._spans[1], place - self.text_start

    def _ends_between(self, plain: Normalized, end: int, start: int) -> bool:
        """Say whether a new sentence begins between two words."""
        starts = self._title_starts if plain is self._title else self._sentence_starts
        before, after = plain.origin(end, end)[0], plain.origin(start, start + 1)[0]
        number = bisect_right(starts, after)
        return number > 0 and starts[number - 1] >= before

    def where(self, span: Span) -> tuple[Part, int, int]:
        """Return the characters of the article's own title or text that a span covers."""
        plain, spans, at = self._locate(span.start)
        last = at + span.end - span.start - 1
        start, end = plain.origin(spans[at][0], spans[last][1])
        return ("title" if plain is self._title else "text"), start, end

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the text."""
        return sentences(self.article.text)

    @cached_property
    def _title_starts(self) -> list[int]:
        return [each.start for each in sentences(self.article.title)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [each.start for each in self.sentences]

    def sentence_number(self, start: int) -> int:
        """Return which sentence of the text the character at `start` stands in, from 0."""
        return max(bisect_right(self._sentence_starts, start) - 1, 0)

    def sentence_around(self, part: Part, start: int, end: int) -> str:
        """Return the headline, or the sentence or sentences that hold [start, end)."""
        if part == "title":
            return self.article.title
        first, last = self.sentence_number(start), self.sentence_number(max(end - 1, start))
        around = self.sentences[first : last + 1]
        if not around:
            return self.article.text[start:end]
        return self.article.text[min(around[0].start, start) : max(around[-1].end, end)]


def _merged(pairs: Iterable[tuple[str, list[int]]]) -> dict[str, list[int]]:
    """Bring the places of words that are one word together, in order."""
    places: dict[str, list[int]] = {}
    for word, there in pairs:
        known = places.get(word)
        places[word] = there if known is None else sorted(known + there)
    return places


@lru_cache(maxsize=65536)
def surface(word: str) -> str:
    """Return a word of plain text with its capitals, without possessive, dots and commas."""
    if word.endswith(("'s", "'S")):
        word = word[:-2]
    return word.replace("'", "").replace(".", "").replace(",", "")
