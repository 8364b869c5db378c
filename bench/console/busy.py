"""How quickly does /healthz answer while the crawler polls 100 sources that always have something new?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic, perf_counter

from config.install import Answers, install_starter
from tests.fakes.clock import real_time
from tests.fakes.press import Outlet, PrintedArticle
from tests.fakes.web import NewsWeb
from tests.web.living import free_port

SOURCES = 100
SECONDS = 20.0  # that it is asked
EVERY = 0.02  # seconds between two questions
PATIENCE = 60.0  # seconds for the first read of everything
ALMOST_ALL = 0.99


def answers() -> list[float]:
    """Return the milliseconds of each answer, in order of size."""
    outlets = [Outlet(id=f"outlet-{n}", name=f"Outlet {n}", feed="rss-full") for n in range(SOURCES)]
    with TemporaryDirectory() as temporary, NewsWeb(outlets, [], clock=real_time) as web:
        port, folder = free_port(), Path(temporary) / "newsroom"
        _write(folder, web, outlets, port)
        for outlet in outlets:
            web.outlet(outlet.id).publish(_article(outlet.id, 0))
        with _running(folder) as process:
            _wait(lambda: all(web.outlet(outlet.id).requests for outlet in outlets))
            _wait(lambda: _is_open(port))
            found = list(_asked(web, outlets, port))
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=15)
    return sorted(found)


def _asked(web: NewsWeb, outlets: list[Outlet], port: int) -> Iterator[float]:
    until, number = monotonic() + SECONDS, 1
    while monotonic() < until:
        # Every source has something new every two seconds or so.
        outlet = outlets[number % SOURCES]
        web.outlet(outlet.id).publish(_article(outlet.id, number))
        began = perf_counter()
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        finally:
            connection.close()
        yield (perf_counter() - began) * 1000
        number += 1
        Event().wait(EVERY)


def _is_open(port: int) -> bool:
    with socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def _article(outlet: str, number: int) -> PrintedArticle:
    words = " ".join(f"word{number}x{each}" for each in range(90))
    return PrintedArticle(
        outlet=outlet,
        slug=f"item-{number}",
        at=real_time() - timedelta(minutes=1),
        title=f"County item {number} of {outlet}",
        paragraphs=(f"{words.capitalize()}.",),
    )


def _write(folder: Path, web: NewsWeb, outlets: list[Outlet], port: int) -> None:
    install_starter(folder, Answers(timezone="UTC"))
    for shipped in (*(folder / "sources").glob("*.yaml"), *(folder / "watchlists").glob("*.yaml")):
        shipped.unlink()
    sites = [web.outlet(outlet.id) for outlet in outlets]
    main = {
        "version": 1,
        "newsroom": {"name": "Bench", "timezone": "UTC", "language": "en"},
        "console": {"address": f"127.0.0.1:{port}"},
        "fetch": {
            "allow_addresses": [site.address for site in sites],
            "every": {"high": "2s", "normal": "2s", "low": "2s"},
        },
    }
    (folder / "nightdesk.yaml").write_text(json.dumps(main), encoding="utf-8")
    watchlist = {"name": "County", "match": ["County"], "deliver": [{"to": "console:"}]}
    (folder / "watchlists" / "county.yaml").write_text(json.dumps(watchlist), encoding="utf-8")
    sources = [{"id": site.outlet.id, "name": site.outlet.name, "url": site.feed_url} for site in sites]
    (folder / "sources" / "bench.yaml").write_text(json.dumps({"sources": sources}), encoding="utf-8")


@contextmanager
def _running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "nightdesk", "run", "--quiet", "--config", str(folder)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603 - ours
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait(happened: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not happened() and monotonic() < until:
        Event().wait(0.1)
