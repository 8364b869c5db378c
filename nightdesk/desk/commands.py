"""What can be typed after /nightdesk? Watch, why, status, quiet, digest, help."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from config.settings import Role
from news.timing import instant, local
from news.wording import counted, when
from nightdesk.acts.quieting import loud, quiet
from nightdesk.acts.rights import NotAllowedError
from nightdesk.desk import keywords
from nightdesk.desk.press import VIA, Press
from nightdesk.desk.stories import account_lines

if TYPE_CHECKING:
    from storage.contract import Store

HELP = (
    "/nightdesk watch WORDS: watch for words; shows what last week would have sent before it is saved",
    "/nightdesk why ADDRESS: why an article was sent, or was not",
    "/nightdesk status: how things stand",
    "/nightdesk quiet until 14:00 (or 2h, or off): no messages in this channel until then; urgent ones come",
    "/nightdesk digest now: send the digest now",
    "/nightdesk help: this",
)
LONGEST_QUIET = timedelta(hours=24)
CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(am|pm)?", re.IGNORECASE)
LENGTH = re.compile(r"(\d{1,3})\s*(h|hours?|m|min|minutes?)", re.IGNORECASE)
NOON = 12


async def command(press: Press) -> None:
    """Do what was typed, or say what can be typed."""
    first, _, rest = press.asked.words.strip().partition(" ")
    answer = ANSWERS.get(first.lower())
    if answer is None:
        known = f'"{first}" is none of these.' if first else "This can be typed:"
        await press.reply.whisper(known, *HELP)
        return
    await answer(press, rest.strip())


async def watch(press: Press, words: str) -> None:
    """Open a form for new keywords."""
    await keywords.ask_for_new(press, words, place_of(press))


async def why(press: Press, address: str) -> None:
    """Say what became of an address."""
    from nightdesk.explaining import explain_address

    address = address.strip("<>").partition("|")[0]
    if not address.startswith(("https://", "http://")):
        await press.reply.whisper("Write the article's address: /nightdesk why https://…")
        return
    settings, now = press.settings, press.desk.now

    def look(store: Store) -> tuple[str, ...]:
        return account_lines(explain_address(store, settings, address, now=now), settings, press)

    await press.reply.whisper(*await press.desk.store.read(look))


async def status(press: Press, _: str) -> None:
    """Say how things stand."""
    from nightdesk.standing import stock_lines, take_stock

    settings, now = press.settings, press.desk.now
    stock = await press.desk.store.read(
        lambda store: take_stock(store, settings, now=now, running_since=press.desk.since)
    )
    *lines, _next = stock_lines(stock, settings)  # the last line is a command for a terminal
    claims = await press.desk.store.read(lambda store: store.open_claims())
    on_it = counted(len(claims), "story")
    await press.reply.whisper(*lines, f"Somebody is on {on_it}." if claims else "Nobody is on a story.")


async def be_quiet(press: Press, words: str) -> None:
    """Send nothing but what is urgent to this channel until then."""
    reader, now, place = press.reader, press.desk.now, place_of(press)
    said = words.lower().removeprefix("until").strip()
    if reader.role < Role.EDITOR and place != reader.slack:
        raise NotAllowedError(
            "To quiet a channel you must be an editor. Your own messages you can: write there."
        )
    if said in {"off", "end", "over"}:
        ended = await press.desk.keep(lambda store: loud(store, place, reader, via=VIA, now=now))
        press.desk.nudge("tell")
        await press.reply.whisper("It is no longer quiet here." if ended else "It was not quiet here.")
        return
    until = moment(said, press.settings.timezone, now)
    if until is None:
        await press.reply.whisper("Until when? /nightdesk quiet until 14:00, or 2h, or off")
        return
    await press.desk.keep(lambda store: quiet(store, place, reader, via=VIA, now=now, until=until))
    press.desk.nudge("desk")
    end = when(until, press.settings.timezone, now=now)
    await press.reply.whisper(f"Quiet here until {end}. What is urgent still comes; the rest comes then.")


async def digest(press: Press, words: str) -> None:
    """Send the digest now."""
    from nightdesk.early_digest import send_now

    if words.lower() != "now":
        await press.reply.whisper("/nightdesk digest now")
        return
    if press.reader.role < Role.EDITOR:
        raise NotAllowedError("To send the digest you must be an editor.")
    sending = await send_now(press.desk.settings(), press.desk.world)
    press.desk.nudge("tell")
    opened = counted(len(sending.opened), "digest")
    await press.reply.whisper(f"{opened} on the way." if sending.opened else "There is no digest to send.")


async def show_help(press: Press, _: str) -> None:
    """Say what can be typed."""
    await press.reply.whisper(*HELP)


ANSWERS: Mapping[str, Callable[[Press, str], Awaitable[None]]] = {
    "watch": watch,
    "why": why,
    "status": status,
    "quiet": be_quiet,
    "digest": digest,
    "help": show_help,
}


def place_of(press: Press) -> str:
    """Return the destination that is the channel where it was typed; a conversation is the person's own."""
    asked = press.asked
    if asked.place.startswith("D"):
        return press.reader.slack
    known = {rule.to for each in press.settings.watchlists for rule in each.deliver}
    by_id = f"slack:{asked.place}"
    return by_id if by_id in known or not asked.place_name else f"slack:#{asked.place_name}"


def moment(said: str, zone: str, now: datetime) -> datetime | None:
    """Return when "14:00", "2 pm", "2h" or "90 min" is; None for what is none of these."""
    length = LENGTH.fullmatch(said)
    if length:
        number = int(length[1])
        span = timedelta(hours=number) if length[2].lower().startswith("h") else timedelta(minutes=number)
        return now + min(span, LONGEST_QUIET) if span else None
    clock = CLOCK.fullmatch(said)
    at = _time(*clock.groups()) if clock else None
    if at is None:
        return None
    today = local(now, zone).date()
    for days in (0, 1):
        found = instant(today + timedelta(days=days), at, zone)
        if found > now:
            return found
    return None


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour) % NOON + (NOON if half.lower() == "pm" else 0) if half else int(hour)
    try:
        return time(number, int(minute or 0))
    except ValueError:
        return None
