"""Spans as bits against spans one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.matching.page import Span, page
from news.matching.places import bits, places_of
from news.matching.reach import Reach, either, one_after_the_other, reach_of, side_by_side, tightest
from tests.news.matching.newsroom import an_article

places = st.lists(st.integers(0, 300), unique=True, max_size=60).map(sorted)
_span = st.builds(lambda start, long: Span(start, start + long), st.integers(0, 30), st.integers(1, 6))
spans = st.sets(_span)


def listed(reach: Reach) -> set[Span]:
    return {Span(start, start + long) for long, starts in reach.items() for start in places_of(starts)}


@given(places)
def test_places_go_into_bits_and_come_out_again(there: list[int]) -> None:
    assert list(places_of(bits(there))) == there


@given(spans, spans, st.integers(1, 9))
def test_what_is_found_with_bits_is_what_is_found_one_by_one(
    left: set[Span], right: set[Span], distance: int
) -> None:
    read = page(an_article(" ".join("abcd"[at % 4] + "x" for at in range(60)), title=""))
    moved = read.text_start
    one, other = (reach_of(sorted(Span(a + moved, b + moved) for a, b in each)) for each in (left, right))
    assert listed(either([one, other])) == listed(one) | listed(other)
    assert listed(one_after_the_other(one, other, distance)) == {
        Span(a, d) for a, b in listed(one) for c, d in listed(other) if b <= c < b + distance
    }
    assert listed(side_by_side(one, other, read)) == {
        Span(a, d) for a, b in listed(one) for c, d in listed(other) if b == c
    }


@given(spans)
def test_the_tightest_spans_keep_every_beginning_and_every_end(there: set[Span]) -> None:
    tight = tightest(reach_of(sorted(there)))
    assert set(tight) <= there
    assert tight == sorted(set(tight))
    for span in there:
        assert any(each.start == span.start and each.end <= span.end for each in tight)
        assert any(each.end == span.end and each.start >= span.start for each in tight)


@pytest.mark.parametrize("number", [0, 1, 2**70])
def test_bits_far_from_each_other_are_found_too(number: int) -> None:
    assert bits(list(places_of(number))) == number
