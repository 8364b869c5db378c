"""Whose turn is it? One message a second in each place, because Slack asks for no more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from alerts.channels.contract import Tools

#: Leaning on Slack's 429 instead of pacing lost 6 of 8 messages of a burst to waiting.
BETWEEN_MESSAGES = timedelta(seconds=1)


class Pace:
    """Remembers when each place was last written to."""

    def __init__(self, tools: Tools, *, at_once: int = 1) -> None:
        self._tools = tools
        # A place that was left alone may be written to so often before the pace holds.
        self._ahead = BETWEEN_MESSAGES * (at_once - 1)
        self._free_at: dict[str, datetime] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def turn(self, place: str) -> AsyncIterator[None]:
        """Wait until this place may be written to; hold it while it is written to.

        The second is counted from the answer: counted from the question, one message that travels quicker
        than the one before arrives too soon, and half of a burst is refused (measured).
        """
        async with self._turns.setdefault(place, asyncio.Lock()):
            now = self._tools.clock()
            wait = (self._free_at.get(place, now) - self._ahead - now).total_seconds()
            if wait > 0:
                await self._tools.sleep(min(wait, BETWEEN_MESSAGES.total_seconds()))
            try:
                yield
            finally:
                written = self._tools.clock()
                self._free_at[place] = max(written, self._free_at.get(place, written)) + BETWEEN_MESSAGES
