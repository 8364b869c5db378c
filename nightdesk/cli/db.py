"""`nightdesk db`: copy the archive, put it back, let old texts go, bring it up to date, measure it."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from news.wording import counted, when
from nightdesk.backups import backups
from nightdesk.cli.archive import SQLITE, is_there
from nightdesk.cli.context import Call, TroubleError, command, group, shown

if TYPE_CHECKING:
    from config.settings import Settings
    from storage.pruning import Pruning
    from storage.upkeep import Stats

FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

#: What each table holds, in words; the others are the house's own.
CONTENTS = {
    "sources": ("source", ""),
    "clippings": ("entry from sources", "entries from sources"),
    "articles": ("article", ""),
    "stories": ("story", ""),
    "story_matches": ("match of a story and a watchlist", "matches of a story and a watchlist"),
    "deliveries": ("sent message", ""),
    "digests": ("digest", ""),
    "audit": ("record of who did what", "records of who did what"),
}
MEGABYTE = 1_000_000


@group("db")
def db() -> None:
    """The archive: backup, restore, prune, upgrade, stats."""


@command("backup", under=db)
@click.argument("file", type=FILE, required=False, metavar="[FILE]")
def backup(call: Call, file: Path | None) -> None:
    """Write a copy of the archive to FILE, also while Nightdesk runs.

    A copy can be restored into SQLite and into PostgreSQL, whichever it came from.
    """
    address = there(call).database.reveal()
    file = file or backups(address) / f"nightdesk-{call.now.astimezone(UTC):%Y%m%dT%H%M%SZ}.jsonl.gz"
    from storage import upkeep

    rows = upkeep.backup(address, file, now=call.now)
    call.printer.data(shown(file.absolute()))
    call.printer.record({"file": str(file), "rows": rows, "bytes": file.stat().st_size})
    call.printer.say(f"{counted(rows, 'row')}, {size(file.stat().st_size)}.")


@command("restore", under=db)
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Put it in the place of what is there, which is copied first.")
def restore(call: Call, file: Path, replace: bool) -> None:
    """Put a copy in the place of the archive: all of it, or nothing.

    Nightdesk must not be running. FILE is what `backup` wrote, or a SQLite file of Nightdesk's.
    """
    address = call.settings().database.reveal()
    from storage import upkeep

    done = upkeep.restore(address, file, now=call.now, replace=replace, backup_folder=backups(address))
    if done.kept is not None:
        call.printer.say(f"What was there before is in {shown(done.kept)}")
    call.printer.data(f"{counted(done.rows, 'row')} restored from {shown(file.absolute())}")
    call.printer.record({"rows": done.rows, "kept": str(done.kept) if done.kept else None})


@command("prune", under=db)
@click.option("--yes", is_flag=True, help="Remove it; without, only say what would be removed.")
def prune(call: Call, yes: bool) -> None:
    """Say what is older than the newsroom keeps it; with --yes remove it.

    Addresses, fingerprints and what was sent always stay: old news must not come back.
    """
    settings = there(call)
    address = settings.database.reveal()
    from storage import upkeep

    run = upkeep.prune if yes else upkeep.plan
    pruning = run(address, settings.keep, now=call.now)
    ages = {
        "texts": settings.keep.full_text,
        "stories": settings.keep.stories,
        "activity": settings.keep.activity,
    }
    days = {name: counted(age.days, "day") for name, age in ages.items()}
    call.printer.table(
        [
            (counted(pruning.texts, "full text"), f"older than {days['texts']}"),
            (
                counted(pruning.clippings, "entry"),
                f"older than {days['texts']}: what sources gave of the text",
            ),
            (counted(pruning.stories, "story"), f"older than {days['stories']}: headlines and evidence"),
            (counted(pruning.activity, "record"), f"older than {days['activity']}: who did what"),
        ]
    )
    call.printer.record(_facts(pruning) | {"removed": yes})
    call.printer.say(
        "Removed." if yes else f"Nothing was removed. To remove it: {call.typed('db prune --yes')}"
    )


@command("upgrade", under=db)
@click.option(
    "--backup", "folder", type=FOLDER, metavar="DIR", help="Where the copy goes that is made first."
)
def upgrade(call: Call, folder: Path | None) -> None:
    """Bring an archive that an older Nightdesk wrote up to date, and keep a copy of it as it was."""
    address = there(call).database.reveal()
    from storage import upkeep

    done = upkeep.upgrade(address, now=call.now, backup_folder=folder or backups(address))
    call.printer.record(
        {"before": done.before, "after": done.after, "copy": str(done.copy) if done.copy else None}
    )
    if done.copy is None:
        call.printer.data(f"It is up to date: version {done.after}.")
    else:
        call.printer.data(f"Upgraded from version {done.before} to {done.after}.")
        call.printer.say(f"As it was, it is in {shown(done.copy)}")


@command("stats", under=db)
def stats(call: Call) -> None:
    """Say how big the archive is."""
    settings = there(call)
    address = settings.database.reveal()
    from storage import upkeep

    found = upkeep.stats(address)
    call.printer.record(_numbers(found))
    call.printer.data(f"{place(address)}, version {found.version}, {size(found.size)}")
    if found.first_article and found.last_article:
        first, last = (
            when(moment, settings.timezone, now=call.now)
            for moment in (found.first_article, found.last_article)
        )
        call.printer.data(f"Articles from {first} to {last}")
    call.printer.data()
    for table, (noun, plural) in CONTENTS.items():
        rows = found.rows[table]
        call.printer.data(f"{rows:>9,} {counted(rows, noun, plural=plural, number=False)}")


def there(call: Call) -> Settings:
    """Return what the newsroom decided, when there is an archive.

    Raises:
        TroubleError: Nightdesk has not run here yet.
    """
    settings = call.settings()
    if not is_there(settings):
        raise TroubleError("nothing was watched yet, so there is no archive", then=call.typed("run"))
    return settings


def place(address: str) -> str:
    """Return where a database is, without its password."""
    if address.startswith(SQLITE):
        return shown(Path(address.removeprefix(SQLITE)).absolute())
    return "PostgreSQL"


def size(number: int) -> str:
    """Return a number of bytes as people say it."""
    if number < MEGABYTE:
        return f"{max(1, round(number / 1000))} kB"
    return f"{number / MEGABYTE:,.1f} MB"


def _facts(pruning: Pruning) -> dict[str, object]:
    return {
        "texts": pruning.texts,
        "entries": pruning.clippings,
        "stories": pruning.stories,
        "activity": pruning.activity,
    }


def _numbers(found: Stats) -> dict[str, object]:
    return {
        "version": found.version,
        "bytes": found.size,
        "first_article": found.first_article.isoformat() if found.first_article else None,
        "last_article": found.last_article.isoformat() if found.last_article else None,
        "rows": dict(found.rows),
    }
