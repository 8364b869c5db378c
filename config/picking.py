"""What stands under this name, if it stands there as it should?

What stands there otherwise was told by `config/shape.py`; here it counts as not written, so that the rest
of the file is looked at all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from config.tree import Listing, Node, Scalar, Table

SPAN = re.compile(r"([0-9]+) ?([smhdw]|(?:second|minute|hour|day|week|month|year)s?)")
DAY = 86_400  # seconds
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": DAY, "week": 7 * DAY, "year": 365 * DAY}
SECONDS |= {name[0]: seconds for name, seconds in SECONDS.items() if name != "year"}
SECONDS["month"] = 365 * DAY // 12  # so that 12 months are a year


def under(node: Node | None, *names: str) -> Node | None:
    """Return the value under names that lie inside one another."""
    for name in names:
        node = node[name] if isinstance(node, Table) and name in node else None
    return node


def scalar(node: Node | None, *names: str) -> Scalar | None:
    """Return a single value of words."""
    found = under(node, *names)
    return found if isinstance(found, Scalar) and isinstance(found.value, str) else None


def words(node: Node | None, *names: str, default: str = "") -> str:
    """Return words, or the default."""
    found = under(node, *names)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else default


def truth(node: Node | None, *names: str, default: bool) -> bool:
    """Return true or false, or the default."""
    found = under(node, *names)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, bool) else default


def number(node: Node | None, *names: str, default: int) -> int:
    """Return a whole number, or the default."""
    found = under(node, *names)
    value = found.value if isinstance(found, Scalar) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def items(node: Node | None, *names: str) -> tuple[Node, ...]:
    """Return the lines of a list."""
    found = under(node, *names)
    return found.items if isinstance(found, Listing) else ()


def texts(node: Node | None, *names: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the words of a list."""
    found = items(node, *names)
    return tuple(words(item) for item in found) if found else default


def scalars(node: Node | None, *names: str) -> Iterator[Scalar]:
    """Yield the lines of a list that are words."""
    for item in items(node, *names):
        if isinstance(item, Scalar) and isinstance(item.value, str):
            yield item


def span(text: str, default: timedelta) -> timedelta:
    """Return a length of time: "15m", "2 h", "30d", "12 months" (365 days)."""
    found = SPAN.fullmatch(text)
    if not found:
        return default
    unit = found[2] if found[2] in SECONDS else found[2].removesuffix("s")
    return timedelta(seconds=int(found[1]) * SECONDS[unit])


def span_words(length: timedelta) -> str:
    """Return a length of time as a file says it, in the largest unit that fits: "15m", "2h"."""
    seconds = int(length.total_seconds())
    unit = next(each for each in ("d", "h", "m", "s") if seconds % SECONDS[each] == 0)
    return f"{seconds // SECONDS[unit]}{unit}"
