"""What goes into a round of filing, and what came of it?"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.fulltext import Draft
from news.nouns import Placement, StoredClipping


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


def filed_in(placement: Placement) -> FilingReport:
    """Count one article that was filed where it was placed."""
    is_new = placement.story_id is None
    return FilingReport(filed=1, new_stories=int(is_new), grown=int(not is_new))
