"""Which moment does a publisher's date mean?

Feeds write dates in a dozen ways and get them wrong in more. What is not understood, or lies before 1990 or
more than a day ahead, is None: a date never decides what is new, so no date is better than a wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # clocks and zones of publishers differ by less
LONGEST = 80  # characters of a date worth looking at

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}

#: Beginnings of the months' names in Spanish, French, German, Italian, Portuguese and Dutch, without accents.
OTHER_MONTHS = {
    "ene": 1, "gen": 1, "fev": 2, "marz": 3, "mars": 3, "maar": 3, "abr": 4, "avr": 4, "mai": 5, "mag": 5,
    "mei": 5, "juin": 6, "giu": 6, "juil": 7, "lug": 7, "ago": 8, "aou": 8, "set": 9, "out": 10, "okt": 10,
    "ott": 10, "dic": 12, "dez": 12,
}  # fmt: skip

#: Hours from UTC of the zones that English-language publishers name; any other name counts as UTC.
ZONES = {
    "EST": -5.0, "EDT": -4.0, "ET": -5.0, "CST": -6.0, "CDT": -5.0, "CT": -6.0, "MST": -7.0, "MDT": -6.0,
    "MT": -7.0, "PST": -8.0, "PDT": -7.0, "PT": -8.0, "AKST": -9.0, "AKDT": -8.0, "HST": -10.0, "AST": -4.0,
    "ADT": -3.0, "NST": -3.5, "NDT": -2.5, "BST": 1.0, "IST": 5.5, "CET": 1.0, "CEST": 2.0, "EET": 2.0,
    "EEST": 3.0, "MSK": 3.0, "JST": 9.0, "KST": 9.0, "AEST": 10.0, "AEDT": 11.0, "ACST": 9.5, "AWST": 8.0,
    "NZST": 12.0, "NZDT": 13.0,
}  # fmt: skip

_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?:\s*(?P<half>[aApP])\.?[mM]\.?)?"
)
_ZONE = r"\s*(?:\(?(?P<zone>Z|[A-Za-z]{2,5})\)?)?\s*(?P<offset>[+-]\d{1,2}:?\d{2})?"
_ZONED_TIME = _TIME + _ZONE
_SHAPES = (
    # Wed, 16 May 2018 10:05:00 +0200; 07 Sep 2016 01:50 EST
    (
        r"(?:[A-Za-z]+,?\s+)?(?P<day>\d{1,2})[\s-]+(?P<month>[A-Za-z]{3,9})\.?,?[\s-]+(?P<year>\d{4}|\d\d)"
        rf"(?:,?\s+(?:at\s+)?{_ZONED_TIME})?"
    ),
    # 2018-05-16T10:05:00Z; 2018-05-16 10:05; 2018-05-16
    rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[Tt\s]\s*{_ZONED_TIME})?",
    # May 16, 2018 10:05 AM; Wednesday, May 16th 2018 at 10:05 EST
    (
        r"(?:[A-Za-z]+,\s+)?(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"
        rf"(?:,?\s+(?:at\s+|-\s+)?{_ZONED_TIME})?"
    ),
    # Wed May 16 10:05:00 EST 2018
    rf"[A-Za-z]+\s+(?P<month>[A-Za-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_ZONED_TIME}\s+(?P<year>\d{{4}})",
    # 16.05.2018, 10:05; 16.5.2018 - 10:05
    rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?:,?\s+(?:[-|]\s+)?{_ZONED_TIME})?",
    # 2018.05.16 10:05; 2018/05/16 10:05; the same with the signs for year, month and day
    (
        r"(?P<year>\d{4})[./\u5e74]\s?(?P<month>\d{1,2})[./\u6708]\s?(?P<day>\d{1,2})\u65e5?\.?"
        rf"(?:\s*{_ZONED_TIME})?"
    ),
    # 16. Mai 2018, 10:05; 16 de mayo de 2018; 1er juin 2018
    (
        r"(?:[^\W\d_]+,?\s+)?(?P<day>\d{1,2})(?:\.|er)?\s+(?:de\s+)?(?P<month>[^\W\d_]{3,10})\.?"
        rf"(?:\s+de)?\s+(?P<year>\d{{4}})(?:,?\s+(?:[-|]\s+|um\s+|a las\s+)?{_ZONED_TIME})?"
    ),
    # 5/16/2018 10:05 AM
    rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}})(?:,?\s+{_ZONED_TIME})?",
)
#: As most feeds write it: Wed, 16 May 2018 10:05:00 GMT, or +0000.
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) "
    r"([01]\d|2[0-3]):(\d\d):([0-5]\d) (?:GMT|UTC|Z|[+-]0000)"
)
_PATTERNS = tuple(re.compile(shape) for shape in _SHAPES)
_SECONDS = re.compile(r"\d{9,10}|\d{12,13}")  # since 1970, or thousandths of them


def read_date(text: str, *, now: datetime) -> datetime | None:
    """Return the moment in UTC, or None when the text says none that can be right."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    try:
        moment = _moment(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and EARLIEST <= moment <= now + AHEAD else None


def _moment(text: str) -> datetime | None:
    usual = _USUAL.fullmatch(text)
    if usual is not None and (month := MONTHS.get(usual[2].lower())):
        day, _, year, hour, minute, second = usual.groups()
        return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / (1 if len(text) < 11 else 1000), UTC)  # noqa: PLR2004
    for pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return _built(found.groupdict())
    return None


def _built(parts: dict[str, str | None]) -> datetime:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:  # noqa: PLR2004 - two digits
        year += 1900 if year >= 70 else 2000  # noqa: PLR2004 - as RFC 2822 has it
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else _month(month)
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"] in "pP" else 0)
    day_later = hour == 24  # noqa: PLR2004 - ISO 8601 lets midnight be the 24th hour
    local = datetime(
        year,
        number,
        int(parts["day"] or 0),
        0 if day_later else hour,
        int(parts["minute"] or 0),
        min(int(parts["second"] or 0), 59),
        tzinfo=_zone(parts["zone"], parts["offset"]),
    )
    return (local + timedelta(days=day_later)).astimezone(UTC)


def _month(name: str) -> int:
    """Return the number of a month; 0, which no date has, for what is none."""
    known = MONTHS.get(name[:3].lower())
    if known:
        return known
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    return OTHER_MONTHS.get(plain[:4], 0) or OTHER_MONTHS.get(plain[:3], 0) or MONTHS.get(plain[:3], 0)


def _zone(name: str | None, offset: str | None) -> timezone:
    if offset:
        digits = offset[1:].replace(":", "").zfill(4)
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    return timezone(timedelta(hours=ZONES.get((name or "").upper(), 0.0)))
