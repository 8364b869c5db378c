"""Is a day told in order, each story once, and only what its readers have not read and may know?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.day import SECTIONS, DigestMessage
from alerts.digests import DigestFacts, compose_digest
from news.telling import Digest, DigestItem
from tests.alerts.digest_day import (
    DUE,
    a_digest,
    an_entry,
    an_opening,
    at,
    the_days,
    the_facts,
    the_settings,
    told_by,
)
from tests.nouns import DAY, DESK, HOUR, a_thread

GOLDEN = Path(__file__).parent / "golden"
NEW = DigestItem(story_id=1, from_revision=0, revision=9)
TOLD_BEFORE = DigestItem(story_id=1, from_revision=1, revision=9)


def the_day(digest: Digest | None = None, facts: DigestFacts | None = None) -> DigestMessage:
    return compose_digest(digest or a_digest(), facts or the_facts(), the_settings())


def entries(day: DigestMessage) -> list[tuple[str, str]]:
    return [(section.name, entry.headline) for section in day.sections for entry in section.entries]


# ── The whole day ───────────────────────────────────────────────────────────────────────────────────────


def test_the_day_reads_as_its_golden_text() -> None:
    assert the_day().text == (GOLDEN / "digest.txt").read_text(encoding="utf-8")


def test_an_empty_day_reads_as_its_golden_text() -> None:
    day = the_day(replace(a_digest(), items=()))
    assert day.text == (GOLDEN / "digest-empty.txt").read_text(encoding="utf-8")
    assert day.subject == "Sanctuary cities: Nothing new; 7 of 8 sources checked"
    assert day.chart is None


def test_the_subject_is_the_watchlist_and_the_first_headline() -> None:
    day = the_day()
    assert day.subject == f"Sanctuary cities: {day.sections[0].entries[0].headline}"


def test_a_long_row_of_watchlists_leaves_the_subject_to_the_headline() -> None:
    day = replace(the_day(), names=("Jail", "Courts", "Budget", "Harbor"), headline="Bridge reopens")
    assert day.subject == "Jail, Courts and 2 more: Bridge reopens"
    assert day.title == "Jail, Courts, Budget and Harbor"


def test_corrected_comes_before_new_before_developed_before_mentioned() -> None:
    assert [section.name for section in the_day().sections] == list(SECTIONS)


def test_in_a_section_what_matters_most_comes_first() -> None:
    assert [headline for name, headline in entries(the_day()) if name == "New"] == [
        "Judges weigh grants tied to immigration holds",
        "Agenda adds a hearing on the detainer form",
    ]


@given(st.lists(st.sampled_from([1, 2, 3, 4, 5]), unique=True), st.integers(0, 9))
def test_a_digest_never_repeats_a_story_and_never_loses_one(stories: list[int], told: int) -> None:
    items = tuple(DigestItem(story_id=n, from_revision=told, revision=9) for n in stories)
    day = the_day(replace(a_digest(), items=items))
    headlines = [headline for _, headline in entries(day)]
    assert len(headlines) == len(set(headlines)) == len(stories)
    assert all(headline in day.text.replace("\n", " ") for headline in headlines)
    assert day.facts["stories"] == len(stories)


def test_counts_say_how_many_were_told_before_and_when() -> None:
    assert the_day().counts == (
        "5 stories: 1 corrected, 2 new, 1 developed, 1 also mentioned. 2 of them were sent on Wednesday."
    )


def test_stories_told_on_two_days_were_told_at_once() -> None:
    threads = {1: (a_thread(root_sent_at=at("12:02")),), 5: (a_thread(root_sent_at=at("17:30", days=-1)),)}
    assert the_day(facts=the_facts(threads=threads)).counts.endswith("2 of them were sent at once.")


def test_a_single_story_that_was_told_reads_as_one() -> None:
    day = the_day(a_digest(NEW))
    assert (
        day.counts == "1 story: 1 corrected, 0 new, 0 developed, 0 also mentioned. It was sent on Wednesday."
    )


def test_the_list_of_mails_shows_what_there_is_and_not_what_there_is_not() -> None:
    day = the_day(a_digest(NEW))
    assert day.preview.startswith("1 corrected. Ellery 31 adds 2 details. Covers Wednesday 6:30 am")


# ── The span, the chart, the rhythm ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(minutes=4), "Covers Wednesday 6:30 am to Thursday 6:34 am."),
        (3 * HOUR, "Covers Wednesday 6:30 am to Thursday 9:30 am. Late: it was due at 6:30 am."),
        (DAY, "Covers Wednesday 6:30 am to Friday 6:30 am. Late: it was due Thursday 6:30 am."),
    ],
)
def test_a_late_digest_says_when_it_was_due(late: timedelta, words: str) -> None:
    assert the_day(a_digest(covers_to=DUE + late)).covers == words


def test_a_span_of_weeks_has_dates() -> None:
    covers = the_day(a_digest(covers_from=DUE - 20 * DAY)).covers
    assert covers == "Covers February 27, 2026, 5:30 am to Thursday 6:30 am."


def test_the_chart_compares_the_day_with_the_days_before() -> None:
    chart = the_day().chart
    assert chart is not None
    assert chart.words == "5 on Wednesday, usually 3."
    assert chart.title == "Stories a day, March 5 to 18"
    assert chart.spoken == (
        "Stories a day, Thursday March 5 to Wednesday March 18: 2, 3, 1, 2, 4, 3, 2, 1, 3, 2, 5, 3, 2, 5."
    )
    assert [day.isoformat() for day, _ in chart.days][::13] == ["2026-03-05", "2026-03-18"]


def test_a_chart_begins_with_the_first_story_and_says_usually_only_after_a_week() -> None:
    chart = the_day(facts=the_facts(days=the_days(0, 0, 0, 2, 0, 4))).chart
    assert chart is not None
    assert chart.words == "4 on Wednesday."
    assert [stories for _, stories in chart.days] == [2, 0, 4]


@pytest.mark.parametrize("numbers", [(0, 0, 0, 0), (0, 0, 3, 1), (4,)])
def test_too_few_days_make_no_chart(numbers: tuple[int, ...]) -> None:
    assert the_day(facts=the_facts(days=the_days(*numbers))).chart is None


def test_a_day_that_is_not_over_says_so_far() -> None:
    chart = the_day(a_digest(due_at=DUE - 14 * HOUR, covers_to=DUE - 14 * HOUR)).chart
    assert chart is not None
    assert chart.words == "5 on Wednesday so far, usually 3."


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("daily 06:30", "daily email"),
        ("weekdays 07:00", "email digest"),
        ("daily 07:00, 12:30", "email digest"),
        ("", "email digest"),
    ],
)
def test_a_mail_is_called_daily_when_it_is(schedule: str, words: str) -> None:
    assert the_day(facts=the_facts(schedule=schedule)).rhythm == words


# ── Where there is no layout ────────────────────────────────────────────────────────────────────────────


def test_as_a_short_document_it_has_every_story_its_changes_and_the_span() -> None:
    day = the_day()
    shown = repr(day.parts)
    assert all(headline in shown for _, headline in entries(day))
    for words in (
        "was “… nearly 40 people …”, now “… 36 people …”",
        "Ellery 31 adds 2 details",
        "Covers",
        DESK[6:],
    ):
        assert words in shown


def test_a_hostile_headline_stays_one_clean_line_of_the_text() -> None:
    hostile = "Mayor\r\nBcc: all@newsroom.test\u2028skips\x0b\x85 \u202emeeting\u202c"
    entry = an_entry(replace(an_opening(), title=hostile))
    text = the_day(a_digest(NEW), the_facts(stories={1: told_by(entry)})).text
    assert "\nMayor Bcc: all@newsroom.test skips meeting\n" in text
