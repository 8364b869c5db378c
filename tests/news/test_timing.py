"""When things are due, on the reader's own clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from news.errors import ConfigError
from news.nouns import FetchState, Health, QuietHours, Source
from news.timing import Schedule, due_digest, instant, local, next_due, next_poll, quiet_until, retry_at

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SOURCE = Source(id="ledger", name="Ledger", url="https://ledger.test/feed", every=timedelta(minutes=10))
#: Hour-wide changes, a half-hour one, one at midnight, one that goes the other way, and none at all.
ZONES = (
    "America/Denver",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
)
#: Days around both changes of 2026 in each of those zones.
CHANGES = (
    *("2026-02-15", "2026-03-08", "2026-03-22", "2026-03-29", "2026-04-05"),
    *("2026-09-06", "2026-10-04", "2026-10-25", "2026-11-01"),
)

zones = st.sampled_from(ZONES)
days = st.builds(
    lambda day, off: date.fromisoformat(day) + timedelta(days=off),
    st.sampled_from(CHANGES),
    st.integers(-2, 2),
)
times = st.times(max_value=time(4)).map(lambda at: at.replace(second=0, microsecond=0)) | st.sampled_from(
    [time(6, 30), time(23, 59)]
)
schedules = st.builds(
    Schedule,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    times=st.sets(times, min_size=1, max_size=3).map(lambda chosen: tuple(sorted(chosen))),
)


@given(days, times, zones)
@example(date(2026, 3, 8), time(2, 30), "America/Denver")
@example(date(2026, 11, 1), time(1, 30), "America/Denver")
@example(date(2026, 9, 6), time(0, 15), "America/Santiago")
@example(date(2026, 10, 25), time(2, 0, fold=1), "Europe/Berlin")
def test_a_local_time_is_the_first_minute_at_which_the_clock_has_reached_it(
    day: date, at: time, zone: str
) -> None:
    wall = datetime.combine(day, at)
    minute = wall.replace(tzinfo=UTC) - timedelta(hours=15)
    while local(minute, zone).replace(tzinfo=None) < wall:
        minute += timedelta(minutes=1)
    assert instant(day, at, zone) == minute


def test_a_time_that_the_spring_skips_is_the_first_minute_after_the_gap() -> None:
    moved = local(instant(date(2026, 3, 8), time(2, 30), "America/Denver"), "America/Denver")
    assert (moved.day, moved.hour, moved.minute) == (8, 3, 0)


def test_a_time_that_the_autumn_repeats_is_the_first_of_the_two() -> None:
    assert instant(date(2026, 11, 1), time(1, 30), "America/Denver") == datetime(
        2026, 11, 1, 7, 30, tzinfo=UTC
    )


@given(st.frozensets(st.integers(0, 6), min_size=1), times, zones, days, st.integers(7, 59))
def test_each_local_date_gets_exactly_one_digest(
    weekdays: frozenset[int], at: time, zone: str, day: date, step: int
) -> None:
    schedule = Schedule(days=weekdays, times=(at,))
    start = now = instant(day - timedelta(days=2), time(12), zone)
    found: list[str] = []
    while now < start + timedelta(days=4):
        now += timedelta(minutes=step)
        last = found[-1] if found else None
        due = due_digest(schedule, zone=zone, now=now, last_date=last, declared_at=start)
        if due:
            assert now - timedelta(minutes=step) < due.due_at <= now
            found.append(due.local_date)
    around = (day + timedelta(days=off) for off in range(-2, 4))
    assert found == [
        str(each) for each in around if each.weekday() in weekdays and start <= instant(each, at, zone) <= now
    ]


#: Of each zone the hours that its clock skips, repeats, or puts beside the change, and the usual one.
ODD_HOURS = (time(2, 30), time(2, 15), time(1, 45), time(0, 15), time(2, 59), time(0, 0))


@pytest.mark.parametrize(("zone", "odd"), list(zip(ZONES, ODD_HOURS, strict=True)))
def test_three_years_of_an_uneven_clock_give_each_reader_one_digest_for_each_date(
    zone: str, odd: time
) -> None:
    chance = Random(zone)  # noqa: S311 - luck, the same every time
    start = now = instant(date(2025, 1, 1), time(12), zone)
    readers: dict[time, list[str]] = {odd: [], time(6, 30): []}
    while now < start + timedelta(days=3 * 365):
        beside = (
            local(now - timedelta(days=1), zone).utcoffset()
            != local(now + timedelta(days=1), zone).utcoffset()
        )
        # Minutes beside a change, hours elsewhere; now and then the machine's clock is set back.
        step = chance.randint(10, 60) if beside else chance.randint(240, 720)
        now += timedelta(minutes=-step if chance.random() < 0.1 else step)
        for at, told in readers.items():
            schedule = Schedule(days=frozenset(range(7)), times=(at,))
            last = told[-1] if told else None
            due = due_digest(schedule, zone=zone, now=now, last_date=last, declared_at=start)
            if due:
                told.append(due.local_date)
    for told in readers.values():
        first = date.fromisoformat(told[0])
        assert told == [str(first + timedelta(days=n)) for n in range(len(told))]
        assert len(told) >= 3 * 365 - 1


@given(schedules, zones, days, st.lists(st.integers(1, 6000), max_size=12))
def test_a_digest_never_repeats_and_never_comes_early(
    schedule: Schedule, zone: str, day: date, outages: list[int]
) -> None:
    now = declared = instant(day, time(3), zone)
    last: str | None = None
    for minutes in outages:
        now += timedelta(minutes=minutes)
        due = due_digest(schedule, zone=zone, now=now, last_date=last, declared_at=declared)
        if due:
            assert declared <= due.due_at <= now < next_due(schedule, zone=zone, after=max(now, due.due_at))
            assert last is None or due.local_date > last
            last = due.local_date


def test_a_digest_missed_during_an_outage_is_found_late() -> None:
    daily = Schedule.parse("daily 06:30")
    now = datetime(2026, 3, 19, 22, tzinfo=UTC)
    due = due_digest(daily, zone="America/Denver", now=now, last_date="2026-03-16", declared_at=LONG_AGO)
    assert due is not None
    assert (due.local_date, due.due_at) == ("2026-03-19", datetime(2026, 3, 19, 12, 30, tzinfo=UTC))


def test_no_digest_is_due_before_it_was_declared() -> None:
    daily = Schedule.parse("daily 06:30")
    now = datetime(2026, 3, 19, 22, tzinfo=UTC)
    declared = now - timedelta(hours=1)
    assert due_digest(daily, zone="UTC", now=now, last_date=None, declared_at=declared) is None
    assert due_digest(daily, zone="UTC", now=now + timedelta(days=1), last_date=None, declared_at=declared)


def test_a_digest_twice_a_day_has_two_names_a_day() -> None:
    twice = Schedule.parse("weekdays 07:00, 12:30")
    noon = due_digest(twice, zone="UTC", now=NOON, last_date=None, declared_at=LONG_AGO)
    later = due_digest(
        twice, zone="UTC", now=NOON + timedelta(hours=1), last_date="2026-03-18 07:00", declared_at=LONG_AGO
    )
    assert noon is not None
    assert later is not None
    assert (noon.local_date, later.local_date) == ("2026-03-18 07:00", "2026-03-18 12:30")


@given(schedules, zones, days, times)
def test_the_next_time_is_after_now_and_nothing_is_between(
    schedule: Schedule, zone: str, day: date, at: time
) -> None:
    after = instant(day, at, zone)
    due = next_due(schedule, zone=zone, after=after)
    assert due > after
    found = due_digest(
        schedule, zone=zone, now=due - timedelta(seconds=1), last_date=None, declared_at=LONG_AGO
    )
    assert found is None or found.due_at <= after


@given(schedules)
def test_a_schedule_reads_back_as_it_is_written(schedule: Schedule) -> None:
    assert Schedule.parse(str(schedule)) == schedule


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("06:30", "daily 06:30"),
        ("Daily 6:30 am", "daily 06:30"),
        ("weekdays at 12:30, 07:00", "weekdays 07:00, 12:30"),
        ("sat,sun 09:00", "weekends 09:00"),
        ("Friday-Monday 6:00 pm", "mon,fri,sat,sun 18:00"),
        ("tue, thu 12:00 am", "tue,thu 00:00"),
    ],
)
def test_schedules_are_read_as_people_write_them(text: str, plain: str) -> None:
    assert str(Schedule.parse(text)) == plain


@pytest.mark.parametrize(
    "text", ["", "daily", "cron 0 7 * *", "daily 25:00", "someday 07:00", "daily 13:00 pm"]
)
def test_a_schedule_that_cannot_be_read_says_what_to_write(text: str) -> None:
    with pytest.raises(ConfigError, match=r"; write \w+"):
        Schedule.parse(text)


@given(st.text(max_size=20))
def test_no_schedule_is_too_odd_to_be_refused_in_words(text: str) -> None:
    try:
        schedule = Schedule.parse(text)
    except ConfigError as error:
        assert "write" in str(error)  # noqa: PT017 (most texts are refused, and some are not)
    else:
        assert schedule.times


WEEKDAYS = QuietHours(start="22:00", end="06:00")
WEEKENDS = QuietHours(start="22:00", end="08:00")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-03-18 21:59", None),
        ("2026-03-18 22:00", "2026-03-19 06:00"),
        ("2026-03-19 05:59", "2026-03-19 06:00"),
        ("2026-03-19 06:00", None),
        ("2026-03-21 05:00", "2026-03-21 06:00"),  # Friday's evening is a weekday's
        ("2026-03-21 23:00", "2026-03-22 08:00"),
        ("2026-03-23 07:00", "2026-03-23 08:00"),  # Sunday's is a weekend's
        ("2026-03-08 01:00", "2026-03-08 08:00"),  # clocks go forward that night
    ],
)
def test_the_evening_decides_how_long_the_night_is_quiet(now: str, until: str | None) -> None:
    here = ZoneInfo("America/Denver")
    moment = datetime.fromisoformat(now).replace(tzinfo=here)
    expected = datetime.fromisoformat(until).replace(tzinfo=here) if until else None
    assert quiet_until(moment, zone="America/Denver", weekdays=WEEKDAYS, weekends=WEEKENDS) == expected


def test_quiet_hours_in_the_middle_of_the_day_stay_within_it() -> None:
    lunch = QuietHours(start="12:00", end="14:00")
    assert quiet_until(NOON, zone="UTC", weekdays=lunch, weekends=None) == NOON + timedelta(hours=2)
    assert quiet_until(NOON + timedelta(hours=12), zone="UTC", weekdays=lunch, weekends=lunch) is None


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert quiet_until(NOON, zone="UTC", weekdays=None, weekends=None) is None


@given(st.integers(0, 365 * 24 * 60), zones, times, times)
def test_when_the_quiet_is_over_it_is_not_quiet(minutes: int, zone: str, start: time, end: time) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hours = QuietHours(start=f"{start:%H:%M}", end=f"{end:%H:%M}")
    until = quiet_until(now, zone=zone, weekdays=hours, weekends=hours)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet_until(until, zone=zone, weekdays=hours, weekends=hours) is None


@given(st.integers(0, 10**6), st.floats(0, 1), st.floats() | st.none())
def test_a_source_is_never_read_before_its_time_nor_forgotten(
    failures: int, jitter: float, asked: float | None
) -> None:
    state = FetchState(source_id="ledger", failures=failures)
    due = next_poll(state, SOURCE, now=NOON, jitter=jitter, asked=asked)
    assert NOON + SOURCE.every <= due <= NOON + timedelta(hours=24) * 1.1


def test_a_failing_source_is_asked_less_and_less_often() -> None:
    waits = [
        next_poll(FetchState(source_id="ledger", failures=failures), SOURCE, now=NOON, jitter=0) - NOON
        for failures in range(8)
    ]
    assert waits == sorted(waits)
    assert waits[:3] == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    assert waits[-1] == timedelta(hours=6)


def test_a_stopped_source_is_asked_once_a_day() -> None:
    state = FetchState(source_id="ledger", health=Health.STOPPED, failures=1)
    assert next_poll(state, SOURCE, now=NOON, jitter=0) == NOON + timedelta(days=1)


def test_a_publisher_that_asks_for_an_hour_gets_it() -> None:
    state = FetchState(source_id="ledger", failures=1)
    assert next_poll(state, SOURCE, now=NOON, jitter=0, asked=3600) == NOON + timedelta(hours=1)


@given(st.integers(-3, 10**6), st.floats(0, 1), st.floats() | st.none())
def test_a_retry_comes_later_and_within_a_day(attempts: int, jitter: float, asked: float | None) -> None:
    again = retry_at(attempts, now=NOON, jitter=jitter, asked=asked)
    assert NOON + timedelta(seconds=2) <= again <= NOON + timedelta(hours=24)


def test_retries_back_off_and_a_channel_that_names_a_wait_gets_it() -> None:
    waits = [retry_at(attempts, now=NOON, jitter=0) - NOON for attempts in range(1, 12)]
    assert waits[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert waits[-1] == timedelta(minutes=10)
    assert retry_at(1, now=NOON, jitter=0.5, asked=30) == NOON + timedelta(seconds=30)
