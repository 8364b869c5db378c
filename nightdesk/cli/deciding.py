"""`nightdesk stories`: claim, unclaim, mute, mute-outlet, unmute, note, hold, let-go, acts.

The same decisions as in Slack and on the console; a running Nightdesk shows them within seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from news.wording import counted, when
from nightdesk.cli.archive import SPAN, STORY_NUMBER, archive
from nightdesk.cli.context import Call, TroubleError, command
from nightdesk.cli.mark import who_is_it
from nightdesk.cli.meant import story_numbered

if TYPE_CHECKING:
    from config.settings import Reader, Settings
    from nightdesk.acts.muting import Until
    from storage.acts_contract import Act, Via
    from storage.contract import Store

VIA: Via = "command line"
_story = click.argument("number", metavar="STORY", type=STORY_NUMBER)
_who = click.option("--who", metavar="NAME", help="Who says so.  [who is logged in here]")
_span = click.option("--for", "span", type=SPAN, metavar="24h", help="For how long.  [7d]")
_pinned = click.option("--pinned", is_flag=True, help="Until somebody ends it.")


def _person(call: Call, settings: Settings, name: str | None) -> Reader:
    """Return who decides: whoever has this machine's command line may do everything."""
    from config.settings import Reader, Role

    who = who_is_it(call, name)
    known = settings.reader(who)
    return Reader(id=who, name=known.name if known else who, role=Role.ADMIN)


@contextmanager
def _deciding(call: Call, number: int, who: str | None) -> Iterator[tuple[Store, int, Reader]]:
    """Give the store, the story's number by now, and the person; say what could not be decided."""
    from nightdesk.acts.rights import NotStandingError

    settings = call.settings()
    with archive(call, settings) as store:
        story_id = story_numbered(call, store, number).id if number else 0
        try:
            yield store, story_id, _person(call, settings, who)
        except NotStandingError as error:
            raise TroubleError(str(error).rstrip("."), then=call.typed("stories acts")) from error


@command("claim")
@_story
@_who
def claim(call: Call, number: int, who: str | None) -> None:
    """Say that you are on a story; its messages show it."""
    from nightdesk.acts.claiming import TakenBy
    from nightdesk.acts.claiming import claim as take

    with _deciding(call, number, who) as (store, story_id, person):
        outcome = take(store, story_id, person, via=VIA, now=call.now)
    taken = isinstance(outcome, TakenBy)
    call.printer.record({"story": story_id, "who": outcome.claim.who, "yours": not taken})
    call.printer.data(f"{outcome.claim.who} is on it." if taken else "You are on it.")


@command("unclaim")
@_story
@_who
def unclaim(call: Call, number: int, who: str | None) -> None:
    """End whoever's claim of a story."""
    from nightdesk.acts.claiming import release

    with _deciding(call, number, who) as (store, story_id, person):
        ended = release(store, story_id, person, via=VIA, now=call.now)
    call.printer.record({"story": story_id, "who": ended.who if ended else None})
    call.printer.data(f"{ended.who} is no longer on it." if ended else "Nobody was on it.")


@command("mute")
@_story
@_span
@_pinned
@_who
def mute(call: Call, number: int, span: timedelta | None, pinned: bool, who: str | None) -> None:
    """Send no more messages of a story; a correction still comes, and digests still list it."""
    from nightdesk.acts.muting import mute_story

    until = _until(call, span, pinned=pinned)
    with _deciding(call, number, who) as (store, story_id, person):
        act = mute_story(store, story_id, person, via=VIA, now=call.now, until=until)
    _tell(call, act, "Muted")


@command("mute-outlet")
@click.argument("source", metavar="SOURCE")
@click.option("--to", default="", metavar="PLACE", help="Only there, such as slack:#courts.  [everywhere]")
@_span
@_pinned
@_who
def mute_outlet(
    call: Call, source: str, *, to: str, span: timedelta | None, pinned: bool, who: str | None
) -> None:
    """Send no messages that only this source tells; what another outlet has too is sent."""
    from nightdesk.acts.muting import Outlet, would_have_lost
    from nightdesk.acts.muting import mute_outlet as keep_back

    settings = call.settings()
    if all(each.id != source for each in settings.sources):
        what = f'there is no source "{source}"'
        raise TroubleError(what, then=call.typed("sources list"))
    outlet = Outlet(source_id=source, destination=to)
    until = _until(call, span, pinned=pinned)
    with _deciding(call, 0, who) as (store, _, person):
        lost = would_have_lost(store, settings, outlet, now=call.now)
        act = keep_back(store, outlet, person, via=VIA, now=call.now, until=until)
    _tell(call, act, "Muted")
    call.printer.say(
        f"In the last {lost.days} days it would have kept back"
        f" {counted(lost.messages, 'message')} of {lost.of}."
    )


