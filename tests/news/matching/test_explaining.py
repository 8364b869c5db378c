"""Why did I get this, and why not?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from news.matching.compiled import compile_watchlist
from news.matching.explaining import Explanation, Part, explain
from news.matching.spoken import spoken
from news.nouns import Article, PriorityRules, SourceChoice, Watchlist
from tests.news.matching.newsroom import a_watchlist, an_article, clauses, matched


def explained(watchlist: Watchlist, article: Article) -> Explanation:
    return explain(article, compile_watchlist(watchlist))


def test_a_story_left_out_names_the_word_under_never() -> None:
    watchlist = a_watchlist("sanctuary", never=("church concert", "animal sanctuary"))
    answer = explained(watchlist, an_article("The animal sanctuary."))
    assert (answer.outcome, answer.reason) == ("never", "left out, because of never: animal sanctuary")
    assert [line.clause.text for line in answer.held("never")] == ["animal sanctuary"]
    assert answer.held("never")[0].part.evidence[0].words == "animal sanctuary"


def test_each_way_to_miss_has_its_sentence() -> None:
    article = an_article("The jail.", language="es")
    for watchlist, reason in [
        (a_watchlist("sheriff"), "none of its words are in the article"),
        (a_watchlist("jail", all=("county",)), "left out, because it must also have: county"),
        (
            a_watchlist("jail", sources=SourceChoice(only=("x",))),
            "the watchlist does not look at Port Ellery Ledger",
        ),
        (
            a_watchlist("jail", languages=("en",)),
            'the article is in the language "es", which the watchlist leaves out',
        ),
    ]:
        answer = explained(watchlist, article)
        assert answer.match is None
        assert answer.reason == reason


def test_a_line_is_answered_part_by_part() -> None:
    line = "=ICE NEAR/15 (jail OR sheriff) AND NOT title:horse race"
    answer = explained(a_watchlist(line), an_article("ICE asked the sheriff."))
    assert answer.outcome == "matched"
    assert _tree(answer.lines[0].part) == [
        (0, '"ICE" near ("jail" or "sheriff") but not "horse race" in the headline', True),
        (1, '"ICE" near ("jail" or "sheriff")', True),
        (2, '"ICE"', True),
        (2, '"jail" or "sheriff"', True),
        (3, '"jail"', False),
        (3, '"sheriff"', True),
        (1, 'not "horse race" in the headline', True),
        (2, '"horse race" in the headline', False),
        (3, "horse race", False),
    ]


def _tree(part: Part, depth: int = 0) -> list[tuple[int, str, bool]]:
    return [
        (depth, part.said, part.held),
        *(each for inner in part.parts for each in _tree(inner, depth + 1)),
    ]


def test_priority_rules_are_explained_where_they_read() -> None:
    rules = PriorityRules(high=clauses("court"), low=clauses("source:kind=opinion"))
    text = "The council of Port Ellery met on Tuesday night to vote on the jail once more.\nThe court waits."
    answer = explained(a_watchlist("jail", priority=rules), an_article(text))
    assert not answer.failed("any")
    assert [line.clause.text for line in answer.failed("high")] == ["court"]
    assert [line.clause.text for line in answer.failed("low")] == ["source:kind=opinion"]


@given(
    st.lists(st.sampled_from(["jail", "sheriff AND ice", "title:jail", "ATLEAST/2(ice)", "jail NEAR/3 ice"])),
    st.lists(st.sampled_from(["county", "lang:en"]), max_size=1),
    st.lists(st.sampled_from(["horse", "NOT ice AND jail"]), max_size=1),
    st.lists(st.sampled_from(["jail", "ice", "sheriff", "county", "horse"])).map(" ".join),
)
def test_an_explanation_says_what_the_matcher_does(
    any_: list[str], all_: list[str], never: list[str], text: str
) -> None:
    watchlist = a_watchlist(*any_, all=tuple(all_), never=tuple(never))
    article = an_article(text, title=text[:9])
    answer = explained(watchlist, article)
    assert answer.match == matched(watchlist, article)
    assert (answer.outcome == "matched") == (answer.match is not None)
    if answer.outcome == "never":
        assert answer.held("never")
    if answer.outcome == "missing":
        assert answer.failed("all")
    if answer.outcome == "nothing":
        assert not answer.held("any")


def test_lines_read_as_words_to_people_who_never_wrote_one() -> None:
    for line, said in {
        "sanctuary city": "sanctuary city",
        '"Section 1373"': "Section 1373",
        "=ICE NEAR/15 jail": '"ICE" near "jail"',
        "287(g)": "287(g)",
        "detain*": '"detain…"',
        "sanctuary (policy OR law)": '"sanctuary" ("policy" or "law")',
        "jail ONEAR/5 ICE": '"jail" shortly before "ICE"',
        "a AND NOT title:b": '"a" but not "b" in the headline',
        "ATLEAST/3(jail)": '"jail" at least 3 times',
        "source:kind=opinion": 'from a source of the kind "opinion"',
        "source:ledger OR url:/jail/": 'from "ledger" or "/jail/" in the address',
        "lang:es AND author:desk": 'in the language "es" and "desk" among the authors',
        "(never closed": "(never closed",
    }.items():
        assert spoken(line) == said
