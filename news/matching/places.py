"""Places on a page as the bits of one number: place 3 is bit 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

_FEW = 30  # places; setting bits one by one is quicker up to here, and quadratic beyond


def bits(places: Sequence[int]) -> int:
    """Return the places, in order, as bits."""
    number = 0
    if len(places) <= _FEW:
        for place in places:
            number |= 1 << place
        return number
    row = bytearray((places[-1] >> 3) + 1)
    for place in places:
        row[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(row, "little")


def places_of(number: int) -> Iterator[int]:
    """Yield the places of the bits that are set, in order."""
    row = bin(number)[:1:-1]
    place = row.find("1")
    while place >= 0:
        yield place
        place = row.find("1", place + 1)
