"""`nightdesk channels`: where messages go, whether they get through, and a test message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from news.wording import counted, joined
from nightdesk.cli.context import Call, TroubleError, command, group

if TYPE_CHECKING:
    from alerts.channels.contract import Tools
    from config.settings import Settings
    from nightdesk.trying_channels import Place, WayOut


@group("channels")
def channels() -> None:
    """The ways out, and the places that messages go to: list, test."""


@command("list", under=channels)
def list_channels(call: Call) -> int:
    """List every place that messages go to, who sends there, and whether a message would get through.

    Slack and the mail server are asked as far as the last step before sending.
    """
    settings = call.settings()
    from nightdesk.trying_channels import places_of, try_ways

    ways = asyncio.run(try_ways(settings, _tools(call)))
    states = _states(ways)
    rows: list[tuple[str, str, str]] = []
    for place in places_of(settings):
        state, why = states[place.destination]
        why = why.replace(place.destination.partition(":")[2], "it") if place.private else why
        rows.append((state, _shown(place), f"{_senders(place)}{f': {why}' if why else ''}"))
        call.printer.record(
            {
                "to": None if place.private else place.destination,
                "state": state,
                "why": why,
                "watchlists": None if place.private else list(place.senders),
            }
        )
    call.printer.table(rows)
    troubled = sum(state != "ok" for state, _ in states.values())
    if not rows:
        call.printer.say("No watchlist sends anywhere yet.")
    elif troubled:
        call.printer.say(f"{counted(troubled, 'place')} in trouble. Next: {call.typed('doctor')}")
    return int(bool(troubled))


@command("test", under=channels)
@click.argument("place", default="", required=False, metavar="[PLACE]")
@click.option("--dry-run", is_flag=True, help="Say where a test message would go; send nothing.")
def test_channels(call: Call, place: str, *, dry_run: bool) -> int:
    """Send one test message to PLACE, such as slack:#immigration-desk, or to every place."""
    settings = call.settings()
    from nightdesk.trying_channels import send_tests, shown_place

    chosen = _chosen(call, settings, place)
    if dry_run:
        for to in chosen:
            where = shown_place(to, settings)
            call.printer.data(f"Would send a test message to {where}")
            call.printer.record({"to": where, "sent": False})
        return 0
    sent = asyncio.run(send_tests(settings, _tools(call), chosen, now=call.now))
    for each in sent:
        where = shown_place(each.destination, settings)
        call.printer.record({"to": where, "sent": not each.trouble, "why": each.trouble})
        if each.trouble:
            call.printer.trouble(f"{where}: {each.trouble}")
        else:
            call.printer.data(f"A test message is in {where}")
    failed = any(each.trouble for each in sent)
    if failed:
        call.printer.say(f"Next: {call.typed('doctor')}")
    return int(failed)


def _tools(call: Call) -> Tools:
    from alerts.channels.contract import Tools

    return Tools(clock=call.around.clock, sleep=asyncio.sleep, out=call.around.out)


def _chosen(call: Call, settings: Settings, place: str) -> tuple[str, ...]:
    """Return the destinations that are meant.

    Raises:
        TroubleError: no message goes anywhere.
        UsageError: none goes there.
    """
    from alerts.channels.registry import address_of
    from nightdesk.trying_channels import places_of

    known = tuple(each.destination for each in places_of(settings))
    if not known:
        raise TroubleError("no watchlist sends anywhere yet", then=call.typed("check"))
    chosen = tuple(to for to in known if place in {"", to, address_of(to)})
    if not chosen:
        shown = joined(tuple(each.destination for each in places_of(settings) if not each.private))
        what = f'no message goes to "{place}"; they go to {shown}'
        raise click.UsageError(what, click.get_current_context())
    return chosen


def _states(ways: tuple[WayOut, ...]) -> Mapping[str, tuple[str, str]]:
    """Return "ok", "trouble" or "not set up" for each destination, and why."""
    found: dict[str, tuple[str, str]] = {}
    for way in ways:
        at = {each.place: each.trouble for each in reversed(way.trial.troubles)} if way.trial else {}
        general = at.get("", "")
        for to in way.places:
            why = at.get(to.partition(":")[2], general)
            found[to] = ("not set up", "") if not way.is_set_up else ("trouble", why) if why else ("ok", "")
    return found


def _shown(place: Place) -> str:
    from nightdesk.handovers import place_of

    return "(a person)" if place.private else place_of(place.destination)


def _senders(place: Place) -> str:
    return "a private watchlist" if place.private else ", ".join(place.senders)
