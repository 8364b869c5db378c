"""What are the words of a text? Found between its spaces, because most of what stands there was met before.

A chunk is what stands between two spaces: `the`, `city,`, `so-called`, `"287(g)`. Its words depend on the
chunk alone, so they are found once and kept; a text is cut at its spaces and its words are looked up. Only
where a word depends on what stands before the space (the `(g)` of "287 (g)"), the whole text is one chunk.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, islice
from operator import add
from typing import TypeVar

from news.matching.inflection import stem
from news.text import WORD, fold_word, normalize, normalized

MOST_KEPT = 65_536  # chunks of each kind; 40 bytes of text and 250 around it
LONGEST_KEPT = 40  # characters; longer ones seldom come again
_CHUNK = re.compile(r"\S+")
_LEANS = re.compile(r"\([a-z]\)")  # belongs to the number before the space: see `WORD`
_VANISHES = "\x1f"  # a space to Python, nothing to `normalized`
LANGUAGES = ("en", "es")  # that words have stems of their own in
LEANS = ""  # stands among the stems of a chunk whose words depend on the one before


@dataclass(frozen=True, slots=True)
class Chunk:
    """What stands between two spaces, read."""

    # In plain characters, capitals and all; and where each stands in the chunk as it came.
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    # Plain characters before the first word, between words, and after the last one: one more than words.
    gaps: tuple[str, ...]


def chunk_of(text: str) -> Chunk:
    """Read a chunk, or a whole text as one."""
    bare = _bare(text)
    if bare:
        return Chunk((bare,), ((0, len(bare)),), ("", text[len(bare) :]))
    plain = normalized(text)
    found = list(WORD.finditer(plain.text))
    ends = [0, *(word.end() for word in found)]
    starts = [*(word.start() for word in found), len(plain.text)]
    return Chunk(
        words=tuple(word[0] for word in found),
        spans=tuple(plain.origin(*word.span()) for word in found),
        gaps=tuple(plain.text[end:start] for end, start in zip(ends, starts, strict=True)),
    )


def _bare(text: str) -> str:
    """Return the one word of a chunk of plain letters, with a comma or a full stop at most; "" for others."""
    bare = text[:-1] if text[-1:] in (",", ".") else text
    return bare if bare.isascii() and bare.isalpha() else ""


class _Chunks(dict[str, Chunk]):
    """Chunks by their text, read when first asked for."""

    def __missing__(self, text: str) -> Chunk:
        return keep(self, text, chunk_of(text))


class _Stems(dict[str, tuple[str, ...]]):
    """The stems of each chunk's words, in one language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, text: str) -> tuple[str, ...]:
        bare = _bare(text)
        if bare:  # most of those that were never met
            return keep(self, text, (stem(bare.lower(), self._language),))
        leans = _LEANS.match(normalized(text).text)
        return keep(self, text, (LEANS,) if leans else self.of(_CHUNKS[text].words))

    def of(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(stem(fold_word(word), self._language) for word in words)


Value = TypeVar("Value")


def keep(kept: dict[str, Value], text: str, value: Value) -> Value:
    """Keep what was found; the older half goes when there is too much."""
    if len(text) <= LONGEST_KEPT:
        if len(kept) >= MOST_KEPT:
            for old in list(islice(kept, MOST_KEPT // 2)):
                del kept[old]
        kept[text] = value
    return value


_CHUNKS = _Chunks()


@lru_cache(maxsize=len(LANGUAGES))
def _stems(language: str) -> _Stems:
    return _Stems(language)


class _Folded(dict[str, tuple[str, ...]]):
    """Each chunk's words, folded."""

    def __missing__(self, text: str) -> tuple[str, ...]:
        bare = _bare(text)
        return keep(self, text, (bare.lower(),) if bare else tuple(map(fold_word, _CHUNKS[text].words)))


FOLDED = _Folded()


def reads_as(language: str) -> str:
    """Return in which of `LANGUAGES` the words of an article are read."""
    return "es" if language.startswith("es") else "en"


class Strip:
    """A text as a row of words, the first one number 0."""

    def __init__(self, text: str, language: str) -> None:
        """Cut the text at its spaces; its words are looked up as they are asked for."""
        self._text = text
        # What stands between two spaces.
        self.chunks = text.split()
        self._whole: Chunk | None = None
        self._known = _stems(reads_as(language))
        # Each word's stem.
        self.stems = list(chain.from_iterable(map(self._known.__getitem__, self.chunks)))
        self.stem_set = frozenset(self.stems)
        if LEANS in self.stem_set or _VANISHES in text:
            self._whole = chunk_of(text)
            self.chunks = [text]
            self.stems = list(self._known.of(self._whole.words))
            self.stem_set = frozenset(self.stems)

    def _read(self, at: int) -> Chunk:
        return _CHUNKS[self.chunks[at]] if self._whole is None else self._whole

    @cached_property
    def _ends(self) -> list[int]:
        """How many words there are up to the end of each chunk."""
        if self._whole is not None:
            return [len(self.stems)]
        return list(accumulate(map(len, map(self._known.__getitem__, self.chunks))))

    @cached_property
    def _starts(self) -> list[int]:
        """The character at which each chunk starts."""
        if self._whole is not None:
            return [0]
        ends = list(accumulate(map(len, self.chunks), initial=0))
        if ends[-1] + len(self.chunks) - 1 == len(self._text.rstrip()):  # one space between any two
            return list(map(add, ends, range(len(self.chunks))))
        return [chunk.start() for chunk in _CHUNK.finditer(self._text)]

    def _locate(self, word: int) -> tuple[int, int]:
        """Return the number of the chunk that holds a word, and the word's number in it."""
        at = bisect_right(self._ends, word)
        return at, word - (self._ends[at - 1] if at else 0)

    def word(self, number: int) -> str:
        """Return a word in plain characters, as printed."""
        at, inside = self._locate(number)
        return self._read(at).words[inside]

    @cached_property
    def folded(self) -> list[str]:
        """Each word, folded."""
        if self._whole is not None:
            return list(map(fold_word, self._whole.words))
        return list(chain.from_iterable(map(FOLDED.__getitem__, self.chunks)))

    @cached_property
    def words(self) -> list[str]:
        """All words in plain characters, as printed."""
        return list(chain.from_iterable(self._read(at).words for at in range(len(self.chunks))))

    def span(self, number: int) -> tuple[int, int]:
        """Return the characters of the text that a word covers."""
        at, inside = self._locate(number)
        start, end = self._read(at).spans[inside]
        return self._starts[at] + start, self._starts[at] + end

    def gap(self, number: int) -> str:
        """Return the plain characters between a word and the one before it; one space is most common."""
        at, inside = self._locate(number)
        after = self._read(at)
        if inside or not at:
            return after.gaps[inside]
        gap = after.gaps[0]
        while True:
            gap = self._space_before(at) + gap
            at -= 1
            before = self._read(at)
            gap = before.gaps[-1] + gap
            if before.words or not at:
                return gap

    def _space_before(self, at: int) -> str:
        return normalize(self._text[self._starts[at - 1] + len(self.chunks[at - 1]) : self._starts[at]])

    def first_from(self, character: int) -> int:
        """Return the number of the first word that begins at or after a character."""
        at = max(bisect_left(self._starts, character) - 1, 0)
        numbers = range(self._ends[at - 1] if at else 0, len(self.stems))
        return next((number for number in numbers if self.span(number)[0] >= character), len(self.stems))
