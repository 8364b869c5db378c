"""What does every store promise about lists: stories without their texts, a source's log?

Part of the store's contract; `storage/contract.py` has the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from news.answers import Answer
from news.nouns import Grade, Priority
from news.telling import Alert, AlertState, Delivery, KeptOut


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryChoice:
    """Which stories a list shows, the last one changed first."""

    # Matched by any of these; none matches nothing.
    watchlist_ids: tuple[str, ...]
    grade: Grade | None = None
    # Told by an article of this source; "" is any.
    source_id: str = ""
    # Changed in [since, until).
    since: datetime
    until: datetime
    # "at once": a message of its own went out; "later": none did; "claimed": somebody is on it; "kept out": a
    # line under "never", a mute, a limit or a hold kept it back, or no rule tells it anywhere.
    show: Literal["", "at once", "later", "claimed", "kept out"] = ""
    # For what was kept out: stories that somebody holds back; watchlists of which nothing but messages of
    # their own tells; places whose messages are not looked at.
    on_hold: tuple[int, ...] = ()
    told_nowhere: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    # Goes on after the story that was changed at this time and has this id.
    after: tuple[datetime, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchLine:
    """A watchlist that has the story, and by which words."""

    watchlist_id: str
    grade: Grade
    priority: Priority
    first_matched: datetime
    # It was there before the first check of its source.
    backlog: bool
    # The words as they stand in the article, and their sentence; "" when a rule without words found it.
    words: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """A place that was told of the story, or is to be."""

    destination: str
    state: AlertState
    # When it went out; None while it has not.
    sent_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestLine:
    """What an outlet added last to a story that others told before."""

    outlet: str
    # When the outlet published it, or it was filed.
    at: datetime
    # How many sentences say something new, and the first of them; "" where sentences may not be shown.
    details: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story as a list shows it."""

    id: int
    title: str
    created: datetime
    updated: datetime
    # In the order in which they told it.
    outlets: tuple[str, ...]
    articles: int
    # Best first: by grade, then by priority.
    matches: tuple[MatchLine, ...]
    told: tuple[ToldLine, ...]
    # When an outlet last corrected or withdrew what it had said.
    corrected_at: datetime | None = None
    # The reader who is on it; "" is nobody.
    claimed_by: str = ""
    # What lines under "never" kept out of watchlists.
    kept_out: tuple[KeptOut, ...] = ()
    # None when nobody added anything.
    latest: LatestLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A story and one of its watchlists, for counting."""

    story_id: int
    updated: datetime
    watchlist_id: str
    # None when a line under "never" kept it out.
    grade: Grade | None
    # As `StoryChoice.show` has it.
    at_once: bool
    claimed: bool
    kept_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """An entry that a source brought, and what became of it."""

    title: str
    address: str
    seen_at: datetime
    published: datetime | None
    # It is not filed yet.
    waits: bool
    # It was there before the first check.
    backlog: bool
    # None when it became no article.
    story_id: int | None
    # Why it waits or became none; "".
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChoice:
    """Which messages a list shows."""

    states: tuple[AlertState, ...]
    # These only; () is all.
    alert_ids: tuple[int, ...] = ()
    # What goes there only; "" is everywhere.
    destination: str = ""
    # What goes to these places is left out.
    besides: tuple[str, ...] = ()
    # Goes on below this number.
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message, and what became of it."""

    alert: Alert
    # The headline as it was sent, or the story's; "" when it is about none.
    headline: str
    # What was handed over, oldest first.
    deliveries: tuple[Delivery, ...] = ()
    # How many stories a digest tells.
    stories: int = 0
    # When it is due; of a digest, its hour.
    due_at: datetime


class ListingDoor(Protocol):
    """Stories, listed; and what a source brought."""

    def came_a_day(self, starts: Sequence[datetime]) -> dict[str, tuple[int, ...]]:
        """Return how many articles each source brought on each day, by when the days began, oldest first.

        The last day has no end. Backlog is not counted; a source that brought nothing is left out.
        """
        ...

    def answers_of(self, source_id: str) -> tuple[Answer, ...]:
        """Return what a source answered lately, the newest first."""
        ...

    def brought_by(self, source_id: str, *, limit: int = 50) -> tuple[Brought, ...]:
        """Return the last entries that a source brought, the newest first."""
        ...

    def story_lines(self, choice: StoryChoice) -> tuple[StoryLine, ...]:
        """Return the stories of a choice, the last one changed first; no text is read."""
        ...

    def lines_of_stories(self, ids: Sequence[int], *, watchlist_ids: Sequence[str]) -> tuple[StoryLine, ...]:
        """Return these stories as a list shows them, in this order; those that are not there are left out.

        Of the watchlists that have a story only the named ones are told.
        """
        ...

    def tally(self, choice: StoryChoice) -> tuple[Tally, ...]:
        """Return what each watchlist of a choice has in its span; grade, source and show are not asked."""
        ...

    def count_sources(self, story_ids: Sequence[int]) -> Mapping[str, int]:
        """Return how many of these stories each source tells; one that tells none is left out."""
        ...

    def deliveries_about(self, story_id: int, *, since: datetime) -> tuple[Delivery, ...]:
        """Return what was handed over about a story, newest first: its own messages, groups, digests with it.

        Every grouped message since then is among them: only its alert knows its stories.
        """
        ...

    def messages(self, choice: MessageChoice) -> tuple[MessageLine, ...]:
        """Return messages of a choice, the last one made first, with what became of them."""
        ...

    def past_digests(
        self, *, limit: int = 50, destination: str = "", before: int | None = None
    ) -> tuple[MessageLine, ...]:
        """Return the digests that were opened, the newest first: of one place, below a message's number."""
        ...

    def told_by_digest(self, name: str, story_ids: Sequence[int]) -> Mapping[int, int]:
        """Return up to which revision a digest has told each of these stories; one it did not is left out."""
        ...

    def stories_told_by(self, source_id: str, story_ids: Sequence[int]) -> frozenset[int]:
        """Return those of these stories that an article of a source is part of, in whichever version."""
        ...
