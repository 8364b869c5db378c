"""How is the desk in Slack tried without Slack? The demo's day goes on, with a page that can be clicked."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

from nightdesk.desk.listening import DESK
from nightdesk.rooms import World, open_rooms
from nightdesk.service import Service

if TYPE_CHECKING:
    from config.settings import Settings
    from tests.fakes.slack import FakeSlack

PERSON = "U09NIGHTED"
#: Whose clicks they are: an editor, who may do everything that the desk has.
READERS = [{"id": "night-editor", "name": "Night editor", "slack": PERSON, "role": "editor"}]


async def stay(
    settings: Settings, world: World, slack: FakeSlack, *, channel: str, say: Callable[[str], None]
) -> None:
    """Run the program on, and the page, until Ctrl-C; `say` is told the page's address."""
    from tests.fakes.slack_page import SlackPage

    page = SlackPage(slack, person=PERSON, channel=channel, zone=settings.timezone)
    slack.page = page.answer
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_rooms(settings, world) as rooms:
        say(f"{slack.url}/page")
        await Service(rooms, stop, beside=(DESK,)).run()
