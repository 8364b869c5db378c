"""A second reading is a new version when the outlet says something else, and news when it says something
more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.fulltext import with_hash
from crawler.versions import is_new_version, raises_revision
from news.nouns import Article, Correction
from tests.nouns import an_article

TEXT = (
    "The council met on Monday and voted for the ferry.\nIt will meet again next week to vote on the harbor."
)


def an_edition(text: str = TEXT, *, title: str = "Council votes", complete: bool = True) -> Article:
    """Return an article with a hash of what it says."""
    return with_hash(an_article(title=title, text=text, complete=complete))


def test_the_same_words_are_the_same_version() -> None:
    assert not is_new_version(an_edition(), an_edition())


@given(some.sampled_from(["\u2019", "'"]), some.sampled_from([" ", "\u00a0"]))
def test_typography_makes_no_version(quote: str, space: str) -> None:
    plain = an_edition("The council's vote is on Monday.")
    assert not is_new_version(plain, an_edition(f"The council{quote}s vote{space}is on Monday."))


def test_other_words_are_another_version() -> None:
    assert is_new_version(an_edition(), an_edition(TEXT.replace("Monday", "Tuesday")))
    assert is_new_version(an_edition(), an_edition(title="Council votes again"))


def test_a_text_that_was_missing_is_a_version_whoever_brings_it() -> None:
    before = an_edition("The council met.", complete=False)
    assert is_new_version(before, replace(an_edition(), source_id="ledger"))


def test_another_sources_wording_is_no_version() -> None:
    assert not is_new_version(an_edition(), replace(an_edition(title="Vote!"), source_id="aggregator"))


def test_a_page_that_cannot_be_read_any_more_takes_nothing_back() -> None:
    assert not is_new_version(an_edition(), an_edition("The council met.", complete=False))


@pytest.mark.parametrize(
    ("after", "raises"),
    [
        (TEXT + "\nThe mayor said the ferry would be painted red before the summer.", True),
        (TEXT + "\nUpdated 2:15 p.m.", False),
        (TEXT + "\nMore from Channel 4", False),
        (TEXT.replace("\n", " "), False),
        ("The council met on Monday and voted for the ferry.", False),
    ],
)
def test_only_what_nobody_could_have_read_before_is_told(after: str, raises: bool) -> None:
    assert raises_revision(an_edition(), an_edition(after), ()) is raises


def test_a_correction_is_told() -> None:
    correction = Correction(before="Monday", after="Tuesday", label="corrected")
    assert raises_revision(an_edition(), an_edition(), (correction,))


@given(some.text(max_size=200))
def test_nothing_new_is_never_told(text: str) -> None:
    assert not raises_revision(an_edition(text), an_edition(text), ())
