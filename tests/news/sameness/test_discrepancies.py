"""In what the outlets of one story disagree: both sides, with the sentence, and no nonsense."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from news.sameness.discrepancies import Discrepancy, discrepancies
from tests.fakes.day import the_day
from tests.news.sameness.newsstand import numbered, texts, told

OUTLETS = ("Channel 4 Ellery", "Ellery 31", "Valley Courier", "Harbor Post")
LETTERS = "The department sent 23 letters to cities and counties on Wednesday."


def found(*says: str, language: str = "en") -> tuple[Discrepancy, ...]:
    """Return the discrepancies of a story that each outlet tells in one sentence."""
    articles = (told(text, outlet=name, language=language) for text, name in zip(says, OUTLETS, strict=False))
    return discrepancies(numbered(*articles))


def in_short(*says: str, language: str = "en") -> list[tuple[str, ...]]:
    return [(each.label, *(side.words for side in each.sides)) for each in found(*says, language=language)]


def test_two_outlets_that_count_the_same_letters_differently_are_shown_side_by_side() -> None:
    (one,) = found(LETTERS, "The department mailed 24 letters to cities.", "It sent 24 letters to cities.")
    assert (one.label, one.about) == ("differs", "letters")
    assert [(side.words, side.outlet) for side in one.sides] == [
        ("23 letters", "Channel 4 Ellery"),
        ("24 letters", "Ellery 31"),
    ]
    assert one.sides[0].sentence.text == LETTERS
    assert LETTERS[one.sides[0].start : one.sides[0].end] == "23 letters"


def test_all_outlets_that_say_a_number_are_named_on_its_side() -> None:
    second = "The department mailed 24 letters to cities on Wednesday."
    (one,) = found(LETTERS, second, second.replace("mailed", "posted"))
    assert one.sides[1].outlets == ("Ellery 31", "Valley Courier")


@pytest.mark.parametrize(
    ("one", "other", "label"),
    [
        ("Letters went to roughly two dozen towns.", "The 23 towns include Granby Falls.", "more exact"),
        ("Letters went to nearly 40 towns.", "Letters went to 38 towns, the county said.", "more exact"),
        ("Dozens of homes along the river flooded.", "Along the river 31 homes flooded.", "more exact"),
        (
            "The repair of the dam will cost $2 million, the district said.",
            "The district said the repair of the dam will cost $2.1 million.",
            "more exact",
        ),
        ("About 200 boats left Coldwater harbor.", "On Tuesday 340 boats left Coldwater harbor.", "differs"),
        ("More than 60 boats left Coldwater harbor.", "Only 48 boats left Coldwater harbor.", "differs"),
        ("Twenty-three homes burned in Granby.", "25 homes burned in Granby.", "differs"),
        (
            "Three people were killed and 12 people were hurt when the mill burned.",
            "The mill burned; four people were killed and 12 people were hurt.",
            "differs",
        ),
    ],
)
def test_a_rough_number_made_exact_is_no_conflict_and_another_number_is(
    one: str, other: str, label: str
) -> None:
    assert [each.label for each in found(one, other)] == [label]
    assert [each.label for each in found(other, one)] == [label]


def test_the_exact_number_stands_last_whoever_printed_it_first() -> None:
    (one,) = found("The 23 towns include Granby Falls.", "Letters went to roughly two dozen towns.")
    assert [side.words for side in one.sides] == ["roughly two dozen towns", "23 towns"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # The same number, in other words.
        ("Two dozen boats left Coldwater harbor.", "Twenty-four boats left Coldwater harbor."),
        # Two things that happened to people of one fire.
        ("The fire at the mill killed three people.", "The fire at the mill hurt five people."),
        # Two rough numbers that fit each other, and one that says nothing against a number.
        ("About 40 boats left Coldwater harbor.", "Nearly 45 boats left Coldwater harbor."),
        ("Several boats left Coldwater harbor.", "On Tuesday 14 boats left Coldwater harbor."),
        # Dates, hours, roads, laws, lengths of time, ranges, scores.
        ("The road closes on March 18 at Coldwater.", "The road closes on March 19 at Coldwater."),
        ("Boats leave Coldwater harbor at 6:30.", "Boats leave Coldwater harbor at 7:30."),
        ("Boats use Highway 40 to Coldwater.", "Boats use Highway 41 to Coldwater."),
        ("Boats leave Coldwater for three days.", "Boats leave Coldwater for five days."),
        ("The council voted 5-4 for new boats.", "The council voted 6-3 for new boats."),
        # A part, a change, a rate, another time.
        ("The county sent 23 letters to towns.", "The county sent three more letters to towns."),
        ("The county sent 23 letters to towns.", "The county sent 12 letters to towns last year."),
        ("The county sent 23 letters to towns.", "The county sent 2 letters to towns each week."),
        # Of other things.
        ("The county sent 23 letters to towns.", "The county sent 12 trucks to towns."),
        ("A hospital in Granby has 23 beds.", "A shelter near Coldwater put up 40 beds."),
    ],
)
def test_what_does_not_count_the_same_thing_is_left_alone(one: str, other: str) -> None:
    assert in_short(one, other) == []


def test_an_outlet_that_prints_both_numbers_disagrees_with_nobody() -> None:
    both = "The county first spoke of 23 letters to towns. It has sent 24 letters to towns, it says now."
    assert in_short("The county has sent 23 letters to towns, it says.", both) == []


def test_two_articles_of_one_outlet_are_versions_and_not_held_against_each_other() -> None:
    articles = numbered(told(LETTERS), told(LETTERS.replace("23", "24"), title="Another"))
    assert discrepancies(articles) == ()


def test_numbers_are_read_in_spanish_too() -> None:
    assert in_short(
        "El fuego destruyó 31 casas en el valle de Granby.",
        "El fuego destruyó 33 casas en el valle de Granby, dijo el condado.",
        "En el valle de Granby el fuego destruyó unas treinta casas.",
        language="es",
    ) == [("differs", "31 casas", "33 casas"), ("more exact", "unas treinta casas", "31 casas")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sheriff Alderbrook", "Sheriff Aldebrook"),
        ("Mayor Quillan", "Mayor Quilan"),
        ("Stephen Harborfield", "Steven Harborfield"),
        ("Port Ellery", "Port Ellary"),
    ],
)
def test_a_name_that_two_outlets_spell_differently_is_shown(one: str, other: str) -> None:
    (each,) = found(f"The road is open, {one} said.", f"Drivers thanked {other}'s office.")
    assert each.label == "spelled differently"
    assert [side.words for side in each.sides] == [one, other]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sheriff Alderbrook", "Sheriff Alderbrook's"),
        ("North Harbor", "South Harbor"),
        ("Granby Theater", "Granby Theatre"),
        ("Harbor Commission", "Harbor Commissions"),
        ("Mayor Alder", "Judge Alder"),
        ("Sheriff Alderbrook", "Sheriff Coldwater"),
        ("Ana Harbor", "Ann Harbor"),
        ("Ellery Administration", "Ellery Administrator"),
        ("José Alderbrook", "Jose Alderbrook"),
    ],
)
def test_names_that_are_two_or_one_in_another_form_are_left_alone(one: str, other: str) -> None:
    assert in_short(f"The road is open, {one} said.", f"Drivers thanked {other}.") == []


def test_an_outlet_that_prints_both_spellings_means_two_or_slipped_itself() -> None:
    both = "Drivers thanked Port Ellary. The road to Port Ellery is open."
    assert in_short("The road to Port Ellery is open.", both) == []


def test_what_differs_in_the_day_is_only_more_exact() -> None:
    stories: dict[str, list[tuple[str, str]]] = {}
    for each in the_day().articles:
        stories.setdefault(each.story or each.title, []).append(("\n".join(each.paragraphs), each.outlet))
    shown = [
        (one.label, one.sides[0].words, one.sides[1].words)
        for articles in stories.values()
        for one in discrepancies(numbered(*(told(text, outlet=outlet) for text, outlet in articles)))
    ]
    assert ("more exact", "roughly two dozen jurisdictions", "23 jurisdictions") in shown
    assert {label for label, *_ in shown} == {"more exact"}


@settings(max_examples=30)
@given(st.lists(st.tuples(texts, st.sampled_from(OUTLETS)), max_size=4))
def test_both_sides_stand_in_their_articles_and_are_of_two_outlets(said: list[tuple[str, str]]) -> None:
    numbers = {"140": "150", "nine": "ten", "61": "some 60"}
    articles = numbered(
        *(
            told(text if at % 2 else text.replace(*list(numbers.items())[at % 3]), outlet=outlet)
            for at, (text, outlet) in enumerate(said)
        )
    )
    by_id = {article.id: article for article in articles}
    for each in discrepancies(articles):
        assert each.sides[0].outlet != each.sides[1].outlet
        for side in each.sides:
            text = by_id[side.article_id].text
            assert text[side.start : side.end] == side.words
            assert text[side.sentence.start : side.sentence.end] == side.sentence.text
            assert side.words in side.sentence.text
