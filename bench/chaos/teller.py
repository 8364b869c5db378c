"""A sender that is killed: `python -m bench.chaos.teller DATABASE CLOCK HOLDER SLACK_URL TOKEN SMTP_URL`.

It watches and drains for ever, with the real dispatcher, channels and lock. Whoever finds the lock taken
waits for it, as a second instance would; who has it writes its number into the file HOLDER.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
from datetime import timedelta
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
PATIENCE = timedelta(seconds=0.3)  # for a locked database; the service has more


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
    database, clock_file, holder, slack_url, token, smtp = arguments
    clock = FileClock(Path(clock_file))
    asyncio.run(_work(database, clock, Path(holder), settings_of(slack_url, token, smtp)))
    return 0


async def _work(database: str, clock: FileClock, holder: Path, settings: Settings) -> None:
    sole = await _lock(database, holder)
    store = StoreThreads(lambda: open_store(database, now=clock(), migrate=False, patience=PATIENCE))
    while True:
        # A locked database or a full disk passes; what was not written down is taken up again.
        try:
            if not sole.still_held():
                await asyncio.to_thread(sole.regain)
            await _round(settings, store, sole, clock)
        except InUseError:
            sole = await _lock(database, holder)
        except StorageError:
            await asyncio.sleep(LOOK)
        await asyncio.sleep(LOOK)


async def _lock(database: str, holder: Path) -> SoleHold:
    while True:
        try:
            sole = hold(database, who="the bench")
        except StorageError:
            await asyncio.sleep(LOOK)
        else:
            _say_who(holder)
            return sole


def _say_who(holder: Path) -> None:
    holder.write_text(str(os.getpid()), encoding="ascii")


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
