"""How do the tests talk with the fake Slack?"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from alerts.channels.contract import Channel, Envelope, Tools
from alerts.channels.slack.channel import SlackChannel
from alerts.message import Message, Note, Paragraph, Span
from config.settings import ChannelSettings, Secret, Settings, SlackSettings
from news.telling import Receipt
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack
from tests.nouns import NOON, FieldValue, a_thread

DESK = "#immigration-desk"
KEY = "q3m5vbn2k7ta4wxe6yrdhc2jzluogpfs"

T = TypeVar("T")


def tools(clock: FakeClock) -> Tools:
    """Return a world in which waiting moves the clock and takes no time."""

    async def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    return Tools(clock=clock, sleep=sleep, out=io.StringIO())


def by_token(slack: FakeSlack, token: str | None = None) -> Settings:
    """Return settings with a bot token."""
    return _settings(SlackSettings(token=Secret(token or slack.token), api_url=slack.api_url))


def by_webhook(slack: FakeSlack, *, when_unknown: str = "resend") -> Settings:
    """Return settings with a webhook alone."""
    return _settings(SlackSettings(webhook=Secret(slack.webhook_url(DESK)), when_unknown=when_unknown))


def _settings(slack: SlackSettings) -> Settings:
    return Settings(timezone="America/Denver", channels=ChannelSettings(slack=slack))


def talk(settings: Settings, clock: FakeClock, scene: Callable[[Channel], Awaitable[T]]) -> T:
    """Open the channel, play the scene, close the channel."""

    async def play() -> T:
        channel = SlackChannel.open(settings, tools(clock))
        assert channel is not None
        try:
            return await scene(channel)
        finally:
            await channel.close()

    return asyncio.run(play())


def a_message(headline: str = "Mayor skips capital meeting", **fields: FieldValue) -> Message:
    """Return a root of one paragraph."""
    url = "https://channel4ellery.test/2026/03/18/mayor-skips"
    message = Message(
        kind="root",
        headline=headline,
        url=url,
        text=f"{headline}. {url}",
        parts=(
            Paragraph(lines=((Span(text=headline, url=url, bold=True),),), quote="The mayor stayed at home."),
            Note(line=(Span(text="Channel 4 Ellery, 11:58 am"),)),
        ),
        facts={"revision": 1, "story_id": "st_abc"},
    )
    return replace(message, **fields)


def an_envelope(key: str = KEY, **fields: FieldValue) -> Envelope:
    """Return where a root for the desk goes."""
    return replace(Envelope(key=key, kind="root", to=DESK, created=NOON), **fields)


def under(receipt: Receipt, key: str = "reply" + KEY[5:], **fields: FieldValue) -> Envelope:
    """Return where a reply to this root goes."""
    thread = a_thread(root_ts=receipt.ts, root_place=receipt.place)
    return replace(an_envelope(key, kind="reply", thread=thread), **fields)
