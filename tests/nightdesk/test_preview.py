"""What a watchlist's messages look like is shown before anybody gets one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.nightdesk.desk import SANCTUARY, Desk

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"
OFF_THE_BEAT = "Nothing in here is on any list. The council meets again on Monday."


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Return a newsroom with an older story, and a newer one that a second station added to."""
    desk.files("Detainer policy is argued in court", source_id="coast")
    desk.clock.advance(timedelta(hours=1))
    story = desk.files(HEADLINE).story_id
    desk.grows(story, "Letter names jurisdictions", text=OFF_THE_BEAT, details=["There are 23 of them."])
    desk.clock.advance(timedelta(minutes=1))
    return desk


def test_the_latest_story_is_shown_as_slack_would_show_it(desk: Desk) -> None:
    ran = desk("preview", "sanctuary-cities", "--slack")
    assert ran.code == 0
    assert ran.lines[0] == "New message, #immigration-desk"
    assert HEADLINE in ran.out
    assert "High priority · Main topic · Sanctuary cities" in ran.flat
    assert "Reply in its thread, #immigration-desk" in ran.out
    assert "There are 23 of them." in ran.out
    assert "Subject:" not in ran.out
    assert ran.last == "Nothing was sent."


def test_the_email_has_the_latest_stories(desk: Desk) -> None:
    ran = desk("preview", "sanctuary-cities", "--email")
    assert ran.lines[0] == "Daily email, metro-desk@newsroom.test"
    assert "Subject: Sanctuary cities: " in ran.out
    assert HEADLINE in ran.flat
    assert "Detainer policy is argued in court" in ran.flat
    assert "New message" not in ran.out


def test_both_are_shown_when_nothing_is_said(desk: Desk) -> None:
    said = desk("preview", "sanctuary-cities").out
    assert said.index("New message, #immigration-desk") < said.index("Daily email, metro-desk@newsroom.test")


def test_looking_changes_nothing(desk: Desk) -> None:
    before = desk.contents()
    desk("preview", "sanctuary-cities")
    assert desk.contents() == before


def test_a_page_for_a_browser_is_written_for_each_kind(desk: Desk, tmp_path: Path) -> None:
    ran = desk("preview", "sanctuary-cities", "--html", str(tmp_path / "look.html"))
    assert ran.code == 0
    for name in ("look-slack.html", "look-email.html"):
        assert "Mayor skips capital meeting" in (tmp_path / name).read_text(encoding="utf-8")
        assert name in ran.err


def test_one_page_has_the_name_that_was_given(desk: Desk, tmp_path: Path) -> None:
    desk("preview", "sanctuary-cities", "--slack", "--html", str(tmp_path / "look.html"))
    page = (tmp_path / "look.html").read_text(encoding="utf-8")
    assert "1 reply" in page


def test_a_page_that_cannot_be_written_is_trouble(desk: Desk, tmp_path: Path) -> None:
    ran = desk("preview", "sanctuary-cities", "--slack", "--html", str(tmp_path / "missing" / "look.html"))
    assert ran.code == 1
    assert "cannot be written: no such file or directory" in ran.err


def test_a_watchlist_for_the_console_is_shown_as_the_console_shows_it(
    new_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = new_desk(watchlists=[{**SANCTUARY, "deliver": [{"to": "console", "send": "at once"}]}])
    desk.files(HEADLINE)
    desk.clock.advance(timedelta(minutes=1))
    ran = desk("preview", "sanctuary-cities", "--slack")
    assert ran.lines[0] == "New message, the console"
    assert "  > The Justice Department warned sanctuary cities" in ran.out
    refused = desk("preview", "sanctuary-cities", "--slack", "--html", str(tmp_path / "look.html"))
    assert refused.code == 1


def test_what_a_watchlist_never_sends_is_shown_only_when_asked(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(watchlists=[{**SANCTUARY, "deliver": [{"to": "console", "send": "digest"}]}])
    desk.files(HEADLINE)
    desk.clock.advance(timedelta(minutes=1))
    assert desk("preview", "sanctuary-cities").lines[0] == "Digest, the console"
    assert desk("preview", "sanctuary-cities", "--slack").lines[0] == "New message, #your-channel"


def test_a_watchlist_that_catches_nothing_says_what_to_try(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.files("Oyster season opens", text=OFF_THE_BEAT)
    ran = desk("preview", "sanctuary-cities")
    assert ran.code == 1
    assert "Sanctuary cities catches no story of the last 30 days" in ran.err
    assert ran.last.startswith("Next: nightdesk test sanctuary-cities --last 30d")


def test_a_story_that_waits_for_the_email_says_so(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.files("Council hears of detainer policy", text=OFF_THE_BEAT)
    desk.clock.advance(timedelta(minutes=1))
    assert "This story is not told at once" in desk("preview", "sanctuary-cities", "--slack").err


def test_machines_get_what_would_be_handed_over(desk: Desk) -> None:
    root, reply, mail = desk("preview", "sanctuary-cities", "--json").records
    assert (root["kind"], reply["kind"], mail["kind"]) == ("root", "reply", "digest")
    assert root["body"]["text"].startswith(HEADLINE)
    assert "Content-Type: multipart/alternative" in mail["mail"]
