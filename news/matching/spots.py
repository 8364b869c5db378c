"""Where on a page do these words stand?

A spot finds spans: words, rows of words, one of several, two near each other. The work for one spot grows
with how often its words stand on the page, and with nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from news.matching.page import Page, Scope, Span, surface
from news.matching.plurals import stem
from news.text import fold_word


class Spot(Protocol):
    """Something that stands at places."""

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return where it stands within the scope, in order, none twice."""
        ...

    def anchors(self) -> Anchors:
        """Return words of which at least one is on every page that this stands on."""
        ...


# Words by their stem, prefixes with a star; None: it may stand anywhere.
Anchors = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Term:
    """One word and how it is compared."""

    kind: Literal["stem", "exact", "case", "prefix"]
    # Folded; for "case", as printed.
    word: str

    def places(self, page: Page) -> Sequence[int]:
        """Return where on the page the word stands."""
        if self.kind == "stem":
            return page.stems.get(stem(self.word, page.article.language), ())
        if self.kind == "prefix":
            return page.prefixed(self.word)
        # Written alike, read alike: the word stands among those of its stem.
        printed_as = surface if self.kind == "case" else fold_word
        alike = page.stems.get(stem(fold_word(self.word), page.article.language), ())
        return [place for place in alike if printed_as(page.printed(place)) == self.word]

    def anchors(self) -> frozenset[str]:
        """Return what the index files this word under: its stems, one for each language it may be read in."""
        if self.kind == "prefix":
            return frozenset((f"{self.word}*",))
        word = self.word.casefold() if self.kind == "case" else self.word
        return frozenset((stem(word), stem(word, "es")))


@dataclass(frozen=True, slots=True)
class Run:
    """Words side by side, in one of several ways to write them."""

    ways: tuple[tuple[Term, ...], ...]

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return where the words stand side by side."""
        found = [span for way in self.ways for span in _side_by_side(way, page, scope)]
        return found if len(self.ways) == 1 else _in_order(found)

    def anchors(self) -> Anchors:
        """Return the longest word of each way: longer words are rarer."""
        longest = (max(way, key=lambda term: len(term.word)) for way in self.ways)
        return frozenset().union(*(term.anchors() for term in longest))


def _side_by_side(way: tuple[Term, ...], page: Page, scope: Scope) -> Iterable[Span]:
    columns = [term.places(page) for term in way]
    if not all(columns):
        return
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
        """Return where the parts follow each other without a break."""
        reached = self.parts[0].spans(page, scope)
        for part in self.parts[1:]:
            if not reached:
                return []
            ends: dict[int, list[int]] = {}
            for span in part.spans(page, scope):
                ends.setdefault(span.start, []).append(span.end)
            reached = [
                Span(span.start, end)
                for span in reached
                if span.end in ends and page.joined(span.end)
                for end in ends[span.end]
            ]
        return _in_order(reached)

    def anchors(self) -> Anchors:
        """Return the best anchors of one part: all parts must stand there."""
        return best(part.anchors() for part in self.parts)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Any of several spots."""

    parts: tuple[Spot, ...]

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return where one of the parts stands."""
        return _in_order(span for part in self.parts for span in part.spans(page, scope))

    def anchors(self) -> Anchors:
        """Return the anchors of all parts together: one of them is enough."""
        return together(part.anchors() for part in self.parts)


@dataclass(frozen=True, slots=True)
class Close:
    """Two spots at most so many words apart."""

    left: Spot
    right: Spot
    distance: int
    ordered: bool
    # Something outside needs every pair; else the nearest neighbor on each side is enough.
    every_pair: bool

    def spans(self, page: Page, scope: Scope) -> list[Span]:
        """Return what reaches from one to the other."""
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
            while at < len(second) and starts[at] < span.end + self.distance:
                yield Span(span.start, second[at].end)
                at += 1
                if not self.every_pair:
                    break

    def anchors(self) -> Anchors:
        """Return the better anchors of the two: both must stand there."""
        return best((self.left.anchors(), self.right.anchors()))


def _in_order(spans: Iterable[Span]) -> list[Span]:
    return sorted(set(spans))


def best(choices: Iterable[Anchors]) -> Anchors:
    """Return the fewest anchors on offer, the longest words among equals; None when nothing is anchored."""
    offered = [anchors for anchors in choices if anchors is not None]
    return min(offered, key=lambda anchors: (len(anchors), -min(map(len, anchors), default=0)), default=None)


def together(choices: Iterable[Anchors]) -> Anchors:
    """Return all anchors; None as soon as one choice has none."""
    united: frozenset[str] = frozenset()
    for anchors in choices:
        if anchors is None:
            return None
        united |= anchors
    return united
