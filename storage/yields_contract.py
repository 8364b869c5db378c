"""What does every store promise of what came in, source by source and day by day?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Yields(Protocol):
    """Numbers over time; a part of `storage.contract.Store`. Backlog is never counted."""

    def arrivals(self, *, since: datetime, until: datetime) -> list[tuple[str, datetime, bool]]:
        """Return source, time, and whether it matched, of every article of a span."""
        ...

    def stories_a_day(
        self, *, watchlist_ids: Sequence[str], days: Sequence[tuple[datetime, datetime]]
    ) -> list[int]:
        """Return how many stories first matched in each span, for the digest's chart and "usually N"."""
        ...
