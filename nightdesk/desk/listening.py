"""How does the desk run inside the service? Beside its stations, on Slack's own line.

Buttons are drawn only while the line stands. When Slack refuses for good, or cannot be reached for long, they
are taken away from the messages that have them, and the health channel is told once.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from alerts.channels.registry import address_of
from alerts.health import health_facts
from news.errors import ChannelError, ChannelRefusedError, StorageError
from nightdesk.desk.press import Desk
from nightdesk.service import FOLDER, Beside, Service

if TYPE_CHECKING:
    from alerts.channels.slack.asked import Asked
    from alerts.channels.slack.desk import Reply, SlackDesk
    from config.settings import Settings, SlackSettings

log = logging.getLogger("nightdesk.slack")

#: How long Slack may be away before the buttons are taken from the messages.
GIVEN_UP_AFTER = timedelta(minutes=10)
#: How old a message may be that gets its buttons back.
BACK_FOR = timedelta(days=1)
#: Seconds between two looks: what was decided elsewhere, who is new, how long the line is gone.
BEAT = 15.0
#: Seconds before Slack is asked again that refused.
ASKED_AGAIN = 300.0
#: Seconds between two looks whether a saved file is in force, and how often is looked.
LOOK, LOOKS = 0.05, 100


def can_listen(slack: SlackSettings) -> bool:
    """Return whether people can be listened to: it takes the app's own token beside the bot's."""
    return bool(slack.token and slack.app_token)


async def keep_desk(service: Service) -> None:
    """Do what comes due at the desk, and listen to Slack, until the service stops."""
    wake = asyncio.Event()
    work = [
        asyncio.create_task(_listen(service, wake), name="slack desk's line"),
        asyncio.create_task(_settle(service, wake), name="slack desk's beat"),
    ]
    try:
        await asyncio.wait(work, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for task in work:
            task.cancel()
        outcomes = await asyncio.gather(*work, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


DESK = Beside(name="slack desk", keep=keep_desk)


async def _settle(service: Service, wake: asyncio.Event) -> None:
    """Do what comes due at the desk by itself, at every beat."""
    from nightdesk.desk.beat import settle

    while not service.stopping.is_set():
        rooms, now = service.rooms, service.rooms.world.clock()
        settings = rooms.settings
        try:
            if await rooms.store.write(partial(settle, settings=settings, now=now)):
                service.nudge("tell")
        except StorageError as error:
            log.warning("desk could not reach the database", extra={"why": str(error)})
        await _either(service.stopping, wake, within=BEAT)
        wake.clear()


async def _either(one: asyncio.Event, other: asyncio.Event, *, within: float) -> None:
    """Wait for either, but not longer."""
    waiting = [asyncio.create_task(each.wait()) for each in (one, other)]
    await asyncio.wait(waiting, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def _listen(service: Service, wake: asyncio.Event) -> None:
    """Listen when that can be done: the tokens may be written down while Nightdesk runs."""
    if not can_listen(service.rooms.settings.channels.slack):
        await _without_buttons(service)
    while not service.stopping.is_set():
        slack = service.rooms.settings.channels.slack
        if can_listen(slack):
            await _Listening(service, slack, wake).keep()
        with suppress(TimeoutError):
            await asyncio.wait_for(service.stopping.wait(), BEAT)


async def _without_buttons(service: Service) -> None:
    """Take the buttons away that an earlier set-up drew: nobody answers them."""
    left = await service.rooms.store.write(lambda store: store.take_buttons_away())
    if left:
        log.info("buttons taken away", extra={"messages": left})
        service.nudge("edit")


class _Listening:
    """The line, and what is known of it."""

    def __init__(self, service: Service, slack: SlackSettings, wake: asyncio.Event) -> None:
        from alerts.channels.slack.desk import SlackDesk

        self._service = service
        self._clock = service.rooms.world.clock
        self._answering = service.rooms.channels.answering
        self._desk = Desk(
            settings=lambda: service.rooms.settings,
            store=service.rooms.store,
            world=service.rooms.world,
            nudge=self._nudge,
            renewed=self._renewed,
            since=self._clock(),
            accounts=self._answering.accounts,
        )
        self._slack: SlackDesk = SlackDesk(slack, self._decide, self._clock, service.rooms.world.random)
        self._slack.line.on_open = self._opened
        self._slack.line.on_lost = self._lost
        self._lost_at: datetime | None = self._clock()
        self._given_up = False
        # Whether the messages of the last day have their buttons.
        self._drawn = False
        self._settling = wake
        self._opened_now = asyncio.Event()

    async def keep(self) -> None:
        """Listen until told to stop."""
        beating = asyncio.create_task(self._beat(), name="slack desk's beat")
        try:
            while not self._service.stopping.is_set():
                try:
                    await self._slack.listen(self._service.stopping)
                except ChannelRefusedError as error:
                    await self._give_up(str(error))
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._service.stopping.wait(), ASKED_AGAIN)
        finally:
            self._answering.is_open = False
            beating.cancel()
            outcomes = await asyncio.gather(beating, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    def _opened(self, connections: int) -> None:
        if not self._answering.is_open:
            log.info("slack listened to", extra={"connections": connections})
        if connections > 1:
            log.warning("another program listens for the same Slack app", extra={"connections": connections})
        self._answering.is_open, self._lost_at = True, None
        self._opened_now.set()

    def _lost(self, why: str) -> None:
        if self._answering.is_open or self._lost_at is None:
            log.warning("slack not listened to", extra={"why": why})
            self._lost_at = self._clock()
        self._answering.is_open = self._drawn = False

    async def _decide(self, asked: Asked, reply: Reply) -> None:
        from nightdesk.desk.deciding import decide

        try:
            await decide(self._desk, asked, reply)
        except ChannelError as error:  # Slack would not open a form, or not in time
            log.warning("not answered", extra={"what": asked.what, "why": str(error)})

    def _nudge(self, name: str) -> None:
        if name == "desk":
            self._settling.set()
        self._service.nudge(name)

    async def _renewed(self) -> None:
        before = self._service.folder.taken
        for _ in range(LOOKS):
            self._service.nudge(FOLDER)
            await asyncio.sleep(LOOK)
            if self._service.folder.taken != before:
                return

    # ── The beat ──────────────────────────────────────────────────────────────────────────────────────────

    async def _beat(self) -> None:
        while not self._service.stopping.is_set():
            try:
                await self._look()
            except StorageError as error:
                log.warning("desk could not reach the database", extra={"why": str(error)})
            await _either(self._service.stopping, self._opened_now, within=BEAT)
            self._opened_now.clear()

    async def _look(self) -> None:
        settings, now = self._service.rooms.settings, self._clock()
        if self._answering.is_open:
            await self._learn(settings)
            await self._come_back()
        elif self._lost_at is not None and now - self._lost_at > GIVEN_UP_AFTER:
            await self._give_up("it cannot be reached")

    async def _learn(self, settings: Settings) -> None:
        """Learn whose conversation is whose, so that a person is known and can be mentioned."""
        for reader in settings.readers:
            place = address_of(reader.slack)
            if place.startswith("D") and reader.slack not in self._answering.accounts:
                account = await self._slack.account_of(place)
                if account:
                    self._answering.accounts[reader.slack] = account

    async def _give_up(self, why: str) -> None:
        """Take the buttons away and tell the health channel, once."""
        if self._given_up:
            return
        self._given_up, self._answering.is_open, self._drawn = True, False, False
        left = await self._desk.store.write(lambda store: store.take_buttons_away())
        log.error("slack given up; buttons are taken away", extra={"why": why, "messages": left})
        self._service.nudge("edit")
        await self._tell(
            "Buttons in Slack do not work",
            f"Slack does not let Nightdesk listen: {why}.",
            "Messages go on without buttons; nothing is lost. nightdesk doctor says what to do.",
        )

    async def _come_back(self) -> None:
        """Draw the buttons under messages of the last day that went out, or were changed, without a line."""
        if self._drawn:
            return
        since = self._clock() - BACK_FOR
        left = await self._desk.store.write(lambda store: store.show_buttons("slack", since=since))
        self._drawn = self._answering.is_open
        log.info("buttons drawn", extra={"messages": left})
        if left:
            self._service.nudge("edit")
        if self._given_up:
            self._given_up = False
            await self._tell("Buttons in Slack work again", "The messages of the last day have them.")

    async def _tell(self, title: str, *lines: str) -> None:
        settings, now = self._service.rooms.settings, self._clock()
        if settings.health.to:
            facts = health_facts(title, *lines, ids={"state": "slack"})
            key = f"slack desk {title} {now.isoformat(timespec='minutes')}"
            await self._desk.store.write(
                lambda store: store.enqueue_health(
                    destination=settings.health.to, key=key, facts=facts, now=now
                )
            )
            self._service.nudge("tell")
