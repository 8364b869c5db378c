"""What do tests of mail write, and to whom? The day of `tests/alerts/digest_day.py`, and one told at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import StringIO
from typing import TypeVar

from alerts.channels.contract import Channel, Envelope, Tools
from alerts.channels.email.channel import Email
from alerts.channels.email.mail import write_mail
from alerts.compose import compose
from alerts.day import DigestMessage
from alerts.digests import compose_digest
from alerts.message import Message, Outgoing
from alerts.words import Telling
from config.settings import ChannelSettings, EmailSettings, Secret, Settings
from news.telling import AlertKind
from tests.alerts.digest_day import DUE, INSTALLATION, a_digest, at, the_facts, the_settings
from tests.nouns import FieldValue, a_thread, an_alert

KEY = "blyfq8mzrb0ndolb9jnze0rqgi5yrau2"
DESK = "metro-desk@newsroom.test"
SENDER = "Nightdesk <nightdesk@newsroom.test>"
PASSWORD = "s3cret/word"

T = TypeVar("T")


def newsroom(url: str = "smtp+plain://127.0.0.1:25", **fields: FieldValue) -> Settings:
    """Return a newsroom whose mail goes to this server."""
    email = replace(EmailSettings(smtp=Secret(url), sender=SENDER), **fields)
    return the_settings(channels=ChannelSettings(email=email))


def a_day(**fields: FieldValue) -> DigestMessage:
    """Return Thursday's digest in words."""
    return replace(compose_digest(a_digest(), the_facts(), the_settings()), **fields)


def told(kind: AlertKind = "root", **fields: FieldValue) -> Message:
    """Return the first story of the day, told at once."""
    facts = the_facts()
    telling = Telling(
        story=facts.stories[1],
        matches=facts.matches[1],
        thread=a_thread(root_sent_at=at("12:02")),
        settings=the_settings(),
        installation=INSTALLATION,
        now=at("14:06"),
    )
    alert = an_alert(kind=kind, from_revision=0 if kind == "root" else 1, revision=3)
    return replace(compose(alert, telling, threaded=False), **fields)


def an_envelope(**fields: FieldValue) -> Envelope:
    """Return where the metro desk's mail goes."""
    return replace(Envelope(key=KEY, kind="digest", to=DESK, created=DUE), **fields)


def raw_mail(message: Outgoing, settings: Settings | None = None, **fields: FieldValue) -> bytes:
    """Return the bytes of a mail."""
    envelope = an_envelope(**{"kind": message.kind, **fields})
    return write_mail(message, envelope, settings or newsroom(), now=DUE)


def written(message: Outgoing, settings: Settings | None = None, **fields: FieldValue) -> EmailMessage:
    """Return the mail as a mail program reads it: through bytes."""
    return as_received(raw_mail(message, settings, **fields))


def as_received(raw: bytes) -> EmailMessage:
    """Read a mail."""
    return message_from_bytes(raw, policy=policy.default)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """Return one of the two readings of a mail."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def talk(settings: Settings, scene: Callable[[Channel], Awaitable[T]]) -> T:
    """Open the channel, play the scene, close it."""

    async def play() -> T:
        async def no_wait(_: float) -> None:
            return None

        channel = Email.open(settings, Tools(clock=lambda: DUE, sleep=no_wait, out=StringIO()))
        assert channel is not None
        try:
            return await scene(channel)
        finally:
            await channel.close()

    return asyncio.run(play())
