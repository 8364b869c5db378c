"""Why did a watchlist catch an article, and why not? Line by line, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from news.matching.compiled import Compiled, Line, page_of
from news.matching.matcher import evidence, looks_at, match, speaks
from news.matching.page import Page, Scope
from news.matching.plan import plan
from news.matching.query import AtLeast, Either, Every, Graded, InField, Near, Not, Query, Row, Words, written
from news.matching.spoken import spoken_query
from news.nouns import Article, Clause, Evidence, Match, Priority

Role = Literal["any", "all", "never", "urgent", "high", "low"]
Outcome = Literal["matched", "source", "language", "nothing", "missing", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a line: does it hold, and where?"""

    # As it would be written in a watchlist, and in readers' words.
    text: str
    said: str
    held: bool
    evidence: tuple[Evidence, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """A line of the watchlist and its answer."""

    role: Role
    clause: Clause
    part: Part

    @property
    def held(self) -> bool:
        """Whether the line holds."""
        return self.part.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a watchlist says to an article, all of it."""

    watchlist_id: str
    article_id: int
    outcome: Outcome
    # A sentence a person can read: "left out, because of never: animal sanctuary".
    reason: str
    match: Match | None
    lines: tuple[LineAnswer, ...]

    def held(self, role: Role) -> tuple[LineAnswer, ...]:
        """Return the lines of one kind that hold."""
        return tuple(line for line in self.lines if line.role == role and line.held)

    def failed(self, role: Role) -> tuple[LineAnswer, ...]:
        """Return the lines of one kind that do not hold."""
        return tuple(line for line in self.lines if line.role == role and not line.held)


def explain(article: Article, compiled: Compiled) -> Explanation:
    """Return what every line of the watchlist says to the article, and what follows from it."""
    page = page_of(article)
    lines = tuple(_answers(page, compiled))
    found = match(article, compiled)
    outcome = "matched" if found else _why_not(article, compiled, lines)
    return Explanation(
        watchlist_id=compiled.watchlist.id,
        article_id=article.id,
        outcome=outcome,
        reason=_said(outcome, article, lines, found),
        match=found,
        lines=lines,
    )


_RULES: dict[Priority, Role] = {Priority.URGENT: "urgent", Priority.HIGH: "high", Priority.LOW: "low"}


def _answers(page: Page, compiled: Compiled) -> Iterator[LineAnswer]:
    roles: tuple[tuple[Role, tuple[Line, ...]], ...] = (
        ("any", compiled.any),
        ("all", compiled.all),
        ("never", compiled.never),
    )
    for role, lines in roles:
        for line in lines:
            yield LineAnswer(
                role=role, clause=line.clause, part=_part(page, line, line.query, page.everywhere)
            )
    for priority, line in compiled.priority:
        part = _part(page, line, line.query, page.top)
        yield LineAnswer(role=_RULES[priority], clause=line.clause, part=part)


def _part(page: Page, line: Line, query: Query, scope: Scope) -> Part:
    hits = plan(query).hits(page, scope)
    inner = _scope(page, query, scope)
    return Part(
        text=written(query),
        said=spoken_query(query),
        held=hits is not None,
        evidence=tuple(evidence(page, line, hits or ())),
        parts=tuple(_part(page, line, part, inner) for part in _parts(query)),
    )


def _scope(page: Page, query: Query, scope: Scope) -> Scope:
    if isinstance(query, Graded):
        return page.everywhere
    if not isinstance(query, InField):
        return scope
    return {"title": page.title, "lead": page.lead}.get(query.field, page.everywhere)


def _parts(query: Query) -> tuple[Query, ...]:
    """Return what a query is made of, where that can be asked on its own."""
    match query:
        case Row() | Either() | Every():
            return (
                ()
                if all(isinstance(part, Words) for part in query.parts) and isinstance(query, Row)
                else query.parts
            )
        case Near():
            return (query.left, query.right)
        case InField(field="author"):
            return ()
        case Not() | InField() | Graded() | AtLeast():
            return (query.part,)
        case _:
            return ()


def _why_not(article: Article, compiled: Compiled, lines: tuple[LineAnswer, ...]) -> Outcome:
    if not looks_at(compiled.watchlist.sources, article):
        return "source"
    if not speaks(compiled.watchlist, article):
        return "language"
    wanted = [line.held for line in lines if line.role == "any"]
    if not any(wanted) and (wanted or not compiled.all):
        return "nothing"
    return "never" if all(line.held for line in lines if line.role == "all") else "missing"


def _said(outcome: Outcome, article: Article, lines: tuple[LineAnswer, ...], found: Match | None) -> str:
    def first(role: Role, *, held: bool) -> str:
        return next((each.clause.text for each in lines if each.role == role and each.held is held), "")

    sentences = {
        "source": f"the watchlist does not look at {article.outlet}",
        "language": f'the article is in the language "{article.language}", which the watchlist leaves out',
        "nothing": "none of its words are in the article",
        "missing": f"left out, because it must also have: {first('all', held=False)}",
        "never": f"left out, because of never: {first('never', held=True)}",
    }
    return found.grade_reason if found else sentences[outcome]
