"""Which story an article belongs to, and why."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.nouns import Article
from news.sameness.window import Window
from tests.fakes.day import the_day
from tests.fakes.press import PrintedArticle
from tests.news.sameness.newsstand import (
    AGENCY,
    FIRST_LEAD,
    POOL,
    SECOND_LEAD,
    file_all,
    stories_of,
    texts,
    told,
)

OUTLETS = ("Channel 4 Ellery", "Ellery 31", "Valley Courier", "Harbor Post", "Coast Public Radio")
FIRST = told(*FIRST_LEAD, *AGENCY, title="Boats leave Coldwater in a hurry")
SECOND = told(*SECOND_LEAD, *AGENCY, outlet="Ellery 31", title="Diver calls crack long as a bus")


def printed(article: PrintedArticle) -> Article:
    return told(*article.paragraphs, outlet=article.outlet, title=article.title)


def test_two_stations_that_share_wire_copy_but_neither_title_nor_lead_tell_one_story() -> None:
    (first, _), (second, placement) = file_all(Window(), FIRST, SECOND)
    assert first == second
    assert placement.story_id == first
    assert {passage.sentence.text for passage in placement.shared} == set(AGENCY)
    assert {passage.outlet for passage in placement.shared} == {"Channel 4 Ellery"}
    assert placement.sentences == 7


def test_the_reason_names_the_sentences_the_outlet_and_who_and_what_both_name() -> None:
    _, (_, placement) = file_all(Window(), FIRST, SECOND)
    assert placement.reason.startswith("4 shared sentences with Channel 4 Ellery")
    assert "Coldwater" in placement.reason
    assert "140 visitors" in placement.reason


def test_a_shared_sentence_stands_in_the_article_where_it_says_it_stands() -> None:
    _, (_, placement) = file_all(Window(), FIRST, SECOND)
    for passage in placement.shared:
        assert SECOND.text[passage.sentence.start : passage.sentence.end] == passage.sentence.text


def test_five_outlets_with_one_text_tell_one_story_in_whatever_order_they_come() -> None:
    copies = [told(*AGENCY, outlet=outlet, title="Crack found in Coldwater dam") for outlet in OUTLETS]
    other = told(*POOL[9:13], title="School board postpones vote on bus routes")
    for order in permutations([*copies[:3], other]):
        stories = stories_of(*order, *copies[3:])
        told_by = {story for article, story in zip(order, stories, strict=False) if article is not other}
        assert told_by == {stories[-1]}
        assert stories[order.index(other)] != stories[-1]


def test_every_story_of_the_invented_day_is_told_once() -> None:
    articles = the_day().articles
    stories = stories_of(*(printed(article) for article in articles))
    for one in set(stories):
        labels = [
            article.story or article.title
            for article, story in zip(articles, stories, strict=True)
            if story == one
        ]
        assert len(set(labels)) == 1, labels
    assert len(set(stories)) == len({article.story or article.title for article in articles})


def test_a_follow_up_that_only_recycles_background_is_a_story_of_its_own() -> None:
    later = told(*POOL[9:17], *AGENCY[1:3], outlet="Harbor Post", title="Bakery gives bread away", days=2)
    *_, (story, placement) = file_all(Window(), FIRST, SECOND, later)
    assert placement.story_id is None
    assert story != 1
    assert placement.shared
    assert placement.reason == "a story of its own: it shares only background with Channel 4 Ellery"


def test_the_same_words_weeks_later_are_another_story() -> None:
    assert stories_of(FIRST, told(*AGENCY, outlet="Ellery 31", days=20)) == [1, 2]


def test_an_article_like_no_other_starts_a_story_and_needs_no_reason() -> None:
    *_, (story, placement) = file_all(Window(), FIRST, told(*POOL[9:12], outlet="Ellery 31"))
    assert story == 2
    assert (placement.story_id, placement.reason, placement.shared, placement.whats_new) == (None, "", (), ())


def test_two_articles_without_a_word_are_not_called_one_story() -> None:
    empty = told("", title="", outlet="Ellery 31")
    assert stories_of(told("", title=""), empty) == [1, 2]


def test_one_story_is_found_in_spanish_too() -> None:
    first = told(
        "La ciudad de Puerto Alegre recibió el martes una carta del Departamento de Justicia.",
        "La carta pide los documentos sobre la política de ciudades santuario antes del 30 de abril.",
        "El alcalde dijo que los abogados de la ciudad responderán en el plazo.",
        title="Justicia exige documentos a Puerto Alegre",
        language="es",
    )
    second = told(
        "El alcalde de Puerto Alegre respondió a la carta del Departamento de Justicia.",
        "Los abogados entregarán los documentos sobre la política santuario, dijo.",
        title="Alcalde de Puerto Alegre responde a Justicia por la política santuario",
        outlet="Ellery 31",
        language="es",
    )
    other = told(
        "La feria del condado atrajo a menos visitantes que el año anterior.",
        "La lluvia cerró dos de las tres entradas durante el fin de semana.",
        title="La lluvia vacía la feria del condado",
        outlet="Harbor Post",
        language="es",
    )
    assert stories_of(first, second, other) == [1, 1, 2]


@given(st.permutations(range(5)), texts)
def test_the_order_of_exact_copies_changes_no_group(order: list[int], text: str) -> None:
    copies = [told(text, outlet=OUTLETS[number], title="Crack found in Coldwater dam") for number in order]
    assert stories_of(*copies) == [1] * 5


@pytest.mark.parametrize("minutes", [0, 1, 59])
def test_minutes_between_two_articles_make_no_difference(minutes: int) -> None:
    article = told(*SECOND_LEAD, *AGENCY, outlet="Ellery 31", days=minutes / 1440)
    assert stories_of(FIRST, article) == [1, 1]
