"""Where do numbers stand under their anchors, so that a page finds them with a few look-ups?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeVar

from news.matching.anchors import Anchors
from news.matching.chunks import FOLDED, keep
from news.matching.page import Page

# One number stands alone; most anchors are those of one line.
Filed = int | list[int]
Key = TypeVar("Key")


class Shelf:
    """Numbers, each filed under anchors; a page takes those of which one anchor is on it."""

    def __init__(self) -> None:
        """Begin empty."""
        self._always: dict[str, Filed] = {}
        self._words: dict[str, Filed] = {}
        self._beside: dict[tuple[str, str], Filed] = {}
        self._pairs: dict[str, dict[str, Filed]] = {}
        # By a beginning, and by the word that must be there too; "" when there is none.
        self._begun: dict[str, dict[str, Filed]] = {}
        # None: there are others now, and what chunks begin with is to be looked up anew.
        self._beginnings: _Beginnings | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filed."""
        return not (self._always or self._words or self._beside or self._pairs or self._begun)

    def put(self, number: int, anchors: Anchors) -> None:
        """File a number; without anchors every page finds it."""
        if anchors is None:
            _put(self._always, "", number)
            return
        for anchor in anchors:
            if anchor.prefix:
                _put(self._begun.setdefault(anchor.one, {}), anchor.other, number)
                self._beginnings = None
            elif anchor.beside:
                _put(self._beside, anchor[:2], number)
            elif anchor.other:
                _put(self._pairs.setdefault(anchor.one, {}), anchor.other, number)
            else:
                _put(self._words, anchor.one, number)

    def drop(self, number: int, anchors: Anchors) -> None:
        """Take a number away again; the anchors are those it was filed under."""
        if anchors is None:
            _drop(self._always, "", number)
            return
        for anchor in anchors:
            if anchor.prefix:
                self._drop_inner(self._begun, anchor.one, anchor.other, number)
                self._beginnings = None
            elif anchor.beside:
                _drop(self._beside, anchor[:2], number)
            elif anchor.other:
                self._drop_inner(self._pairs, anchor.one, anchor.other, number)
            else:
                _drop(self._words, anchor.one, number)

    def _drop_inner(self, shelves: dict[str, dict[str, Filed]], key: str, inner: str, number: int) -> None:
        _drop(shelves[key], inner, number)
        if not shelves[key]:
            del shelves[key]

    def found(self, page: Page) -> list[int]:
        """Return the numbers of which an anchor is on the page, in order; one may stand there twice."""
        stems = page.stem_set
        found: list[int] = []
        for filed in self._all_found(page, stems):
            if isinstance(filed, int):
                found.append(filed)
            else:
                found += filed
        found.sort()
        return found

    def _all_found(self, page: Page, stems: frozenset[str]) -> Iterator[Filed]:
        yield from self._always.values()
        words, beside = self._words, self._beside
        for word in filter(words.__contains__, stems):
            yield words[word]
        for both in filter(beside.__contains__, page.bigrams()):
            yield beside[both]
        yield from self._paired(stems)
        if self._begun:
            yield from self._beginning(page, stems)

    def _paired(self, stems: frozenset[str]) -> Iterator[Filed]:
        pairs = self._pairs
        for word in filter(pairs.__contains__, stems):
            others = pairs[word]
            if not others.keys().isdisjoint(stems):  # looks at the fewer of the two
                yield from map(others.__getitem__, others.keys() & stems)

    def _beginning(self, page: Page, stems: frozenset[str]) -> Iterator[Filed]:
        known = self._beginnings
        if known is None:
            known = self._beginnings = _Beginnings(self._begun)
        for beginning in set(chain.from_iterable(map(known.__getitem__, page.chunks))):
            others = self._begun[beginning]
            if "" in others:
                yield others[""]
            yield from map(others.__getitem__, others.keys() & stems)


class _Beginnings(dict[str, tuple[str, ...]]):
    """For each chunk of a text the beginnings, of those that are asked for, that its words have."""

    def __init__(self, begun: dict[str, dict[str, Filed]]) -> None:
        super().__init__()
        self._begun = begun
        self._lengths = sorted({len(beginning) for beginning in begun})

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        heads = (word[:length] for word in FOLDED[chunk] for length in self._lengths)
        return keep(self, chunk, tuple(head for head in heads if head in self._begun))


def _put(shelf: dict[Key, Filed], key: Key, number: int) -> None:
    filed = shelf.get(key)
    if filed is None:
        shelf[key] = number
    elif isinstance(filed, int):
        shelf[key] = [filed, number]
    else:
        filed.append(number)


def _drop(shelf: dict[Key, Filed], key: Key, number: int) -> None:
    filed = shelf[key]
    if isinstance(filed, int):
        del shelf[key]
        return
    filed.remove(number)
    if not filed:
        del shelf[key]


def distinct(numbers: Iterable[int]) -> Iterator[int]:
    """Yield numbers in order, each once."""
    last = -1
    for number in numbers:
        if number != last:
            yield number
            last = number
