"""What are the nouns of a rehearsal? One step is one thing that the watchlist would have done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from news.nouns import Grade, Story, StoryArticle, StoryMatch, Watchlist


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
    # As it stood then, without the texts: a rehearsal of a month has many.
    story: Story
    # The article that brought it about.
    article: StoryArticle
    match: StoryMatch | None = None
    # When it would have gone out; `at` unless something made it wait.
    due_at: datetime
    destination: str = ""
    # It would have gone into the reply before it, which was still gathering.
    joins: bool = False
    # The line under `never:` that left it out, and why in a sentence.
    never: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A story that has all the words of a line, and not as the line asks for them."""

    at: datetime
    story: Story
    article: StoryArticle
    # As the editor wrote it, and where.
    line: str
    where: str


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
    near_misses: tuple[NearMiss, ...] = ()

    @property
    def caught(self) -> dict[int, Step]:
        """The first step of each story it would have caught, by the story's number."""
        found: dict[int, Step] = {}
        for step in self.steps:
            if step.how is not How.LEFT_OUT:
                found.setdefault(step.story.id, step)
        return found

    @property
    def stories(self) -> int:
        """How many stories it would have caught."""
        return len(self.caught)

    @property
    def passing(self) -> int:
        """How many of them only mention the subject in passing, with all that came to them."""
        grades: dict[int, set[Grade]] = {}
        for step in self.steps:
            if step.match is not None:
                grades.setdefault(step.story.id, set()).add(step.match.grade)
        return sum(Grade.ABOUT not in found for found in grades.values())

    @property
    def left_out(self) -> int:
        """How many stories a line under `never:` left out."""
        return sum(step.how is How.LEFT_OUT for step in self.steps)

    @property
    def follow_ups(self) -> int:
        """How many replies would have gone into threads."""
        return sum(step.how is How.IN_THREAD and not step.joins for step in self.steps)

    @property
    def days(self) -> float:
        """How long the span is."""
        return (self.until - self.since) / timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a rehearsal does differently from the one of an earlier version, story by story."""

    gained: tuple[Step, ...]
    lost: tuple[Step, ...]
    # Caught by both, and told another way: how it was, how it is.
    moved: tuple[tuple[Step, Step], ...]

    def __iter__(self) -> Iterator[tuple[str, Step, How | None]]:
        """Yield ("gained", the step, None), and so on; for what moved, how it was."""
        yield from (("gained", step, None) for step in self.gained)
        yield from (("lost", step, None) for step in self.lost)
        yield from (("moved", step, was.how) for was, step in self.moved)


def change(before: Rehearsal, now: Rehearsal) -> Change:
    """Return what changed from one rehearsal of the same days to another."""
    was, is_now = before.caught, now.caught
    return Change(
        gained=tuple(step for id_, step in is_now.items() if id_ not in was),
        lost=tuple(step for id_, step in was.items() if id_ not in is_now),
        moved=tuple(
            (was[id_], step) for id_, step in is_now.items() if id_ in was and was[id_].how is not step.how
        ),
    )
