"""Where are processes of the program born?

Every start of the program reads the same thousand modules, which costs most of its first second and a
half. A nursery reads them once for each process of tests; a birth is a fork of it, with the environment, the
folder and the log that are asked for. The nursery has no threads; whoever is born lives and dies as any
process does.

    python -m tests.whole.nursery FD
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Event, Lock
from time import monotonic

CHECKOUT = Path(__file__).parents[2]
#: What the program reads before its rooms are open, and at its first message.
READ_BEFORE = (
    "Stemmer",
    "aiosmtplib",
    "alembic.command",
    "alerts.auditing",
    "alerts.catching_up",
    "alerts.channels.email.channel",
    "alerts.channels.registry",
    "alerts.channels.slack.channel",
    "alerts.channels.slack.desk",
    "alerts.digests",
    "alerts.dispatch",
    "alerts.nightly",
    "alerts.schedule",
    "alerts.source_alarms",
    "alerts.watching",
    "apscheduler.executors.asyncio",
    "apscheduler.schedulers.asyncio",
    "apscheduler.triggers.interval",
    "config.edit",
    "config.load",
    "courlan",
    "crawler.downloader",
    "crawler.engine",
    "crawler.filing",
    "crawler.items",
    "crawler.polling",
    "crawler.reading.children",
    "crawler.reading.entries",
    "crawler.robots",
    "crawler.short_road",
    "crawler.spiders.article",
    "news.matching.implying",
    "news.matching.index",
    "news.matching.language",
    "news.matching.sense",
    "news.sameness.bridging",
    "news.sameness.window",
    "nightdesk.desk.beat",
    "nightdesk.desk.deciding",
    "nightdesk.desk.escalating",
    "nightdesk.desk.shifts",
    "nightdesk.service",
    "nightdesk.watchlist_versions",
    "nightdesk.watchlists",
    "numpy.ma",
    "psycopg",
    "scrapy.core.downloader.handlers.ftp",
    "scrapy.core.engine",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.httpauth",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.offsite",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.stats",
    "scrapy.dupefilters",
    "scrapy.extensions.closespider",
    "scrapy.extensions.corestats",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.logstats",
    "scrapy.extensions.memusage",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.spiderstate",
    "scrapy.extensions.telnet",
    "scrapy.extensions.throttle",
    "scrapy.pqueues",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.metacopy",
    "scrapy.spidermiddlewares.referer",
    "scrapy.spidermiddlewares.start",
    "scrapy.spidermiddlewares.urllength",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "slack_bolt.async_app",
    "slack_bolt.authorization",
    "slack_bolt.request.async_request",
    "slack_sdk.web.async_client",
    "storage.bulk",
    "storage.migrating",
    "storage.open",
    "storage.postgresql",
    "storage.sole",
    "storage.sqlite",
    "storage.store",
    "storage.threads",
    "tests.whole.starter",
    "tldextract",
)
#: Seconds between two looks at a process that is expected to end.
LOOK = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Born:
    """A process of the program."""

    pid: int

    def poll(self) -> int | None:
        """Return how it ended, as `subprocess` tells it; None while it lives."""
        return _ask(self.pid)

    def wait(self, timeout: float) -> int:
        """Return how it ended.

        Raises:
            AssertionError: it lives on after `timeout` seconds.
        """
        until = monotonic() + timeout
        while (code := self.poll()) is None:
            assert monotonic() < until, f"process {self.pid} did not end in {timeout} s"
            Event().wait(LOOK)
        return code

    def signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


def bear(words: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path) -> Born:
    """Start `tests.whole.starter` with these words; what it says is added to `log`."""
    birth = {"words": list(words), "environment": dict(environment), "folder": str(folder), "log": str(log)}
    return Born(pid=_exchange(birth))


# ── Asking, from the tests' side ──────────────────────────────────────────────────────────────────────────

_one_at_a_time = Lock()
_ended: dict[int, int] = {}


def _ask(pid: int) -> int | None:
    if pid not in _ended:
        code = _exchange({"pid": pid})
        if code == ALIVE:
            return None
        _ended[pid] = code
    return _ended[pid]


#: No process ends with this.
ALIVE = 1_000


def _exchange(question: Mapping[str, object]) -> int:
    with _one_at_a_time:
        line = _line()
        line.sendall(json.dumps(question).encode() + b"\n")
        return int(_until_newline(line))


def _until_newline(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(b"\n"):
        more = line.recv(65_536)
        assert more, "the nursery is gone"
        answer += more
    return answer


@cache
def _line() -> socket.socket:
    ours, theirs = socket.socketpair()
    environment = {"PYTHONPATH": str(CHECKOUT), "PATH": os.environ.get("PATH", "")}
    with theirs:
        nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.whole.nursery", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=environment | {"OPENBLAS_NUM_THREADS": "1"},
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
        )
    atexit.register(_hang_up, ours, nursery)
    return ours


def _hang_up(line: socket.socket, nursery: subprocess.Popen[bytes]) -> None:
    line.close()
    nursery.wait(timeout=10)


# ── Being the nursery ─────────────────────────────────────────────────────────────────────────────────────


def main(descriptor: int) -> int:
    """Bear processes and say how they ended, until the tests hang up."""
    for module in READ_BEFORE:
        import_module(module)
    assert "twisted.internet.reactor" not in sys.modules, "each process must choose its own reactor"
    with socket.socket(fileno=descriptor) as line, line.makefile("rb") as questions:
        for question in questions:
            line.sendall(f"{_answer(json.loads(question), line)}\n".encode())
    return 0


def _answer(question: Mapping[str, object], line: socket.socket) -> int:
    pid = question.get("pid")
    if isinstance(pid, int):
        ended, status = os.waitpid(pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if ended else ALIVE
    born = os.fork()
    if not born:
        line.close()
        _live(question)
    return born


def _live(birth: Mapping[str, object]) -> None:
    """Be the program, and never return."""
    from tests.whole.starter import main as start

    code = 1
    try:
        os.chdir(str(birth["folder"]))
        log = os.open(str(birth["log"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.dup2(log, 1)
        os.dup2(log, 2)
        environment, words = birth["environment"], birth["words"]
        assert isinstance(environment, dict)
        assert isinstance(words, list)
        os.environ.clear()
        os.environ.update(environment)
        signal.set_wakeup_fd(-1)
        code = start(*words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1])))
