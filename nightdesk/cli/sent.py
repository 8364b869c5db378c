"""`nightdesk sent`: every message that went out, one of them, and what did not and is sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from news.wording import counted, when
from nightdesk.cli.archive import SPAN, archive
from nightdesk.cli.context import Call, TroubleError, command, group

if TYPE_CHECKING:
    from config.settings import Settings
    from news.telling import Alert, Delivery
    from storage.contract import Store

#: How a message came to be there, where it is more than "sent".
OUTCOMES = {"found": "sent; its answer was lost, and it was found there", "refused": "refused"}
#: States of an alert that waits for a person.
STUCK = ("failed", "held")
MOST_STUCK = 1000


@group("sent")
def sent() -> None:
    """The messages that went out: list them, show one, or send again what did not arrive."""


@command("list", under=sent)
@click.option(
    "--since", type=SPAN, default=timedelta(days=7), metavar="7d", help="How far to look back.  [7d]"
)
@click.option("--limit", type=click.IntRange(1), default=50, help="At most so many.  [50]")
@click.option("--failed", is_flag=True, help="Only what was refused or waits for a person, however old.")
def list_sent(call: Call, since: timedelta, limit: int, failed: bool) -> None:
    """List the messages that went out, newest first: when, where, what."""
    settings = call.settings()
    with archive(call, settings) as store:
        if failed:
            rows = [_stuck_row(call, alert, settings.timezone) for alert in stuck(store, "")]
        else:
            found = store.deliveries(since=call.now - since, limit=limit)
            rows = [_row(call, _seen(each, settings), settings.timezone) for each in found]
    call.printer.table(rows[:limit])
    if not rows:
        call.printer.say("Everything that was to be sent was sent." if failed else "Nothing was sent.")
    elif failed:
        call.printer.say(f"To send them again: {call.typed('sent retry')}")


@command("show", under=sent)
@click.argument("message", metavar="MESSAGE")
def show_sent(call: Call, message: str) -> None:
    """Show what became of one message: its number, its key, or words of its headline."""
    settings = call.settings()
    from nightdesk.one_message import account_facts, account_lines, account_of

    with archive(call, settings) as store:
        account = account_of(store, settings, message)
    if account is None:
        what = f'no message is known by "{message}"'
        raise TroubleError(what, then=call.typed("sent list"))
    call.printer.table(list(account_lines(account, settings, now=call.now)))
    call.printer.record(account_facts(account))


@command("retry", under=sent)
@click.option("--to", default="", metavar="PLACE", help="Only there, such as slack:#immigration-desk.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent again; change nothing.")
def retry(call: Call, to: str, dry_run: bool) -> None:
    """Send again what was refused, or waits for a person because nobody knows whether it arrived."""
    settings = call.settings()
    with archive(call, settings) as store:
        waiting = stuck(store, to)
        rows = [_stuck_row(call, alert, settings.timezone) for alert in waiting]
        if waiting and not dry_run:
            store.release_alerts(states=STUCK, destination=to or None, now=call.now)
    call.printer.table(rows)
    if not waiting:
        call.printer.say("Nothing waits to be sent again.")
    elif dry_run:
        call.printer.say(f"Dry run: {counted(len(waiting), 'message')} would be sent again.")
    else:
        said = f"{counted(len(waiting), 'message')} will be sent again by the running Nightdesk"
        call.printer.say(f"{said}, or at the next start: {call.typed('run')}")


def stuck(store: Store, to: str) -> tuple[Alert, ...]:
    """Return what waits for a person, newest first."""
    found = store.alerts(states=STUCK, limit=MOST_STUCK)
    return tuple(alert for alert in found if not to or alert.destination == to)


def _stuck_row(call: Call, alert: Alert, zone: str) -> tuple[str, str, str]:
    from nightdesk.handovers import message_name, place_of, why_not

    call.printer.record(
        {
            "at": alert.created.isoformat(),
            "to": alert.destination,
            "kind": alert.kind,
            "outcome": alert.state.value,
            "story": alert.story_id,
            "digest": alert.digest_id,
            "error": alert.last_error,
            "key": alert.key,
        }
    )
    what = f"{message_name(alert.kind, alert.destination)}: {why_not(alert)}"
    return when(alert.created, zone, now=call.now), place_of(alert.destination), what


def _seen(each: Delivery, settings: Settings) -> Delivery:
    """Return what may be shown: of what private watchlists send to people, not what it was about."""
    from dataclasses import replace

    from nightdesk.private import people_places

    return replace(each, headline="", story_id=None) if each.destination in people_places(settings) else each


def _row(call: Call, each: Delivery, zone: str) -> tuple[str, str, str]:
    from nightdesk.facts import delivery_facts
    from nightdesk.handovers import place_of

    call.printer.record(delivery_facts(each))
    return when(each.at, zone, now=call.now), place_of(each.destination), _what(each)


def _what(each: Delivery) -> str:
    from nightdesk.handovers import message_name

    kind = message_name(each.kind, each.destination)
    said = f"{kind}: {each.headline}" if each.headline else kind
    outcome = OUTCOMES.get(each.outcome, "")
    if each.error:
        outcome = f"{outcome}: {each.error}" if outcome else each.error
    if each.receipt is not None and each.receipt.refused:
        refused = "; ".join(f"{who} ({why})" for who, why in each.receipt.refused.items())
        outcome = f"refused for {refused}"
    return f"{said} ({outcome})" if outcome else said
