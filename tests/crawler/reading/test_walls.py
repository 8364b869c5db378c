"""A wall is no article: what stands before a page's words is named, and its own words are nobody's news."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.fulltext import WALLS
from crawler.reading.pages import read_page_bytes
from crawler.reading.trees import tree_of
from crawler.reading.walls import is_empty

NOW = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)
STORY = "".join(
    f"<p>The council of Port Ellery voted {number} times on Wednesday before it answered letter {number}.</p>"
    for number in range(9, 20)
)
TEASER = "<p>The council of Port Ellery voted on Wednesday to answer the letter from the capital.</p>"
COOKIES = "We value your privacy. We and our 812 partners store information on your device, such as cookies."

PAGES = {
    "paywall": f"<article><h1>Council votes</h1>{TEASER}<div>Subscribe to continue reading.</div></article>",
    "consent": f"<h1>Before you continue</h1><div><p>{COOKIES}</p><button>Accept all</button></div>",
    "script": '<div id="root"></div><noscript>Enable JavaScript.</noscript><script src="/a.js"></script>',
}


@pytest.mark.parametrize("wall", PAGES)
def test_a_page_that_shows_a_wall_instead_of_its_story_has_no_words_and_says_why(wall: str) -> None:
    page = read_page_bytes(f"<html><body>{PAGES[wall]}</body></html>".encode(), now=NOW)
    assert (page.wall, page.open_text) == (wall, "")
    assert wall in WALLS


def test_a_page_is_empty_when_only_a_program_could_fill_it() -> None:
    found = {name: is_empty(tree_of(f"<body>{page}</body>".encode(), "")) for name, page in PAGES.items()}
    assert found == {"paywall": False, "consent": False, "script": True}
    assert not is_empty(tree_of(f"<body>{PAGES['script']}{STORY}</body>".encode(), ""))


@pytest.mark.parametrize("around", PAGES.values())
def test_a_whole_story_beside_a_wall_s_words_is_a_story(around: str) -> None:
    body = (
        f"<html><body><article><h1>Council votes</h1>{STORY}</article><aside>{around}</aside></body></html>"
    )
    page = read_page_bytes(body.encode(), now=NOW)
    assert page.wall == ""
    assert "The council of Port Ellery voted" in page.open_text


def test_a_short_story_without_any_wall_stays_one() -> None:
    page = read_page_bytes(
        f"<html><article><h1>Council votes</h1>{TEASER}</article></html>".encode(), now=NOW
    )
    assert (page.wall, page.open_text != "") == ("", True)
