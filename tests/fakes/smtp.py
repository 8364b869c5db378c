"""A mail server on loopback that keeps what it is sent.

    with FakeSmtp(clock=clock) as mail:
        mail.url                                       # smtp://127.0.0.1:40125
        mail.refuse("gone@newsroom.test")              # 550 for this recipient, for good
        mail.greylist("slow@newsroom.test")            # 451 once
        mail.script([accept_then_drop()])              # the next message is kept, and the sender not told
        mail.messages[0].message["Subject"]

Mail cannot be sent exactly once: ``accept_then_drop`` is why.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.fakes.clock import Clock
from tests.fakes.serving import LOOPBACK

NO_SUCH_USER = "550 5.1.1 No such user here"
COME_BACK_LATER = "451 4.7.1 Greylisted, try again later"
LOG_IN_FIRST = "530 5.7.0 Authentication required"
LONGEST_HANG = 30.0  # seconds
SLOWEST_OPEN = SLOWEST_CLOSE = 5.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMail:
    """One message as it came in: the envelope and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    at: datetime

    @property
    def message(self) -> EmailMessage:
        """The message, read."""
        message = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFault:
    """What goes wrong when a message has been sent whole."""

    name: str
    # Is the message kept all the same?
    accepted: bool
    manner: Literal["reply", "drop", "hang"] = "reply"
    reply: str = ""


def accept_then_drop() -> MailFault:
    """Keep the message, then close the connection without an answer."""
    return MailFault(name="accept then drop", accepted=True, manner="drop")


def drop_before() -> MailFault:
    """Close the connection without an answer; nothing is kept."""
    return MailFault(name="drop before", accepted=False, manner="drop")


def hang_accepted() -> MailFault:
    """Keep the message, then say nothing until the server closes."""
    return MailFault(name="hang accepted", accepted=True, manner="hang")


def reply(line: str, *, accepted: bool = False) -> MailFault:
    """Answer the message with this line, such as ``554 5.7.1 Refused as spam``."""
    return MailFault(name=f"reply {line[:3]}", accepted=accepted, reply=line)


class FakeSmtp:
    """A mail server with one mailbox that takes everything."""

    def __init__(
        self, *, clock: Clock, login: str | None = None, password: str | None = None, port: int = 0
    ) -> None:
        """Start listening; with a login and a password, mail is taken only after AUTH."""
        #: Called after a message is kept and before the answer goes out.
        self.on_accept: Callable[[ReceivedMail], None] | None = None
        self._clock = clock
        self._credentials = None if login is None else (login.encode(), (password or "").encode())
        self._messages: list[ReceivedMail] = []
        self._refused: dict[str, str] = {}
        self._greylisted: dict[str, int] = {}
        self._faults: deque[MailFault] = deque()
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._told_to_close = asyncio.Event()
        self._is_open = threading.Event()
        self._socket = socket.create_server((LOOPBACK, port))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._is_open.wait(SLOWEST_OPEN)

    @property
    def url(self) -> str:
        """The server's address, without login and password."""
        return f"smtp://{LOOPBACK}:{self.port}"

    @property
    def messages(self) -> tuple[ReceivedMail, ...]:
        """Every message kept so far, in order."""
        with self._lock:
            return tuple(self._messages)

    def refuse(self, recipient: str, line: str = NO_SUCH_USER) -> None:
        """Refuse mail for a recipient with this line until ``accept``."""
        with self._lock:
            self._refused[recipient.lower()] = line

    def greylist(self, recipient: str, times: int = 1) -> None:
        """Put mail for a recipient off this many times."""
        with self._lock:
            self._greylisted[recipient.lower()] = times

    def accept(self, recipient: str) -> None:
        """Take mail for a recipient again."""
        with self._lock:
            self._refused.pop(recipient.lower(), None)
            self._greylisted.pop(recipient.lower(), None)

    def script(self, faults: Iterable[MailFault]) -> None:
        """Let the next messages meet these faults, one each, once they are sent whole."""
        with self._lock:
            self._faults.extend(faults)

    @property
    def faults_left(self) -> int:
        """How many scripted faults no message has met yet."""
        with self._lock:
            return len(self._faults)

    def write_eml(self, folder: Path) -> list[Path]:
        """Write each message into a file of the folder and return the files, in order."""
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for number, mail in enumerate(self.messages, start=1):
            recipient = re.sub(r"[^a-z0-9.@_-]+", "-", ",".join(mail.recipients).lower())[:60]
            written.append(folder / f"{number:03d}-{recipient}.eml")
            written[-1].write_bytes(mail.raw)
        return written

    def close(self) -> None:
        """Stop listening, drop every connection, wait for the thread. Safe to call twice."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told_to_close.set)
            self._thread.join(SLOWEST_CLOSE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def handle_MAIL(  # noqa: N802 - the names aiosmtpd looks for, here and below
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a message, unless the sender should have logged in first."""
        if self._credentials is not None and not session.authenticated:
            return LOG_IN_FIRST
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse one."""
        refusal = self._refusal(address.lower())
        if refusal is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message, or not, and say so, or not."""
        with self._lock:
            fault = self._faults.popleft() if self._faults else None
        if fault is None or fault.accepted:
            self._keep(envelope)
        if fault is None:
            return "250 2.0.0 OK: kept"
        if fault.manner == "hang":
            await asyncio.sleep(LONGEST_HANG)
        if fault.manner == "reply":
            return fault.reply
        transport = server.transport
        assert isinstance(transport, asyncio.Transport)
        transport.abort()
        return "421 4.3.2 Closing"  # into the void: the connection is gone

    def _refusal(self, recipient: str) -> str | None:
        with self._lock:
            if self._greylisted.get(recipient, 0) > 0:
                self._greylisted[recipient] -= 1
                return COME_BACK_LATER
            return self._refused.get(recipient)

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        mail = ReceivedMail(
            sender=envelope.mail_from or "",
            recipients=tuple(envelope.rcpt_tos),
            raw=content,
            at=self._clock(),
        )
        with self._lock:
            self._messages.append(mail)
        if self.on_accept is not None:
            self.on_accept(mail)

    def _authenticate(
        self,
        _: SMTP,
        __: Session,
        ___: Envelope,
        mechanism: str,
        given: Any,  # noqa: ANN401 - aiosmtpd's
    ) -> AuthResult:
        known = mechanism in {"LOGIN", "PLAIN"} and isinstance(given, LoginPassword)
        return AuthResult(success=known and (given.login, given.password) == self._credentials, handled=False)

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="fake.newsroom.test",
            ident="Fake",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._authenticate if self._credentials else None,
            loop=self._loop,
        )

    def _tls(self) -> ssl.SSLContext | None:
        """What connections are wrapped in from their first byte."""
        return None

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        server = await self._loop.create_server(self._protocol, sock=self._socket, ssl=self._tls())
        self._is_open.set()
        await self._told_to_close.wait()
        server.close()
        await self._hang_up()

    async def _hang_up(self) -> None:
        conversations = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

        # A connection whose TLS is not agreed on yet has no conversation.
        for transport in list(self._loop._transports.values()):  # type: ignore[attr-defined]  # private
            transport.abort()
        await asyncio.sleep(0)  # lets the loop close what was aborted
