"""A watchlist's feed is printed, or written where a web server finds it under a secret name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage.acts_contract import EMBARGO
from tests.nightdesk.desk import SANCTUARY, Desk
from tests.nouns import HOUR, NOON, an_act

HEADLINE = "Mayor skips capital meeting after warning to sanctuary cities"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.files(HEADLINE)
    desk.watches()
    return desk


def test_a_watchlists_headlines_are_printed_as_a_feed(desk: Desk) -> None:
    assert f"<title>{HEADLINE}</title>" in desk("watchlists", "feed", "sanctuary-cities").out
    told = json.loads(desk("watchlists", "feed", "Sanctuary cities", "--format", "json").out)
    assert [item["title"] for item in told["items"]] == [HEADLINE]


def test_both_are_written_under_a_name_that_stays(desk: Desk, tmp_path: Path) -> None:
    for _ in range(2):
        assert desk("watchlists", "feed", "sanctuary-cities", "--write", str(tmp_path / "www")).code == 0
    (secret,) = (tmp_path / "www").iterdir()
    assert sorted(path.name for path in secret.iterdir()) == ["feed.json", "feed.xml"]
    assert len(secret.name) == 32


def test_a_private_watchlist_has_no_feed(desk: Desk) -> None:
    private = {**SANCTUARY, "private": True, "deliver": [{"to": "slack:D04NIGHTED"}]}
    desk.write("watchlists/sanctuary-cities.yaml", private)
    desk.close()
    ran = desk("watchlists", "feed", "sanctuary-cities")
    assert ran.code == 1
    assert "a private watchlist has no feed" in ran.err


def test_what_is_under_embargo_is_in_no_feed_and_its_page_says_until_when(desk: Desk) -> None:
    notice = "Channel 4 Ellery: “EMBARGOED UNTIL 6 p.m.”"
    hold = an_act("hold", 1, who=EMBARGO, until=NOON + 6 * HOUR, note=notice)
    desk.store.record_act(hold)
    assert HEADLINE not in desk("watchlists", "feed", "sanctuary-cities").out
    shown = desk("stories", "show", "1")
    assert "On hold until 6:00 pm: an embargo. Let it go: nightdesk stories let-go 1" in shown.flat
    assert notice in shown.flat
    assert desk("stories", "show", "1", "--json").records[0]["held_back"]["note"] == notice
    assert "On hold until 6:00 pm: an embargo" in desk("explain", HEADLINE).flat
    assert desk("stories", "let-go", "1").code == 0
    assert HEADLINE in desk("watchlists", "feed", "sanctuary-cities").out
