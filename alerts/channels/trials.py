"""Would a message get through? What a channel answers when it is tried without sending anything.

A channel that can be tried has `try_out`; a webhook cannot, because asking it is posting. `doctor` and
`channels list` show what comes of it, and what a person can do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One place, or the whole way out, as it was found."""

    # The destination after its colon; "" for the way out itself.
    place: str = ""
    # A sentence without its full stop; "" when all is well.
    trouble: str = ""
    # What a person can do about it: a sentence without its full stop.
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What trying a way out brought."""

    # Troubles of the way itself, then one for each place.
    tried: tuple[Tried, ...]
    # Who it is there: "nightdesk in the workspace newsroom"; "" when that is not known.
    known_as: str = ""
    # The time on the other side, if it said: a clock that is wrong spoils every hour.
    their_time: datetime | None = None

    @property
    def troubles(self) -> tuple[Tried, ...]:
        """What a person must look at."""
        return tuple(each for each in self.tried if each.trouble)


@runtime_checkable
class CanBeTried(Protocol):
    """A channel that can say whether a message would get through."""

    async def try_out(self, places: Sequence[str]) -> Trial:
        """Try the way and each place (the destination after its colon); nothing is sent."""
        ...


async def try_channel(channel: object, places: Sequence[str]) -> Trial | None:
    """Try a channel; None when it cannot be tried without sending."""
    return await channel.try_out(places) if isinstance(channel, CanBeTried) else None
