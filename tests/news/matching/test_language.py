"""Reading a line of a watchlist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.errors import QueryError
from news.matching.language import parse, warnings, written
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
    is_place,
)

SANCTUARY, CITY, LAW = Words(text="sanctuary"), Words(text="city"), Words(text="law")


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("detainer", Words(text="detainer")),
        ("sanctuary city", Row(parts=(SANCTUARY, CITY))),
        ("sanctuary (city OR law)", Row(parts=(SANCTUARY, Either(parts=(CITY, LAW))))),
        ('"Section 1373"', Words(text="Section 1373", exact=True)),
        ("“Section 1373”", Words(text="Section 1373", exact=True)),
        ("=ICE", Words(text="ICE", case=True)),
        ('="Port Ellery"', Words(text="Port Ellery", exact=True, case=True)),
        ("detain*", Words(text="detain", prefix=True)),
        ("287(g)", Words(text="287(g)")),
        ("(287(g) OR 501(c)(3))", Either(parts=(Words(text="287(g)"), Words(text="501(c)(3)")))),
        ("§1373", Words(text="§1373")),
        ("sanctuary city & law", Row(parts=(SANCTUARY, CITY, LAW))),
        ("city: law", Row(parts=(Words(text="city:"), LAW))),
        ("city AND law OR sanctuary", Either(parts=(Every(parts=(CITY, LAW)), SANCTUARY))),
        ("city NOT law", Every(parts=(CITY, Not(part=LAW)))),
        ("city AND NOT law", Every(parts=(CITY, Not(part=LAW)))),
        ("city NEAR/5 law", Near(left=CITY, right=LAW, distance=5)),
        ("city ONEAR/5 law", Near(left=CITY, right=LAW, distance=5, ordered=True)),
        ("title:city", InField(field="title", part=CITY)),
        ("Title: sanctuary city", InField(field="title", part=Row(parts=(SANCTUARY, CITY)))),
        ("source:ledger", Is(field="source", key="id", value="ledger")),
        ("source:kind=opinion", Is(field="source", key="kind", value="opinion")),
        ('source:kind="court ruling"', Is(field="source", key="kind", value="court ruling")),
        ("url:/sports/?a=1", Is(field="url", value="/sports/?a=1")),
        ("about:city", Graded(grade="about", part=CITY)),
        ("mentions: sanctuary city", Graded(grade="mentions", part=Row(parts=(SANCTUARY, CITY)))),
        ("ATLEAST/3(city OR law)", AtLeast(number=3, part=Either(parts=(CITY, LAW)))),
    ],
)
def test_a_line_means_what_its_signs_say(line: str, query: Query) -> None:
    assert parse(line) == query


def test_source_names_may_share_a_parenthesis() -> None:
    one, other = Is(field="source", key="id", value="ledger"), Is(field="source", key="kind", value="opinion")
    assert parse("source:(ledger OR kind=opinion)") == Either(parts=(one, other))


def test_a_word_knows_where_it_stands_in_the_line() -> None:
    query = parse("title:\u00a0(  “county jail” )")
    assert isinstance(query, InField)
    assert isinstance(query.part, Words)
    assert "title:\u00a0(  “county jail” )"[query.part.start : query.part.end] == "“county jail”"


@pytest.mark.parametrize(
    ("line", "marked", "what", "write"),
    [
        (
            "(=ICE NEAR/15 (jail OR sheriff)",
            "(",
            "this parenthesis is never closed",
            ") at the end of the line",
        ),
        ("jail)", ")", "this parenthesis closes nothing", "( before it, or take it out"),
        ("jail ()", "()", "there is nothing between these parentheses", "words between them"),
        ('"county jail', '"', "this quotation mark is never closed", '" at the end of the words'),
        ("jail AND", "AND", "AND needs words on both sides", 'words after it, or "AND" if you mean the word'),
        ("OR jail", "OR", "OR needs words on both sides", "words before it, or take it out"),
        ("=ICE NEAR jail", "NEAR", "NEAR needs a number of words", "NEAR/15"),
        ("=ICE near/15 jail", "near/15", "near/15 is not a sign here", "NEAR/15"),
        ("=ICE w/15 jail", "w/15", "w/15 is not a sign here", "NEAR/15"),
        ("jail NEAR/0 ICE", "NEAR/0", "NEAR/0 is out of range: 1 to 100", "NEAR/1"),
        ("jail || sheriff", "||", "|| is not a sign here", "OR"),
        ("sanctuary -animal", "-animal", "- before a word does not take it out", "NOT animal"),
        ("titel:jail", "titel", 'there is no part of an article called "titel"', "title:"),
        ("jail title:ICE", "title:", "title: cannot stand side by side with words", "AND between the two"),
        (
            "a* jail",
            "a*",
            "a* would find too much: a star needs at least 3 letters before it",
            "more of the word",
        ),
        ("det*ner", "det*ner", "a star can only stand at the end of a word", "det*"),
        (
            "NOT jail",
            "NOT jail",
            "this line only says what must not be there",
            "it under never:, without NOT",
        ),
        ("jail OR NOT ICE", "jail OR NOT ICE", "OR NOT finds nearly every article", "AND NOT"),
        (
            "source:colour=red",
            "source:colour=red",
            'a source has no "colour"',
            "source:kind=red or source:group=red",
        ),
        (
            "https://ledger.test/a",
            "https://ledger.test/a",
            "an address is not found as words",
            "url:ledger.test/a",
        ),
        ("jail NEAR/five ICE", "NEAR/five", "NEAR/five needs a number of words", "NEAR/15"),
        ("jail NEAR5 ICE", "NEAR5", "NEAR5 is not a sign here", "NEAR/5"),
        ("jail PRE/3 ICE", "PRE/3", "PRE/3 is not a sign here", "ONEAR/3"),
        ("ATLEAST(jail)", "ATLEAST", "ATLEAST needs a number of times", "ATLEAST/3"),
        ("ATLEAST/500(jail)", "ATLEAST/500", "ATLEAST/500 is out of range: 1 to 100", "ATLEAST/100"),
        (
            "ATLEAST/2(jail AND ICE)",
            "ATLEAST/2",
            "ATLEAST/2 can only count words, phrases and (one OR another)",
            "ATLEAST/2(words)",
        ),
        ("jail (ICE|DHS)", "ICE|DHS", "| is not a sign here", "(ICE OR DHS)"),
        ("+jail ICE", "+jail", "+ before a word does not make it a must", "AND jail"),
        ("title :jail", ":jail", "a colon belongs right after the name of a part", "title:jail"),
        ("title=jail", "title=jail", "title=jail is not read here", "title:jail"),
        ("/jails?/", "/jails?/", "patterns are not read here", "the words, or a beginning: jails*"),
        ("wom?n", "wom?n", "? does not stand for a letter", "both words: (woman OR …)"),
        ("[jail]", "[jail]", "only round parentheses are read here", "( and )"),
        ("jail~2", "jail~2", "words that are only like jail are not looked for", "jail"),
        (
            '"county jail"~5',
            "~5",
            "~5 after quotation marks is not a sign here",
            "NEAR/5 between the words",
        ),
        (
            '"detain*"',
            '"detain*"',
            "a star has no effect in quotation marks, which mean exactly these words",
            "the word without quotation marks: detain*",
        ),
        (
            "=Detain*",
            "=Detain*",
            "= keeps capitals and * takes any ending: they do not go together",
            "Detain*, or =Detain",
        ),
        ("= ICE", "=", "= belongs right before a word", "=ICE"),
        ("title:title:jail", "title:", "title: cannot hold title:", "AND between the two"),
        ("about:title:jail", "about:", "about: cannot hold title:", "AND between the two"),
        ("NOT NOT jail", "NOT", "NOT stands twice", "it once"),
        ("jail NOT", "NOT", "NOT needs words after it", 'words after it, or "NOT" if you mean the word'),
        ("title: AND jail", "title:", "title: needs words after it", "words after it"),
        ("source:kind=", "source:kind=", "source: needs a name", "source:name"),
        (
            "source:(ledger AND kind=opinion)",
            "AND",
            "source: takes names with OR between them",
            "source:(one OR another)",
        ),
        (
            "a NEAR/100 b NEAR/100 c NEAR/100 d NEAR/100 e NEAR/100 f NEAR/100 g",
            "NEAR/100",
            "with this NEAR the line reaches over more than 500 words",
            "smaller numbers, or AND between the two",
        ),
        (
            "(jail AND ICE) NEAR/5 x",
            "NEAR/5",
            "NEAR/5 can only stand between words, phrases and (one OR another)",
            "AND between the two, or a line for each",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_write(
    line: str, marked: str, what: str, write: str
) -> None:
    with pytest.raises(QueryError) as refused:
        parse(line)
    error = refused.value
    assert (line[error.start : error.end], error.what, error.write) == (marked, what, write)


def test_an_empty_line_and_a_thousand_parentheses_are_refused_in_words() -> None:
    for line in ("", "  ", "—", '""', "(" * 1000 + "a" + ")" * 1000, "a " * 2000):
        with pytest.raises(QueryError):
            parse(line)


words = st.builds(
    Words,
    text=st.sampled_from(
        ["sanctuary", "ICE", "287(g)", "so-called", "SB25-276", "§1373", "U.S.", "l'état", "and"]
    ),
    case=st.booleans(),
) | st.builds(
    Words,
    text=st.sampled_from(["county jail", "OR", "Section 1373"]),
    exact=st.just(True),
    case=st.booleans(),
)
prefixes = st.builds(Words, text=st.just("detain"), prefix=st.just(True))
properties = st.builds(
    Is,
    field=st.just("source"),
    key=st.sampled_from(["id", "kind"]),
    value=st.sampled_from(["ledger", "court ruling"]),
) | st.builds(Is, field=st.sampled_from(["url", "lang"]), value=st.sampled_from(["/a(b)", "es"]))


def parts_of(kind: type[Query], parts: st.SearchStrategy[Query]) -> st.SearchStrategy[tuple[Query, ...]]:
    """Two or more parts, none of the same kind: those would be one when read back."""
    return st.lists(parts.filter(lambda part: not isinstance(part, kind)), min_size=2, max_size=3).map(tuple)


def larger_places(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    return st.one_of(
        st.builds(Row, parts=parts_of(Row, inner)),
        st.builds(Either, parts=parts_of(Either, inner)),
        st.builds(Near, left=inner, right=inner, distance=st.integers(1, 100), ordered=st.booleans()),
    )


places = st.recursive(words | prefixes, larger_places, max_leaves=5)


def larger_queries(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    return st.one_of(
        st.builds(Either, parts=parts_of(Either, inner)),
        st.builds(Every, parts=parts_of(Every, inner | st.builds(Not, part=inner))),
    )


fields = st.builds(InField, field=st.sampled_from(["title", "lead", "body", "author"]), part=places)
grades = st.builds(Graded, grade=st.sampled_from(["about", "mentions"]), part=places)
counts = st.builds(AtLeast, number=st.integers(1, 100), part=places)
queries = st.recursive(places | fields | grades | counts | properties, larger_queries, max_leaves=6)


@given(queries)
def test_a_query_reads_back_as_it_is_written(query: Query) -> None:
    line = written(query)
    try:
        again = parse(line)
    except QueryError as error:
        assert "NOT" in error.what + error.write  # noqa: PT017 (only lines that say no more than NOT are refused)
    else:
        assert again == query
        assert written(again) == line
        assert is_place(again) == is_place(query)
        warnings(line)


SIGNS = [" AND ", " OR ", " NOT ", " NEAR/5 ", "title:", "source:", "about:", "287(g)", "ATLEAST/2"]
LETTERS = 'abICE()"“”*=-+/:|&!?~[,;§ .\t\u00a0\u2026'
LINES = st.lists(st.sampled_from([*LETTERS, *SIGNS]), max_size=25).map("".join)


@given(LINES | st.text(max_size=30))
def test_any_line_is_read_or_refused_with_a_place_in_it(line: str) -> None:
    try:
        query = parse(line)
    except QueryError as error:
        told = 0 <= error.start < error.end <= max(len(line), error.start + 1) and error.what and error.write
        assert told
    else:
        assert parse(written(query)) == query
        assert all(0 <= each.start <= each.end <= len(line) for each in warnings(line))
