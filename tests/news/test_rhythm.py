"""A source's rhythm is learnt, and its silences are measured by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from news.rhythm import Rhythm, arrived, began, is_overdue, pace, rhythm_of

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FLOOR, CEILING = timedelta(minutes=10), timedelta(minutes=60)


def learnt(moments: Iterable[datetime], start: datetime = MONDAY) -> Rhythm:
    """Return what a source taught; kept as the database keeps it between any two arrivals."""
    rhythm = began([], now=start)
    for moment in moments:
        rhythm = arrived(rhythm_of(rhythm.facts()), moment)
    return rhythm


def a_weekly(weeks: int) -> list[datetime]:
    """Return when a weekly came out: Thursdays, some time between ten and noon."""
    chance = Random(7)  # noqa: S311 - the same each time
    return [MONDAY + timedelta(days=3 + 7 * n, hours=10, minutes=chance.randrange(120)) for n in range(weeks)]


def a_daily(days: int, *, chance: Random) -> list[datetime]:
    """Return when a newsroom that works from six to eleven at night put something out."""
    hours = (MONDAY + timedelta(days=day, hours=hour) for day in range(days) for hour in range(6, 23))
    return [hour + timedelta(minutes=chance.randrange(60)) for hour in hours if chance.random() < 0.85]


def overdue_after(rhythm: Rhythm, last: datetime) -> timedelta:
    """Return after how long a silence is called one."""
    return next(n * HOUR for n in range(24 * 90) if is_overdue(rhythm, now=last + n * HOUR))


def test_a_weekly_is_not_late_at_three_in_the_morning_but_when_two_issues_are_missing() -> None:
    issues = a_weekly(8)
    silence = overdue_after(learnt(issues), issues[-1])
    assert timedelta(days=13) < silence < timedelta(days=16)


def test_a_newsroom_that_sleeps_at_night_is_missed_by_noon_and_not_before_breakfast() -> None:
    came = a_daily(28, chance=Random(1))  # noqa: S311 - the same each time
    missed = came[-1] + overdue_after(learnt(came), came[-1])
    assert (missed.date() - came[-1].date()).days == 1
    assert 9 <= missed.hour <= 15


def test_nothing_is_missed_of_a_source_that_is_hardly_known() -> None:
    came = a_daily(10, chance=Random(1))  # noqa: S311 - the same each time
    rhythm = learnt(came)
    assert not is_overdue(rhythm, now=MONDAY + 13 * DAY)
    assert not is_overdue(began([], now=MONDAY), now=MONDAY + 400 * DAY)


def test_an_uneven_source_is_hardly_ever_called_silent_while_it_goes_on() -> None:
    alarms = 0
    for seed in range(3):
        chance = Random(seed)  # noqa: S311 - the same each time
        rhythm, told = began([], now=MONDAY), False
        for hour in range(24 * 120):
            moment = MONDAY + hour * HOUR
            overdue = is_overdue(rhythm, now=moment) if hour % 3 == 0 else told
            alarms += overdue and not told
            told = overdue
            likely = 0.5 if 7 <= moment.hour < 20 else 0.02
            likely *= 0.2 if moment.weekday() > 4 else 1.0
            if chance.random() < likely * (0.3 if chance.random() < 0.1 else 1):
                rhythm = arrived(rhythm, moment)
    assert alarms <= 1  # in a year


def test_a_source_that_was_given_up_stays_overdue_however_long_ago_that_is() -> None:
    came = a_daily(28, chance=Random(1))  # noqa: S311 - the same each time
    rhythm = learnt(came)
    assert all(is_overdue(rhythm, now=came[-1] + timedelta(weeks=weeks)) for weeks in (2, 10, 60, 300))


def test_who_brings_something_every_hour_is_asked_often_by_day_and_seldom_by_night() -> None:
    came = a_daily(28, chance=Random(1))  # noqa: S311 - the same each time
    rhythm = learnt(came)
    by_day = pace(rhythm, floor=FLOOR, ceiling=CEILING, now=MONDAY + 28 * DAY + 14 * HOUR)
    by_night = pace(rhythm, floor=FLOOR, ceiling=CEILING, now=MONDAY + 28 * DAY + 1 * HOUR)
    assert by_day < timedelta(minutes=20)
    assert by_night == CEILING


def test_a_weekly_is_asked_often_in_the_hours_in_which_it_comes_out() -> None:
    rhythm = learnt(a_weekly(8))
    thursday = MONDAY + timedelta(days=3 + 7 * 8)
    assert pace(rhythm, floor=FLOOR, ceiling=CEILING, now=thursday + 10.5 * HOUR) < 4 * FLOOR
    assert pace(rhythm, floor=FLOOR, ceiling=CEILING, now=thursday + 5 * DAY) == CEILING


def test_the_pace_is_awaited_before_the_hour_in_which_news_usually_comes() -> None:
    rhythm = learnt(a_weekly(8))
    early = MONDAY + timedelta(days=3 + 7 * 8, hours=7)
    wait = pace(rhythm, floor=FLOOR, ceiling=6 * HOUR, now=early)
    assert early + wait < early.replace(hour=11)


def test_a_new_source_is_asked_as_often_as_it_may_be() -> None:
    assert pace(None, floor=FLOOR, ceiling=CEILING, now=MONDAY) == FLOOR
    assert pace(began([], now=MONDAY), floor=FLOOR, ceiling=CEILING, now=MONDAY + 2 * DAY) == FLOOR


def test_a_first_batch_teaches_by_its_dates_and_only_by_those_that_can_be_right() -> None:
    issues = a_weekly(8)
    now = issues[-1] + DAY
    nonsense = [now + DAY, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
    rhythm = began([*issues, *nonsense], now=now)
    assert (rhythm.arrivals, rhythm.last) == (8, issues[-1])
    assert timedelta(days=13) < overdue_after(rhythm, issues[-1]) < timedelta(days=16)


moments = st.lists(
    st.floats(0, 200).map(lambda days: MONDAY + timedelta(days=days)), min_size=1, max_size=60
).map(sorted)


@given(moments, st.floats(0, 400))
def test_whatever_came_the_pace_keeps_between_floor_and_ceiling_and_is_kept_as_text(
    came: list[datetime], later: float
) -> None:
    rhythm = learnt(came)
    now = came[-1] + timedelta(days=later)
    assert FLOOR <= pace(rhythm, floor=FLOOR, ceiling=CEILING, now=now) <= CEILING
    kept = rhythm_of(rhythm.facts())
    assert rhythm_of(kept.facts()) == kept
    assert sum(kept.hours) <= kept.arrivals


@given(
    st.lists(st.integers(0, 9 * 24 * 60).map(lambda n: MONDAY + timedelta(minutes=n)), min_size=1).map(sorted)
)
def test_a_batch_teaches_what_its_entries_would_have_taught_one_by_one(came: list[datetime]) -> None:
    one_by_one = Rhythm(since=came[0], faded=came[0])
    for moment in came:
        one_by_one = arrived(one_by_one, moment)
    batch = began(came, now=came[-1])
    assert (batch.hours, batch.arrivals, batch.longest) == (
        one_by_one.hours,
        one_by_one.arrivals,
        one_by_one.longest,
    )
