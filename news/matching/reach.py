"""From where to where does it reach, for everything that stands on a page at once?

Of "a NEAR/9 b NEAR/9 c" every a with every b can be needed to find a c: on a page of nothing but a and b
those are very many pairs. So they are not listed: for each length, the places where something of that length
begins are the bits of one number, and a step costs a few operations on such numbers, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from news.matching.page import Page, Span
from news.matching.places import bits, places_of

# Length in words → where something of that length begins, as bits.
Reach = dict[int, int]


def reach_of(spans: Iterable[Span]) -> Reach:
    """Return where the spans reach."""
    starts: dict[int, list[int]] = {}
    for start, end in spans:
        starts.setdefault(end - start, []).append(start)
    return {length: bits(places) for length, places in starts.items()}


def either(reaches: Iterable[Reach]) -> Reach:
    """Return where one of them reaches."""
    united: Reach = {}
    for reach in reaches:
        for length, starts in reach.items():
            united[length] = united.get(length, 0) | starts
    return united


def side_by_side(left: Reach, right: Reach, page: Page) -> Reach:
    """Return where both together reach, the second right after the first."""
    together: Reach = {}
    for long, starts in left.items():
        ends = starts << long
        for more, begins in right.items():
            touching = page.joined_at(ends & begins)
            if touching:
                together[long + more] = together.get(long + more, 0) | touching >> long
    return together


def one_after_the_other(first: Reach, second: Reach, distance: int) -> Reach:
    """Return where both together reach, the second less than `distance` words after the first."""
    # Words from the end of the first to the end of the second → where the first would have to end.
    onward = either({gap + long: starts >> gap} for long, starts in second.items() for gap in range(distance))
    together: Reach = {}
    for long, starts in first.items():
        ends = starts << long
        for more, places in onward.items():
            both = ends & places
            if both:
                together[long + more] = together.get(long + more, 0) | both >> long
    return together


def tightest(reach: Reach) -> list[Span]:
    """Return the shortest span from each place where one begins, and to each where one ends, in order."""
    return sorted(_tightest(reach))


def _tightest(reach: Reach) -> Iterator[Span]:
    begun = ended = 0
    for long in sorted(reach):
        starts, ends = reach[long], reach[long] << long
        for place in places_of((starts & ~begun) | (ends & ~ended) >> long):
            yield Span(place, place + long)
        begun, ended = begun | starts, ended | ends
