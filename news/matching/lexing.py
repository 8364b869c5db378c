"""What are the words and signs of a line?

The line is read in plain characters (curly quotation marks and odd spaces are what they mean), and every
piece knows where it stands in the line as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NoReturn

from news.errors import QueryError
from news.matching.habits import foreign
from news.text import Normalized, normalized

LONGEST_LINE = 2000  # characters
FARTHEST = 100  # words, for NEAR
MOST_TIMES = 100  # for ATLEAST
TEXT_FIELDS = ("title", "lead", "body", "author")
VALUE_FIELDS = ("source", "url", "lang")
GRADE_FIELDS = ("about", "mentions")
FIELDS = (*TEXT_FIELDS, *VALUE_FIELDS, *GRADE_FIELDS)

Kind = Literal["(", ")", "words", "AND", "OR", "NOT", "near", "atleast", "field", "is", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A word or a sign, and where it stands in the line."""

    kind: Kind
    text: str
    start: int
    end: int
    # near, atleast: the number. words: nothing.
    number: int = 0
    exact: bool = False
    case: bool = False
    prefix: bool = False


_SPACE = re.compile(r"\s+")
_NEAR = re.compile(r"(O?)NEAR/(\d+)(?=[\s(\"=]|\Z)")
_ATLEAST = re.compile(r"ATLEAST/(\d+)(?=[\s(\"=]|\Z)")
_QUOTED = re.compile(r'(=?)"([^"]*)"(\*?)')
_FIELD = re.compile(r"([A-Za-z]+):(?!//)(\s*)")
_VALUE = re.compile(r'(?:(\w+)=)?(?:"([^"]*)"|([^\s()"]+))')
# A parenthesis belongs to the word where it does in print: 287(g).
_CHUNK = re.compile(r'(?:\d(?:\([A-Za-z0-9]{1,2}\))+|[^\s()"])+')
_LETTER = re.compile(r"[^\W_]|§")
_OPERATORS: dict[str, Kind] = {"AND": "AND", "OR": "OR", "NOT": "NOT"}
# What the parts of an article are called in other places.
_ELSEWHERE = {
    name: part
    for part, names in {
        "title": "headline heading head hed intitle",
        "lead": "lede intro opening summary",
        "body": "text content story article inbody intext",
        "author": "by byline writer reporter",
        "source": "outlet publisher publication from feed",
        "url": "site inurl link address domain host",
        "lang": "language",
    }.items()
    for name in names.split()
}
_SHORTEST_PREFIX = 3  # letters; "a*" is half the dictionary


def pieces(line: str) -> list[Piece]:
    """Cut a line into words and signs, with an end piece last.

    Raises:
        QueryError: for a sign that cannot be meant.
    """
    if len(line) > LONGEST_LINE:
        what = f"this line is longer than {LONGEST_LINE:,} characters"
        raise QueryError(what, start=LONGEST_LINE, end=len(line), write="several lines")
    return list(_Lexer(line).pieces())


