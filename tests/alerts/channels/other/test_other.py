"""Does a message reach what only Apprise reaches?"""

from __future__ import annotations

import asyncio
import io
import json

import pytest

from alerts.channels.contract import Tools
from alerts.channels.other.channel import Other
from config.settings import ChannelSettings, Secret, Settings
from news.errors import ChannelError, ChannelRefusedError
from news.telling import Receipt
from tests.alerts.channels.slack.talking import KEY, a_message, an_envelope
from tests.fakes.clock import FakeClock
from tests.fakes.serving import Answer, Listener, Received
from tests.nouns import NOON

CLOCK = FakeClock(NOON)


def send(address: str, to: str = "teams") -> Receipt:
    settings = Settings(channels=ChannelSettings(others={"teams": Secret(address)}))
    channel = Other.open(settings, Tools(clock=CLOCK, sleep=asyncio.sleep, out=io.StringIO()))
    assert channel is not None
    return asyncio.run(channel.send(a_message(), an_envelope(to=to)))


@pytest.mark.slow
@pytest.mark.parametrize("status", [200, 500])
def test_apprise_hands_the_words_over_or_says_that_it_could_not(status: int) -> None:
    received: list[Received] = []

    def respond(request: Received) -> Answer:
        received.append(request)
        return Answer(status=status)

    listener = Listener(respond, clock=CLOCK)
    address = listener.url.replace("http://", "json://")
    try:
        if status == 200:
            assert send(address) == Receipt(ts=KEY)
        else:
            with pytest.raises(ChannelError, match="other:teams did not take the message"):
                send(address)
    finally:
        listener.close()
    told = json.loads(received[0].body)
    assert told["title"] == "Mayor skips capital meeting"
    assert told["message"].startswith("Mayor skips capital meeting.")


def test_an_address_that_apprise_does_not_know_is_refused_and_not_shown() -> None:
    with pytest.raises(ChannelRefusedError) as said:
        send("pigeon://s3cret@loft")
    assert "s3cret" not in str(said.value)


def test_a_place_without_its_address_waits() -> None:
    with pytest.raises(ChannelError, match="other:pager is not set up"):
        send("json://127.0.0.1:9", to="pager")
