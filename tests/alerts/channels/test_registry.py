"""Does every channel that is there keep the contract? New ones are found by being in the registry."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys

import pytest

from alerts.channels.contract import Tools
from alerts.channels.registry import CHANNELS, address_of, channel_class, kind_of, open_channels
from config.settings import (
    ChannelSettings,
    EmailSettings,
    Secret,
    Settings,
    SlackSettings,
    WebhookSettings,
)
from tests.fakes.clock import FakeClock
from tests.nouns import NOON

HEAVY = {
    "aiohttp",
    "apprise",
    "aiosmtplib",
    "jinja2",
    "pydantic",
    "scrapy",
    "slack_sdk",
    "sqlalchemy",
    "trafilatura",
}
EVERYTHING = Settings(
    channels=ChannelSettings(
        slack=SlackSettings(token=Secret("xoxb-fake")),
        webhooks={"cms": WebhookSettings(url=Secret("https://cms.test/hook"), secret=Secret("s3cret"))},
        others={"teams": Secret("json://127.0.0.1:9")},
        email=EmailSettings(smtp=Secret("smtp+plain://127.0.0.1:2525"), sender="desk@newsroom.test"),
    )
)


def tools() -> Tools:
    async def sleep(seconds: float) -> None:
        raise AssertionError(seconds)

    return Tools(clock=FakeClock(NOON), sleep=sleep, out=io.StringIO())


@pytest.mark.parametrize("kind", CHANNELS)
def test_every_channel_says_what_it_can_do_without_connecting(kind: str) -> None:
    channel = channel_class(kind).open(EVERYTHING, tools())

    assert channel is not None
    assert isinstance(channel.can_look_up, bool)
    assert isinstance(channel.can_edit, bool)
    assert isinstance(channel.can_thread, bool)
    assert channel.when_unknown in {"resend", "hold"}
    asyncio.run(channel.close())


def test_a_channel_without_its_secret_is_not_set_up() -> None:
    channels = open_channels(Settings(), tools())

    assert channels.of("slack:#immigration-desk") is None
    assert channels.of("email:metro-desk@newsroom.test") is None
    assert channels.of("pigeon:loft") is None
    assert channels.of("console:") is not None
    asyncio.run(channels.close())


def test_a_channel_is_opened_once() -> None:
    channels = open_channels(EVERYTHING, tools())

    assert channels.of("slack:#immigration-desk") is channels.of("slack:#night-desk")
    asyncio.run(channels.close())


def test_a_destination_has_a_kind_and_an_address() -> None:
    assert (kind_of("slack:#immigration-desk"), address_of("slack:#immigration-desk")) == (
        "slack",
        "#immigration-desk",
    )
    assert (kind_of("console:"), address_of("console:")) == ("console", "")


def test_a_newsroom_without_slack_never_loads_its_sdk() -> None:
    code = (
        "import sys, alerts.dispatch, alerts.watching, alerts.channels.console.channel\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
