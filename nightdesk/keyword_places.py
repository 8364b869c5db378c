"""Where does a watchlist's news go, as people type it: a channel, a mailbox, somebody's name, a time of day?

What is left empty is the desk's: a newsroom that decided once decides nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from config.fields import PLACES
from config.settings import READER, Reader, Settings
from news.errors import ConfigError
from news.nouns import DeliverRule, Priority

When = Literal["desk", "at once", "email", "own"]
NOON = 12
_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d\d))?\s*([ap])\.?m\.?", re.IGNORECASE)
_FILLED = re.compile(r"\b(?:every day|each day|at)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places of a watchlist's own, as its file says them; "" is the desk's."""

    # Told at once there.
    channel: str = ""
    # The digest goes there, at these times.
    mailbox: str = ""
    at: str = ""


THE_DESKS = Places()


def rules_of(when: When, places: Places, settings: Settings) -> tuple[DeliverRule, ...]:
    """Return who hears of it and when, as the file would say it."""
    at_once = DeliverRule(to=places.channel or settings.desk_at_once or "console:")
    digest = DeliverRule(
        to=places.mailbox or settings.desk_digest or "console:",
        send="digest",
        at=places.at or settings.desk_digest_at,
    )
    match when:
        case "at once":
            return (replace(at_once, passing_mentions=True),)
        case "email":
            return (digest,)
    return replace(at_once, at_least=Priority.HIGH), digest


def deliver_of(when: When, places: Places, settings: Settings) -> list[object]:
    """Return what `deliver:` says for a choice."""
    return [_written(rule) for rule in rules_of(when, places, settings)]


def _written(rule: DeliverRule) -> dict[str, object]:
    said: dict[str, object] = {"to": rule.to, "send": rule.send}
    said |= {"when": "priority >= high"} if rule.at_least is Priority.HIGH else {}
    said |= {"passing_mentions": True} if rule.passing_mentions else {}
    return said | ({"at": rule.at} if rule.at else {})


def to_people(rules: tuple[DeliverRule, ...], settings: Settings) -> tuple[DeliverRule, ...]:
    """Return the rules with each person's own place in place of the person."""
    people = {f"{READER}{one.id}": one for one in settings.readers}
    return tuple(
        replace(rule, to=people[rule.to].place(rule.send)) if rule.to in people else rule for rule in rules
    )


def for_people(readers: tuple[Reader, ...], settings: Settings) -> list[object]:
    """Return what `deliver:` says when only these people hear of it, as the desk would."""
    found = [f"{READER}{one.id}" for one in readers]
    return [said for to in found for said in deliver_of("desk", Places(channel=to, mailbox=to), settings)]


def chosen(deliver: object, settings: Settings) -> tuple[When, Places]:
    """Return the choice that a file's `deliver:` stands for; "own" when it is none of them."""
    if deliver in (None, "desk"):
        return "desk", THE_DESKS
    rules = [each for each in deliver if isinstance(each, dict)] if isinstance(deliver, list) else []
    at_once = next((each for each in rules if each.get("send", "at once") == "at once"), {})
    digest = next((each for each in rules if each.get("send") == "digest"), {})
    places = own(
        Places(
            channel=str(at_once.get("to", "")),
            mailbox=str(digest.get("to", "")),
            at=str(digest.get("at", "")),
        ),
        settings,
    )
    choices: tuple[When, ...] = ("desk", "at once", "email")
    for when in choices:
        if deliver == deliver_of(when, places, settings):
            return when, places
    return "own", THE_DESKS


def own(places: Places, settings: Settings) -> Places:
    """Return places of which those that are the desk's anyway are left empty."""
    return Places(
        channel="" if places.channel == settings.desk_at_once else places.channel,
        mailbox="" if places.mailbox == settings.desk_digest else places.mailbox,
        at="" if places.at == settings.desk_digest_at else places.at,
    )


# ── As it is typed ────────────────────────────────────────────────────────────────────────────────────────


def typed(place: str, settings: Settings) -> str:
    """Return a place as people write it: "#immigration-desk", "metro-desk@newsroom.test", a person's name."""
    kind, _, address = place.partition(":")
    if place.startswith(READER):
        return next((one.name or one.id for one in settings.readers if one.id == address), address)
    if place == "console:":
        return "the console"
    return address if kind in {"slack", "email"} else place


def meant(said: str, settings: Settings) -> str:
    """Return the place that somebody typed, or what was typed when it is none: see `misplaced`."""
    said = " ".join(said.split())
    by_name = {name.lower(): one.id for one in settings.readers for name in (one.id, one.name) if name}
    if not said or re.fullmatch(PLACES, said):
        return said
    if said.lower() in by_name:
        return f"{READER}{by_name[said.lower()]}"
    if said.lower() in {"console", "the console"}:
        return "console:"
    found = f"slack:{said}" if said.startswith("#") else f"email:{said}" if "@" in said else ""
    return found if re.fullmatch(PLACES, found) else said


def at_words(schedule: str) -> str:
    """Return a schedule as people say it: "daily 06:30" is "daily at 6:30 am"."""
    return re.sub(r"(\d\d):(\d\d)", lambda found: clock(found[0]), schedule).replace(" ", " at ", 1)


def clock(time: str) -> str:
    """Return a time of day as people say it: "22:00" is "10:00 pm"."""
    hour, minute = int(time[:2]), time[3:]
    return f"{hour % NOON or NOON}:{minute} {'am' if hour < NOON else 'pm'}"


def at_meant(said: str) -> str:
    """Return the schedule that somebody typed: "6:30 am" is "daily 06:30"."""

    def on_the_clock(found: re.Match[str]) -> str:
        hour = int(found[1]) % NOON + (NOON if found[3].lower() == "p" else 0)
        return f"{hour:02}:{found[2] or '00'}"

    said = re.sub(r"\s+", " ", _FILLED.sub("", _CLOCK.sub(on_the_clock, said))).strip()
    said = re.sub(r"\b(\d):", r"0\1:", said)
    return f"daily {said}" if said[:1].isdigit() else said


def time_meant(said: str) -> str:
    """Return the time of day that somebody typed, or what was typed when it is none: "10 pm" is "22:00"."""
    return at_meant(said).removeprefix("daily ")


def quiet_words(settings: Settings) -> str:
    """Say when the newsroom is quiet: "10:00 pm to 6:00 am on weekdays, to 8:00 am at weekends"."""
    week, end = settings.quiet_weekdays, settings.quiet_weekends
    if week is None and end is None:
        return "never"
    if week is None or end is None:
        hours, days = (week, "on weekdays only") if week else (end, "at weekends only")
        return f"{clock(hours.start)} to {clock(hours.end)} {days}" if hours else "never"
    later = f"to {clock(end.end)}" if end.start == week.start else f"{clock(end.start)} to {clock(end.end)}"
    return f"{clock(week.start)} to {clock(week.end)} on weekdays, {later} at weekends"


def misplaced(places: Places) -> Iterator[tuple[str, str]]:
    """Yield what is no place, or no time, and what to write instead."""
    from news.timing import Schedule

    for place in (places.channel, places.mailbox):
        if place and not re.fullmatch(PLACES, place):
            what = f"“{place}” is no place that a message could go to."
            yield what, "Write a channel such as #metro-desk, a mail address, or the name of a person."
    try:
        Schedule.parse(places.at or "00:00")
    except ConfigError:
        yield f"“{places.at}” is no time for the email.", "Write 6:30 am, or weekdays at 7:00 am."
