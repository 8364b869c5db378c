"""Two watchlists that say the same are found, by their lines and by their stories."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.matching.compiled import compile_watchlist
from news.matching.matcher import match
from news.matching.overlap import by_lines, by_stories
from news.nouns import SourceChoice, Watchlist
from tests.news.matching.newsroom import a_watchlist, an_article

MANY = tuple(f"sanctuary word{number}" for number in range(10))


def named(name: str, *lines: str, **fields: object) -> Watchlist:
    """Return a watchlist of this name."""
    return replace(a_watchlist(*lines, **fields), id=name, name=name)  # type: ignore[arg-type]  # its own fields


def told(*watchlists: Watchlist) -> list[tuple[str, str, str]]:
    """Return what is found by lines: which, within which, how."""
    return [(found.one.id, found.other.id, found.how) for found in by_lines(watchlists)]


def test_a_watchlist_whose_lines_all_stand_in_another_is_within_it() -> None:
    jail, city = named("jail", "detainer", "=ICE"), named("city", "sanctuary", "=ICE", "Detainer")
    assert told(jail, city) == told(city, jail) == [("jail", "city", "within")]


def test_two_watchlists_of_the_same_lines_are_the_same() -> None:
    assert told(named("a", "detainer", "jail"), named("b", "jail", "  detainer ")) == [("a", "b", "same")]


def test_nine_of_ten_lines_are_nearly_all() -> None:
    one, other = named("one", *MANY[:9], "jail"), named("other", *MANY, "sheriff", "prison")
    assert told(one, other) == [("one", "other", "mostly")]
    (found,) = by_lines([one, other])
    assert (found.common, found.of) == (9, 10)


@pytest.mark.parametrize(
    "other",
    [
        named("other", "detainer", "sanctuary", all=("jail",)),
        named("other", "detainer", "sanctuary", languages=("es",)),
        named("other", "detainer", "sanctuary", sources=SourceChoice(groups=("denver",))),
        named("other", '"detainer"', "sanctuary"),
        named("other", "=detainer", "sanctuary"),
        replace(named("other", "detainer"), enabled=False),
    ],
    ids=["all", "languages", "sources", "exact", "capitals", "paused"],
)
def test_a_watchlist_that_lets_less_through_has_not_all_of_another(other: Watchlist) -> None:
    assert told(named("one", "detainer"), other) == []


def test_lines_under_never_of_the_larger_one_make_it_nearly_all() -> None:
    other = named("other", "detainer", "sanctuary", never=("animal sanctuary",))
    assert told(named("one", "detainer"), other) == [("one", "other", "mostly")]


def test_a_line_that_cannot_be_read_is_no_reason_to_stop() -> None:
    assert told(named("a", '"jail', "detainer"), named("b", "detainer", "city")) == [("a", "b", "within")]


def test_watchlists_that_caught_the_same_stories_are_found() -> None:
    one, other = named("one", "jail"), named("other", "sheriff")
    stories = {"one": set(range(10)), "other": set(range(1, 30))}
    (found,) = by_stories([one, other], stories)
    assert (found.one.id, found.other.id, found.common, found.of) == ("one", "other", 9, 10)
    assert [
        each.how for each in by_stories([one, other], {"one": stories["one"], "other": set(range(10))})
    ] == ["same"]


def test_a_handful_of_stories_proves_nothing() -> None:
    assert not list(by_stories([named("a", "x"), named("b", "y")], {"a": {1, 2, 3, 4}, "b": {1, 2, 3, 4}}))


def test_fewer_than_nine_of_ten_stories_are_no_overlap() -> None:
    stories = {"a": set(range(10)), "b": set(range(2, 40))}
    assert not list(by_stories([named("a", "x"), named("b", "y")], stories))


def test_a_thousand_watchlists_with_one_line_in_common_are_not_compared_two_by_two() -> None:
    many = [named(f"w{number}", "the same line", f"line{number}") for number in range(1000)]
    assert list(by_lines(many)) == []


@given(st.lists(st.frozensets(st.integers(0, 24), min_size=5), min_size=2, max_size=6))
def test_stories_are_compared_as_if_every_two_watchlists_were_held_against_each_other(
    caught: list[frozenset[int]],
) -> None:
    watchlists = [named(f"w{number}", "x") for number in range(len(caught))]
    stories = {each.id: caught[number] for number, each in enumerate(watchlists)}
    found = {frozenset((each.one.id, each.other.id)) for each in by_stories(watchlists, stories)}
    smaller = {
        frozenset((one, other)): min(len(stories[one]), len(stories[other]))
        for one, other in combinations(stories, 2)
    }
    assert found == {
        pair
        for pair, few in smaller.items()
        if 10 * len(frozenset.intersection(*(stories[each] for each in pair))) >= 9 * few
    }


def test_a_thousand_watchlists_with_the_same_stories_end_after_so_many_pairs() -> None:
    many = [named(f"w{number}", "x") for number in range(1000)]
    assert len(list(by_stories(many, {each.id: {1, 2, 3, 4, 5} for each in many}, most=50))) == 50


LINES = st.lists(
    st.sampled_from(["jail", "=ICE", "ice", '"jail"', "detainer", "jail NEAR/3 ice"]), max_size=4
)
TEXTS = st.lists(st.sampled_from("jail ice ICE detainers Jails the".split()), min_size=1).map(" ".join)  # noqa: SIM905


@given(LINES, LINES, LINES, LINES, TEXTS)
def test_what_is_within_another_catches_nothing_that_the_other_does_not(
    one: list[str], other: list[str], never: list[str], others: list[str], text: str
) -> None:
    left, right = named("a", *one, never=tuple(never)), named("b", *other, never=tuple(others))
    for found in by_lines([left, right]):
        article = an_article(text, title=text)
        if found.how != "mostly" and match(article, compile_watchlist(found.one)):
            assert match(article, compile_watchlist(found.other))
