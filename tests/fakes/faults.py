"""What can go wrong between a request and its answer?

A ``Fault`` bends an answer; a ``Script`` says which request gets which fault. Web and Slack share both::

    site.script("/feed.xml", [status(503), too_many(retry_after="7")])   # the next two requests
    site.always("/feed.xml", hang())                                     # until site.heal("/feed.xml")
"""

from __future__ import annotations

import gzip
import io
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tests.fakes.serving import Answer, Received

LONGEST_HANG = 30.0  # seconds; a hang ends then, or when the server closes
MEBIBYTE = 1024 * 1024
EVERYTHING = "*"  # the key that stands for every path or method without a script of its own

Bend = Callable[[Received, Answer], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    bend: Bend
    # True: the request is carried out first (a message is stored) and only its answer goes wrong.
    handled: bool = True


def status(code: int, body: bytes = b"", *, handled: bool = False) -> Fault:
    """Answer with this status and body."""

    def bend(_: Received, __: Answer) -> Answer:
        return Answer(status=code, headers=(("Content-Type", "text/html; charset=utf-8"),), body=body)

    return Fault(name=f"status {code}", bend=bend, handled=handled)


def too_many(retry_after: str | int | None = None, *, code: int = 429) -> Fault:
    """Answer 429, or another code, with Retry-After as given, be it seconds, a date or nonsense."""

    def bend(_: Received, __: Answer) -> Answer:
        headers = (("Content-Type", "text/plain"),)
        after = () if retry_after is None else (("Retry-After", str(retry_after)),)
        return Answer(status=code, headers=headers + after, body=b"too many requests\n")

    return Fault(name=f"too many ({retry_after})", bend=bend, handled=False)


def hang(seconds: float = LONGEST_HANG, *, handled: bool = False) -> Fault:
    """Never answer; close the connection after some seconds, or when the server closes."""
    return Fault(name="hang", bend=lambda _, __: Answer(manner="hang", seconds=seconds), handled=handled)


def drop(*, handled: bool = False) -> Fault:
    """Close the connection without a word."""
    return Fault(name="drop", bend=lambda _, __: Answer(manner="drop"), handled=handled)


def drip(portion: int = 1, seconds: float = 0.05) -> Fault:
    """Send the body a few bytes at a time."""
    return Fault(
        name="drip", bend=lambda _, answer: replace(answer, manner="drip", portion=portion, seconds=seconds)
    )


def truncated(keep: int | None = None) -> Fault:
    """Promise the whole body, send the first bytes (half of it by default), close."""

    def bend(_: Received, answer: Answer) -> Answer:
        return replace(answer, manner="cut", portion=len(answer.body) // 2 if keep is None else keep)

    return Fault(name="truncated", bend=bend)


def redirect(to: str, code: int = 302, *, handled: bool = False) -> Fault:
    """Send the client elsewhere: another path, another server, a private address."""
    return Fault(
        name=f"redirect to {to}",
        bend=lambda _, __: Answer(status=code, headers=(("Location", to),)),
        handled=handled,
    )


def redirect_loop(code: int = 302) -> Fault:
    """Send the client back to where it is, for ever."""

    def bend(request: Received, _: Answer) -> Answer:
        return Answer(status=code, headers=(("Location", request.target),))

    return Fault(name="redirect loop", bend=bend)


def bomb(mebibytes: int = 64) -> Fault:
    """Answer with a small gzip body that unpacks to many mebibytes of nothing."""
    return Fault(
        name=f"gzip bomb of {mebibytes} MiB",
        bend=lambda _, answer: replace(
            answer,
            body=_packed_nothing(mebibytes),
            headers=answer.with_header("Content-Encoding", "gzip"),
        ),
    )


def huge(mebibytes: int = 12) -> Fault:
    """Answer with the real body and mebibytes of spaces after it, not packed."""

    def bend(_: Received, answer: Answer) -> Answer:
        body = _unpacked(answer) + b" " * (mebibytes * MEBIBYTE)
        return replace(answer, body=body, headers=answer.with_header("Content-Encoding", None))

    return Fault(name=f"{mebibytes} MiB", bend=bend)


def html_instead(words: str = "Please sign in to continue") -> Fault:
    """Answer 200 with a page of HTML, as a sign-in wall or a captive portal does."""

    def bend(_: Received, __: Answer) -> Answer:
        page = f"<!doctype html><html><head><title>{words}</title></head><body><h1>{words}</h1></body></html>"
        return Answer(headers=(("Content-Type", "text/html; charset=utf-8"),), body=page.encode())

    return Fault(name="html instead", bend=bend)


def not_really_gzip() -> Fault:
    """Claim the body is gzip when it is plain."""

    def bend(_: Received, answer: Answer) -> Answer:
        return replace(answer, body=_unpacked(answer), headers=answer.with_header("Content-Encoding", "gzip"))

    return Fault(name="not really gzip", bend=bend)


def says_charset(charset: str) -> Fault:
    """Name a character set in Content-Type, whatever the bytes are."""

    def bend(_: Received, answer: Answer) -> Answer:
        kind = (answer.header("Content-Type") or "text/html").partition(";")[0]
        return replace(answer, headers=answer.with_header("Content-Type", f"{kind}; charset={charset}"))

    return Fault(name=f"says {charset}", bend=bend)


class Script:
    """Which request meets which fault; any thread may write or read it."""

    def __init__(self) -> None:
        """Start with nothing wrong."""
        self._next: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._always: dict[str, Fault] = {}
        self._lock = threading.Lock()

    def add(self, key: str, faults: Iterable[Fault]) -> None:
        """Let the next requests for ``key`` meet these faults, one each, in order."""
        with self._lock:
            self._next[key].extend(faults)

    def always(self, key: str, fault: Fault) -> None:
        """Let every request for ``key`` meet this fault until ``heal``."""
        with self._lock:
            self._always[key] = fault

    def heal(self, key: str | None = None) -> None:
        """Forget what was scripted for ``key``, or everything."""
        with self._lock:
            for table in (self._next, self._always):
                if key is None:
                    table.clear()
                else:
                    table.pop(key, None)

    def take(self, key: str) -> Fault | None:
        """Return the fault the request at hand meets, or None if all is well."""
        with self._lock:
            for name in (key, EVERYTHING):
                if self._next.get(name):
                    return self._next[name].popleft()
                if name in self._always:
                    return self._always[name]
        return None

    @property
    def pending(self) -> int:
        """How many one-time faults have not happened yet."""
        with self._lock:
            return sum(len(faults) for faults in self._next.values())


def _unpacked(answer: Answer) -> bytes:
    return gzip.decompress(answer.body) if answer.header("Content-Encoding") == "gzip" else answer.body


def _packed_nothing(mebibytes: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as sink:
        for _ in range(mebibytes):
            sink.write(bytes(MEBIBYTE))
    return packed.getvalue()
