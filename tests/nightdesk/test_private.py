"""Does anything that others may read tell of a private watchlist: its name, its id, its words?"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nightdesk.logs import EventFormatter
from nightdesk.private import opaque_id
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack
from tests.fakes.smtp import FakeSmtp
from tests.nightdesk.desk import CHANNEL, MAIN, SANCTUARY, Desk
from tests.nightdesk.serving import Serving, serving
from tests.nouns import NOON

HEALTH, PERSON = "#nightdesk-health", "D04NIGHTED"
REPORTER = "reporter@newsroom.test"
PRIVATE: dict[str, Any] = {
    "id": "harbor-probe",
    "name": "Wharf matters",
    "match": ["pier lease", "dockside contract"],
    "private": True,
    "deliver": [
        {"to": f"slack:{PERSON}", "send": "at once"},
        {"to": f"email:{REPORTER}", "send": "at once"},
        {"to": f"email:{REPORTER}", "send": "digest", "at": "daily 13:00"},
    ],
}
#: Name, id and words.
SECRETS = re.compile(r"harbor.?probe|wharf matters|pier lease|dockside contract", re.IGNORECASE)
COMMANDS = (
    ("status",),
    ("sent", "list"),
    ("sent", "list", "--failed"),
    ("stories", "list"),
    ("stories", "export"),
    ("watchlists", "list"),
    ("config", "show"),
    ("explain", "friend", "of", "the", "mayor"),
)
HEADLINE = "Pier lease goes to a friend of the mayor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """A newsroom with a desk in Slack, a health channel, and a reporter with a private watchlist."""

    desk: Desk
    slack: FakeSlack
    mail: FakeSmtp


@pytest.fixture
def newsroom(new_desk: Callable[..., Desk], caplog: pytest.LogCaptureFixture) -> Iterator[Newsroom]:
    caplog.set_level(logging.DEBUG, logger="nightdesk")
    clock = FakeClock(NOON)
    with FakeSlack(clock=clock, channels=[CHANNEL, HEALTH]) as slack, FakeSmtp(clock=clock) as mail:
        slack.add_conversation(PERSON)
        channels = {
            "slack": {"token": "${SLACK_BOT_TOKEN}", "api_url": slack.api_url},
            "email": {"smtp": "${SMTP_URL}", "from": "Nightdesk <nightdesk@newsroom.test>"},
        }
        desk = new_desk(
            sources=(),
            watchlists=({**SANCTUARY, "deliver": f"slack:{CHANNEL}"}, PRIVATE),
            environment={
                "SLACK_BOT_TOKEN": slack.token,
                "SMTP_URL": mail.url.replace("smtp://", "smtp+plain://"),
            },
            clock=clock,
            **{**MAIN, "channels": channels, "health": {"to": f"slack:{HEALTH}"}},
        )
        yield Newsroom(desk=desk, slack=slack, mail=mail)
        desk.close()


def a_private_day(newsroom: Newsroom) -> None:
    """Let the private watchlist catch a story, break, be mended, and be refused by the mail server once."""
    path = "watchlists/harbor-probe.yaml"

    async def script(here: Serving) -> None:
        await here.files("A sanctuary city votes")
        await here.files(HEADLINE, f"{HEADLINE}. The dockside contract was signed at dusk.")
        await here.until(lambda: len(newsroom.slack.messages(PERSON)) == 1)
        await here.until(lambda: len(newsroom.mail.messages) == 1)
        await here.saves(path, json.dumps({**PRIVATE, "match": ["pier lease", "(dockside contract"]}))
        await here.saves(path, {**PRIVATE, "expect_match": ["A quay"]})
        await here.until(lambda: len(newsroom.slack.messages(HEALTH)) == 1)
        newsroom.mail.refuse(REPORTER)
        await here.saves(path, {**PRIVATE, "match": ["dockside contract", "pier lease"]})
        await here.files("Another pier lease is signed by night")
        await here.until(lambda: len(newsroom.slack.messages(HEALTH)) >= 3)

    serving(newsroom.desk, script)


@pytest.mark.slow
def test_only_the_people_hear_of_it_and_nothing_else_says_its_name_id_or_words(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    a_private_day(newsroom)
    said = {"log": "\n".join(EventFormatter().format(record) for record in caplog.records)}
    newsroom.slack.write_jsonl(tmp_path / "slack.jsonl")
    for number, line in enumerate((tmp_path / "slack.jsonl").read_text(encoding="utf-8").splitlines()):
        said[f"slack {number}"] = line if PERSON not in line else json.dumps(metadata_in(json.loads(line)))
    for number, mail in enumerate(newsroom.mail.messages):
        own = {"subject"}
        said[f"mail {number}"] = "\n".join(
            f"{name}: {value}" for name, value in mail.message.items() if name.lower() not in own
        )
    for words in COMMANDS:
        for more in ((), ("--json",), ("--verbose",)):
            ran = newsroom.desk(*words, *more)
            said[" ".join((*words, *more))] = (ran.out + ran.err).replace(HEADLINE, "")
    assert {where: SECRETS.findall(text) for where, text in said.items() if SECRETS.search(text)} == {}
    assert "private-" in said["log"]
    assert "A sanctuary city votes" in newsroom.desk("stories", "list").out
    for words in (("stories", "list"), ("sent", "list"), ("status",)):
        assert HEADLINE not in newsroom.desk(*words).out
    assert sum("slack" in where for where in said) >= 6


def metadata_in(call: object) -> list[object]:
    """Return whatever stands under "metadata" anywhere in a call."""
    if isinstance(call, dict):
        inner = [each for value in call.values() for each in metadata_in(value)]
        return [*inner, *([call["metadata"]] if "metadata" in call else [])]
    return [each for value in call for each in metadata_in(value)] if isinstance(call, list) else []


@pytest.mark.slow
def test_the_metadata_of_a_private_message_is_really_looked_at(newsroom: Newsroom, tmp_path: Path) -> None:
    async def script(here: Serving) -> None:
        await here.files(HEADLINE)
        await here.until(lambda: len(newsroom.slack.messages(PERSON)) == 1)

    serving(newsroom.desk, script)
    newsroom.slack.write_jsonl(tmp_path / "slack.jsonl")
    (line,) = (tmp_path / "slack.jsonl").read_text(encoding="utf-8").splitlines()
    (found,) = metadata_in(json.loads(line))
    assert "dedupe_key" in json.dumps(found)
    assert SECRETS.search(line)  # the people themselves are told


def test_status_says_that_something_private_is_broken_and_not_what(newsroom: Newsroom) -> None:
    desk = newsroom.desk
    number = opaque_id("harbor-probe", desk.store.installation())
    desk.write("watchlists/harbor-probe.yaml", {**PRIVATE, "deliver": "desk"})
    (desk.folder / "watchlists" / "open.yaml").write_text("name: [", encoding="utf-8")
    ran = desk("status")
    assert ran.code == 0
    assert "Broken     watchlists/open.yaml:1:" in ran.out
    assert f"           {number}: 1 error\n" in ran.out
    assert "Next: nightdesk check" in ran.out
    assert not SECRETS.search(ran.out + ran.err)
    assert len(json.loads(desk("status", "--json").out)["broken"]) == 2


def test_a_command_that_cannot_go_on_says_nothing_of_what_is_private(newsroom: Newsroom) -> None:
    newsroom.desk.write("watchlists/harbor-probe.yaml", {**PRIVATE, "match": ["(pier lease"]})
    listed = newsroom.desk("stories", "list")
    assert "a private watchlist: 1 error, left out here" in listed.err
    assert not SECRETS.search(listed.out + listed.err)
    for words in (("sent", "list"), ("run", "--once")):
        ran = newsroom.desk(*words)
        assert ran.code == 1
        assert "1 error in what is private; check --private says more" in ran.err
        assert not SECRETS.search(ran.out + ran.err)
    shown = newsroom.desk("check")
    assert not SECRETS.search(shown.out)
    assert "a private watchlist" in shown.out
    assert "1 error, 1 warning in what is private: nightdesk check --private --config" in shown.out
    assert not SECRETS.search(newsroom.desk("check", "--json").out)
    assert "harbor-probe.yaml" in newsroom.desk("check", "--private").out  # whoever reads the folder may know


def test_a_mistyped_name_is_never_answered_with_a_private_one(newsroom: Newsroom) -> None:
    for words in (
        ("test", "harbor-prob"),
        ("preview", "wharf matter"),
        ("watchlists", "pause", "harborprobe"),
    ):
        ran = newsroom.desk(*words)
        assert ran.code == 2
        assert not re.search(r"harbor-probe|wharf matters", ran.err, re.IGNORECASE)


def test_the_number_stays_the_same_and_differs_from_newsroom_to_newsroom() -> None:
    assert opaque_id("harbor-probe", "one") == opaque_id("harbor-probe", "one")
    assert len({opaque_id("harbor-probe", salt) for salt in ("one", "two")} | {opaque_id("jail", "one")}) == 3
    assert opaque_id("harbor-probe", "") == "private"
