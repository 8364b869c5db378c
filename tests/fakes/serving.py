"""How does a fake answer on a real socket, well or badly?

One ``Listener`` is one HTTP/1.1 server on loopback in background threads. It hands each request to a function
and sends what that returns, in the manner the answer asks for: whole, in drips, cut short, never, not at all.
"""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer, TCPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.clock import Clock

LOOPBACK = "127.0.0.1"
LARGEST_REQUEST = 10 * 1024 * 1024  # bytes of body; nobody has business sending a fake more
SLOWEST_CLOSE = 5.0  # seconds to wait for one conversation to end once its socket is shut
WAKE_EVERY = 0.05  # seconds between two looks at "should we stop?"

Manner = Literal["whole", "drip", "cut", "hang", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came in."""

    method: str
    # As sent: path and query, undecoded.
    target: str
    # Names in lower case; of a header sent twice, the last value.
    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a name given twice, the last value."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back, and how."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    manner: Manner = "whole"
    # cut: bytes of the body that are really sent. drip: bytes in one drip.
    portion: int = 1
    # drip: seconds between two drips. hang: seconds until the connection closes. Closing the server ends it.
    seconds: float = 0.0

    def header(self, name: str) -> str | None:
        """Return a header's value, whatever the case of its name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_header(self, name: str, value: str | None) -> tuple[tuple[str, str], ...]:
        """Return the headers with one set anew, or without it when the value is None."""
        others = tuple((key, text) for key, text in self.headers if key.lower() != name.lower())
        return others if value is None else (*others, (name, value))


Respond = Callable[[Received], Answer]


class _Conversations(ThreadingHTTPServer):
    """A threading server that can end every conversation it has begun."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, listener: Listener, port: int) -> None:
        self.listener = listener
        self._open: dict[threading.Thread, socket.socket] = {}
        super().__init__((LOOPBACK, port), _Conversation)

    def server_bind(self) -> None:
        # HTTPServer's own looks the host up in the DNS, which is slow or absent where tests run.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's own types
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._open = {t: s for t, s in self._open.items() if t.is_alive()} | {thread: request}
        thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - as above
        problem = sys.exc_info()[1]
        if isinstance(problem, Exception) and not isinstance(problem, ConnectionError | TimeoutError):
            self.listener.failures.append(problem)

    def end_conversations(self) -> None:
        for connection in self._open.values():
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:  # already closed: that is what we want
                continue
        for thread in self._open:
            thread.join(SLOWEST_CLOSE)


class _Conversation(BaseHTTPRequestHandler):
    """One connection: requests come in, answers go out, until somebody closes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version = "Fake/1"
    sys_version = ""
    server: BaseServer

    def answer_request(self) -> None:
        listener = self._listener()
        request = self._read()
        if request is None:
            return
        listener.note(request)
        answer = listener.respond(request)
        try:
            self._send(answer)
        except ConnectionError:  # the client left first, as clients under test do
            self.close_connection = True

    do_GET = do_HEAD = do_POST = answer_request  # noqa: N815 - the names BaseHTTPRequestHandler looks for

    def _listener(self) -> Listener:
        assert isinstance(self.server, _Conversations)
        return self.server.listener

    def _read(self) -> Received | None:
        declared = self.headers.get("Content-Length", "0")
        if not declared.isdigit() or int(declared) > LARGEST_REQUEST:
            self._send(Answer(status=413, headers=(("Connection", "close"),)))
            self.close_connection = True
            return None
        return Received(
            method=self.command,
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(declared)),
            at=self._listener().clock(),
        )

    def _send(self, answer: Answer) -> None:
        if answer.manner in {"drop", "hang"}:
            if answer.manner == "hang":
                self._listener().closing.wait(answer.seconds)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.header("Content-Length") is None and answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self._send_body(answer)

    def _send_body(self, answer: Answer) -> None:
        if answer.manner == "whole":
            self.wfile.write(answer.body)
        elif answer.manner == "cut":
            self.wfile.write(answer.body[: answer.portion])
            self.close_connection = True
        else:
            self._drip(answer)

    def _drip(self, answer: Answer) -> None:
        closing = self._listener().closing
        for start in range(0, len(answer.body), answer.portion):
            self.wfile.write(answer.body[start : start + answer.portion])
            if closing.wait(answer.seconds):
                self.close_connection = True
                return

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - the base's signature
        return format_datetime(self._listener().clock(), usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's signature
        """Say nothing: what came in is in ``Listener.received``."""


class Listener:
    """One HTTP server on loopback, from construction to ``close``."""

    def __init__(self, respond: Respond, *, clock: Clock, port: int = 0) -> None:
        """Start answering; port 0 takes any free one."""
        self.respond = respond
        self.clock = clock
        self.closing = threading.Event()
        #: What went wrong inside ``respond``; ``close`` raises it, so that no test passes over it.
        self.failures: list[Exception] = []
        self._received: list[Received] = []
        self._lock = threading.Lock()
        self._server = _Conversations(self, port)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": WAKE_EVERY}, daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def received(self) -> tuple[Received, ...]:
        """Every request so far, in the order they came."""
        with self._lock:
            return tuple(self._received)

    def note(self, request: Received) -> None:
        """Write a request into the log."""
        with self._lock:
            self._received.append(request)

    def forget(self) -> None:
        """Empty the log."""
        with self._lock:
            self._received.clear()

    def close(self) -> None:
        """Stop: ends hangs and drips, closes every connection, waits for the threads. Safe to call twice.

        Raises:
            ExceptionGroup: what went wrong while answering, if anything did.
        """
        if not self.closing.is_set():
            self.closing.set()
            self._server.shutdown()
            self._server.end_conversations()
            self._server.server_close()
            self._thread.join(SLOWEST_CLOSE)
        failures, self.failures = self.failures, []
        if failures:
            raise ExceptionGroup("a fake server failed while answering", failures)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
