"""What does every channel promise?

A channel hands one message to one destination and says honestly what became of it:

* `send` returns a `Receipt`: it is there. `ChannelError`: it certainly is not, asking again may help.
  `ChannelRefusedError`: it is not, and will not be until a person changes something. `OutcomeUnknownError`:
  nobody knows. Nothing else is raised on purpose, and a channel never tries twice by itself.
* `find` answers whether a message with this key is there already. A channel that cannot know says
  `can_look_up = False`; then `when_unknown` says what the newsroom chose: send again with the same key, or
  hold it for a person.
* Time and waiting come in as `Tools`; a channel never asks the clock itself.

To add one: copy `alerts/channels/console/`, add its line to `CHANNELS` in `registry.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TextIO, runtime_checkable

from alerts.message import Message, Outgoing
from config.settings import Settings
from news.nouns import Clock
from news.telling import AlertKind, Receipt, Thread


@dataclass(slots=True, kw_only=True)
class Answering:
    """Whether somebody answers what readers click at this moment, and who they are there."""

    is_open: bool = False
    # A person's place ("slack:D04NIGHTED") → the account there ("U09NIGHTED").
    accounts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a channel needs of the world around it."""

    clock: Clock
    # asyncio.sleep, or a test's.
    sleep: Callable[[float], Awaitable[None]]
    # Where the console channel writes.
    out: TextIO
    # Buttons are drawn only while it is open.
    answering: Answering = field(default_factory=Answering)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Where a message goes and by what it is known again."""

    # Stable over every try: Slack's metadata, the mail's Message-ID.
    key: str
    kind: AlertKind
    # The destination after its colon: "#immigration-desk", "metro-desk@newsroom.test"; "" for the console.
    to: str
    # When the alert was made: a look-up need not look further back.
    created: datetime
    # Replies and corrections: the thread they belong in; its root_ts and root_place are set.
    thread: Thread | None = None
    # Shown in the channel too, not only in the thread.
    broadcast: bool = False
    # For `edit`: the message that is changed.
    receipt: Receipt | None = None


class Channel(Protocol):
    """A way out. One is open for each kind of destination; it is used from one asyncio loop."""

    @property
    def can_look_up(self) -> bool:
        """Whether `find` can answer."""
        ...

    @property
    def can_edit(self) -> bool:
        """Whether a message can be changed after it was sent."""
        ...

    @property
    def can_thread(self) -> bool:
        """Whether a reply stands under its root, so that it need not say which story it is about."""
        ...

    @property
    def when_unknown(self) -> Literal["resend", "hold"]:
        """What to do when an outcome stays unknown. Only asked when `can_look_up` is False."""
        ...

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Hand the message over, once."""
        ...

    async def find(self, envelope: Envelope) -> Receipt | None:
        """Return where a message with this key stands, or None: it is certainly not there."""
        ...

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:
        """Change the message at `envelope.receipt`; False when it can never be changed again."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Linking(Protocol):
    """A channel whose messages have addresses that readers can follow."""

    async def link(self, receipt: Receipt) -> str:
        """Return the address of a message that is there, or "" when it cannot be had."""
        ...


@runtime_checkable
class Narrow(Protocol):
    """A channel that takes only so many messages at a time, whatever their destinations."""

    @property
    def at_once(self) -> int:
        """How many."""
        ...


@runtime_checkable
class Drawing(Protocol):
    """A channel whose messages can carry buttons."""

    @property
    def draws_buttons(self) -> bool:
        """Return whether a message that is sent or changed now gets buttons."""
        ...


def draws_buttons(channel: Channel, message: Outgoing) -> bool:
    """Return whether a channel puts buttons under a message now."""
    wanted = isinstance(message, Message) and message.desk is not None
    return wanted and isinstance(channel, Drawing) and channel.draws_buttons


class ChannelClass(Protocol):
    """What the registry's import strings lead to: a class with this classmethod."""

    def open(self, settings: Settings, tools: Tools) -> Channel | None:
        """Return an open channel, or None when the newsroom has not set it up. Nothing is sent yet."""
        ...
