"""Is a program told once, in a way that it can check, and never somebody else?"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from alerts.channels.contract import Tools
from alerts.channels.webhook.channel import Webhook
from alerts.channels.webhook.signing import signature
from config.settings import ChannelSettings, Secret, Settings, WebhookSettings
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from news.telling import Receipt
from tests.alerts.channels.slack.talking import KEY, a_message, an_envelope
from tests.fakes.clock import FakeClock
from tests.fakes.serving import Answer, Listener, Received
from tests.nouns import NOON, a_thread

SECRET = "whsec_" + base64.b64encode(b"a secret of the test").decode()


@dataclass(slots=True)
class Program:
    """A program of the newsroom's that answers as it is told."""

    answer: Answer = field(default_factory=lambda: Answer(status=204))
    received: list[Received] = field(default_factory=list)

    def respond(self, request: Received) -> Answer:
        """Keep the request and answer it."""
        self.received.append(request)
        return self.answer


@pytest.fixture
def program() -> Iterator[tuple[Program, Callable[..., Receipt]]]:
    """Give a program on loopback, and how a message is sent to it."""
    clock, there = FakeClock(NOON), Program()
    listener = Listener(there.respond, clock=clock)
    webhook = WebhookSettings(url=Secret(f"{listener.url}/hook?token=x"), secret=Secret(SECRET))
    settings = Settings(channels=ChannelSettings(webhooks={"cms": webhook}))

    def send(to: str = "cms", **fields: object) -> Receipt:
        async def play() -> Receipt:
            tools = Tools(clock=clock, sleep=asyncio.sleep, out=io.StringIO())
            channel = Webhook.open(settings, tools)
            assert channel is not None
            try:
                return await channel.send(a_message(), an_envelope(to=to, **fields))  # type: ignore[arg-type]  # a test's
            finally:
                await channel.close()

        return asyncio.run(play())

    yield there, send
    listener.close()


def test_a_message_is_signed_so_that_a_library_can_check_it(
    program: tuple[Program, Callable[..., Receipt]],
) -> None:
    there, send = program
    assert send() == Receipt(ts=KEY)
    (request,) = there.received
    stamp = request.headers["webhook-timestamp"]
    assert int(stamp) == int(NOON.timestamp())
    signed = hmac.new(b"a secret of the test", f"{KEY}.{stamp}.".encode() + request.body, hashlib.sha256)
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(signed.digest()).decode()}"
    assert request.headers["webhook-id"] == request.headers["idempotency-key"] == KEY
    told = json.loads(request.body)
    assert told["headline"] == "Mayor skips capital meeting"
    assert told["url"].startswith("https://channel4ellery.test/")
    assert (told["id"], told["kind"], told["priority"], told["follows"]) == (KEY, "root", "normal", None)


def test_a_second_try_has_the_same_id_and_a_reply_names_what_it_follows(
    program: tuple[Program, Callable[..., Receipt]],
) -> None:
    there, send = program
    send()
    send()
    send(kind="reply", thread=a_thread(root_ts=KEY))
    ids = [request.headers["webhook-id"] for request in there.received]
    assert ids == [KEY] * 3
    assert json.loads(there.received[-1].body)["follows"] == KEY


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status=400), ChannelRefusedError),
        (Answer(status=410), ChannelRefusedError),
        (Answer(status=302, headers=(("Location", "https://elsewhere.test/"),)), ChannelRefusedError),
        (Answer(status=500), OutcomeUnknownError),
        (Answer(status=200, manner="drop"), OutcomeUnknownError),
    ],
)
def test_what_an_answer_means_is_said_honestly(
    program: tuple[Program, Callable[..., Receipt]], answer: Answer, error: type[ChannelError]
) -> None:
    there, send = program
    there.answer = answer
    with pytest.raises(error) as said:
        send()
    assert "token" not in str(said.value), "the address is a secret"
    assert len(there.received) == 1, "a channel never tries twice by itself, and follows nobody"


def test_a_program_that_asks_to_wait_is_given_the_time(
    program: tuple[Program, Callable[..., Receipt]],
) -> None:
    there, send = program
    there.answer = Answer(status=429, headers=(("Retry-After", "90"),))
    with pytest.raises(ChannelError) as said:
        send()
    assert said.value.retry_after == 90
    assert type(said.value) is ChannelError


def test_a_webhook_without_its_secret_keeps_its_messages_waiting(
    program: tuple[Program, Callable[..., Receipt]],
) -> None:
    _, send = program
    with pytest.raises(ChannelError, match="webhook:wiki is not set up") as said:
        send("wiki")
    assert type(said.value) is ChannelError


def test_a_secret_need_not_be_base64() -> None:
    assert signature(b"{}", key="k", stamp="1", secret="words") != signature(
        b"{}", key="k", stamp="1", secret="w"
    )
    assert signature(b"{}", key="k", stamp="1", secret="whsec_!").startswith("v1,")
