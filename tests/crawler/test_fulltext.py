"""Headline, minute and language are taken from where they are best known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler import fulltext
from crawler.fulltext import with_hash
from tests.nouns import an_article

MIDNIGHT = datetime(2026, 3, 18, tzinfo=UTC)
NOON = datetime(2026, 3, 18, 12, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("page", "feed", "chosen"),
    [
        ("Mayor skips capital meeting", "Mayor skips meeting", "Mayor skips capital meeting"),
        ("Subscribe to Channel 4", "Mayor skips meeting", "Mayor skips meeting"),
        ("Mayor skips meeting", "", "Mayor skips meeting"),
        ("", "Mayor skips meeting", "Mayor skips meeting"),
    ],
)
def test_the_pages_headline_counts_if_it_is_one(page: str, feed: str, chosen: str) -> None:
    assert fulltext._headline(page, feed, complete=True) == chosen


def test_the_headline_of_a_page_that_could_not_be_read_does_not_count() -> None:
    assert fulltext._headline("Mayor skips capital meeting", "Mayor stays", complete=False) == "Mayor stays"


def test_the_pages_minute_counts_unless_it_knows_the_day_alone() -> None:
    assert fulltext._minute(NOON, MIDNIGHT) == NOON
    assert fulltext._minute(MIDNIGHT, NOON) == NOON
    assert fulltext._minute(MIDNIGHT, None) == MIDNIGHT
    assert fulltext._minute(None, NOON) == NOON


@pytest.mark.parametrize(
    ("said", "language"),
    [(("en-US", "es"), "en"), ((None, " ES_mx "), "es"), ((None, ""), "en"), (("pt-BR",), "pt")],
)
def test_a_language_is_known_without_its_country(said: tuple[str | None, ...], language: str) -> None:
    assert fulltext._language(*said) == language


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("An otter has a name. It is Nine.", "An otter has a name."),
        ("First line\nSecond line", "First line"),
        ("", ""),
    ],
)
def test_a_missing_headline_is_the_first_sentence(text: str, title: str) -> None:
    assert fulltext._first_sentence(text) == title


@given(some.text(max_size=400))
def test_a_first_sentence_is_never_longer_than_a_headline(text: str) -> None:
    assert len(fulltext._first_sentence(text)) <= fulltext.LONGEST_TITLE + 1


@pytest.mark.parametrize(
    ("end", "whole"),
    [("The end.", True), ("and then […]", False), ("Continue reading at Channel 4", False), ("so…", False)],
)
def test_a_teaser_is_told_from_a_whole_article(end: str, whole: bool) -> None:
    text = "The council met. " * 60 + end
    assert (fulltext._CUT_OFF.search(text[-200:]) is None) is whole


@given(some.text(max_size=80), some.text(max_size=80))
def test_a_hash_tells_title_from_text(title: str, text: str) -> None:
    one = with_hash(an_article(title=title + "x", text=text))
    other = with_hash(an_article(title=title, text="x" + text))
    assert one.content_hash != other.content_hash