@command("unmute")
@click.argument("number", metavar="ACT", type=click.IntRange(1))
@_who
def unmute(call: Call, number: int, who: str | None) -> None:
    """End a mute, by the number that "stories acts" shows."""
    from nightdesk.acts.muting import unmute as end

    with _deciding(call, 0, who) as (store, _, person):
        act = end(store, number, person, via=VIA, now=call.now)
    call.printer.record({"act": act.id})
    call.printer.data("The mute has ended.")


@command("note")
@_story
@click.argument("words", nargs=-1, required=True)
@_who
def note(call: Call, number: int, words: tuple[str, ...], who: str | None) -> None:
    """Write a note on a story, for colleagues."""
    from nightdesk.acts.noting import note as keep

    with _deciding(call, number, who) as (store, story_id, person):
        act = keep(store, story_id, " ".join(words), person, via=VIA, now=call.now)
    _tell(call, act, "Noted")


@command("hold")
@_story
@click.option("--for", "span", type=SPAN, metavar="2h", help="For how long.  [until it is let go]")
@_who
def hold(call: Call, number: int, span: timedelta | None, who: str | None) -> None:
    """Keep every message of a story back until it is let go."""
    from nightdesk.acts.holding import hold as keep_back

    until = call.now + span if span else None
    with _deciding(call, number, who) as (store, story_id, person):
        act = keep_back(store, story_id, person, via=VIA, now=call.now, until=until)
    _tell(call, act, "Held back")


@command("let-go")
@_story
@_who
def let_go(call: Call, number: int, who: str | None) -> None:
    """Let a story go that is held back; what waited goes out."""
    from nightdesk.acts.holding import let_go as let_out

    with _deciding(call, number, who) as (store, story_id, person):
        act = let_out(store, story_id, person, via=VIA, now=call.now)
    call.printer.record(_facts(act))
    call.printer.data("Let go. What waited goes out.")


@command("acts")
@click.option(
    "--since", type=SPAN, default=timedelta(days=7), metavar="7d", help="How far to look back.  [7d]"
)
def acts(call: Call, since: timedelta) -> None:
    """List what people decided about stories: claims, votes, mutes, notes, holds."""
    settings = call.settings()
    with archive(call, settings) as store:
        found = store.acts(since=call.now - since)
    for act in found:
        call.printer.record(_facts(act))
    zone, now = settings.timezone, call.now
    rows = [
        (str(act.id), when(act.at, zone, now=now), act.who, act.kind, str(act.story_id or act.source_id))
        for act in found
    ]
    call.printer.table([("act", "when", "who", "what", "story or source"), *rows] if rows else [])
    if not rows:
        call.printer.say("Nobody decided anything.")


def _until(call: Call, span: timedelta | None, *, pinned: bool) -> Until:
    if pinned:
        return "pinned"
    return call.now + span if span else None


def _tell(call: Call, act: Act, what: str) -> None:
    until = f" until {when(act.until, call.settings().timezone, now=call.now)}" if act.until else ""
    call.printer.record(_facts(act))
    call.printer.data(f"{what}{until}.")


def _facts(act: Act) -> dict[str, object]:
    return {
        "act": act.id,
        "at": act.at.isoformat(),
        "who": act.who,
        "via": act.via,
        "kind": act.kind,
        "story": act.story_id,
        "source": act.source_id or None,
        "to": act.destination or None,
        "until": act.until.isoformat() if act.until else None,
        "note": act.note or None,
        "stands": act.stands(act.at),
    }


COMMANDS: tuple[click.Command, ...] = (
    claim, unclaim, mute, mute_outlet, unmute, note, hold, let_go, acts,
)  # fmt: skip
