"""Which ways out are there, and which of them has the newsroom set up?"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from alerts.channels.contract import Answering, Channel, ChannelClass, Tools
from config.settings import Settings

#: Kind of destination → where its class lives. Imported on first use: without Slack, its SDK is never loaded.
CHANNELS = {
    "console": "alerts.channels.console.channel:Console",
    "email": "alerts.channels.email.channel:Email",
    "other": "alerts.channels.other.channel:Other",
    "slack": "alerts.channels.slack.channel:SlackChannel",
    "webhook": "alerts.channels.webhook.channel:Webhook",
}


class Channels:
    """The channels, each opened when it is first asked for."""

    def __init__(self, settings: Settings, tools: Tools) -> None:
        """Remember what channels are opened with."""
        self._settings = settings
        self._tools = tools
        self._opened: dict[str, Channel | None] = {}

    @property
    def answering(self) -> Answering:
        """Whether somebody answers what readers click."""
        return self._tools.answering

    def of(self, destination: str) -> Channel | None:
        """Return the channel that reaches a destination, or None when it is not set up."""
        kind = kind_of(destination)
        if kind not in self._opened:
            found = channel_class(kind) if kind in CHANNELS else None
            self._opened[kind] = found.open(self._settings, self._tools) if found else None
        return self._opened[kind]

    async def go_by(self, settings: Settings) -> None:
        """Go by what the newsroom decided since: channels are opened again when they are next asked for."""
        await self.close()
        self._settings = settings

    async def close(self) -> None:
        """Close every channel that was opened."""
        while self._opened:
            _, channel = self._opened.popitem()
            if channel is not None:
                await channel.close()


def open_channels(settings: Settings, tools: Tools) -> Channels:
    """Return the newsroom's channels."""
    return Channels(settings, tools)


def channel_class(kind: str) -> ChannelClass:
    """Return the class of a kind, importing it now."""
    module, _, name = CHANNELS[kind].partition(":")
    return cast("ChannelClass", getattr(import_module(module), name))


def kind_of(destination: str) -> str:
    """Return "slack" for "slack:#immigration-desk"."""
    return destination.partition(":")[0]


def address_of(destination: str) -> str:
    """Return "#immigration-desk" for "slack:#immigration-desk"."""
    return destination.partition(":")[2]
