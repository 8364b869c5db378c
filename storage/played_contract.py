"""What does every store promise those who rehearse a watchlist again and again?

Part of the store's contract; `storage/contract.py` has the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from news.matching.searching import Wanted
    from news.nouns import Story


class Played(Protocol):
    """Stories that could match, named before they are read."""

    def stories_stamped(
        self, wanted: Wanted | None, *, since: datetime
    ) -> tuple[tuple[int, tuple[int, int]], ...]:
        """Return (story id, stamp) of the stories of `Store.stories_with`, in its order.

        A stamp is another one as soon as anything was added to the story or changed in it.
        """
        ...

    def whole_stories(self, ids: Sequence[int]) -> Iterator[Story]:
        """Yield these stories whole, in this order; those that are not there are left out."""
        ...
