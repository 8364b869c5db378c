"""What goes into a round of filing, and what came of it?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from crawler.fulltext import Draft, PutOffError
from news.embargo import Embargo, embargo_of
from news.nouns import Placement, StoredClipping
from news.text import html_text

A_MOMENT = 2.0  # seconds in which pages come that are looked at together; a slow one keeps nobody longer


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingReport:
    """What a round of filing made."""

    # Articles that are new.
    filed: int = 0
    new_stories: int = 0
    # Stories that gained an article, or a new version that says something new.
    grown: int = 0
    # Clippings whose page did not come; asked again soon.
    put_off: int = 0
    # Clippings that brought nothing to file.
    dropped: int = 0

    def __add__(self, other: FilingReport) -> FilingReport:
        """Add two reports up."""
        return FilingReport(
            filed=self.filed + other.filed,
            new_stories=self.new_stories + other.new_stories,
            grown=self.grown + other.grown,
            put_off=self.put_off + other.put_off,
            dropped=self.dropped + other.dropped,
        )


@dataclass(frozen=True, slots=True)
class New:
    """An article that is new, as far as is known."""

    stored: StoredClipping
    draft: Draft

    def shares_a_page(self, draft: Draft) -> bool:
        """Return whether another draft stands at one of its addresses."""
        return not set(self.draft.addresses).isdisjoint(draft.addresses)

    def embargo(self, *, now: datetime, zone: str) -> Embargo | None:
        """Return the embargo that its page or its feed puts it under, or None."""
        clipping = self.stored.clipping
        feed = f"{clipping.title}\n{html_text(clipping.summary)}"
        return embargo_of(self.draft.article, now=now, zone=zone, feed=feed)


def filed_in(placement: Placement) -> FilingReport:
    """Count one article that was filed where it was placed."""
    is_new = placement.story_id is None
    return FilingReport(filed=1, new_stories=int(is_new), grown=int(not is_new))


async def ready_drafts(drafts: Sequence[asyncio.Task[Draft | str | PutOffError]]) -> int:
    """Wait for the first draft, and a moment for those behind it; return how many are there in a row.

    A draft that failed is not among them, unless it is the first.
    """
    await asyncio.wait(drafts[:1])
    await asyncio.wait(drafts, timeout=A_MOMENT)
    row = takewhile(lambda draft: draft.done() and draft.exception() is None, drafts)
    return max(1, sum(1 for _ in row))
