"""Does the clock tell the time it was given?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.fakes.clock import ClockError, FakeClock, FileClock

NOON = datetime(2026, 3, 18, 18, 0, tzinfo=UTC)


def test_the_clock_stands_still_until_it_is_moved() -> None:
    clock = FakeClock(NOON)
    assert clock() == clock() == NOON
    assert clock.advance(timedelta(minutes=2)) == clock() == NOON + timedelta(minutes=2)


def test_the_clock_answers_in_utc_whatever_zone_it_was_set_in() -> None:
    clock = FakeClock(datetime(2026, 3, 18, 12, 0, tzinfo=timezone(timedelta(hours=-6))))
    assert clock() == NOON
    assert clock().tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ClockError, match="has no time zone"):
        FakeClock(datetime(2026, 3, 18, 12, 0))  # noqa: DTZ001 - that is the point


def test_two_processes_share_a_clock_through_its_file(tmp_path: Path) -> None:
    ours = FileClock(tmp_path / "now", NOON)
    theirs = FileClock(tmp_path / "now")
    ours.advance(timedelta(hours=1))
    assert theirs() == NOON + timedelta(hours=1)


def test_a_file_clock_can_run_on_at_the_real_pace(tmp_path: Path) -> None:
    real = FakeClock(datetime(2030, 1, 1, tzinfo=UTC))
    clock = FileClock(tmp_path / "now", real=real)
    clock.run_from(NOON)
    real.advance(timedelta(seconds=90))
    assert clock() == NOON + timedelta(seconds=90)
    clock.advance(timedelta(hours=1))
    real.advance(timedelta(seconds=10))
    assert clock() == NOON + timedelta(hours=1, seconds=100)


@pytest.mark.parametrize("line", ["", "soon", "offset", "2026-03-18T12:00:00", "offset a lot"])
def test_a_file_that_holds_no_time_says_what_to_write(tmp_path: Path, line: str) -> None:
    (tmp_path / "now").write_text(line, encoding="utf-8")
    with pytest.raises(ClockError, match="is not a time"):
        FileClock(tmp_path / "now")()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClockError, match="cannot read the time"):
        FileClock(tmp_path / "nowhere")()
