"""Which articles have this run of words, this word, this sentence? For millions of entries, in arrays.

An entry and the number of an article are eight bytes in a bucket of eight; a bucket is one look into memory,
and all entries of an article are looked up at once. What finds its bucket full goes into a list of its own:
that is rare, but for entries that a great many articles have, and of those only the newest are kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from news.sameness.letters import Codes, Flags, Places, Tiny, Wide

CROWDED = 300  # articles under one entry; past that it tells nothing, and only the newest are looked at
MOST = 3_000  # articles looked at for one article, however large the window
_DEPTH = 3  # bits
_DEEP = 1 << _DEPTH  # in a bucket: 64 bytes, which memory hands over at once
_FULL = 4.5  # entries a bucket on average, from which on the table is made larger
_GROWS = 1.5  # times
_FEWEST = 64  # buckets
_PIECE = 1 << 15  # entries laid out at once
_ODD, _SHIFT = np.uint32(0x85EBCA6B), np.uint32(15)  # scatter 32 bits
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


class Entries:
    """Numbers of articles, filed under what they have. An article may be forgotten by leaving it out."""

    __slots__ = ("_buckets", "_fill", "_held", "_looked_up", "_more", "_size")

    def __init__(self) -> None:
        self._clear(_FEWEST)

    def _clear(self, size: int) -> None:
        self._size = np.uint64(size)
        self._held = 0
        # One bucket more than there are: what finds its own full is laid there and taken up again.
        self._buckets: Wide = np.zeros((size + 1, _DEEP), dtype=np.uint64)
        self._fill: Tiny = np.zeros(size, dtype=np.uint8)
        self._more: dict[int, array[int]] = {}
        # What was looked up last, with the work that filing it would do again.
        self._looked_up: tuple[Codes, Wide, Places] | None = None

    def find(self, entries: Codes, *, each: int = CROWDED, most: int = MOST) -> tuple[Places, Places]:
        """Return (which entry, number of an article) for what is filed under these entries.

        Of what is crowded the newest: so many under each entry, so many in all, the rarest entries first.
        """
        keys, places = self._placed(entries)
        rows = self._buckets.take(places, axis=0)
        at = ((rows >> _HALF) == keys[:, None]).ravel().nonzero()[0]
        which = at >> _DEPTH
        numbers = (rows.ravel()[at] & _LOW).view(np.int64) - 1
        if self._more:
            crowded = (rows[:, -1] != 0).nonzero()[0].tolist()
            lists = [(at, found) for at in crowded if (found := self._more.get(int(keys[at])))]
            if lists:
                tails = list(_tails(lists, each, most))
                more = np.repeat([at for at, _ in tails], [len(tail) for _, tail in tails])
                which = np.concatenate([which, more])
                numbers = np.concatenate([numbers, *(tail for _, tail in tails)])
        return which, numbers

    def _placed(self, entries: Codes) -> tuple[Wide, Places]:
        """Return the keys of entries and their buckets."""
        if self._looked_up is None or self._looked_up[0] is not entries:
            keys = _scattered(entries)
            self._looked_up = entries, keys, ((keys * self._size) >> _HALF).view(np.int64)
        return self._looked_up[1:]

    def add(self, entries: Codes, number: int) -> None:
        """File an article under these entries; one that is named twice counts once."""
        if self._held + len(entries) > _FULL * int(self._size):
            packed = self._all()
            self._clear(int(int(self._size) * _GROWS) + len(entries))
            self._lay(np.sort(packed))
        keys, places = self._placed(entries)
        packed = (keys << _HALF) | np.uint64(number + 1)
        fill = self._fill[places]
        at = (places << _DEPTH) + fill
        full = fill == _DEEP
        at[full] = int(self._size) << _DEPTH
        flat = self._buckets.reshape(-1)
        flat[at] = packed
        flat[-_DEEP] = 0
        self._fill[places] = np.minimum(fill + 1, _DEEP)
        self._held += len(entries)
        for key in keys[full].tolist():
            self._put_aside(key, number)
        # Two that met in one bucket: the later one has taken the place of the other.
        lost = (flat[at] != packed) & ~full
        for key in keys[lost].tolist() if lost.any() else ():
            self._put(key, number)

    def _put(self, key: int, number: int) -> None:
        """File one entry by itself, unless it is filed already."""
        place = key * int(self._size) >> 32
        fill = int(self._fill[place])
        packed = key << 32 | (number + 1)
        if packed in self._buckets[place].tolist():
            return
        if fill < _DEEP:
            self._buckets[place, fill] = packed
            self._fill[place] = fill + 1
            return
        self._put_aside(key, number)

    def _put_aside(self, key: int, number: int) -> None:
        """File an entry whose bucket is full."""
        more = self._more.get(key)
        if more is None:
            more = self._more[key] = array("I")
        if more and more[-1] == number:
            return
        more.append(number)
        if len(more) > 4 * CROWDED:
            self._shorten(key)

    def add_many(self, rows: Sequence[tuple[Codes, Places]]) -> None:
        """File many articles at once: (entries, the number of the article that has each), ascending numbers.

        One that is named twice counts once.
        """
        packed: Wide = np.empty(sum(len(entries) for entries, _ in rows), dtype=np.uint64)
        first = 0
        for entries, numbers in rows:
            end = first + len(entries)
            packed[first:end] = _scattered(entries) << _HALF | (numbers + 1).astype(np.uint64)
            first = end
        packed.sort()
        twice = packed[1:] == packed[:-1]
        if twice.any():
            packed = packed[np.flatnonzero(~np.append(twice, np.False_))]
        if self._held + len(packed) > _FULL * int(self._size):
            more = self._all() if self._held else packed[:0]
            self._clear(int((len(more) + len(packed)) / _FULL * _GROWS) + _FEWEST)
            self._lay(np.sort(more))
        self._lay(packed)

    def keep(self, is_kept: Callable[[Places], Flags]) -> None:
        """Forget the articles that are not kept."""
        packed = self._all()
        packed = packed[is_kept((packed & _LOW).view(np.int64) - 1)]
        self._clear(int(len(packed) / _FULL * _GROWS) + _FEWEST)
        self._lay(np.sort(packed))

    def _all(self) -> Wide:
        """Return all that is filed: a key, and a number (plus one) behind it."""
        filed = self._buckets[:-1][np.arange(_DEEP) < self._fill[:, None]]
        keys = np.array(list(self._more), dtype=np.uint64)
        more = np.frombuffer(b"".join(self._more.values()), dtype=np.uint32).astype(np.uint64)
        keys = np.repeat(keys, [len(each) for each in self._more.values()])
        return np.concatenate([filed, keys << _HALF | more + np.uint64(1)])

    def _lay(self, packed: Wide) -> None:
        """Lay out what is sorted. A piece at a time: new memory takes longer than what is done in it."""
        for at in range(0, len(packed), _PIECE):
            self._lay_piece(packed[at : at + _PIECE])

    def _lay_piece(self, packed: Wide) -> None:
        places = (((packed >> _HALF) * self._size) >> _HALF).view(np.int64)
        # Sorted by key is sorted by bucket: how far is each from the first of its bucket?
        firsts = np.flatnonzero(np.diff(places, prepend=-1))
        lengths = np.diff(firsts, append=len(places))
        there = places[firsts]
        filled = self._fill[there].astype(np.int64)
        depth = np.arange(len(places)) + np.repeat(filled - firsts, lengths)
        fits = depth < _DEEP
        self._buckets.reshape(-1)[((places << _DEPTH) + depth)[fits]] = packed[fits]
        self._fill[there] = np.minimum(filled + lengths, _DEEP)
        self._held += len(packed)
        self._spill(packed[~fits])

    def _spill(self, packed: Wide) -> None:
        """Put what found no place into lists."""
        keys = packed >> _HALF
        firsts = np.flatnonzero(np.diff(keys, prepend=np.uint64(1 << 33)))
        numbers = ((packed & _LOW) - np.uint64(1)).astype(np.uint32)
        ends = [*firsts[1:].tolist(), len(packed)]
        for key, first, end in zip(keys[firsts].tolist(), firsts.tolist(), ends, strict=False):
            more = self._more.get(key)
            if more is None:
                more = self._more[key] = array("I")
            more.frombytes(numbers[first:end].tobytes())
            if len(more) > 4 * CROWDED:
                self._shorten(key)

    def _shorten(self, key: int) -> None:
        """Keep the newest of what is far too crowded."""
        more = self._more[key]
        self._held -= len(more) - CROWDED
        self._more[key] = more[-CROWDED:]


def _tails(lists: list[tuple[int, array[int]]], each: int, most: int) -> Iterator[tuple[int, Codes]]:
    """Yield the newest of each list, the shortest lists first, until there are enough."""
    if len(lists) * each > most:
        lists.sort(key=lambda crowded: len(crowded[1]))
    for at, found in lists:
        tail = np.frombuffer(found, dtype=np.uint32)[-each:]
        yield at, tail
        most -= len(tail)
        if most <= 0:
            return


def _scattered(entries: Codes) -> Wide:
    """Return entries so mixed that they spread evenly; 0 is none of them, it is an empty place."""
    return np.maximum((entries ^ (entries >> _SHIFT)) * _ODD, np.uint32(1)).astype(np.uint64)
