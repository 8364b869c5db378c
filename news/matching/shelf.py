"""Where do numbers stand under their anchors, so that pages find them with a few look-ups?

Words have numbers of their own, and what is filed stands in long rows, in order, so that a whole batch of
pages is looked up at once: a step over a row costs a few nanoseconds for each word of each page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from news.matching.anchors import Anchor, Anchors
from news.matching.chunks import Chunks
from news.matching.inflection import stem
from news.matching.page import Page
from news.matching.rows import Ints, Row, expanded

Small = NDArray[np.int32]

_AT_ONCE = 1 << 22  # words known, times pages looked up in one go, at most
_EVERYWHERE = 0  # the number of a word that is on every page; and of words that nobody asks for
_SPREAD = 0x9E3779B97F4A7C15  # an odd number whose bits are well mixed
_SPARSE = 8  # places in the sieve for each pair of words that stand side by side


class Shelf:
    """Numbers, each filed under anchors; a page takes those of which one anchor is on it."""

    def __init__(self, language: str) -> None:
        """Begin empty, for pages in a language."""
        self._language = language
        # Words and beginnings by their number.
        self._words = {"": _EVERYWHERE}
        self._beginnings: dict[str, int] = {}
        self._anywhere = _Rows()
        self._beside = _Rows()
        self._sight: _Sight | None = None
        self._room = np.zeros((0, 0), bool)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filed."""
        return not (len(self._anywhere) or len(self._beside))

    def change(
        self, away: Iterable[tuple[int, Anchors]] = (), new: Iterable[tuple[int, Anchors]] = ()
    ) -> None:
        """Take numbers away from the anchors they were filed under, and file others."""
        gone = self._placed(away)
        come = self._placed(new)
        for rows, taken, put in zip((self._anywhere, self._beside), gone, come, strict=True):
            rows.change(taken, put)

    def _placed(self, filed: Iterable[tuple[int, Anchors]]) -> tuple[_Places, _Places]:
        anywhere, beside = _Places(), _Places()
        for number, anchors in filed:
            if anchors is None:
                anywhere.add(_EVERYWHERE, _EVERYWHERE, number)
                continue
            # Two anchors that are forms of the same words are one.
            for side_by_side, one, other in {(anchor.beside, *self._numbered(anchor)) for anchor in anchors}:
                if side_by_side:
                    beside.add(one << 32 | other, _EVERYWHERE, number)
                else:
                    anywhere.add(one, other, number)
        return anywhere, beside

    def _numbered(self, anchor: Anchor) -> tuple[int, int]:
        if anchor.prefix:
            one = self._beginnings.get(anchor.one)
            if one is None:
                one = self._beginnings[anchor.one] = self._size
                if self._sight:
                    self._sight.add_beginning(anchor.one, one)
        else:
            one = self._word(anchor.one)
        return one, self._word(anchor.other) if anchor.other else _EVERYWHERE

    def _word(self, word: str) -> int:
        shared = stem(word, self._language)
        number = self._words.get(shared)
        if number is None:
            number = self._words[shared] = self._size
            if self._sight:
                self._sight.add_word(shared, number)
        return number

    # ── Pages ─────────────────────────────────────────────────────────────────────────────────────────

    def found(self, pages: Sequence[Page]) -> Iterator[list[int]]:
        """Yield for each page the numbers of which an anchor is on it, in order, each once."""
        step = max(_AT_ONCE // self._size, 1)
        for first in range(0, len(pages), step):
            yield from self._found(pages[first : first + step])

    @property
    def _size(self) -> int:
        return len(self._words) + len(self._beginnings)

    def _found(self, pages: Sequence[Page]) -> list[list[int]]:
        known = pages[0].known
        sight = self._sight
        if sight is None or sight.known is not known:
            sight = self._sight = _Sight(known, self._words, self._beginnings)
        at = np.repeat(np.arange(len(pages)), [page.words for page in pages])
        words = sight.words(np.concatenate([page.stems for page in pages]))
        there, there_at = words, at
        if self._beginnings:
            begun, begun_at = sight.begun(np.concatenate([page.folded for page in pages]), at)
            there, there_at = np.concatenate((words, begun)), np.concatenate((at, begun_at))
        keys = [self._anywhere_found(there, there_at, len(pages)), self._beside_found(words, at)]
        number, page = (np.concatenate(each) for each in zip(*keys, strict=True))
        return _apart(number, page, len(pages))

    def _anywhere_found(self, there: Ints, at: Ints, pages: int) -> tuple[Ints, Ints]:
        """Return the numbers that stand under a word that is there, where the other word is there too."""
        on_page = self._marked(there, at, pages)
        rows = self._anywhere
        starts = rows.starts(self._size)
        asked = starts[there + 1] > starts[there]
        asked &= there > _EVERYWHERE
        firsts = _each_once(at[asked] * self._size + there[asked])
        if starts[1]:
            firsts = np.concatenate([firsts, np.arange(pages) * self._size])
        page, first = np.divmod(firsts, self._size)
        place, page = _expanded(starts[first], starts[first + 1] - starts[first], page)
        both = on_page[page, rows.others[place]]
        on_page[at, there] = False
        return rows.numbers[place[both]], page[both]

    def _marked(self, there: Ints, at: Ints, pages: int) -> NDArray[np.bool_]:
        """Return for each page which words are on it; the same room is used again and again."""
        if self._room.shape[0] < pages or self._room.shape[1] < self._size:
            self._room = np.zeros((pages, self._size + self._size // 4), bool)
        self._room[:, _EVERYWHERE] = True
        self._room[at, there] = True
        return self._room

    def _beside_found(self, words: Ints, at: Ints) -> tuple[Ints, Ints]:
        """Return the numbers that stand under two words that follow each other."""
        one, other = words[:-1], words[1:]
        pairs = one << 32 | other
        asked = np.flatnonzero((one > 0) & (other > 0))
        asked = asked[self._beside.may_hold(pairs[asked])]
        pairs = pairs[asked]
        first = np.searchsorted(self._beside.keys, pairs, "left")
        last = np.searchsorted(self._beside.keys, pairs, "right")
        place, page = _expanded(first, last - first, at[asked])
        return self._beside.numbers[place], page


class _Places:
    """What is to be filed or taken away: column by column."""

    def __init__(self) -> None:
        self.keys: list[int] = []
        self.others: list[int] = []
        self.numbers: list[int] = []

    def add(self, key: int, other: int, number: int) -> None:
        self.keys.append(key)
        self.others.append(other)
        self.numbers.append(number)


class _Rows:
    """Numbers under their keys, in the order of the keys; `others`: the word that must be there too."""

    def __init__(self) -> None:
        self.keys: Ints = np.empty(0, np.int64)
        self.others: Small = np.empty(0, np.int32)
        self.numbers: Ints = np.empty(0, np.int64)
        self._starts: Ints | None = None
        self._sieve: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.keys)

    def change(self, away: _Places, new: _Places) -> None:
        """Take some away and put others in."""
        if away.keys or new.keys:
            self._starts = self._sieve = None
        if away.keys:
            kept = [self._find(*each) for each in zip(away.keys, away.others, away.numbers, strict=True)]
            self.keys, self.others = np.delete(self.keys, kept), np.delete(self.others, kept)
            self.numbers = np.delete(self.numbers, kept)
        if new.keys:
            keys = np.array(new.keys, np.int64)
            order = np.argsort(keys, kind="stable")
            places = np.searchsorted(self.keys, keys[order])
            self.keys = np.insert(self.keys, places, keys[order])
            self.others = np.insert(self.others, places, np.array(new.others, np.int32)[order])
            self.numbers = np.insert(self.numbers, places, np.array(new.numbers, np.int64)[order])

    def _find(self, key: int, other: int, number: int) -> int:
        first = int(np.searchsorted(self.keys, key, "left"))
        last = int(np.searchsorted(self.keys, key, "right"))
        same = (self.others[first:last] == other) & (self.numbers[first:last] == number)
        return first + int(np.flatnonzero(same)[0])

    def starts(self, size: int) -> Ints:
        """Return where the numbers of each key begin, for keys below `size`."""
        if self._starts is None or len(self._starts) <= size:
            ends = np.cumsum(np.bincount(self.keys, minlength=size))
            self._starts = np.concatenate([np.zeros(1, np.int64), ends])
        return self._starts

    def may_hold(self, keys: Ints) -> NDArray[np.bool_]:
        """Say of each key whether something could stand under it; quicker than to look."""
        if self._sieve is None:
            bits = (len(self.keys) * _SPARSE + 1).bit_length()
            self._sieve = np.zeros(1 << bits, bool)
            self._sieve[_scattered(self.keys, bits)] = True
        return self._sieve[_scattered(keys, len(self._sieve).bit_length() - 1)]


def _scattered(keys: Ints, bits: int) -> NDArray[np.uint64]:
    return keys.astype(np.uint64) * np.uint64(_SPREAD) >> np.uint64(64 - bits)


class _Sight:
    """Which of the shelf's words are stems and folded words as `Chunks` numbers them."""

    def __init__(self, known: Chunks, words: dict[str, int], beginnings: dict[str, int]) -> None:
        self.known = known
        self._asked = words
        self._beginnings = beginnings
        self._lengths = sorted({len(beginning) for beginning in beginnings})
        # By stem: the shelf's word.
        self._words = Row()
        # By folded word: how many beginnings of it are asked for, and which of all is the first.
        self._counts, self._firsts, self._begun = Row(), Row(), Row()

    def words(self, stems: Ints) -> Ints:
        """Return the shelf's words that the stems are."""
        for word in self.known.stem_words[self._words.length :]:
            self._words.append(self._asked.get(word, _EVERYWHERE))
        return self._words.numbers[stems]

    def add_word(self, stem_: str, number: int) -> None:
        """Let a word be asked for that was not before."""
        known = self.known.stem_numbers.get(stem_, self._words.length)
        if known < self._words.length:
            self._words.numbers[known] = number

    def add_beginning(self, beginning: str, number: int) -> None:
        """Let a beginning be asked for that was not before."""
        self._lengths = sorted({*self._lengths, len(beginning)})
        for word in self.known.beginning_with(beginning):
            if word < self._counts.length:
                first, count = int(self._firsts.numbers[word]), int(self._counts.numbers[word])
                self._firsts.numbers[word], self._counts.numbers[word] = self._begun.length, count + 1
                for each in (*self._begun.numbers[first : first + count].tolist(), number):
                    self._begun.append(each)

    def begun(self, folded: Ints, at: Ints) -> tuple[Ints, Ints]:
        """Return the beginnings of words that are asked for, and the page of each."""
        for word in self.known.folded_words[self._counts.length :]:
            begun = [*self._beginnings_of(word)]
            self._firsts.append(self._begun.length)
            self._counts.append(len(begun))
            for each in begun:
                self._begun.append(each)
        place, page = _expanded(self._firsts.numbers[folded], self._counts.numbers[folded], at)
        return self._begun.numbers[place], page

    def _beginnings_of(self, word: str) -> Iterator[int]:
        for length in self._lengths:
            if length > len(word):
                break
            number = self._beginnings.get(word[:length])
            if number is not None:
                yield number


def _each_once(numbers: Ints) -> Ints:
    """Return numbers in order, each once."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)]]


def _expanded(starts: Ints, counts: Ints, pages: Ints) -> tuple[Ints, Ints]:
    """Return the places start, start + 1, ... of each, so many as there are, and the page of each."""
    return expanded(starts, counts), np.repeat(pages, counts)


def _apart(numbers: Ints, pages: Ints, count: int) -> list[list[int]]:
    """Return the numbers of each page, in order, each once."""
    order = np.lexsort((numbers, pages))
    numbers, pages = numbers[order], pages[order]
    new = np.ones(len(numbers), bool)
    new[1:] = (numbers[1:] != numbers[:-1]) | (pages[1:] != pages[:-1])
    numbers, pages = numbers[new], pages[new]
    together = numbers.tolist()
    ends = np.searchsorted(pages, np.arange(count + 1)).tolist()
    return [together[start:end] for start, end in pairwise(ends)]
