"""Which articles of the window are worth comparing with this one?

Two inverted lists: runs of words (for copies) and telling words (for the same event in other words). A
candidate is only a proposal; the comparison itself is exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from news.sameness.fingerprint import Fingerprint

CROWDED = 300  # articles under one entry; past that it tells nothing, and only the newest are looked at
COPIES = 24  # candidates compared word for word
KIN = 16  # candidates compared in what they tell (40 measured alike)


#: Entry → the number of the one article under it, or of all: most entries have one, and a list is large.
_Lists = dict[int, int | list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Filed:
    """An article in the window and the story it is in."""

    print: Fingerprint
    story_id: int
    words: tuple[int, ...]


class Index:
    """The articles of the window, found by what they share. Numbers are given in filing order."""

    def __init__(self) -> None:
        self._next = 0
        self._filed: dict[int, Filed] = {}
        self._by_run: _Lists = {}
        self._by_word: _Lists = {}
        self._gone = 0

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self._filed)

    def __iter__(self) -> Iterator[tuple[int, Filed]]:
        """Go through all of them with their numbers, in filing order."""
        return iter(self._filed.items())

    def __getitem__(self, number: int) -> Filed:
        """Return the article with this number."""
        return self._filed[number]

    def add(self, filed: Filed) -> int:
        """Take an article in; return its number."""
        number = self._next
        self._next += 1
        self._filed[number] = filed
        self._enter(number, filed)
        return number

    def _enter(self, number: int, filed: Filed) -> None:
        for run in filed.print.keys.tolist():
            _append(self._by_run, run, number)
        for word in filed.words:
            _append(self._by_word, word, number)

    def remove(self, number: int) -> Filed:
        """Forget an article."""
        filed = self._filed.pop(number)
        self._gone += 1
        if self._gone > len(self._filed) // 4 + 16:
            self._compact()
        return filed

    def _compact(self) -> None:
        """Build the lists anew without what is gone: cheaper than taking it out of each."""
        self._by_run.clear()
        self._by_word.clear()
        for number, filed in self._filed.items():
            self._enter(number, filed)
        self._gone = 0

    def copies(self, runs: Iterable[int]) -> list[int]:
        """Return the articles that have the most of these runs."""
        found: Counter[int] = Counter()
        for run in runs:
            found.update(_newest(self._by_run, run))
        return self._best(found, COPIES)

    def kin(self, words: Mapping[int, float]) -> list[int]:
        """Return the articles that have the most of these words, by weight."""
        found: dict[int, float] = {}
        for word, weight in words.items():
            for number in _newest(self._by_word, word):
                found[number] = found.get(number, 0.0) + weight
        return self._best(found, KIN)

    def _best(self, found: Mapping[int, float], most: int) -> list[int]:
        here = [number for number in found if number in self._filed]
        return sorted(here, key=lambda number: (-found[number], number))[:most]


def _append(lists: _Lists, entry: int, number: int) -> None:
    there = lists.get(entry)
    if there is None:
        lists[entry] = number
    elif isinstance(there, int):
        lists[entry] = [there, number]
    else:
        there.append(number)


def _newest(lists: _Lists, entry: int) -> list[int]:
    there = lists.get(entry, [])
    return [there] if isinstance(there, int) else there[-CROWDED:]
