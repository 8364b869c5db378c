"""`nightdesk sources add`: paste an address, see what is there, have it written down."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from news.errors import ReadingError, SourceError
from news.wording import counted, when
from nightdesk.cli.context import Call, TroubleError, command, shown
from nightdesk.cli.sources_group import sources
from nightdesk.source_finding import searched
from nightdesk.source_shelf import Shelf, name_of
from nightdesk.source_words import NEWEST, WAYS

if TYPE_CHECKING:
    from config.settings import Settings
    from crawler.finding import Found
    from news.nouns import Source


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed beside the address."""

    pick: int
    name: str | None
    id: str | None
    group: str
    file: str | None


@command("add", under=sources)
@click.argument("url", metavar="URL")
@click.option("--yes", is_flag=True, help="Ask nothing: take the first that was found.")
@click.option("--pick", type=click.IntRange(1), default=1, metavar="N", help="Take the one with this number.")
@click.option("--name", metavar="NAME", help="What readers see.  [what the site calls itself]")
@click.option("--id", metavar="ID", help="Its permanent id.  [made of the name]")
@click.option("--group", default="", metavar="GROUP", help="A group to put it in.")
@click.option("--file", metavar="FILE", help="The file in sources/ to write it to.")
@click.option("--dry-run", is_flag=True, help="Only show what is there.")
def add(call: Call, /, *, url: str, yes: bool, dry_run: bool, **told: Any) -> int:  # noqa: ANN401 - click's
    """Find the news at an address: its feed, its news sitemap, or the list on the page.

    Shows the five newest items, asks, and writes a line into a file under sources/.
    """
    settings = call.settings()
    address = url if "://" in url else f"https://{url}"
    shelf = Shelf(folder=call.folder, sources=settings.sources)
    wanted = Wanted(**told)
    _stop_if_known(call, shelf, [address])
    found = _find(call, settings, url)
    if wanted.pick > len(found):
        what = f"there is no number {wanted.pick}: {counted(len(found), 'way')} to read it was found"
        raise click.UsageError(what, click.get_current_context())
    source = _named(found[wanted.pick - 1], wanted, shelf, address)
    _show(call, settings, found, wanted, source)
    _stop_if_known(call, shelf, [source.url])
    if dry_run:
        call.printer.say("Dry run: nothing was written.")
        return 0
    if not yes and not _agreed(call, url):
        call.printer.say("Nothing was written.")
        return 1
    path = shelf.path_for(wanted.file)
    shelf.add(source, path)
    call.printer.say(f"{source.name} stands in {shown(call.folder / path)} as {source.id}.")
    call.printer.say(f"Next: {call.typed('check')}")
    return 0


def _stop_if_known(call: Call, shelf: Shelf, addresses: Sequence[str]) -> None:
    for address in addresses:
        known = shelf.known_at(address)
        if known is not None:
            what = f"{address} is there already, as {known.id} ({known.name})"
            raise TroubleError(what, then=call.typed(f"sources check {known.id}"))


def _find(call: Call, settings: Settings, pasted: str) -> tuple[Found, ...]:
    """Return the ways to read what stands at an address.

    Raises:
        TroubleError: it cannot be read at all; says what a person can do.
    """
    from news.troubles import fix_of

    try:
        found = searched(settings, call.around.clock, lambda search: search.find_pasted(pasted))
    except (SourceError, ReadingError) as problem:
        fix = fix_of(problem.reason)
        what = f"{pasted} {problem}" + (f". {fix.rstrip('.')}" if fix else "")
        raise TroubleError(what, then=call.typed("sources list")) from problem
    if not found:
        what = f"{pasted} has nothing that could be read as news"
        raise TroubleError(what, then=call.typed("sources list"))
    return found


def _named(found: Found, wanted: Wanted, shelf: Shelf, address: str) -> Source:
    name = wanted.name or name_of(found.title, address)
    id_ = wanted.id or shelf.free_id(name)
    language = (found.source.language or "").partition("-")[0].lower() or None
    return replace(found.source, id=id_, name=name, group=wanted.group, language=language)


def _show(call: Call, settings: Settings, found: Sequence[Found], wanted: Wanted, source: Source) -> None:
    rows = [
        (
            f"{'*' if number == wanted.pick else ' '} {number}",
            WAYS[each.source.reads],
            counted(len(each.clippings), "article") if each.clippings else "-",
            each.source.url,
        )
        for number, each in enumerate(found, start=1)
    ]
    call.printer.table(rows)
    call.printer.data(f"\n{source.name}, by its {WAYS[source.reads]}; the newest:")
    call.printer.table(list(_newest(call, settings, found[wanted.pick - 1])), indent="  ")
    for number, each in enumerate(found, start=1):
        call.printer.record(_facts(number, each, source, picked=number == wanted.pick))


def _newest(call: Call, settings: Settings, found: Found) -> Iterator[tuple[str, str]]:
    for clipping in found.clippings[:NEWEST]:
        at = when(clipping.published, settings.timezone, now=call.now) if clipping.published else "-"
        yield at, clipping.title or clipping.address
    if not found.clippings:
        yield "-", "what is added to the page from now on"


def _facts(number: int, found: Found, source: Source, *, picked: bool) -> dict[str, object]:
    from config.source_rules import plain_rule

    facts: dict[str, object] = {"number": number, "picked": picked, "as": found.source.reads}
    newest = [
        {"title": each.title, "url": each.address, "published": each.published} for each in found.clippings
    ]
    facts |= {"url": found.source.url, "articles": len(found.clippings), "newest": newest[:NEWEST]}
    return facts | ({"id": source.id, "name": source.name} if picked else {}) | plain_rule(found.source.rule)


def _agreed(call: Call, url: str) -> bool:
    if not sys.stdin.isatty():
        what = "nobody is here to be asked"
        raise TroubleError(what, then=call.typed(f"sources add {url} --yes"))
    return click.confirm("Add it?", default=True, err=True)
