"""Can the matcher read a line of words, and does it mean what its writer meant?

The matcher itself is asked, so that `check` and the watch never differ over a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from config.explain import Place, Problem, nearest
from config.tree import File, Scalar
from news.errors import QueryError
from news.nouns import Watchlist


def check_line(file: File, line: Scalar) -> Iterator[Problem]:
    """Yield the error that keeps the matcher from reading a line, or its warnings."""
    from news.matching.language import warnings

    try:
        for warning in warnings(str(line.value)):
            place = _place(file, line, warning.start, warning.end)
            yield file.problem(place, warning.what, warning.write, severity="warning")
    except QueryError as error:
        yield file.problem(_place(file, line, error.start, error.end), error.what, error.write)


def check_lists(file: File, watchlist: Watchlist, lines: Iterable[Scalar]) -> Iterator[Problem]:
    """Yield warnings of lines that only look wrong beside the others: never leaves out all that any finds."""
    from news.matching.language import list_warnings

    try:
        told = list_warnings(watchlist)
    except QueryError:
        return  # told where the line is read
    places = {file.where(line.place): line for line in lines}
    for clause, warning in told:
        place = _place(file, places[clause.where], warning.start, warning.end)
        yield file.problem(place, warning.what, warning.write, severity="warning")


def check_sources_named(
    file: File, lines: Iterable[Scalar], *, names: Iterable[str], groups: Iterable[str]
) -> Iterator[Problem]:
    """Yield a warning for each source or group that a line asks for and nobody declared."""
    known = {"group": {group.lower() for group in groups}, "": {name.lower() for name in names}}
    for line in lines:
        if "source:" not in str(line.value).lower():
            continue
        from news.matching.language import sources_named

        try:
            named = list(sources_named(str(line.value)))
        except QueryError:
            continue  # told where the line is read
        for asked, start, end in named:
            kind = "group" if asked.key == "group" else ""
            if asked.value.lower() not in known[kind]:
                meant = nearest(asked.value, known[kind])
                what = f'there is no {kind or "source"} "{asked.value}"'
                place = _place(file, line, start, end)
                yield file.problem(place, what, meant or "a name from sources/", severity="warning")


def _place(file: File, line: Scalar, start: int, end: int) -> Place:
    from config.places import place_of

    return place_of(file, line, start, end)
