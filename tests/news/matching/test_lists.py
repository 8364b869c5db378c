"""What `check` says about the lists of a watchlist."""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.matching.implying import Known, contradict, implies
from news.matching.language import list_warnings
from news.matching.parsing import parse
from news.nouns import PriorityRules, Watchlist
from tests.news.matching.newsroom import a_watchlist, clauses


@pytest.mark.parametrize(
    ("watchlist", "line", "what"),
    [
        (
            a_watchlist("sanctuary city", "jail", never=("sanctuary",)),
            "sanctuary city",
            "this line finds nothing: never leaves all of it out, by: sanctuary",
        ),
        (
            a_watchlist("jail", all=("county sheriff",), never=("sheriff OR court",)),
            "county sheriff",
            "this line finds nothing: never leaves all of it out, by: sheriff OR court",
        ),
        (
            a_watchlist("jail AND lang:es", all=("lang:en",)),
            "jail AND lang:es",
            "this line finds nothing: every article must also have: lang:en",
        ),
        (
            a_watchlist("jail", all=("source:kind=news", "source:kind=opinion")),
            "source:kind=opinion",
            "nothing is ever found: no article also has: source:kind=news",
        ),
        (a_watchlist("jail", "sheriff", "jail"), "jail", "this line is there already"),
        (
            a_watchlist("jail", "sheriff AND lang:es", languages=("en", "fr")),
            "sheriff AND lang:es",
            "this line finds nothing: the watchlist reads en, fr only",
        ),
        (
            a_watchlist("jail", languages=("en",), priority=PriorityRules(high=clauses("jail AND lang:es"))),
            "jail AND lang:es",
            "this line finds nothing: the watchlist reads en only",
        ),
    ],
)
def test_a_list_that_defeats_itself_gets_a_warning(watchlist: Watchlist, line: str, what: str) -> None:
    [(clause, warning)] = list_warnings(watchlist)
    assert (clause.text, warning.what) == (line, what)
    assert (warning.start, warning.end) == (0, len(line))
    assert warning.write


def test_lists_that_work_together_get_no_warning() -> None:
    plain = a_watchlist("sanctuary city", "jail AND lang:es", all=("county",), never=("animal sanctuary",))
    assert list_warnings(plain) == ()
    assert list_warnings(replace(plain, languages=("en", "es"))) == ()


@pytest.mark.parametrize(
    "line",
    [
        " AND ".join(f"w{number}" for number in range(200)),
        " AND ".join(f"(a{number} OR b{number})" for number in range(110)),
        "jail" + "".join(f" AND NOT (x{number} AND y{number})" for number in range(80)),
    ],
)
def test_the_longest_lines_are_held_against_each_other_in_a_limited_number_of_steps(line: str) -> None:
    one, other, known = parse(line), parse(f"({line}) AND other"), Known(steps=1000)
    assert not contradict(one, other, known)
    assert not implies(one, other, known)
    assert known.steps < 0
    assert len(known.implied) + len(known.apart) <= 1000
    assert contradict(parse("jail"), parse(f"({line}) AND NOT jails"))
