"""What does the store promise the console? Part of `storage/contract.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

KeyKind = Literal["link", "session", "program"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Something that lets a person in. The key itself is never kept."""

    # SHA-256 of the key, in hexadecimal.
    hash: str
    kind: KeyKind
    reader_id: str
    # Where it is used or what for: "Firefox on Linux", "for the CMS".
    what: str = ""
    made_at: datetime
    expires_at: datetime
    # When a link was used, or a session last; None: never.
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Something that somebody did."""

    id: int
    at: datetime
    what: str
    who: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long the news took: an article that brought a message about, and when the message went out."""

    # As the outlet says; None when it does not.
    published: datetime | None
    first_seen: datetime
    sent: datetime


class ConsoleDoor(Protocol):
    """Who may come in, what they chose, and what was done."""

    def keep_key(self, key: Key) -> None:
        """Keep a key, and forget those that have expired by the time it is made."""
        ...

    def find_key(self, hash_: str, *, now: datetime) -> Key | None:
        """Return a key that holds now, or None."""
        ...

    def use_link(self, hash_: str, *, now: datetime) -> Key | None:
        """Use a link up; None when it is unknown, expired, or somebody used it before: one wins."""
        ...

    def touch_key(self, hash_: str, *, now: datetime) -> None:
        """Remember that a key was used now."""
        ...

    def console_keys(self, *, kind: KeyKind, now: datetime) -> tuple[Key, ...]:
        """Return the keys of a kind that hold now, newest first."""
        ...

    def end_keys(self, reader_id: str, *, kind: KeyKind | None = None, but: str = "") -> int:
        """Forget a person's keys, of one kind or of all, except the one with this hash; return how many."""
        ...

    def end_key(self, hash_: str) -> None:
        """Forget one key."""
        ...

    def move_keys(self, reader_id: str, to: str) -> None:
        """Let what belonged to one person's id belong to another's: keys and password."""
        ...

    def password_of(self, reader_id: str) -> str | None:
        """Return the hash of a person's password, or None."""
        ...

    def with_password(self) -> tuple[str, ...]:
        """Return the ids of everybody who has a password."""
        ...

    def keep_password(self, reader_id: str, hash_: str | None, *, now: datetime) -> None:
        """Keep the hash of a person's password; None takes it away."""
        ...

    def try_door(
        self, doors: Sequence[str], *, forgiven: int, span: timedelta, now: datetime
    ) -> datetime | None:
        """Count a try at each of these doors, before it is known whether it is right.

        When one of them was tried as often as is forgiven within the span nothing is counted, and the moment
        is returned from which it may be tried again.
        """
        ...

    def forget_tries(self, doors: Sequence[str]) -> None:
        """Forget the tries at these doors: the last one was right."""
        ...

    def chosen(self, name: str) -> str | None:
        """Return what was chosen under a name, or None."""
        ...

    def choose(self, name: str, value: str | None, *, now: datetime) -> None:
        """Keep a choice; None forgets it."""
        ...

    def delays(self, *, since: datetime, kind: str, limit: int = 2000) -> tuple[Delay, ...]:
        """Return how long messages of a kind of place took since then ("slack"), the newest first.

        Each with the article that came last before the message was made; what was told to wait (quiet hours,
        limits) does not count.
        """
        ...

    def audit_lines(
        self, *, before: datetime | None = None, who: str = "", limit: int = 100
    ) -> tuple[AuditLine, ...]:
        """Return what was done before then, by this person or by anybody, newest first."""
        ...
