"""What are the nouns of telling people?

The second half of the journey: a `StoryMatch` becomes a `Tell` (an intent), a tell becomes an `Alert` in
the outbox, an alert is put in words and handed over, and that leaves a `Delivery`. `news/nouns.py` has the
first half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from news.nouns import Grade, Priority, StoryMatch

AlertKind = Literal["root", "reply", "correction", "group", "digest", "health"]


#: In the facts of a story's own message: who asked for it.
ASKED_BY = "asked_by"


class AlertState(StrEnum):
    """Where an alert stands on its way out. Each alert is in exactly one of these."""

    PENDING = "pending"  # due at `due_at`
    SENDING = "sending"  # claimed; the row was committed before the channel was asked
    UNKNOWN = "unknown"  # handed over, no answer: look before sending again
    SENT = "sent"
    GROUPED = "grouped"  # shown in a rolling "7 more stories" message
    FAILED = "failed"  # the channel refuses until a person changes something; told in the health channel
    HELD = "held"  # a person must release it (unknown outcome on a channel that cannot be looked up)
    WITHDRAWN = "withdrawn"  # its destination was removed before it was sent
    MERGED = "merged"  # gathered into another alert
    MUTED = "muted"  # a person wants no message of the story, or of the outlet that alone tells it


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """An intent: this destination should hear this about the story. Becomes an alert."""

    destination: str
    kind: AlertKind
    # Covers the story's articles with from_revision < revision <= revision.
    from_revision: int
    revision: int
    watchlist_ids: tuple[str, ...]
    priority: Priority
    grade: Grade
    due_at: datetime
    # Shown in the channel too, not only in the thread.
    broadcast: bool = False
    # The reader who asked for it; "" is nobody.
    asked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOut:
    """A watchlist wanted an article, but for a line under "never"."""

    watchlist_id: str
    article_id: int
    # The line, and the words that it found.
    clause: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """What watching one story decided: stored in one transaction with `watched_revision = revision`."""

    story_id: int
    # The revision that was read, never "now".
    revision: int
    matches: tuple[StoryMatch, ...]
    tells: tuple[Tell, ...]
    now: datetime
    # What lines under "never" kept out: all there is, each time.
    kept_out: tuple[KeptOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One message per story and destination, and its replies."""

    id: int
    story_id: int
    destination: str
    # Slack's ts or the mail's Message-ID; None until the root was sent.
    root_ts: str | None = None
    # The channel's own id for where the root was posted ("C09DESKIMMI").
    root_place: str | None = None
    root_sent_at: datetime | None = None
    watchlist_ids: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    grade: Grade = Grade.ABOUT
    # Edits are not outbox rows: what should be shown and what is shown; the latest wins.
    wanted_revision: int = 0
    shown_revision: int = 0
    # The channel says the edit window is closed: ends edits, not replies.
    edits_closed: bool = False
    last_broadcast: datetime | None = None
    # The thread in which the story goes on, when two stories turned out to be one: this one is left.
    goes_on_in: int | None = None
    # How often people decided something that its message should show.
    wanted_face: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A row of the outbox."""

    id: int
    # Travels with the message (Slack metadata, Message-ID) and is looked up when an outcome is unknown.
    key: str
    kind: AlertKind
    destination: str
    state: AlertState
    thread_id: int | None = None
    story_id: int | None = None
    digest_id: int | None = None
    from_revision: int = 0
    revision: int = 0
    priority: Priority = Priority.NORMAL
    broadcast: bool = False
    due_at: datetime
    created: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    last_error: str = ""
    # Facts of a health alert or a group, for compose; plain JSON values.
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def asked_by(self) -> str:
        """The reader who asked for it on a page; "" when a rule sends it."""
        return str(self.facts.get(ASKED_BY, "")) if self.kind == "root" else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a channel answered when it took a message."""

    # Slack's ts, the mail's Message-ID, ...
    ts: str
    place: str = ""
    # Mail: recipients that were refused, with the server's words.
    refused: Mapping[str, str] = field(default_factory=dict)
    # Whether it may carry buttons.
    buttons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message that went out, or was refused for good."""

    id: int
    alert_id: int
    key: str
    kind: AlertKind
    destination: str
    story_id: int | None
    digest_id: int | None
    # sent, found (sent before, found by looking), refused
    outcome: str
    receipt: Receipt | None
    at: datetime
    headline: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """A story in a digest."""

    story_id: int
    # Tells what came after `from_revision` (0: this digest never told the story) up to `revision`.
    from_revision: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One day's mail (or message) for one destination: found due by looking at the clock and the table."""

    id: int
    # The destination and the schedule it belongs to.
    name: str
    destination: str
    # The reader's local date, "2026-03-19": unique with `name`.
    local_date: str
    due_at: datetime
    covers_from: datetime
    covers_to: datetime
    watchlist_ids: tuple[str, ...]
    items: tuple[DigestItem, ...] = ()
    created: datetime
