"""Does a digest say whether Nightdesk was able to look?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from alerts.source_note import SourceNote, source_note
from news.nouns import FetchState, Health
from tests.alerts.digest_day import DUE, a_digest, at, good_state, the_settings, the_sources
from tests.nouns import DAY, HOUR, FieldValue, a_source


def noted(*states: FetchState, empty: bool = False) -> SourceNote:
    """Return the note about these sources; all the others are well."""
    every = {source.id: good_state(source.id) for source in the_sources()}
    every |= {state.source_id: state for state in states}
    return source_note(a_digest(), tuple(every.values()), the_settings(), empty=empty)


def a_state(source_id: str, health: Health, **fields: FieldValue) -> FetchState:
    return replace(good_state(source_id), health=health, **fields)


def stopped(source_id: str, reason: str = "refuses automated readers") -> FetchState:
    last = at("9:00", days=-3)
    return a_state(source_id, Health.STOPPED, last_ok=last, health_since=last, reason=reason)


def failing(source_id: str, **fields: FieldValue) -> FetchState:
    """Return a source that has not been read since Wednesday evening."""
    reason = "took longer than 20 seconds to answer"
    since = {"last_ok": at("21:10"), "health_since": at("21:20"), **fields}
    return a_state(source_id, Health.FAILING, reason=reason, **since)


def test_when_all_is_well_there_is_nothing_to_say() -> None:
    assert noted() == SourceNote(checked="8 of 8 sources checked")


def test_a_stopped_source_says_since_when_and_why() -> None:
    note = noted(stopped("s3"))
    assert note.checked == "7 of 8 sources checked"
    assert note.lines == (
        "1 of 8 sources needs attention.",
        "Harbor Post: stopped since Sunday. It refuses automated readers.",
    )


def test_a_quiet_source_was_checked_and_still_needs_attention() -> None:
    note = noted(a_state("s2", Health.QUIET, last_new=at("11:16", days=-1)))
    assert note.checked == "8 of 8 sources checked"
    assert note.lines[1] == "Port Ellery Ledger: nothing new since Tuesday 11:16 am."


def test_a_source_that_failed_all_night_is_told_though_it_answered_in_the_span() -> None:
    note = noted(failing("s5"))
    assert note.checked == "8 of 8 sources checked"
    assert note.lines[1] == (
        "Coast Public Radio: not read since Wednesday 9:10 pm. It took longer than 20 seconds to answer."
    )


def test_a_failure_of_the_last_minutes_passes_by_itself() -> None:
    assert noted(failing("s5", health_since=DUE - timedelta(minutes=5))).lines == ()


def test_a_source_that_did_not_answer_in_the_span_was_not_checked() -> None:
    note = noted(failing("s5", last_ok=DUE - 10 * DAY, health_since=DUE - 10 * DAY))
    assert note.checked == "7 of 8 sources checked"
    assert note.lines[1].startswith("Coast Public Radio: not read since March 9.")


def test_a_source_that_is_asked_once_a_week_is_not_overdue_after_a_day() -> None:
    weekly = a_source("weekly", every=timedelta(days=7))
    state = replace(good_state("weekly"), last_ok=DUE - 3 * DAY)
    note = source_note(a_digest(), (state,), the_settings(sources=(weekly,)), empty=True)
    assert note.checked == "1 of 1 source checked"


def test_after_an_outage_nothing_was_checked_and_the_note_says_so() -> None:
    asleep = [replace(good_state(source.id), last_ok=DUE - 2 * DAY) for source in the_sources()]
    note = noted(*asleep, empty=True)
    assert note.checked == "0 of 8 sources checked"
    assert note.lines[0].endswith("5 more sources are not checked.")


def test_a_source_that_was_never_read_says_so() -> None:
    note = noted(a_state("s5", Health.NEW, last_ok=None))
    assert note.lines[1] == "Coast Public Radio: never read yet."


def test_after_three_names_the_rest_is_counted() -> None:
    poor = [stopped(f"s{n}") for n in range(4)] + [a_state(f"s{n}", Health.QUIET) for n in (4, 5)]
    assert noted(*poor).lines[-1] == "1 more source is stopped, 2 more sources are quiet."


def test_an_empty_day_explains_what_was_not_checked() -> None:
    silent = failing("s5", last_ok=DUE - 33 * HOUR, health_since=DUE - 32 * HOUR)
    never = a_state("s6", Health.NEW, last_ok=None)
    (line,) = noted(stopped("s3"), silent, never, empty=True).lines
    assert line == (
        "Not checked: Harbor Post refuses automated readers. "
        "Coast Public Radio took longer than 20 seconds to answer; last read Tuesday 9:30 pm. "
        "City Council agenda was never read yet."
    )


def test_an_empty_day_names_the_quiet_sources_too() -> None:
    note = noted(a_state("s2", Health.QUIET, last_new=at("11:16", days=-1)), empty=True)
    assert note.lines == ("Port Ellery Ledger: nothing new since Tuesday 11:16 am.",)


def test_a_source_that_is_off_or_unknown_is_not_counted() -> None:
    off = replace(the_settings(), sources=(a_source("s0", enabled=False), a_source("new")))
    note = source_note(a_digest(), (good_state("s0"),), off, empty=True)
    assert note.checked == "no sources are set up"


def test_what_is_as_old_as_two_days_has_a_weekday_without_the_hour() -> None:
    quiet = a_state("s2", Health.QUIET, last_new=DUE - 2 * DAY - HOUR)
    assert noted(quiet).lines[1] == "Port Ellery Ledger: nothing new since Tuesday."
