"""`nightdesk sources check`: does every source answer today, and if not, what can be done?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import click

from news.errors import ConfigError
from news.lessons import lessons_of
from news.nouns import FetchState, Source
from news.wording import counted, when
from nightdesk.cli.context import Call, command, shown
from nightdesk.cli.printing import Advance
from nightdesk.cli.sources_group import sources
from nightdesk.source_standing import STATE_WORDS

if TYPE_CHECKING:
    from config.settings import Settings
    from crawler.polling import Polled


@dataclass(frozen=True, slots=True)
class Checked:
    """A source that was tried once."""

    source: Source
    polled: Polled

    @property
    def newer(self) -> str:
        """The address to write down: where it sends us for good, or where its feed was found."""
        state = self.polled.outcome.state
        lessons = lessons_of(state.lessons)
        return lessons.moving_to or state.moved_to or lessons.found_at or ""


@command("check", under=sources)
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--fix", is_flag=True, help="Write newer addresses that were found into the newsroom's files.")
def check_sources(call: Call, names: tuple[str, ...], fix: bool) -> int:
    """Fetch each source once and say in plain words how it is, and what can be done. Nobody is told.

    Without a name all sources are checked that are not off.
    """
    settings = call.settings()
    chosen = _chosen(settings, names)
    if not chosen:
        call.printer.say("There is nothing to check: no source is on.")
        return 0
    from crawler.reactor import run

    checked: list[Checked] = []

    async def main() -> int:
        with call.printer.progress("Checking", len(chosen)) as advance:
            checked.extend(await _check_all(call, settings, chosen, advance))
        return 0

    code = run(main)
    checked.sort(key=lambda each: (each.polled.problem is None, each.source.name.lower()))
    call.printer.table([_tried(each, settings, call) for each in checked])
    for each in checked:
        call.printer.record(_tried_facts(each))
    for line in _advice(checked):
        call.printer.say(line)
    if fix:
        _fix(call, settings, checked)
    good = sum(each.polled.problem is None for each in checked)
    call.printer.say(f"\n{good} of {counted(len(checked), 'source')} can be read. Nothing was stored.")
    return code or int(good < len(checked))


def _advice(checked: Sequence[Checked]) -> Iterator[str]:
    """Yield what a person can do, once for each trouble."""
    from news.troubles import fix_of

    by_fix: dict[str, list[str]] = {}
    for each in checked:
        fix = fix_of(each.polled.problem.reason) if each.polled.problem and not each.newer else ""
        if fix:
            by_fix.setdefault(fix, []).append(each.source.name)
    for fix, names in by_fix.items():
        yield f"\n{', '.join(names)}: {fix}"
    if any(each.newer for each in checked):
        yield "\nNewer addresses are written down by: nightdesk sources check --fix"


def _fix(call: Call, settings: Settings, checked: Sequence[Checked]) -> None:
    """Write down the newer addresses, one by one: a file that cannot be changed keeps no other from it."""
    from nightdesk.source_shelf import Shelf

    shelf = Shelf(folder=call.folder, sources=settings.sources)
    for each in checked:
        if not each.newer:
            continue
        try:
            path = shelf.change(each.source.id, "url", each.newer)
        except ConfigError as problem:
            call.printer.trouble(f"{each.source.name} keeps its address: {problem}")
            continue
        call.printer.say(f"{each.source.name}: {each.newer} stands in {shown(call.folder / path)} now.")


def _chosen(settings: Settings, names: tuple[str, ...]) -> list[Source]:
    """Return the sources of these ids or names; all that are on, without any.

    Raises:
        UsageError: there is no source of that name; says which one was probably meant.
    """
    if not names:
        return [source for source in settings.sources if source.enabled]
    known = {source.id: source for source in settings.sources}
    known |= {source.name.lower(): source for source in settings.sources}
    for name in names:
        if name not in known and name.lower() not in known:
            from config.explain import nearest

            meant = nearest(name, list(known))
            hint = f"; did you mean {known[meant].id}?" if meant else ""
            what = f'there is no source "{name}"{hint}'
            raise click.UsageError(what)
    wanted = [known[name if name in known else name.lower()] for name in names]
    return list({source.id: source for source in wanted}.values())


async def _check_all(
    call: Call, settings: Settings, chosen: Sequence[Source], advance: Advance
) -> list[Checked]:
    from crawler.engine import Engine
    from crawler.finding import Search
    from crawler.polling import Tools, poll_one
    from crawler.reading.children import Reader

    async with AsyncExitStack() as stack:
        engine = Engine(settings.fetch, clock=call.around.clock)
        await engine.start()
        stack.push_async_callback(engine.stop)
        reader = call.around.reader or Reader()
        if reader is not call.around.reader:
            stack.push_async_callback(reader.close)
        chance = Random()  # noqa: S311 - it spreads polls, and nothing here is polled again
        search = Search(engine=engine, reader=reader, clock=call.around.clock)
        tools = Tools(
            engine=engine, reader=reader, clock=call.around.clock, random=chance, find=search.newer_feed
        )
        gate = asyncio.Semaphore(settings.fetch.at_once)

        async def check(source: Source) -> Checked:
            async with gate:
                polled = await poll_one(source, FetchState(source_id=source.id), tools)
            advance(1)
            return Checked(source, polled)

        return list(await asyncio.gather(*map(check, chosen)))


def _tried(checked: Checked, settings: Settings, call: Call) -> tuple[str, str, str]:
    """Return a row: how it is, which source, what it brought or why not."""
    source, polled = checked.source, checked.polled
    state = polled.outcome.state
    if polled.problem is not None:
        found = f"; its feed was found at {checked.newer}" if checked.newer else ""
        return STATE_WORDS[state.health], source.name, f"{state.reason}{found}"
    clippings = polled.outcome.clippings
    dates = [clipping.published for clipping in clippings if clipping.published]
    said = [counted(len(clippings), "article")]
    if dates:
        said.append(f"the newest {when(max(dates), settings.timezone, now=call.now)}")
    if checked.newer:
        said.append(f"newer address: {checked.newer}")
    elif polled.address in source.backup:
        said.append(f"at its backup address: {polled.address}")
    return "working", source.name, "; ".join(said)


def _tried_facts(checked: Checked) -> dict[str, object]:
    source, polled = checked.source, checked.polled
    state = polled.outcome.state
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "state": STATE_WORDS[state.health],
        "reason": state.reason,
        "articles": len(polled.outcome.clippings),
        "read_at": polled.address or None,
        "moved_to": checked.newer or None,
    }
