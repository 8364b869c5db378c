"""`nightdesk sources import` and `export`: lists of feeds that other programs keep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from news.errors import ReadingError
from news.wording import counted
from nightdesk.cli.context import Call, TroubleError, command, shown
from nightdesk.cli.sources_group import sources
from nightdesk.source_lists import LARGEST_FILE, Row, Taken, as_csv, as_opml, rows_of, taken_over
from nightdesk.source_shelf import Shelf, new_file

if TYPE_CHECKING:
    from datetime import datetime


@command("import", under=sources)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@click.option("--group", metavar="GROUP", help="The group of those that say none.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken over.")
def import_sources(call: Call, file: Path, group: str | None, dry_run: bool) -> int:
    """Take over a list of feeds: OPML, as every news reader exports it, or CSV.

    They are written to a new file under sources/. What is there already is left out and told; what cannot be
    taken over is told with its line.
    """
    settings = call.settings()
    shelf = Shelf(folder=call.folder, sources=settings.sources)
    taken = taken_over(_rows(file, now=call.now), shelf, group=group or "")
    for line in taken.told:
        call.printer.say(f"{shown(file)}:{line}")
    for source in taken.sources:
        call.printer.record({"id": source.id, "name": source.name, "url": source.url, "group": source.group})
    path = shelf.free_path(file.stem)
    if taken.sources and not dry_run:
        shelf.write(path, new_file(taken.sources, f"from {file.name}"))
    said = _sum(taken)
    if dry_run or not taken.sources:
        call.printer.say(f"{said}. Nothing was written.")
    else:
        call.printer.say(f"{said}. They stand in {shown(call.folder / path)}.")
        call.printer.say(f"Next: {call.typed('sources check')}")
    return int(bool(taken.wrong))


def _rows(file: Path, *, now: datetime) -> list[Row]:
    try:
        with file.open("rb") as opened:
            body = opened.read(LARGEST_FILE)
        return rows_of(body, file.name, now=now)
    except OSError as error:
        what = f"{file} cannot be read: {(error.strerror or 'it is damaged').lower()}"
        raise TroubleError(what, then="nightdesk sources list") from error
    except ReadingError as problem:
        what = f"{file.name} {problem}"
        raise TroubleError(what, then="nightdesk sources import --help") from problem


def _sum(taken: Taken) -> str:
    parts = [f"{counted(len(taken.sources), 'source')} taken over"]
    parts += [f"{len(taken.known)} there already"] if taken.known else []
    parts += [f"{len(taken.wrong)} with an error"] if taken.wrong else []
    return ", ".join(parts)


@command("export", under=sources)
@click.option("--format", "form", type=click.Choice(["opml", "csv"]), default="opml", help="[opml]")
@click.option("--group", metavar="GROUP", help="Only those of one group.")
def export_sources(call: Call, form: str, group: str | None) -> None:
    """Print all sources as OPML, which every news reader takes, or as CSV for a spreadsheet."""
    settings = call.settings()
    chosen = [source for source in settings.sources if group in {None, source.group}]
    call.printer.data((as_opml if form == "opml" else as_csv)(chosen, settings.newsroom).rstrip("\n"))
    for source in chosen:
        call.printer.record({"id": source.id, "name": source.name, "url": source.url, "group": source.group})
    call.printer.say(f"{counted(len(chosen), 'source')}.")
