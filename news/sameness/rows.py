"""How does what an article is found by become a row of bytes?

A window is made again from these rows alone, a hundred thousand in a second or two: they are unfolded and
filed many at once. What an article is compared by stays in the store until it is asked for.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from news.sameness.letters import Codes
from news.sameness.prints import Fingerprint

# Day, first seen; how long: outlet's key and name, words, body; entries.
_HEAD = struct.Struct("<ddHHHHI")
_NAMES = ("day", "seen", "key", "outlet", "words", "body", "entries")
_HEADS = np.dtype(
    [
        (name, kind)
        for name, kind in zip(_NAMES, ("<f8", "<f8", "<u2", "<u2", "<u2", "<u2", "<u4"), strict=True)
    ]
)
_WORD, _LOW = 4, 2  # bytes of a code, and of the lower part of a drawer
#: Drawers have 20 bits: 16 are written down, and how many there are of each of the upper four.
_SIDES = 16
_UPPER = np.arange(_SIDES, dtype=np.uint32) << np.uint32(16)


class Rows:
    """What many articles are found by, unfolded together."""

    def __init__(self, rows: Sequence[bytes]) -> None:
        self._rows = rows
        heads = np.frombuffer(b"".join([row[: _HEAD.size] for row in rows]), dtype=_HEADS)
        self.days: list[float] = heads["day"].tolist()
        self.seen: list[float] = heads["seen"].tolist()
        self._keys: list[int] = heads["key"].tolist()
        # How many each article has.
        self.entered = heads["entries"].astype(np.int64)
        self.telling = heads["words"].astype(np.int64)
        words = _HEAD.size + self.entered * _WORD
        upper = words + self.telling * _WORD
        lower = upper + _SIDES * _LOW
        self._words, self._upper, self._lower = words.tolist(), upper.tolist(), lower.tolist()
        self._names: list[int] = (lower + heads["body"].astype(np.int64) * _LOW).tolist()

    def entries(self) -> Codes:
        """Return the entries, one article's after the other's."""
        pieces = [row[_HEAD.size : end] for row, end in zip(self._rows, self._words, strict=True)]
        return np.frombuffer(b"".join(pieces), dtype="<u4")

    def words(self) -> Codes:
        """Return the telling words."""
        return np.frombuffer(self._joined(self._words, self._upper), dtype="<u4")

    def drawers(self) -> Codes:
        """Return where the background counts the words of the bodies."""
        sides = np.frombuffer(self._joined(self._upper, self._lower), dtype="<u2")
        drawers: Codes = np.repeat(np.tile(_UPPER, len(self._rows)), sides)
        drawers |= np.frombuffer(self._joined(self._lower, self._names), dtype="<u2")
        return drawers

    def outlets(self) -> list[tuple[bytes, int]]:
        """Return the outlets, each its key and its name as bytes, and how long the key is."""
        names = [row[first:] for row, first in zip(self._rows, self._names, strict=True)]
        return list(zip(names, self._keys, strict=True))

    def _joined(self, firsts: list[int], ends: list[int]) -> bytes:
        return b"".join([row[first:end] for row, first, end in zip(self._rows, firsts, ends, strict=True)])


def row_of(print_: Fingerprint, entries: Codes, words: Codes, drawers: Codes) -> bytes:
    """Fold what an article is found by into a row of bytes; `drawers` are where the background counts it."""
    key, outlet = print_.outlet_key.encode(), print_.outlet.encode()
    head = _HEAD.pack(
        print_.day, print_.first_seen, len(key), len(outlet), len(words), len(drawers), len(entries)
    )
    upper = np.bincount(drawers >> np.uint32(16), minlength=_SIDES).astype("<u2")
    lower = np.sort(drawers).astype("<u2")
    pieces = (entries.astype("<u4"), words.astype("<u4"), upper, lower)
    return b"".join((head, *(piece.tobytes() for piece in pieces), key, outlet))
