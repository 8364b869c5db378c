"""What does every store promise about what people decide: claims, mutes, votes, notes, holds?

One hold is nobody's: an embargo's, kept with the article that is under it (`Filing.embargo`).

Part of the store's contract; `storage/contract.py` has the rest. `nightdesk/acts` decides; here it is kept.

Acts are only ever added to. One that is lifted by a later one, or whose `until` has come, does not stand any
more. What was said of a story that became part of another was said of that other one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from news.telling import Alert

ActKind = Literal[
    "claim", "not relevant", "mute story", "mute outlet", "note", "hold", "not same story", "quiet",
    # These lift an earlier act.
    "release", "undo", "unmute", "let go", "loud",
]  # fmt: skip
#: Where a person said it.
Via = Literal["slack", "console", "command line", "its notice"]
#: Who holds a story back of which an article says that it must not be published yet.
EMBARGO = "an embargo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a person decided. Never changed; a later act may lift it."""

    # 0 until it is kept.
    id: int = 0
    at: datetime
    # The reader's id, or `EMBARGO`.
    who: str
    via: Via
    kind: ActKind
    story_id: int | None = None
    # "" where it is about none, or about all.
    watchlist_id: str = ""
    source_id: str = ""
    destination: str = ""
    # When it ends by itself; None is never.
    until: datetime | None = None
    note: str = ""
    # The act that this one ends.
    lifts: int | None = None
    # Who ended this one, and when.
    lifted_by: str = ""
    lifted_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Return whether it holds."""
        return self.lifted_at is None and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody is on a story."""

    story_id: int
    act_id: int
    who: str
    since: datetime


class Deciding(Protocol):
    """What people decided."""

    def claim_story(self, act: Act) -> Claim:
        """Let the person of the act have the story, or return the claim of whoever has it already.

        Of two at once one wins: the claim that comes back is the one that stands, for both.
        """
        ...

    def release_story(self, act: Act) -> Claim | None:
        """End the story's claim, whoever has it; return it, or None when nobody had it."""
        ...

    def claim_of(self, story_id: int) -> Claim | None:
        """Return who is on a story, or None."""
        ...

    def open_claims(self) -> tuple[Claim, ...]:
        """Return every claim that stands, the oldest first."""
        ...

    def record_act(self, act: Act) -> Act:
        """Keep an act; the messages of its story are to be shown anew."""
        ...

    def lift_act(self, act_id: int, act: Act) -> bool:
        """Keep an act that ends an earlier one; False, and nothing is kept, when that was ended before.

        What a lifted hold kept back is due at once.
        """
        ...

    def act(self, act_id: int) -> Act | None:
        """Return an act, or None."""
        ...

    def acts_of(self, story_id: int) -> tuple[Act, ...]:
        """Return everything that was decided about a story, oldest first."""
        ...

    def acts(self, *, since: datetime, limit: int = 1000) -> tuple[Act, ...]:
        """Return what was decided since then, newest first."""
        ...

    def standing_acts(self, kinds: Sequence[ActKind], *, now: datetime) -> tuple[Act, ...]:
        """Return the acts of these kinds that stand, oldest first; stories by what they are by now."""
        ...

    def alert_by_key(self, key: str) -> Alert | None:
        """Return the alert that a message's key stands for, or None: it was sent by another Nightdesk."""
        ...

    def show_anew(self, story_id: int) -> None:
        """Let every message of a story be brought up to date."""
        ...

    def show_buttons(self, kind: str, *, since: datetime) -> int:
        """Let messages without buttons be brought up to date; return how many there are.

        Those of one kind of destination ("slack") that were sent since then.
        """
        ...

    def take_buttons_away(self) -> int:
        """Let every message that may show buttons be brought up to date; return how many there are."""
        ...
