"""What does a window keep of an article?

One row of bytes: numbers that stand for its words and for its runs of five words, never the text. The same
row is kept in memory and in the store, so that nothing is read again after a restart. It is unfolded piece
by piece, when an article is compared with another one.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from news.sameness.letters import Codes, Flags, Floats, Places, Small

Piece: TypeAlias = NDArray[Any]

# What articles are compared by in what they tell stands side by side: words and names, headline and opening.
_WIDE = ("runs", "lines", "numbers", "body", "names")  # four bytes each
_NARROW = ("run_ends", "places", "content_ends", "content", "heading", "head")  # two
_SMALL = ("spoken", "body_counts", "names_counts", "heading_counts", "head_counts")  # one
PIECES = _WIDE + _NARROW + _SMALL
_TYPES = ("<u4",) * len(_WIDE) + ("<u2",) * len(_NARROW) + ("u1",) * len(_SMALL)
_WIDTHS = (4,) * len(_WIDE) + (2,) * len(_NARROW) + (1,) * len(_SMALL)
_KINDS = tuple(zip(PIECES, map(np.dtype, _TYPES), _WIDTHS, strict=True))
_AT = {name: at for at, name in enumerate(PIECES)}
# How long each piece is and where it begins; how many different runs there are; what the whole says.
_HEAD = struct.Struct(f"<{2 * len(PIECES)}IIQ")
_NUMBER = 4  # bytes of a length
_COUNT = struct.Struct("<I")
_SPANS_TO = tuple(struct.Struct(f"<{2 * many}I") for many in (1, 2))  # of so many pieces
_PLACE, _PLACES = np.uint64(32), np.uint64((1 << 32) - 1)
_EXACT = struct.Struct("<Q")
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

    def __init__(  # noqa: PLR0913 - columns of the shelf
        self,
        packed: bytes,
        *,
        article_id: int,
        outlet_key: str,
        outlet: str,
        day: float,
        first_seen: float,
        order: tuple[Codes, Places] | None = None,
    ) -> None:
        self.packed = packed
        self.article_id = article_id
        # Folded; "" when the outlet is not known.
        self.outlet_key = outlet_key
        self.outlet = outlet
        # When it was published, else first seen, in days; and when it was first seen, in seconds.
        self.day = day
        self.first_seen = first_seen
        self._order = order

    def named(self, article_id: int) -> Fingerprint:
        """Return the same of an article that has its number now."""
        return Fingerprint(
            self.packed,
            article_id=article_id,
            outlet_key=self.outlet_key,
            outlet=self.outlet,
            day=self.day,
            first_seen=self.first_seen,
            order=self._order,
        )

    @cached_property
    def exact(self) -> int:
        """What stands for title and words: equal for exact copies."""
        exact: int = _EXACT.unpack_from(self.packed, _HEAD.size - _EXACT.size)[0]
        return exact

    def piece(self, name: str) -> Piece:
        """Unfold one of the pieces."""
        at = _AT[name]
        size, start = _SPANS_TO[0].unpack_from(self.packed, at * 2 * _NUMBER)
        return np.frombuffer(self.packed, dtype=_TYPES[at], count=size, offset=start)

    @cached_property
    def runs(self) -> Codes:
        """Each run of five words within a sentence."""
        return self.piece("runs")

    @cached_property
    def distinct_runs(self) -> int:
        """How many different runs there are."""
        many: int = _COUNT.unpack_from(self.packed, _HEAD.size - _EXACT.size - _NUMBER)[0]
        return many

    def order(self) -> tuple[Codes, Places]:
        """Return its different runs in order, and where each stands first."""
        if self._order is None:
            self._order = ordered(self.runs)
        return self._order

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


def joined(prints: Sequence[Fingerprint], name: str, until: str = "") -> tuple[Piece, Places]:
    """Unfold pieces of several fingerprints, from one to the one beside it, one after the other.

    Returns them and how long each is, a row for each fingerprint.
    """
    first, last = _AT[name], _AT[until or name]
    width, span = _WIDTHS[first], _SPANS_TO[last - first]
    offset = first * 2 * _NUMBER
    spans = [span.unpack_from(each.packed, offset) for each in prints]
    row = b"".join(
        [each.packed[told[1] : told[-1] + told[-2] * width] for each, told in zip(prints, spans, strict=True)]
    )
    return np.frombuffer(row, dtype=_TYPES[first]), np.array(spans)[:, ::2]


def packed(pieces: Mapping[str, Piece], *, distinct: int, exact: int) -> bytes:
    """Fold the pieces of a fingerprint into one row of bytes; what is not named is empty."""
    head: list[int] = []
    rows: list[bytes] = []
    start = _HEAD.size
    for name, kind, width in _KINDS:
        piece = pieces.get(name)
        many = 0 if piece is None else len(piece)
        head += (many, start)
        if piece is not None and many:
            rows.append(piece.astype(kind).tobytes())
            start += many * width
    return b"".join((_HEAD.pack(*head, distinct, exact), *rows))


def ordered(runs: Codes) -> tuple[Codes, Places]:
    """Return the different ones of some runs in order, and where each stands first."""
    found = np.sort(runs.astype(np.uint64) << _PLACE | np.arange(len(runs), dtype=np.uint64))
    codes = (found >> _PLACE).astype(np.uint32)
    firsts = np.ones(len(codes), dtype=np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=firsts[1:])
    return codes[firsts], (found[firsts] & _PLACES).view(np.int64)


def times(counts: Piece) -> Piece:
    """Return how often words stand there, as they are kept."""
    return np.minimum(counts, _MOST)


_ZERO: Places = np.zeros(1, dtype=np.int64)
