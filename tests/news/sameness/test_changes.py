"""What an outlet changed in an article that was already told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from news.nouns import Article, Correction
from news.sameness.changes import what_changed
from tests.news.sameness.newsstand import AGENCY, POOL, texts, told

LETTERS = "Officials sent letters to roughly two dozen jurisdictions on Wednesday."
BEFORE = told(LETTERS, *AGENCY, title="Officials write to cities")


def after(*, text: str = BEFORE.text, title: str = BEFORE.title) -> Article:
    return replace(BEFORE, version=2, text=text, title=title)


def corrections(was: str, now: str) -> list[tuple[str, str, str]]:
    """Return (before, after, label) for an article in which `was` became `now`."""
    assert was in BEFORE.text
    found = what_changed(BEFORE, after(text=BEFORE.text.replace(was, now)))
    return [(each.before, each.after, each.label) for each in found]


def test_an_exact_number_in_place_of_a_rough_one_is_more_exact() -> None:
    assert corrections("roughly two dozen", "23") == [
        ("roughly two dozen jurisdictions", "23 jurisdictions", "more exact")
    ]


def test_a_number_written_out_is_more_exact_than_dozens() -> None:
    before = replace(BEFORE, text="Dozens of cities got letters from the department.")
    (found,) = what_changed(before, replace(before, text=before.text.replace("Dozens of", "Thirty-one")))
    assert found.label == "more exact"


def test_another_number_is_corrected() -> None:
    assert corrections("nine feet", "6 feet") == [("nine feet", "6 feet", "corrected")]


def test_a_number_written_out_is_corrected_like_any_other() -> None:
    assert corrections("nine feet", "seven feet") == [("nine feet", "seven feet", "corrected")]


def test_another_name_is_corrected() -> None:
    assert corrections("Coldwater dam", "Greenwater dam") == [
        ("Coldwater dam", "Greenwater dam", "corrected")
    ]


def test_another_day_for_the_event_is_corrected() -> None:
    assert corrections("on Tuesday after", "on Monday after") == [
        ("Tuesday after", "Monday after", "corrected")
    ]


def test_a_not_that_was_missing_is_corrected() -> None:
    ((_, now, label),) = corrections("and had reported no damage", "and had reported damage")
    assert (label, "damage" in now) == ("corrected", True)


def test_a_changed_headline_is_told_with_both_headlines() -> None:
    title = "Officials write to 23 cities"
    assert what_changed(BEFORE, after(title=title)) == (
        Correction(before=BEFORE.title, after=title, label="headline changed"),
    )


@pytest.mark.parametrize(
    "notice",
    [
        "This story has been withdrawn because its figures could not be confirmed.",
        "We have retracted this article.",
        "The agency has withdrawn this story.",
    ],
)
def test_an_article_that_was_taken_back_is_withdrawn(notice: str) -> None:
    (found,) = what_changed(BEFORE, after(text=notice))
    assert (found.before, found.after, found.label) == (BEFORE.title, notice, "withdrawn")


def test_an_offer_that_somebody_else_withdrew_is_no_withdrawal() -> None:
    text = f"{BEFORE.text}\nThe offer has been withdrawn, a lawyer for the farmers said."
    assert what_changed(BEFORE, after(text=text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        BEFORE.text + "\nUpdated at 5:04 pm on Wednesday",
        "Advertisement\n" + BEFORE.text,
        "\n".join(reversed(BEFORE.text.split("\n"))),
        BEFORE.text.replace("asked to leave", "told to leave"),
        BEFORE.text.replace(" ", "\u00a0"),
        f"{BEFORE.text}\n{POOL[9]}",
    ],
    ids=["bumped date", "advertisement", "moved paragraphs", "polished verb", "typography", "added news"],
)
def test_what_no_reader_asks_about_is_nothing(text: str) -> None:
    assert what_changed(BEFORE, after(text=text)) == ()


def test_a_bumped_time_in_a_line_about_the_page_is_nothing() -> None:
    before = replace(BEFORE, text=f"Posted 4:10 pm, updated 4:58 pm\n{BEFORE.text}")
    assert what_changed(before, after(text=f"Posted 4:10 pm, updated 5:31 pm\n{BEFORE.text}")) == ()


@pytest.mark.parametrize(
    "title",
    [
        BEFORE.title.upper(),
        f"UPDATE: {BEFORE.title}",
        f"{BEFORE.title} | Channel 4 Ellery",
        f"{BEFORE.title}…",
    ],
)
def test_the_same_headline_in_other_clothes_is_nothing(title: str) -> None:
    assert what_changed(BEFORE, after(title=title)) == ()


def test_a_headline_that_says_something_else_is_told_even_without_a_number_or_a_name() -> None:
    (found,) = what_changed(BEFORE, after(title="Officials decline to write to cities"))
    assert found.label == "headline changed"


def test_the_point_in_a_number_counts() -> None:
    before = replace(BEFORE, text="The wall will cost $1.2 million, the water district said.")
    (found,) = what_changed(before, replace(before, text=before.text.replace("1.2", "12")))
    assert (found.before, found.after, found.label) == ("1.2 million", "12 million", "corrected")


def test_a_note_of_the_outlet_that_it_corrected_something_is_told() -> None:
    note = "Correction: An earlier version of this story gave the wrong name of the lake."
    (found,) = what_changed(BEFORE, after(text=f"{BEFORE.text}\n{note}"))
    assert (found.before, found.after, found.label) == ("", note, "corrected")


@given(texts)
def test_a_version_that_is_the_same_has_no_corrections(text: str) -> None:
    article = told(text)
    assert what_changed(article, replace(article, version=2)) == ()


@given(texts, texts)
def test_the_words_of_a_correction_stand_in_the_two_versions(one: str, other: str) -> None:
    before, now = told(one, title="A day in Coldwater"), told(other, title="A day in Coldwater")
    for correction in what_changed(before, now):
        assert correction.before in before.text
        assert correction.after in now.text
        assert correction.before != correction.after
