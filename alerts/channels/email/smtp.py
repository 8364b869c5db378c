"""How is one mail handed to the mail server, and what does its answer mean?

The phases are walked one by one, because the phase tells what a lost connection means: before the mail was
handed over nothing can have been sent; after it the outcome is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError

if TYPE_CHECKING:
    import aiosmtplib

#: Seconds for each answer of the mail server; a lease is longer than all of them together.
ANSWER_TIMEOUT = 10.0
#: Scheme → (TLS from the first byte, STARTTLS required, usual port).
_SCHEMES = {"smtps": (True, False, 465), "smtp": (False, True, 587), "smtp+plain": (False, False, 25)}
#: Answers from here on are for good; below they are for now (RFC 5321, 4.2.1).
_FOR_GOOD = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Show the server, never the account."""
        return f"MailServer({self.host}:{self.port})"


def mail_server(url: str) -> MailServer:
    """Read SMTP_URL.

    `smtp://user:password@host:587` requires STARTTLS, `smtps://` is TLS from the first byte, `smtp+plain://`
    is neither and meant for a server on this machine.

    Raises:
        ChannelRefusedError: the address cannot be used; its text never shows the password.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ChannelRefusedError(
            "SMTP_URL is not a mail server's address; write smtp://user:password@host:587"
        )
    tls, starttls, usual = _SCHEMES[parts.scheme]
    return MailServer(
        host=parts.hostname,
        port=_port(parts, usual),
        tls=tls,
        starttls=starttls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _port(parts: SplitResult, usual: int) -> int:
    try:
        return parts.port or usual
    except ValueError as error:
        raise ChannelRefusedError("the port in SMTP_URL is not a number from 1 to 65535") from error


async def hand_in(mail: EmailMessage, *, sender: str, recipient: str, server: MailServer) -> str:
    """Hand one mail for one recipient to the server; return the server's words.

    Raises:
        ChannelRefusedError: the account, the sender, the recipient or the mail is refused for good.
        OutcomeUnknownError: the mail was handed over and no answer came.
        ChannelError: nothing was sent this time.
    """
    import aiosmtplib

    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls,
        start_tls=server.starttls,
        validate_certs=True,
        timeout=ANSWER_TIMEOUT,
    )
    try:
        await _open(client, server)
        await _address(client, sender, recipient)
        answer = await _hand_over(client, mail.as_bytes(policy=SMTP_POLICY))
    finally:
        client.close()
    return answer


async def _open(client: aiosmtplib.SMTP, server: MailServer) -> None:
    import aiosmtplib

    try:
        await client.connect()
        if server.user:
            await client.login(server.user, server.password)
    except aiosmtplib.SMTPAuthenticationError as error:
        what = f"the mail server refuses the account in SMTP_URL ({error.code})"
        raise ChannelRefusedError(what) from error
    except aiosmtplib.SMTPNotSupported as error:
        what = f"the mail server at {server.host} cannot do what SMTP_URL asks (STARTTLS, or a login)"
        raise ChannelRefusedError(what) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        what = f"the mail server at {server.host}:{server.port} does not answer as it should"
        raise ChannelError(what) from error


async def _address(client: aiosmtplib.SMTP, sender: str, recipient: str) -> None:
    import aiosmtplib

    try:
        await client.mail(sender)
        await client.rcpt(recipient)
    except aiosmtplib.SMTPResponseException as error:
        raise _refusal(error, f"the mail server refuses {recipient}") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise ChannelError("the mail server went away before the mail was handed over") from error


async def _hand_over(client: aiosmtplib.SMTP, content: bytes) -> str:
    import aiosmtplib

    try:
        answer = await client.data(content)
    except aiosmtplib.SMTPDataError as error:
        raise _refusal(error, "the mail server refuses the mail") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise OutcomeUnknownError("the mail was handed over and the mail server did not answer") from error
    return f"{answer.code} {answer.message}"


def _refusal(error: aiosmtplib.SMTPResponseException, what: str) -> ChannelError:
    words = f"{what}: {error.code} {' '.join(error.message.split())}"
    return ChannelRefusedError(words) if error.code >= _FOR_GOOD else ChannelError(words)
