"""The matcher against one that tries everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.matching.index import compiled_all
from news.matching.query import AtLeast, Either, Every, InField, Near, Not, Query, Row, Words, written
from tests.news.matching.newsroom import a_watchlist, an_article, matched

VOCABULARY = [
    "sanctuary",
    "city",
    "cities",
    "policy",
    "policies",
    "ICE",
    "ice",
    "detainer",
    "detained",
    "jail",
]
PLAIN = {"cities": "city", "policies": "policy"}

words = st.builds(Words, text=st.sampled_from(VOCABULARY), exact=st.booleans(), case=st.booleans())
prefixes = st.builds(Words, text=st.just("detain"), prefix=st.just(True))


def _pairs(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[tuple[Query, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


places = st.recursive(
    words | prefixes,
    lambda inner: st.one_of(
        st.builds(Row, parts=_pairs(inner)),
        st.builds(Either, parts=_pairs(inner)),
        st.builds(Near, left=inner, right=inner, distance=st.integers(1, 6), ordered=st.booleans()),
    ),
    max_leaves=4,
)
queries = st.recursive(
    places
    | st.builds(InField, field=st.sampled_from(["title", "body"]), part=places)
    | st.builds(AtLeast, number=st.integers(1, 3), part=places),
    lambda inner: st.one_of(
        st.builds(Either, parts=_pairs(inner)),
        st.builds(lambda one, other: Every(parts=(one, Not(part=other))), inner, inner),
        st.builds(Every, parts=_pairs(inner)),
    ),
    max_leaves=4,
)
texts = st.lists(st.sampled_from([*VOCABULARY, "rain", "the"]), max_size=14)


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
    return PLAIN.get(word, word).lower() == PLAIN.get(words.text, words.text).lower()


def _holds(query: Query, fields: list[list[str]]) -> bool:
    match query:
        case Every():
            return all(_holds(part, fields) for part in query.parts)
        case Not():
            return not _holds(query.part, fields)
        case InField():
            return _holds(query.part, fields[:1] if query.field == "title" else fields)
        case AtLeast():
            return sum(_apart(_places(query.part, there)) for there in fields) >= query.number
        case Either():
            return any(_holds(part, fields) for part in query.parts)
        case _:
            return any(_places(query, there) for there in fields)


def _apart(spans: set[tuple[int, int]]) -> int:
    end = count = 0
    for start, stop in sorted(spans):
        if start >= end:
            end, count = stop, count + 1
    return count


@given(queries, texts, texts)
def test_the_matcher_and_its_index_agree_with_trying_everything(
    query: Query, title: list[str], text: list[str]
) -> None:
    article = an_article(" ".join(text), title=" ".join(title))
    watchlist = a_watchlist(written(query))
    held = _holds(query, [title, text])
    assert (matched(watchlist, article) is not None) == held
    candidates = compiled_all([watchlist]).candidates(article)
    assert candidates or not held


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
printed = st.lists(st.sampled_from([*VOCABULARY, "287(g)", "U.S.", "Bogot\u00e1"]) | noise, max_size=30).map(
    "".join
)


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
