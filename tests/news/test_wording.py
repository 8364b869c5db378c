"""Words for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.nouns import Grade, Priority
from news.wording import (
    GRADE_WORDS,
    PRIORITY_WORDS,
    clock_time,
    counted,
    every,
    joined,
    long_date,
    span,
    weekday_date,
    weekday_time,
    when,
)

ZONE = "America/Denver"
MOMENT = datetime(2026, 3, 18, 19, 12, tzinfo=UTC)


def test_times_read_as_a_newsroom_writes_them() -> None:
    assert clock_time(MOMENT, ZONE) == "1:12 pm"
    assert weekday_time(MOMENT, ZONE) == "Wednesday 1:12 pm"
    assert weekday_date(MOMENT, ZONE) == "Wednesday March 18"
    assert long_date(MOMENT, ZONE) == "Wednesday, March 18, 2026"


@pytest.mark.parametrize(
    ("hour", "said"), [(6, "12:12 am"), (18, "12:12 pm"), (7, "1:12 am"), (5, "11:12 pm")]
)
def test_noon_is_pm_and_midnight_am(hour: int, said: str) -> None:
    assert clock_time(MOMENT.replace(hour=hour), ZONE) == said


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(hours=4), "1:12 pm"),
        (timedelta(days=2), "Wednesday 1:12 pm"),
        (timedelta(days=8), "March 18, 1:12 pm"),
        (timedelta(days=400), "March 18, 2026, 1:12 pm"),
    ],
)
def test_a_time_is_said_as_shortly_as_today_allows(later: timedelta, said: str) -> None:
    assert when(MOMENT, ZONE, now=MOMENT + later) == said


@pytest.mark.parametrize(
    ("length", "said", "often"),
    [
        (timedelta(seconds=1), "1 second", "every second"),
        (timedelta(minutes=4), "4 minutes", "every 4 minutes"),
        (timedelta(hours=2), "2 hours", "every 2 hours"),
        (timedelta(hours=26), "26 hours", "every 26 hours"),
        (timedelta(days=3), "3 days", "every 3 days"),
    ],
)
def test_lengths_of_time_are_said_in_one_unit(length: timedelta, said: str, often: str) -> None:
    assert span(length) == said
    assert every(length) == often


def test_counts_agree_with_their_nouns() -> None:
    assert [counted(number, "detail") for number in (0, 1, 2)] == ["0 details", "1 detail", "2 details"]
    assert counted(2913, "story") == "2,913 stories"
    assert counted(2, "watchlist", number=False) == "watchlists"
    assert counted(3, "address") == "3 addresses"
    assert counted(2, "person", plural="people") == "2 people"
    assert counted(2, "day") == "2 days"


@given(st.lists(st.text(min_size=1)))
def test_a_list_is_said_with_commas_and_one_and(words: list[str]) -> None:
    said = joined(words)
    assert all(word in said for word in words)
    assert joined([]) == ""
    assert joined("ABC") == "A, B and C"


def test_readers_meet_no_jargon_for_grade_and_priority() -> None:
    assert [GRADE_WORDS[grade] for grade in Grade] == ["Main topic", "Passing mention"]
    assert [PRIORITY_WORDS[priority] for priority in Priority] == [
        "Low priority",
        "Normal priority",
        "High priority",
        "Urgent",
    ]
