"""A text cut at its spaces has the words of the whole text, where they stand."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news.matching import cutting
from news.matching.chunks import MOST_LONG, Strip, cut_alike
from news.matching.index import compiled_all
from news.matching.inflection import stem
from news.matching.page import page, surface
from news.text import WORD, fold_word, normalized
from tests.news.matching.newsroom import a_watchlist, an_article

PIECES = (
    *("a", "g", "s", "e", "1", "28", "city", "Cities", "U.S.", "USC", "don't", "AT&T", "l'\u00e9tat"),
    *("(", ")", "(g)", "(a)(1)", "\u00a7", ",", ".", ":", ";", "-", "--", "\u2014", "\u2019", "\u201c"),
    *("\u2026", "\u00ad", "\u200b", "\u0301", "\u00a8", "\u24a2", "\u7acb", "\u1161", "\uff9e", "\ufb01"),
)
SPACES = [" ", " ", " ", "  ", "\n", "\t", "\u00a0", "\u2800", "\u2028", "\x1f", "\x85", "\x1c", "\u3000"]


def _strip(text: str, language: str = "en") -> Strip:
    known, [cut] = cut_alike([text], language)
    return Strip(text, known, cut)


texts = st.lists(st.sampled_from([*PIECES, *SPACES]), max_size=16).map("".join) | st.text(max_size=30)


@given(texts)
@example("287 (g)")
@example("287\n(g)")
@example("287 \u200b(g)")
@example("a\x1fb c")
def test_the_words_between_spaces_are_the_words_of_the_text(text: str) -> None:
    plain = normalized(text)
    found = list(WORD.finditer(plain.text))
    known, [cut] = cut_alike([text], "en")
    strip = Strip(text, known, cut)
    stems, words = known.stem_words, known.folded_words
    assert [stems[each] for each in cut.stems] == [stem(fold_word(word[0]), "en") for word in found]
    assert [words[each] for each in cut.folded] == [fold_word(word[0]) for word in found]
    assert [strip.word(number) for number in range(len(strip))] == [word[0] for word in found]


@given(texts)
def test_each_word_knows_its_characters_and_what_stands_before_it(text: str) -> None:
    plain = normalized(text)
    found = list(WORD.finditer(plain.text))
    strip = _strip(text)
    for number, word in enumerate(found):
        start, end = strip.span(number)
        assert word[0] in normalized(text[start:end]).text
        before = found[number - 1].end() if number else 0
        assert strip.gap(number) == plain.text[before : word.start()] or not number


@given(texts, st.integers(0, 40))
def test_the_first_word_from_a_character_is_found(text: str, character: int) -> None:
    strip = _strip(text)
    starts = [strip.span(number)[0] for number in range(len(strip))]
    later = (number for number, start in enumerate(starts) if start >= character)
    assert strip.first_from(character) == next(later, len(starts))


@given(texts)
def test_a_word_printed_alike_has_the_same_stem(text: str) -> None:
    for word in WORD.findall(normalized(text).text):
        assert fold_word(surface(word) or word) == fold_word(word)
        assert fold_word(fold_word(word) or word) == fold_word(word)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "..."])
def test_a_text_without_words_has_none(text: str) -> None:
    assert len(_strip(text)) == 0
    assert _strip(text, "es").first_from(0) == 0


def test_chunks_that_would_stand_in_one_place_of_the_table_are_told_apart() -> None:
    known, chunks = cutting.Known(), [f"w{number}" for number in range(3_000)]
    for number, chunk in enumerate(chunks):
        known.add(chunk, number)
    found, _ = cutting.cut([" ".join([*chunks, "w"])], known, lambda chunk: -len(chunk))
    assert found.tolist() == [*range(3_000), -1]


def test_more_chunks_than_are_kept_begin_anew_and_pages_before_stay_as_they_are() -> None:
    before = page(an_article("A sanctuary city."))
    beyond = " ".join(f"{number}x{'y' * 60}" for number in range(MOST_LONG // 60))
    assert page(an_article(beyond)).known is before.known
    after = page(an_article("A sanctuary city."))
    assert after.known is not before.known
    assert list(before.folded_words) == list(after.folded_words)
    index = compiled_all([a_watchlist("sanctuar* AND city", "sanctuary city")])
    assert index.candidates(before.article)
