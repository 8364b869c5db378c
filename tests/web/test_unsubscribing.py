"""Does a reader stop the mails with one click, and does nobody else?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from news.telling import AlertState
from nightdesk.people_file import put_setting
from tests.nightdesk.desk import MAILBOX, SANCTUARY, Desk
from tests.web.browser import Chromium
from tests.web.living import a_town, living
from tests.web.serving import PEOPLE, WebDesk

if TYPE_CHECKING:
    from playwright.sync_api import Page

OWNED = {**SANCTUARY, "owner": "Night editor", "deliver": [{"to": f"email:{MAILBOX}"}]}
PATIENCE, LOOK = 30.0, 0.05


def a_mail(tmp_path: Path) -> tuple[WebDesk, str]:
    """Return a newsroom that has sent a mail, and the address in it."""
    desk = Desk(tmp_path, watchlists=[OWNED], console="on", readers=list(PEOPLE))
    desk.files("Sanctuary city vote")
    (alert,) = desk.watches()
    desk.sends()
    desk.close()
    return WebDesk(tmp_path, furnished=desk), f"/unsubscribe/{alert.key}"


def test_looking_at_the_link_changes_nothing_and_one_click_stops_the_mails(tmp_path: Path) -> None:
    desk, link = a_mail(tmp_path)
    stranger = desk.visitor()
    assert f"sends news about its watchlists to {MAILBOX}" in stranger.get(link).flat
    assert stranger.ask("HEAD", link).status == 200
    assert desk.settings.stopped == frozenset()
    told = {"Content-Type": "application/x-www-form-urlencoded"}
    mail_program = desk.visitor()
    answer = mail_program.ask("POST", link, headers=told, body=b"List-Unsubscribe=One-Click")
    assert answer.status == 200
    assert desk.settings.stopped == {f"email:{MAILBOX}"}
    assert [rule.to for rule in desk.settings.watchlists[0].deliver] == ["console:"]
    assert desk.nudged == ["tell"]
    (health,) = [
        each
        for each in desk.stored(lambda store: store.alerts(states=[AlertState.PENDING]))
        if each.kind == "health"
    ]
    assert health.destination == "slack:D04NIGHTED", "the watchlist's owner is told"
    assert "Sanctuary cities" in str(health.facts["lines"])
    mail_program.ask("POST", link, headers=told, body=b"List-Unsubscribe=One-Click")
    assert desk.settings.stopped == {f"email:{MAILBOX}"}
    chief = desk.signed_in("chief")
    assert chief.post("/settings/resume", to=f"email:{MAILBOX}").status == 303
    assert desk.settings.stopped == frozenset()
    desk.close()


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"List-Unsubscribe=Yes", 400)])
def test_a_post_that_is_no_click_stops_nothing(tmp_path: Path, body: bytes, status: int) -> None:
    desk, link = a_mail(tmp_path)
    told = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk.visitor().ask("POST", link, headers=told, body=body).status == status
    assert desk.visitor().ask("POST", f"{link}x", headers=told, body=body).status == 404
    assert desk.settings.stopped == frozenset()
    desk.close()


def wait_for(happened: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < until
        Event().wait(LOOK)


def test_a_reader_unsubscribes_from_a_mail_that_came(tmp_path: Path, chromium: Chromium) -> None:
    with a_town(tmp_path) as town:
        desk = town.desk
        desk.at("2026-03-18 07:00")
        desk.environment["SMTP_URL"] = town.mail.url.replace("smtp://", "smtp+plain://")
        put_setting(
            desk.folder,
            desk.environment,
            (("newsroom", "timezone"), "America/Denver"),
            (("desk", "at_once"), f"email:{MAILBOX}"),
            (("channels", "email", "from"), "nightdesk@newsroom.test"),
            (("console", "public_url"), "https://desk.newsroom.test"),
        )
        desk.close()

        def script(_link: str) -> None:
            wait_for(lambda: all(state.baseline_at for state in desk.store.fetch_states()))
            desk.at("2026-03-18 12:02")
            wait_for(lambda: bool(town.mail.messages))
            mail = town.mail.messages[0].message
            assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            found = str(mail["List-Unsubscribe"]).partition(">")[0].removeprefix("<")
            address = found.replace("https://desk.newsroom.test", town.base)

            def press(page: Page) -> None:
                page.goto(address)
                page.get_by_role("button", name="Unsubscribe").click()
                page.get_by_text("Nothing more goes to").wait_for()

            chromium.do(press, base=town.base)

        living(town, script)
        desk.close()
        assert desk.settings.stopped == {f"email:{MAILBOX}"}
        main = (desk.folder / "nightdesk.yaml").read_text(encoding="utf-8")
        assert "# this machine only" in main
