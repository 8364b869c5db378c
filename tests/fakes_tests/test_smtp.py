"""Does the fake mail server take, refuse and lose mail as told?"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.serving import LOOPBACK
from tests.fakes.smtp import FakeSmtp, accept_then_drop, drop_before, hang_accepted, reply
from tests.fakes_tests.asking import NOON

DESK = "metro-desk@newsroom.test"


@pytest.fixture
def mail() -> Iterator[FakeSmtp]:
    with FakeSmtp(clock=FakeClock(NOON)) as running:
        yield running


def a_message(subject: str = "Sanctuary cities: 4 stories") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "nightdesk@newsroom.test", DESK, subject
    message["Message-ID"] = "<digest-1@newsroom.test>"
    message.set_content("The mayor of Port Ellery turned down an invitation.\n")
    return message


def send(mail: FakeSmtp, *recipients: str, patience: float = 3) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(LOOPBACK, mail.port, local_hostname="newsroom.test", timeout=patience) as connection:
        return connection.send_message(a_message(), to_addrs=list(recipients or (DESK,)))


def test_a_message_is_kept_with_its_envelope(mail: FakeSmtp) -> None:
    assert send(mail) == {}
    (kept,) = mail.messages
    assert (kept.sender, kept.recipients, kept.at) == ("nightdesk@newsroom.test", (DESK,), NOON)
    assert kept.message["Message-ID"] == "<digest-1@newsroom.test>"
    assert "turned down" in kept.message.get_content()


def test_one_refused_recipient_does_not_stop_the_other(mail: FakeSmtp) -> None:
    mail.refuse("gone@newsroom.test")
    refused = send(mail, DESK, "gone@newsroom.test")
    assert refused["gone@newsroom.test"][0] == 550
    assert mail.messages[0].recipients == (DESK,)
    mail.accept("gone@newsroom.test")
    assert send(mail, "gone@newsroom.test") == {}


def test_greylisting_passes(mail: FakeSmtp) -> None:
    mail.greylist(DESK)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as problem:
        send(mail)
    assert problem.value.recipients[DESK][0] == 451
    assert send(mail) == {}


def test_a_lost_answer_leaves_the_message_kept_or_not(mail: FakeSmtp) -> None:
    mail.script([accept_then_drop(), drop_before()])
    for kept in (1, 1):
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            send(mail)
        assert len(mail.messages) == kept


def test_a_server_may_never_answer(mail: FakeSmtp) -> None:
    mail.script([hang_accepted()])
    with pytest.raises(OSError, match=r"timed out|timeout"):
        send(mail, patience=0.3)
    assert len(mail.messages) == 1


def test_a_message_may_be_refused_after_it_was_sent_whole(mail: FakeSmtp) -> None:
    mail.script([reply("554 5.7.1 Refused as spam")])
    with pytest.raises(smtplib.SMTPDataError) as problem:
        send(mail)
    assert problem.value.smtp_code == 554
    assert mail.messages == ()


def test_a_server_may_want_a_login() -> None:
    with FakeSmtp(clock=FakeClock(NOON), login="desk", password="fake") as mail:
        with pytest.raises(smtplib.SMTPSenderRefused) as problem:
            send(mail)
        assert problem.value.smtp_code == 530
        with smtplib.SMTP(LOOPBACK, mail.port, local_hostname="newsroom.test") as connection:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                connection.login("desk", "wrong")
            connection.login("desk", "fake")
            connection.send_message(a_message())
        assert len(mail.messages) == 1


def test_messages_are_written_as_files(mail: FakeSmtp, tmp_path: Path) -> None:
    send(mail)
    (path,) = mail.write_eml(tmp_path / "mail")
    assert path.name == "001-metro-desk@newsroom.test.eml"
    assert path.read_bytes() == mail.messages[0].raw


def test_the_hook_runs_before_the_answer(mail: FakeSmtp) -> None:
    seen: list[int] = []
    mail.on_accept = lambda _: seen.append(len(mail.messages))
    send(mail)
    assert seen == [1]
