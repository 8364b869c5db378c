"""How does a message become a mail?

Headers are built from clean lines only; a mail for the same alert always carries the same Message-ID, so
that a mail sent twice after an unknown outcome can be told from two mails.
"""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from alerts.channels.contract import Envelope
from alerts.channels.email.layout import Frame, page
from alerts.day import DigestMessage
from alerts.message import Outgoing
from config.settings import Settings
from news.errors import ChannelRefusedError
from news.text import clean_line

#: Characters of a subject; mail programs show fewer, and a 100 kB title must not make a 100 kB header.
LONGEST_SUBJECT = 200


def write_mail(message: Outgoing, envelope: Envelope, settings: Settings, *, now: datetime) -> EmailMessage:
    """Return the whole mail for one recipient: headers, plain text, HTML.

    Raises:
        ChannelRefusedError: the sender or the recipient is not an address.
    """
    sender, recipient = sender_address(settings), _address(envelope.to)
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = recipient
    if settings.channels.email.reply_to:
        mail["Reply-To"] = _address(settings.channels.email.reply_to)
    mail["Subject"] = clean_line(message.subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(envelope, settings)
    _add_threading(mail, envelope)
    _add_list_headers(mail, message, sender)
    mail["X-Nightdesk-Key"] = envelope.key
    footer = footer_lines(message, envelope, settings)
    mail.set_content(message.text + "\n-- \n" + "\n".join(footer) + "\n", cte="quoted-printable")
    frame = Frame(language=settings.language, footer=footer, unsubscribe=_unsubscribe(message, sender))
    mail.add_alternative(page(message, frame), subtype="html", cte="quoted-printable")
    return mail


def sender_address(settings: Settings) -> Address:
    """Return the sender that the newsroom set, or one made of the first word that it can be."""
    return _address(settings.channels.email.sender or "Nightdesk <nightdesk@localhost>")


def message_id(envelope: Envelope, settings: Settings) -> str:
    """Return the Message-ID: the same for every try of the same alert."""
    return f"<{envelope.kind}.{envelope.key}@{sender_address(settings).domain or 'localhost'}>"


def footer_lines(message: Outgoing, envelope: Envelope, settings: Settings) -> tuple[str, ...]:
    """Return why the reader gets this, and from whom."""
    if isinstance(message, DigestMessage):
        why = f"You get this because {envelope.to} is on the daily email of “{message.title}”."
        quoted = " The quoted lines stand word for word in the linked articles." if message.sections else ""
    else:
        why = f"You get this because {envelope.to} is told at once."
        quoted = ""
    return why, f"Sent by Nightdesk for {settings.newsroom}.{quoted}"


def _address(text: str) -> Address:
    name, address = parseaddr(clean_line(text))
    user, _, domain = address.rpartition("@")
    try:
        return Address(display_name=name, username=user, domain=domain)
    except (ValueError, IndexError) as error:
        what = f"{clean_line(text)} is not a mail address"
        raise ChannelRefusedError(what) from error


def _add_threading(mail: EmailMessage, envelope: Envelope) -> None:
    if envelope.thread is not None and envelope.thread.root_ts:
        mail["In-Reply-To"] = envelope.thread.root_ts
        mail["References"] = envelope.thread.root_ts


def _add_list_headers(mail: EmailMessage, message: Outgoing, sender: Address) -> None:
    mail["Auto-Submitted"] = "auto-generated"
    if isinstance(message, DigestMessage):
        name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in message.title)
        mail["List-Id"] = f"<{name.lower()[:60].strip('-')}.nightdesk.{sender.domain or 'localhost'}>"
        mail["List-Unsubscribe"] = f"<{_unsubscribe(message, sender)}>"


def _unsubscribe(message: Outgoing, sender: Address) -> str:
    if not isinstance(message, DigestMessage):
        return ""
    return f"mailto:{sender.addr_spec}?subject={quote(f'unsubscribe {clean_line(message.title)}')}"
