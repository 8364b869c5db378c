"""`nightdesk sources list`; the other commands about sources have files of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from news.nouns import FetchState, Health, Source
from news.wording import counted, every, when
from nightdesk.cli import sources_add, sources_check, sources_files, sources_stats
from nightdesk.cli.archive import archive, is_there
from nightdesk.cli.context import Call, command
from nightdesk.cli.sources_group import sources
from nightdesk.source_standing import OFF, ORDER, STATE_WORDS

if TYPE_CHECKING:
    from datetime import datetime

    from config.settings import Settings

#: Commands that stand in files of their own; to import them is to have them.
ELSEWHERE = (sources_add, sources_check, sources_files, sources_stats)


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
    zone, now = settings.timezone, call.now
    last = when(state.last_new, zone, now=now) if state and state.last_new else "-"
    return (word, source.name, last, every(source.every), _why(state, zone, now) if state else "")


def _why(state: FetchState, zone: str, now: datetime) -> str:
    """Return "since 7:00 am: refuses automated readers"; "" when nothing is wrong."""
    if not state.reason or state.health_since is None:
        return state.reason
    return f"since {when(state.health_since, zone, now=now)}: {state.reason}"


def _facts(word: str, source: Source, state: FetchState | None) -> dict[str, object]:
    facts: dict[str, object] = {"id": source.id, "name": source.name, "url": source.url, "state": word}
    facts |= {"group": source.group, "every_seconds": source.every.total_seconds()}
    names = (
        "reason",
        "trouble",
        "health_since",
        "last_new",
        "last_checked",
        "last_ok",
        "next_due",
        "moved_to",
        "failures",
    )
    return facts | {name: getattr(state, name) if state else None for name in names}


def _sum(listed: Sequence[tuple[str, Source]]) -> str:
    numbers = [(word, sum(other == word for other, _ in listed)) for word in ORDER]
    said = ", ".join(f"{number} {word}" for word, number in numbers if number)
    return f"{counted(len(listed), 'source')}: {said}" if listed else "No sources."
