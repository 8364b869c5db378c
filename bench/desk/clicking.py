"""How long from a click in Slack until the message shows it? The whole program, on the real clock, busy."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread

from bench.program import running, wait_until, write_settings
from config.install import Answers, install_starter
from tests.fakes.clock import real_time
from tests.fakes.press import Outlet, PrintedArticle
from tests.fakes.slack import AcceptedCall, FakeSlack
from tests.fakes.slack_workspace import SlackMessage
from tests.fakes.web import NewsWeb

SOURCES, CHANNELS = 100, 20
CLICKS = 200
BETWEEN_CLICKS = 0.2  # seconds
BETWEEN_ITEMS = 0.5  # seconds; the crawler files and tells them meanwhile
ANSWERS_AFTER = 0.03  # seconds that the fake takes over each message
PERSON = "U09NIGHTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked:
    """What the clicks brought."""

    # Seconds until the acknowledgment, of each click.
    acknowledged: tuple[float, ...]
    # Seconds until the message showed it, of those that did.
    shown: tuple[float, ...]
    # Messages that came in meanwhile: how busy it was.
    posted: int


def clicked() -> Clicked:
    """Click, and measure.

    Raises:
        RuntimeError: it could not be measured, and why.
    """
    random = Random(7)  # noqa: S311 - a bench's luck, the same every time
    outlets = [Outlet(id=f"outlet-{n}", name=f"Outlet {n}", feed="rss-full") for n in range(SOURCES)]
    channels = [f"#desk-{n}" for n in range(CHANNELS)]
    begin = real_time() - timedelta(hours=2)
    old = [_article(outlet.id, n, begin, random) for n, outlet in enumerate(outlets)]
    with (
        TemporaryDirectory() as temporary,
        NewsWeb(outlets, old, clock=real_time) as web,
        FakeSlack(clock=real_time, channels=channels) as slack,
    ):
        slack.on_accept = _slow
        folder = Path(temporary) / "newsroom"
        _write(folder, web, outlets, slack, f"sqlite:///{Path(temporary) / 'nightdesk.db'}")
        secrets = {"SLACK_BOT_TOKEN": slack.token, "SLACK_APP_TOKEN": slack.people.app_token}
        with running(folder, secrets) as process:
            wait_until(lambda: slack.people.line.listeners > 0, "a line to Slack", process)
            wait_until(
                lambda: all(web.outlet(one.id).asked(one_feed(web, one)) for one in outlets),
                "a read",
                process,
            )
            for outlet in outlets[: CHANNELS * 2]:
                web.outlet(outlet.id).publish(
                    _article(outlet.id, len(old) + outlets.index(outlet), real_time(), random)
                )
            wait_until(lambda: len(_roots(slack, channels)) >= CHANNELS, "messages with buttons", process)
            over = Event()
            news = Thread(target=_publish, args=(web, outlets, random, over), daemon=True)
            news.start()
            posted = len(slack.accepted)
            acknowledged, shown = _click(slack, channels, random)
            over.set()
            news.join()
            process.send_signal(signal.SIGTERM)
        return Clicked(
            acknowledged=tuple(acknowledged),
            shown=tuple(shown),
            posted=sum(call.method == "chat.postMessage" for call in slack.accepted[posted:]),
        )


def one_feed(web: NewsWeb, outlet: Outlet) -> str:
    """Return the path of an outlet's feed."""
    return web.outlet(outlet.id).outlet.feed_path


def _slow(_: AcceptedCall) -> None:
    Event().wait(ANSWERS_AFTER)


def _roots(slack: FakeSlack, channels: list[str]) -> list[SlackMessage]:
    """Return the messages that have buttons."""
    found = [thread.root for name in channels for thread in slack.threads(name)]
    return [each for each in found if _action(each)]


