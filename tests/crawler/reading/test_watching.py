"""What was added to a watched page is told once; clocks, counters and carousels are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.watched_lines import is_furniture
from crawler.reading.watching import read_watched_bytes
from news.errors import ReadingError
from news.source_rules import WatchRule
from news.text import html_text

NOW = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)
URL = "https://council.test/notices"
STANDING = ["Street sweeping begins in April.", "The library board meets upstairs."]


def a_page(notices: Sequence[str], *, promo: str = "", around: str = "") -> bytes:
    items = "".join(f"<li>{notice}</li>" for notice in notices)
    return (
        f"<html><title>Notices</title><header>{around}</header><main><h1>Public notices</h1>"
        f"<ul class=notices>{items}</ul><div class=promo>{promo}</div></main></html>"
    ).encode()


def told(pages: Sequence[bytes], rule: WatchRule | None = None) -> list[list[str]]:
    """Return what each reading tells."""
    memory, all_told = None, []
    for page in pages:
        seen = read_watched_bytes(page, rule or WatchRule(), memory, url=URL, now=NOW)
        memory = seen.memory
        all_told.append([line for clip in seen.clippings for line in html_text(clip.content).split("\n")])
    return all_told


def test_the_first_sight_tells_nothing_and_an_addition_is_told_once() -> None:
    added = ["The council is briefed on detainers on Monday.", *STANDING]
    pages = [a_page(STANDING), a_page(added), a_page(added), a_page(STANDING), a_page(added)]
    assert told(pages) == [[], [added[0]], [], [], []]


def test_several_additions_at_once_are_one_article_in_the_pages_order() -> None:
    both = ["Bids for the pier are opened.", *STANDING, "The pool is closed on Friday."]
    assert told([a_page(STANDING), a_page(both)])[1] == [both[0], both[-1]]


@pytest.mark.parametrize(
    "line",
    [
        "March 18, 2026, 12:04:33 PM", "Last updated: Wednesday, March 18", "1,204 views",
        "17 people are reading this", "Updated 5 minutes ago", "65°F Partly cloudy", "© All rights reserved",
    ],
)  # fmt: skip
def test_clocks_and_counters_are_furniture(line: str) -> None:
    assert is_furniture(line)
    assert told([a_page(STANDING), a_page([*STANDING, line])])[1] == []


@pytest.mark.parametrize(
    "line",
    ["Ordinance 2026-15", "Special meeting, March 20, 6:00 pm", "Room 110 closed today", "Hearing on May 4"],
)
def test_a_short_line_with_a_word_of_its_own_is_told(line: str) -> None:
    assert told([a_page(STANDING), a_page([*STANDING, line])])[1] == [line]


def test_the_next_of_a_numbered_row_is_told_at_once_and_in_exchange_at_the_next_reading() -> None:
    row = [f"Ordinance 2026-{number} was adopted" for number in range(10, 16)]
    assert told([a_page(row[:3]), a_page(row[:4])]) == [[], [row[3]]]
    rolling = [a_page(row[at : at + 3]) for at in range(3)]
    assert told([rolling[0], rolling[1], rolling[1], rolling[2], rolling[2]]) == [
        [],
        [],
        [row[3]],
        [],
        [row[4]],
    ]


def test_a_counter_in_a_sentence_is_never_told() -> None:
    pages = [a_page([*STANDING, f"{number} neighbors signed the petition"]) for number in range(100, 120, 3)]
    assert told(pages) == [[]] * len(pages)


def test_a_carousel_is_told_once_around_and_then_no_more() -> None:
    promos = ["Try the app today", "Meet our anchors", "Win a mug"]
    rounds = [a_page(STANDING, promo=promos[turn % 3]) for turn in range(9)]
    later = [
        a_page(STANDING, promo="Vote for the best bakery"),
        a_page([*STANDING, "The pier is closed."], promo=promos[0]),
    ]
    assert told([*rounds, *later]) == [[], [promos[1]], [promos[2]], *[[]] * 7, ["The pier is closed."]]


def test_only_the_named_part_counts_and_what_is_left_out_of_it_does_not() -> None:
    rule = WatchRule(part=".notices, .promo", without=(".promo b",))
    pages = [
        a_page(STANDING, promo="One"),
        a_page(STANDING, promo="One more thing<b>Ad of the day</b>", around="Breaking news"),
    ]
    assert told(pages, rule)[1] == ["One more thing"]
    with pytest.raises(ReadingError, match="no part such as its declaration says"):
        told(pages, WatchRule(part="#gone"))


def test_a_row_of_a_table_is_one_line() -> None:
    table = "<table><tr><td>March 20</td><td><p>Safety Committee</p></td><td>Room 110</td></tr></table>"
    assert told([a_page(STANDING), a_page(STANDING, promo=table)])[1] == [
        "March 20 Safety Committee Room 110"
    ]


@given(st.lists(st.lists(st.sampled_from(["alpha beta", "gamma delta", "12 boats", "13 boats"])), max_size=6))
def test_no_line_is_ever_told_twice(readings: list[list[str]]) -> None:
    lines = [line for each in told([a_page(reading) for reading in readings]) for line in each]
    assert len(lines) == len(set(lines))
