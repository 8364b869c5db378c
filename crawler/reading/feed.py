"""What was read of a feed?"""

from __future__ import annotations

from dataclasses import dataclass

from news.lessons import NO_WISHES, Wishes
from news.nouns import Clipping


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRead:
    """What a feed brought that was not known, and what it asks of those who read it."""

    clippings: tuple[Clipping, ...]
    wishes: Wishes = NO_WISHES
    # Of all its entries, known ones too, one mark after the other: what to say is known next time.
    marks: str = ""
