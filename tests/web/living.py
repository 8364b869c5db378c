"""The whole program in this process, with its console open: real service, fake town, real browser.

    with a_town(tmp_path) as town:
        living(town, lambda link: chromium.do(script, base=town.base))

The script gets the link that was printed, and runs in a thread while the service goes round.
"""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from config.install import Answers, filled_in
from crawler.reactor import run
from nightdesk.rooms import World, open_rooms
from nightdesk.service import Service
from nightdesk.web.server import console_of_service
from tests.fakes.clock import FakeClock
from tests.fakes.day import the_day
from tests.fakes.slack import FakeSlack
from tests.fakes.smtp import FakeSmtp
from tests.fakes.web import NewsWeb
from tests.nightdesk.desk import CHANNEL, SANCTUARY, Desk
from tests.shared_reader import shared_reader

#: How much quicker than in a newsroom the rooms are woken, and how long anything awaited may take.
HASTE, PATIENCE = 12.0, 90.0
OUTLETS = {"channel4", "ellery31"}
#: A paper of the town that nobody reads yet: its site is there to be pasted.
NOT_READ = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A newsroom that was just installed, two stations, a Slack and a mail server."""

    desk: Desk
    web: NewsWeb
    slack: FakeSlack
    mail: FakeSmtp
    base: str


@contextmanager
def a_town(folder: Path) -> Iterator[Town]:
    """Give a newsroom as it is installed, with two stations; it is the morning after the invented day."""
    day = the_day()
    clock = FakeClock(day.starts)
    outlets = [outlet for outlet in day.outlets if outlet.id in OUTLETS | {NOT_READ}]
    articles = [each for each in day.articles if each.outlet in OUTLETS | {NOT_READ}]
    with (
        NewsWeb(outlets, articles, clock=clock) as web,
        FakeSlack(clock=clock, channels=[CHANNEL]) as slack,
        FakeSmtp(clock=clock) as mail,
    ):
        address = f"127.0.0.1:{free_port()}"
        desk = Desk(
            folder,
            sources=[
                {"id": each.id, "name": each.name, "url": web.outlet(each.id).feed_url}
                for each in outlets
                if each.id in OUTLETS
            ],
            watchlists=[SANCTUARY],
            clock=clock,
        )
        main = desk.folder / "nightdesk.yaml"
        main.write_text(_as_installed(address, slack.api_url, web.addresses), encoding="utf-8")
        desk.environment.clear()
        desk.at("2026-03-19 08:00")
        yield Town(desk=desk, web=web, slack=slack, mail=mail, base=f"http://{address}")
        desk.close()


def _as_installed(address: str, slack: str, news: Iterable[str]) -> str:
    """Return what ships as nightdesk.yaml, its comments too, with the addresses of the fakes."""
    text = filled_in(Answers())
    for before, after in (
        ("127.0.0.1:8010 ", f"{address} "),
        ("    token: ${SLACK_BOT_TOKEN}", f"    api_url: {slack}\n    token: ${{SLACK_BOT_TOKEN}}"),
        ("  respect_robots:", f"  allow_addresses: {json.dumps(list(news))}\n  respect_robots:"),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    return text


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def living(town: Town, script: Callable[[str], None]) -> str:
    """Run the service with its console while the script plays; return what was said in the terminal."""
    said: list[str] = []
    world = World(
        clock=town.desk.clock,
        random=Random(7),  # noqa: S311 - jitter
        out=io.StringIO(),
        environment=town.desk.environment,
        reader=shared_reader(),
    )
    settings = town.desk.settings

    async def main() -> int:
        stop, opened = asyncio.Event(), asyncio.Event()

        def say(words: str) -> None:
            said.append(words)
            opened.set()

        async with open_rooms(settings, world) as rooms:
            service = Service(rooms, stop, haste=HASTE, beside=(console_of_service(say, always=False),))
            task = asyncio.create_task(service.run())
            try:
                await asyncio.wait_for(opened.wait(), PATIENCE)
                link = said[0].rpartition(" ")[2]
                await asyncio.wait_for(asyncio.to_thread(script, link), PATIENCE)
            finally:
                stop.set()
                await task
        return 0

    assert run(main) == 0
    return "\n".join(said)
