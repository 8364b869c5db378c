"""How is a mail handed to the mail server, step by step, and what does each answer mean?

The phases are walked one by one, because the phase tells what a lost connection means: before DATA nothing
can have been sent; after it the outcome is not known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from news.text import clean_line

if TYPE_CHECKING:
    import aiosmtplib

#: Seconds for everything up to DATA, for the answer to the mail, for a goodbye. A lease is longer than all.
OPENING_TIMEOUT, ANSWER_TIMEOUT, GOODBYE_TIMEOUT = 10.0, 30.0, 1.0
#: Scheme → (TLS from the first byte, STARTTLS required, usual port).
_SCHEMES = {"smtps": (True, False, 465), "smtp": (False, True, 587), "smtp+plain": (False, False, 25)}
#: Answers from here on are for good; below they are for now (RFC 5321, 4.2.1).
_FOR_GOOD = 500
_CLOSING = 421  # "I hang up": said instead of an answer to anything
LONGEST_WORDS = 300  # characters of a server's words that are kept


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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

    def says(self, words: str) -> str:
        """Return the server's words fit to be shown, without the password if it repeats that."""
        words = words.replace(self.password, "…") if self.password else words
        return clean_line(words)[:LONGEST_WORDS]


def mail_server(url: str) -> MailServer:
    """Read SMTP_URL.

    `smtp://user:password@host:587` requires STARTTLS, `smtps://` is TLS from the first byte, `smtp+plain://`
    is neither and meant for a server on this machine.

    Raises:
        ChannelRefusedError: the address cannot be used; its text never shows the account.
    """
    parts = _parts(url)
    tls, starttls, usual = _SCHEMES[parts.scheme]
    server = MailServer(
        host=parts.hostname or "",
        port=_port(parts, usual),
        tls=tls,
        starttls=starttls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
    if server.user and not (tls or starttls) and not _is_here(server.host):
        what = f"SMTP_URL would send a password unprotected to {server.host}; write smtp:// or smtps://"
        raise ChannelRefusedError(what)
    return server


def _parts(url: str) -> SplitResult:
    usable = False
    with suppress(ValueError):
        parts = urlsplit(url)
        usable = parts.scheme in _SCHEMES and bool(parts.hostname)
    if not usable:
        what = "SMTP_URL is not a mail server's address; write smtp://user:password@host:587"
        raise ChannelRefusedError(what)
    return parts


def _port(parts: SplitResult, usual: int) -> int:
    port: int | None = 0
    with suppress(ValueError):
        port = parts.port
    if port == 0:
        raise ChannelRefusedError("the port in SMTP_URL is not a number from 1 to 65535")
    return port or usual


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def open_line(server: MailServer, *, sender: str, recipient: str) -> aiosmtplib.SMTP:
    """Return a new connection on which sender and recipient are named.

    Raises:
        ChannelRefusedError: the account, the sender or the recipient is refused for good.
        ChannelError: it was not possible this time.
    """
    client = _client(server, sender)
    try:
        await _open(client, server, sender=sender, recipient=recipient)
    except BaseException:
        client.close()
        raise
    return client


async def address(client: aiosmtplib.SMTP, server: MailServer, *, sender: str, recipient: str) -> bool:
    """Name sender and recipient on a connection that carried a mail; False when it is dead.

    Raises:
        ChannelRefusedError: the sender or the recipient is refused for good.
        ChannelError: it was not possible this time.
    """
    import aiosmtplib

    try:
        async with asyncio.timeout(OPENING_TIMEOUT):
            await client.mail(sender)
            await client.rcpt(recipient)
    except aiosmtplib.SMTPResponseException as error:
        if error.code == _CLOSING:
            return False
        raise _refusal(error, _what_is_refused(error, sender, recipient), server) from None
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


async def try_recipient(*, sender: str, recipient: str, server: MailServer) -> None:
    """Go as far as the recipient and leave; nothing is handed in.

    Raises:
        ChannelRefusedError: the account, the sender or the recipient is refused for good.
        ChannelError: it was not possible this time.
    """
    client = await open_line(server, sender=sender, recipient=recipient)
    try:
        await say_goodbye(client)
    finally:
        client.close()


def _client(server: MailServer, sender: str) -> aiosmtplib.SMTP:
    import aiosmtplib

    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        # Else the machine's name is asked for, and a slow name server holds up the mail.
        local_hostname=sender.rpartition("@")[2] or "localhost",
        use_tls=server.tls,
        start_tls=False,  # done by itself, below: without it nothing more is said
        validate_certs=True,
        timeout=ANSWER_TIMEOUT,
    )


