"""Which chunks stand in some texts, and which of those were met before? Found for all texts at once.

A text is cut at its spaces. What a short chunk is made of fits into two numbers of 64 bits, and by these its
own number is found in a table; so most words of a text are never made a string of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from news.matching.rows import Ints

Bits = NDArray[np.uint64]

LONGEST = 15  # bytes that fit into two numbers, beside how many they are
_SLOTS = 18  # bits: two for each chunk that is kept
_TRIES = 8  # slots that are looked at; nobody's choice of words makes it more
_MIXED, _SPREAD = 0xC2B2AE3D27D4EB4F, 0x9E3779B97F4A7C15  # odd, their bits well mixed
_BITS = (1 << 64) - 1
_ODD_SPACES = "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_TO_SPACE = str.maketrans(dict.fromkeys(_ODD_SPACES, " "))
_SOLID = np.array([not chr(byte).isspace() or byte > 0x7F for byte in range(256)])  # noqa: PLR2004 (ASCII ends)
# The first so many bytes of eight; and how many there are, in the last byte of the second number.
_FIRST = np.array([(1 << 8 * min(length, 8)) - 1 for length in range(LONGEST + 1)], np.uint64)
_SECOND = np.array([(1 << 8 * max(length - 8, 0)) - 1 for length in range(LONGEST + 1)], np.uint64)
_LENGTH = np.array([length << 56 for length in range(LONGEST + 1)], np.uint64)


class Known:
    """The numbers of short chunks by what they are made of."""

    def __init__(self) -> None:
        """Begin with none."""
        # The two numbers that a chunk is made of, and one more than its own; side by side, as they are read.
        self._table = np.zeros((1 << _SLOTS, 3), np.uint64)

    def add(self, chunk: str, number: int) -> None:
        """Remember a chunk's number, if it is short and there is room where it is looked for."""
        plain = _bytes(chunk)
        if len(plain) > LONGEST:
            return
        low = int.from_bytes(plain[:8], "little")
        high = int.from_bytes(plain[8:], "little") | len(plain) << 56
        slot = ((low ^ high * _MIXED & _BITS) * _SPREAD & _BITS) >> 64 - _SLOTS
        for tried in range(slot, slot + _TRIES):
            at = tried % (1 << _SLOTS)
            if not self._table[at, 2]:
                self._table[at] = low, high, number + 1
                return

    def find(self, low: Bits, high: Bits) -> Ints:
        """Return the number of each chunk, -1 where it is not known."""
        mixed = (low ^ high * np.uint64(_MIXED)) * np.uint64(_SPREAD)
        slots = (mixed >> np.uint64(64 - _SLOTS)).astype(np.int64)
        there = self._table[slots]
        found = there[:, 2].astype(np.int64)
        other = np.flatnonzero((there[:, 0] != low) | (there[:, 1] != high))
        if len(other):
            sought = other[found[other] > 0]
            found[other] = 0
            self._look_on(found, sought, slots, low, high)
        return found - 1

    def _look_on(self, found: Ints, sought: Ints, slots: Ints, low: Bits, high: Bits) -> None:
        """Find those that do not stand where they would, in the slots that follow."""
        for tried in range(1, _TRIES):
            there = self._table[(slots[sought] + tried) % (1 << _SLOTS)]
            same = (there[:, 0] == low[sought]) & (there[:, 1] == high[sought])
            found[sought[same]] = there[same, 2]
            sought = sought[~same & (there[:, 2] > 0)]
            if not len(sought):
                return


def cut(texts: Sequence[str], known: Known, number_of: Callable[[str], int]) -> tuple[Ints, list[int]]:
    """Return the chunks of all texts by number, and which is the first of each text; at last how many.

    `number_of` is asked for those that are not in the table.
    """
    parts = [_bytes(text if text.isascii() else _evenly_spaced(text)) for text in texts]
    whole = b"\n".join((b"", *parts, b" " * LONGEST))
    row = np.frombuffer(whole, np.uint8)
    solid = _SOLID[row]
    edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    found = _find(row, starts, ends - starts, known)
    for at in np.flatnonzero(found < 0).tolist():
        found[at] = number_of(whole[starts[at] : ends[at]].decode("utf-8", "surrogatepass"))
    begun: list[int] = np.searchsorted(starts, [*accumulate(map(_and_one, parts), initial=1)]).tolist()
    return found, begun


def _evenly_spaced(text: str) -> str:
    """Return a text with plain spaces for odd ones; looked for one by one, for most texts have none."""
    return text.translate(_TO_SPACE) if any(space in text for space in _ODD_SPACES) else text


def _and_one(part: bytes) -> int:
    return len(part) + 1


def _find(row: NDArray[np.uint8], starts: Ints, lengths: Ints, known: Known) -> Ints:
    eight = np.ndarray((len(row) - 7,), "<u8", row, 0, (1,))  # from each byte on
    short = np.minimum(lengths, LONGEST)
    low = eight[starts] & _FIRST[short]
    high = eight[starts + 8] & _SECOND[short] | _LENGTH[short]
    found = known.find(low, high)
    if len(lengths) and lengths.max() > LONGEST:
        found[lengths > LONGEST] = -1
    return found


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
