"""From a few words typed in a browser to the alert in Slack, through the whole running program."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.nightdesk.desk import CHANNEL, MAIN
from tests.web.browser import Chromium, served
from tests.web.living import Town, a_town, living
from tests.web.serving import WebDesk
from tests.web.test_keywords import filled

if TYPE_CHECKING:
    from playwright.sync_api import Page

EDITOR = {"id": "night-editor", "name": "Night editor", "role": "admin"}
ROUNDS, A_MOMENT = 300, 0.1  # how often, and after how many seconds, Slack is looked at


def adds_keywords(page: Page, link: str) -> None:
    """Do what an editor does who is given only the link."""
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("link", name="Keywords").click()
    page.get_by_role("link", name="New keywords").click()
    page.get_by_label("What is it about?").fill("Federal letter")
    page.get_by_label("Words").fill("elephant")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("These are the saved words").wait_for()
    page.get_by_label("Any of these").fill("justice department\nelephant")
    page.get_by_text("The saved version finds the same stories.").wait_for()
    page.get_by_label("Everything at once").check()
    page.get_by_role("button", name="Save as version").click()
    page.get_by_text("Saved. The new words count from now on.").wait_for()


def told(town: Town) -> str:
    """Wait until something stands in the channel, and return it."""
    pause = threading.Event()
    for _ in range(ROUNDS):
        for message in town.slack.messages(CHANNEL):
            if "Federal letter" in message.text:
                return message.text
        pause.wait(A_MOMENT)
    return ""


def set_up(town: Town) -> None:
    """Write the settings of a newsroom that has been at work for a while."""
    town.desk.environment["SLACK_BOT_TOKEN"] = town.slack.token
    town.desk.write(
        "nightdesk.yaml",
        {
            **MAIN,
            "desk": {"at_once": f"slack:{CHANNEL}", "digest": "console:", "digest_at": "06:30"},
            "channels": {"slack": {"token": "${SLACK_BOT_TOKEN}", "api_url": town.slack.api_url}},
            "quiet_hours": "off",
            "console": {"address": town.base.removeprefix("http://")},
            "fetch": {"allow_addresses": list(town.web.addresses)},
            "readers": [EDITOR],
        },
    )
    town.desk.at("2026-03-18 11:30")


@pytest.mark.slow
def test_words_typed_in_a_browser_bring_the_next_story_to_slack(tmp_path: Path, chromium: Chromium) -> None:
    with a_town(tmp_path) as town:
        set_up(town)
        messages: list[str] = []

        def script(link: str) -> None:
            chromium.do(lambda page: adds_keywords(page, link), base=town.base)
            town.desk.at("2026-03-18 12:10")
            messages.append(told(town))

        living(town, script)
    assert "Federal letter" in messages[0]
    assert "Mayor skips capital meeting" in messages[0]


@pytest.mark.slow
def test_two_people_in_two_browsers_save_and_no_line_is_lost(web_desk: WebDesk, chromium: Chromium) -> None:
    page_of = "/keywords/sanctuary-cities"
    with served(web_desk) as base:

        def second(page: Page) -> None:
            page.goto(f"{base}{page_of}")
            page.get_by_text("These are the saved words").wait_for()
            # In a thread of its own: this one has the browser's loop.
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(saved, web_desk, "sanctuary city\njail death").result()
            page.get_by_label("Any of these").fill("sanctuary city\ndetainer")
            page.get_by_text("Added: detainer").wait_for()
            page.get_by_role("button", name="Save as version").click()
            page.get_by_role("heading", name="Somebody saved while you were writing").wait_for()
            assert page.get_by_text("added jail death").is_visible()
            page.get_by_role("button", name="Save both").click()
            page.get_by_text("Saved. The new words count from now on.").wait_for()

        chromium.do(second, base=base, session=web_desk.signed_in("chief"))
    text = (web_desk.folder / "watchlists/sanctuary-cities.yaml").read_text(encoding="utf-8")
    assert all(line in text for line in ("sanctuary city", "jail death", "detainer"))


def saved(desk: WebDesk, lines: str) -> None:
    client = desk.signed_in("night-editor")
    page = client.get("/keywords/sanctuary-cities")
    assert client.post("/keywords/sanctuary-cities", filled(page, any=lines)).status == 303
