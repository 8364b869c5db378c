"""What does every store promise about stories that are joined or parted after they were filed?

A third of the store's contract; `storage/contract.py` has the rest.

Two stories that turn out to be one become the older one. The other stays readable as it was at each of its
revisions, because what was sent of it may have to be composed again; asked for without a revision, it is the
story it became part of. Nothing is sent again: what either had told counts as told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Verdict = Literal["same", "apart"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """An intent: these two stories are one."""

    one: int
    other: int
    # For the timeline: "the same page", "4 shared sentences with Channel 4 Ellery".
    reason: str
    # Who says so; empty when no person does. A person's word becomes a decision.
    who: str = ""
    now: datetime
    # Do everything, say what was done, and undo it.
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merger did."""

    story_id: int
    gone_id: int
    articles: int
    # Destinations whose message of the other story was kept, as the story's own.
    kept: tuple[str, ...] = ()
    # Destinations that had both: their younger message says where the story goes on.
    moved: tuple[str, ...] = ()
    # Alerts that waited and are shown by another one now.
    merged_alerts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """An intent: these articles tell another story."""

    story_id: int
    article_ids: tuple[int, ...]
    reason: str
    who: str
    # Tell the new story as if it had just come in.
    tell: bool = False
    now: datetime
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """What a parting did."""

    story_id: int
    new_id: int
    articles: int
    # Whether the new story will be told: asked for, or because something of it still waited to be told.
    is_told: bool = False
    # Alerts that waited and had nothing left to say.
    withdrawn_alerts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePage:
    """An intent: two articles turned out to stand at one address. The older id stays."""

    older: int
    younger: int
    # The address that says so.
    address: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SameArticle:
    """What became of two articles that were one."""

    article_id: int
    gone_id: int
    story_id: int
    # The story of the younger one, when it was another.
    merged: Merged | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided about articles. Never changed; a later one may lift it."""

    id: int
    at: datetime
    who: str
    verdict: Verdict
    reason: str
    # Every article of one side is in the same story as every one of the other, or is not.
    one: tuple[int, ...]
    other: tuple[int, ...]
    # Who lifted it, and when.
    released_by: str = ""
    released_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether it holds."""
        return self.released_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedStory:
    """A story that became part of another."""

    story_id: int
    into_id: int
    # The revision of the other at which it came.
    revision: int
    at: datetime
    who: str
    reason: str


class Gathering(Protocol):
    """Joining and parting."""

    def merge_stories(self, merger: Merger) -> Merged | None:
        """Join two stories under the older id; None when a person decided that they are not one.

        Articles, matches, marks and digests told follow; in each destination one message stays the story's:
        of two that are out the older one. What waits in the other goes on in that one, or becomes MERGED
        when that one says it anyway; what is on its way is left to arrive. A person's word becomes a
        decision. Raises when they are one story already.
        """
        ...

    def split_story(self, parting: Parting) -> Parted | None:
        """Make a story of its own of some articles; None when a person decided that they belong together.

        What was told of them counts as told. What still waited is told by the new story, and alerts that have
        nothing left to say become WITHDRAWN. The person's word becomes a decision.
        """
        ...

    def keep_apart(self, merger: Merger) -> Decision:
        """Remember that two stories are not one: nothing but a person joins them from then on."""
        ...

    def release_decision(self, decision_id: int, *, who: str, reason: str, now: datetime) -> Decision:
        """Lift a decision; the stories stay as they are. Lifting it again changes nothing."""
        ...

    def decisions(
        self, *, story_id: int | None = None, decision_id: int | None = None
    ) -> tuple[Decision, ...]:
        """Return what people decided, oldest first: all, or what touches a story's articles."""
        ...

    def decided(self, one: Sequence[int], other: Sequence[int], verdict: Verdict) -> Decision | None:
        """Return the standing decision that holds between any of these articles and any of those."""
        ...

    def articles_at(self, addresses: Iterable[str]) -> tuple[int, ...]:
        """Return the articles known by any of these addresses, the older first."""
        ...

    def merge_articles(self, same: SamePage) -> SameArticle | None:
        """Join two articles, and their stories when they differ; None when a person keeps them apart.

        Addresses, clippings, evidence and marks go to the older id; versions are kept.
        """
        ...

    def merged_into(self, story_id: int) -> tuple[MergedStory, ...]:
        """Return the stories that became part of this one, in the order they did."""
        ...

    def gathered(self) -> int:
        """Return a number that grows whenever stories were joined or parted."""
        ...

    def places(self, article_ids: Sequence[int]) -> dict[int, int]:
        """Return the story of each of these articles that is there."""
        ...
