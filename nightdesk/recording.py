"""What would be sent, if it were? Channels that take every message and hand none over.

They say of themselves what the newsroom's own channels say (threads, edits, look-ups), so that everything
before them behaves as it would; a channel that is not set up is not set up here either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alerts.channels.contract import Channel, Envelope, Tools
from alerts.channels.registry import Channels, kind_of
from alerts.message import Outgoing
from config.settings import Settings
from news.telling import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A message that would have gone out."""

    destination: str
    message: Outgoing
    envelope: Envelope
    # It would have changed a message that is out.
    edit: bool = False


class RecordingChannels(Channels):
    """The newsroom's channels, with nothing behind them."""

    def __init__(self, settings: Settings, tools: Tools) -> None:
        """Open the newsroom's channels as they are; nothing is ever handed to them."""
        super().__init__(settings, tools)
        self.recorded: list[Recorded] = []

    def of(self, destination: str) -> Channel | None:
        """Return a recorder in the place of the channel, or None when that is not set up."""
        real = super().of(destination)
        return None if real is None else Recorder(real, kind_of(destination), self.recorded)


class Recorder:
    """Takes messages, hands none over."""

    def __init__(self, real: Channel, kind: str, recorded: list[Recorded]) -> None:
        """Speak like the real channel."""
        self.can_look_up = real.can_look_up
        self.can_edit = real.can_edit
        self.can_thread = real.can_thread
        self.when_unknown: Literal["resend", "hold"] = real.when_unknown
        self._kind = kind
        self._recorded = recorded

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Remember the message."""
        self._record(message, envelope)
        return Receipt(ts=envelope.key, place=envelope.to)

    async def find(self, envelope: Envelope) -> Receipt | None:  # noqa: ARG002 - the contract's
        """Return None: what an earlier try left behind is not asked for."""
        return None

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:
        """Remember the change."""
        self._record(message, envelope, edit=True)
        return True

    async def close(self) -> None:
        """Hold nothing open."""

    def _record(self, message: Outgoing, envelope: Envelope, *, edit: bool = False) -> None:
        destination = f"{self._kind}:{envelope.to}"
        self._recorded.append(
            Recorded(destination=destination, message=message, envelope=envelope, edit=edit)
        )
