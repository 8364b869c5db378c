"""What does a message say, before any channel has dressed it?

`alerts.compose` chooses the words once; a channel only lays them out. So a message is a short document:
paragraphs, bullets and small print made of spans, and beside them the whole of it as plain `text`, for screen
readers and for channels without layout. Nothing in a span is markup: a channel writes it as text, whatever
characters it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from news.nouns import Priority
from news.telling import AlertKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of words in one style."""

    text: str
    # Where a click on it leads; "" for none.
    url: str = ""
    bold: bool = False
    # Struck through: its outlet withdrew it. The words beside it say so too.
    struck: bool = False
    # The place of the person it names ("slack:U09NIGHTED"), who is mentioned where a channel can do that.
    person: str = ""


#: Spans side by side.
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines, one below the other, and the words of a source set off under them."""

    lines: tuple[Line, ...] = ()
    # Sentences that stand word for word in the linked article; a cut shows "…". Never bold, never shortened.
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list; each point has one line or more."""

    points: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Small print: the outlet, the reason, the time."""

    line: Line


Part = Paragraph | Bullets | Note


class Outgoing(Protocol):
    """What every message that goes out can say of itself, whatever it is about.

    `Message` is one, `alerts.digests.DigestMessage` another. A channel with a layout of its own for a kind
    looks at the class; every channel can show any message by its `parts`, or by its `text`.
    """

    @property
    def kind(self) -> AlertKind:
        """Return which kind of alert it puts in words."""
        ...

    @property
    def headline(self) -> str:
        """Return one clean line that names it: remembered with the delivery."""
        ...

    @property
    def subject(self) -> str:
        """Return one clean line for a subject: the watchlist and the headline."""
        ...

    @property
    def text(self) -> str:
        """Return all of it in plain words, headline first."""
        ...

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the document."""
        ...

    @property
    def facts(self) -> Mapping[str, str | int]:
        """Return what travels with it for machines (Slack's metadata): opaque ids and counts, never names."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What can be done about a story from its message, where a channel has somebody who answers."""

    # The article that a reader is led to.
    url: str
    headline: str
    # The outlet that can be muted here.
    outlet: str
    is_claimed: bool = False
    is_muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A story, a follow-up, a correction, a group of stories or a health warning, in words."""

    kind: AlertKind
    headline: str
    # The article the headline stands on; "" when there is none (group, health).
    url: str = ""
    text: str
    parts: tuple[Part, ...]
    # Names as the newsroom wrote them.
    watchlists: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    # Such as the opaque id of the story and its revision.
    facts: Mapping[str, str | int] = field(default_factory=dict)
    # What a story's message may carry buttons for.
    desk: Desk | None = None
    # Whoever is on the story and is to hear of it: `text` says "For" and the name.
    calls: Span | None = None

    @property
    def subject(self) -> str:
        """Return the watchlists and the headline: "Sanctuary cities: Mayor skips meeting"."""
        return f"{', '.join(self.watchlists)}: {self.headline}" if self.watchlists else self.headline
