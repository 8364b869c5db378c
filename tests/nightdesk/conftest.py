"""Newsrooms to type commands in, and a town around one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.day import the_day
from tests.fakes.slack import FakeSlack
from tests.fakes.smtp import FakeSmtp
from tests.fakes.web import NewsWeb
from tests.nightdesk.desk import CHANNEL, MAIN, Desk


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Give newsrooms of your own making, which are closed afterwards."""
    made: list[Desk] = []

    def make(**options: object) -> Desk:
        made.append(Desk(tmp_path / f"{len(made)}", **options))  # type: ignore[arg-type]  # handed on as given
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """Give a newsroom with one watchlist, three sources, and nothing in its archive."""
    return new_desk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A newsroom, two stations that publish as the invented day goes, a Slack and a mail server."""

    desk: Desk
    web: NewsWeb
    slack: FakeSlack
    mail: FakeSmtp


@pytest.fixture
def town(new_desk: Callable[..., Desk]) -> Iterator[Town]:
    """Give a newsroom that reads two stations of the invented day; it is 7:00 am."""
    day = the_day()
    clock = FakeClock(day.starts)
    outlets = [outlet for outlet in day.outlets if outlet.id in {"channel4", "ellery31"}]
    articles = [each for each in day.articles if each.outlet in {"channel4", "ellery31"}]
    with (
        NewsWeb(outlets, articles, clock=clock) as web,
        FakeSlack(clock=clock, channels=[CHANNEL]) as slack,
        FakeSmtp(clock=clock) as mail,
    ):
        sources = [
            {"id": outlet.id, "name": outlet.name, "url": web.outlet(outlet.id).feed_url}
            for outlet in outlets
        ]
        channels = {
            "slack": {"token": "${SLACK_BOT_TOKEN}", "api_url": slack.api_url},
            "email": {"smtp": "${SMTP_URL}", "from": "Nightdesk <nightdesk@newsroom.test>"},
        }
        desk = new_desk(
            sources=sources,
            environment={
                "SLACK_BOT_TOKEN": slack.token,
                "SMTP_URL": mail.url.replace("smtp://", "smtp+plain://"),
            },
            clock=clock,
            **{**MAIN, "channels": channels, "fetch": {"allow_addresses": list(web.addresses)}},
        )
        yield Town(desk=desk, web=web, slack=slack, mail=mail)
        desk.close()
