"""Would the mail server take mail for these people? Asked up to the recipient; nothing is handed in."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.channels.email.mail import address_of, sender_address
from alerts.channels.email.smtp import mail_server, try_recipient
from alerts.channels.trials import Trial, Tried
from config.settings import Settings
from news.errors import ChannelError, ChannelRefusedError

#: Words of a refusal → what a person can do.
FIXES = (
    ("account in SMTP_URL", "look at user and password in SMTP_URL; %40 stands for @ in a password"),
    ("certificate", "use the server's name as its certificate has it, or renew the certificate"),
    ("STARTTLS", "write smtps:// with the TLS port (465), or ask for a server that offers STARTTLS"),
    ("cannot be reached", "look at host and port in SMTP_URL, and whether this machine may reach it"),
    ("does not answer", "look at host and port in SMTP_URL, and whether this machine may reach it"),
    ("mail from", "let the server's owner allow this sender, or write another from: in nightdesk.yaml"),
)


async def try_email(settings: Settings, recipients: Sequence[str]) -> Trial:
    """Say who we are to the mail server, once for each recipient."""
    try:
        smtp = settings.channels.email.smtp
        server = mail_server(smtp.reveal() if smtp else "")
        sender = sender_address(settings).addr_spec
    except ChannelRefusedError as error:
        return Trial(tried=(Tried(trouble=str(error), fix="correct SMTP_URL or from: and run doctor again"),))
    tried: list[Tried] = []
    for recipient in dict.fromkeys(recipients):
        try:
            address = address_of(recipient).addr_spec
            await try_recipient(sender=sender, recipient=address, server=server)
        except ChannelError as error:
            tried.append(Tried(place=recipient, trouble=str(error), fix=_fix(str(error))))
        else:
            tried.append(Tried(place=recipient))
    return Trial(tried=tuple(tried), known_as=sender)


def _fix(words: str) -> str:
    return next((fix for part, fix in FIXES if part in words), "ask whoever looks after the mail server")
