"""What does a window keep of an article?

One row of bytes: numbers that stand for its words and for its runs of five words, never the text. The same
row is kept in memory and in the store, so that nothing is read again after a restart. It is unfolded piece
by piece, when an article is compared with another one.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from operator import mul
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from news.sameness.letters import Codes, Flags, Floats, Places, Small

Piece: TypeAlias = NDArray[Any]

FORMAT = 1  # of the rows; one of another format is made anew from the text
_WIDE = ("runs", "lines", "body", "names", "numbers")  # four bytes each
_NARROW = ("run_ends", "places", "content_ends", "content", "heading", "head")  # two
_SMALL = ("body_counts", "names_counts", "heading_counts", "head_counts", "spoken")  # one
PIECES = _WIDE + _NARROW + _SMALL
_TYPES = ("<u4",) * len(_WIDE) + ("<u2",) * len(_NARROW) + ("u1",) * len(_SMALL)
_WIDTHS = (4,) * len(_WIDE) + (2,) * len(_NARROW) + (1,) * len(_SMALL)
_AT = {name: at for at, name in enumerate(PIECES)}
_HEAD = struct.Struct(f"<{len(PIECES)}IQ")  # how long each is, what the whole says
_MOST = 255  # mentions of one word; the hundredth adds nothing
#: Ten mentions weigh little more than five.
WEIGHTS: Floats = (1 + np.log(np.maximum(np.arange(_MOST + 1), 1))).astype(np.float32)


class Bag:
    """Words and how often they stand there, as 1 + log(count)."""

    __slots__ = ("codes", "counts")

    def __init__(self, codes: Codes, times: Piece) -> None:
        self.codes = codes
        self.counts: Floats = WEIGHTS[times]

    def __len__(self) -> int:
        """How many different words there are."""
        return len(self.codes)

    def words(self) -> frozenset[int]:
        """Return the words, without their counts."""
        return frozenset(self.codes.tolist())


class Fingerprint:
    """What a window keeps of an article."""

    def __init__(
        self, packed: bytes, *, article_id: int, outlet_key: str, outlet: str, day: float, first_seen: float
    ) -> None:
        self.packed = packed
        self.article_id = article_id
        # Folded; "" when the outlet is not known.
        self.outlet_key = outlet_key
        self.outlet = outlet
        # When it was published, else first seen, in days; and when it was first seen, in seconds.
        self.day = day
        self.first_seen = first_seen
        # `exact` stands for title and words: equal for exact copies.
        self.sizes: tuple[int, ...]
        *sizes, self.exact = _HEAD.unpack_from(packed)
        self.sizes = tuple(sizes)
        self.offsets = tuple(accumulate(map(mul, self.sizes, _WIDTHS), initial=_HEAD.size))

    def named(self, article_id: int) -> Fingerprint:
        """Return the same of an article that has its number now."""
        return Fingerprint(
            self.packed,
            article_id=article_id,
            outlet_key=self.outlet_key,
            outlet=self.outlet,
            day=self.day,
            first_seen=self.first_seen,
        )

    def size(self, name: str) -> int:
        """Return how long one of the pieces is."""
        return self.sizes[_AT[name]]

    def piece(self, name: str) -> Piece:
        """Unfold one of the pieces."""
        at = _AT[name]
        return np.frombuffer(self.packed, dtype=_TYPES[at], count=self.sizes[at], offset=self.offsets[at])

    @cached_property
    def runs(self) -> Codes:
        """Each run of five words within a sentence."""
        return self.piece("runs")

    @cached_property
    def distinct_runs(self) -> int:
        """How many different runs there are."""
        return len(np.unique(self.runs))

    @cached_property
    def run_counts(self) -> Places:
        """How many runs each sentence has."""
        ends = self.piece("run_ends").astype(np.int64)
        return np.diff(ends, prepend=0)

    @cached_property
    def run_sentences(self) -> Small:
        """The sentence that each run stands in."""
        counts = self.run_counts
        return np.repeat(np.arange(len(counts), dtype=np.uint16), counts)

    @cached_property
    def run_spoken(self) -> Flags:
        """Whether each run is inside a quotation."""
        bits = self.piece("spoken")
        if not len(bits):
            return np.zeros(len(self.runs), dtype=np.bool_)
        return np.unpackbits(bits, count=len(self.runs)).astype(np.bool_)

    @cached_property
    def lines(self) -> Codes:
        """Each sentence as one number."""
        return self.piece("lines")

    @cached_property
    def places(self) -> Places:
        """How many words stand before each sentence, and after the last one in total."""
        return np.concatenate([_ZERO, self.piece("places").astype(np.int64)])

    @cached_property
    def content(self) -> Codes:
        """Words of each sentence that carry something, one after the other."""
        codes: Codes = self.piece("body")[self.piece("content")]
        return codes

    @cached_property
    def content_starts(self) -> Places:
        """Where each sentence begins in `content`, and the last one ends."""
        return np.concatenate([_ZERO, self.piece("content_ends").astype(np.int64)])

    @cached_property
    def body(self) -> Bag:
        """The words of headline and text that carry something."""
        return Bag(self.piece("body"), self.piece("body_counts"))

    @cached_property
    def heading(self) -> Bag:
        """Those of the headline."""
        return Bag(self.piece("body")[self.piece("heading")], self.piece("heading_counts"))

    @cached_property
    def head(self) -> Bag:
        """Those of headline and lead."""
        return Bag(self.piece("body")[self.piece("head")], self.piece("head_counts"))

    @cached_property
    def names(self) -> Bag:
        """The words of its names."""
        return Bag(self.piece("names"), self.piece("names_counts"))

    @cached_property
    def numbers(self) -> frozenset[int]:
        """What is written in digits."""
        return frozenset(self.piece("numbers").tolist())

    def content_of(self, at: int) -> list[int]:
        """Return the words of one sentence that carry something."""
        words: list[int] = self.content[self.content_starts[at] : self.content_starts[at + 1]].tolist()
        return words


def joined(prints: Sequence[Fingerprint], name: str) -> tuple[Piece, Places]:
    """Unfold one piece of several fingerprints, one after the other, and say how long each is."""
    at = _AT[name]
    width = _WIDTHS[at]
    spans = [(each.packed, each.offsets[at], each.sizes[at]) for each in prints]
    row = b"".join([row[start : start + size * width] for row, start, size in spans])
    return np.frombuffer(row, dtype=_TYPES[at]), np.array([size for _, _, size in spans])


def packed(pieces: Mapping[str, Piece], *, exact: int) -> bytes:
    """Fold the pieces of a fingerprint into one row of bytes; what is not named is empty."""
    sizes = [0] * len(PIECES)
    rows: list[bytes] = []
    for name, at in _AT.items():
        piece = pieces.get(name)
        if piece is not None and len(piece):
            sizes[at] = len(piece)
            rows.append(piece.astype(_TYPES[at]).tobytes())
    return b"".join((_HEAD.pack(*sizes, exact), *rows))


def times(counts: Piece) -> Piece:
    """Return how often words stand there, as they are kept."""
    return np.minimum(counts, _MOST)


_ZERO: Places = np.zeros(1, dtype=np.int64)
