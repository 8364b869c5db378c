"""What does a watchlist look for, made ready to be asked thousands of times?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from news.errors import QueryError
from news.matching.conditions import Condition, Hits
from news.matching.page import Page, Scope
from news.matching.parsing import parse
from news.matching.plan import plan
from news.matching.query import Query
from news.matching.spots import Anchors, best, together
from news.nouns import Article, Clause, Priority, Watchlist


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a watchlist, read."""

    clause: Clause
    query: Query
    condition: Condition
    # Words of which one must be on the page for the line to hold; None: no word is needed.
    anchors: Anchors

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return where the line holds, or None; most lines are done after a look at their anchors."""
        if self.anchors is not None and not page.has_one_of(self.anchors):
            return None
        return self.condition.hits(page, scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A watchlist, every line of it read."""

    watchlist: Watchlist
    any: tuple[Line, ...]
    all: tuple[Line, ...]
    never: tuple[Line, ...]
    # What sets the priority, in the order in which it is asked: urgent, low, high.
    priority: tuple[tuple[Priority, Line], ...]

    def anchors(self) -> Anchors:
        """Return words of which at least one is on every page that can match; None: any page may."""
        one_of_any = (together(line.anchors for line in self.any),) if self.any else ()
        return best((*one_of_any, *(line.anchors for line in self.all)))


def compile_watchlist(watchlist: Watchlist) -> Compiled:
    """Read every line of a watchlist.

    Raises:
        QueryError: for the first line that cannot be read, with its file and line as a note.
    """
    rules = watchlist.priority
    ordered = ((Priority.URGENT, rules.urgent), (Priority.LOW, rules.low), (Priority.HIGH, rules.high))
    return Compiled(
        watchlist=watchlist,
        any=_lines(watchlist.any),
        all=_lines(watchlist.all),
        never=_lines(watchlist.never),
        priority=tuple((priority, line) for priority, clauses in ordered for line in _lines(clauses)),
    )


def _lines(clauses: Sequence[Clause]) -> tuple[Line, ...]:
    return tuple(map(_line, clauses))


def _line(clause: Clause) -> Line:
    try:
        query = parse(clause.text)
    except QueryError as error:
        error.add_note(f'{clause.where or "watchlist"}: "{clause.text}"')
        raise
    condition = plan(query)
    return Line(clause=clause, query=query, condition=condition, anchors=condition.anchors())


@lru_cache(maxsize=16)
def page_of(article: Article) -> Page:
    """Return the article as the matcher sees it, kept while the watchlists take turns with it."""
    return Page(article)
