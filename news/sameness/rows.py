"""How does what an article is found by become a row of bytes?

A window is made again from these rows alone, a hundred thousand in a second or two: each is unfolded in a few
steps, and all of them are filed at once. What an article is compared by stays in the store until it is asked
for.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from news.sameness.letters import Codes, Places
from news.sameness.prints import Fingerprint

_HEAD = struct.Struct("<ddHHHHI")  # day, first seen; how long: outlet's key, outlet, words, body; entries
_WORD = 4  # bytes of a code


class Row(NamedTuple):
    """What an article is found by."""

    day: float
    first_seen: float
    outlet_key: str
    outlet: str
    # Where the codes are in the row of bytes: entries, telling words, words of the body.
    entries: bytes
    words: bytes
    # Where the background counts the words of the body, each once.
    body: bytes


def row_of(print_: Fingerprint, entries: Codes, words: Codes, drawers: Codes) -> bytes:
    """Fold what an article is found by into a row of bytes."""
    key, outlet = print_.outlet_key.encode(), print_.outlet.encode()
    head = _HEAD.pack(
        print_.day, print_.first_seen, len(key), len(outlet), len(words), len(drawers), len(entries)
    )
    return b"".join((head, key, outlet, entries.tobytes(), words.tobytes(), drawers.tobytes()))


def unfolded(row: bytes) -> Row:
    """Unfold a row of bytes."""
    day, first_seen, key, outlet, words, body, entries = _HEAD.unpack_from(row)
    a = _HEAD.size + key
    b = a + outlet
    c = b + entries * _WORD
    d = c + words * _WORD
    key_, outlet_ = row[_HEAD.size : a].decode(), row[a:b].decode()
    return Row(day, first_seen, key_, outlet_, row[b:c], row[c:d], row[d : d + body * _WORD])


def codes(rows: Sequence[bytes]) -> tuple[Codes, Places]:
    """Return the codes in several rows, one after the other, and how many each has."""
    lengths = np.array([len(row) for row in rows], dtype=np.int64) // _WORD
    return np.frombuffer(b"".join(rows), dtype="<u4"), lengths
