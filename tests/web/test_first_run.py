"""Can somebody who never opens a terminal set Nightdesk up, from the printed link to the first alert?"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Role
from tests.nightdesk.desk import CHANNEL, MAILBOX
from tests.web.browser import Chromium
from tests.web.living import Town, a_town, living

if TYPE_CHECKING:
    from playwright.sync_api import Page


def set_up(page: Page, town: Town, link: str) -> None:
    """Do what a newcomer does, step by step, by what stands on the page."""
    page.goto(link)
    page.get_by_role("button", name="Come in").click()
    page.wait_for_url("**/setup")
    page.get_by_label("Newsroom or desk").fill("Metro Desk, Ellery")
    page.get_by_label("Your name or role").fill("Night editor")
    page.get_by_label("Time there").select_option("America/Denver")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Slack\u2019s key").fill(town.slack.token)
    page.get_by_role("button", name="Connect Slack").click()
    page.get_by_label("Slack and email").check()
    page.get_by_label("Slack channel").select_option(CHANNEL)
    page.get_by_label("Email to").fill(MAILBOX)
    page.get_by_label("Mail server").fill(town.mail.url.replace("smtp://", "smtp+plain://"))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send a test").click()
    page.get_by_text("What you would have got yesterday").wait_for()
    page.get_by_text("Mayor skips capital meeting").first.wait_for()
    assert not town.slack.messages(CHANNEL)[1:], "only the test went out so far"
    page.get_by_role("button", name="Looks right").click()
    page.get_by_role("button", name="Start Nightdesk").click()
    page.get_by_text("Nightdesk is at work.").wait_for()


def test_a_newcomer_sets_nightdesk_up_from_the_printed_link(tmp_path: Path, chromium: Chromium) -> None:
    with a_town(tmp_path) as town:

        def script(link: str) -> None:
            chromium.do(lambda page: set_up(page, town, link), base=town.base)

        said = living(town, script)
        town.desk.close()
        settings = town.desk.settings
        assert (settings.newsroom, settings.timezone) == ("Metro Desk, Ellery", "America/Denver")
        assert (settings.desk_at_once, settings.desk_digest) == (f"slack:{CHANNEL}", f"email:{MAILBOX}")
        (reader,) = settings.readers
        assert (reader.id, reader.name, reader.role) == ("night-editor", "Night editor", Role.ADMIN)
        (tested,) = town.slack.messages(CHANNEL)
        assert "A test from Nightdesk" in tested.text
        (mailed,) = town.mail.messages
        assert mailed.recipients == (MAILBOX,)
        secrets = town.desk.folder / ".env"
        assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
        assert town.slack.token in secrets.read_text(encoding="utf-8")
        main = (town.desk.folder / "nightdesk.yaml").read_text(encoding="utf-8")
        assert town.slack.token not in main
        assert "# this machine only" in main, "the newsroom's comments stay"
        assert town.slack.token not in said
