"""What are the words of a text? Found between its spaces, because most of what stands there was met before.

A chunk is what stands between two spaces: `the`, `city,`, `so-called`, `"287(g)`. Its words depend on the
chunk alone, so they are found once, kept, and numbered; a text is cut at its spaces and its chunks are looked
up. Only where a word depends on what stands before the space (the `(g)` of "287 (g)"), the whole text is one
chunk.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from news.matching.cutting import Known, cut
from news.matching.inflection import stem
from news.matching.rows import Ints, Row, expanded
from news.text import WORD, fold_word, normalize, normalized

# Chunks of each language; 40 bytes of text and 300 around it. Three thousand long articles have 115,000.
MOST_KEPT = 131_072
LONGEST_KEPT = 40  # characters; longer ones seldom come again
MOST_LONG = 524_288  # characters of longer ones, together
HEAD = 3  # letters of a word, see `head`
_CHUNK = re.compile(r"\S+")
_LEANS = re.compile(r"\([a-z]\)")  # belongs to the number before the space: see `WORD`
_VANISHES = "\x1f"  # a space to Python, nothing to `normalized`
LANGUAGES = ("en", "es")  # that words have stems of their own in


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


def reads_as(language: str) -> str:
    """Return in which of `LANGUAGES` the words of an article are read."""
    return "es" if language.startswith("es") else "en"


class Cut(NamedTuple):
    """A text, cut at its spaces."""

    # By number; and how many words each has.
    chunks: Ints
    counts: Ints
    # Of each word, by number.
    stems: Ints
    folded: Ints
    # Whether the whole text is its one chunk.
    is_whole: bool = False


class Chunks(dict[str, int]):
    """The chunks of one language by their text, numbered from 0 as they are first asked for.

    Stems and folded words have numbers of their own. What stands by number in one row each is found without
    a look at the words themselves, which lie all over the memory.
    """

    def __init__(self, language: str) -> None:
        """Begin with none."""
        super().__init__()
        self.language = language
        self._long = 0
        self.texts: list[str] = []
        self._read: list[Chunk | None] = []
        # By chunk: its characters, its words, and which of all words is its first.
        self.lengths, self.counts, self.firsts = Row(), Row(), Row()
        # By word of all chunks.
        self.stems, self.folded = Row(), Row()
        self.stem_numbers: dict[str, int] = {}
        self.folded_numbers: dict[str, int] = {}
        # By number: the stem; the folded word, and its first letters.
        self.stem_words: list[str] = []
        self.folded_words: list[str] = []
        self.heads = Row()
        # By chunk: 1 when its words depend on the chunk before.
        self.leans = Row()
        self._short = Known()

    def __missing__(self, text: str) -> int:
        """Number a chunk that was never met."""
        bare = _bare(text)
        if bare:  # most of them
            return self._add(text, (bare.lower(),), leans=False)
        leans = " " not in text and _LEANS.match(normalized(text).text)
        return self._add(text, tuple(map(fold_word, chunk_of(text).words)), leans=bool(leans))

    def _add(self, text: str, words: tuple[str, ...], *, leans: bool) -> int:
        number = len(self.texts)
        self._long += len(text) if len(text) > LONGEST_KEPT else 0
        self.firsts.append(self.stems.length)
        self.counts.append(len(words))
        self.lengths.append(len(text))
        for word in words:
            self.stems.append(self._stem_number(stem(word, self.language)))
            self.folded.append(self._folded_number(word))
        self.leans.append(leans)
        self._read.append(None)
        self.texts.append(text)
        self[text] = number
        self._short.add(text, number)
        return number

    def _stem_number(self, shared: str) -> int:
        number = self.stem_numbers.get(shared)
        if number is None:
            number = self.stem_numbers[shared] = len(self.stem_words)
            self.stem_words.append(shared)
        return number

    def _folded_number(self, word: str) -> int:
        number = self.folded_numbers.get(word)
        if number is None:
            number = self.folded_numbers[word] = len(self.folded_words)
            self.folded_words.append(word)
            self.heads.append(head(word))
        return number

    def cut(self, texts: Sequence[str]) -> list[Cut]:
        """Cut texts at their spaces, all at once."""
        chunks, starts = cut(texts, self._short, self.__getitem__)
        counts, stems, folded = self._words_of(chunks)
        words = np.concatenate(([0], np.cumsum(counts)))[starts].tolist()
        leans = self.leans.numbers[chunks].any()
        return [
            self._in_one(text)
            if _VANISHES in text or (leans and self.leans.numbers[chunks[a:b]].any())
            else Cut(chunks[a:b], counts[a:b], stems[c:d], folded[c:d])
            for text, (a, b), (c, d) in zip(texts, pairwise(starts), pairwise(words), strict=True)
        ]

    def _words_of(self, chunks: Ints) -> tuple[Ints, Ints, Ints]:
        """Return how many words each chunk has, and of each word the stem and the folded word, by number."""
        counts = self.counts.numbers[chunks]
        words = expanded(self.firsts.numbers[chunks], counts)
        return counts, self.stems.numbers[words], self.folded.numbers[words]

    def _in_one(self, text: str) -> Cut:
        """Read a whole text as one chunk; with a space it is none that a text has."""
        chunks = np.array([self[f"{text} "]])
        return Cut(chunks, *self._words_of(chunks), is_whole=True)

    @property
    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self.texts) >= MOST_KEPT or self._long >= MOST_LONG

    def beginning_with(self, beginning: str, among: Ints | None = None) -> list[int]:
        """Return which folded words begin so, by number; `among`: the place of each of these that does."""
        unknown = 21 * max(HEAD - len(beginning), 0)  # bits
        heads = self.heads.numbers[: self.heads.length] if among is None else self.heads.numbers[among]
        alike: list[int] = np.flatnonzero(heads >> unknown == head(beginning) >> unknown).tolist()
        words = alike if among is None else among[alike].tolist()
        return [
            at for at, word in zip(alike, words, strict=True) if self.folded_words[word].startswith(beginning)
        ]

    def read(self, number: int) -> Chunk:
        """Return a chunk, read."""
        chunk = self._read[number]
        if chunk is None:
            chunk = self._read[number] = chunk_of(self.texts[number])
        return chunk


def head(word: str) -> int:
    """Return the first letters of a word as one number."""
    letters = [*map(ord, word[:HEAD]), 0, 0, 0]
    return letters[0] << 42 | letters[1] << 21 | letters[2]


# The chunks met so far in each language. Whoever cuts texts takes them away meanwhile: two threads never add
# to the same ones.
_AT_HAND: dict[str, list[Chunks]] = {language: [] for language in LANGUAGES}


def cut_alike(texts: Sequence[str], language: str) -> tuple[Chunks, list[Cut]]:
    """Cut texts in one language; return the chunks by which they are numbered too."""
    kind = reads_as(language)
    at_hand = _AT_HAND[kind]
    known = next(_taken(at_hand), None)
    if known is None or known.is_full:
        known = Chunks(kind)
    cuts = known.cut(texts)
    if not at_hand:
        at_hand.append(known)
    return known, cuts


def _taken(at_hand: list[Chunks]) -> Iterator[Chunks]:
    with suppress(IndexError):
        yield at_hand.pop()


class Strip:
    """A text as a row of words, the first one number 0."""

    def __init__(self, text: str, known: Chunks, cut: Cut) -> None:
        """Take a text and what stands between its spaces; where each word stands is found when asked for."""
        self._text = text
        self._known = known
        self._cut = cut

    def __len__(self) -> int:
        """How many words there are."""
        return len(self._cut.stems)

    @cached_property
    def _chunks(self) -> list[int]:
        chunks: list[int] = self._cut.chunks.tolist()
        return chunks

    @cached_property
    def _ends(self) -> list[int]:
        """How many words there are up to the end of each chunk."""
        ends: list[int] = np.cumsum(self._cut.counts).tolist()
        return ends

    @cached_property
    def _starts(self) -> list[int]:
        """The character at which each chunk starts."""
        if self._cut.is_whole:
            return [0]
        ends = np.cumsum(self._known.lengths.numbers[self._cut.chunks] + 1)
        if len(ends) and ends[-1] - 1 == len(self._text.rstrip()):  # one space between any two
            starts: list[int] = [0, *ends[:-1].tolist()]
            return starts
        return [chunk.start() for chunk in _CHUNK.finditer(self._text)]

    def _locate(self, word: int) -> tuple[int, int]:
        """Return the number of the chunk that holds a word, and the word's number in it."""
        at = bisect_right(self._ends, word)
        return at, word - (self._ends[at - 1] if at else 0)

    def word(self, number: int) -> str:
        """Return a word in plain characters, as printed."""
        at, inside = self._locate(number)
        return self._known.read(self._chunks[at]).words[inside]

    def span(self, number: int) -> tuple[int, int]:
        """Return the characters of the text that a word covers."""
        at, inside = self._locate(number)
        start, end = self._known.read(self._chunks[at]).spans[inside]
        return self._starts[at] + start, self._starts[at] + end

    def gap(self, number: int) -> str:
        """Return the plain characters between a word and the one before it; one space is most common."""
        at, inside = self._locate(number)
        after = self._known.read(self._chunks[at])
        if inside or not at:
            return after.gaps[inside]
        gap = after.gaps[0]
        while True:
            gap = self._space_before(at) + gap
            at -= 1
            before = self._known.read(self._chunks[at])
            gap = before.gaps[-1] + gap
            if before.words or not at:
                return gap

    def _space_before(self, at: int) -> str:
        start, end = self._starts[at - 1 : at + 1]
        space = self._text[start + len(self._known.texts[self._chunks[at - 1]]) : end]
        return space if space == " " else normalize(space)

    def first_from(self, character: int) -> int:
        """Return the number of the first word that begins at or after a character."""
        at = max(bisect_left(self._starts, character) - 1, 0)
        numbers = range(self._ends[at - 1] if at else 0, len(self))
        return next((number for number in numbers if self.span(number)[0] >= character), len(self))
