"""Is a mail handed in once, safely, and is the server's answer understood?"""

from __future__ import annotations

import asyncio
import socket
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alerts.channels.email import smtp
from alerts.channels.email.lines import Lines
from alerts.channels.email.smtp import mail_server
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from tests.alerts.channels.email.posting import DESK, PASSWORD
from tests.alerts.channels.email.tls import Certificate, SafeSmtp, make_certificate
from tests.fakes.clock import FakeClock
from tests.fakes.serving import LOOPBACK
from tests.fakes.smtp import FakeSmtp, accept_then_drop, drop_before, hang_accepted, reply
from tests.nouns import NOON

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Session

SENDER = "nightdesk@newsroom.test"
ACCOUNT = f"desk:{PASSWORD.replace('/', '%2F')}"


@pytest.fixture
def mail() -> Iterator[FakeSmtp]:
    with FakeSmtp(clock=FakeClock(NOON)) as running:
        yield running


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """Make a certificate that this machine trusts for the length of a test."""
    made = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
    return made


A_MAIL = (
    b"From: nightdesk@newsroom.test\r\nSubject: Sanctuary cities: 4 stories\r\n\r\n"
    b"The mayor of Port Ellery turned down an invitation.\r\n.\r\n"
)


def send(port: int, *, scheme: str = "smtp+plain", account: str = "", to: str = DESK) -> str:
    """Hand the mail in at a port of this machine; return the server's words."""
    at = f"{account}@" if account else ""
    server = mail_server(f"{scheme}://{at}{LOOPBACK}:{port}")
    return asyncio.run(hand_in(Lines(server, sender=SENDER), to))


async def hand_in(lines: Lines, *recipients: str) -> str:
    """Hand the mail in for one recipient after the other; return the server's last words."""
    said = ""
    try:
        for recipient in recipients:
            said = await lines.hand_in(A_MAIL, recipient=recipient)
    finally:
        await lines.close()
    return said


# ── The address ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtp://mail.newsroom.test", 587, False, True),
        ("smtps://mail.newsroom.test", 465, True, False),
        ("smtp+plain://mail.newsroom.test", 25, False, False),
        ("smtp://mail.newsroom.test:2525", 2525, False, True),
    ],
)
def test_the_scheme_says_how_safe_the_way_must_be(url: str, port: int, *, tls: bool, starttls: bool) -> None:
    server = mail_server(url)
    assert (server.host, server.port, server.tls, server.starttls) == (
        "mail.newsroom.test",
        port,
        tls,
        starttls,
    )


def test_an_account_may_hold_any_letter() -> None:
    server = mail_server(f"smtp://desk%40newsroom.test:{PASSWORD.replace('/', '%2F')}@mail.newsroom.test")
    assert (server.user, server.password) == ("desk@newsroom.test", PASSWORD)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.newsroom.test",
        f"https://{ACCOUNT}@mail.newsroom.test",
        f"smtp://{ACCOUNT}@",
        f"smtp://{ACCOUNT}@mail.newsroom.test:port",
        f"smtp://{ACCOUNT}@mail.newsroom.test:99999",
        f"smtp://{ACCOUNT}@mail.newsroom.test:0",
        f"smtp://{ACCOUNT}@[mail",
        f"smtp+plain://{ACCOUNT}@mail.newsroom.test",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_showing_the_account(url: str) -> None:
    with pytest.raises(ChannelRefusedError) as problem:
        mail_server(url)
    assert "SMTP_URL" in str(problem.value)
    assert "s3cret" not in "".join(traceback.format_exception(problem.value))


def test_a_server_is_shown_without_its_account() -> None:
    assert repr(mail_server(f"smtp://{ACCOUNT}@mail.newsroom.test")) == "MailServer(mail.newsroom.test:587)"


# ── The answer ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_is_handed_in_for_one_recipient_and_arrives_byte_for_byte(mail: FakeSmtp) -> None:
    assert send(mail.port) == "250 2.0.0 OK: kept"
    (kept,) = mail.messages
    assert (kept.sender, kept.recipients) == (SENDER, (DESK,))
    assert kept.message.get_content() == "The mayor of Port Ellery turned down an invitation.\r\n.\r\n"


