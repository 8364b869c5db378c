"""How do many wait for few places, so that the slow ones never keep the quick ones waiting?

Whoever is still at it after two seconds gives its place back and goes on without one. Only so many may: what
each of them holds in memory adds up. And a host that has many sources is asked for so many of them a minute.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

PROMPT = 2.0  # seconds; nine of ten servers answer in one
HOSTS_KEPT = 5_000
MOST_SLOW = 40  # at it without a place; the rest of the slow ones keep theirs


class Places:
    """So many places, and so many more for those who take long."""

    def __init__(self, places: int, *, prompt: float = PROMPT, most_slow: int = MOST_SLOW) -> None:
        """Open them."""
        self._free = asyncio.Semaphore(places)
        self._prompt = prompt
        self._most_slow = most_slow
        #: How many are at it without a place.
        self.slow = 0

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a place, and give it back at the end, or earlier when this takes long."""
        await self._free.acquire()
        gave_back = False

        def give_back() -> None:
            nonlocal gave_back
            if self.slow < self._most_slow:
                gave_back = True
                self.slow += 1
                self._free.release()

        timer = asyncio.get_running_loop().call_later(self._prompt, give_back)
        try:
            yield
        finally:
            timer.cancel()
            if gave_back:
                self.slow -= 1
            else:
                self._free.release()


class Budget:
    """How many polls of one host's sources there may be in a minute."""

    def __init__(self, a_minute: int) -> None:
        """Start with nothing spent: so many may be at once."""
        self._apart = timedelta(minutes=1) / a_minute
        self._whole = timedelta(minutes=1)
        #: By host: when what was spent there will be there again.
        self._spent: OrderedDict[str, datetime] = OrderedDict()

    def spend(self, host: str, *, now: datetime) -> timedelta:
        """Spend one poll of a host; return how long to wait when there is none left."""
        again = max(self._spent.pop(host, now), now)
        wait = again + self._apart - now - self._whole
        if wait > timedelta():
            self._spent[host] = again
            return wait
        self._spent[host] = again + self._apart
        while len(self._spent) > HOSTS_KEPT:
            self._spent.popitem(last=False)
        return timedelta()
