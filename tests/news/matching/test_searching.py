"""What an archive is asked for is never too little: every article that a query holds for is found."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news.matching.forms import STEM_OF as ENGLISH
from news.matching.inflection import stem
from news.matching.parsing import parse
from news.matching.query import Query, Words, written
from news.matching.searching import LONGEST, OVERLONG, AllOf, Key, OneOf, Wanted, every_word, keys, wanted
from news.matching.spanish import STEM_OF as SPANISH
from news.nouns import Article
from tests.news.matching.asking import LANGUAGES, articles, queries
from tests.news.matching.newsroom import a_watchlist, an_article, matched


def holds(asked: Wanted | None, filed: frozenset[str]) -> bool:
    """Answer as a database does that reads keys and nothing else."""
    match asked:
        case Key():
            return asked.text in filed or (asked.begins and any(key.startswith(asked.text) for key in filed))
        case AllOf():
            return all(holds(part, filed) for part in asked.parts)
        case OneOf():
            return any(holds(part, filed) for part in asked.parts)
        case None:
            return True


def is_found(line: str, article: Article) -> bool:
    """Say whether the first step of a search finds an article."""
    filed = frozenset(keys(article))
    return OVERLONG in filed or holds(wanted(parse(line)), filed)


@given(queries, articles)
@example(parse("ice"), an_article("I.C.E. agents"))
@example(parse("obrien"), an_article("O\u2019Brien\u2019s jail"))
@example(parse("1000 pages"), an_article("1,000 pages"))
def test_every_article_that_a_query_holds_for_is_among_those_found(query: Query, article: Article) -> None:
    line = written(query)
    if matched(a_watchlist(line), article) is not None:
        assert is_found(line, article)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("sanctuary city", "The sanctuary cities sued."),
        ('"sanctuary" city', "a \u201csanctuary\u201d city"),
        ("=ICE NEAR/5 jail", "ICE at the jail"),
        ("287(g)", "Section 287 (g) agreements"),
        ("287(g)", "287(g)-style agreements"),
        ("\u00a71373", "\u00a7 1373 and 1374"),
        ("8 U.S.C. 1373", "8 U.S.C. \u00a7 1373"),
        ("SB25-276", "Bill SB 25-276 passed"),
        ("SB 25-276", "SB25-276 passed"),
        ("e-mail", "an email to the mayor"),
        ("Bogot\u00e1", "the mayor of BOGOTA"),
        ("AT&T", "AT&T\u2019s lines"),
        ("U.S.", "the U.S. Senate"),
        ("=US", "the US Senate"),
        ("\u00e9tat", "l\u2019\u00e9tat de droit"),
        ("\u79fb\u6c11", "\u5927\u91cf\u79fb\u6c11\u52b3\u5de5"),
        ("\u043c\u044d\u0440", "\u041c\u044d\u0440 \u0433\u043e\u0440\u043e\u0434\u0430"),
        ("women", "A woman spoke."),
        ("woman", "Women spoke."),
        ("children", "The child waits."),
        ("policy", "Policies differ."),
        ("crisis", "One of two crises."),
        ("detain*", "Detainers are lodged."),
        ("ATLEAST/2(jail)", "Jail after jail."),
        ("body:(jail OR prison) AND title:mayor", "The prison waits."),
    ],
)
def test_however_a_word_is_printed_the_article_is_found(line: str, text: str) -> None:
    article = an_article(text, title="Mayor speaks")
    assert matched(a_watchlist(line), article) is not None
    assert is_found(line, article)
    assert not is_found(line, an_article("Oysters are thin this year.", title="Oyster season opens"))


@pytest.mark.parametrize("line", ["source:ledger", "author:(Ellery desk)", "url:/sports/", "lang:es"])
def test_what_is_no_word_of_the_page_asks_for_nothing(line: str) -> None:
    assert wanted(parse(line)) is None
    assert wanted(parse(f"jail AND {line}")) == wanted(parse("jail"))
    assert wanted(parse(f"jail OR {line}")) is None


def test_what_must_not_be_there_is_not_asked_for() -> None:
    assert wanted(parse("jail AND NOT oysters")) == wanted(parse("jail"))


_COMMON = """
    city policy detain agency bank church gas law boss hero tie vote plan deny ban release warn judge
    arrest raid crisis basis box bus day poll staff sheriff protect threaten open evening news isis
    emphasis woman deporta deportado deportaciones presencia presente residencia agencia juez vez luz
    lunes papel ley refugio redada universidad universo detiene orden ordenanza conciencia creciente
    existencia policia ciudad
"""
_ENDINGS = """
    s es ies y ed ied ing d r ers ces z men man e a as os o an en ente encia encias ado ados ida cion
    ciones ando iendo aron ar er ir amente idad logia ucion uciones ll lled lling
"""
WORDS = (*_COMMON.split(), *ENGLISH, *SPANISH)
ENDINGS = (*_ENDINGS.split(), "")


@given(
    st.sampled_from(WORDS) | st.text("abceghilmnorstuyz", min_size=2, max_size=7),
    st.sampled_from(WORDS),
    st.booleans(),
    st.sampled_from(ENDINGS),
    st.integers(0, 4),
    st.sampled_from(LANGUAGES),
)
def test_a_word_is_found_in_every_form_that_counts_as_one_with_it(
    word: str, other: str, is_other: bool, ending: str, cut: int, language: str
) -> None:
    printed = other if is_other else word[: len(word) - cut] + ending
    if printed and stem(printed, language) == stem(word, language):
        filed = frozenset(keys(an_article(printed, title="", language=language)))
        assert holds(wanted(Words(text=word)), filed)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_form_in_the_dictionary_is_found_by_every_other(language: str) -> None:
    forms: dict[str, list[str]] = {}
    for word in WORDS:
        for form in (word, *(word[: len(word) - cut] + ending for cut in (0, 1, 2) for ending in ENDINGS)):
            forms.setdefault(stem(form, language), []).append(form)
    for of_one_word in forms.values():
        asked = wanted(Words(text=of_one_word[0]))
        unfound = [form for form in of_one_word if form and not holds(asked, frozenset([form]))]
        assert not unfound, of_one_word[0]


def test_a_long_article_is_found_by_every_search() -> None:
    endless = an_article("word " * (LONGEST // 5) + "sanctuary", title="")
    assert is_found("sanctuary", endless)
    assert OVERLONG not in keys(an_article("sanctuary"))


def test_words_are_asked_for_together_and_signs_are_not() -> None:
    assert every_word("Mayor, mayor!") == Key("mayor")
    assert every_word("mayor 287") == AllOf((Key("mayor"), Key("n287")))
    assert every_word(" \u2026 ") is None


def test_the_keys_of_an_article_are_letters_and_digits_and_never_change_unnoticed() -> None:
    # What changes here needs a migration that files every article again, as v0003_search_keys does.
    text = (
        "ICE\u2019s 287(g) and \u00a71373: 1,000 pages at Bogot\u00e1\u2019s caf\u00e9, \u043c\u044d\u0440;"
        " SB25-276, so-called AT&T. I.C.E."
    )
    assert list(keys(an_article(text, title="Mayor skips Mayor"))) == [
        "mayor",
        "mayor",
        "skips",
        "ice",
        "ice",
        "n287",
        "x28gx29",
        "and",
        "section",
        "n1373",
        "n1000",
        "pages",
        "at",
        "bogota",
        "cafe",
        "x43cx44dx440",
        "sb25",
        "n276",
        "so",
        "called",
        "atx26t",
    ]