def test_a_recipient_who_is_refused_for_good_is_told_with_the_servers_words(mail: FakeSmtp) -> None:
    mail.refuse("gone@newsroom.test")
    with pytest.raises(ChannelRefusedError, match=r"refuses gone@newsroom.test: 550 5.1.1 No such user here"):
        send(mail.port, to="gone@newsroom.test")
    assert mail.messages == ()


def test_a_recipient_who_is_put_off_is_tried_again(mail: FakeSmtp) -> None:
    mail.greylist(DESK)
    with pytest.raises(ChannelError, match="451") as problem:
        send(mail.port)
    assert type(problem.value) is ChannelError
    assert send(mail.port).startswith("250")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("554 5.7.1 Refused as spam", ChannelRefusedError),
        ("452 4.3.1 Out of storage", ChannelError),
        ("421 4.3.2 Closing", ChannelError),
    ],
)
def test_a_mail_that_is_refused_whole_was_not_sent(
    mail: FakeSmtp, answer: str, kind: type[ChannelError]
) -> None:
    mail.script([reply(answer)])
    with pytest.raises(ChannelError, match=answer[:3]) as problem:
        send(mail.port)
    assert type(problem.value) is kind
    assert mail.messages == ()


def test_when_the_answer_is_lost_nobody_knows(mail: FakeSmtp) -> None:
    mail.script([accept_then_drop(), drop_before()])
    for kept in (1, 1):
        with pytest.raises(OutcomeUnknownError):
            send(mail.port)
        assert len(mail.messages) == kept


def test_when_no_answer_comes_nobody_knows(mail: FakeSmtp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "ANSWER_TIMEOUT", 0.3)
    mail.script([hang_accepted()])
    with pytest.raises(OutcomeUnknownError):
        send(mail.port)
    assert len(mail.messages) == 1


def test_when_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ChannelError, match="cannot be reached") as problem:
        send(port)
    assert type(problem.value) is ChannelError


def test_a_server_that_never_greets_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "OPENING_TIMEOUT", 0.2)
    with socket.create_server((LOOPBACK, 0)) as silent, pytest.raises(ChannelError) as problem:
        send(silent.getsockname()[1])
    assert type(problem.value) is ChannelError
    assert str(problem.value).endswith("does not answer in time")


# ── Many mails ──────────────────────────────────────────────────────────────────────────────────────────


