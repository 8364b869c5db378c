"""What does an article look like to the matcher?

Its words stand on one line of places: the headline first, then a wide gap that nothing reaches across, then
the text. A place knows the way back to the article's own characters.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

import numpy as np

from news.matching.chunks import Chunks, Cut, Strip, cut_alike, reads_as
from news.matching.lexing import FARTHEST
from news.matching.places import bits, places_of
from news.matching.rows import Ints
from news.nouns import Article
from news.sentences import sentence_spans
from news.text import lead_end

FEW = 24  # words that are looked for one by one; for more of them all are put in order
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


class Seen(NamedTuple):
    """Where a span stands in the article as it came: its characters, and the sentence around them."""

    part: Part
    start: int
    end: int
    words: str
    sentence: str
    # Of the text, from 0; of no account in the headline.
    number: int


Found_co = TypeVar("Found_co", covariant=True)


class Asks(Protocol[Found_co]):
    """Something that can be asked of a page."""

    def find(self, page: Page) -> Found_co:
        """Find it."""
        ...


class Page:
    """An article, its words found once and looked up many times.

    Most articles hold none of a watchlist's words: what is behind a place is found only when one holds.
    """

    def __init__(self, article: Article, known: Chunks, title: Cut, text: Cut) -> None:
        """Take an article, and what stands between the spaces of its headline and its text; see `pages`."""
        self.article = article
        self.known = known
        # Of all words, by number: what their forms have in common, and the words, folded.
        self.stems: Ints = np.concatenate((title.stems, text.stems))
        self.folded: Ints = np.concatenate((title.folded, text.folded))
        self._title = Strip(article.title, known, title)
        self._text = Strip(article.text, known, text)
        self.title_end = len(self._title)
        self.text_start = self.title_end + GAP
        self.text_end = self.text_start + len(self._text)
        # Of which places it is known whether the word there is joined to the one before, and where it is.
        self._asked = (0, 0)
        self._joined: dict[int, bool] = {}
        self._seen: dict[Span, Seen] = {}
        self._found: dict[int, tuple[object, Any]] = {}
        self._lookups = 0
        self._begun: dict[str, list[int]] = {}

    @cached_property
    def _by_stem(self) -> tuple[list[int], list[int]]:
        return self._in_order(self.stems)

    @cached_property
    def _by_folded(self) -> tuple[list[int], list[int]]:
        return self._in_order(self.folded)

    def _in_order(self, words: Ints) -> tuple[list[int], list[int]]:
        """Return words, by number, in the order of their numbers, and the place of each."""
        order = np.argsort(words, kind="stable")
        return words[order].tolist(), self._places(order).tolist()

    def _places(self, words: Ints) -> Ints:
        return words + GAP * (words >= self.title_end)

    def once(self, asks: Asks[Found_co]) -> Found_co:
        """Return what is found for one thing that is asked of the whole page, looked for once.

        Many watchlists share words and phrases. What asks is kept, for its identity is what it is known by.
        """
        known = self._found.get(id(asks))
        if known is None:
            known = self._found[id(asks)] = asks, asks.find(self)
        found: Found_co = known[1]
        return found

    def forget(self) -> None:
        """Let go of what was found for those who asked: a page that is kept meets other watchlists later."""
        self._found.clear()
        self._begun.clear()
        # Most of a page's room, and quickly put in order again.
        self.__dict__.pop("_by_stem", None)
        self.__dict__.pop("_by_folded", None)
        self._lookups = 0

    def with_stem(self, stem: str) -> Sequence[int]:
        """Return the places of the words with a stem."""
        number = self.known.stem_numbers.get(stem)
        if number is None:
            return ()
        self._lookups += 1
        return self._scanned(self.stems, number) if self._lookups <= FEW else _found(self._by_stem, number)

    def reading(self, word: str) -> Sequence[int]:
        """Return the places of a folded word, in this form only."""
        number = self.known.folded_numbers.get(word)
        if number is None:
            return ()
        self._lookups += 1
        return self._scanned(self.folded, number) if self._lookups <= FEW else _found(self._by_folded, number)

    def _scanned(self, words: Ints, number: int) -> list[int]:
        at: list[int] = (words == number).nonzero()[0].tolist()
        return at if not at or at[-1] < self.title_end else [*map(self._place, at)]

    def _place(self, at: int) -> int:
        return at if at < self.title_end else at + GAP

    def printed(self, place: int) -> str:
        """Return the word at a place in plain characters, capitals and all."""
        strip, at = self._locate(place)
        return strip.word(at)

    @property
    def folded_words(self) -> Iterator[str]:
        """All words, folded."""
        return map(self.known.folded_words.__getitem__, self.folded.tolist())

    def word(self, place: int) -> str:
        """Return the word at a place, folded."""
        at = place if place < self.text_start else place - GAP
        return self.known.folded_words[int(self.folded[at])]

    def prefixed(self, prefix: str) -> list[int]:
        """Return the places of the words that begin so."""
        found = self._begun.get(prefix)
        if found is None:
            at = self.known.beginning_with(prefix, self.folded)
            found = self._begun[prefix] = [*map(self._place, at)]
        return found

    @property
    def words(self) -> int:
        """How many words headline and text have together."""
        return self.text_end - GAP

    @cached_property
    def lead_end(self) -> int:
        """The place after the last word of the opening paragraph."""
        # All sentences are found only for those who need more of them than the first few.
        known = self.__dict__.get("sentences")
        return self.text_start + self._text.first_from(lead_end(self.article.text, known))

    @cached_property
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
        known = self._joined.get(place)
        if known is None:
            known = self._joined[place] = self._is_joined(place)
        return known

    def _is_joined(self, place: int) -> bool:
        if place in (0, self.text_start):
            return False
        strip, at = self._locate(place)
        gap = strip.gap(at)
        if gap == " ":
            return True
        if _BREAK.search(gap):
            return False
        return not (_MAY_END.search(gap) and self._ends_between(strip, at))

    def joined_at(self, places: int) -> int:
        """Return those of the places, as bits, where a word stands side by side with the one before it."""
        asked, joined = self._asked
        new = places & ~asked
        if new:
            joined |= bits([place for place in places_of(new) if self.joined(place)])
            self._asked = asked | new, joined
        return places & joined

    def _locate(self, place: int) -> tuple[Strip, int]:
        """Find the text that a place is in, and the number of its word there."""
        return (self._title, place) if place < self.text_start else (self._text, place - self.text_start)

    def _ends_between(self, strip: Strip, at: int) -> bool:
        """Say whether a new sentence begins between a word and the one before it."""
        starts = self._title_starts if strip is self._title else self._sentence_starts
        before, after = strip.span(at - 1)[1], strip.span(at)[0]
        number = bisect_right(starts, after)
        return number > 0 and starts[number - 1] >= before

    def where(self, span: Span) -> Seen:
        """Return the characters of the article's own title or text that a span covers."""
        seen = self._seen.get(span)
        if seen is None:
            seen = self._seen[span] = self._look(span)
        return seen

    def _look(self, span: Span) -> Seen:
        strip, at = self._locate(span.start)
        start, end = strip.span(at)
        if span.end - span.start > 1:
            end = strip.span(at + span.end - span.start - 1)[1]
        if strip is self._title:
            return Seen("title", start, end, self.article.title[start:end], self.article.title, 0)
        number = self._sentence_number(start)
        sentence = self._sentences_around(number, start, end)
        return Seen("text", start, end, self.article.text[start:end], sentence, number)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The sentences of the text: where each starts and ends."""
        return [*sentence_spans(self.article.text)]

    @cached_property
    def _title_starts(self) -> list[int]:
        return [start for start, _ in sentence_spans(self.article.title)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def _sentence_number(self, start: int) -> int:
        """Return which sentence of the text the character at `start` stands in, from 0."""
        return max(bisect_right(self._sentence_starts, start) - 1, 0)

    def _sentences_around(self, first: int, start: int, end: int) -> str:
        """Return the sentence or sentences of the text that hold [start, end); the first one is known."""
        last = self._sentence_number(max(end - 1, start))
        around = self.sentences[first : last + 1]
        if not around:
            return self.article.text[start:end]
        return self.article.text[min(around[0][0], start) : max(around[-1][1], end)]


def pages(articles: Iterable[Article]) -> Iterator[Page]:
    """Yield the page of each article; those that are read alike are cut at their spaces together."""
    for language, alike in groupby(articles, key=lambda article: reads_as(article.language)):
        together = list(alike)
        texts = [text for article in together for text in (article.title, article.text)]
        known, cut = cut_alike(texts, language)
        for article, title, text in zip(together, cut[::2], cut[1::2], strict=True):
            yield Page(article, known, title, text)


def page(article: Article) -> Page:
    """Return the page of one article."""
    return next(pages([article]))


def _found(words: tuple[list[int], list[int]], number: int) -> Sequence[int]:
    """Return the places of a word among words in order."""
    numbers, places = words
    first = bisect_left(numbers, number)
    return places[first : bisect_right(numbers, number, first)]


@lru_cache(maxsize=65536)
def surface(word: str) -> str:
    """Return a word of plain text with its capitals, without possessive, dots and commas."""
    if word.endswith(("'s", "'S")):
        word = word[:-2]
    return word.replace("'", "").replace(".", "").replace(",", "")
