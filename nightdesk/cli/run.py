"""`nightdesk run`: watch and tell until stopped, or once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import SPAN, is_there
from nightdesk.cli.beside import wrapped
from nightdesk.cli.context import MAIN_FILE, Call, command

if TYPE_CHECKING:
    from config.settings import Settings
    from nightdesk.one_round import Progress, Report, Told
    from nightdesk.rooms import Round, World

#: How the steps of a round are called on a progress bar.
BARS = {"sources": "Sources ", "articles": "Articles"}
#: Sources that could not be read and are named in a report; the rest are counted.
MOST_NAMED = 5


@command("run")
@click.option("--once", is_flag=True, help="One round, then stop: for a crontab, or to look.")
@click.option("--dry-run", is_flag=True, help="One round; nothing is sent, nothing is remembered.")
@click.option(
    "--since",
    type=SPAN,
    metavar="24h",
    help="Also tell what is on a source's first check, if it is not older.  [not told]",
)
def run(call: Call, *, once: bool, dry_run: bool, since: timedelta | None) -> int:
    """Watch the sources and tell the right people, until stopped with Ctrl-C.

    The first run makes the newsroom's folder. What a source has on its first check is filed, and not told,
    unless you add --since.
    """
    short = once or dry_run
    first = not (call.folder / MAIN_FILE).exists()
    settings = (None if short else _as_last_saved(call)) or call.settings_or_starter()
    if short or not first:  # else the console's first page asks for it
        say_what_is_missing(call, settings)
    from nightdesk import logs
    from nightdesk.rooms import World

    quiet = call.printer.quiet or (short and not call.verbose)
    logs.set_up(verbose=call.verbose, quiet=quiet, stream=call.around.err)
    around = call.around
    world = World(clock=around.clock, out=around.out, environment=around.environment, reader=around.reader)
    if short:
        return _once(call, settings, world, since=since, dry_run=dry_run)
    return _serve(call, settings, world, since=since)


def say_what_is_missing(call: Call, settings: Settings) -> None:
    """Say which channels are not set up, what that means, and how to set them up."""
    from nightdesk.rooms import destinations

    to = [destination for destination in destinations(settings) if destination]
    for each in settings.not_set_up:
        waiting = [place.partition(":")[2] for place in to if place.startswith(f"{each.kind}:")]
        kept = f" What is for {', '.join(waiting)} waits until then." if waiting else ""
        _say(call, f"{each.what[:1].upper()}{each.what[1:]}. To change that, {each.how}.{kept}")
    if not settings.not_set_up and any(place.startswith("console:") for place in to):
        _say(call, "Alerts are shown here, on the console.")


def _as_last_saved(call: Call) -> Settings | None:
    """Return what holds when only watchlists' files are broken and were kept when they were sound."""
    if not (call.folder / MAIN_FILE).exists() or call.read().settings is not None:
        return None
    from config.load import renew
    from nightdesk.last_saved import as_last_saved
    from nightdesk.reloading import broken_lines
    from storage.open import open_store

    renewed = renew(call.folder, call.around.environment, None)
    if renewed.settings is None or not is_there(renewed.settings):
        return None
    store = open_store(renewed.settings.database.reveal(), now=call.now, migrate=False)
    try:
        settings = as_last_saved(call.folder, call.around.environment, store)
        lines = list(broken_lines(renewed, settings, store.installation()))
    finally:
        store.close()
    for line in lines if settings else ():
        _say(call, f"{line}; what was saved before is in force.")
    return settings


def _say(call: Call, words: str) -> None:
    for line in wrapped(words):
        call.printer.say(line)


# ── Until stopped ─────────────────────────────────────────────────────────────────────────────────────────


def _serve(call: Call, settings: Settings, world: World, *, since: timedelta | None) -> int:
    from crawler.reactor import run as run_on_reactor
    from news.wording import counted
    from nightdesk.desk.listening import DESK
    from nightdesk.heartbeat import HEARTBEAT
    from nightdesk.one_round import release
    from nightdesk.rooms import open_rooms
    from nightdesk.service import serve
    from nightdesk.watchdog import WATCHDOG
    from nightdesk.web.server import console_of_service

    sources, watchlists = len(settings.sources), len(settings.watchlists)

    async def serving() -> int:
        if since is not None:
            async with open_rooms(settings, world) as rooms:
                await rooms.poll()
                changed = await release(rooms, since)
                call.printer.say(f"{counted(changed, 'story')} from before the first check will be told.")
        console = console_of_service(call.printer.say, always=call.around.err.isatty())
        return await serve(settings, world, beside=(console, DESK, WATCHDOG, HEARTBEAT))

    call.printer.say(
        f"Watching {counted(sources, 'source')} for {counted(watchlists, 'watchlist')}. Stop with Ctrl-C."
    )
    return run_on_reactor(serving)


# ── Once ──────────────────────────────────────────────────────────────────────────────────────────────────


def _once(call: Call, settings: Settings, world: World, *, since: timedelta | None, dry_run: bool) -> int:
    from crawler.reactor import run as run_on_reactor
    from nightdesk.one_round import copied, go_once, recording

    began, started = call.now, monotonic()
    reports: list[Report] = []

    async def going() -> int:
        with _bars(call) as progress:
            if dry_run:
                with copied(settings, now=began) as inside:
                    channels = recording(inside, world)
                    reports.append(
                        await go_once(inside, world, since=since, channels=channels, progress=progress)
                    )
            else:
                reports.append(await go_once(settings, world, since=since, progress=progress))
        return 0

    code = run_on_reactor(going)
    if code:
        return code
    report = reports[0]
    for line in report_lines(report, settings, began=began, dry_run=dry_run):
        call.printer.data(line)
    _record(call, report)
    call.printer.data(f"Done in {monotonic() - started:.1f} s. {_next(call, dry_run=dry_run)}")
    return 1 if report.round.failed else 0


