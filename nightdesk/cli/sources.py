"""`nightdesk sources`: list, check."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import click

from news.lessons import lessons_of
from news.nouns import FetchState, Health, Source
from news.wording import counted, every, when
from nightdesk.cli.archive import archive, is_there
from nightdesk.cli.context import Call, command, group
from nightdesk.cli.printing import Advance

if TYPE_CHECKING:
    from config.settings import Settings
    from crawler.polling import Polled

#: How a source is doing, as the newsroom says it.
STATE_WORDS = {
    Health.NEW: "new",
    Health.OK: "working",
    Health.FAILING: "failing",
    Health.QUIET: "quiet",
    Health.STOPPED: "stopped",
}
OFF = "off"
#: What needs a person stands on top.
ORDER = ("stopped", "failing", "quiet", "new", "working", OFF)


@group("sources")
def sources() -> None:
    """Where news comes from: list, check."""


@command("list", under=sources)
@click.option("--group", "in_group", metavar="GROUP", help="Only those of one group.")
def list_sources(call: Call, in_group: str | None) -> None:
    """List the sources, those that need a person first; with --quiet only those that went quiet."""
    settings = call.settings()
    states = _states(call, settings)
    listed = [
        (_word(source, states.get(source.id)), source)
        for source in settings.sources
        if in_group in {None, source.group}
    ]
    listed = [(word, source) for word, source in listed if not call.printer.quiet or word == "quiet"]
    listed.sort(key=lambda pair: (ORDER.index(pair[0]), pair[1].name.lower()))
    rows: list[tuple[str, ...]] = [("state", "source", "last new", "asked", "why")] if listed else []
    rows += [_row(word, source, states.get(source.id), settings, call) for word, source in listed]
    call.printer.table(rows)
    for word, source in listed:
        call.printer.record(_facts(word, source, states.get(source.id)))
    call.printer.say(f"\n{_sum(listed)}")


def _states(call: Call, settings: Settings) -> dict[str, FetchState]:
    """Return what is remembered of each source; nothing before the first run."""
    if not is_there(settings):
        return {}
    with archive(call, settings) as store:
        return {state.source_id: state for state in store.fetch_states()}


def _word(source: Source, state: FetchState | None) -> str:
    if not source.enabled:
        return OFF
    return STATE_WORDS[state.health if state else Health.NEW]


def _row(
    word: str, source: Source, state: FetchState | None, settings: Settings, call: Call
) -> tuple[str, ...]:
    last = when(state.last_new, settings.timezone, now=call.now) if state and state.last_new else "-"
    return (word, source.name, last, every(source.every), state.reason if state else "")


def _facts(word: str, source: Source, state: FetchState | None) -> dict[str, object]:
    facts: dict[str, object] = {"id": source.id, "name": source.name, "url": source.url, "state": word}
    facts |= {"group": source.group, "every_seconds": source.every.total_seconds()}
    names = ("reason", "last_new", "last_checked", "last_ok", "next_due", "moved_to", "failures")
    return facts | {name: getattr(state, name) if state else None for name in names}


def _sum(listed: Sequence[tuple[str, Source]]) -> str:
    numbers = [(word, sum(other == word for other, _ in listed)) for word in ORDER]
    said = ", ".join(f"{number} {word}" for word, number in numbers if number)
    return f"{counted(len(listed), 'source')}: {said}" if listed else "No sources."


@dataclass(frozen=True, slots=True)
class Checked:
    """A source that was tried once."""

    source: Source
    polled: Polled


@command("check", under=sources)
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
def check_sources(call: Call, names: tuple[str, ...]) -> int:
    """Fetch each source once and say in plain words how it is. Nothing is stored, nobody is told.

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
    good = sum(each.polled.problem is None for each in checked)
    call.printer.say(f"\n{good} of {counted(len(checked), 'source')} can be read. Nothing was stored.")
    return code or int(good < len(checked))


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
    from crawler.polling import Tools, poll_one
    from crawler.reading.children import Reader

    async with AsyncExitStack() as stack:
        engine = Engine(settings.fetch, clock=call.around.clock)
        await engine.start()
        stack.push_async_callback(engine.stop)
        reader = Reader()
        stack.push_async_callback(reader.close)
        chance = Random()  # noqa: S311 - it spreads polls, and nothing here is polled again
        tools = Tools(engine=engine, reader=reader, clock=call.around.clock, random=chance)
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
        return STATE_WORDS[state.health], source.name, state.reason
    clippings = polled.outcome.clippings
    dates = [clipping.published for clipping in clippings if clipping.published]
    said = [counted(len(clippings), "article")]
    if dates:
        said.append(f"the newest {when(max(dates), settings.timezone, now=call.now)}")
    moved_to = _moved_to(state)
    if moved_to:
        said.append(f"newer address: {moved_to}")
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
        "moved_to": _moved_to(state),
    }


def _moved_to(state: FetchState) -> str | None:
    """Return where a source moved to for good; a person may believe what the service wants to see thrice."""
    return state.moved_to or lessons_of(state.lessons).moving_to or None