class _Lexer:
    """Reads one line from left to right."""

    def __init__(self, line: str) -> None:
        self._plain: Normalized = normalized(line)
        self._text = self._plain.text
        self._at = 0
        self._pieces: list[Piece] = []

    def pieces(self) -> list[Piece]:
        while self._at < len(self._text):
            space = _SPACE.match(self._text, self._at)
            if space:
                self._at = space.end()
            else:
                self._next()
        start, end = self._plain.origin(len(self._text), len(self._text))
        return [*self._pieces, Piece(kind="end", text="", start=start, end=end)]

    def _next(self) -> None:
        character = self._text[self._at]
        if character in "()":
            self._add("(" if character == "(" else ")", self._at + 1)
        elif not (self._operator() or self._quotation() or self._field()):
            self._chunk()

    def _add(self, kind: Kind, end: int, text: str = "", **signs: int) -> None:
        start, last = self._plain.origin(self._at, end)
        text = text or self._text[self._at : end]
        flags = {name: bool(value) for name, value in signs.items() if name != "number"}
        self._pieces.append(
            Piece(kind=kind, text=text, start=start, end=last, number=signs.get("number", 0), **flags)
        )
        self._at = end

    def _refuse(self, what: str, write: str, start: int, end: int) -> NoReturn:
        first, last = self._plain.origin(start, end)
        raise QueryError(what, start=first, end=max(last, first + 1), write=write)

    def _operator(self) -> bool:
        near = _NEAR.match(self._text, self._at)
        if near:
            self._in_range(int(near[2]), FARTHEST, near, f"{near[1]}NEAR/{FARTHEST}")
            self._add("near", near.end(), number=int(near[2]), exact=bool(near[1]))
            return True
        times = _ATLEAST.match(self._text, self._at)
        if times:
            self._in_range(int(times[1]), MOST_TIMES, times, f"ATLEAST/{MOST_TIMES}")
            self._add("atleast", times.end(), number=int(times[1]))
            return True
        return False

    def _in_range(self, number: int, most: int, found: re.Match[str], write: str) -> None:
        if not 1 <= number <= most:
            sign = found.group()
            what = f"{sign} is out of range: 1 to {most}"
            self._refuse(what, write if number else f"{sign.partition('/')[0]}/1", *found.span())

    def _quotation(self) -> bool:
        quoted = _QUOTED.match(self._text, self._at)
        if quoted:
            self._refuse_bad_quotation(quoted)
            self._add("words", quoted.end(), quoted[2].strip(), exact=True, case=bool(quoted[1]))
            return True
        if self._text[self._at] == '"' or self._text.startswith('="', self._at):
            at = self._text.index('"', self._at)
            self._refuse("this quotation mark is never closed", '" at the end of the words', at, at + 1)
        return False

    def _refuse_bad_quotation(self, quoted: re.Match[str]) -> None:
        if quoted[3] or "*" in quoted[2]:
            what = "a star has no effect in quotation marks, which mean exactly these words"
            self._refuse(what, "the word without quotation marks: detain*", *quoted.span())
        if not _LETTER.search(quoted[2]):
            self._refuse("there is no word between these quotation marks", "a word", *quoted.span())

    def _field(self) -> bool:
        field = _FIELD.match(self._text, self._at)
        if not field:
            return False
        name = field[1].lower()
        known = name in FIELDS
        if not known and (field[2] or field.end() == len(self._text)):
            return False  # a colon between words, as in a headline
        if not known:
            close = get_close_matches(name, FIELDS, n=1)
            meant = _ELSEWHERE.get(name) or (close[0] if close else "")
            write = f"{meant}:" if meant else "title:, lead:, body:, author:, source:, url: or lang:"
            self._refuse(f'there is no part of an article called "{field[1]}"', write, *field.span(1))
        if name in VALUE_FIELDS and self._text[field.end() : field.end() + 1] not in ("", "("):
            self._value(name, field)
        else:
            self._add("field", field.end(1) + 1, f"{name}:")
        return True

    def _value(self, name: str, field: re.Match[str]) -> None:
        value = _VALUE.match(self._text, field.end())
        if not value:
            at = field.end()
            self._refuse("this quotation mark is never closed", '" at the end of the words', at, at + 1)
        self._add("is", value.end(), f"{name}:{value.group()}")

    def _chunk(self) -> None:
        chunk = _CHUNK.match(self._text, self._at)
        assert chunk is not None  # noqa: S101 (spaces, parentheses and quotation marks are dealt with above)
        word, end = chunk.group(), chunk.end()
        operator = _OPERATORS.get(word)
        if operator:
            self._add(operator, end)
            return
        told = foreign(word)
        if told:
            self._refuse(*told, self._at, end)
        case, star = word.startswith("="), word.endswith("*")
        bare = word.removeprefix("=").removesuffix("*")
        self._refuse_odd(word, bare, star=star)
        if _LETTER.search(bare):
            self._add("words", end, bare, case=case, prefix=star)
        else:
            self._at = end  # a dash or an ampersand between words says nothing

    def _refuse_odd(self, word: str, bare: str, *, star: bool) -> None:
        end = self._at + len(word)
        if "*" in bare:
            write = f"{bare.partition('*')[0] or 'detain'}*"
            self._refuse("a star can only stand at the end of a word", write, self._at, end)
        if star and sum(map(str.isalnum, bare)) < _SHORTEST_PREFIX:
            what = f"{word} would find too much: a star needs at least {_SHORTEST_PREFIX} letters before it"
            self._refuse(what, "more of the word", self._at, end)
        if star and word.startswith("="):
            what = "= keeps capitals and * takes any ending: they do not go together"
            self._refuse(what, f"{bare}*, or {word[:-1]}", self._at, end)
        if word.startswith("=") and not _LETTER.search(bare):
            self._refuse("= belongs right before a word", "=ICE", self._at, end)
