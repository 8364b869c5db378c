"""What a whole story says, in sentences of its articles."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from news.gist import gist
from tests.news.sameness.newsstand import AGENCY, FIRST_LEAD, SECOND_LEAD, numbered, texts, told

FIRST = told(*AGENCY, title="Crack found in the dam")
SECOND = told(*SECOND_LEAD, *AGENCY[:2], outlet="Ellery 31", title="Diver calls crack long as a bus")
PARAPHRASE = "After a crack was found in the west wall, engineers of the Coldwater dam lowered its gates."


def test_a_story_is_told_in_sentences_of_several_outlets() -> None:
    told_in = gist(numbered(FIRST, SECOND))
    assert told_in[0].sentence.text == AGENCY[0]
    assert {each.outlet for each in told_in} == {"Channel 4 Ellery", "Ellery 31"}
    assert len(told_in) == 3


def test_what_one_outlet_said_another_does_not_say_again_in_other_words() -> None:
    other = told(PARAPHRASE, FIRST_LEAD[1], outlet="Ellery 31", title="Gates of the dam lowered")
    said = [each.sentence.text for each in gist(numbered(FIRST, other))]
    assert (AGENCY[0] in said) != (PARAPHRASE in said)
    assert FIRST_LEAD[1] in said


def test_a_source_that_allows_its_headline_only_is_not_quoted() -> None:
    shy = replace(SECOND, excerpt="headline")
    assert {each.outlet for each in gist(numbered(FIRST, shy))} == {"Channel 4 Ellery"}
    assert gist([shy]) == ()


def test_a_story_without_a_sentence_says_nothing() -> None:
    assert gist([told("")]) == ()
    assert gist([]) == ()


@settings(max_examples=30)
@given(st.lists(texts, max_size=4), st.integers(1, 4), st.integers(60, 500))
def test_every_sentence_stands_in_its_article_and_none_is_said_twice(
    said: list[str], most: int, characters: int
) -> None:
    articles = numbered(*(told(text, outlet=f"Outlet {at}") for at, text in enumerate(said)))
    by_id = {article.id: article for article in articles}
    found = gist(articles, most=most, characters=characters)
    assert len(found) <= most
    assert sum(len(each.sentence.text) for each in found) <= characters
    assert len({each.sentence.text for each in found}) == len(found)
    for each in found:
        article = by_id[each.article_id]
        assert article.outlet == each.outlet
        assert article.text[each.sentence.start : each.sentence.end] == each.sentence.text
