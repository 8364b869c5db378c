"""Other ways out, through Apprise: Teams, Discord, Telegram, a pager, and a hundred more.

Apprise says whether it worked, and nothing else: no look-up, no edit, no thread. It is an extra, and loaded
when the first message goes out by it.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from alerts.channels.contract import Envelope, Tools
from alerts.channels.trials import Trial, Tried
from alerts.message import Outgoing
from alerts.words import cut
from config.settings import Secret, Settings
from news.errors import ChannelError, ChannelRefusedError
from news.telling import Receipt
from news.text import clean_line

if TYPE_CHECKING:
    from apprise import Apprise

MOST_TEXT = 2_000  # characters; some of these places refuse more
#: Apprise writes addresses, which hold secrets, to its log.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


class Other:
    """The places that only Apprise reaches, each by its name."""

    can_look_up = False
    can_edit = False
    can_thread = False
    when_unknown: Literal["resend", "hold"] = "resend"

    def __init__(self, addresses: Mapping[str, Secret]) -> None:
        """Keep the addresses; Apprise is not loaded yet."""
        self._addresses = addresses

    @classmethod
    def open(cls, settings: Settings, tools: Tools) -> Other | None:  # noqa: ARG003 - the contract's
        """Return the channel, or None while no such place has its address."""
        return cls(settings.channels.others) if settings.channels.others else None

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Hand the message to Apprise, once."""
        name = f"other:{envelope.to}"
        address = self._addresses.get(envelope.to)
        if address is None:
            what = f"{name} is not set up"
            raise ChannelError(what)
        way = _way(address, name)
        words, title = cut(message.text, MOST_TEXT), clean_line(message.subject)
        if not await way.async_notify(body=words, title=title, body_format="text"):
            what = f"{name} did not take the message; Apprise does not say why"
            raise ChannelError(what)
        return Receipt(ts=envelope.key)

    async def try_out(self, places: Sequence[str]) -> Trial:
        """Say which of them have their addresses: more is known only by sending."""
        tried = [
            Tried(place=place)
            if place in self._addresses
            else Tried(place=place, trouble="its address is not set", fix="set it in .env")
            for place in places
        ]
        return Trial(tried=tuple(tried), known_as="by Apprise; whether it works is known by sending one")

    async def find(self, envelope: Envelope) -> Receipt | None:  # noqa: ARG002 - the contract's
        """Return None. Never called, because `can_look_up` is False."""
        return None

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:  # noqa: ARG002 - the contract's
        """Return False: what was sent stays."""
        return False

    async def close(self) -> None:
        """Nothing stays open."""


def _way(address: Secret, name: str) -> Apprise:
    """Return Apprise with one address; its plug-ins are loaded now."""
    with warnings.catch_warnings():
        # They look for modules that later Pythons no longer have.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            from apprise import Apprise
        except ImportError:
            what = f"{name} needs Apprise: install the extra channels"
            raise ChannelError(what) from None
        way = Apprise()
        if not way.add(address.reveal()):
            what = f"the address of {name} is none that Apprise knows"
            raise ChannelRefusedError(what)
    return way
