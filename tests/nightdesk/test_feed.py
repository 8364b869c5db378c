"""A watchlist's feed is printed, or written where a web server finds it under a secret name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.nightdesk.desk import SANCTUARY, Desk

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
