"""How long from the moment a feed serves an item until Slack has it? The whole program, on the real clock."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event
from time import monotonic

from config.install import Answers, install_starter
from tests.fakes.clock import real_time
from tests.fakes.press import Outlet, PrintedArticle
from tests.fakes.slack import FakeSlack
from tests.fakes.web import NewsWeb

SOURCES = 100
CHANNELS = 20
ITEMS = 100
SECONDS = 50.0  # over which the items come
PATIENCE = 60.0  # for the first read of everything, and for the last post


def latencies() -> list[float]:
    """Return the seconds of each item."""
    random = Random(5)  # noqa: S311 - a bench's luck, the same every time
    outlets = [Outlet(id=f"outlet-{n}", name=f"Outlet {n}", feed="rss-full") for n in range(SOURCES)]
    channels = [f"#desk-{n}" for n in range(CHANNELS)]
    old = [
        _article(outlet.id, n, real_time() - timedelta(hours=2), random) for n, outlet in enumerate(outlets)
    ]
    with (
        TemporaryDirectory() as temporary,
        NewsWeb(outlets, old, clock=real_time) as web,
        FakeSlack(clock=real_time, channels=channels) as slack,
    ):
        folder = Path(temporary) / "newsroom"
        _write(folder, web, outlets, slack)
        with _running(folder, slack) as process:
            _wait(lambda: all(web.outlet(outlet.id).requests for outlet in outlets))
            Event().wait(8)  # the backlog is filed
            due = _publish(web, outlets, random)
            _wait(lambda: len(slack.accepted) >= ITEMS)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=15)
        return list(_measured(web, slack, due))


def _article(outlet: str, number: int, at: datetime, random: Random) -> PrintedArticle:
    """Return an article of words that no other has, on the beat of one channel."""
    words = [f"{random.choice('bdfgklmnprst')}a{random.randrange(10**6):x}" for _ in range(90)]
    text = " ".join(words)
    title = f"County{number % CHANNELS} item {number} {words[0]} {words[1]} {words[2]}"
    return PrintedArticle(
        outlet=outlet,
        slug=f"item-{number}-{words[0]}",
        at=at,
        title=title,
        paragraphs=(f"{text.capitalize()}.",),
    )


def _publish(web: NewsWeb, outlets: list[Outlet], random: Random) -> dict[str, tuple[str, datetime]]:
    """Let the items come over some time; return of each where and when."""
    due: dict[str, tuple[str, datetime]] = {}
    for number in range(ITEMS):
        outlet, now = random.choice(outlets), real_time()
        article = _article(outlet.id, 1000 + number, now, random)
        web.outlet(outlet.id).publish(article)
        due[article.title] = (outlet.id, now)
        Event().wait(SECONDS / ITEMS)
    return due


def _measured(web: NewsWeb, slack: FakeSlack, due: dict[str, tuple[str, datetime]]) -> list[float]:
    posted = {call.text.partition(". ")[0]: call.at for call in reversed(slack.accepted)}
    found = []
    for title, (outlet, at) in due.items():
        site = web.outlet(outlet)
        served = min((each.at for each in site.asked(site.outlet.feed_path) if each.at >= at), default=None)
        if served is not None and title in posted:
            found.append((posted[title] - served).total_seconds())
    return found


def _write(folder: Path, web: NewsWeb, outlets: list[Outlet], slack: FakeSlack) -> None:
    install_starter(folder, Answers(timezone="UTC"))
    for shipped in (*(folder / "sources").glob("*.yaml"), *(folder / "watchlists").glob("*.yaml")):
        shipped.unlink()
    sites = [web.outlet(outlet.id) for outlet in outlets]
    _yaml(
        folder / "nightdesk.yaml",
        {
            "version": 1,
            "newsroom": {"name": "Bench", "timezone": "UTC", "language": "en"},
            "channels": {"slack": {"token": "${SLACK_BOT_TOKEN}", "api_url": slack.api_url}},
            "limits": {"per_hour": 100000, "per_day": 100000},
            "quiet_hours": "off",
            "fetch": {
                "allow_addresses": [site.address for site in sites],
                "every": {"high": "2s", "normal": "2s", "low": "2s"},
            },
        },
    )
    sources = [{"id": site.outlet.id, "name": site.outlet.name, "url": site.feed_url} for site in sites]
    _yaml(folder / "sources" / "bench.yaml", {"sources": sources})
    for number in range(CHANNELS):
        deliver = [{"to": f"slack:#desk-{number}"}]
        watchlist = {"name": f"County {number}", "match": [f"County{number}"], "deliver": deliver}
        _yaml(folder / "watchlists" / f"county-{number}.yaml", watchlist)


def _yaml(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _running(folder: Path, slack: FakeSlack) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SLACK_BOT_TOKEN": slack.token, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "nightdesk", "run", "--quiet", "--config", str(folder)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)  # noqa: S603 - ours


def _wait(happened: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not happened() and monotonic() < until:
        Event().wait(0.1)
