"""Numbers in long rows: a step over all of them costs a few nanoseconds each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_FIRST_ROOM = 64


class Row:
    """Numbers that become more."""

    def __init__(self) -> None:
        """Begin with none."""
        # What stands behind `length` is room for more.
        self.numbers: Ints = np.zeros(_FIRST_ROOM, np.int64)
        self.length = 0

    def append(self, number: int) -> None:
        """Add one."""
        if self.length == len(self.numbers):
            self.numbers = np.concatenate([self.numbers, np.zeros(self.length, np.int64)])
        self.numbers[self.length] = number
        self.length += 1


def expanded(starts: Ints, counts: Ints) -> Ints:
    """Return start, start + 1, ... for each, so many as there are."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    if total == len(counts) and counts.all():
        return starts
    return np.arange(total) + np.repeat(starts - ends + counts, counts)
