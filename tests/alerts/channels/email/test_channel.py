"""Does the mail channel keep the channels' promises?"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest

from alerts.channels.contract import Tools
from alerts.channels.email.channel import Email
from alerts.channels.registry import open_channels
from config.settings import Settings
from news.errors import ChannelRefusedError, OutcomeUnknownError
from tests.alerts.channels.email.posting import DESK, KEY, a_day, an_envelope, newsroom, talk, told
from tests.alerts.digest_day import DUE
from tests.fakes.clock import FakeClock
from tests.fakes.smtp import FakeSmtp, accept_then_drop
from tests.nouns import a_thread


@pytest.fixture
def mail() -> Iterator[FakeSmtp]:
    with FakeSmtp(clock=FakeClock(DUE)) as running:
        yield running


def newsroom_of(mail: FakeSmtp) -> Settings:
    return newsroom(mail.url.replace("smtp://", "smtp+plain://"))


def test_a_digest_arrives_with_its_key_and_the_receipt_is_its_message_id(mail: FakeSmtp) -> None:
    receipt = talk(newsroom_of(mail), lambda channel: channel.send(a_day(), an_envelope()))
    (kept,) = mail.messages
    assert kept.recipients == (DESK,)
    assert kept.message["X-Nightdesk-Key"] == KEY
    assert receipt.ts == kept.message["Message-ID"] == f"<digest.{KEY}@newsroom.test>"


def test_a_follow_up_stands_under_the_mail_that_the_receipt_named(mail: FakeSmtp) -> None:
    settings = newsroom_of(mail)
    root = talk(settings, lambda channel: channel.send(told(), an_envelope(kind="root")))
    under = an_envelope(kind="reply", key="another", thread=a_thread(root_ts=root.ts))
    talk(settings, lambda channel: channel.send(told("reply"), under))
    first, second = (kept.message for kept in mail.messages)
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] != first["Message-ID"]


def test_a_mail_sent_again_after_a_lost_answer_is_the_same_mail(mail: FakeSmtp) -> None:
    settings = newsroom_of(mail)
    mail.script([accept_then_drop()])
    with pytest.raises(OutcomeUnknownError):
        talk(settings, lambda channel: channel.send(a_day(), an_envelope()))
    talk(settings, lambda channel: channel.send(a_day(), an_envelope()))
    first, again = (kept.message for kept in mail.messages)
    assert first["Message-ID"] == again["Message-ID"]


@pytest.mark.parametrize(
    "nobody",
    ["a@example.com", "a@EXAMPLE.org", "a@mail.example.net", "a@example", "a@example.co.uk", "a@x.invalid"],
)
def test_nothing_is_sent_to_an_address_that_belongs_to_nobody(mail: FakeSmtp, nobody: str) -> None:
    with pytest.raises(ChannelRefusedError, match="nobody's mailbox"):
        talk(newsroom_of(mail), lambda channel: channel.send(a_day(), an_envelope(to=nobody)))
    assert mail.messages == ()


@pytest.mark.parametrize("somebody", ["a@myexample.com", "example@newsroom.test", "a@example.newsroom.test"])
def test_a_name_that_only_looks_like_an_example_is_somebodys(mail: FakeSmtp, somebody: str) -> None:
    talk(newsroom_of(mail), lambda channel: channel.send(a_day(), an_envelope(to=somebody)))
    assert len(mail.messages) == 1


def test_what_is_not_an_address_is_refused_before_the_server_is_asked(mail: FakeSmtp) -> None:
    with pytest.raises(ChannelRefusedError, match="desk is not a mail address"):
        talk(newsroom_of(mail), lambda channel: channel.send(a_day(), an_envelope(to="desk")))
    assert mail.messages == ()


def test_without_a_server_there_is_no_channel() -> None:
    tools = Tools(clock=lambda: DUE, sleep=lambda _: _never(), out=StringIO())
    assert Email.open(Settings(), tools) is None
    assert open_channels(Settings(), tools).of("email:desk@newsroom.test") is None
    assert isinstance(open_channels(newsroom(), tools).of("email:desk@newsroom.test"), Email)


async def _never() -> None:
    raise AssertionError("nothing waits")


@pytest.mark.parametrize("choice", ["resend", "hold"])
def test_the_newsroom_chooses_what_becomes_of_a_mail_that_may_have_arrived(choice: str) -> None:
    tools = Tools(clock=lambda: DUE, sleep=lambda _: _never(), out=StringIO())
    channel = Email.open(newsroom(when_unknown=choice), tools)
    assert channel is not None
    assert channel.when_unknown == choice
    assert not channel.can_look_up
