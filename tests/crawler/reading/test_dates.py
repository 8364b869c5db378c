"""Dates are understood as publishers write them, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.reading.dates import AHEAD, EARLIEST, read_date

NOW = datetime(2026, 3, 18, 19, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Wed, 18 Mar 2026 11:58:00 -0600", "2026-03-18T17:58:00"),
        ("Wed, 18 Mar 2026 11:58 MDT", "2026-03-18T17:58:00"),
        ("18 March 2026 11:58:07 GMT", "2026-03-18T11:58:07"),
        ("Thu, 28 September 2017 12:54:41 -0500", "2017-09-28T17:54:41"),
        ("07 Sep 16 01:50:13 EST", "2016-09-07T06:50:13"),
        ("7 Sep 99 01:50", "1999-09-07T01:50:00"),
        ("2026-03-18T11:58:00Z", "2026-03-18T11:58:00"),
        ("2026-03-18T11:58:00.123456-06:00", "2026-03-18T17:58:00"),
        ("2026-03-18T11:58+0530", "2026-03-18T06:28:00"),
        ("2026-03-18 11:58:00", "2026-03-18T11:58:00"),
        ("2026-03-18T24:00:00Z", "2026-03-19T00:00:00"),
        ("2026-3-8", "2026-03-08T00:00:00"),
        ("January 24, 2018 03:04 PM", "2018-01-24T15:04:00"),
        ("Jan 24, 2018 12:04 AM", "2018-01-24T00:04:00"),
        ("Wednesday, March 18th, 2026 at 11:58 a.m. EDT", "2026-03-18T15:58:00"),
        ("Wed Mar 18 11:58:00 PST 2026", "2026-03-18T19:58:00"),
        ("3/18/2026 1:12 PM", "2026-03-18T13:12:00"),
        ("1773834000", "2026-03-18T11:40:00"),
        ("1773834000123", "2026-03-18T11:40:00.123000"),
        ("  2026-03-18  ", "2026-03-18T00:00:00"),
    ],
)
def test_a_date_is_understood(written: str, meant: str) -> None:
    assert read_date(written, now=NOW) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "10000-01-01",
        "1795-06-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "2026-02-30",
        "2026-13-01",
        "Wed, 18 Mar 2026 25:58:00 GMT",
        "2026-03-20T00:00:00Z",
        "99999999999999999999",
        "2026-03-18T11:58:00+99:99",
        "18/03/2026",
        "Wed, " * 100,
    ],
)
def test_what_cannot_be_right_is_no_date(written: str) -> None:
    assert read_date(written, now=NOW) is None


@given(some.text(max_size=60))
def test_no_words_make_it_raise(written: str) -> None:
    moment = read_date(written, now=NOW)
    assert moment is None or EARLIEST <= moment <= NOW + AHEAD


@given(
    some.datetimes(datetime(1990, 1, 2), datetime(2026, 3, 18)),  # noqa: DTZ001 - the zone is added
    some.integers(-14 * 60, 14 * 60),
)
def test_what_a_program_writes_is_what_we_read(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)), microsecond=0)
    for written in (format_datetime(there), there.isoformat(), there.isoformat(" ")):
        assert read_date(written, now=NOW) == there
