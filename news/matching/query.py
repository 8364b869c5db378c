"""What can a line of a watchlist say? The abstract syntax tree, and how it is written.

    sanctuary (policy OR law)     Row(Words, Either(Words, Words))
    =ICE NEAR/15 jail             Near(Words, Words)
    a AND NOT title:b             Every(Words, Not(InField(Words)))
    about:sanctuary city          Graded(Row(Words, Words))

`written` writes a tree so that `parse` reads the same tree again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

TextField = Literal["title", "lead", "body", "author"]
ValueField = Literal["source", "url", "lang"]
GradeField = Literal["about", "mentions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One word, or several as a unit: `jail`, `"county jail"`, `=ICE`, `detain*`, `SB25-276`."""

    # As written, without the signs below.
    text: str
    # In quotation marks: in this form only.
    exact: bool = False
    # After "=": these capitals only.
    case: bool = False
    # Before "*": any ending.
    prefix: bool = False
    # Where it stands in the line; no part of what it means.
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Things that stand side by side."""

    parts: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Two things at most so many words apart; `ordered`: the left one first."""

    left: Place
    right: Place
    distance: int
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """At least one of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """All of these."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """Not this."""

    part: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class InField:
    """This, in one part of the article only: `title:`, `lead:`, `body:` (everything), `author:`."""

    field: TextField
    part: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """This, as the main topic of the article (`about:`), or in passing only (`mentions:`)."""

    grade: GradeField
    part: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """A property of the article: `source:ledger`, `source:kind=opinion`, `url:/sports/`, `lang:es`."""

    field: ValueField
    value: str
    # For source: "id", "group" or "kind".
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """This, so many times."""

    number: int
    part: Place


# What stands somewhere in a text, and can therefore be side by side or near.
Place = Words | Row | Near | Either
Query = Words | Row | Near | Either | Every | Not | InField | Graded | Is | AtLeast

_OR, _AND, _NOT, _NEAR, _ROW, _WORD = range(6)  # how tightly each binds


def is_place(query: Query) -> bool:
    """Say whether a query stands somewhere, so that something can be next to it."""
    match query:
        case Words():
            return True
        case Row() | Either():
            return all(is_place(part) for part in query.parts)
        case Near():
            return is_place(query.left) and is_place(query.right)
        case _:
            return False


def written(query: Query) -> str:
    """Return the line that says this query."""
    return _written(query)[0]


def _written(query: Query) -> tuple[str, int]:
    match query:
        case Words():
            return _words(query), _WORD
        case Row():
            return " ".join(_in(part, _WORD) for part in query.parts), _ROW
        case Near():
            sign = f"{'O' if query.ordered else ''}NEAR/{query.distance}"
            return f"{_in(query.left, _NEAR)} {sign} {_in(query.right, _ROW)}", _NEAR
        case Either():
            return " OR ".join(_in(part, _AND) for part in query.parts), _OR
        case Every():
            return " AND ".join(_in(part, _NOT) for part in query.parts), _AND
        case _:
            return _signed(query)


def _signed(query: Not | InField | Graded | Is | AtLeast) -> tuple[str, int]:
    match query:
        case Not():
            return f"NOT {_in(query.part, _NEAR)}", _NOT
        case AtLeast():
            return f"ATLEAST/{query.number}({written(query.part)})", _ROW
        case InField():
            return f"{query.field}:{_in(query.part, _WORD)}", _ROW
        case Graded():
            return f"{query.grade}:{_in(query.part, _WORD)}", _ROW
        case Is():
            key = f"{query.key}=" if query.key not in ("", "id") else ""
            plain = not any(character.isspace() or character in '()"=' for character in query.value)
            return f"{query.field}:{key}{query.value if plain else _quoted(query.value)}", _ROW


def _in(query: Query, binding: int) -> str:
    text, own = _written(query)
    return text if own >= binding else f"({text})"


def _words(words: Words) -> str:
    text = _quoted(words.text) if words.exact else words.text
    return f"{'=' if words.case else ''}{text}{'*' if words.prefix else ''}"


def _quoted(text: str) -> str:
    return f'"{text}"'
