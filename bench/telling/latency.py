"""How long from the moment a feed serves an item until Slack has it? The whole program, on the real clock."""

from __future__ import annotations

import signal
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event

from bench.program import running, wait_until, write_settings
from config.install import Answers, install_starter
from news.errors import StorageError
from storage.open import open_store
from tests.fakes.clock import real_time
from tests.fakes.press import Outlet, PrintedArticle
from tests.fakes.slack import FakeSlack
from tests.fakes.web import NewsWeb

SOURCES = 100
CHANNELS = 20
ITEMS = 100
SECONDS = 50.0  # over which the items come


def latencies() -> list[float]:
    """Return the seconds of each item, of those that arrived.

    Raises:
        RuntimeError: it could not be measured, and why.
    """
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
        database = f"sqlite:///{Path(temporary) / 'nightdesk.db'}"
        _write(folder, web, outlets, slack, database)
        with running(folder, {"SLACK_BOT_TOKEN": slack.token}) as process:
            wait_until(lambda: _is_read(database), "the first read of every source", process)
            due = _publish(web, outlets, random)
            wait_until(lambda: len(slack.accepted) >= ITEMS, "every post", process)
            process.send_signal(signal.SIGTERM)
        return list(_measured(web, slack, due))


def _is_read(database: str) -> bool:
    """Return whether every source was read and the old articles are filed and watched."""
    try:
        with closing(open_store(database, now=real_time(), migrate=False)) as store:
            return (
                sum(state.baseline_at is not None for state in store.fetch_states()) == SOURCES
                and not store.unfiled_clippings(limit=1, now=real_time())
                and not store.unwatched_stories(limit=1)
            )
    except StorageError:
        return False  # its tables are being made


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


def _write(folder: Path, web: NewsWeb, outlets: list[Outlet], slack: FakeSlack, database: str) -> None:
    install_starter(folder, Answers(timezone="UTC"))
    for shipped in (*(folder / "sources").glob("*.yaml"), *(folder / "watchlists").glob("*.yaml")):
        shipped.unlink()
    sites = [web.outlet(outlet.id) for outlet in outlets]
    write_settings(
        folder / "nightdesk.yaml",
        {
            "version": 1,
            "console": "off",
            "database": database,
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
    write_settings(folder / "sources" / "bench.yaml", {"sources": sources})
    for number in range(CHANNELS):
        deliver = [{"to": f"slack:#desk-{number}"}]
        watchlist = {"name": f"County {number}", "match": [f"County{number}"], "deliver": deliver}
        write_settings(folder / "watchlists" / f"county-{number}.yaml", watchlist)
