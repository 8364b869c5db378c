"""How does a line of a watchlist read to somebody who has never written one?

=ICE NEAR/15 jail          →  "ICE" near "jail"
sanctuary city             →  sanctuary city
a AND NOT title:b          →  "a" but not "b" in the headline
"""

from __future__ import annotations

from news.errors import QueryError
from news.matching.parsing import parse
from news.matching.query import AtLeast, Either, Every, Graded, InField, Is, Near, Not, Query, Row, Words

_FIELDS = {
    "title": "in the headline",
    "lead": "in the opening paragraph",
    "body": "anywhere in the article",
    "author": "among the authors",
}
_GRADES = {"about": "as the main topic", "mentions": "as a passing mention"}
_LOOSE, _TIGHT = range(2)


def spoken(line: str) -> str:
    """Return a line in readers' words; as it is, when it cannot be read."""
    try:
        query = parse(line)
    except QueryError:
        return line
    return query.text if isinstance(query, Words) and not query.prefix else spoken_query(query)


def spoken_query(query: Query) -> str:
    """Return a query in readers' words."""
    if isinstance(query, Row) and all(isinstance(part, Words) for part in query.parts):
        return _bare(query)
    return _said(query, _LOOSE)


def _said(query: Query, binding: int) -> str:
    match query:
        case Words():
            return f'"{_bare(query)}"'
        case Row():
            plain = all(isinstance(part, Words) for part in query.parts)
            return f'"{_bare(query)}"' if plain else " ".join(_said(part, _TIGHT) for part in query.parts)
        case Near():
            sign = "shortly before" if query.ordered else "near"
            return f"{_said(query.left, _TIGHT)} {sign} {_said(query.right, _TIGHT)}"
        case Either():
            return _grouped(" or ".join(_said(part, _TIGHT) for part in query.parts), binding)
        case Every():
            return _grouped(_every(query), binding)
        case _:
            return _about(query)


def _about(query: Not | InField | Graded | Is | AtLeast) -> str:
    match query:
        case Not():
            return f"not {_said(query.part, _TIGHT)}"
        case InField():
            return f"{_said(query.part, _TIGHT)} {_FIELDS[query.field]}"
        case Graded():
            return f"{_said(query.part, _TIGHT)} {_GRADES[query.grade]}"
        case AtLeast():
            return f"{_said(query.part, _TIGHT)} at least {query.number} times"
        case Is():
            return _property(query)


def _every(query: Every) -> str:
    said = ""
    for part in query.parts:
        negated = isinstance(part, Not)
        joint = (" but " if negated else " and ") if said else ""
        said += joint + _said(part, _TIGHT)
    return said


def _property(query: Is) -> str:
    if query.field == "url":
        return f'"{query.value}" in the address'
    if query.field == "lang":
        return f'in the language "{query.value}"'
    if query.key == "kind":
        return f'from a source of the kind "{query.value}"'
    return f'from the group "{query.value}"' if query.key == "group" else f'from "{query.value}"'


def _bare(query: Words | Row) -> str:
    if isinstance(query, Row):
        return " ".join(_bare(part) for part in query.parts if isinstance(part, Words))
    return f"{query.text}…" if query.prefix else query.text


def _grouped(said: str, binding: int) -> str:
    return f"({said})" if binding == _TIGHT else said
