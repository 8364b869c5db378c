"""What came in: the list of stories, its table, and the search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.furnished import furnished
from tests.web.serving import WebDesk

MAYOR = "Mayor skips capital meeting after warning to sanctuary cities"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDesk]:
    desk = furnished(tmp_path_factory.mktemp("day"))
    yield desk
    desk.close()


def test_a_story_is_listed_with_its_words_outlets_and_what_became_of_it(day: WebDesk) -> None:
    page = day.signed_in("trainee").get("/stories")
    assert page.status == 200
    assert "warning to <mark>sanctuary cities</mark>" in page.text
    assert "main topic · Sanctuary cities · sent to #immigration-desk" in page.flat
    assert "Appeals court" in page.flat
    assert "refuses it" in page.flat


def test_a_choice_narrows_the_list(day: WebDesk) -> None:
    client = day.signed_in()
    assert "Appeals court" not in client.get("/stories?show=at+once").flat
    assert MAYOR not in client.get("/stories?when=2026-03-01").flat
    assert MAYOR not in client.get("/stories?watchlist=nobody").flat
    assert MAYOR in client.get("/stories?source=channel4&when=week&grade=about").flat


def test_a_search_reads_a_line_of_the_language_and_says_what_is_wrong(day: WebDesk) -> None:
    client = day.signed_in()
    found = client.get("/stories?q=mayor+AND+sanctuary+city")
    assert (MAYOR in found.flat, "Appeals" in found.flat) == (True, False)
    wrong = client.get("/stories?q=mayor+AND+(")
    assert "This line cannot be read." in wrong.flat
    assert "No article of the last 12 months says that." in client.get("/stories?q=zeppelin").flat


def test_programs_get_the_same_stories(day: WebDesk) -> None:
    client = day.signed_in()
    facts = client.get("/api/stories").facts
    assert isinstance(facts, dict)
    assert [story["title"] for story in facts["stories"]][-1] == MAYOR
    assert facts["total"] == len(facts["stories"])
    head, *rows = client.get("/api/stories.csv").text.splitlines()
    assert head.startswith("changed,headline,outlets")
    assert len(rows) == facts["total"]
    assert client.get("/api/stories?q=(").status == 400


def test_a_private_watchlist_is_listed_for_its_own_people_alone(tmp_path: Path) -> None:
    desk = furnished(tmp_path, private=True)
    try:
        theirs = desk.signed_in("trainee").get("/stories").flat
        others = desk.signed_in("chief").get("/stories").flat
        found = desk.signed_in("chief").get("/stories?q=mayor").flat
    finally:
        desk.close()
    assert "Quiet inquiry" in theirs
    assert "Quiet inquiry" not in others + found
    assert "trainee@newsroom.test" not in others + found