async def _open(client: aiosmtplib.SMTP, server: MailServer, *, sender: str, recipient: str) -> None:
    """Connect, log in, and name sender and recipient. What goes wrong here has sent nothing."""
    import aiosmtplib

    try:
        async with asyncio.timeout(OPENING_TIMEOUT):
            await client.connect()
            if server.starttls:
                await _ask_for(client.starttls(), "does not offer STARTTLS, which smtp:// requires", server)
            if server.user:
                login = client.login(server.user, server.password)
                await _ask_for(login, "takes no login, and SMTP_URL has one", server)
            await client.mail(sender)
            await client.rcpt(recipient)
    except (aiosmtplib.SMTPConnectResponseError, aiosmtplib.SMTPHeloError) as error:
        # "554 too many connections": whatever the number says, it is about now, not about this mail.
        what = f"the mail server takes no mail now: {error.code} {server.says(error.message)}"
        raise ChannelError(what) from None
    except aiosmtplib.SMTPResponseException as error:
        # Without its cause: a server may repeat what it was sent.
        raise _refusal(error, _what_is_refused(error, sender, recipient), server) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise _not_reached(error, server) from error


def _what_is_refused(error: aiosmtplib.SMTPResponseException, sender: str, recipient: str) -> str:
    import aiosmtplib

    match error:
        case aiosmtplib.SMTPAuthenticationError():
            return "the mail server refuses the account in SMTP_URL"
        case aiosmtplib.SMTPSenderRefused():
            return f"the mail server refuses mail from {sender}"
        case aiosmtplib.SMTPRecipientRefused():
            return f"the mail server refuses {recipient}"
        case _:
            return "the mail server refuses the connection"


async def _ask_for(asked: Awaitable[object], otherwise: str, server: MailServer) -> None:
    """Do what the server may not know how to do; a plain `SMTPException` is its way to say so."""
    import aiosmtplib

    try:
        await asked
    except aiosmtplib.SMTPException as error:
        if type(error) is aiosmtplib.SMTPException:
            what = f"the mail server at {server.host}:{server.port} {otherwise}"
            raise ChannelRefusedError(what) from error
        raise


def _not_reached(error: Exception, server: MailServer) -> ChannelError:
    where = f"the mail server at {server.host}:{server.port}"
    causes = [error, error.__cause__, error.__context__]
    if any(isinstance(cause, SSLCertVerificationError) for cause in causes):
        return ChannelError(f"{where} shows a certificate that is not valid")
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return ChannelError(f"{where} does not answer in time")
    return ChannelError(f"{where} cannot be reached, or breaks off")


async def hand_over(client: aiosmtplib.SMTP, content: bytes, server: MailServer) -> str:
    """Hand the mail over to whom it was addressed; return the server's words.

    Raises:
        ChannelRefusedError: the mail is refused for good.
        OutcomeUnknownError: it was handed over and no answer came.
        ChannelError: the mail is refused for now.
    """
    import aiosmtplib

    try:
        async with asyncio.timeout(ANSWER_TIMEOUT):
            answer = await client.data(content)
    except aiosmtplib.SMTPDataError as error:
        raise _refusal(error, "the mail server refuses the mail", server) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise OutcomeUnknownError("the mail was handed over and the mail server did not answer") from error
    return f"{answer.code} {server.says(answer.message)}"


async def say_goodbye(client: aiosmtplib.SMTP) -> None:
    """Leave as the protocol asks; the mail is taken whatever comes of it."""
    import aiosmtplib

    with suppress(aiosmtplib.SMTPException, OSError):
        async with asyncio.timeout(GOODBYE_TIMEOUT):
            await client.quit()


def _refusal(error: aiosmtplib.SMTPResponseException, what: str, server: MailServer) -> ChannelError:
    words = f"{what}: {error.code} {server.says(error.message)}".rstrip()
    return ChannelRefusedError(words) if error.code >= _FOR_GOOD else ChannelError(words)
