"""Where in the file does the 17th letter of a value stand?

A query's error knows its place in the words it was given; between those words and the file lie quotation
marks, doubled quotes, escapes and folded lines. They are undone here letter by letter. When what comes out
is not exactly the value that the parser gave, only the beginning of the value is told: a caret is never a
guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from config.explain import Place
from config.tree import File, Scalar

#: \n in a double-quoted value → its letter. YAML's other escapes name a code point.
ESCAPES = dict(zip('0abtnvfre"/\\N_LP ', '\0\a\b\t\n\v\f\r\x1b"/\\\x85\xa0\u2028\u2029 ', strict=True))
CODE_POINTS = {"x": 2, "u": 4, "U": 8}  # \xA0: how many digits follow
BREAK = re.compile(r"\r\n|\r|\n")
FOLDED = re.compile(r"[ \t]*(?:\r\n|\r|\n)(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*")
CONTINUED = re.compile(r"\\(?:\r\n|\r|\n)[ \t]*")
HEADER = re.compile(r"[|>]([-+]?)[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")

#: A letter of the value, and the offset in the file's text where it is written.
Letter = tuple[str, int]
#: Reads what is written at an offset: the letter it means ("" for none), and how many characters it took.
Read = Callable[[str, int], tuple[str, int]]


def place_of(file: File, scalar: Scalar, start: int, end: int) -> Place:
    """Return where [start, end) of a value stands in its file."""
    letters = list(_letters(file.text, scalar))
    if not letters or "".join(letter for letter, _ in letters) != scalar.value:
        return scalar.place
    offsets = [offset for _, offset in letters]
    first = offsets[start] if start < len(offsets) else offsets[-1] + 1
    last = offsets[end - 1] + 1 if start < end <= len(offsets) else first + 1
    line, column = _line_and_column(file.text, first)
    end_line, end_column = _line_and_column(file.text, last)
    return Place(line=line, column=column, end_line=end_line, end_column=end_column)


def _letters(text: str, scalar: Scalar) -> Iterator[Letter]:
    if scalar.style in ("|", ">"):
        return _block(text[: scalar.end], scalar.start, folded=scalar.style == ">")
    if scalar.style == "'":
        return _flow(text[: scalar.end - 1], scalar.start + 1, _single)
    if scalar.style == '"':
        return _flow(text[: scalar.end - 1], scalar.start + 1, _double)
    return _flow(text[: scalar.end], scalar.start, _as_written)


def _flow(text: str, at: int, read: Read) -> Iterator[Letter]:
    while at < len(text):
        if folded := FOLDED.match(text, at):
            breaks = len(BREAK.findall(folded[0]))
            for letter in "\n" * (breaks - 1) or " ":
                yield letter, at
            at = folded.end()
            continue
        letter, width = read(text, at)
        if letter:
            yield letter, at
        at += width


def _as_written(text: str, at: int) -> tuple[str, int]:
    return text[at], 1


def _single(text: str, at: int) -> tuple[str, int]:
    return text[at], 2 if text[at] == "'" else 1


def _double(text: str, at: int) -> tuple[str, int]:
    if text[at] != "\\":
        return text[at], 1
    if continued := CONTINUED.match(text, at):
        return "", len(continued[0])
    code = text[at + 1]
    if code in CODE_POINTS:
        digits = text[at + 2 : at + 2 + CODE_POINTS[code]]
        return chr(int(digits, 16)), 2 + len(digits)
    return ESCAPES.get(code, ""), 2


def _block(text: str, at: int, *, folded: bool) -> Iterator[Letter]:
    header = HEADER.match(text, at)
    if not header:
        return iter(())
    lines = _lines(text, header.end())
    letters = _fold(lines) if folded else [letter for line in lines for letter in line]
    while letters and letters[-1][0] == "\n" and header[1] != "+":
        last = letters.pop()
        if header[1] == "" and (not letters or letters[-1][0] != "\n"):
            letters.append(last)
            break
    return iter(letters)


def _lines(text: str, at: int) -> list[list[Letter]]:
    """Return the lines of a block without their indentation, each with its line break."""
    written = [
        (found.start(), found[0])
        for found in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n|\Z)", text[at:])
        if found[0]
    ]
    indent = next((len(line) - len(line.lstrip(" ")) for _, line in written if line.strip()), 0)
    lines: list[list[Letter]] = []
    for start, line in written:
        words = BREAK.sub("", line)
        letters = [(words[n], at + start + n) for n in range(min(indent, len(words)), len(words))]
        lines.append([*letters, ("\n", at + start + len(words))])
    return lines


def _fold(lines: list[list[Letter]]) -> list[Letter]:
    """Join lines as > does; lines indented further are not known here, and then nothing fits the value."""
    letters: list[Letter] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        letters += line[:-1]
        if following is None or len(line) == 1:
            letters.append(line[-1])
        elif len(following) > 1:
            letters.append((" ", line[-1][1]))
    return letters


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    breaks = list(BREAK.finditer(text, 0, offset))
    return len(breaks) + 1, offset - (breaks[-1].end() if breaks else 0) + 1
