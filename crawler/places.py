"""How do many wait for few places, so that the slow ones never keep the quick ones waiting?

Whoever is still at it after two seconds gives its place back and goes on without one. Only so many may: what
each of them holds in memory adds up. A host is asked for one thing at a time, and one that has many sources
for so many of them a minute.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from datetime import datetime, timedelta

PROMPT = 2.0  # seconds; nine of ten servers answer in one
HOSTS_KEPT = 5_000
MOST_SLOW = 40  # at it without a place; the rest of the slow ones keep theirs


class Places:
    """So many places, and so many more for those who take long.

    One timer looks after all that are at it: one for each cost a tenth of an unchanged feed.
    """

    def __init__(self, places: int, *, prompt: float = PROMPT, most_slow: int = MOST_SLOW) -> None:
        """Open them."""
        self._free = asyncio.Semaphore(places)
        self._prompt = prompt
        self._most_slow = most_slow
        #: Since when each holds its place, the longest first.
        self._holders: dict[_Place, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        #: How many are at it without a place.
        self.slow = 0

    def take(self) -> _Place:
        """Wait for a place (`async with`), and give it back at the end, or earlier when this takes long."""
        return _Place(self)

    async def enter(self, place: _Place) -> None:
        """Give a place out, when there is one."""
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        self._holders[place] = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(self._prompt, self._look)

    def leave(self, place: _Place) -> None:
        """Take a place back, unless it was given back already."""
        if self._holders.pop(place, None) is None:
            self.slow -= 1
        else:
            self._free.release()

    def _look(self) -> None:
        """Take the places of those who take long, as far as there may be more of them."""
        loop = asyncio.get_running_loop()
        since = loop.time() - self._prompt
        for place in [place for place, start in self._holders.items() if start <= since]:
            if self.slow < self._most_slow:
                self.slow += 1
                del self._holders[place]
                self._free.release()
        self._timer = None
        if self._holders:
            oldest = next(iter(self._holders.values()))
            wait = max(oldest - since, self._prompt / 4)
            self._timer = loop.call_later(wait, self._look)


class _Place:
    __slots__ = ("_places",)

    def __init__(self, places: Places) -> None:
        self._places = places

    async def __aenter__(self) -> None:
        await self._places.enter(self)

    async def __aexit__(self, *_: object) -> None:
        self._places.leave(self)


class Turns:
    """One at a time for each name; nothing is kept of a name that nobody asks for."""

    def __init__(self) -> None:
        """Start with nobody's turn."""
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    def take(self, name: str) -> _Turn:
        """Wait for the name's turn (`async with`), and give it back at the end."""
        return _Turn(self, name)

    async def enter(self, name: str) -> None:
        """Give the turn out, when it is free."""
        waiting = self._waiting.get(name)
        if waiting is None:
            self._waiting[name] = deque()
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.cancelled():
                waiting.remove(mine)
            else:
                self.leave(name)  # it was given to us in the moment that we went
            raise

    def leave(self, name: str) -> None:
        """Give the turn to who waits longest."""
        waiting = self._waiting[name]
        while waiting:
            following = waiting.popleft()
            if not following.done():
                following.set_result(None)
                return
        del self._waiting[name]


class _Turn:
    __slots__ = ("_name", "_turns")

    def __init__(self, turns: Turns, name: str) -> None:
        self._turns = turns
        self._name = name

    async def __aenter__(self) -> None:
        await self._turns.enter(self._name)

    async def __aexit__(self, *_: object) -> None:
        self._turns.leave(self._name)


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