def _action(message: SlackMessage) -> str:
    """Return what a click on a message would do: claim it or release it; "" without buttons."""
    names = [e.get("action_id") for b in message.blocks if b["type"] == "actions" for e in b["elements"]]
    return next((str(name) for name in names if name in {"claim", "release"}), "")


def _click(slack: FakeSlack, channels: list[str], random: Random) -> tuple[list[float], list[float]]:
    """Click on one message after the other; return how long each took."""
    acknowledged, marks = list[float](), list[tuple[str, str, float]]()
    for _ in range(CLICKS):
        message = random.choice(_roots(slack, channels))
        action = _action(message)
        begun = real_time().timestamp()
        done = slack.people.click(message, action, user=PERSON)
        if done.done:
            acknowledged.append(done.seconds)
            marks.append((message.ts, action, begun))
        Event().wait(BETWEEN_CLICKS)
    Event().wait(2.0)
    return acknowledged, [seconds for mark in marks for seconds in _until_shown(slack, *mark)]


def _until_shown(slack: FakeSlack, ts: str, action: str, begun: float) -> Iterator[float]:
    """Yield after how many seconds a message showed what was clicked, its answer included."""
    wanted = action == "claim"
    for call in slack.accepted:
        at = call.at.timestamp()
        if call.ts == ts and at >= begun and ("is on it" in call.text) == wanted:
            yield at - begun + ANSWERS_AFTER
            return


def _article(outlet: str, number: int, at: object, random: Random) -> PrintedArticle:
    """Return an article of words that no other has, on the beat of one channel."""
    words = [f"{random.choice('bdfgklmnprst')}a{random.randrange(10**6):x}" for _ in range(90)]
    title = f"County{number % CHANNELS} item {number} {words[0]} {words[1]} {words[2]}"
    return PrintedArticle(
        outlet=outlet,
        slug=f"item-{number}-{words[0]}",
        at=real_time() if at is None else at,  # type: ignore[arg-type]  # a time
        title=title,
        paragraphs=(f"{' '.join(words).capitalize()}.",),
    )


def _publish(web: NewsWeb, outlets: list[Outlet], random: Random, over: Event) -> None:
    number = 10_000
    while not over.wait(BETWEEN_ITEMS):
        outlet = random.choice(outlets)
        web.outlet(outlet.id).publish(_article(outlet.id, number, real_time(), random))
        number += 1


def _write(folder: Path, web: NewsWeb, outlets: list[Outlet], slack: FakeSlack, database: str) -> None:
    install_starter(folder, Answers(timezone="UTC"))
    for shipped in (*(folder / "sources").glob("*.yaml"), *(folder / "watchlists").glob("*.yaml")):
        shipped.unlink()
    sites = [web.outlet(outlet.id) for outlet in outlets]
    tokens = {"token": "${SLACK_BOT_TOKEN}", "app_token": "${SLACK_APP_TOKEN}", "api_url": slack.api_url}
    settings = {
        "version": 1,
        "console": "off",
        "database": database,
        "newsroom": {"name": "Bench", "timezone": "UTC", "language": "en"},
        "channels": {"slack": tokens},
        "readers": [{"id": "night-editor", "name": "Night editor", "slack": PERSON, "role": "editor"}],
        "limits": {"per_hour": 100000, "per_day": 100000},
        "quiet_hours": "off",
        "fetch": {
            "allow_addresses": [site.address for site in sites],
            "every": {"high": "2s", "normal": "2s", "low": "2s"},
        },
    }
    write_settings(folder / "nightdesk.yaml", settings)
    sources = [{"id": site.outlet.id, "name": site.outlet.name, "url": site.feed_url} for site in sites]
    write_settings(folder / "sources" / "bench.yaml", {"sources": sources})
    for number in range(CHANNELS):
        deliver = [{"to": f"slack:#desk-{number}"}]
        watchlist = {"name": f"County {number}", "match": [f"County{number}"], "deliver": deliver}
        write_settings(folder / "watchlists" / f"county-{number}.yaml", watchlist)
