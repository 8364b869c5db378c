"""How does Slack reach us without a public address? Socket Mode: we call, and it speaks on that line.

The connection is ours and not the SDK's, whose client closes the old line before the new one is open, asks
for an address that has expired for ever, and writes the address, which is a secret, to its log. Here a line
that is about to end is replaced first and listened to until it ends: no click falls between two.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from alerts.channels.slack.calls import WebApi, is_near
from news.errors import ChannelError, ChannelRefusedError

if TYPE_CHECKING:
    from aiohttp import ClientSession, ClientWebSocketResponse

log = logging.getLogger("nightdesk.slack")

HEARTBEAT = 10.0  # seconds between two looks whether the line still stands
HELLO_WITHIN = 10.0  # seconds in which Slack says hello on a new line
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds before Slack is called again
LARGEST_FRAME = 1024 * 1024  # bytes; a click with a whole message is a tenth of that
DRAINS_FOR = 15.0  # seconds that a line which was replaced is listened to

Envelope = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgment:
    """What goes back for an envelope."""

    # None for nothing but the fact.
    payload: Mapping[str, object] | None = None
    # Called when it has gone, or cannot go any more.
    gone: Callable[[], None] = lambda: None


#: Answers an envelope.
Answer = Callable[[Envelope], Awaitable[Acknowledgment]]


class LineLostError(ChannelError):
    """Slack could not be reached, or hung up before it said hello."""


@dataclass(slots=True, kw_only=True)
class Line:
    """One connection."""

    socket: ClientWebSocketResponse
    # How many connections Slack says there are, this one included.
    connections: int = 1
    # Set when it ended, or Slack said that it will.
    leaving: asyncio.Event = field(default_factory=asyncio.Event)


class SocketMode:
    """Keeps a line to Slack open."""

    def __init__(self, api: WebApi, url: str, answer: Answer, random: Random) -> None:
        """`api` has the app's token, `url` is where Slack's Web API is."""
        self._api = api
        self._is_near = is_near(url)
        self._answer = answer
        self._random = random
        self._reading: set[asyncio.Task[None]] = set()
        self._at_work: set[asyncio.Task[None]] = set()
        # Told whenever a line opens, with the number of connections there are.
        self.on_open: Callable[[int], None] = lambda connections: None  # noqa: ARG005 - nobody asked
        # Told when no line is left.
        self.on_lost: Callable[[str], None] = lambda why: None  # noqa: ARG005 - nobody asked

    async def keep(self, stopping: asyncio.Event) -> None:
        """Keep a line open until told to stop; then answer what was heard, and hang up.

        Raises:
            ChannelRefusedError: Slack refuses the token, and calling again will not help.
        """
        async with _session() as session:
            stop = asyncio.create_task(stopping.wait(), name="slack's stop")
            try:
                await self._keep(session, stop)
            finally:
                stop.cancel()
                await self._hang_up()

    async def _keep(self, session: ClientSession, stop: asyncio.Task[bool]) -> None:
        wait = FIRST_WAIT
        while not stop.done():
            try:
                line = await self._call(session)
            except ChannelRefusedError:
                raise
            except ChannelError as error:
                self._lost(str(error))
                await asyncio.wait({stop}, timeout=max(error.retry_after or 0, self._jittered(wait)))
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            self.on_open(line.connections)
            self._start(self._reading, self._read(line))
            leaving = asyncio.create_task(line.leaving.wait())
            await asyncio.wait({stop, leaving}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()

    def _jittered(self, seconds: float) -> float:
        return seconds * (0.5 + self._random.random())

    def _lost(self, why: str) -> None:
        if not self._reading:
            self.on_lost(why)

    async def _call(self, session: ClientSession) -> Line:
        """Ask for an address and connect; the line is open when Slack said hello."""
        from aiohttp import ClientError, WSMessageTypeError

        answer = await self._api.post("apps.connections.open", {})
        try:
            socket = await session.ws_connect(
                str(answer.get("url") or ""),
                heartbeat=HEARTBEAT,
                max_msg_size=LARGEST_FRAME,
                proxy=None if self._is_near else _proxy(),
            )
            hello = json.loads(await asyncio.wait_for(socket.receive_str(), HELLO_WITHIN))
        except (ClientError, OSError, TimeoutError, ValueError, WSMessageTypeError):
            raise LineLostError(
                "Slack's line for clicks cannot be opened"
            ) from None  # the address is a secret
        said = hello if isinstance(hello, dict) else {}
        number = said.get("num_connections")
        return Line(socket=socket, connections=number if isinstance(number, int) else 1)

    async def _read(self, line: Line) -> None:
        """Hear what Slack says until the line ends; answers never keep the next one waiting."""
        from aiohttp import WSMsgType

        try:
            async for message in line.socket:
                heard = _object(message.data) if message.type is WSMsgType.TEXT else {}
                if heard.get("type") == "disconnect":
                    line.leaving.set()
                    asyncio.get_running_loop().call_later(DRAINS_FOR, self._close_later, line)
                elif heard.get("envelope_id"):
                    self._start(self._at_work, self._take(line, heard))
        finally:
            line.leaving.set()
            await line.socket.close()
            self._reading -= {task for task in self._reading if task is asyncio.current_task()}
            self._lost("the line to Slack ended")

    def _close_later(self, line: Line) -> None:
        if not line.socket.closed:
            self._start(self._at_work, _closed(line))

    async def _take(self, line: Line, envelope: Envelope) -> None:
        answer = await self._answer(envelope)
        said: dict[str, object] = {"envelope_id": envelope["envelope_id"]}
        if answer.payload is not None:
            said["payload"] = answer.payload
        try:
            await line.socket.send_str(json.dumps(said))
        except (ConnectionError, OSError):
            # The person is shown by Slack that no answer came; what was decided shows in the message.
            log.warning("acknowledgment not sent: the line ended")
        finally:
            answer.gone()

    def _start(self, tasks: set[asyncio.Task[None]], work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _hang_up(self) -> None:
        if self._at_work:
            await asyncio.wait(self._at_work)
        for task in tuple(self._reading):
            task.cancel()
        if self._reading:
            await asyncio.wait(self._reading)


async def _closed(line: Line) -> None:
    await line.socket.close()


def _object(text: str) -> Mapping[str, object]:
    try:
        heard = json.loads(text)
    except ValueError:
        return {}
    return heard if isinstance(heard, dict) else {}


def _session() -> ClientSession:
    from aiohttp import ClientSession, DummyCookieJar

    return ClientSession(cookie_jar=DummyCookieJar())


def _proxy() -> str | None:
    from urllib.request import getproxies

    return getproxies().get("https")
