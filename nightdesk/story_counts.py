"""How many stories would each filter of a list show? Each is counted with the other filters as they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from nightdesk.private import open_ids

if TYPE_CHECKING:
    from config.settings import Settings
    from nightdesk.story_wish import Wish
    from storage.contract import Store
    from storage.list_contract import StoryChoice, Tally

Spans = Mapping[str, tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Stories of every choice, by its name; "" does not choose."""

    total: int
    watchlists: Mapping[str, int]
    grades: Mapping[str, int]
    sources: Mapping[str, int]
    spans: Mapping[str, int]
    shows: Mapping[str, int]


#: What a list shows under each name. What was kept out stands in no other list unless it was found as well.
_SHOWN: Mapping[str, Callable[[Tally], bool]] = {
    "": lambda each: each.grade is not None,
    "at once": lambda each: each.grade is not None and each.at_once,
    "later": lambda each: each.grade is not None and not each.at_once,
    "claimed": lambda each: each.grade is not None and each.claimed,
    "kept out": lambda each: each.kept_out,
}


def count(store: Store, settings: Settings, wish: Wish, choice: StoryChoice, *, spans: Spans) -> Counts:
    """Count the stories of each choice; `choice` is what the list asks the store for."""
    rows = _read(store, settings, choice, spans)
    found = _held_against(rows, wish, spans[wish.span], _told_by(store, wish, rows))
    return Counts(
        total=len({row.story_id for row in found[""]}),
        watchlists=_numbers(found["watchlist"], lambda row: ("", row.watchlist_id)),
        grades=_numbers(found["grade"], _grades_of),
        sources=store.count_sources(sorted({row.story_id for row in found["source"]})),
        spans=_numbers(found["span"], lambda row: _spans_of(row, spans)),
        shows=_numbers(found["show"], _shows_of),
    )


def _grades_of(row: Tally) -> Iterable[str]:
    return ("", row.grade.value) if row.grade else ("",)


def _spans_of(row: Tally, spans: Spans) -> Iterator[str]:
    return (name for name, (since, until) in spans.items() if since <= row.updated < until)


def _shows_of(row: Tally) -> Iterator[str]:
    return (name for name, shown in _SHOWN.items() if shown(row))


def _read(store: Store, settings: Settings, choice: StoryChoice, spans: Spans) -> tuple[Tally, ...]:
    """Read the longest span, and the chosen one where it lies before that."""
    everything = replace(choice, watchlist_ids=tuple(sorted(open_ids(settings))))
    since, until = max(spans.values(), key=lambda span: span[1] - span[0])
    rows = store.tally(replace(everything, since=since, until=until))
    if since <= choice.since:
        return rows
    before = store.tally(replace(everything, since=choice.since, until=min(choice.until, since)))
    return (*rows, *before)


def _told_by(store: Store, wish: Wish, rows: tuple[Tally, ...]) -> frozenset[int] | None:
    """Return the stories that the chosen source tells; None when any source will do."""
    if not wish.source:
        return None
    return store.stories_told_by(wish.source, sorted({each.story_id for each in rows}))


def _held_against(
    rows: Iterable[Tally], wish: Wish, span: tuple[datetime, datetime], told: frozenset[int] | None
) -> Mapping[str, Sequence[Tally]]:
    """Return, for each filter, the rows that all the others let through; "" has those of the list itself."""
    filters: Mapping[str, Callable[[Tally], bool]] = {
        "watchlist": lambda row: wish.watchlist in {"", row.watchlist_id},
        "grade": lambda row: wish.grade in {None, row.grade},
        "source": lambda row: told is None or row.story_id in told,
        "span": lambda row: span[0] <= row.updated < span[1],
        "show": _SHOWN[wish.show],
    }
    found: dict[str, list[Tally]] = {"": [], **{name: [] for name in filters}}
    for row in rows:
        stopped = [name for name, lets_through in filters.items() if not lets_through(row)]
        if len(stopped) <= 1:
            for name in stopped or found:
                found[name].append(row)
    return found


def _numbers(rows: Iterable[Tally], names_of: Callable[[Tally], Iterable[str]]) -> Mapping[str, int]:
    """Return how many stories there are of each name."""
    each_once = {(name, row.story_id) for row in rows for name in names_of(row)}
    return defaultdict(int, Counter(name for name, _ in each_once))
