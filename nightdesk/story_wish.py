"""Which stories does a reader want to see?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from news.nouns import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reader wants to see."""

    # "" is every watchlist that the reader may know of.
    watchlist: str = ""
    grade: Grade | None = None
    source: str = ""
    # "today", "week", "month", or a date: "2026-03-18".
    span: str = "week"
    show: str = ""
    after: tuple[datetime, int] | None = None
