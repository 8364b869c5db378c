"""How does a message become a mail?

A mail for the same alert always carries the same Message-ID, so that one that was sent twice after an unknown
outcome can be told from two. Headers are built from clean lines only.
"""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime, getaddresses
from functools import lru_cache

from alerts.channels.contract import Envelope
from alerts.channels.email.headers import CRLF, label, machine, mailbox, phrase, unsubscribing, words
from alerts.channels.email.layout import Frame, page
from alerts.channels.email.plain import plain_text, wrapped
from alerts.day import DigestMessage
from alerts.message import Message, Outgoing
from alerts.words import cut
from config.settings import Settings
from news.errors import ChannelRefusedError
from news.text import clean_line
from news.timing import local
from news.wording import joined

LONGEST_SUBJECT = (
    200  # characters; mail programs show fewer, and a 100 kB title must not make a 100 kB header
)
NO_SENDER = "Nightdesk <nightdesk@localhost>"
_USER = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+", re.IGNORECASE | re.ASCII
)  # every mail server takes these


def write_mail(message: Outgoing, envelope: Envelope, settings: Settings, *, now: datetime) -> bytes:
    """Return the whole mail for one recipient as it travels: headers, plain text, HTML.

    Written by hand: Python's `EmailMessage` reads every header back and took two thirds of a mail's time.

    Raises:
        ChannelRefusedError: the sender or the recipient is not an address.
    """
    frame = _frame(message, envelope, settings)
    # No encoded body can hold it: there, "=" is followed by a digit, a letter or the end of the line.
    edge = f"=_{envelope.key}"
    headers = [
        *_headers(message, envelope, settings, frame, now=now),
        machine("MIME-Version", "1.0"),
        machine("Content-Type", f'multipart/alternative; boundary="{edge}"'),
    ]
    parts = (("plain", plain_text(message) + _signature(frame)), ("html", page(message, frame)))
    bodies = (f"--{edge}{CRLF}".encode() + _body(kind, text) for kind, text in parts)
    return "".join(headers).encode() + CRLF.encode() + b"".join(bodies) + f"--{edge}--{CRLF}".encode()


def _headers(
    message: Outgoing, envelope: Envelope, settings: Settings, frame: Frame, *, now: datetime
) -> Iterator[str]:
    sender = sender_address(settings)
    yield mailbox("From", sender)
    yield mailbox("To", address_of(envelope.to))
    if settings.channels.email.reply_to:
        yield mailbox("Reply-To", address_of(settings.channels.email.reply_to))
    yield words("Subject", cut(clean_line(message.subject), LONGEST_SUBJECT))
    yield machine("Date", format_datetime(local(now, settings.timezone)))
    yield machine("Message-ID", message_id(envelope, settings))
    if envelope.thread is not None and envelope.thread.root_ts:
        yield machine("In-Reply-To", envelope.thread.root_ts)
        yield machine("References", envelope.thread.root_ts)
    yield machine("Auto-Submitted", "auto-generated")
    yield machine("List-Id", _list_id(message, settings, sender.domain))
    if envelope.kind != "health":
        yield unsubscribing(settings.console, envelope.key, frame.unsubscribe)
    yield machine("X-Nightdesk-Key", envelope.key)


def _body(kind: str, text: str) -> bytes:
    """Return a part: its headers, and its text encoded so that no mail server changes a letter of it."""
    head = machine("Content-Type", f'text/{kind}; charset="utf-8"')
    head += machine("Content-Transfer-Encoding", "quoted-printable")
    lines = b2a_qp(text.encode(errors="replace"), istext=True).replace(b"\n", CRLF.encode())
    return f"{head}{CRLF}".encode() + lines + CRLF.encode()


def sender_address(settings: Settings) -> Address:
    """Return who the mail is from.

    Raises:
        ChannelRefusedError: what the newsroom wrote is not an address.
    """
    return address_of(settings.channels.email.sender or NO_SENDER)


def message_id(envelope: Envelope, settings: Settings) -> str:
    """Return the Message-ID: the same for every try of the same alert."""
    return f"<{envelope.kind}.{envelope.key}@{sender_address(settings).domain}>"


@lru_cache(maxsize=64)
def address_of(text: str) -> Address:
    """Read "Metro Desk <metro-desk@newsroom.test>"; a domain's own letters become the ones that mail uses.

    Raises:
        ChannelRefusedError: it is not one address that every mail server takes.
    """
    line = clean_line(text)
    named = getaddresses([line])
    name, address = named[0] if len(named) == 1 else ("", "")
    user, _, domain = address.rpartition("@")
    what = f"{line} is not a mail address"
    if not (_USER.fullmatch(user) and domain):
        raise ChannelRefusedError(what)
    try:
        return Address(display_name=name, username=user, domain=domain.encode("idna").decode("ascii"))
    except (ValueError, IndexError) as error:
        raise ChannelRefusedError(what) from error


def _frame(message: Outgoing, envelope: Envelope, settings: Settings) -> Frame:
    """Return why the reader gets this, from whom, and how it is stopped."""
    to = settings.channels.email.reply_to or settings.channels.email.sender or NO_SENDER
    stop_at = address_of(to).addr_spec
    closing = f"Sent by Nightdesk for {settings.newsroom}."
    if not isinstance(message, DigestMessage):
        about = (
            f" of “{joined(message.watchlists)}”"
            if isinstance(message, Message) and message.watchlists
            else ""
        )
        why = f"You get this because {envelope.to} hears{about} at once."
        return Frame(language=settings.language, why=why, closing=closing, stop_at=stop_at)
    why = f"You get this because {envelope.to} is on the {message.rhythm} of “{message.title}”."
    if message.sections:
        closing += " The quoted lines stand word for word in the linked articles."
    return Frame(
        language=settings.language,
        why=why,
        closing=closing,
        stop_at=stop_at,
        stop=f"unsubscribe {message.token}",
    )


def _signature(frame: Frame) -> str:
    lines = wrapped(frame.why)
    if frame.stop:
        how = f"{frame.why} To stop it, write to {frame.stop_at} with this subject:"
        lines = [*wrapped(how), frame.stop]
    return "\n".join(("", "-- ", *lines, *wrapped(frame.closing), ""))


def _list_id(message: Outgoing, settings: Settings, domain: str) -> str:
    """Return what mail programs sort by; a private watchlist is not named in a header."""
    if isinstance(message, DigestMessage):
        names, private, token = message.names, message.private, message.token
    else:
        names = message.watchlists if isinstance(message, Message) else ()
        secret = {watchlist.name for watchlist in settings.watchlists if watchlist.private}
        private, token = not secret.isdisjoint(names), "private"
    named = "" if private else joined(names)
    before = f"{phrase(named)} " if phrase(named) else ""
    return f"{before}<{label(named) or token or message.kind}.nightdesk.{domain}>"
