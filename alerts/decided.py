"""What did people decide about a story that its message should show?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.message import Line, Span
from config.settings import Settings
from news.wording import counted, when

if TYPE_CHECKING:
    from storage.acts_contract import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What stands of what people decided."""

    # Who is on it: the name, and the place that reaches the person, to be mentioned there.
    who: str = ""
    person: str = ""
    # How many people said that it is not relevant.
    votes: int = 0
    # "Muted until Friday 6:00 pm by Night editor".
    muted: str = ""

    @property
    def whose(self) -> Span | None:
        """Who is on it, as words that mention the person where that can be done."""
        return Span(text=self.who, person=self.person) if self.who else None

    @property
    def line(self) -> Line:
        """Return the small print: "Night editor is on it · 1 vote: not relevant"."""
        whose = self.whose
        pieces: list[Line] = [(whose, Span(text=" is on it"))] if whose else []
        if self.votes:
            pieces.append((Span(text=f"{counted(self.votes, 'vote')}: not relevant"),))
        if self.muted:
            pieces.append((Span(text=self.muted),))
        spans = [span for piece in pieces for span in (Span(text=" · "), *piece)]
        return tuple(spans[1:])

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the same as sentences."""
        votes = f"{counted(self.votes, 'vote')}: not relevant" if self.votes else ""
        on_it = f"{self.who} is on it" if self.who else ""
        return tuple(piece for piece in (on_it, votes, self.muted) if piece)


#: Nobody decided anything.
NOTHING = Decided()


def decided_of(acts: Sequence[Act], settings: Settings, *, now: datetime) -> Decided:
    """Return what stands of a story's acts."""
    standing = [act for act in acts if act.stands(now)]
    if not standing:
        return NOTHING
    claim = next((act for act in standing if act.kind == "claim"), None)
    mute = next((act for act in reversed(standing) if act.kind == "mute story"), None)
    reader = settings.reader(claim.who) if claim else None
    return Decided(
        who=name_of(claim.who, settings) if claim else "",
        person=reader.slack if reader else "",
        votes=len({act.who for act in standing if act.kind == "not relevant"}),
        muted=_muted(mute, settings, now) if mute else "",
    )


def name_of(who: str, settings: Settings) -> str:
    """Return a person's name, or the id of one who is no reader any more."""
    reader = settings.reader(who)
    return reader.name or reader.id if reader else who


def _muted(act: Act, settings: Settings, now: datetime) -> str:
    until = f" until {when(act.until, settings.timezone, now=now)}" if act.until else ""
    return f"Muted{until} by {name_of(act.who, settings)}"
