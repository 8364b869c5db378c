"""What a poll teaches of its source: its health in classes, its rhythm, its wishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from crawler.engine import Fetched
from crawler.outcomes import Seen, after_failure, after_reading, brought_news
from news.errors import SourceError, SourceGoneError
from news.lessons import Lessons, Wishes, lessons_of
from news.nouns import Clipping, FetchOutcome, FetchState, Health, Source
from news.rhythm import began
from tests.nouns import DAY, HOUR, NOON, a_clipping

LEDGER = Source(id="ledger", name="Ledger", url="https://ledger.test/feed", every=timedelta(minutes=10))
STATE = FetchState(source_id="ledger", health=Health.OK, baseline_at=NOON - 90 * DAY, last_ok=NOON - HOUR)
WEEKLY = Lessons(rhythm=began([NOON - weeks * 7 * DAY for weeks in range(3, 8)], now=NOON))


def seen(*published: datetime | None, state: FetchState = STATE, **fields: Any) -> Seen:  # noqa: ANN401
    """Return what a poll saw: entries of these dates."""
    clippings: tuple[Clipping, ...] = tuple(a_clipping(published=moment) for moment in published)
    fetched = Fetched(status=200, url=LEDGER.url, headers=fields.pop("headers", {}))
    usual: dict[str, Any] = {"clippings": clippings, "wishes": Wishes(), "body_hash": "x", "is_first": True}
    return Seen(source=LEDGER, state=state, fetched=fetched, now=NOON, **(usual | fields))


def judged(what: Seen, *, quiet_after: timedelta | None = None) -> FetchOutcome:
    return after_reading(what, random=Random(1), quiet_after=quiet_after)  # noqa: S311 - jitter


def told(outcome: FetchOutcome) -> tuple[Health, str, str]:
    return outcome.state.health, outcome.state.trouble, outcome.state.reason


def test_a_source_that_was_silent_for_longer_than_ever_is_quiet_and_says_for_how_long() -> None:
    silent = replace(STATE, last_new=NOON - 21 * DAY, lessons=str(WEEKLY))
    why = "has brought nothing new for 21 days, longer than usual"
    assert told(judged(seen(clippings=None, state=silent))) == (Health.QUIET, "quiet", why)
    usual = replace(silent, last_new=NOON - 6 * DAY)
    assert told(judged(seen(clippings=None, state=usual)))[0] is Health.OK


@pytest.mark.parametrize(("hours", "health"), [(23, Health.OK), (25, Health.QUIET)])
def test_the_newsrooms_own_word_on_silence_goes_before_what_was_learnt(hours: int, health: Health) -> None:
    state = replace(STATE, last_new=NOON - hours * HOUR)
    assert told(judged(seen(clippings=None, state=state), quiet_after=DAY))[0] is health


def test_a_feed_without_entries_is_not_a_feed_with_nothing_new() -> None:
    empty = judged(seen())
    assert told(empty) == (Health.QUIET, "empty", "sends a feed without a single entry")
    # It stays so while the publisher says that nothing changed.
    assert told(judged(seen(clippings=None, state=empty.state)))[1] == "empty"
    search = replace(seen(), source=replace(LEDGER, reads="google-news"))
    assert told(judged(search))[0] is Health.OK


def test_a_feed_whose_newest_entry_is_old_was_given_up() -> None:
    assert told(judged(seen(NOON - 400 * DAY, NOON - 500 * DAY)))[1] == "stale"
    assert told(judged(seen(NOON - 400 * DAY, NOON - 2 * DAY)))[1] == ""
    # A council's meetings, a search: their dates say something else.
    meetings = replace(seen(NOON - 400 * DAY), source=replace(LEDGER, reads="legistar"))
    assert told(judged(meetings))[0] is Health.OK
    # What has no dates is not judged by them.
    assert told(judged(seen(None)))[0] is Health.OK


def test_a_recovery_remembers_what_it_recovered_from() -> None:
    failed = after_failure(
        LEDGER,
        STATE,
        SourceError("took too long", reason="slow"),
        now=NOON - HOUR,
        random=Random(1),  # noqa: S311
    ).state
    assert (failed.health, failed.trouble, failed.health_since) == (Health.FAILING, "slow", NOON - HOUR)
    well = judged(seen(NOON, state=failed)).state
    past = lessons_of(well.lessons).setback
    assert past is not None
    assert (past.health, past.reason, past.since, past.over) == (
        "failing",
        "took too long",
        NOON - HOUR,
        NOON,
    )
    assert (well.trouble, well.reason, well.failures) == ("", "", 0)


def test_a_quiet_source_that_brought_something_after_all_is_well_at_once() -> None:
    silent = replace(STATE, last_new=NOON - 21 * DAY, lessons=str(WEEKLY))
    quiet = judged(seen(NOON, state=silent))
    assert quiet.state.health is Health.QUIET
    well = brought_news(quiet).state
    assert (well.health, well.last_new, well.trouble) == (Health.OK, NOON, "")
    assert lessons_of(well.lessons).setback is not None


def test_a_first_poll_teaches_the_rhythm_by_the_dates_of_its_batch() -> None:
    first = judged(seen(*(NOON - days * DAY for days in range(10)), state=FetchState(source_id="ledger")))
    rhythm = lessons_of(first.state.lessons).rhythm
    assert rhythm is not None
    assert (rhythm.arrivals, rhythm.since) == (10, NOON - 9 * DAY)
    # The poll after it learns nothing from the moment at which the batch came.
    state = replace(first.state, baseline_at=NOON, last_new=NOON)
    again = judged(seen(clippings=None, state=state))
    assert again.state.lessons == first.state.lessons
    assert not again.learnt


def test_what_a_publisher_says_of_its_answers_life_is_kept_to() -> None:
    waits = {
        said: judged(seen(NOON, headers={"cache-control": said})).state.next_due
        for said in ("max-age=1800, public", "no-cache", "max-age=x", "private, MAX-AGE = 1800")
    }
    late = [said for said, due in waits.items() if due and due >= NOON + timedelta(minutes=30)]
    assert late == ["max-age=1800, public", "private, MAX-AGE = 1800"]


def test_what_is_gone_is_stopped_and_where_it_was_found_is_kept_until_it_is_well() -> None:
    gone = SourceGoneError("is gone for good", reason="gone")
    found_at = "https://ledger.test/rss"
    failed = after_failure(LEDGER, STATE, gone, now=NOON, random=Random(1), found_at=found_at).state  # noqa: S311
    assert (failed.health, failed.trouble) == (Health.STOPPED, "gone")
    assert lessons_of(failed.lessons).found_at == found_at
    assert lessons_of(judged(seen(NOON, state=failed)).state.lessons).found_at == ""
