"""Who is on this story?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from config.settings import Reader, Role
from nightdesk.acts.rights import check_may
from storage.acts_contract import Act, Claim, Via

if TYPE_CHECKING:
    from storage.contract import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The story is theirs."""

    claim: Claim
    # They had it before: nothing changed.
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBy:
    """Somebody else was first."""

    claim: Claim


def claim(store: Store, story_id: int, who: Reader, *, via: Via, now: datetime) -> Claimed | TakenBy:
    """Let a person have a story, unless somebody has it; of two at once one wins, and both see who."""
    check_may(who, "claim")
    had = store.claim_of(story_id)
    act = Act(at=now, who=who.id, via=via, kind="claim", story_id=story_id)
    stands = store.claim_story(act) if had is None else had
    if stands.who == who.id:
        return Claimed(claim=stands, again=had is not None)
    return TakenBy(claim=stands)


def release(store: Store, story_id: int, who: Reader, *, via: Via, now: datetime) -> Claim | None:
    """End a claim and return it, or None when nobody was on the story.

    Raises:
        NotAllowedError: somebody else is on it, and the person is no editor.
    """
    had = store.claim_of(story_id)
    if had is None:
        return None
    check_may(who, "release", role=Role.READER if had.who == who.id else Role.EDITOR)
    return store.release_story(Act(at=now, who=who.id, via=via, kind="release", story_id=story_id))


def claimed_by(store: Store, story_id: int) -> Claim | None:
    """Return who is on a story, or None."""
    return store.claim_of(story_id)
