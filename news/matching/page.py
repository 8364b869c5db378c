"""What does an article look like to the matcher?

Its words stand on one line of places: the headline first, then a wide gap that nothing reaches across, then
the text. A place knows the way back to the article's own characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from news.matching.chunks import Strip
from news.matching.lexing import FARTHEST
from news.matching.places import bits, places_of
from news.nouns import Article, Sentence
from news.text import lead_end, sentences

_FEW = 8  # stems; for more of them the places of all words are found at once
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
        self._title = Strip(article.title, article.language)
        self._text = Strip(article.text, article.language)
        self.title_end = len(self._title.stems)
        self.text_start = self.title_end + GAP
        self.text_end = self.text_start + len(self._text.stems)
        # Of which places it is known whether the word there is joined to the one before, and where it is.
        self._asked = (0, 0)
        self._looked_up: dict[str, list[int]] = {}
        self._begun: dict[str, list[int]] = {}

    @property
    def chunks(self) -> Iterator[str]:
        """What stands between two spaces, of headline and text."""
        return chain(self._title.chunks, self._text.chunks)

    @cached_property
    def stem_set(self) -> frozenset[str]:
        """The stems of all words."""
        return self._title.stem_set | self._text.stem_set

    @cached_property
    def stems(self) -> dict[str, list[int]]:
        """The places of each word, by what its forms have in common."""
        return self._places(self._title.stems, self._text.stems)

    def places(self, stem: str) -> Sequence[int]:
        """Return the places of the words with a stem."""
        if stem not in self.stem_set:
            return ()
        if len(self._looked_up) >= _FEW:
            return self.stems[stem]
        known = self._looked_up.get(stem)
        if known is None:
            known = self._looked_up[stem] = [*_all_at(self._title.stems, stem, 0)]
            known += _all_at(self._text.stems, stem, self.text_start)
        return known

    @cached_property
    def folded(self) -> dict[str, list[int]]:
        """The places of each word, its forms apart."""
        return self._places(self._title.folded, self._text.folded)

    def _places(self, title: Iterable[str], text: Iterable[str]) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for start, words in ((0, title), (self.text_start, text)):
            for place, word in enumerate(words, start):
                known = places.get(word)
                if known is None:
                    places[word] = [place]
                else:
                    known.append(place)
        return places

    def bigrams(self) -> Iterator[tuple[str, str]]:
        """Yield the stems of every two words that follow each other."""
        return chain(pairwise(self._title.stems), pairwise(self._text.stems))

    def printed(self, place: int) -> str:
        """Return the word at a place in plain characters, capitals and all."""
        strip, at = self._locate(place)
        return strip.word(at)

    def prefixed(self, prefix: str) -> list[int]:
        """Return the places of the words that begin so."""
        found = self._begun.get(prefix)
        if found is None:
            title, text, first = self._title.folded, self._text.folded, self.text_start
            found = [at for at, word in enumerate(title) if word.startswith(prefix)]
            found += [at for at, word in enumerate(text, first) if word.startswith(prefix)]
            self._begun[prefix] = found
        return found

    @property
    def words(self) -> int:
        """How many words headline and text have together."""
        return self.text_end - GAP

    @cached_property
    def lead_end(self) -> int:
        """The place after the last word of the opening paragraph."""
        return self.text_start + self._text.first_from(lead_end(self.article.text))

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

    def where(self, span: Span) -> tuple[Part, int, int]:
        """Return the characters of the article's own title or text that a span covers."""
        strip, at = self._locate(span.start)
        start, end = strip.span(at)
        if span.end - span.start > 1:
            end = strip.span(at + span.end - span.start - 1)[1]
        return ("title" if strip is self._title else "text"), start, end

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


def _all_at(stems: list[str], stem: str, first: int) -> Iterator[int]:
    at = -1
    for _ in range(stems.count(stem)):
        at = stems.index(stem, at + 1)
        yield first + at


@lru_cache(maxsize=65536)
def surface(word: str) -> str:
    """Return a word of plain text with its capitals, without possessive, dots and commas."""
    if word.endswith(("'s", "'S")):
        word = word[:-2]
    return word.replace("'", "").replace(".", "").replace(",", "")
