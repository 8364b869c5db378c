"""Whose turn is it? One message a second in each place, because Slack asks for no more."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.channels.contract import Tools

#: Leaning on Slack's 429 instead of pacing lost 6 of 8 messages of a burst to waiting.
BETWEEN_MESSAGES = timedelta(seconds=1)


class Pace:
    """Remembers when each place was last written to."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._free_at: dict[str, datetime] = {}

    async def turn(self, place: str) -> None:
        """Wait until this place may be written to again."""
        now = self._tools.clock()
        free_at = max(self._free_at.get(place, now), now)
        self._free_at[place] = free_at + BETWEEN_MESSAGES
        if free_at > now:
            await self._tools.sleep((free_at - now).total_seconds())
