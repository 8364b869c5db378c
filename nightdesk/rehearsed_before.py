"""Which earlier version of a watchlist is a rehearsal compared with?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from news.errors import QueryError
from news.nouns import Watchlist
from news.wording import when
from storage.contract import KeptWatchlist, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """An earlier version, and how it is called in a sentence."""

    watchlist: Watchlist
    said: str


def saved_before(
    store: Store, watchlist: Watchlist, *, since: datetime, zone: str, now: datetime
) -> Before | None:
    """Return the version in force, when the file says something else by now; else the one before.

    The one before is of interest when the change was made in the days that are played. None: there is none,
    or its lines can no longer be read.
    """
    kept = store.kept_watchlists(watchlist.id)
    in_force = next((each for each in kept if each.in_force), None)
    others = [each for each in kept if each.watchlist.version != watchlist.version]
    if in_force is not None and in_force in others:
        return _readable(in_force, f"the version in force since {when(in_force.kept_at, zone, now=now)}")
    if in_force is None or in_force.kept_at < since or not others:
        return None
    return _readable(others[0], f"the version before {when(in_force.kept_at, zone, now=now)}")


def _readable(kept: KeptWatchlist, said: str) -> Before | None:
    from news.matching.compiled import compile_watchlist

    try:
        compile_watchlist(kept.watchlist)
    except QueryError:  # written for an older language
        return None
    return Before(watchlist=kept.watchlist, said=said)
