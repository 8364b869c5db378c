"""Sentences that stand in two articles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from news.nouns import Article
from news.sameness.copying import Copying, Runs
from news.sameness.fingerprint import read
from tests.news.sameness.newsstand import AGENCY, FIRST_LEAD, POOL, SECOND_LEAD, texts, told


def compared(one: Article, other: Article) -> Copying:
    return Runs(read(one).print).shared_with(read(other).print)


def test_two_stations_using_the_same_wire_copy_share_its_sentences() -> None:
    copying = compared(told(*FIRST_LEAD, *AGENCY), told(*SECOND_LEAD, *AGENCY, outlet="Ellery 31"))
    assert copying.here == {2, 3, 4, 5}
    assert copying.there == {3, 4, 5, 6}


def test_a_sentence_with_two_words_edited_is_still_the_same_copy() -> None:
    edited = AGENCY[2].replace("some 140", "about 150")
    assert compared(told(AGENCY[2]), told(edited)).here == {0}


def test_typography_is_no_difference() -> None:
    curly = AGENCY[1].replace("district said", "district\u00a0said").replace("week, ", "week\u2009, ")
    assert compared(told(AGENCY[1]), told(curly)).contained == 1.0


def test_a_common_phrase_is_not_a_shared_sentence() -> None:
    one = told("The mayor said at the end of the day that nobody would be sent away.")
    other = told("At the end of the day the orchard was sold to a cider maker from the coast.")
    assert compared(one, other).here == frozenset()


def test_what_both_quote_is_told_from_what_both_print() -> None:
    words = "we will open the gates again when the wall is safe and not one hour before that"
    one = told(f'"{words.capitalize()}," the engineer said.', AGENCY[0])
    other = told(f"In the evening the district's engineer spoke: “{words}.”", AGENCY[0])
    copying = compared(one, other)
    assert copying.here == {1}
    assert copying.quoted == {0}
    assert copying.unquoted < copying.contained


def test_shared_text_far_down_is_known_to_begin_there() -> None:
    copying = compared(told(*POOL[9:15], *AGENCY[:2]), told(*AGENCY, outlet="Ellery 31"))
    assert copying.begins > 0.6


@given(texts, texts)
def test_sharing_is_mutual(one: str, other: str) -> None:
    here = compared(told(one), told(other))
    there = compared(told(other), told(one))
    assert here.here == there.there
    assert here.there == there.here
    assert here.contained == there.contained
    assert here.unquoted == there.unquoted


@given(texts, st.lists(st.sampled_from(POOL[9:]), max_size=4))
def test_noise_around_a_text_takes_no_shared_sentence_away(text: str, noise: list[str]) -> None:
    plain = compared(told(text), told(*AGENCY))
    noisy = compared(told("\n".join([*noise, text, *noise])), told(*AGENCY))
    assert len(noisy.there) == len(plain.there)


@given(texts)
def test_an_article_shares_every_long_sentence_with_its_copy(text: str) -> None:
    copying = compared(told(text), told(text, outlet="Ellery 31"))
    assert copying.contained == 1.0
    assert copying.here | copying.quoted == copying.there | copying.quoted
