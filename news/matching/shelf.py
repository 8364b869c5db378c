"""Where do numbers stand under their anchors, so that a page finds them with a few look-ups?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from news.matching.anchors import Anchors
from news.matching.page import Page

# One number stands alone; most anchors are those of one line.
Filed = int | list[int]
Key = TypeVar("Key")
HEAD = 2  # letters of a beginning that are looked up first
_NOTHING: dict[str, Filed] = {}


class Shelf:
    """Numbers, each filed under anchors; a page takes those of which one anchor is on it."""

    def __init__(self) -> None:
        """Begin empty."""
        self._always: dict[str, Filed] = {}
        self._words: dict[str, Filed] = {}
        self._beside: dict[tuple[str, str], Filed] = {}
        self._pairs: dict[str, dict[str, Filed]] = {}
        self._prefixes: dict[str, dict[str, Filed]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filed."""
        return not (self._always or self._words or self._beside or self._pairs or self._prefixes)

    def put(self, number: int, anchors: Anchors) -> None:
        """File a number; without anchors every page finds it."""
        if anchors is None:
            _put(self._always, "", number)
            return
        for anchor in anchors:
            if anchor.prefix:
                _put(self._prefixes.setdefault(anchor.one[:HEAD], {}), anchor.one, number)
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
                self._drop_inner(self._prefixes, anchor.one[:HEAD], anchor.one, number)
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
        for word in filter(self._pairs.__contains__, stems):
            others = self._pairs[word]
            for other in (
                filter(stems.__contains__, others) if len(others) < len(stems) else stems & others.keys()
            ):
                yield others[other]
        if self._prefixes:
            yield from self._begun(page)

    def _begun(self, page: Page) -> Iterator[Filed]:
        for word in page.folded:
            for prefix, filed in self._prefixes.get(word[:HEAD], _NOTHING).items():
                if word.startswith(prefix):
                    yield filed


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
