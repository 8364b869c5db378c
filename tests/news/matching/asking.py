"""Random lines of a watchlist and random articles that have something to do with each other."""

from __future__ import annotations

from hypothesis import strategies as st

from news.matching.query import AtLeast, Either, Every, Graded, InField, Is, Near, Not, Query, Row, Words
from news.nouns import Article
from tests.news.matching.newsroom import an_article

LANGUAGES = ("en", "es", "en-us", "")
_WORDS = """
    sanctuary sanctuaries city cities policy ICE ice I.C.E. jail jails detainer detained man women child
    children ciudad ciudades juez jueces Bogotá Bogota O'Brien O\u2019Brien's OBrien 1,000 1000 287(g)
    287 §1373 1373 U.S.C. AT&T e-mail email SB25-276 so-called U.S. US us café \u043c\u044d\u0440 市 移民
    don't ﬁnd find
"""
VOCABULARY = _WORDS.split()
NOISE = (
    "\u00a0",
    " ",
    "\u201c",
    "\u201d ",
    ". ",
    "\n",
    "\u00ad",
    ", ",
    " \u2014 ",
    "-",
    "\u200b",
    "; ",
    "/",
    "*",
    "\u0301",
)

words = st.builds(
    Words, text=st.sampled_from(VOCABULARY), exact=st.booleans(), case=st.booleans()
) | st.builds(
    Words,
    text=st.sampled_from(["detain", "sanct", "ciuda", "SB25", "\u043c\u044d\u0440"]),
    prefix=st.just(True),
)


def _pairs(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[tuple[Query, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


places = st.recursive(
    words,
    lambda inner: st.one_of(
        st.builds(Row, parts=_pairs(inner)),
        st.builds(Either, parts=_pairs(inner)),
        st.builds(Near, left=inner, right=inner, distance=st.integers(1, 6), ordered=st.booleans()),
    ),
    max_leaves=4,
)
queries = st.recursive(
    places
    | st.builds(InField, field=st.sampled_from(["title", "lead", "body", "author"]), part=places)
    | st.builds(Graded, grade=st.sampled_from(["about", "mentions"]), part=places)
    | st.builds(AtLeast, number=st.integers(1, 3), part=places)
    | st.builds(Is, field=st.just("source"), key=st.just("id"), value=st.sampled_from(["ledger", "channel4"]))
    | st.builds(Is, field=st.just("lang"), value=st.sampled_from(["en", "es"])),
    lambda inner: st.one_of(
        st.builds(Either, parts=_pairs(inner)),
        st.builds(lambda one, other: Every(parts=(one, Not(part=other))), inner, inner),
        st.builds(Every, parts=_pairs(inner)),
    ),
    max_leaves=4,
)
texts = st.lists(st.sampled_from(VOCABULARY) | st.sampled_from(NOISE), max_size=16).map(
    lambda pieces: " ".join(pieces).replace(" - ", "-").replace(" \u200b ", "\u200b")
) | st.text(max_size=20)
articles: st.SearchStrategy[Article] = st.builds(
    an_article,
    texts,
    title=texts,
    language=st.sampled_from(LANGUAGES),
    source_id=st.sampled_from(["ledger", "channel4"]),
    authors=st.sampled_from([(), ("Ellery desk",), ("ICE desk", "Jail desk")]),
)
