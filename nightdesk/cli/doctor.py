"""`nightdesk doctor`: try everything: folder, database, clock, channels, sources, disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from news.wording import clock_time, counted, weekday_date
from nightdesk.cli.archive import archive, is_there
from nightdesk.cli.context import Call, command

if TYPE_CHECKING:
    from alerts.channels.contract import Tools
    from config.settings import Settings
    from news.nouns import FetchState
    from nightdesk.doctor import Finding
    from nightdesk.heartbeat import Beat
    from nightdesk.trying_channels import Sent, WayOut


@command("doctor")
@click.option("--send-test", is_flag=True, help="Post one test message to each place.")
def doctor(call: Call, send_test: bool) -> int:
    """Try everything: the folder, the database, the clock, each channel, the sources, the disk.

    Channels are asked as far as the last step before sending. Each trouble comes with what to do.
    """
    settings = call.settings()
    found, sent = asyncio.run(_examine(call, settings, send_test=send_test))
    zone = settings.timezone
    call.printer.data(f"{settings.newsroom}, {weekday_date(call.now, zone)}, {clock_time(call.now, zone)}\n")
    call.printer.table(_rows(found))
    for each in found:
        call.printer.record(asdict(each))
    call.printer.data()
    errors = sum(each.state == "error" for each in found) + sum(bool(each.trouble) for each in sent)
    warnings = sum(each.state == "warning" for each in found)
    said = "Nothing was sent; --send-test posts one test message to each place."
    if send_test:
        said = f"{counted(sum(not each.trouble for each in sent), 'test message')} sent."
    call.printer.data(f"{_number(errors, 'error')}, {_number(warnings, 'warning')}. {said}")
    then = next((fix for each in found for fix in each.fixes if fix.startswith("nightdesk ")), "")
    if then:
        call.printer.say(f"Next: {call.typed(then.removeprefix('nightdesk ').partition(',')[0])}")
    return int(errors > 0)


async def _examine(
    call: Call, settings: Settings, *, send_test: bool
) -> tuple[tuple[Finding, ...], tuple[Sent, ...]]:
    from nightdesk.trying_channels import places_of, send_tests, try_ways

    tools = _tools(call)
    ways = await try_ways(settings, tools)
    destinations = [place.destination for place in places_of(settings)] if send_test else []
    sent = await send_tests(settings, tools, destinations, now=call.now)
    return (*_findings(call, settings, ways), *_test_findings(sent, settings)), sent


def _tools(call: Call) -> Tools:
    from alerts.channels.contract import Tools

    return Tools(clock=call.around.clock, sleep=asyncio.sleep, out=call.around.out)


def _findings(call: Call, settings: Settings, ways: Sequence[WayOut]) -> Iterator[Finding]:
    from nightdesk import doctor as examinations

    states = _states(call, settings)
    theirs = [way.trial.their_time for way in ways if way.trial is not None]
    yield _look_at_folder(call)
    yield examinations.look_at_database(settings, is_there=is_there(settings), now=call.now)
    clocks = [("Slack", moment) for moment in theirs if moment is not None]
    yield examinations.look_at_clock(settings, states, clocks, now=call.now)
    for way in ways:
        yield examinations.look_at_way(way, settings)
    yield examinations.look_at_sources(settings, states, now=call.now)
    yield from examinations.look_at_heartbeat(settings, _beat(call, settings), now=call.now)
    if is_there(settings):
        yield _look_at_messages(call, settings)
    yield examinations.look_at_disk(Path(settings.folder))


def _look_at_folder(call: Call) -> Finding:
    from nightdesk.doctor import Finding

    loaded = call.read()
    warnings = [problem for problem in loaded.problems if problem.severity != "error"]
    files = counted(len(loaded.files), "file")
    if warnings:
        what = f"{files}, no errors, {counted(len(warnings), 'warning')}"
        return Finding(state="warning", name="Folder", what=what, fixes=("nightdesk check",))
    return Finding(state="ok", name="Folder", what=f"{files}, no errors")


def _states(call: Call, settings: Settings) -> tuple[FetchState, ...]:
    if not is_there(settings):
        return ()
    with archive(call, settings) as store:
        return store.fetch_states()


def _beat(call: Call, settings: Settings) -> Beat | None:
    if settings.health.heartbeat is None or not is_there(settings):
        return None
    from nightdesk.heartbeat import last_beat

    with archive(call, settings) as store:
        return last_beat(store)


def _look_at_messages(call: Call, settings: Settings) -> Finding:
    from alerts.auditing import audited
    from news.telling import AlertState
    from nightdesk.doctor import look_at_messages
    from nightdesk.unchanged import unchanged_since

    with archive(call, settings) as store:
        audit = audited(store, settings, now=call.now, since=unchanged_since(settings.folder))
        stuck = store.alerts(states=(AlertState.FAILED, AlertState.HELD), limit=1000)
    return look_at_messages(audit.faults, audit.words, [alert.state for alert in stuck])


def _test_findings(sent: Sequence[Sent], settings: Settings) -> Iterator[Finding]:
    from nightdesk.doctor import Finding
    from nightdesk.trying_channels import shown_place

    for each in sent:
        if each.trouble:
            what = f"{shown_place(each.destination, settings)}: {each.trouble}"
            yield Finding(state="error", name="Test", what=what)
        else:
            yield Finding(state="ok", name="Test", what=f"sent to {shown_place(each.destination, settings)}")


def _rows(found: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    for each in found:
        yield each.state, each.name, each.what
        yield from (("", "", line) for line in each.lines)
        yield from (("", "", f"To do: {fix}") for fix in each.fixes)


def _number(number: int, noun: str) -> str:
    return counted(number, noun) if number else f"No {noun}s"
