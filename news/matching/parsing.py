"""How is a line of a watchlist read?

    line   = every (OR every)*                 lowest
    every  = near ((AND | AND NOT | NOT) near)*
    near   = row ((NEAR/n | ONEAR/n) row)*
    row    = item item ...                     side by side
    item   = words | (line) | field:row | about:row | ATLEAST/n(line)

A mistake is told with its place and what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar, cast

from news.errors import QueryError
from news.matching.lexing import GRADE_FIELDS, VALUE_FIELDS, Kind, Piece, pieces
from news.matching.query import (
    AtLeast,
    Either,
    Every,
    Graded,
    GradeField,
    InField,
    Is,
    Near,
    Not,
    Place,
    Query,
    Row,
    TextField,
    ValueField,
    Words,
    is_place,
)

DEEPEST = 40  # parentheses within parentheses
FARTHEST_IN_ALL = 500  # words, for NEARs within each other


def parse(line: str) -> Query:
    """Return what a line of a watchlist says.

    Raises:
        QueryError: with the place in the line, what is wrong, and what to write.
    """
    return parse_pieces(pieces(line))


def parse_pieces(cut: Sequence[Piece]) -> Query:
    """Return what a line says that was cut into words and signs.

    Raises:
        QueryError: with the place in the line, what is wrong, and what to write.
    """
    return _Parser(cut).whole()


class _Parser:
    """Reads the pieces of one line, one look ahead."""

    def __init__(self, cut: Sequence[Piece]) -> None:
        self._pieces = cut
        self._at = 0
        self._depth = 0

    def whole(self) -> Query:
        if self._ahead().kind == "end":
            self._refuse(self._ahead(), "there is no word in this line", "the words to look for")
        query = self._either()
        if self._ahead().kind == ")":
            self._refuse(self._ahead(), "this parenthesis closes nothing", "( before it, or take it out")
        if not _says_something(query):
            what = "this line only says what must not be there"
            write = "it under never:, without NOT"
            if isinstance(query, Either):
                what, write = "OR NOT finds nearly every article", "AND NOT"
            raise QueryError(what, start=self._pieces[0].start, end=self._pieces[-1].end, write=write)
        return query

    def _ahead(self) -> Piece:
        return self._pieces[self._at]

    def _take(self) -> Piece:
        piece = self._pieces[self._at]
        self._at += 1
        return piece

    def _either(self) -> Query:
        parts = [self._every()]
        while self._ahead().kind == "OR":
            self._take()
            parts.append(self._every())
        return Either(parts=_flat(parts, Either)) if len(parts) > 1 else parts[0]

    def _every(self) -> Query:
        parts = [self._negated()]
        while self._ahead().kind in ("AND", "NOT"):
            if self._ahead().kind == "AND":
                self._take()
            parts.append(self._negated())
        return Every(parts=_flat(parts, Every)) if len(parts) > 1 else parts[0]

    def _negated(self) -> Query:
        if self._ahead().kind != "NOT":
            return self._near()
        sign = self._take()
        if self._ahead().kind == "NOT":
            self._refuse(self._ahead(), "NOT stands twice", "it once")
        self._needs_words(sign)
        return Not(part=self._near())

    def _near(self) -> Query:
        query = self._row()
        while self._ahead().kind == "near":
            sign = self._take()
            self._needs_words(sign)
            right = self._row()
            if not (is_place(query) and is_place(right)):
                what = f"{sign.text} can only stand between words, phrases and (one OR another)"
                self._refuse(sign, what, "AND between the two, or a line for each")
            left, right = cast("Place", query), cast("Place", right)
            query = Near(left=left, right=right, distance=sign.number, ordered=sign.exact)
            if _reach(query) > FARTHEST_IN_ALL:
                name = sign.text.partition("/")[0]
                what = f"with this {name} the line reaches over more than {FARTHEST_IN_ALL} words"
                self._refuse(sign, what, "smaller numbers, or AND between the two")
        return query

    def _row(self) -> Query:
        first = self._ahead()
        items = [self._item()]
        while self._ahead().kind in _BEGINNINGS:
            second = self._ahead()
            items.append(self._item())
            self._side_by_side(items[-2], items[-1], first, second)
            first = second
        return Row(parts=_flat(cast("list[Place]", items), Row)) if len(items) > 1 else items[0]

    def _side_by_side(self, left: Query, right: Query, first: Piece, second: Piece) -> None:
        for query, piece in ((left, first), (right, second)):
            if not is_place(query):
                name = "this parenthesis" if piece.kind == "(" else piece.text
                self._refuse(piece, f"{name} cannot stand side by side with words", "AND between the two")

    def _item(self) -> Query:
        piece = self._ahead()
        readers: dict[Kind, Callable[[], Query]] = {
            "words": self._words,
            "(": self._group,
            "field": self._field,
            "is": self._is,
            "atleast": self._at_least,
        }
        reader = readers.get(piece.kind)
        return reader() if reader else self._missing()

    def _missing(self) -> NoReturn:
        """Say why nothing can begin here."""
        piece = self._ahead()
        before = self._pieces[self._at - 1] if self._at else None
        if before and before.kind in ("AND", "OR", "NOT", "near", "atleast", "field"):
            self._needs_words(before)
        if before and before.kind == "(" and piece.kind == ")":
            what = "there is nothing between these parentheses"
            self._refuse(before, what, "words between them", piece.end)
        if before and before.kind == "(" and piece.kind == "end":
            self._refuse(before, "this parenthesis is never closed", "words and ) after it")
        if piece.kind == ")":
            self._refuse(piece, "this parenthesis closes nothing", "( before it, or take it out")
        self._refuse(piece, f"{piece.text} needs words on both sides", "words before it, or take it out")

    def _needs_words(self, sign: Piece) -> None:
        """Refuse a sign with nothing to its right."""
        begins = self._ahead().kind in _BEGINNINGS
        if begins or (self._ahead().kind == "NOT" and sign.kind in ("AND", "OR")):
            return
        sides = "after it" if sign.kind in ("NOT", "atleast", "field") else "on both sides"
        plain = f', or "{sign.text}" if you mean the word' if sign.kind in _PLAIN else ""
        self._refuse(sign, f"{sign.text} needs words {sides}", f"words after it{plain}")

    def _words(self) -> Words:
        piece = self._take()
        return Words(
            text=piece.text,
            exact=piece.exact,
            case=piece.case,
            prefix=piece.prefix,
            start=piece.start,
            end=piece.end,
        )

    def _group(self) -> Query:
        opened = self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(opened, "there are too many parentheses within parentheses", "two shorter lines")
        query = self._either()
        if self._ahead().kind != ")":
            self._refuse(opened, "this parenthesis is never closed", ") at the end of the line")
        self._take()
        self._depth -= 1
        return query

    def _field(self) -> Query:
        sign = self._take()
        self._needs_words(sign)
        name = sign.text.removesuffix(":")
        if name in VALUE_FIELDS:
            return self._values(sign, name)
        part = self._row()
        inner = _field_in(part)
        if inner:
            self._refuse(sign, f"{sign.text} cannot hold {inner}:", "AND between the two")
        if name in GRADE_FIELDS:
            return Graded(grade=cast("GradeField", name), part=part)
        return InField(field=cast("TextField", name), part=part)

    def _values(self, sign: Piece, name: str) -> Query:
        """Read `source:(ledger OR kind=opinion)`."""
        opened = self._take()
        parts: list[Query] = []
        while self._ahead().kind == "words":
            piece = self._take()
            parts.append(self._property(piece, name, piece.text))
            if self._ahead().kind == "OR":
                self._take()
        if self._ahead().kind == "end":
            self._refuse(opened, "this parenthesis is never closed", ") at the end of the line")
        if self._ahead().kind != ")" or not parts:
            what = f"{sign.text} takes names with OR between them"
            self._refuse(self._ahead(), what, f"{sign.text}(one OR another)")
        self._take()
        return Either(parts=tuple(parts)) if len(parts) > 1 else parts[0]

    def _is(self) -> Is:
        piece = self._take()
        name, _, value = piece.text.partition(":")
        return self._property(piece, name, value)

    def _property(self, piece: Piece, name: str, written: str) -> Is:
        key, equals, value = written.partition("=")
        if name != "source" or not equals:
            key, value = ("id" if name == "source" else ""), written
        elif key not in ("id", "group", "kind"):
            self._refuse(piece, f'a source has no "{key}"', f"source:kind={value} or source:group={value}")
        value = value.strip('"')
        if not value:
            self._refuse(piece, f"{name}: needs a name", f"{name}:name")
        return Is(field=cast("ValueField", name), key=key, value=value)

    def _at_least(self) -> AtLeast:
        sign = self._take()
        self._needs_words(sign)
        part = self._item()
        if not is_place(part):
            what = f"{sign.text} can only count words, phrases and (one OR another)"
            self._refuse(sign, what, f"{sign.text}(words)")
        return AtLeast(number=sign.number, part=cast("Place", part))

    def _refuse(self, piece: Piece, what: str, write: str, end: int = 0) -> NoReturn:
        raise QueryError(what, start=piece.start, end=max(end or piece.end, piece.start + 1), write=write)


_BEGINNINGS: tuple[Kind, ...] = ("words", "(", "field", "is", "atleast")
_PLAIN: tuple[Kind, ...] = ("AND", "OR", "NOT")


_Part = TypeVar("_Part", bound=Query)


def _flat(parts: Sequence[_Part], kind: type[Either | Every | Row]) -> tuple[_Part, ...]:
    """Take the parts out of parts of the same kind: (a OR b) OR c is a OR b OR c."""
    return tuple(
        cast("_Part", inner)
        for part in parts
        for inner in (part.parts if isinstance(part, kind) else (part,))
    )


def _says_something(query: Query) -> bool:
    """Say whether a query cannot hold for an empty article: NOT alone holds nearly everywhere."""
    match query:
        case Not():
            return False
        case Every():
            return any(_says_something(part) for part in query.parts)
        case Either():
            return all(_says_something(part) for part in query.parts)
        case InField() | Graded():
            return _says_something(query.part)
        case _:
            return True


def _reach(query: Query) -> int:
    """Return how many words the NEARs of a query reach over, one after the other."""
    match query:
        case Near():
            return _reach(query.left) + query.distance + _reach(query.right)
        case Row():
            return sum(map(_reach, query.parts))
        case Either():
            return max(map(_reach, query.parts))
        case _:
            return 0


def _field_in(query: Query) -> str:
    """Return the name of a field inside a query, or ""."""
    match query:
        case InField() | Is():
            return query.field
        case Graded():
            return query.grade
        case Not():
            return _field_in(query.part)
        case Either() | Every():
            return next(filter(None, map(_field_in, query.parts)), "")
        case _:
            return ""
