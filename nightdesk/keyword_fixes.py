"""What could a line of keywords have been meant to say, and what does one press of a button make of it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from news.errors import QueryError
from nightdesk.keyword_drafts import BOXES, Box, Draft, with_lines

#: Take a line out, put one back, write another in its place, write several, put it under "never".
FixKind = Literal["take", "put", "swap", "split", "never"]
_SMALL = re.compile(r"or|and|not|&", re.IGNORECASE)
_OPEN_ENDS = (")", '"', '")', "))")
_NOT = re.compile(r"^(?:NOT\s+|-\s*)")
_SIGN = re.compile(r"(?:NEAR|ONEAR)/\d+|OR|AND")
_LOOSE = re.compile(r"^(?:(?:AND|OR)\s+)+|(?:\s+(?:AND|OR|NOT))+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What one press does."""

    kind: FixKind
    box: Box
    line: str
    instead: str = ""

    @property
    def value(self) -> str:
        """What the button sends."""
        return f"{self.kind}\n{self.box}\n{self.line}\n{self.instead}"

    @property
    def button(self) -> str:
        """What stands on the button."""
        match self.kind:
            case "put":
                return f"Put “{self.line}” back"
            case "swap":
                return f"Make it {self.instead}"
            case "split":
                return "Make it a line for each"
            case "never":
                return f"Put “{self.instead}” under “never”"
        return f"Take “{self.line}” out"


def fixed(draft: Draft, value: str) -> Draft:
    """Return a draft in which a remark's button was pressed; an unknown one changes nothing."""
    kind, box, line, instead = (*value.split("\n"), "", "", "", "")[:4]
    if box not in BOXES:
        return draft
    lines = draft.lines(box)
    if kind == "never" and instead and line in lines:
        draft = with_lines(draft, "never", tuple(dict.fromkeys((*draft.never, instead))))
        kind = "take"
    changed = {
        "take": [each for each in lines if each != line],
        "put": [*lines, *([line] if line and line not in lines else [])],
        "swap": [instead if each == line and instead else each for each in lines],
        "split": [one for each in lines for one in (_pieces(line) if each == line else [each])],
    }.get(kind, list(lines))
    return with_lines(draft, box, tuple(dict.fromkeys(changed)))


def _pieces(line: str) -> list[str]:
    return [piece for piece in (each.strip() for each in re.split("[,;]", line)) if piece]


def mended(box: Box, line: str, error: QueryError) -> Fix:
    """Return how a line that cannot be read may be mended; else it is taken out."""
    if box != "never" and (bare := _NOT.sub("", line)) != line and _is_readable(bare):
        return Fix(kind="never", box=box, line=line, instead=bare)
    for instead in (" ".join(each.split()) for each in _readings(line, error)):
        if instead and _is_readable(instead):
            return Fix(kind="swap", box=box, line=line, instead=instead)
    return Fix(kind="take", box=box, line=line)


def _readings(line: str, error: QueryError) -> Iterator[str]:
    """Yield what a line may have been meant to say, the likeliest first."""
    if _SIGN.fullmatch(error.write):
        yield f"{line[: error.start]}{error.write}{line[error.end :]}"
    yield from (line + end for end in _OPEN_ENDS)
    yield _LOOSE.sub("", line)
    yield line[: error.start] + line[error.end :]


def meant(box: Box, line: str, said: str, span: tuple[int, int]) -> Fix:
    """Return what a line was probably meant to say: `said` is what a warning tells to write in this span."""
    for instead in _instead(line, said, span):
        if instead != line and _is_readable(instead):
            return Fix(kind="swap", box=box, line=line, instead=instead)
    if box == "any" and "a line for each" in said and all(map(_is_readable, _pieces(line))):
        return Fix(kind="split", box=box, line=line)
    return Fix(kind="take", box=box, line=line)


def _instead(line: str, said: str, span: tuple[int, int]) -> Iterator[str]:
    start, end = span
    there = line[start:end]
    word = there.strip('"')
    if said.startswith(f"={word} "):
        yield f"{line[:start]}={word}{line[end:]}"
    elif _SMALL.fullmatch(there):
        yield f"{line[:start]}{'AND' if there == '&' else there.upper()}{line[end:]}"
    elif said.startswith("NEAR/") or (said.startswith("(") and said.endswith(")")):
        yield f"{line[:start]}{said}{line[end:]}"


def _is_readable(line: str) -> bool:
    from news.matching.parsing import parse

    try:
        parse(line)
    except QueryError:
        return False
    return True
