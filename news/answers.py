"""What did a source answer lately?

The last answers, kept with the source as text: a line for each, the newest first. The same answer given again
and again ("nothing new") is one line that says how often, so that a page of lines tells of days.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

KEPT = 60  # answers of a source


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a source answered: once, or several times without another answer between."""

    # When it was given first, and last.
    first: datetime
    last: datetime
    times: int = 1
    # HTTP's number; 0: no answer came.
    status: int = 0
    # Entries that stood there, and how many of them were not known. Unchanged bytes are not read again: 0.
    found: int = 0
    new: int = 0
    # Seconds that asking and reading took, the last time.
    took: float = 0.0
    # The class of what is wrong and its sentence (`news/troubles.py`); "" for nothing.
    trouble: str = ""
    words: str = ""


def noted(lines: str, answer: Answer) -> str:
    """Return the lines with one answer more; the oldest goes when there are too many."""
    newest, _, older = lines.partition("\n")
    before = _answer(newest) if newest else None
    if before is not None and _is_the_same(before, answer):
        answer = replace(answer, first=before.first, times=before.times + 1)
    else:
        older = lines
    kept = older.split("\n")[: KEPT - 1] if older else []
    return "\n".join([_line(answer), *kept])


def answers_in(lines: str) -> Iterator[Answer]:
    """Yield the answers of a source, the newest first."""
    yield from map(_answer, filter(None, lines.split("\n")))


def _is_the_same(one: Answer, other: Answer) -> bool:
    if one.new or other.new:
        return False
    return (one.status, one.trouble, one.words) == (other.status, other.trouble, other.words)


def _line(answer: Answer) -> str:
    return json.dumps(
        [
            round(answer.first.timestamp(), 3),
            round(answer.last.timestamp(), 3),
            answer.times,
            answer.status,
            answer.found,
            answer.new,
            round(answer.took, 3),
            answer.trouble,
            answer.words,
        ],
        ensure_ascii=False,
    )


def _answer(line: str) -> Answer:
    first, last, times, status, found, new, took, trouble, words = json.loads(line)
    return Answer(
        first=datetime.fromtimestamp(first, UTC),
        last=datetime.fromtimestamp(last, UTC),
        times=times,
        status=status,
        found=found,
        new=new,
        took=took,
        trouble=trouble,
        words=words,
    )
