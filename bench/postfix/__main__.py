"""Does a real Postfix take our mail, and do we understand its answers? `./do bench postfix`.

The mail channel hands in digests and a message told at once, over STARTTLS and with a login, to a Postfix
of the bench's own; it hands them on, and what arrives is held against what was sent, byte for byte. A
recipient who is refused for good and one for now, a wrong password, a mail that is too long, a certificate
that nobody vouches for, and a server that begins anew between two mails. Says so when Postfix is missing.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic
from urllib.parse import quote

from alerts.channels.contract import Envelope, Tools
from alerts.channels.email.channel import Email
from alerts.channels.email.mail import write_mail
from alerts.message import Outgoing
from bench.postfix.server import GONE, LARGEST, PASSWORD, SLOW, USER, Postfix, missing, running
from config.settings import Settings
from news.errors import ChannelError, ChannelRefusedError
from tests.alerts.channels.email.posting import a_day, newsroom, told
from tests.alerts.channels.email.tls import make_certificate
from tests.alerts.digest_day import DUE
from tests.fakes.clock import real_time
from tests.fakes.smtp import FakeSmtp

MAILS = 200
PATIENCE = 60.0  # seconds for Postfix to hand everything on


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One thing that was tried."""

    what: str
    fine: bool
    came: str


def main() -> int:
    """Print a line for each trial; return 1 when one went wrong."""
    if why := missing():
        print(f"not measured: {why}")
        return 0
    with FakeSmtp(clock=real_time) as next_hop, running(next_hop.port) as postfix:
        os.environ["SSL_CERT_FILE"] = str(postfix.certificate.certificate)
        trials = [
            _arrives(postfix, next_hop),
            *_refusals(postfix),
            _restarted(postfix, next_hop),
            _not_vouched_for(postfix),
        ]
    for each in trials:
        print(f"{each.what:<34} {each.came:<72} {'' if each.fine else 'WRONG'}".rstrip(), flush=True)
    return int(not all(each.fine for each in trials))


def _arrives(postfix: Postfix, next_hop: FakeSmtp) -> Trial:
    settings = _settings(postfix)
    envelopes = [_envelope(number) for number in range(MAILS)]
    began = monotonic()
    _talk(settings, lambda channel: _all(channel, envelopes))
    seconds = monotonic() - began
    _wait(lambda: len(next_hop.messages) >= MAILS)
    sent = {each.to: _told_by(_mail(each, settings)) for each in envelopes}
    came = {each.recipients[0]: _told_by(each.raw) for each in next_hop.messages}
    changed = sum(sent[to] != came.get(to) for to in sent)
    connections = postfix.log().count(": connect from")
    said = f"{MAILS / seconds:.0f} a second over TLS, {changed} changed on the way"
    return Trial(
        what=f"{MAILS} digests and alerts", fine=not changed, came=f"{said}, {connections - 1} connections"
    )


def _refusals(postfix: Postfix) -> list[Trial]:
    fine, wrong = _settings(postfix), _settings(postfix, knows="another")
    day = a_day()
    long = replace(day, headline="Long", sections=day.sections * (LARGEST // 4_000))
    return [
        _refused("a recipient refused for good", fine, _envelope(0, to=GONE), ChannelRefusedError, "550"),
        _refused("a recipient refused for now", fine, _envelope(0, to=SLOW), ChannelError, "450"),
        _refused("a wrong password", wrong, _envelope(0), ChannelRefusedError, "535"),
        _refused("a mail that is too long", fine, _envelope(1), ChannelRefusedError, "552", long),
    ]


def _restarted(postfix: Postfix, next_hop: FakeSmtp) -> Trial:
    before = len(next_hop.messages)

    async def scene(channel: Email) -> str:
        for number in range(3):
            await channel.send(told(), _envelope(1_000 + number))
            await asyncio.to_thread(postfix.restart)
        return ""

    _talk(_settings(postfix), scene)
    _wait(lambda: len(next_hop.messages) >= before + 3)
    came = len(next_hop.messages) - before
    return Trial(what="begun anew between two mails", fine=came == 3, came=f"{came} of 3 arrived, each once")  # noqa: PLR2004


def _not_vouched_for(postfix: Postfix) -> Trial:
    with TemporaryDirectory() as folder:
        os.environ["SSL_CERT_FILE"] = str(make_certificate(Path(folder)).certificate)
        return _refused(
            "a certificate nobody vouches for", _settings(postfix), _envelope(0), ChannelError, "not valid"
        )


def _refused(
    what: str,
    settings: Settings,
    envelope: Envelope,
    kind: type[ChannelError],
    words: str,
    message: Outgoing | None = None,
) -> Trial:
    async def scene(channel: Email) -> str:
        try:
            await channel.send(message or a_day(), envelope)
        except ChannelError as error:
            return f"{type(error).__name__}: {error}"
        return "taken"

    said = _talk(settings, scene)
    return Trial(what=what, fine=said.startswith(f"{kind.__name__}:") and words in said, came=said)


async def _all(channel: Email, envelopes: list[Envelope]) -> str:
    """Hand all in, as many at a time as the channel takes."""
    waiting = list(envelopes)

    async def one_after_another() -> None:
        while waiting:
            envelope = waiting.pop()
            await channel.send(_message(envelope), envelope)

    await asyncio.gather(*(one_after_another() for _ in range(channel.at_once)))
    return ""


def _message(envelope: Envelope) -> Outgoing:
    return a_day() if envelope.kind == "digest" else told()


def _mail(envelope: Envelope, settings: Settings) -> bytes:
    return write_mail(_message(envelope), envelope, settings, now=DUE)


def _told_by(raw: bytes) -> bytes:
    """Return a mail without what each server on its way puts before it."""
    return raw[raw.index(b"From: ") :].replace(b"\r\n", b"\n").rstrip(b"\n")


def _envelope(number: int, *, to: str = "") -> Envelope:
    kind = "digest" if number % 2 else "root"
    address = to or f"reader-{number}@newsroom.test"
    return Envelope(key=f"{number:032d}", kind=kind, to=address, created=DUE)  # type: ignore[arg-type]  # one of two


def _settings(postfix: Postfix, *, knows: str = PASSWORD) -> Settings:
    account = f"{quote(USER, safe='')}:{quote(knows, safe='')}"
    return newsroom(f"smtp://{account}@127.0.0.1:{postfix.port}")


def _talk(settings: Settings, scene: Callable[[Email], Awaitable[str]]) -> str:
    def clock() -> datetime:
        return DUE

    async def play() -> str:
        channel = Email.open(settings, Tools(clock=clock, sleep=asyncio.sleep, out=StringIO()))
        assert channel is not None  # noqa: S101 - SMTP_URL is set
        try:
            return await scene(channel)
        finally:
            await channel.close()

    return asyncio.run(play())


def _wait(happened: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not happened() and monotonic() < until:
        Event().wait(0.1)


if __name__ == "__main__":
    sys.exit(main())
