"""Mail, one recipient a mail.

Whether a mail arrived cannot be looked up: after an unknown outcome it is sent again with the same
Message-ID, or held for a person, as the newsroom chose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from alerts.channels.contract import Envelope, Tools
from alerts.channels.email.lines import AT_ONCE, Lines
from alerts.channels.email.mail import address_of, message_id, sender_address, write_mail
from alerts.channels.email.smtp import mail_server
from alerts.channels.email.trying import try_email
from alerts.channels.trials import Trial
from alerts.message import Outgoing
from config.settings import Settings
from news.errors import ChannelRefusedError
from news.telling import Receipt

#: Domains kept for examples (RFC 2606): nobody reads mail there.
NOBODY = re.compile(r"(?:.*\.)?(?:example(?:\.[a-z]{2,3}){0,2}|invalid)\.?", re.IGNORECASE)


class Email:
    """The newsroom's mail server."""

    can_look_up = False
    can_edit = False
    # Mail programs may or may not put a reply under its root, so every mail says what it is about.
    can_thread = False
    at_once = AT_ONCE

    def __init__(self, settings: Settings, tools: Tools) -> None:
        """Keep what a mail needs; the server is asked when there is one."""
        self._settings = settings
        self._tools = tools
        self._lines: Lines | None = None

    @classmethod
    def open(cls, settings: Settings, tools: Tools) -> Email | None:
        """Return the channel, or None while SMTP_URL is not set."""
        return cls(settings, tools) if settings.channels.email.is_set_up else None

    @property
    def when_unknown(self) -> Literal["resend", "hold"]:
        """Return what the newsroom chose for a mail that may have arrived."""
        return "hold" if self._settings.channels.email.when_unknown == "hold" else "resend"

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Hand the mail in, once."""
        recipient = address_of(envelope.to).addr_spec
        if NOBODY.fullmatch(recipient.rpartition("@")[2]):
            what = f"{recipient} is nobody's mailbox; nothing is ever sent there"
            raise ChannelRefusedError(what)
        lines = self._open_lines()
        settings = self._settings.as_read_at(f"email:{envelope.to}")
        mail = write_mail(message, envelope, settings, now=self._tools.clock())
        await lines.hand_in(mail, recipient=recipient)
        return Receipt(ts=message_id(envelope, self._settings))

    async def find(self, envelope: Envelope) -> Receipt | None:  # noqa: ARG002 - the contract's signature
        """Return None: a mailbox cannot be looked into. Never called, because `can_look_up` is False."""
        return None

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:  # noqa: ARG002 - as above
        """Return False: a mail that was sent stays as it is."""
        return False

    async def try_out(self, places: Sequence[str]) -> Trial:
        """Ask the mail server whether it would take mail for these people; nothing is handed in."""
        return await try_email(self._settings, places)

    async def close(self) -> None:
        """Leave the mail server."""
        if self._lines is not None:
            await self._lines.close()

    def _open_lines(self) -> Lines:
        if self._lines is None:
            smtp = self._settings.channels.email.smtp
            if smtp is None:
                raise ChannelRefusedError("mail is not set up; set SMTP_URL")
            sender = sender_address(self._settings).addr_spec
            self._lines = Lines(mail_server(smtp.reveal()), sender=sender)
        return self._lines
