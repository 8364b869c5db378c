"""How do many mails share a few connections?

A mail server is greeted, and logged in to, once for many mails: what has just carried one mail is kept a
moment for the next. Before DATA nothing can have been sent, so a kept connection that turns out to be dead
is replaced in silence.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from alerts.channels.email.smtp import MailServer, address, hand_over, open_line, say_goodbye

if TYPE_CHECKING:
    import aiosmtplib

#: Mail servers take few connections from one sender at a time; the strictest large one takes three.
AT_ONCE = 3
LINGER = 2.0  # seconds that a connection waits for the next mail
MOST_MAILS = 100  # on one connection; many servers hang up after so many


class Lines:
    """Connections to the newsroom's mail server."""

    def __init__(self, server: MailServer, *, sender: str) -> None:
        """Open none yet."""
        self._server = server
        self._sender = sender
        self._idle: dict[aiosmtplib.SMTP, asyncio.TimerHandle] = {}
        self._carried: dict[aiosmtplib.SMTP, int] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def hand_in(self, content: bytes, *, recipient: str) -> str:
        """Hand one mail for one recipient to the server; return the server's words.

        Raises:
            ChannelRefusedError: the account, the sender, the recipient or the mail is refused for good.
            OutcomeUnknownError: the mail was handed over and no answer came.
            ChannelError: nothing was sent this time.
        """
        line = await self._line_to(recipient)
        try:
            answer = await hand_over(line, content, self._server)
        except BaseException:
            self._drop(line)
            raise
        self._keep(line)
        return answer

    async def close(self) -> None:
        """Leave every connection as the protocol asks."""
        for line in list(self._idle):
            self._leave(line)
        await asyncio.gather(*self._leaving)
        await asyncio.sleep(0)  # a connection that is closed lets go of its socket in the loop's next turn

    async def _line_to(self, recipient: str) -> aiosmtplib.SMTP:
        """Return a connection on which sender and recipient are named: a kept one, else a new one."""
        while self._idle:
            line, leaving = self._idle.popitem()
            leaving.cancel()
            try:
                if await self._named(line, recipient):
                    return line
            except BaseException:
                self._drop(line)
                raise
            self._drop(line)
        return await open_line(self._server, sender=self._sender, recipient=recipient)

    async def _named(self, line: aiosmtplib.SMTP, recipient: str) -> bool:
        """Name sender and recipient; False when the connection is no longer good for anything."""
        return line.is_connected and await address(
            line, self._server, sender=self._sender, recipient=recipient
        )

    def _keep(self, line: aiosmtplib.SMTP) -> None:
        carried = self._carried.get(line, 0) + 1
        loop = asyncio.get_running_loop()
        self._carried[line] = carried
        self._idle[line] = loop.call_later(LINGER, self._leave, line)
        if carried >= MOST_MAILS:
            self._leave(line)

    def _leave(self, line: aiosmtplib.SMTP) -> None:
        self._idle.pop(line).cancel()
        task = asyncio.create_task(self._goodbye(line))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _goodbye(self, line: aiosmtplib.SMTP) -> None:
        await say_goodbye(line)
        self._drop(line)

    def _drop(self, line: aiosmtplib.SMTP) -> None:
        self._carried.pop(line, None)
        line.close()
