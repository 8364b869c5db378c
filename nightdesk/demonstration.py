"""What does Nightdesk do on a news day? One invented day, told through the real program.

Nothing here is staged: a newsroom's folder is written and read like any other, real feeds and pages are
fetched over HTTP from loopback, and a Slack and a mail server that behave like the real ones take what is
sent. Only the outlets, their stories and the clock are invented.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from config.install import Answers, install_starter
from config.load import load
from config.settings import Settings
from news.wording import clock_time, counted
from nightdesk.rooms import Round, World, open_rooms

if TYPE_CHECKING:
    from tests.fakes.day import Day
    from tests.fakes.slack import FakeSlack
    from tests.fakes.smtp import FakeSmtp
    from tests.fakes.web import NewsWeb, OutletSite

CHANNEL = "#immigration-desk"
HEALTH_CHANNEL = "#nightdesk-health"
MAILBOX = "metro-desk@newsroom.test"
#: How far the day's clock moves between two rounds.
STEP = timedelta(minutes=5)
#: The day ends when the morning mail is out.
DIGEST_AT = "06:30"
SELDOM = "24h"  # what takes a process of its own is read once: the demo should not last
LISTED: dict[str, object] = {"as": "page-list", "list": {"links": ".headlines h2"}}
#: Outlets that are not read by their feed: where, and what their declaration says of it. Feeds are of every
#: kind by themselves.
OTHER_WAYS: dict[str, tuple[str, dict[str, object]]] = {
    "granby": ("/sitemaps.xml", {"as": "news-sitemap"}),
    "lavoz": ("/", LISTED),
    "northside": ("/", {"as": "page-watch", "watch": {"part": ".headlines"}}),
    "council": (
        "/api/articles",
        {
            "as": "json",
            "json": {"items": "data.articles", "title": "headline", "link": "path", "published": "posted"},
        },
    ),
    "sheriff": ("/notices", {"as": "spider", "spider": "harbor_notices", "every": SELDOM}),
}
#: Where a browser is there to read a page made by JavaScript.
WITH_A_BROWSER = ("/empty", LISTED | {"browser": True, "every": SELDOM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the day came to."""

    total: Round
    slack: FakeSlack
    mail: FakeSmtp
    timezone: str


async def play(
    out: Path, *, advance: Callable[[int], None], clicked: Callable[[str], None] | None = None
) -> Shown:
    """Play the day into the folder `out`; `advance` is told each hundredth of the day that has passed.

    With `clicked` the program runs on afterwards, until Ctrl-C: it is told where the page is that can be
    clicked.

    Raises:
        NightdeskError: what any other run would raise.
    """
    from nightdesk.demonstrated_desk import stay
    from nightdesk.demonstrated_kinds import save_kinds
    from storage.open import open_store
    from tests.fakes.clock import FakeClock
    from tests.fakes.day import the_day
    from tests.fakes.slack import FakeSlack
    from tests.fakes.smtp import FakeSmtp
    from tests.fakes.web import NewsWeb

    day = the_day()
    clock = FakeClock(day.starts)
    with (
        NewsWeb(day.outlets, day.articles, clock=clock) as web,
        FakeSlack(clock=clock, channels=[CHANNEL, HEALTH_CHANNEL]) as slack,
        FakeSmtp(clock=clock) as mail,
    ):
        folder = out / "newsroom"
        write_newsroom(folder, web=web, day=day, slack_url=slack.api_url, listens=clicked is not None)
        smtp = mail.url.replace("smtp://", "smtp+plain://")
        environment = {"SLACK_BOT_TOKEN": slack.token, "SMTP_URL": smtp} | _app_token(slack, clicked)
        settings = load(folder, environment)

        async def pass_time(seconds: float) -> None:
            clock.advance(timedelta(seconds=seconds))

        world = World(
            clock=clock,
            random=Random(18),  # noqa: S311 - jitter
            sleep=pass_time,
            out=io.StringIO(),
            environment=environment,
        )
        total = await _play_through(settings, world, times(day), clock.set, advance)
        save(out, slack, mail, zone=day.timezone)
        with closing(open_store(settings.database.reveal(), now=clock())) as store:
            save_kinds(out, store, settings, to=MAILBOX, now=clock())
        if clicked is not None:
            await stay(settings, world, slack, channel=CHANNEL, say=clicked)
    return Shown(total=total, slack=slack, mail=mail, timezone=day.timezone)


def _app_token(slack: FakeSlack, clicked: object) -> dict[str, str]:
    return {} if clicked is None else {"SLACK_APP_TOKEN": slack.people.app_token}


