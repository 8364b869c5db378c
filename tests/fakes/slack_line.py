"""How does Slack speak to an app that called it? Socket Mode: envelopes out, acknowledgments in.

The other side of ``apps.connections.open``. Each connection is greeted with ``hello``; an envelope goes to
one of those that are open, in turn, as Slack does it; who does not answer within three seconds has failed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.serving import LOOPBACK
from tests.fakes.slack_checks import Json

WITHIN = 3.0  # seconds in which Slack wants an acknowledgment
STARTS_WITHIN = 5.0  # seconds until the server answers, or ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """What came back for an envelope."""

    # False: nobody listened, or nobody answered in time; Slack shows the person that it failed.
    done: bool
    seconds: float = 0.0
    payload: Json | None = None


@dataclass(slots=True, eq=False)
class _Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)


class SlackLine:
    """The server for the lines, on loopback, in a thread of its own; made when it is first asked for."""

    def __init__(self) -> None:
        self._open: list[_Connection] = []
        self._turn = itertools.count()
        self._ids = itertools.count(1)
        self._tickets: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._port = 0
        self._runner: web.AppRunner | None = None
        #: How often an app connected.
        self.connected = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._started = threading.Event()
        self._thread.start()
        assert self._started.wait(STARTS_WITHIN)

    def ticket(self) -> str:
        """Return an address for one connection."""
        ticket = f"ticket-{next(self._ids)}"
        self._tickets.add(ticket)
        return f"ws://{LOOPBACK}:{self._port}/link/?ticket={ticket}"

    @property
    def listeners(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def deliver(self, kind: str, payload: Json, *, within: float = WITHIN) -> Acknowledged:
        """Send an envelope to one of the connections and wait for its acknowledgment."""
        done: Future[Acknowledged] = self._do(self._deliver(kind, payload, within))
        return done.result(within + STARTS_WITHIN)

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Say on every line that it will be closed; it stays open until the other side or `drop` ends it."""
        self._do(self._say({"type": "disconnect", "reason": reason})).result(STARTS_WITHIN)

    def drop(self) -> None:
        """Cut every line."""
        self._do(self._drop()).result(STARTS_WITHIN)

    def close(self) -> None:
        """End the server."""
        if self._thread.is_alive():
            self._do(self._close()).result(STARTS_WITHIN)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STARTS_WITHIN)
            self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._started.set()
        self._loop.run_forever()

    async def _serve(self) -> None:
        app = web.Application()
        app.router.add_get("/link/", self._connect)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, 0)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)  # good for one connection
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = _Connection(socket)
        self._open.append(connection)
        self.connected += 1
        hello = {"type": "hello", "num_connections": len(self._open), "connection_info": {"app_id": "A0"}}
        await socket.send_str(json.dumps(hello))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    _settle(connection, json.loads(message.data))
        finally:
            self._open.remove(connection)
            for waiting in connection.waiting.values():
                waiting.cancel()
        return socket

    async def _deliver(self, kind: str, payload: Json, within: float) -> Acknowledged:
        begun = monotonic()
        if not self._open:
            return Acknowledged(done=False)
        connection = self._open[next(self._turn) % len(self._open)]
        id_ = f"envelope-{next(self._ids)}"
        envelope = {"envelope_id": id_, "type": kind, "payload": payload, "accepts_response_payload": True}
        waiting = connection.waiting[id_] = self._loop.create_future()
        try:
            await connection.socket.send_str(json.dumps(envelope))
            answer = await asyncio.wait_for(waiting, within)
        except (TimeoutError, asyncio.CancelledError, ConnectionError):
            return Acknowledged(done=False, seconds=monotonic() - begun)
        finally:
            connection.waiting.pop(id_, None)
        return Acknowledged(done=True, seconds=monotonic() - begun, payload=answer)

    async def _say(self, frame: Json) -> None:
        for connection in tuple(self._open):
            await connection.socket.send_str(json.dumps(frame))

    async def _drop(self) -> None:
        for connection in tuple(self._open):
            await connection.socket.close(code=1011)

    async def _close(self) -> None:
        await self._drop()
        if self._runner is not None:
            await self._runner.cleanup()


def _settle(connection: _Connection, said: object) -> None:
    id_ = said.get("envelope_id") if isinstance(said, dict) else None
    waiting = connection.waiting.get(str(id_))
    if waiting is not None and not waiting.done() and isinstance(said, dict):
        waiting.set_result(said.get("payload"))
