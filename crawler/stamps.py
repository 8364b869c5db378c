"""Does an entry's "updated" say that the entry changed, or only that the feed was made anew?

Many feeds stamp every entry at each request. Only a stamp that tells one entry from the others is believed:
then a publisher says that an article was changed, and it is worth a second look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import replace

from news.nouns import Clipping

#: Share of a feed's entries that may carry the same stamp; above it the stamp is the feed's, not the entry's.
SHARED = 0.5
FEWEST = 3  # entries; in a shorter feed half of them is one


def believed(clippings: Sequence[Clipping]) -> tuple[Clipping, ...]:
    """Return the clippings; "updated" stays only where it tells an entry from the others."""
    stamps = [clipping.updated for clipping in clippings if clipping.updated]
    if are_the_feeds_own(stamps, len(clippings)):
        return tuple(replace(clipping, updated=None) for clipping in clippings)
    return tuple(map(born, clippings))


def are_the_feeds_own(stamps: Sequence[Hashable], entries: int) -> bool:
    """Return whether one of these stamps is shared by so many entries that it says nothing of any."""
    most = max(Counter(stamps).values(), default=0)
    return entries >= FEWEST and most > SHARED * entries


def born(clipping: Clipping) -> Clipping:
    """Leave out a stamp that only repeats when the entry was published."""
    if clipping.updated and clipping.published and clipping.updated <= clipping.published:
        return replace(clipping, updated=None)
    return clipping
