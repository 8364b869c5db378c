"""What do commands share that look into the newsroom's archive?

They work beside a running Nightdesk: they only read, and they never migrate a database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from news.wording import joined
from nightdesk.cli.context import Call, TroubleError

if TYPE_CHECKING:
    from config.settings import Settings
    from news.nouns import Watchlist
    from storage.contract import Store

SQLITE = "sqlite:///"
#: Watchlists that an error names.
MOST_NAMES = 6


@contextmanager
def archive(call: Call, settings: Settings) -> Iterator[Store]:
    """Open the archive for a command, and close it after.

    Raises:
        TroubleError: Nightdesk has not run here yet.
        StorageError: the database cannot be read, or is older or newer than this program.
    """
    if not is_there(settings):
        raise TroubleError("nothing was watched yet, so there is nothing to look at", then=call.typed("run"))
    from storage.open import open_store

    store = open_store(settings.database.reveal(), now=call.now, migrate=False)
    try:
        yield store
    finally:
        store.close()


def is_there(settings: Settings) -> bool:
    """Return whether there is a database: a file that is not there was never run on."""
    database = settings.database.reveal()
    return not database.startswith(SQLITE) or Path(database.removeprefix(SQLITE)).exists()


def watchlist_named(settings: Settings, name: str, call: Call) -> Watchlist:
    """Return a watchlist by its id or its name.

    Raises:
        UsageError: there is none of that name; says which one was probably meant.
        TroubleError: there is none at all.
    """
    from difflib import get_close_matches

    wanted = name.strip().lower().removesuffix(".yaml")
    known = {watchlist.name.lower(): watchlist for watchlist in settings.watchlists}
    known |= {watchlist.id.lower(): watchlist for watchlist in settings.watchlists}
    if wanted in known:
        return known[wanted]
    if not known:
        raise TroubleError("there is no watchlist yet", then=call.typed("check"))
    told = {name: each for name, each in known.items() if not each.private}
    close = get_close_matches(wanted, told, n=1)
    ids = sorted({watchlist.id for watchlist in told.values()})
    there = f"did you mean {known[close[0]].id}?" if close else f"there is {joined(ids[:MOST_NAMES])}"
    what = f'there is no watchlist "{name}"; {there}'
    raise click.UsageError(what, click.get_current_context())


#: The number of a story; larger ones no database can hold.
STORY_NUMBER = click.IntRange(1, 2**63 - 1)


class Span(click.ParamType[timedelta]):
    """A length of time: 24h, 7d, 90m, 2 weeks."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read what was typed."""
        if isinstance(value, timedelta):
            return value
        from config.picking import span

        typed = str(value).strip().lower()
        length = span(typed, timedelta())
        if not length:
            self.fail(f'"{value}" is not a length of time; write 24h, 7d or 2w', param, ctx)
        return length


SPAN = Span()


def shortest(text: str, width: int) -> str:
    """Return a text that fits a column, cut with "…"."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"
