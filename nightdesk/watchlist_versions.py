"""What was changed in a watchlist, when, by whom, and what is an undo?

Every text that was saved is kept; what differs between two of them is told in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config.reading import read_text
from config.tree import plain
from nightdesk.watchlists import LISTS

FEW = 20  # watchlists; what each of them said last is asked for one by one, and not of all that there are

if TYPE_CHECKING:
    from news.nouns import Watchlist
    from storage.contract import SavedText, Store


def differences(before: str, after: str) -> tuple[str, ...]:
    """Return what differs between two texts of a watchlist's file, a line each."""
    if before == after:
        return ()
    old, new = _said(before), _said(after)
    if old is None or new is None:
        return ("it could not be read" if new is None else "it can be read again",)
    found = [*_line_differences(old, new), *_other_differences(old, new)]
    return tuple(found) or ("only comments or spaces",)


def _said(text: str) -> dict[str, object] | None:
    """Return what a file says, the short form written the long way."""
    file = read_text("", text)
    said = plain(file.root)
    if file.problems or not isinstance(said, dict):
        return None
    match = said.get("match")
    return {**said, "match": {"any": match}} if isinstance(match, list) else said


def _at(said: Mapping[str, object], path: tuple[str, ...]) -> list[object]:
    inner: object = said
    for name in path:
        inner = inner.get(name) if isinstance(inner, dict) else None
    return inner if isinstance(inner, list) else []


def _line_differences(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for path in LISTS:
        before, after = _at(old, path), _at(new, path)
        name = path[-1].replace("_", " ")
        yield from (f"{name}: added {_shown(line)}" for line in after if line not in before)
        yield from (f"{name}: removed {_shown(line)}" for line in before if line not in after)
        if before != after and sorted(map(str, before)) == sorted(map(str, after)):
            yield f"{name}: in another order"


def _other_differences(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    if old.get("enabled", True) != new.get("enabled", True):
        yield "paused" if new.get("enabled", True) is False else "resumed"
    before, after = _default(old), _default(new)
    if before != after:
        yield f"priority: {before}, now {after}"
    listed = {"match", "priority", "enabled", "expect_match", "expect_no_match"}
    for name in dict.fromkeys([*old, *new]):
        if name not in listed and old.get(name) != new.get(name):
            yield _changed(name, old.get(name), new.get(name))


def _default(said: Mapping[str, object]) -> object:
    priority = said.get("priority")
    return priority.get("default", "normal") if isinstance(priority, dict) else "normal"


def _changed(name: str, before: object, after: object) -> str:
    if before is None:
        return f"{name}: {_shown(after)} is new"
    if after is None:
        return f"{name}: {_shown(before)} is gone"
    return f"{name}: {_shown(before)}, now {_shown(after)}"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(each)}" for name, each in value.items())
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One saved version of a watchlist."""

    # Counted from 1, the oldest.
    number: int
    saved: SavedText
    # Against the version before; "first seen" for the oldest.
    what: tuple[str, ...]


def versions(texts: Sequence[SavedText]) -> tuple[Version, ...]:
    """Return the versions of a watchlist, newest first, from its saved texts, newest first."""
    oldest_first = list(reversed(texts))
    found = [
        Version(
            number=number,
            saved=saved,
            what=differences(oldest_first[number - 2].text, saved.text) if number > 1 else ("first kept",),
        )
        for number, saved in enumerate(oldest_first, start=1)
    ]
    return tuple(reversed(found))


def to_undo(found: Sequence[Version], now: str, number: int | None) -> Version | None:
    """Return the version that an undo goes back to: the one asked for, or the last that says something else.

    What was undone is not gone back to by a second undo: that goes one further.
    """
    if number is not None:
        return next((each for each in found if each.number == number), None)
    here = next((n for n, each in enumerate(found) if each.saved.text == now), -1)
    if here >= 0 and found[here].saved.how == "undone":
        first = [n for n, each in enumerate(found) if each.saved.text == now]
        here = max(first)
    return next((each for each in found[here + 1 :] if each.saved.text != now), None)


def keep_what_is_there(
    store: Store, folder: Path, watchlists: Sequence[Watchlist], *, now: datetime, who: str = "files"
) -> None:
    """Keep what the files of these watchlists say, as far as it is not kept already."""
    texts: dict[str, str] = {}
    for watchlist in watchlists:
        path = folder / watchlist.where
        if watchlist.where and path.is_file():
            texts[watchlist.id] = path.read_bytes().decode("utf-8", errors="replace")
    if len(texts) > FEW:
        store.keep_texts(texts, now=now, who=who)
        return
    for id_, text in texts.items():
        store.keep_text(id_, text, now=now, who=who)
