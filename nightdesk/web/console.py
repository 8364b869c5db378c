"""What does every page know? The newsroom's settings in force, its store, the clock, and the rooms that run.

A page finds it as `console_of(request)` (`nightdesk/web/page.py`). It never blocks the loop: the store is
asked in its threads,

    found = await console.store.read(lambda store: store.stories(since=then))
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nightdesk.reloading import Trouble

if TYPE_CHECKING:
    from alerts.channels.registry import Channels
    from config.settings import Settings
    from crawler.engine import Engine
    from crawler.reading.children import Reader as Reading
    from news.nouns import Clock
    from nightdesk.rooms import Rooms
    from storage.threads import StoreThreads


async def _at_once() -> None:
    """Wait for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What every page is given."""

    # The snapshot in force at this moment: ask once a request and go by that.
    settings: Callable[[], Settings]
    store: StoreThreads
    clock: Clock
    # The process's, for reading the newsroom's folder anew.
    environment: Mapping[str, str] = field(default_factory=dict)
    # The newsroom's folder.
    folder: Path
    # Wakes a station ("poll", "file", "watch", "digests", "tell") or the look at the folder ("folder").
    nudge: Callable[[str], None] = lambda name: None  # noqa: ARG005 - nobody is there to be woken
    # To be awaited after a file of the folder was saved: returns when `settings` goes by it, within seconds.
    renewed: Callable[[], Awaitable[None]] = _at_once
    # The rooms that run, or None when none do (tests).
    rooms: Callable[[], Rooms | None] = lambda: None
    # What keeps the newsroom's files from being taken over, in lines that anybody may read.
    trouble: Callable[[], Trouble] = Trouble
    # Since when the rooms run; None while they do not.
    since: datetime | None = None

    def engine(self) -> Engine | None:
        """Return the one door to the network, while the rooms run."""
        rooms = self.rooms()
        return rooms.engine if rooms else None

    def reader(self) -> Reading | None:
        """Return the children that read what came in, while the rooms run."""
        rooms = self.rooms()
        return rooms.reader if rooms else None

    def channels(self) -> Channels | None:
        """Return the ways out, while the rooms run."""
        rooms = self.rooms()
        return rooms.channels if rooms else None