def _next(call: Call, *, dry_run: bool) -> str:
    return f"To send, run: {call.typed('run')}" if dry_run else f"Next: {call.typed('status')}"


@contextmanager
def _bars(call: Call) -> Iterator[Progress]:
    """Show on a terminal how far the round has come: a bar for sources, one for articles."""
    if call.printer.quiet or call.json or not call.around.err.isatty():
        yield lambda kind, total: None  # noqa: ARG005 - nothing is shown
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars

    console = Console(file=call.around.err, no_color=not call.printer.color)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        known: dict[str, TaskID] = {}

        def advance(kind: str, total: int) -> None:
            if kind not in known:
                known[kind] = bars.add_task(BARS[kind], total=total)
            bars.advance(known[kind])

        yield advance


def report_lines(report: Report, settings: Settings, *, began: datetime, dry_run: bool) -> Iterator[str]:
    """Yield what the round brought, as an editor reads it."""
    from news.wording import clock_time, counted, weekday_date

    zone = settings.timezone
    at = f"{weekday_date(began, zone)}, {clock_time(began, zone)}"
    yield (
        f"Dry run, {at}: nothing is sent, nothing is remembered."
        if dry_run
        else f"{settings.newsroom}, {at}."
    )
    yield ""
    yield from _counts(report)
    yield ""
    yield "Would tell" if dry_run else "Told"
    if report.told:
        yield from _told_lines(report.told, settings, began)
    if report.changed and not dry_run:
        changed = f"{counted(report.changed, 'message')} that {_were(report.changed)} out"
        yield f"  now  {changed}, brought up to date"
    if not (report.told or report.changed):
        yield "  nothing now"
    if report.coming:
        yield "Later"
        yield from _told_lines(report.coming, settings, began)
    yield ""
    if report.round.not_checked:
        yield from wrapped(f"Not checked: {_named(report.round.not_checked)}.")
        yield from _network_lines(report.round)


def _network_lines(brought: Round) -> Iterator[str]:
    """Yield what is likely when nearly no source gave an answer."""
    from alerts.source_alarms import are_nearly_all

    if are_nearly_all(brought.out_of_reach, brought.checked):
        yield from wrapped("These are nearly all: the network of this machine is the likely reason.")


def _named(sources: tuple[str, ...]) -> str:
    more = len(sources) - MOST_NAMED
    named = ", ".join(sources[:MOST_NAMED])
    return f"{named} and {more} more: nightdesk sources list" if more > 0 else named


def _counts(report: Report) -> Iterator[str]:
    from news.wording import counted

    brought = report.round
    checked = brought.checked - len(brought.not_checked)
    later = report.sources - brought.checked
    due = f"; {later} not due yet" if later > 0 else ""
    yield f"Sources    {checked} of {report.sources} checked; {brought.unchanged} had nothing new{due}"
    matches = "matches" if brought.matched == 1 else "match"
    yield f"Articles   {brought.new_articles} new"
    yield (
        f"Stories    {brought.new_stories} new, {_have(brought.grown_stories)} something new; "
        f"{brought.matched} {matches} a watchlist"
    )
    if brought.would_have_sent:
        held = counted(brought.would_have_sent, "story")
        match = "matches" if brought.would_have_sent == 1 else "match"
        yield f"           {held} that {match} {_were(brought.would_have_sent)} there before the"
        yield "           first check of a source: not told, unless you add --since 24h"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _have(number: int) -> str:
    return f"{number} {'has' if number == 1 else 'have'}"


def _told_lines(told: tuple[Told, ...], settings: Settings, now: datetime) -> Iterator[str]:
    from nightdesk.cli.printing import columns
    from nightdesk.handovers import place_of

    rows: list[tuple[str, str]] = []
    for each in told:
        rows.append((_short(each.at, settings, now), f"{place_of(each.destination)}, {each.what}"))
        rows += [("", line) for line in each.lines]
    yield from columns(rows, indent="  ")


def _short(at: datetime | None, settings: Settings, now: datetime) -> str:
    """Return "now", "1:29 pm", "Thu 6:30 am"."""
    from news.timing import local
    from news.wording import clock_time, weekday

    if at is None or at <= now:
        return "now"
    zone = settings.timezone
    same_day = local(at, zone).date() == local(now, zone).date()
    return clock_time(at, zone) if same_day else f"{weekday(at, zone)[:3]} {clock_time(at, zone)}"


def _record(call: Call, report: Report) -> None:
    from dataclasses import asdict

    facts = asdict(report.round) | {"sources": report.sources, "changed": report.changed}
    call.printer.record(
        {
            **facts,
            "told": [_told_facts(each) for each in report.told],
            "coming": [_told_facts(each) for each in report.coming],
        }
    )


def _told_facts(each: Told) -> dict[str, object]:
    return {
        "at": each.at.isoformat() if each.at else None,
        "to": each.destination,
        "what": each.what,
        "lines": list(each.lines),
    }
