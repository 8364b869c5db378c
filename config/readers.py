"""Who reads, where, and on whose clock? When is everybody away?

A watchlist may send to `reader:night-editor`; `Settings` makes of that the person's own place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from config.explain import Problem
from config.hours import are_too_long, check_zone
from config.picking import items, scalar, scalars, under, words
from config.settings import Holiday, Reader, Role
from config.tree import File, Node, Scalar
from news.nouns import QuietHours

HOLIDAY = re.compile(r"(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?")
ROLES = {role.name.lower(): role for role in Role}
LONGEST_HOLIDAY = 31  # days; longer ones are typing errors


def read_readers(root: Node | None) -> tuple[Reader, ...]:
    """Return the people that nightdesk.yaml names."""
    return tuple(
        Reader(
            id=words(one, "id"),
            name=words(one, "name"),
            slack=f"slack:{words(one, 'slack')}" if words(one, "slack") else "",
            email=f"email:{words(one, 'email')}" if words(one, "email") else "",
            timezone=words(one, "timezone"),
            role=ROLES.get(words(one, "role"), Role.READER),
            quiet=_quiet(one),
        )
        for one in items(root, "readers")
    )


def _quiet(one: Node) -> tuple[QuietHours, ...] | None:
    if words(one, "quiet_hours") == "off":
        return ()
    start, end = words(one, "quiet_hours", "from"), words(one, "quiet_hours", "to")
    return (QuietHours(start=start, end=end),) if start and end else None


def read_holidays(root: Node | None) -> tuple[Holiday, ...]:
    """Return the dates on which only what is urgent is told; those that are none are left out."""
    return tuple(found for line in scalars(root, "holidays") if (found := _holiday(line)) is not None)


def _holiday(line: Scalar) -> Holiday | None:
    found = HOLIDAY.fullmatch(str(line.value))
    try:
        first = date.fromisoformat(found[1]) if found else None
        last = date.fromisoformat(found[2] or found[1]) if found else None
    except ValueError:
        return None
    if first is None or last is None or not 0 <= (last - first).days < LONGEST_HOLIDAY:
        return None
    return Holiday(first=first, last=last)


def _check_quiet(file: File, one: Node) -> Iterator[Problem]:
    start = scalar(one, "quiet_hours", "from")
    if start is not None and any(map(are_too_long, _quiet(one) or ())):
        what = "a story would wait more than 12 hours in these quiet hours"
        yield file.problem(start.place, what, "times that are at most 12 hours apart")


def check_readers(file: File) -> Iterator[Problem]:
    """Yield what is wrong with readers and holidays."""
    known: set[str] = set()
    for one in items(file.root, "readers"):
        id_ = scalar(one, "id")
        yield from check_zone(file, scalar(one, "timezone"))
        yield from _check_quiet(file, one)
        if id_ is None:
            continue
        if str(id_.value) in known:
            yield file.problem(
                id_.place, f'there are two readers "{id_.value}"', "another id for one of them"
            )
        known.add(str(id_.value))
        if not (words(one, "slack") or words(one, "email") or under(one, "role")):
            what = "this reader can be reached nowhere"
            write = "slack: and the conversation's id, or email:, beside it; for the console alone, role:"
            yield file.problem(id_.place, what, write)
    for line in scalars(file.root, "holidays"):
        if _holiday(line) is None:
            what = f'"{line.value}" is no date, and no span of at most {LONGEST_HOLIDAY} days'
            yield file.problem(line.place, what, '"2026-12-24 to 2026-12-26"')
