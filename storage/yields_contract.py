"""What does every store promise of what came in, source by source and day by day?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Yields(Protocol):
    """Numbers over time; a part of `storage.contract.Store`. Backlog is never counted."""

    def matched_since(self, since: datetime) -> dict[str, int]:
        """Return how many articles of each source matched a watchlist; none that brought none.

        Of those that came since then; backlog is not counted. How many came: `came_a_day`.
        """
        ...

    def stories_a_day(
        self, *, watchlist_ids: Sequence[str], days: Sequence[tuple[datetime, datetime]]
    ) -> list[int]:
        """Return how many stories first matched in each span, for the digest's chart and "usually N"."""
        ...
