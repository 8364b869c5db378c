"""Does a query hold for an article, and where?

A test answers with hits: which part of the query stood where. None means that it does not hold; no hits
means that it holds without words to show for it (NOT).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from news.matching.page import Page, Scope, Span, pages
from news.matching.query import AtLeast, InField, Is
from news.matching.reach import tightest
from news.matching.spots import Spot
from news.text import fold


@dataclass(frozen=True, slots=True)
class Mark:
    """A property of the article that a query asked for: characters [start, end) of it."""

    field: Literal["url", "author", "source"]
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a query holds: where it stands."""

    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()


Hits = tuple[Hit, ...]


class Condition(Protocol):
    """Something that holds for an article or does not."""

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return where it holds, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Stands:
    """Words stand somewhere."""

    spot: Spot

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return all their spans."""
        return page.once(self) if scope is page.everywhere else self._hits(page, scope)

    def find(self, page: Page) -> Hits | None:
        """Return all their spans on the whole page."""
        return self._hits(page, page.everywhere)

    def _hits(self, page: Page, scope: Scope) -> Hits | None:
        spans = self.spot.spans(page, scope)
        return (Hit(tuple(spans)),) if spans else None


@dataclass(frozen=True, slots=True)
class Times:
    """Words stand at least so many times; overlapping spans count once."""

    query: AtLeast
    spot: Spot

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return all their spans when there are enough."""
        spans = tightest(self.spot.reach(page, scope))
        apart = sum(1 for _ in disjoint(spans))
        return (Hit(tuple(spans)),) if apart >= self.query.number else None


def disjoint(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans in order, leaving out those that overlap one already yielded."""
    end = -1
    for span in spans:
        if span.start >= end:
            yield span
            end = span.end


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return the hits of all parts together."""
        found: list[Hit] = []
        for part in self.parts:
            hits = part.hits(page, scope)
            if hits is None:
                return None
            found += hits
        return tuple(found)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return the hits of every part that holds."""
        held = [hits for part in self.parts if (hits := part.hits(page, scope)) is not None]
        return tuple(hit for hits in held for hit in hits) if held else None


@dataclass(frozen=True, slots=True)
class NoneOf:
    """A part does not hold."""

    part: Condition

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return nothing to show, or None when the part holds."""
        return () if self.part.hits(page, scope) is None else None


@dataclass(frozen=True, slots=True)
class Within:
    """A part holds in one field."""

    query: InField
    part: Condition

    def hits(self, page: Page, scope: Scope) -> Hits | None:  # noqa: ARG002 (a field is a scope of its own)
        """Return the hits within the field."""
        match self.query.field:
            case "title":
                return self.part.hits(page, page.title)
            case "lead":
                return self.part.hits(page, page.lead)
            case "body":
                return self.part.hits(page, page.everywhere)
            case "author":
                return self._by_author(page)

    def _by_author(self, page: Page) -> Hits | None:
        [byline] = pages([replace(page.article, title=byline_of(page), text="")])
        hits = self.part.hits(byline, byline.title)
        if hits is None:
            return None
        return tuple(Hit(marks=tuple(_author_marks(byline, hit.spans))) for hit in hits)


def byline_of(page: Page) -> str:
    """Return the authors as one line: what `author:` reads."""
    return ", ".join(page.article.authors)


def _author_marks(byline: Page, spans: Iterable[Span]) -> Iterator[Mark]:
    for span in spans:
        seen = byline.where(span)
        yield Mark("author", seen.words, seen.start, seen.end)


@dataclass(frozen=True, slots=True)
class Has:
    """The article has a property."""

    query: Is

    def hits(self, page: Page, scope: Scope) -> Hits | None:  # noqa: ARG002 (properties stand nowhere)
        """Return the property itself."""
        article, wanted = page.article, fold(self.query.value)
        match self.query.field:
            case "url":
                at = article.address.casefold().find(self.query.value.casefold())
                end = at + len(self.query.value)
                mark = Mark("url", article.address[at:end], at, end)
                return (Hit(marks=(mark,)),) if at >= 0 else None
            case "lang":
                spoken = fold(article.language)
                return (Hit(),) if spoken == wanted or spoken.startswith(f"{wanted}-") else None
            case "source":
                held = next((value for value in self._values(page) if value and fold(value) == wanted), None)
                return (Hit(marks=(Mark("source", held, 0, len(held)),)),) if held else None

    def _values(self, page: Page) -> tuple[str, ...]:
        article = page.article
        if self.query.key == "group":
            return (article.group,)
        if self.query.key == "kind":
            return (article.kind,)
        return (article.source_id, article.outlet)
