"""A sender that is killed: `python -m bench.chaos.teller DATABASE CLOCK SLACK_URL TOKEN SMTP_URL`.

It watches and drains for ever, with the real dispatcher, channels and lock. Whoever finds the lock taken
waits for it, as a second instance would.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from pathlib import Path
from random import Random

from alerts.channels.contract import Tools
from alerts.channels.registry import open_channels
from alerts.dispatch import Dispatcher
from alerts.watching import watch
from config.settings import (
    ChannelSettings,
    EmailSettings,
    HealthSettings,
    Limits,
    Secret,
    Settings,
    SlackSettings,
)
from news.errors import InUseError, StorageError
from news.nouns import DeliverRule
from storage.open import open_store
from storage.sole import SoleHold, hold
from storage.threads import StoreThreads
from tests.fakes.clock import FileClock
from tests.nouns import a_watchlist

CHANNEL, MAILBOX = "#immigration-desk", "night-editor@newsroom.test"
LOOK = 0.02  # seconds between two looks


def settings_of(slack_url: str, token: str, smtp: str) -> Settings:
    """Return a newsroom that tells each story in Slack and by mail, at once, never grouped."""
    deliver = (DeliverRule(to=f"slack:{CHANNEL}"), DeliverRule(to=f"email:{MAILBOX}", follow_ups="off"))
    return Settings(
        timezone="America/Denver",
        channels=ChannelSettings(
            slack=SlackSettings(token=Secret(token), api_url=slack_url),
            email=EmailSettings(smtp=Secret(smtp), sender="Nightdesk <nightdesk@newsroom.test>"),
        ),
        limits=Limits(per_hour=100_000, per_day=100_000),
        quiet_weekdays=None,
        quiet_weekends=None,
        watchlists=(a_watchlist("sanctuary cities", deliver=deliver),),
        health=HealthSettings(to=""),
    )


def main(arguments: list[str]) -> int:
    """Work until killed."""
    logging.disable(logging.CRITICAL)
    database, clock_file, slack_url, token, smtp = arguments
    clock = FileClock(Path(clock_file))
    asyncio.run(_work(database, clock, settings_of(slack_url, token, smtp)))
    return 0


async def _work(database: str, clock: FileClock, settings: Settings) -> None:
    sole = await _lock(database)
    store = StoreThreads(lambda: open_store(database, now=clock(), migrate=False))
    while True:
        # A locked database or a full disk passes; what was not written down is taken up again.
        try:
            await _round(settings, store, sole, clock)
        except StorageError:
            await asyncio.sleep(LOOK)
        await asyncio.sleep(LOOK)


async def _lock(database: str) -> SoleHold:
    while True:
        try:
            return hold(database, who="the bench")
        except (InUseError, StorageError):
            await asyncio.sleep(LOOK)


async def _round(settings: Settings, store: StoreThreads, sole: SoleHold, clock: FileClock) -> None:
    async def hurry(seconds: float) -> None:
        await asyncio.sleep(min(seconds, LOOK) / 4)

    channels = open_channels(settings, Tools(clock=clock, sleep=hurry, out=io.StringIO()))
    try:
        await watch(settings, store, clock=clock)
        chance = Random(1)  # noqa: S311 - jitter
        await Dispatcher(settings, store, channels, sole, clock=clock, random=chance).drain()
    finally:
        await channels.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
