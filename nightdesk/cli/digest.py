"""`nightdesk digest`: now, list, send again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from news.wording import counted, when
from nightdesk.cli.archive import archive, is_there
from nightdesk.cli.context import Call, TroubleError, command, group

if TYPE_CHECKING:
    from config.settings import Settings
    from nightdesk.early_digest import PastDigest, Sending
    from nightdesk.recording import Recorded

#: Digests that are looked through for one to send again.
MOST_LOOKED_AT = 500


@group("digest")
def digest() -> None:
    """The daily email, or whatever else collects a day: now, list, send-again."""


@command("now", under=digest)
@click.option(
    "--to", default="", metavar="PLACE", help="Only this one, such as email:metro-desk@newsroom.test."
)
@click.option(
    "--dry-run", is_flag=True, help="Show what would be sent; nothing is sent, nothing is remembered."
)
def now(call: Call, *, to: str, dry_run: bool) -> int:
    """Send the digest now: everything since the last one.

    The next one comes at its hour, with what is new since this one.
    """
    settings = call.settings()
    _check_place(call, settings, to)
    if not is_there(settings):
        raise TroubleError("nothing was watched yet, so there is nothing to tell", then=call.typed("run"))
    from crawler.reactor import run
    from nightdesk import logs

    logs.set_up(verbose=call.verbose, quiet=not call.verbose, stream=call.around.err)
    return run(lambda: _rehearsed(call, settings, to) if dry_run else _sent(call, settings, to))


@command("list", under=digest)
@click.option("--limit", type=click.IntRange(1), default=30, help="At most so many.  [30]")
def list_digests(call: Call, limit: int) -> None:
    """List the digests that were made, newest first, and what became of each."""
    settings = call.settings()
    from nightdesk.early_digest import past_digests

    with archive(call, settings) as store:
        found = past_digests(store, limit=limit)
    from nightdesk.handovers import place_of

    rows: list[tuple[str, str, str]] = []
    for each in found:
        call.printer.record(_facts(each))
        due = when(each.digest.due_at, settings.timezone, now=call.now)
        stories = counted(len(each.digest.items), "story")
        rows.append((due, place_of(each.digest.destination), f"{stories}; {_state(each, settings, call)}"))
    call.printer.table(rows)
    if not found:
        call.printer.say("No digest was made yet.")


@command("send-again", under=digest)
@click.argument("date", default="", required=False, metavar="[DATE]")
@click.option(
    "--to", default="", metavar="PLACE", help="Only this one, such as email:metro-desk@newsroom.test."
)
@click.option("--dry-run", is_flag=True, help="Say which ones; send nothing.")
def send_again(call: Call, date: str, *, to: str, dry_run: bool) -> None:
    """Send the last digest once more, or that of DATE (2026-03-19), with the same stories."""
    settings = call.settings()
    from nightdesk.early_digest import on_date, past_digests, put_again
    from nightdesk.handovers import place_of

    with archive(call, settings) as store:
        found = on_date(past_digests(store, limit=MOST_LOOKED_AT), date)
        found = tuple(each for each in found if not to or each.digest.destination == to)
        if not found:
            what = f"there is no digest of {date}" if date else "no digest was made yet"
            raise TroubleError(what, then=call.typed("digest list"))
        for each in found:
            named = f"{place_of(each.digest.destination)}, {counted(len(each.digest.items), 'story')}"
            if dry_run:
                call.printer.data(f"Would be sent again: {named}")
            elif put_again(store, each, settings, now=call.now):
                call.printer.data(f"Will be sent again: {named}")
            else:
                call.printer.data(f"Still waiting to be sent: {named}")
    if not dry_run:
        call.printer.say(f"A running Nightdesk sends it within seconds; else: {call.typed('run --once')}")


# ── Now ───────────────────────────────────────────────────────────────────────────────────────────────────


def _check_place(call: Call, settings: Settings, to: str) -> None:
    from alerts.schedule import digest_plans

    places = sorted({plan.destination for plan in digest_plans(settings)})
    if not places:
        raise TroubleError("no watchlist has a digest", then=call.typed("check"))
    if to and to not in places:
        what = f'no digest goes to "{to}"; there is {", ".join(places)}'
        raise click.UsageError(what, click.get_current_context())


async def _sent(call: Call, settings: Settings, to: str) -> int:
    from nightdesk.early_digest import send_now
    from nightdesk.rooms import World

    world = World(clock=call.around.clock, out=call.around.out, reader=call.around.reader)
    sending = await send_now(settings, world, to=to)
    return _tell(call, sending)


def _tell(call: Call, sending: Sending) -> int:
    from nightdesk.handovers import place_of

    places = ", ".join(place_of(plan.destination) for plan in sending.opened)
    report = sending.report
    call.printer.record(
        {
            "opened": [plan.destination for plan in sending.opened],
            "unknown": [plan.destination for plan in sending.unknown],
            "sent": report.sent if report else None,
            "failed": report.failed if report else None,
            "waiting": report.waiting if report else None,
        }
    )
    for plan in sending.unknown:
        where = place_of(plan.destination)
        call.printer.trouble(
            f"the running Nightdesk does not know the digest for {where} yet; start it again"
        )
    if places and report is None:
        call.printer.data(f"{places}: will be sent by the running Nightdesk, within seconds.")
    elif report is not None:
        numbers = f"{report.sent} sent, {report.failed} refused, {report.waiting} waiting"
        call.printer.data(f"{places or 'Nothing'}: {numbers}.")
    trouble = bool(sending.unknown) or (report is not None and bool(report.failed or report.waiting))
    if trouble:
        call.printer.say(f"Next: {call.typed('status')}")
    return int(trouble)


async def _rehearsed(call: Call, settings: Settings, to: str) -> int:
    """Do all of it on a copy of the database, with channels that hand nothing over."""
    from nightdesk.early_digest import send_now
    from nightdesk.one_round import copied, recording
    from nightdesk.rooms import World

    world = World(clock=call.around.clock, out=call.around.out, reader=call.around.reader)
    with copied(settings, now=call.now) as inside:
        channels = recording(inside, world)
        sending = await send_now(inside, world, to=to, channels=channels)
    found = [each for each in channels.recorded if each.message.kind == "digest"]
    _show(call, found)
    missing = [
        plan for plan in sending.opened if plan.destination not in {each.destination for each in found}
    ]
    for plan in missing:
        call.printer.say(f"{plan.destination} is not set up: its digest would wait.")
    call.printer.say("Dry run: nothing was sent, nothing is remembered.")
    return 0


def _show(call: Call, found: Sequence[Recorded]) -> None:
    from nightdesk.handovers import place_of

    for each in found:
        message = each.message
        call.printer.record({"to": each.destination, "subject": message.subject, "text": message.text})
        call.printer.data(f"{place_of(each.destination)}: {message.subject}\n")
        for line in message.text.splitlines():
            call.printer.data(f"  {line}".rstrip())
        call.printer.data()


# ── List ──────────────────────────────────────────────────────────────────────────────────────────────────


def _state(each: PastDigest, settings: Settings, call: Call) -> str:
    from news.telling import AlertState
    from nightdesk.handovers import why_not

    if each.delivery is not None and each.delivery.receipt is not None:
        return f"sent {when(each.delivery.at, settings.timezone, now=call.now)}"
    if each.alert.state in {AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN}:
        why = f": {each.alert.last_error}" if each.alert.last_error else ""
        return f"waiting{why}"
    return f"not sent: {why_not(each.alert)}"


def _facts(each: PastDigest) -> dict[str, object]:
    digest = each.digest
    return {
        "digest": digest.id,
        "to": digest.destination,
        "date": digest.local_date,
        "due": digest.due_at.isoformat(),
        "covers_from": digest.covers_from.isoformat(),
        "covers_to": digest.covers_to.isoformat(),
        "watchlists": list(digest.watchlist_ids),
        "stories": [item.story_id for item in digest.items],
        "state": each.alert.state.value,
        "sent": each.delivery.at.isoformat() if each.delivery and each.delivery.receipt else None,
        "error": each.alert.last_error,
    }
