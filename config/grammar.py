"""What is wrong with this YAML, in words, and what should be written instead?

The parser's own words ("expected <block end>, but found '<scalar>'") help nobody who came to type keywords.
Each mistake that people make in these files is known here by its cause.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.explain import Place, Problem

if TYPE_CHECKING:
    from ruamel.yaml.error import StringMark, YAMLError

    from config.tree import File

#: A line whose value begins with a quotation mark.
BEGINS_QUOTED = re.compile(r"^(\s*(?:- +)*(?:[\w-]+: +)?)(['\"].*?)\s*$")
#: A line whose value begins with a quotation mark that this line does not close.
OPENS_QUOTED = re.compile(r"^(\s*(?:- +)*(?:[\w-]+: +)?)(?:(?=\"[^\"]*$)|(?='[^']*$))(['\"]).*$")
#: A line with a name, a colon and something after it.
NAMED = re.compile(r"^\s*(?:- +)*[\w-]+:(?: +|$)")


_FIRST = Place(line=1, column=1, end_line=1, end_column=2)


def problem(error: YAMLError, file: File) -> Problem:
    """Return the problem behind a parser's error."""
    said = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    if mark is None:
        return file.problem(_FIRST, "this cannot be read", "it anew, in a plain text editor")
    if "found unexpected end of stream" in said or "unexpected document separator" in said:
        return _left_open(opened or mark, file) or file.problem(
            _at(opened or mark, file), "this quotation mark is never closed", _closing(opened, file)
        )
    if said.startswith("expected ',' or") and opened is not None:
        return _never_closed(opened, said, file)
    for words, judge in JUDGES:
        if words in said:
            return judge(mark, file)
    return _unknown(mark, file)


def quoted(text: str) -> str:
    """Return a text in the quotation marks that need the least change in it."""
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _at(mark: StringMark, file: File, *, width: int = 1) -> Place:
    line = min(mark.line + 1, max(1, len(file.lines)))
    column = mark.column + 1 if line == mark.line + 1 else 1
    return Place(line=line, column=column, end_line=line, end_column=column + width)


def _closing(opened: StringMark | None, file: File) -> str:
    line = file.lines[opened.line] if opened is not None else ""
    mark = line[opened.column] if opened is not None and opened.column < len(line) else '"'
    return f"{mark} at the end of the words"


def _never_closed(opened: StringMark, said: str, file: File) -> Problem:
    bracket = "]" if "']'" in said else "}"
    what = f"this {'[' if bracket == ']' else '{'} is never closed, or a comma is missing after it"
    return file.problem(_at(opened, file), what, f"{bracket} at the end of the list")


def _quotes_in_the_middle(mark: StringMark, file: File) -> Problem:
    line = file.lines[mark.line] if mark.line < len(file.lines) else ""
    found = BEGINS_QUOTED.match(line)
    if left_open := _left_open(mark, file):
        return left_open
    if not found or mark.column <= len(found[1]):
        return _out_of_line(mark, file)
    words = found[2]
    inner = words[1:-1]
    # 'it's' has one mark too many inside; 'jail' OR 'prison' are two words in marks.
    apostrophe = f"{words[0]} " not in inner and f" {words[0]}" not in inner
    wholly = words[0] == words[-1] and words[0] in inner and '"' not in inner and apostrophe
    place = Place(
        line=mark.line + 1,
        column=len(found[1]) + 1,
        end_line=mark.line + 1,
        end_column=len(found[1]) + len(words) + 1,
    )
    what = "the quotation mark at the beginning is closed before the line ends"
    return file.problem(place, what, quoted(inner if wholly else words))


def _left_open(mark: StringMark, file: File) -> Problem | None:
    """Return the line above whose quotation mark is closed only by the first one in this line, if any."""
    for number in range(mark.line - 1, -1, -1):
        opened = OPENS_QUOTED.match(file.lines[number])
        between = file.lines[number + 1 : mark.line]
        if opened and not any(opened[2] in line for line in between):
            closed = file.lines[mark.line].find(opened[2])
            if not 0 <= closed <= mark.column:
                return None
            at, words = len(opened[1]) + 1, opened[0].rstrip()
            place = Place(line=number + 1, column=at, end_line=number + 1, end_column=len(words) + 1)
            return file.problem(
                place, "this quotation mark is never closed", f"{opened[2]} at the end of the words"
            )
    return None


def _out_of_line(mark: StringMark, file: File) -> Problem:
    what = "this line does not stand under the ones it belongs to"
    return file.problem(_at(mark, file), what, "as many spaces before it as its neighbors have")


def _colon_inside(mark: StringMark, file: File) -> Problem:
    line = file.lines[mark.line]
    named = NAMED.match(line)
    dash = re.match(r"^\s*(?:- +)*", line)
    start = named.end() if named and named.end() <= mark.column else 0
    if start:
        words = line[start:].rstrip()
        place = Place(
            line=mark.line + 1, column=start + 1, end_line=mark.line + 1, end_column=start + len(words) + 1
        )
        return file.problem(place, "a colon and a space inside the words", quoted(words))
    column = dash.end() + 1 if dash else 1
    above = next((text for text in reversed(file.lines[: mark.line]) if text.strip()), "")
    place = Place(line=mark.line + 1, column=column, end_line=mark.line + 1, end_column=mark.column + 1)
    if above.strip() and not re.search(r":(\s|$)", above):
        return file.problem(place, "the line above this setting has no colon", "a colon after the name above")
    return file.problem(
        place, "this setting stands under a line that already has a value", "it as far left as that line"
    )


def _strange_start(mark: StringMark, file: File) -> Problem:
    line = file.lines[mark.line]
    character = line[mark.column] if mark.column < len(line) else ""
    if character == "\t":
        what = "a tab stands where spaces must be"
        return file.problem(_at(mark, file), what, "spaces instead of the tab")
    words = line[mark.column :].rstrip()
    what = f"words cannot begin with {character} here"
    return file.problem(_at(mark, file, width=len(words)), what, quoted(words))


def _alias(mark: StringMark, file: File) -> Problem:
    words = file.lines[mark.line][mark.column :].rstrip()
    place = _at(mark, file, width=len(words))
    return file.problem(
        place, "words cannot begin with * here", f"{quoted(words)}, with the star after the word"
    )


def _escape(mark: StringMark, file: File) -> Problem:
    what = r"inside double quotation marks \ begins a special character"
    return file.problem(_at(mark, file), what, r"single quotation marks around the words, or \\")


def _second_document(mark: StringMark, file: File) -> Problem:
    return file.problem(_at(mark, file, width=3), "a second document begins here", "it in a file of its own")


def _dash_in_line(mark: StringMark, file: File) -> Problem:
    return file.problem(
        _at(mark, file), "a list begins on the line of its name", "the - on a line of its own"
    )


def _unknown(mark: StringMark, file: File) -> Problem:
    what = "this cannot be read"
    return file.problem(
        _at(mark, file), what, "it anew: look at quotation marks, brackets and the spaces before it"
    )


#: What the parser says → what people did. The first that fits is used.
JUDGES = (
    ("mapping values are not allowed", _colon_inside),
    ("could not find expected ':'", _out_of_line),
    ("expected <block end>, but found '<scalar>'", _quotes_in_the_middle),
    ("expected <block end>", _out_of_line),
    ("cannot start any token", _strange_start),
    ("found undefined alias", _alias),
    ("expected alphabetic or numeric character", _alias),
    ("unknown escape character", _escape),
    ("found another document", _second_document),
    ("expected '<document start>'", _out_of_line),
    ("sequence entries are not allowed", _dash_in_line),
)
