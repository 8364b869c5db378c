"""Can this line of a watchlist be read, and does it mean what its writer meant?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from news.matching.lexing import Piece, pieces
from news.matching.parsing import parse
from news.matching.query import AtLeast, Either, Every, Graded, InField, Near, Not, Query, Row, Words, written

__all__ = ["Warning", "parse", "warnings", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:  # noqa: A001 (the word an editor reads)
    """Something in a line that may not mean what it seems to: characters [start, end)."""

    what: str
    # Follows "write".
    write: str
    start: int
    end: int


# Abbreviations that are also plain words: finding both is seldom what is meant.
_ALSO_PLAIN = (
    "ACT AID ALS CARE COPS DARE FAST HOPE ICE IT MOMS NOW PACT PIN RAISE SAFE SAVE TRUST US VALUES WHO"
)
_ALSO_WORDS = frozenset(_ALSO_PLAIN.split())
_COMMON = (
    "a an and are as at be by for from has he in is it its of on or she that the they to was were will with"
)
_EVERYWHERE = frozenset(_COMMON.split())
_LONGEST_PHRASE = 6  # words; more of them seldom stand side by side
_SMALL = re.compile(r"(?<=\s)(?:or|not)(?=\s)")
_IN_QUOTES = re.compile(r"[\"“”][^\"“”]*[\"“”]")


def warnings(line: str) -> tuple[Warning, ...]:
    """Return what `check` should say about a line that can be read, in the order of the line.

    Raises:
        QueryError: when it cannot be read.
    """
    query = parse(line)
    found = [
        *_small_operators(line),
        *_capitals(query),
        *_mixed(pieces(line)),
        *_long_rows(query),
        *_too_common(query, line),
        *_impossible(query, line),
    ]
    return tuple(sorted(found, key=lambda warning: (warning.start, warning.end)))


def _small_operators(line: str) -> Iterator[Warning]:
    bare = _IN_QUOTES.sub(lambda quoted: "x" * len(quoted[0]), line)
    for word in _SMALL.finditer(bare):
        what = f'a small "{word[0]}" is a word like any other'
        write = f"{word[0].upper()}, or quotation marks around the whole phrase"
        yield Warning(what=what, write=write, start=word.start(), end=word.end())


def _capitals(query: Query) -> Iterator[Warning]:
    for words in _all_words(query):
        if words.text in _ALSO_WORDS and not words.case:
            write = f"={words.text} to keep the capitals"
            what = f'{words.text} also finds "{words.text.lower()}"'
            yield Warning(what=what, write=write, start=words.start, end=words.end)


def _mixed(line: list[Piece]) -> Iterator[Warning]:
    """Find AND and OR side by side within the same parentheses."""
    levels: list[set[str]] = [set()]
    for piece in line:
        if piece.kind == "(":
            levels.append(set())
        elif piece.kind == ")":
            levels.pop()
        elif piece.kind in ("AND", "OR"):
            other = "AND" if piece.kind == "OR" else "OR"
            if other in levels[-1] and piece.kind not in levels[-1]:
                write = "parentheses around what belongs together"
                what = "AND is read before OR"
                yield Warning(what=what, write=write, start=piece.start, end=piece.end)
            levels[-1].add(piece.kind)


def _long_rows(query: Query) -> Iterator[Warning]:
    for row in _everything(query):
        if isinstance(row, Row) and len(row.parts) > _LONGEST_PHRASE:
            words = [part for part in row.parts if isinstance(part, Words)]
            what = f"all {len(row.parts)} words must stand side by side"
            write = "AND or OR between them, or quotation marks around them"
            yield Warning(what=what, write=write, start=words[0].start, end=words[-1].end)


def _too_common(query: Query, line: str) -> Iterator[Warning]:
    """Find a line, or one choice of it, that nearly every article satisfies."""
    choices = query.parts if isinstance(query, Either) else (query,)
    for choice in choices:
        if isinstance(choice, Words) and choice.text.lower() in _EVERYWHERE and not choice.case:
            what = f'"{choice.text}" stands in nearly every article'
            yield Warning(
                what=what, write="more words beside it", start=choice.start, end=choice.end or len(line)
            )


def _impossible(query: Query, line: str) -> Iterator[Warning]:
    for every in _everything(query):
        if isinstance(every, Every):
            refused = {part.part for part in every.parts if isinstance(part, Not)}
            if refused & set(every.parts):
                what = "this line asks for the same words and refuses them: it finds nothing"
                yield Warning(what=what, write="it without one of the two", start=0, end=len(line))


def _all_words(query: Query) -> Iterator[Words]:
    return (part for part in _everything(query) if isinstance(part, Words))


def _everything(query: Query) -> Iterator[Query]:
    """Yield a query and everything inside it."""
    yield query
    match query:
        case Row() | Either() | Every():
            inside: tuple[Query, ...] = query.parts
        case Near():
            inside = (query.left, query.right)
        case Not() | InField() | Graded() | AtLeast():
            inside = (query.part,)
        case _:
            inside = ()
    for part in inside:
        yield from _everything(part)
