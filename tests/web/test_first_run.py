"""Can somebody who never opens a terminal set Nightdesk up, from the printed link to the first alert?"""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Role
from nightdesk.web.keys import FIRST
from tests.nightdesk.desk import CHANNEL, MAILBOX
from tests.web.browser import Chromium
from tests.web.living import NOT_READ, Town, a_town, living
from tests.web.serving import WebDesk

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
    page.get_by_label("Slack\u2019s key").fill("xoxb-of-another-day")
    page.get_by_role("button", name="Connect Slack").click()
    page.get_by_text("Slack does not know this key: copy it once more").wait_for()
    page.get_by_label("Slack\u2019s key").fill(town.slack.token)
    page.get_by_role("button", name="Connect Slack").click()
    page.get_by_label("Slack and email").check()
    page.get_by_label("Slack channel").select_option(CHANNEL)
    page.get_by_label("Email to").fill(MAILBOX)
    page.get_by_label("Mail server").fill(town.mail.url.replace("smtp://", "smtp+plain://"))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send a test").click()
    page.get_by_text("What you would have got yesterday").wait_for()
    page.locator("#yesterday mark").first.wait_for()
    assert not town.slack.messages(CHANNEL)[1:], "only the test went out so far"
    page.get_by_role("button", name="Looks right").click()
    page.get_by_role("button", name="Start Nightdesk").click()
    page.get_by_text("Nightdesk is at work.").wait_for()


def add_a_source(page: Page, town: Town) -> None:
    """Paste the address of a paper, look what is there, and take what is proposed."""
    page.get_by_role("link", name="Sources").click()
    page.get_by_role("link", name="Add a source").first.click()
    page.get_by_label("Address", exact=True).fill(town.web.outlet(NOT_READ).url)
    page.get_by_role("button", name="Look what is there").click()
    proposed = page.get_by_role("radio").first
    proposed.wait_for()
    assert proposed.is_checked()
    assert "feed" in page.locator("label.opt").first.inner_text()
    page.get_by_label("What readers see").fill("Port Ellery Ledger")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("Port Ellery Ledger is read from now on.").wait_for()


def test_what_cannot_be_kept_is_said_beside_the_field_and_nothing_has_to_be_typed_again(
    new_web_desk: Callable[..., WebDesk],
) -> None:
    desk = new_web_desk(people=[], desk={"at_once": "", "digest": ""})
    client = desk.signed_in(FIRST)
    assert client.get("/").goes_to == "/setup"
    page = client.post("/setup/name", newsroom="Metro Desk", name="", chosen_zone="America/Denver")
    assert page.status == 422
    assert "your name is needed" in page.flat
    client.post("/setup/name", newsroom="Metro Desk", name="Night editor", chosen_zone="America/Denver")
    page = client.post("/setup/slack", slack_key="xapp-1")
    assert "begins with xoxb-" in page.flat
    page = client.post("/setup/place", way="both", channel="", email="metro-desk@newsroom.test")
    assert "connect Slack first" in page.flat
    assert 'value="metro-desk@newsroom.test"' in page.text
    page = client.post("/setup/place", way="email", email="metro-desk@newsroom.test", server="a b")
    assert "a mail server is a name" in page.flat
    assert not (desk.folder / ".env").exists()


def test_nothing_says_where_stories_go_before_start(new_web_desk: Callable[..., WebDesk]) -> None:
    desk = new_web_desk(people=[], desk={"at_once": "", "digest": ""})
    client = desk.signed_in(FIRST)
    client.post("/setup/name", newsroom="Metro Desk", name="Zoë Night", zone="Europe/Madrid")
    filled = {
        "way": "email",
        "email": "metro-desk@newsroom.test",
        "server": "mail.newsroom.test",
        "user": "desk@x",
    }
    client.post("/setup/place", filled, mail_password="p@ss/w:rd #1")
    assert desk.settings.desk_digest == ""
    smtp = desk.settings.channels.email.smtp
    assert smtp is not None
    assert smtp.reveal() == "smtp://desk%40x:p%40ss%2Fw%3Ard%20%231@mail.newsroom.test:587"
    assert client.post("/setup/start").goes_to == "/"
    assert (desk.settings.desk_at_once, desk.settings.desk_digest) == ("", "email:metro-desk@newsroom.test")
    assert [(each.id, each.name) for each in desk.settings.readers] == [("zoe-night", "Zoë Night")]
    assert client.get("/setup").goes_to == "/settings"


def test_a_newcomer_sets_nightdesk_up_from_the_printed_link_and_adds_a_paper_by_pasting(
    tmp_path: Path, chromium: Chromium
) -> None:
    with a_town(tmp_path) as town:

        def script(link: str) -> None:
            def walk(page: Page) -> None:
                set_up(page, town, link)
                add_a_source(page, town)

            chromium.do(walk, base=town.base)

        said = living(town, script)
        town.desk.close()
        settings = town.desk.settings
        added = next(each for each in settings.sources if each.name == "Port Ellery Ledger")
        assert added.url == town.web.outlet(NOT_READ).feed_url
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
