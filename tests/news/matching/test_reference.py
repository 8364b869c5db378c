"""The matcher against one that tries everything."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.matching.compiled import Compiled, compile_watchlist, page_of
from news.matching.implying import contradict, implies
from news.matching.index import compiled_all
from news.matching.language import warnings
from news.matching.matcher import match
from news.matching.query import (
    AtLeast,
    Either,
    Every,
    Graded,
    InField,
    Is,
    Near,
    Not,
    Query,
    Row,
    Words,
    written,
)
from news.matching.sense import everything
from tests.news.matching.newsroom import a_watchlist, an_article, matched

# What an article may say, by language; the words of one row are forms of one word.
WORDS = {
    "en": """
        sanctuary sanctuaries
        city cities
        detain detains detained detaining
        detainer
        withhold withheld
        ICE ice ICEs iced
        jail
    """,
    "es": """
        santuario santuarios
        ciudad ciudades
        deportar deporta deportado deportaciones
        deporte
        detener detuvo
        ICE ice
        red
        redada redadas
    """,
}
FORMS = {language: [line.split() for line in rows.split("\n")] for language, rows in WORDS.items()}
WORD_OF = {word: row[0] for rows in FORMS.values() for row in rows for word in row}
VOCABULARY = {language: [word for row in rows for word in row] for language, rows in FORMS.items()}
BEGINNING = {"en": "detain", "es": "deport"}


def _pairs(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[tuple[Query, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


def places_in(language: str) -> st.SearchStrategy[Query]:
    """Words of a language, side by side, near each other, one or another."""
    words = st.builds(
        Words, text=st.sampled_from(VOCABULARY[language]), exact=st.booleans(), case=st.booleans()
    )
    return st.recursive(
        words | st.builds(Words, text=st.just(BEGINNING[language]), prefix=st.just(True)),
        lambda inner: st.one_of(
            st.builds(Row, parts=_pairs(inner)),
            st.builds(Either, parts=_pairs(inner)),
            st.builds(Near, left=inner, right=inner, distance=st.integers(1, 6), ordered=st.booleans()),
        ),
        max_leaves=4,
    )


def queries_in(language: str) -> st.SearchStrategy[Query]:
    """All that can be asked with the words of a language."""
    places = places_in(language)
    return st.recursive(
        places
        | st.builds(InField, field=st.sampled_from(["title", "lead", "body"]), part=places)
        | st.builds(Graded, grade=st.sampled_from(["about", "mentions"]), part=places)
        | st.builds(AtLeast, number=st.integers(1, 3), part=places)
        | st.builds(Is, field=st.just("lang"), value=st.sampled_from(["en", "es"])),
        lambda inner: st.one_of(
            st.builds(Either, parts=_pairs(inner)),
            st.builds(lambda one, other: Every(parts=(one, Not(part=other))), inner, inner),
            st.builds(Every, parts=_pairs(inner)),
        ),
        max_leaves=4,
    )


def texts_in(language: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([*VOCABULARY[language], "rain", "the"]), max_size=14)


class Seen(NamedTuple):
    """An article as the naive matcher sees it."""

    title: list[str]
    text: list[str]
    language: str


def _places(query: Query, there: list[str]) -> set[tuple[int, int]]:
    """Find a place by trying everything."""
    match query:
        case Words():
            return {(at, at + 1) for at, word in enumerate(there) if _same(query, word)}
        case Row():
            reached = _places(query.parts[0], there)
            for part in query.parts[1:]:
                reached = {(a, d) for a, b in reached for c, d in _places(part, there) if b == c}
            return reached
        case Either():
            return {span for part in query.parts for span in _places(part, there)}
        case Near():
            left, right = _places(query.left, there), _places(query.right, there)
            after = {(a, d) for a, b in left for c, d in right if b <= c < b + query.distance}
            before = {(a, d) for a, b in right for c, d in left if b <= c < b + query.distance}
            return after if query.ordered else after | before
    raise AssertionError(query)


def _same(words: Words, word: str) -> bool:
    if words.prefix:
        return word.startswith(words.text)
    if words.case:
        return word == words.text
    if words.exact:
        return word.lower() == words.text.lower()
    if words.text.isupper():
        return word.lower().removesuffix("s") == words.text.lower()
    return WORD_OF.get(word, word) == WORD_OF.get(words.text, words.text)


def _holds(query: Query, seen: Seen) -> bool:
    match query:
        case Every():
            return all(_holds(part, seen) for part in query.parts)
        case Either():
            return any(_holds(part, seen) for part in query.parts)
        case Not():
            return not _holds(query.part, seen)
        case InField():
            title = [] if query.field == "lead" else seen.title
            text = [] if query.field == "title" else seen.text
            return _holds(query.part, Seen(title, text, seen.language))
        case Is():
            return query.value == seen.language
        case _:
            return _stands(query, seen)


def _stands(query: Query, seen: Seen) -> bool:
    in_title, in_text = (_places(_place(query), there) for there in (seen.title, seen.text))
    times = _apart(in_text)
    if isinstance(query, AtLeast):
        return _apart(in_title) + times >= query.number
    if isinstance(query, Graded) and (in_title or in_text):
        # The text is one sentence, and so all of it the opening.
        often = times >= 3 or times * 250 >= len(seen.title) + len(seen.text)
        return (bool(in_title) or often) == (query.grade == "about")
    return bool(in_title or in_text)


def _place(query: Query) -> Query:
    return query.part if isinstance(query, AtLeast | Graded) else query


def _apart(spans: set[tuple[int, int]]) -> int:
    end = count = 0
    for start, stop in sorted(spans):
        if start >= end:
            end, count = stop, count + 1
    return count


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.slow
@given(st.data(), st.sampled_from([0, 0, 0, 300]))
def test_the_matcher_and_its_index_agree_with_trying_everything(
    language: str, data: st.DataObject, rain: int
) -> None:
    query = data.draw(queries_in(language))
    seen = Seen(data.draw(texts_in(language)), [*data.draw(texts_in(language)), *["rain"] * rain], language)
    article = an_article(" ".join(seen.text), title=" ".join(seen.title), language=language)
    watchlist = a_watchlist(written(query))
    held = _holds(query, seen)
    assert (matched(watchlist, article) is not None) == held
    candidates = compiled_all([watchlist]).candidates(article)
    assert candidates or not held


queries = queries_in("en")


@pytest.mark.slow
@given(queries, queries, texts_in("en"), texts_in("en"))
def test_what_is_said_to_follow_follows_and_what_is_said_to_contradict_does(
    one: Query, other: Query, title: list[str], text: list[str]
) -> None:
    seen = Seen(title, text, "en")
    if implies(one, other):
        assert _holds(other, seen) or not _holds(one, seen)
    if contradict(one, other):
        assert not (_holds(one, seen) and _holds(other, seen))


@given(queries, texts_in("en"))
def test_a_line_that_is_said_to_find_nothing_finds_nothing(query: Query, text: list[str]) -> None:
    if any(warning.what.endswith("finds nothing") for warning in warnings(written(query))):
        impossible = [part for part in everything(query) if isinstance(part, Every)]
        assert any(not _holds(part, Seen([], text, "en")) for part in impossible)


NOISE = [
    "\u00a0",
    " ",
    "\u201c",
    "\u201d ",
    "\u2019s ",
    ". ",
    "\n",
    "\u2026 ",
    "\u00ad",
    ", ",
    " \u2014 ",
    "\u200b",
]
noise = st.sampled_from(NOISE)
printed = st.lists(
    st.sampled_from([*VOCABULARY["en"], "287(g)", "U.S.", "Bogot\u00e1"]) | noise, max_size=30
).map("".join)


@given(queries, printed | st.text(max_size=30), printed)
def test_evidence_stands_where_it_says_in_the_article_as_it_came(query: Query, title: str, text: str) -> None:
    article = an_article(text, title=title)
    answer = matched(a_watchlist(written(query), "ice", "sanctuary city", "287(g)", "detain*"), article)
    for each in answer.evidence if answer else ():
        whole = article.title if each.field == "title" else article.text
        assert whole[each.start : each.end] == each.words != ""
        assert each.words in each.sentence
        assert each.sentence in whole


@given(printed, st.sampled_from(["\u200b", "\u00ad", "\u00a0 ", "\u201c"]))
def test_a_match_does_not_mind_the_noise_around_it(text: str, sign: str) -> None:
    clean = an_article(f"{text}\nThe sanctuary city.")
    noisy = an_article(f"{text}\nThe {sign}sanctuary{sign} city{sign}.")
    watchlist = a_watchlist('"sanctuary" city')
    assert bool(matched(watchlist, clean)) == bool(matched(watchlist, noisy)) is True


@pytest.mark.parametrize(
    "word", ["sanctuary city ", "jail. ", "\u2026", "287(g) ", "\u201c", "a", "sanctuary\n", "\u200b"]
)
def test_an_endless_article_is_matched_in_a_moment(word: str) -> None:
    watchlist = a_watchlist("ice NEAR/20 (jail OR ice)", "sanctuary city city")
    assert not matched(watchlist, an_article(word * (200_000 // len(word))))


def test_an_endless_article_of_nothing_but_hits_is_matched_too() -> None:
    answer = matched(
        a_watchlist("(ice NEAR/9 ice) NEAR/9 ice", "ATLEAST/100(ice)"), an_article("ice " * 8_000)
    )
    assert answer is not None
    assert answer.grade_reason == "in the first sentence; 8,000 times in 1 sentence"


TraceFunction = Callable[[FrameType, str, Any], Any]

NESTED = [
    "ice NEAR/99 ice NEAR/99 ice NEAR/99 ice NEAR/99 ice",
    "ice ONEAR/100 (ice OR ice ice) ONEAR/100 ice",
    "ATLEAST/100(ice NEAR/100 (ice OR jail ice))",
    "(ice OR ice ice OR ice ice ice) (ice OR ice ice) (ice OR ice ice)",
    "(ice* OR jail*) NEAR/50 (jail NEAR/50 ice*)",
    "about:(ice NEAR/99 ice NEAR/99 ice)",
]


@pytest.mark.parametrize("line", NESTED)
def test_a_text_ten_times_as_long_takes_about_ten_times_the_steps_however_a_line_is_nested(line: str) -> None:
    compiled = compile_watchlist(a_watchlist(line))
    short, long = (_steps(compiled, times) for times in (40, 400))
    assert long < 15 * short  # 100 and more if work grew with the square


def _steps(compiled: Compiled, times: int) -> int:
    """Return how many lines of Python are run for an article of so many hits."""
    article = an_article("ice jail, ice " * times)
    page_of.cache_clear()
    steps = 0

    def count(_: FrameType, event: str, __: Any) -> TraceFunction:  # noqa: ANN401 - Python's signature
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        match(article, compiled)
    finally:
        sys.settrace(before)
    return steps
