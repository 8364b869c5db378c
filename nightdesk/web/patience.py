"""How long does the console wait for somebody who is slow to ask? Not for ever: lines are few.

A browser sends a request at once. Who opens hundreds of lines and sends a letter a minute would keep all
others out, and in the end the watch, which needs lines of its own.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

HEAD = 20.0  # seconds for the head of a request; `app.py` has those for what comes after it
#: Lines that are open at once; who comes then is told to come again.
LINES = 200


class Impatient(H11Protocol):
    """HTTP as uvicorn speaks it; a line on which no whole request comes is hung up."""

    patience: ClassVar[float] = HEAD
    _hanging_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait no longer when a request is there."""
        super().data_received(data)
        if self._is_answering():
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._wait()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nobody."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._hanging_up is None:
            self._hanging_up = self.loop.call_later(self.patience, self._hang_up)

    def _hang_up(self) -> None:
        self._hanging_up = None
        if not self._is_answering():
            self.transport.close()

    def _is_answering(self) -> bool:
        # There is none before the first request, whatever uvicorn's types say.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not cycle.response_complete

    def _stop_waiting(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
            self._hanging_up = None
