"""Where on a page do these words stand?

A spot finds spans: words, rows of words, one of several, two near each other. The work for one spot grows
with how often its words stand on the page, and with nothing else: see `reach` for those within others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
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
        """Return where on the page the word stands; found once for all that ask for it."""
        return page.once(self)

    def find(self, page: Page) -> Sequence[int]:
        """Find its places."""
        match self.kind:
            case "stem":
                return page.with_stem(stem(self.word, page.article.language))
            case "exact":
                return page.reading(self.word)
            case "prefix":
                return page.prefixed(self.word)
            case "case":
                alike = page.reading(fold_word(self.word))
                return [place for place in alike if surface(page.printed(place)) == self.word]
            case "plural":
                # In singular and plural alike, read alike: the word stands among those of its stem.
                alike = page.with_stem(stem(self.word, page.article.language))
                wanted = singular(self.word)
                return [place for place in alike if singular(page.word(place)) == wanted]


@dataclass(frozen=True, slots=True)
class Run:
    """Words side by side, in one of several ways to write them."""

    ways: tuple[tuple[Term, ...], ...]

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return where the words stand side by side."""
        return page.once(self) if scope is page.everywhere else self._spans(page, scope)

    def find(self, page: Page) -> list[Span]:
        """Find its spans on the whole page."""
        return self._spans(page, page.everywhere)

    def _spans(self, page: Page, scope: Scope) -> list[Span]:
        if len(self.ways) == 1 == len(self.ways[0]):
            first, last = scope
            return [Span(at, at + 1) for at in self.ways[0][0].places(page) if first <= at < last]
        found = [span for way in self.ways for span in _side_by_side(way, page, scope)]
        return found if len(self.ways) == 1 else _in_order(found)

    def reach(self, page: Page, scope: Scope) -> Reach:
        """Return the same spans."""
        return reach_of(self.spans(page, scope))


def _side_by_side(way: tuple[Term, ...], page: Page, scope: Scope) -> Iterable[Span]:
    starts: Sequence[int] | set[int] = way[0].places(page)
    for at, term in enumerate(way[1:], 1):
        if not starts:
            return
        starts = {place - at for place in term.places(page)}.intersection(starts)
    for start in sorted(starts):
        end = start + len(way)
        if scope.start <= start and end <= scope.end and all(map(page.joined, range(start + 1, end))):
            yield Span(start, end)


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
