"""What an article says that its story has not said yet."""

from __future__ import annotations

from hypothesis import given

from news.nouns import Article
from news.sameness.window import Window
from tests.news.sameness.newsstand import AGENCY, FIRST_LEAD, POOL, SECOND_LEAD, file_all, texts, told

FIRST = told(*FIRST_LEAD, *AGENCY, title="Boats leave Coldwater in a hurry")
TITLE = "Crack found in Coldwater dam, lake to fall by nine feet"


def news_in(second: Article, first: Article = FIRST) -> list[str]:
    """Return what the second article adds to the first one's story."""
    (story, _), (same, placement) = file_all(Window(), first, second)
    assert story == same
    return [sentence.text for sentence in placement.whats_new]


def test_what_is_new_are_the_sentences_the_first_outlet_did_not_have() -> None:
    second = told(*SECOND_LEAD, *AGENCY, outlet="Ellery 31", title=TITLE)
    assert set(news_in(second)) == set(SECOND_LEAD)


def test_the_same_text_in_another_outlet_brings_nothing_new() -> None:
    assert news_in(told(*FIRST_LEAD, *AGENCY, outlet="Ellery 31", title=TITLE)) == []


def test_a_paraphrase_is_not_news() -> None:
    paraphrase = (
        "Some 140 visitors at three campgrounds along the northern shore were asked to leave their tents."
    )
    assert paraphrase not in news_in(told(paraphrase, *AGENCY[:2], outlet="Ellery 31", title=TITLE))


def test_a_new_number_is_news_in_a_sentence_that_is_otherwise_known() -> None:
    exact = "Asked to leave the three campgrounds of the northern shore were 153 visitors."
    assert exact in news_in(told(*AGENCY[:2], exact, outlet="Ellery 31", title=TITLE))


def test_numbers_and_somebodys_words_come_before_the_rest() -> None:
    plain = "Ducks and geese gathered on the muddy banks beside an old wooden jetty."
    spoken = '"Nobody warned the anglers on their jetty," a retired ranger complained bitterly.'
    counted = "Repairs will cost the water district 4 million dollars and last until 27 October."
    news = news_in(told(*AGENCY, plain, spoken, counted, outlet="Ellery 31", title=TITLE))
    assert set(news) == {plain, spoken, counted}
    assert news[-1] == plain


def test_furniture_is_never_news() -> None:
    lines = (
        "Sign up for our newsletter and get the morning's stories in your inbox.",
        "Photo: Valley Courier",
    )
    assert news_in(told(*AGENCY, *lines, outlet="Ellery 31", title=TITLE)) == []


def test_what_the_outlet_printed_in_another_story_is_not_news() -> None:
    block = "The county desk is six people who have covered the valley for a quarter of a century together."
    elsewhere = told(*POOL[9:13], block, outlet="Ellery 31")
    second = told(*SECOND_LEAD, *AGENCY, block, outlet="Ellery 31", title=TITLE)
    *_, (_, placement) = file_all(Window(), elsewhere, FIRST, second)
    assert {sentence.text for sentence in placement.whats_new} == set(SECOND_LEAD)


def test_the_first_article_of_a_story_is_not_compared_with_anything() -> None:
    ((_, placement),) = file_all(Window(), FIRST)
    assert placement.whats_new == ()


@given(texts, texts)
def test_what_is_new_stands_in_the_article_and_was_not_shared(one: str, other: str) -> None:
    first = told(*AGENCY, one, title=TITLE)
    second = told(*AGENCY, other, outlet="Ellery 31", title=TITLE)
    _, (_, placement) = file_all(Window(), first, second)
    shared = {passage.sentence for passage in placement.shared}
    for sentence in placement.whats_new:
        assert second.text[sentence.start : sentence.end] == sentence.text
        assert sentence not in shared
        assert sentence.text not in first.text
    assert len({sentence.text for sentence in placement.whats_new}) == len(placement.whats_new)
