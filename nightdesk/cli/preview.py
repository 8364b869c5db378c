"""`nightdesk preview`: show the Slack message or the email; send nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightdesk.cli.archive import archive, watchlist_named
from nightdesk.cli.context import Call, TroubleError, command, shown
from nightdesk.cli.shelf import settings_beside_broken

if TYPE_CHECKING:
    from config.settings import Settings
    from nightdesk.previewing import Previewed

#: What stands above each message.
NAMES = {"root": "New message", "reply": "Reply in its thread", "digest": "Daily email"}


@command("preview")
@click.argument("watchlist")
@click.option("--slack", is_flag=True, help="Only what is told at once.")
@click.option("--email", is_flag=True, help="Only the digest.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Also write a page to look at in a browser.",
)
def preview(call: Call, watchlist: str, *, slack: bool, email: bool, html: Path | None) -> None:
    """Show what a watchlist's messages look like, with the latest stories it catches. Nothing is sent."""
    settings = settings_beside_broken(call, wanted=watchlist)
    chosen = watchlist_named(settings, watchlist, call)
    from nightdesk.previewing import alert_messages, digest_messages, is_told_at_once, latest_caught

    with archive(call, settings) as store:
        caught = latest_caught(store, chosen, now=call.now)
        if not caught:
            what = f"{chosen.name} catches no story of the last 30 days, so there is nothing to show"
            raise TroubleError(what, then=call.typed(f"test {chosen.id} --last 30d"))
        messages: list[Previewed] = []
        sends = {rule.send for rule in chosen.deliver}
        if slack or (not email and "at once" in sends):
            messages += alert_messages(store, settings, chosen, caught[0], now=call.now)
        if email or (not slack and "digest" in sends):
            messages += digest_messages(store, settings, chosen, caught, now=call.now)
    for each in messages:
        _print(call, settings, each)
    if any(each.message.kind == "root" for each in messages) and not is_told_at_once(chosen, caught[0]):
        call.printer.say(
            "This story is not told at once: it is a passing mention, or its priority is too low."
        )
    if html is not None:
        _write_pages(call, settings, messages, html)
    call.printer.say("Nothing was sent.")


def _print(call: Call, settings: Settings, each: Previewed) -> None:
    from nightdesk.handovers import place_of

    name = NAMES.get(each.message.kind, each.message.kind)
    if each.message.kind == "digest" and not each.destination.startswith("email:"):
        name = "Digest"
    call.printer.record(_facts(settings, each))
    call.printer.data(f"{name}, {place_of(each.destination)}\n")
    for line in message_lines(each):
        call.printer.data(f"  {line}".rstrip())
    call.printer.data()


def message_lines(each: Previewed) -> Iterator[str]:
    """Yield a message as its channel lays it out."""
    if each.destination.startswith("slack:"):
        from alerts.channels.slack.blocks import lay_out
        from alerts.channels.slack.plain import block_lines

        yield from block_lines(lay_out(each.message.parts))
    elif each.destination.startswith("email:"):
        from alerts.channels.email.plain import plain_text

        yield f"Subject: {each.message.subject}"
        yield ""
        yield from plain_text(each.message).splitlines()
    else:
        from alerts.channels.console.channel import written

        yield from written(each.message)


def _facts(settings: Settings, each: Previewed) -> dict[str, object]:
    facts: dict[str, object] = {
        "to": each.destination,
        "kind": each.message.kind,
        "subject": each.message.subject,
        "text": each.message.text,
    }
    if each.destination.startswith("slack:"):
        from alerts.channels.slack.blocks import body_of

        return facts | {"body": body_of(each.message, each.envelope.key)}
    if each.destination.startswith("email:"):
        return facts | {"mail": _mail(settings, each).decode("utf-8", errors="replace")}
    return facts


def _mail(settings: Settings, each: Previewed) -> bytes:
    from alerts.channels.email.mail import write_mail

    return write_mail(each.message, each.envelope, settings, now=each.envelope.created)


# ── Pages ─────────────────────────────────────────────────────────────────────────────────────────────────


def _write_pages(call: Call, settings: Settings, messages: Sequence[Previewed], path: Path) -> None:
    """Write one page for each kind of channel; with two, each has the kind in its name."""
    pages = {
        kind: page
        for kind, page in (
            ("slack", _slack_page(settings, messages)),
            ("email", _mail_page(settings, messages)),
        )
        if page
    }
    if not pages:
        what = "these messages are for the console, which has no page"
        raise TroubleError(what, then=call.typed("preview WATCHLIST"))
    for kind, page in pages.items():
        to = path if len(pages) == 1 else path.with_name(f"{path.stem}-{kind}{path.suffix or '.html'}")
        try:
            to.write_text(page, encoding="utf-8")
        except OSError as error:
            what = f"{shown(to)} cannot be written: {(error.strerror or 'no more is known').lower()}"
            raise TroubleError(what) from error
        call.printer.say(f"Written: {shown(to)}")


def _slack_page(settings: Settings, messages: Sequence[Previewed]) -> str:
    from alerts.channels.slack.preview import call_of, preview_page

    calls: list[dict[str, object]] = []
    for each in messages:
        if not each.destination.startswith("slack:"):
            continue
        posted = call_of(
            each.message, key=each.envelope.key, channel=each.envelope.to, at=each.envelope.created
        )
        root = calls[-1]["ts"] if calls and each.message.kind == "reply" else None
        calls.append({**posted, "ts": f"{posted['ts']}{len(calls)}", "thread_ts": root})
    return preview_page(calls, zone=settings.timezone) if calls else ""


def _mail_page(settings: Settings, messages: Sequence[Previewed]) -> str:
    from alerts.channels.email.preview import mail_page

    mails = [_mail(settings, each) for each in messages if each.destination.startswith("email:")]
    return mail_page(mails) if mails else ""
