"""Can the matcher read a line of words, and does it mean what its writer meant?

The matcher itself is asked, so that `check` and the watch never differ over a line.
"""

from __future__ import annotations

from collections.abc import Iterator

from config.explain import Problem
from config.places import place_of
from config.tree import File, Scalar
from news.errors import QueryError


def check_line(file: File, line: Scalar) -> Iterator[Problem]:
    """Yield the error that keeps the matcher from reading a line, or its warnings."""
    from news.matching.language import parse, warnings

    text = str(line.value)
    try:
        parse(text)
    except QueryError as error:
        yield file.problem(place_of(file, line, error.start, error.end), error.what, error.write)
        return
    for warning in warnings(text):
        place = place_of(file, line, warning.start, warning.end)
        yield file.problem(place, warning.what, warning.write, severity="warning")
