"""What do the commands share that look after watchlists?

They work while a watchlist is broken, so that it can be mended with them, and beside a running Nightdesk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from config.picking import words
from config.reading import read_bytes
from news.errors import ConfigError
from news.wording import joined
from nightdesk.cli.archive import is_there
from nightdesk.cli.context import MAIN_FILE, Call, TroubleError

if TYPE_CHECKING:
    from config.explain import Problem
    from config.memory import Memory
    from config.settings import Settings
    from nightdesk.watchlists import Shelved, Writer
    from storage.contract import Store

MOST_NAMES = 6  # watchlists that an error names


def readable_settings(call: Call, memory: Memory | None = None) -> Settings:
    """Return what the newsroom decided, broken watchlists left out."""
    from config.load import renew

    if not (call.folder / MAIN_FILE).exists():
        return call.settings()  # says that there is no newsroom
    return renew(call.folder, call.around.environment, None, memory).settings or call.settings()


def settings_beside_broken(call: Call, *, wanted: str = "") -> Settings:
    """Return what the newsroom decided; watchlists that are broken are left out, and each is named.

    Raises:
        TroubleError: the watchlist that is wanted is a broken one, or more than watchlists is broken.
    """
    from config.explain import count, render
    from config.load import renew

    if not (call.folder / MAIN_FILE).exists():
        return call.settings()  # says that there is no newsroom
    renewed = renew(call.folder, call.around.environment, None)
    if renewed.settings is None:
        return call.settings()  # says what is wrong
    wrong: dict[str, list[Problem]] = {}
    for problem in renewed.errors:
        wrong.setdefault(problem.path, []).append(problem)
    for path, problems in sorted(wrong.items()):
        private = path in renewed.private
        if wanted and wanted.strip().lower().removesuffix(".yaml") in _names_in(call.folder, path):
            call.printer.trouble(count(problems) if private else render(problems))
            what = f"{count(problems)} in {wanted}; nothing was done"
            raise TroubleError(what, then=call.typed("check"))
        named = "a private watchlist" if private else path
        call.printer.say(f"{named}: {count(problems)}, left out here; to see more: {call.typed('check')}")
    return renewed.settings


def _names_in(folder: Path, path: str) -> set[str]:
    """Return what a watchlist's file may be called, broken as it is."""
    root = read_bytes(path, (folder / path).read_bytes()).root
    return {PurePosixPath(path).stem.lower(), words(root, "id").lower(), words(root, "name").lower()}


@contextmanager
def store_of(call: Call, settings: Settings, *, make: bool) -> Iterator[Store | None]:
    """Open the archive; None when there is none and none should be made."""
    if not (make or is_there(settings)):
        yield None
        return
    from storage.open import open_store

    store = open_store(settings.database.reveal(), now=call.now, migrate=not is_there(settings))
    try:
        yield store
    finally:
        store.close()


@contextmanager
def writer_for(call: Call, who: str | None) -> Iterator[Writer]:
    """Give what writes watchlists' files, in the name of whoever was typed or is logged in."""
    from config.memory import Memory
    from nightdesk.watchlists import Writer

    memory = Memory()
    around = call.around.environment
    by = who or around.get("USER") or around.get("LOGNAME") or "somebody at the command line"
    with store_of(call, readable_settings(call, memory), make=True) as store:
        if store is not None:
            yield Writer(
                folder=call.folder, environment=around, store=store, now=call.now, who=by, memory=memory
            )


def shelved_named(call: Call, name: str) -> Shelved:
    """Return a watchlist's file by its id or its name; a private one only by these, not by its number.

    Raises:
        UsageError: there is none of that name; says which one was probably meant.
    """
    from difflib import get_close_matches

    from nightdesk.watchlists import shelf

    wanted = name.strip().lower().removesuffix(".yaml")
    known: dict[str, Shelved] = {}
    open_ids: list[str] = []
    for each in shelf(call.folder, call.around.environment):
        names = {each.id.lower(), each.watchlist.name.lower() if each.watchlist else each.id.lower()}
        known |= dict.fromkeys(names, each)
        open_ids += [] if each.private else [each.id]
    if wanted in known:
        return known[wanted]
    close = get_close_matches(wanted, open_ids, n=1)
    there = (
        f"did you mean {close[0]}?"
        if close
        else f"there is {joined(sorted(open_ids)[:MOST_NAMES]) or 'none'}"
    )
    what = f'there is no watchlist "{name}"; {there}'
    raise click.UsageError(what, click.get_current_context())


@contextmanager
def refusing(call: Call, shelved: Shelved) -> Iterator[None]:
    """Print why a change was refused."""
    from config.explain import render
    from nightdesk.watchlists import NotChangedError

    try:
        yield
    except NotChangedError as error:
        if error.problems:
            call.printer.trouble(render(error.problems))
        raise TroubleError(str(error), then=_again(call, shelved)) from error
    except ConfigError as error:
        what = f"{shelved.path} was not changed: {error}"
        raise TroubleError(what, then=_again(call, shelved)) from error


def _again(call: Call, shelved: Shelved) -> str:
    return call.typed(f"watchlists show {shelved.id}" if shelved.text else "watchlists add --help")
