"""What does a watchlist look for, made ready to be asked thousands of times?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from news.errors import QueryError
from news.matching.conditions import Condition, Hits
from news.matching.page import Page, Scope, page
from news.matching.parsing import parse
from news.matching.plan import plan
from news.matching.query import Query
from news.nouns import Article, Clause, Priority, SourceChoice, Watchlist


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a watchlist, read."""

    clause: Clause
    condition: Condition

    @property
    def query(self) -> Query:
        """What the line says; read again when asked, for a hundred thousand lines take room."""
        return parse(self.clause.text)

    def hits(self, page: Page, scope: Scope) -> Hits | None:
        """Return where the line holds, or None."""
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
    # Whether it leaves out articles by their source or their language.
    chooses: bool


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
        chooses=bool(watchlist.languages) or watchlist.sources != SourceChoice(),
    )


def _lines(clauses: Sequence[Clause]) -> tuple[Line, ...]:
    return tuple(map(_line, clauses))


def _line(clause: Clause) -> Line:
    try:
        query = parse(clause.text)
    except QueryError as error:
        error.add_note(f'{clause.where or "watchlist"}: "{clause.text}"')
        raise
    return Line(clause=clause, condition=plan(query))


@lru_cache(maxsize=16)
def page_of(article: Article) -> Page:
    """Return the article as the matcher sees it, kept while the watchlists take turns with it."""
    return page(article)
