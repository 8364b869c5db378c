"""Which moment do these words state: "6 a.m. ET Thursday", "18 March 2026, 06:00", "18.03.2026, 18 Uhr"?

Pure. What the words leave out is filled in from a day they were written near: the year, the day a weekday
means, the day of a bare hour. Where they can be read in two ways ("03/04/2026") the later one is taken: who
asks wants to be too late rather than too early.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from news.text import fold
from news.timing import instant, local

_DAY = timedelta(days=1)
_WEEK = 7  # days
_CENTURY = 2000  # that two digits of a year mean
_FULL_YEAR = 100  # from here on a year is written in full
_NOON, _HOURS = 12, 24

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janner jänner enero ene janvier janv janeiro gennaio januari",
            "february feb februar febrero febr fevrier fevr fevereiro febbraio februari",
            "march mar marz märz maerz marzo mars marco março maart",
            "april apr abril abr avril avr aprile",
            "may mai mayo maio maggio mei",
            "june jun juni junio juin junho giugno",
            "july jul juli julio juillet juil julho luglio",
            "august aug agosto ago aout août augustus",
            "september sept sep septiembre septembre setembro settembre",
            "october oct okt oktober octubre octobre outubro ottobre",
            "november nov noviembre novembre novembro",
            "december dec dez dezember diciembre dic decembre dezembro dicembre",
        ),
        start=1,
    )
    for name in fold(names).split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag lunes lundi segunda-feira lunedi maandag",
            "tuesday tues tue dienstag martes mardi terca-feira martedi dinsdag",
            "wednesday wed mittwoch miercoles mercredi quarta-feira mercoledi woensdag",
            "thursday thurs thur thu donnerstag jueves jeudi quinta-feira giovedi donderdag",
            "friday fri freitag viernes vendredi sexta-feira venerdi vrijdag",
            "saturday sat samstag sonnabend sabado samedi sabato zaterdag",
            "sunday sun sonntag domingo dimanche domenica zondag",
        )
    )
    for name in fold(names).split()
}
#: How a release writes a place's clock. "EST" in July means what the clocks in New York show.
_ZONES = {
    name: zone
    for zone, names in {
        "America/New_York": "et est edt eastern",
        "America/Chicago": "ct cst cdt central",
        "America/Denver": "mt mst mdt mountain",
        "America/Los_Angeles": "pt pst pdt pacific",
        "UTC": "utc gmt z",
        "Europe/London": "bst london",
        "Europe/Berlin": "cet cest mez mesz",
    }.items()
    for name in names.split()
}


def _any(names: dict[str, int] | dict[str, str]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


#: What may stand before a time.
_LEADING_UP = re.compile(
    r"(?:[^\w]+|\b(?:until|till|til|on|at|for|from|after|before|not|by|is|the|release|publication|bis|am|um"
    r"|zum|den|hasta|el|las?|los|al?|jusqu|au|le|l|du|ate|fino|tot|op)\b)*"
)

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_NAME = rf"(?P<name>{_any(_MONTHS)})\b\.?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d?)-(?P<day>\d\d?)(?!\d)",
        rf"\b(?P<day>\d\d?)(?:st|nd|rd|th|\.|o|er)?\s+(?:of\s+|de\s+)?{_NAME}(?:,?\s+(?:de\s+|of\s+)?{_YEAR}\b)?",
        rf"\b{_NAME}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?\b(?!:)(?:,?\s+{_YEAR}\b)?",
        r"\b(?P<day>\d\d?)\.\s?(?P<month>\d\d?)\.\s?(?P<year>(?:19|20)?\d\d)?(?!\d)",
        r"\b(?P<one>\d\d?)/(?P<other>\d\d?)(?:/(?P<year>(?:19|20)?\d\d))?(?!\d)",
    )
)
_WEEKDAY = re.compile(rf"\b(?:{_any(_WEEKDAYS)})\b(?!')")
_TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d.:])(?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))?(?::\d\d)?\s?(?P<half>a|p)\.?\s?m\b",
        r"(?<![\d.:])t?(?P<hour>\d\d?)[:h](?P<minute>\d\d)",
        r"(?<![\d.:])(?P<hour>\d\d?)(?:\.(?P<minute>\d\d))?\s?(?:uhr|h|hrs|hours|horas|heures)\b",
        r"(?<![\d.:])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=\s?(?:hrs|hours|h|gmt|utc|z|local)\b)",
        r"\b(?:12\s)?(?P<word>noon|midday|midnight|mitternacht|medianoche|mediodia|minuit|midi)\b",
    )
)
_MIDDAY = frozenset({"noon", "midday", "mediodia", "midi"})
_ZONE = re.compile(rf"\b(?:{_any(_ZONES)})\b|(?<=\d)z\b")
_RELATIVE = {"today": 0, "heute": 0, "hoy": 0, "tomorrow": 1, "morgen": 1, "manana": 1, "demain": 1}
_RELATIVE_DAY = re.compile(rf"\b(?:{'|'.join(_RELATIVE)})\b")


def stated_time(words: str, *, near: datetime, zone: str) -> datetime | None:
    """Return the moment that words state, in UTC; None when they state none.

    `near` is when they were written, `zone` whose clock they mean where they name none. A date without an
    hour is its first moment; an hour without a date the next such hour.
    """
    line = fold(words)
    named = _ZONE.search(line)
    clock = _ZONES[named.group()] if named else zone
    wrote = local(near, clock)
    day, rest = _stated_day(line, wrote.date())
    hour = _stated_hour(rest)
    if day is not None:
        return instant(day, hour or time(), clock)
    if hour is None:
        return None
    soon = instant(wrote.date(), hour, clock)
    return soon if soon > near else instant(wrote.date() + _DAY, hour, clock)


def begins_with_time(words: str) -> bool:
    """Return whether words begin with a day or an hour, but for what leads up to one: "until 6 a.m."."""
    line = fold(words)
    start = _LEADING_UP.match(line)
    at = start.end() if start else 0
    patterns = (*_DATES, *_TIMES, _WEEKDAY, _RELATIVE_DAY)
    return any(pattern.match(line, at) for pattern in patterns)


def _stated_day(line: str, wrote: date) -> tuple[date | None, str]:
    """Return the day that a line states, and the line without it: its numbers are no hours."""
    for pattern in _DATES:
        for found in pattern.finditer(line):
            day = _day_in(found.groupdict(), wrote)
            if day is not None:
                return day, f"{line[: found.start()]} {line[found.end() :]}"
    if relative := _RELATIVE_DAY.search(line):
        return wrote + _RELATIVE[relative.group()] * _DAY, line
    if weekday := _WEEKDAY.search(line):
        return wrote + (_WEEKDAYS[weekday.group()] - wrote.weekday()) % _WEEK * _DAY, line
    return None, line


def _day_in(said: dict[str, str | None], wrote: date) -> date | None:
    """Return the day of a written date; without a year, of the one that brings it nearest."""
    written = int(said.get("year") or 0)
    year = written + _CENTURY if 0 < written < _FULL_YEAR else written
    if said.get("one"):
        one, other = int(said["one"] or 0), int(said["other"] or 0)
        both = [_nearest(year, month, day, wrote) for month, day in ((one, other), (other, one))]
        return max((each for each in both if each is not None), default=None)
    month = _MONTHS[said["name"] or ""] if said.get("name") else int(said.get("month") or 0)
    return _nearest(year, month, int(said["day"] or 0), wrote)


def _nearest(year: int, month: int, day: int, wrote: date) -> date | None:
    years = (year,) if year else (wrote.year - 1, wrote.year, wrote.year + 1)
    found = [each for each in (_day(one, month, day) for one in years) if each is not None]
    return min(found, key=lambda each: abs(each - wrote), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _stated_hour(line: str) -> time | None:
    for pattern in _TIMES:
        for found in pattern.finditer(line):
            hour = _hour_in(found.groupdict())
            if hour is not None:
                return hour
    return None


def _hour_in(said: dict[str, str | None]) -> time | None:
    if said.get("word"):
        return time(_NOON if said["word"] in _MIDDAY else 0)
    hour, minute = int(said["hour"] or 0), int(said.get("minute") or 0)
    if half := said.get("half"):
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    return time(hour % _HOURS, minute) if hour <= _HOURS and minute < 60 else None  # noqa: PLR2004  minutes
