"""What was learnt of a source is kept as a text, and a stranger's wishes are believed within reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.lessons import NO_WISHES, NOTHING_LEARNT, Lessons, Setback, Wishes, lessons_of, wishes_of
from news.nouns import FetchState, Health, Source
from news.rhythm import began
from news.timing import next_poll, slowest_pace

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)  # a Wednesday
MINUTES = timedelta(minutes=1)
SOURCE = Source(id="ledger", name="Ledger", url="https://ledger.test/feed", every=10 * MINUTES)
STATE = FetchState(source_id="ledger", health=Health.OK)


def test_what_was_learnt_is_the_same_after_it_was_written_down() -> None:
    lessons = Lessons(
        rhythm=began([NOON - timedelta(days=1)], now=NOON),
        wishes=Wishes(good_for=timedelta(hours=1), skip_hours=frozenset({1, 2}), skip_days=frozenset({6})),
        moving_to="https://new.test/feed",
        moving_seen=2,
        found_at="https://ledger.test/rss",
        setback=Setback(health="failing", reason="“slow”", since=NOON, over=NOON + MINUTES),
    )
    assert str(lessons_of(str(lessons))) == str(lessons)
    assert lessons_of(str(lessons)).setback == lessons.setback
    assert str(NOTHING_LEARNT) == ""


@given(
    st.text() | st.sampled_from(['{"rhythm":{}}', '{"moving":3}', "[]", '{"wishes":7}', '{"setback":[1]}'])
)
def test_a_text_of_another_making_is_nothing_learnt(text: str) -> None:
    assert str(lessons_of(text)) in {"", text}


def test_a_redirect_for_good_is_believed_at_the_third_sight_and_not_before() -> None:
    lessons = NOTHING_LEARNT
    for believed in (None, None, "https://new.test/", "https://new.test/"):
        lessons = lessons.seen_moving("https://new.test/")
        assert lessons.moved_to == believed
    assert lessons.seen_moving("https://third.test/").moved_to is None
    assert lessons.seen_moving(None).moved_to is None


def asked_at(lessons: Lessons, *, now: datetime = NOON, asked: float | None = None) -> timedelta:
    return next_poll(STATE, SOURCE, now=now, jitter=0, asked=asked, lessons=lessons) - now


@pytest.mark.parametrize(("said", "waits"), [(5, 10), (30, 30), (60, 60), (1440, 60)])
def test_a_feed_that_says_how_long_it_is_good_for_is_believed_up_to_the_slowest_pace(
    said: int, waits: int
) -> None:
    assert asked_at(Lessons(wishes=Wishes(good_for=said * MINUTES))) == waits * MINUTES
    assert asked_at(NOTHING_LEARNT, asked=said * 60.0) == waits * MINUTES


def test_hours_and_days_at_which_a_feed_need_not_be_asked_are_left_out() -> None:
    lunch = Lessons(wishes=Wishes(skip_hours=frozenset({12, 13})))
    assert asked_at(lunch) == 120 * MINUTES
    assert asked_at(lunch, now=NOON + 120 * MINUTES) == 10 * MINUTES
    weekdays = Lessons(wishes=Wishes(skip_days=frozenset(range(5))))
    # Never longer than a day, whatever it says.
    assert asked_at(weekdays) == timedelta(days=1, minutes=10)


def test_a_feed_that_wants_never_to_be_asked_is_not_believed() -> None:
    wishes = wishes_of({"skip_hours": [*range(25)], "skip_days": [*range(7)], "good_for": 10**12})
    assert wishes == NO_WISHES


def test_hours_count_from_one_or_from_zero_and_nonsense_counts_as_nothing() -> None:
    wishes = wishes_of({"skip_hours": [24, 3, 77, -1, "x", True], "skip_days": [6, 7], "good_for": "soon"})
    assert wishes == Wishes(skip_hours=frozenset({0, 3}), skip_days=frozenset({6}))


def test_a_source_that_rarely_brings_anything_is_asked_six_times_less_often() -> None:
    silent = Lessons(rhythm=began([], now=NOON - timedelta(days=30)))
    assert asked_at(silent) == slowest_pace(SOURCE) == 60 * MINUTES


def test_a_source_that_fails_is_asked_by_its_failures_whatever_its_rhythm() -> None:
    silent = Lessons(rhythm=began([], now=NOON - timedelta(days=30)))
    failing = FetchState(source_id="ledger", health=Health.FAILING, failures=1)
    due = next_poll(failing, SOURCE, now=NOON, jitter=0, lessons=silent)
    assert due - NOON == 20 * MINUTES
