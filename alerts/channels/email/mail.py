"""How does a message become a mail?

A mail for the same alert always carries the same Message-ID, so that one that was sent twice after an unknown
outcome can be told from two. Headers are built from clean lines only.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses

from alerts.channels.contract import Envelope
from alerts.channels.email.headers import OUTGOING, label, phrase
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


def write_mail(message: Outgoing, envelope: Envelope, settings: Settings, *, now: datetime) -> EmailMessage:
    """Return the whole mail for one recipient: headers, plain text, HTML.

    Raises:
        ChannelRefusedError: the sender or the recipient is not an address.
    """
    sender = sender_address(settings)
    frame = _frame(message, envelope, settings)
    mail = EmailMessage(policy=OUTGOING)
    mail["From"] = sender
    mail["To"] = address_of(envelope.to)
    if settings.channels.email.reply_to:
        mail["Reply-To"] = address_of(settings.channels.email.reply_to)
    mail["Subject"] = cut(clean_line(message.subject), LONGEST_SUBJECT)
    mail["Date"] = local(now, settings.timezone)
    mail["Message-ID"] = message_id(envelope, settings)
    if envelope.thread is not None and envelope.thread.root_ts:
        mail["In-Reply-To"] = mail["References"] = clean_line(envelope.thread.root_ts)
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Id"] = _list_id(message, settings, sender.domain)
    if frame.unsubscribe:
        mail["List-Unsubscribe"] = f"<{frame.unsubscribe}>"
    mail["X-Nightdesk-Key"] = envelope.key
    mail.set_content(plain_text(message) + _signature(frame), cte="quoted-printable")
    mail.add_alternative(page(message, frame), subtype="html", cte="quoted-printable")
    return mail


def sender_address(settings: Settings) -> Address:
    """Return who the mail is from.

    Raises:
        ChannelRefusedError: what the newsroom wrote is not an address.
    """
    return address_of(settings.channels.email.sender or NO_SENDER)


def message_id(envelope: Envelope, settings: Settings) -> str:
    """Return the Message-ID: the same for every try of the same alert."""
    return f"<{envelope.kind}.{envelope.key}@{sender_address(settings).domain}>"


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