async def _play_through(
    settings: Settings,
    world: World,
    moments: tuple[datetime, ...],
    set_clock: Callable[[datetime], object],
    advance: Callable[[int], None],
) -> Round:
    total = Round()
    async with open_rooms(settings, world) as rooms:
        for number, moment in enumerate(moments, start=1):
            set_clock(max(moment, world.clock()))
            total += await rooms.go_round()
            advance(100 * number // len(moments) - 100 * (number - 1) // len(moments))
    return total


def times(day: Day) -> tuple[datetime, ...]:
    """Return when the rounds are made: every few minutes until the morning mail is out."""
    looks = [moment.at for moment in day.moments]
    first, last = day.starts, max(looks)
    end = last + STEP
    regular = [first + step * STEP for step in range(int((end - first) / STEP) + 1)]
    return tuple(sorted({*regular, *looks}))


def write_newsroom(folder: Path, *, web: NewsWeb, day: Day, slack_url: str, listens: bool = False) -> None:
    """Write the newsroom's folder: the starter's watchlist, one of its own, and the day's outlets."""
    from nightdesk.demonstrated_desk import READERS

    install_starter(folder, Answers(timezone=day.timezone))
    for shipped in (folder / "sources").glob("*.yaml"):
        shipped.unlink()
    sites = [web.outlet(outlet.id) for outlet in day.outlets]
    settings = {
        "version": 1,
        "newsroom": {"name": "Metro Desk", "timezone": day.timezone, "language": "en"},
        "desk": {"at_once": f"slack:{CHANNEL}", "digest": f"email:{MAILBOX}", "digest_at": DIGEST_AT},
        "channels": {
            "slack": {"token": "${SLACK_BOT_TOKEN}", "api_url": slack_url}
            | ({"app_token": "${SLACK_APP_TOKEN}"} if listens else {}),
            "email": {"smtp": "${SMTP_URL}", "from": "Nightdesk <nightdesk@newsroom.test>"},
        },
        "health": {"to": f"slack:{HEALTH_CHANNEL}"},
        "readers": READERS if listens else [],
        "fetch": {
            "user_agent": f"Nightdesk ({MAILBOX})",
            "allow_addresses": [site.address for site in sites],
        },
    }
    sources = [
        {
            "id": site.outlet.id,
            "name": site.outlet.name,
            "group": site.outlet.group,
            "kind": site.outlet.kind,
            "priority": "normal",
            "url": site.feed_url,
        }
        | other_way(site)
        for site in sites
    ]
    # JSON is YAML: nothing here needs quoting by hand.
    _write(folder / "nightdesk.yaml", settings)
    _write(folder / "sources" / "the-day.yaml", {"sources": sources})
    watchlist = {"name": "County jail", "match": ["county jail", "jail death", "=ICE NEAR/15 jail"]}
    _write(folder / "watchlists" / "county-jail.yaml", {**watchlist, "deliver": "desk"})


def other_way(site: OutletSite) -> dict[str, object]:
    """Return what the declaration of an outlet says that is not read by its feed."""
    from crawler.browser import missing

    path, said = OTHER_WAYS.get(site.outlet.id, ("", {}))
    if site.outlet.id == "observer" and not missing():
        path, said = WITH_A_BROWSER
    return {"url": site.url + path} | said if path else {}


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def save(out: Path, slack: FakeSlack, mail: FakeSmtp, *, zone: str) -> None:
    """Write what arrived: `slack.jsonl`, `mail/*.eml`, and a page to look at for each."""
    from alerts.channels.email.preview import mail_page
    from alerts.channels.slack.preview import preview_page

    slack.write_jsonl(out / "slack.jsonl")
    mails = mail.write_eml(out / "mail")
    calls = [json.loads(line) for line in (out / "slack.jsonl").read_text(encoding="utf-8").splitlines()]
    (out / "slack.html").write_text(preview_page(calls, zone=zone), encoding="utf-8")
    (out / "slack-dark.html").write_text(preview_page(calls, zone=zone, dark=True), encoding="utf-8")
    (out / "mail.html").write_text(mail_page([path.read_bytes() for path in mails]), encoding="utf-8")


def sum_of(total: Round) -> str:
    """Return the day in one line of numbers."""
    return (
        f"{counted(total.checked, 'check')} of sources, {counted(total.new_articles, 'article')}, "
        f"{counted(total.new_stories, 'story')}, {counted(total.sent, 'message')} sent"
    )


def shown_lines(shown: Shown) -> Iterator[str]:
    """Yield the day as an editor would have seen it: the channel with its threads, then the mail."""
    from alerts.channels.slack.plain import block_lines

    def time_of(ts: str) -> str:
        return clock_time(datetime.fromtimestamp(float(ts), tz=UTC), shown.timezone)

    for channel in (CHANNEL, HEALTH_CHANNEL):
        threads = shown.slack.threads(channel)
        if not threads:
            continue
        yield from _heading(f"Slack, {channel}")
        for thread in threads:
            edited = ", edited" if thread.root.edited_ts else ""
            yield f"{time_of(thread.root.ts)}{edited}"
            yield from block_lines(thread.root.blocks, indent="  ")
            for reply in thread.replies:
                also = ", also shown in the channel" if reply.broadcast else ""
                yield ""
                yield f"    └ in the thread, {time_of(reply.ts)}{also}"
                yield from block_lines(reply.blocks, indent="      ")
            yield ""
    for received in shown.mail.messages:
        mail = received.message
        yield from _heading(f"Mail to {mail['To']}: {mail['Subject']}")
        body = mail.get_body(("plain",))
        yield from (body.get_content() if body is not None else "").splitlines()
        yield ""


def _heading(words: str) -> Iterator[str]:
    yield words
    yield "─" * min(len(words), 78)
