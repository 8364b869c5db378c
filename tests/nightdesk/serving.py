"""The real service, in this process, on real files, with a clock that a test drives.

    serving(desk, script)

`script` is given the running service; when it returns the service is stopped.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from time import monotonic

from crawler.reactor import run
from news.telling import Alert
from nightdesk.rooms import Rooms, World, open_rooms
from nightdesk.service import Beside, Service
from tests.nightdesk.desk import Desk
from tests.nouns import a_filing, an_article
from tests.shared_reader import shared_reader

#: How much quicker than in a newsroom the rooms are woken.
HASTE = 60.0
#: Seconds that anything awaited may take, and between two looks.
PATIENCE, LOOK = 20.0, 0.01
#: A desk without any account: everything is shown on the console.
ON_THE_CONSOLE = {
    "desk": {"at_once": "console", "digest": "console"},
    "channels": {},
    "quiet_hours": "off",
    "health": {"to": "console"},
}


class Serving:
    """A service that runs, and what can be seen of it."""

    def __init__(self, desk: Desk, service: Service, out: io.StringIO) -> None:
        self.desk = desk
        self.service = service
        self._out = out

    @property
    def out(self) -> str:
        """What was shown on the console, in one line: wrapping does not matter."""
        return " ".join(self._out.getvalue().split())

    @property
    def rooms(self) -> Rooms:
        return self.service.rooms

    async def until(self, happened: Callable[[], bool]) -> None:
        """Look again and again until it happened."""
        end = monotonic() + PATIENCE
        while not happened():
            assert monotonic() < end, self.out[-2000:]
            await asyncio.sleep(LOOK)

    async def saves(self, name: str, text: object) -> None:
        """Save a file as a text editor does, and wait until the service has read the folder again."""
        looked = self.service.folder.taken
        path = self.desk.folder / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
        await self.taken(looked)

    async def taken(self, before: object) -> None:
        """Wait until what was seen is not what was seen before, and was taken over."""
        folder = self.service.folder
        await self.until(lambda: folder.taken is not None and folder.taken != before)

    async def files(self, title: str, text: str = "") -> int:
        """File an article that begins a story, and wait until the watchlists were asked."""
        store, now = self.rooms.store, self.desk.clock()
        article = an_article(title, text=text or f"{title}.", source_id="channel4", first_seen=now)
        filed = await store.write(lambda store: store.file(a_filing(0, article, now=now)))
        await store.read(lambda store: store.story(filed.story_id))
        while await store.read(lambda store: store.unwatched_stories(limit=1)):
            self.service._nudges["watch"].set()
            await asyncio.sleep(LOOK)
        return filed.story_id

    async def alerts(self) -> tuple[Alert, ...]:
        """Return what stands in the outbox, oldest first."""
        return tuple(reversed(await self.rooms.store.read(lambda store: store.alerts(limit=100))))

    async def told(self) -> list[int]:
        """Return the stories that were told or will be."""
        return [alert.story_id for alert in await self.alerts() if alert.kind == "root" and alert.story_id]

    async def warnings(self) -> list[str]:
        """Return the titles of the health messages, oldest first."""
        return [str(alert.facts["title"]) for alert in await self.alerts() if alert.kind == "health"]


def serving(
    desk: Desk, script: Callable[[Serving], Awaitable[None]], *, beside: Sequence[Beside] = ()
) -> None:
    """Run the service in a newsroom, and what is beside it, while the script plays."""
    out = io.StringIO()
    settings = desk.settings
    world = World(
        clock=desk.clock,
        random=Random(7),  # noqa: S311 - jitter
        out=out,
        environment=desk.environment,
        reader=shared_reader(),
    )

    async def main() -> int:
        stop = asyncio.Event()
        async with open_rooms(settings, world) as rooms:
            service = Service(rooms, stop, haste=HASTE, beside=beside)
            task = asyncio.create_task(service.run())
            here = Serving(desk, service, out)
            try:
                await here.taken(None)
                await script(here)
            finally:
                stop.set()
                await task
        return 0

    assert run(main) == 0
