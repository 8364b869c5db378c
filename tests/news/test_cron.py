"""Does a cron line mean what cron means by it?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from news.cron import read_cron
from news.errors import ConfigError
from news.timing import Schedule, due_digest, local, next_due

ZONE = "America/Denver"
WEDNESDAY = datetime(2026, 3, 18, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "comes"),
    [
        ("30 6 * * *", "2026-03-19 06:30"),
        ("30 6 * * 1-5", "2026-03-19 06:30"),
        ("30 6 * * sat,sun", "2026-03-21 06:30"),
        ("0 7 * * 0", "2026-03-22 07:00"),
        ("0 7 * * 7", "2026-03-22 07:00"),
        ("0 */6 * * *", "2026-03-18 18:00"),
        ("15 7,12 * * mon", "2026-03-23 07:15"),
        ("0 6 1 * *", "2026-04-01 06:00"),
        ("0 6 1 jan *", "2027-01-01 06:00"),
        ("0 6 29 2 *", "2028-02-29 06:00"),
        # Both are narrowed, so either is enough: the 1st, and every Friday.
        ("0 6 1 * 5", "2026-03-20 06:00"),
    ],
)
def test_a_digest_comes_when_cron_would_have_called(line: str, comes: str) -> None:
    schedule = Schedule.parse(f"cron {line}")
    due = next_due(schedule, zone=ZONE, after=WEDNESDAY)
    assert f"{local(due, ZONE):%Y-%m-%d %H:%M}" == comes
    found = due_digest(
        schedule, zone=ZONE, now=due + timedelta(minutes=1), last_date=None, declared_at=WEDNESDAY
    )
    assert found is not None
    assert found.due_at == due
    assert Schedule.parse(str(schedule)) == schedule


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0 7 * *", "has 4 fields"),
        ("61 7 * * *", '"61" is no minute of a cron line; write 0 to 59'),
        ("0 7-5 * * *", '"7-5" is no hour'),
        ("0 7 * * someday", '"someday" is no weekday'),
        ("0 7 * * */0", "is no weekday"),
        ("* * * * *", "comes 1440 times a day"),
        ("0 7 31 2 *", "never comes"),
    ],
)
def test_a_line_that_cron_would_not_take_says_what_to_write(line: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said.replace("*", r"\*")):
        read_cron(line)


def test_the_times_of_a_day_are_in_order() -> None:
    assert read_cron("0,30 12,7 * * *").times == (time(7), time(7, 30), time(12), time(12, 30))
    assert read_cron("0 7 * * *").falls_on(date(2026, 3, 18))
