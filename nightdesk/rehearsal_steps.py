"""What are the nouns of a rehearsal? One step is one thing that the watchlist would have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from news.nouns import Story, StoryArticle, StoryMatch, Watchlist


class How(StrEnum):
    """What would have become of a story."""

    AT_ONCE = "at once"
    # Quiet hours: told when they end.
    LATER = "later"
    GROUPED = "grouped"
    IN_THREAD = "in its thread"
    IN_EMAIL = "in the email"
    IN_DIGEST = "in the digest"
    # It matched, and nobody asked to hear of it.
    NOT_TOLD = "not told"
    # A line under `never:` holds.
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that the watchlist would have done."""

    at: datetime
    how: How
    # As it stood then.
    story: Story
    # The article that brought it about.
    article: StoryArticle
    match: StoryMatch | None = None
    # When it would have gone out; `at` unless something made it wait.
    due_at: datetime
    destination: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What the watchlist would have done."""

    watchlist: Watchlist
    since: datetime
    until: datetime
    steps: tuple[Step, ...]
    articles: int
    # Of these, how many came with a source's first check: live, they are never told.
    backlog: int
    # Messages of their own that would have gone out, rolling groups counted once.
    alerts: int
    # Digests that would have gone out, empty ones included.
    digests: int

    @property
    def stories(self) -> int:
        """How many stories it would have caught."""
        caught = {step.story.id for step in self.steps if step.how is not How.LEFT_OUT}
        return len(caught)

    @property
    def follow_ups(self) -> int:
        """How many replies would have gone into threads."""
        return sum(step.how is How.IN_THREAD for step in self.steps)

    @property
    def days(self) -> float:
        """How long the span is."""
        return (self.until - self.since) / timedelta(days=1)