class Counting(FakeSmtp):
    """A server that counts who comes, and hangs up after so many mails."""

    most, greeted = 100, 0

    def _protocol(self) -> SMTP:
        self.greeted += 1
        return super()._protocol()

    async def handle_MAIL(self, server: SMTP, session: Session, *rest: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
        carried = vars(session).setdefault("carried", [])
        carried.append(1)
        if len(carried) > self.most:
            return "421 4.7.0 Too many mails, closing"
        return await super().handle_MAIL(server, session, *rest)


def lines_to(mail: FakeSmtp) -> Lines:
    return Lines(mail_server(mail.url.replace("smtp://", "smtp+plain://")), sender=SENDER)


READERS = tuple(f"reader-{number}@newsroom.test" for number in range(5))


@pytest.mark.parametrize(("most", "greeted"), [(100, 1), (2, 3)])
def test_many_mails_share_a_connection_and_a_server_that_hangs_up_costs_none(most: int, greeted: int) -> None:
    with Counting(clock=FakeClock(NOON)) as mail:
        mail.most = most
        asyncio.run(hand_in(lines_to(mail), *READERS))
        assert [kept.recipients for kept in mail.messages] == [(reader,) for reader in READERS]
        assert mail.greeted == greeted


def test_a_refused_recipient_keeps_no_mail_from_the_next_one() -> None:
    with Counting(clock=FakeClock(NOON)) as mail:
        mail.refuse(READERS[2])

        async def talk(lines: Lines) -> None:
            for reader in READERS:
                with suppress(ChannelRefusedError):
                    await lines.hand_in(A_MAIL, recipient=reader)
            await lines.close()

        asyncio.run(talk(lines_to(mail)))
        assert [kept.recipients for kept in mail.messages] == [(r,) for r in READERS if r != READERS[2]]


def test_a_lost_answer_on_a_kept_connection_is_not_known_and_sent_only_once() -> None:
    with Counting(clock=FakeClock(NOON)) as mail:

        async def talk(lines: Lines) -> None:
            await lines.hand_in(A_MAIL, recipient=READERS[0])
            mail.script([accept_then_drop()])
            with pytest.raises(OutcomeUnknownError):
                await lines.hand_in(A_MAIL, recipient=READERS[1])
            await lines.close()

        asyncio.run(talk(lines_to(mail)))
        assert len(mail.messages) == 2


# ── The account ─────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_opens_the_server() -> None:
    with FakeSmtp(clock=FakeClock(NOON), login="desk", password=PASSWORD) as mail:
        assert send(mail.port, account=ACCOUNT).startswith("250")


def test_a_wrong_password_is_refused_and_shown_nowhere() -> None:
    with FakeSmtp(clock=FakeClock(NOON), login="desk", password="another") as mail:
        with pytest.raises(ChannelRefusedError, match="refuses the account in SMTP_URL: 535") as problem:
            send(mail.port, account=ACCOUNT)
        assert "s3cret" not in "".join(traceback.format_exception(problem.value))


def test_a_password_that_the_server_repeats_is_struck_out() -> None:
    with FakeSmtp(clock=FakeClock(NOON), login="desk", password=PASSWORD) as mail:
        mail.refuse(DESK, f"550 5.1.1 No, {PASSWORD} desk")
        with pytest.raises(ChannelRefusedError, match=r"550 5\.1\.1 No, … desk") as problem:
            send(mail.port, account=ACCOUNT)
        assert "s3cret" not in "".join(traceback.format_exception(problem.value))


class Open(FakeSmtp):
    """A server that lets everybody in and nobody log in."""

    def _protocol(self) -> SMTP:
        protocol = super()._protocol()
        protocol._auth_methods.clear()
        return protocol


def test_an_account_where_the_server_takes_none_is_for_a_person_to_mend() -> None:
    with (
        Open(clock=FakeClock(NOON)) as mail,
        pytest.raises(ChannelRefusedError, match="takes no login, and SMTP_URL has one"),
    ):
        send(mail.port, account=ACCOUNT)


def test_a_server_that_wants_an_account_says_so() -> None:
    with (
        FakeSmtp(clock=FakeClock(NOON), login="desk", password=PASSWORD) as mail,
        pytest.raises(ChannelRefusedError, match=r"refuses mail from nightdesk@newsroom\.test: 530"),
    ):
        send(mail.port)


# ── The way ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_server_without_starttls_gets_nothing_by_smtp(mail: FakeSmtp) -> None:
    with pytest.raises(ChannelRefusedError, match="does not offer STARTTLS"):
        send(mail.port, scheme="smtp", account=ACCOUNT)
    assert mail.messages == ()


@pytest.mark.parametrize(("scheme", "starttls"), [("smtp", True), ("smtps", False)])
def test_mail_goes_over_tls(certificate: Certificate, scheme: str, *, starttls: bool) -> None:
    with SafeSmtp(clock=FakeClock(NOON), certificate=certificate, starttls=starttls) as mail:
        assert send(mail.port, scheme=scheme, account=ACCOUNT).startswith("250")
        assert len(mail.messages) == 1


@pytest.mark.parametrize(("scheme", "starttls"), [("smtp", True), ("smtps", False)])
def test_a_certificate_that_nobody_vouches_for_stops_the_mail(
    tmp_path: Path, scheme: str, *, starttls: bool
) -> None:
    unknown = make_certificate(tmp_path)
    with (
        SafeSmtp(clock=FakeClock(NOON), certificate=unknown, starttls=starttls) as mail,
        pytest.raises(ChannelError, match="certificate that is not valid") as problem,
    ):
        send(mail.port, scheme=scheme, account=ACCOUNT)
    assert type(problem.value) is ChannelError
    assert mail.messages == ()
