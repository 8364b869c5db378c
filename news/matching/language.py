"""Can this line of a watchlist be read, and does it mean what its writer meant?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from news.matching.implying import Known, contradict, implies
from news.matching.lexing import Piece, pieces
from news.matching.parsing import parse, parse_pieces
from news.matching.query import Is, Not, Query, written
from news.matching.sense import Warning, everything, odd_sense  # noqa: A004 (the word an editor reads)
from news.nouns import Clause, Watchlist

__all__ = ["Warning", "list_warnings", "parse", "sources_named", "warnings", "written"]

_SMALL = re.compile(
    r"(?<=\s)(?:or|not|and(?=\s+[^A-Z])|&(?=\s+[^A-Z]))(?=\s)"
)  # Customs and Border is a name
_SMALL_NEAR = re.compile(r"(?<=[\"”])\s+(near)\s+(?=[\"“=])")
_IN_QUOTES = re.compile(r"[\"“”][^\"“”]*[\"“”]")
_SLASHED = re.compile(r"(?<![\w/.:])[^\W\d_]{3,}(?:[/;,][^\W\d_]{3,})+(?![\w/])")
_MOST_STEPS = 20_000  # pairs of parts that lists are compared by, 0.1 s; the lists that ship take 600
_MANY = 2  # commas; one may belong to a place's name: Denver, Colorado


def warnings(line: str) -> tuple[Warning, ...]:
    """Return what `check` should say about a line that can be read, in the order of the line.

    Raises:
        QueryError: when it cannot be read.
    """
    query, cut = _read(line)
    found = [*_small_operators(line), *_mixed(cut), *_commas(cut), *_slashes(line), *_short_fields(cut)]
    found += odd_sense(query, line)
    return tuple(sorted(found, key=lambda warning: (warning.start, warning.end)))


@lru_cache(maxsize=256)  # lines; each is looked at by itself, then beside the others of its watchlist
def _read(line: str) -> tuple[Query, tuple[Piece, ...]]:
    cut = tuple(pieces(line))
    return parse_pieces(cut), cut


def sources_named(line: str) -> Iterator[tuple[Is, int, int]]:
    """Yield each source and group that a line asks for, and from where to where it stands.

    Raises:
        QueryError: when the line cannot be read.
    """
    for part in everything(_read(line)[0]):
        if isinstance(part, Is) and part.field == "source" and part.key in ("", "id", "group"):
            start = max(line.find(part.value), 0)
            yield part, start, start + len(part.value)


def _small_operators(line: str) -> Iterator[Warning]:
    for word in _SMALL.finditer(_bare(line)):
        what = "& says nothing here" if word[0] == "&" else f'a small "{word[0]}" is a word like any other'
        sign = "AND" if word[0] == "&" else word[0].upper()
        write = f"{sign}, or quotation marks around the whole phrase"
        yield Warning(what=what, write=write, start=word.start(), end=word.end())
    for word in _SMALL_NEAR.finditer(line):
        what = 'a small "near" is a word like any other'
        yield Warning(what=what, write="NEAR/15", start=word.start(1), end=word.end(1))


def _bare(line: str) -> str:
    """Return the line with x where something stands in quotation marks."""
    return _IN_QUOTES.sub(lambda quoted: "x" * len(quoted[0]), line)


def _mixed(line: Sequence[Piece]) -> Iterator[Warning]:
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


def _short_fields(line: Sequence[Piece]) -> Iterator[Warning]:
    """Find a part of the article that seems to be meant for more words than it holds for: title: a OR b."""
    for at, (sign, first) in enumerate(pairwise(line)):
        if sign.kind != "field" or first.kind != "words" or first.start == sign.end:
            continue
        after = next((number for number in range(at + 1, len(line)) if line[number].kind != "words"), at)
        if line[after].kind == "OR" and line[after + 1].kind == "words":
            last, other = line[after - 1], line[after + 1]
            what = f"{sign.text} ends before OR: {other.text} is found anywhere"
            write = f"{sign.text}(… OR …)"
            yield Warning(what=what, write=write, start=sign.start, end=last.end)


def _commas(line: Sequence[Piece]) -> Iterator[Warning]:
    """Find words that look like a list: jail, sheriff, court."""
    listed = [
        (one, other)
        for one, other in pairwise(line)
        if one.kind == other.kind == "words" and one.text.endswith((",", ";"))
    ]
    if len(listed) >= _MANY or any(other.text[:1].islower() for _, other in listed):
        one, other = listed[0]
        name = "comma" if one.text[-1] == "," else "semicolon"
        first, second = (piece.text.rstrip(",;") for piece in (one, other))
        what = f"a {name} is no OR: {first} and {second} must stand side by side"
        yield Warning(what=what, write="OR between them, or a line for each", start=one.start, end=other.end)


def _slashes(line: str) -> Iterator[Warning]:
    for word in _SLASHED.finditer(_bare(line)):
        names = re.split("[/;,]", word[0])
        what = f"{word[0]} finds these words side by side only"
        yield Warning(what=what, write=f"({' OR '.join(names)})", start=word.start(), end=word.end())


def list_warnings(watchlist: Watchlist) -> tuple[tuple[Clause, Warning], ...]:
    """Return what `check` should say about the lists of a watchlist whose lines can be read.

    Raises:
        QueryError: when one cannot be read.
    """
    lists = [[(clause, _read(clause.text)[0]) for clause in lines] for lines in _lists(watchlist)]
    any_, all_, never, priority = lists
    known = Known(steps=_MOST_STEPS)
    return (
        *_thrown_out([*any_, *all_], never, known),
        *_apart(any_, all_, known),
        *_twice(any_),
        *_other_language([*any_, *all_, *priority], watchlist.languages),
    )


_Clause = tuple[Clause, Query]
_Told = Iterator[tuple[Clause, Warning]]


def _lists(watchlist: Watchlist) -> tuple[Sequence[Clause], ...]:
    rules = watchlist.priority
    return watchlist.any, watchlist.all, watchlist.never, (*rules.urgent, *rules.high, *rules.low)


def _about(clause: Clause, what: str, write: str) -> tuple[Clause, Warning]:
    return clause, Warning(what=what, write=write, start=0, end=len(clause.text))


def _thrown_out(wanted: Sequence[_Clause], never: Sequence[_Clause], known: Known) -> _Told:
    """Find lines of which everything they find is left out again."""
    for clause, query in wanted:
        cause = next((each for each, refused in never if implies(query, refused, known)), None)
        if cause:
            what = f"this line finds nothing: never leaves all of it out, by: {cause.text}"
            yield _about(clause, what, "one of the two more narrowly")


def _apart(any_: Sequence[_Clause], all_: Sequence[_Clause], known: Known) -> _Told:
    """Find lines that no article satisfies together with what it must have."""
    for clause, query in any_:
        cause = next((each for each, needed in all_ if contradict(query, needed, known)), None)
        if cause:
            what = f"this line finds nothing: every article must also have: {cause.text}"
            yield _about(clause, what, "one of the two otherwise")
    for at, (clause, query) in enumerate(all_):
        cause = next((each for each, needed in all_[:at] if contradict(query, needed, known)), None)
        if cause:
            what = f"nothing is ever found: no article also has: {cause.text}"
            yield _about(clause, what, "them under any:")


def _twice(any_: Sequence[_Clause]) -> _Told:
    seen: dict[Query, Clause] = {}
    for clause, query in any_:
        if query in seen:
            yield _about(clause, "this line is there already", "it once")
        seen.setdefault(query, clause)


def _other_language(lines: Sequence[_Clause], languages: Sequence[str]) -> _Told:
    """Find lines that ask for a language the watchlist does not read."""
    if not languages:
        return
    spoken = [Is(field="lang", value=language) for language in languages]
    for clause, query in lines:
        if not isinstance(query, Not) and all(contradict(query, each) for each in spoken):
            what = f"this line finds nothing: the watchlist reads {', '.join(languages)} only"
            yield _about(clause, what, "the language under languages: too")
