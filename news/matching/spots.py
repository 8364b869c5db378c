"""Where on a page do these words stand?

A spot finds spans: words, rows of words, one of several, two near each other. The work for one spot grows
with how often its words stand on the page, and with nothing else: see `reach` for those within others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from news.matching.inflection import singular, stem
from news.matching.page import Page, Scope, Span, surface
from news.matching.reach import Reach, either, one_after_the_other, reach_of, side_by_side, tightest
from news.text import fold_word


class Spot(Protocol):
    """Something that stands at places."""

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return where it stands within the scope, in order, none twice.

        Of several spans with one end in common the shortest will do, so long as no beginning and no end of
        the others is left out.
        """
        ...

    def reach(self, page: Page, scope: Scope) -> Reach:
        """Return all spans within the scope."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """One word and how it is compared."""

    kind: Literal["stem", "plural", "exact", "case", "prefix"]
    # Folded; for "case", as printed.
    word: str

    def places(self, page: Page) -> Sequence[int]:
        """Return where on the page the word stands."""
        if self.kind == "stem":
            return page.places(stem(self.word, page.article.language))
        if self.kind == "prefix":
            return page.prefixed(self.word)
        # Written alike, read alike: the word stands among those of its stem.
        printed_as = _WRITTEN[self.kind]
        alike = page.places(stem(fold_word(self.word), page.article.language))
        wanted = singular(self.word) if self.kind == "plural" else self.word
        return [place for place in alike if printed_as(page.printed(place)) == wanted]


_WRITTEN: dict[str, Callable[[str], str]] = {
    "case": surface,
    "exact": fold_word,
    "plural": lambda word: singular(fold_word(word)),
}


@dataclass(frozen=True, slots=True)
class Run:
    """Words side by side, in one of several ways to write them."""

    ways: tuple[tuple[Term, ...], ...]

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return where the words stand side by side."""
        if len(self.ways) == 1 == len(self.ways[0]):
            return [Span(at, at + 1) for at in self.ways[0][0].places(page) if scope.start <= at < scope.end]
        found = [span for way in self.ways for span in _side_by_side(way, page, scope)]
        return found if len(self.ways) == 1 else _in_order(found)

    def reach(self, page: Page, scope: Scope) -> Reach:
        """Return the same spans."""
        return reach_of(self.spans(page, scope))


def _side_by_side(way: tuple[Term, ...], page: Page, scope: Scope) -> Iterable[Span]:
    columns = []
    for term in way:
        places = term.places(page)
        if not places:
            return
        columns.append(places)
    rarest = min(range(len(columns)), key=lambda at: len(columns[at]))
    for place in columns[rarest]:
        start = place - rarest
        span = Span(start, start + len(way))
        if span.start < scope.start or span.end > scope.end:
            continue
        if all(_holds(column, start + at) for at, column in enumerate(columns) if at != rarest) and all(
            page.joined(at) for at in range(start + 1, span.end)
        ):
            yield span


def _holds(places: Sequence[int], place: int) -> bool:
    at = bisect_left(places, place)
    return at < len(places) and places[at] == place


@dataclass(frozen=True, slots=True)
class Chain:
    """Spots side by side."""

    parts: tuple[Spot, ...]

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return the shortest of its spans."""
        return tightest(self.reach(page, scope))

    def reach(self, page: Page, scope: Scope) -> Reach:
        """Return where the parts follow each other without a break."""
        reached = self.parts[0].reach(page, scope)
        for part in self.parts[1:]:
            if not reached:
                return {}
            reached = side_by_side(reached, part.reach(page, scope), page)
        return reached


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of several spots."""

    parts: tuple[Spot, ...]

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return where one of the parts stands."""
        return _in_order(span for part in self.parts for span in part.spans(page, scope))

    def reach(self, page: Page, scope: Scope) -> Reach:
        """Return the spans of all parts."""
        return either(part.reach(page, scope) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Close:
    """Two spots at most so many words apart."""

    left: Spot
    right: Spot
    distance: int
    ordered: bool

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return what reaches from one to its nearest neighbor on each side."""
        left = self.left.spans(page, scope)
        right = self.right.spans(page, scope) if left else []
        found = list(self._after(left, right))
        if not self.ordered:
            found += self._after(right, left)
        return _in_order(found)

    def _after(self, first: list[Span], second: list[Span]) -> Iterable[Span]:
        """Yield pairs with the second one after the first and not too far."""
        starts = [span.start for span in second]
        for span in first:
            at = bisect_left(starts, span.end)
            if at < len(second) and starts[at] < span.end + self.distance:
                yield Span(span.start, second[at].end)

    def reach(self, page: Page, scope: Scope) -> Reach:
        """Return what reaches from one to the other, every pair of them."""
        left = self.left.reach(page, scope)
        right = self.right.reach(page, scope) if left else {}
        after = one_after_the_other(left, right, self.distance)
        if self.ordered:
            return after
        return either((after, one_after_the_other(right, left, self.distance)))


def _in_order(spans: Iterable[Span]) -> list[Span]:
    return sorted(set(spans))
