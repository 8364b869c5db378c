"""What a source answered lately, as its log keeps it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from news.answers import KEPT, Answer, answers_in, noted
from tests.nouns import MINUTE, NOON


def an_answer(minute: int = 0, **changed: object) -> Answer:
    at = NOON + minute * MINUTE
    return replace(Answer(first=at, last=at, status=200, found=30, took=0.25), **changed)  # type: ignore[arg-type]  # any of its fields


def log_of(*answers: Answer) -> list[Answer]:
    lines = ""
    for answer in answers:
        lines = noted(lines, answer)
    return list(answers_in(lines))


def test_nothing_new_for_an_hour_is_one_line_that_says_how_often() -> None:
    (line,) = log_of(*(an_answer(minute, status=304, took=minute / 100) for minute in range(0, 60, 10)))
    assert (line.first, line.last, line.times) == (NOON, NOON + 50 * MINUTE, 6)
    assert line.took == 0.5


def test_what_brought_news_or_answered_otherwise_has_a_line_of_its_own() -> None:
    refused = an_answer(2, status=403, trouble="blocked", words="refuses automated readers")
    lines = log_of(
        an_answer(0, new=3), an_answer(1, new=1), refused, replace(refused, status=401), an_answer(4)
    )
    assert [(each.status, each.new, each.trouble) for each in lines] == [
        (200, 0, ""),
        (401, 0, "blocked"),
        (403, 0, "blocked"),
        (200, 1, ""),
        (200, 3, ""),
    ]


@given(
    st.lists(
        st.builds(
            an_answer,
            minute=st.integers(0, 2_000_000),
            new=st.sampled_from((0, 0, 2)),
            words=st.text(max_size=9) | st.sampled_from(("a\nb", '"', "\u2028", "")),
            took=st.floats(0, 100).map(lambda seconds: round(seconds, 3)),
        ),
        max_size=90,
    )
)
def test_a_log_stays_short_and_reads_as_it_was_written(answers: list[Answer]) -> None:
    lines = log_of(*answers)
    assert len(lines) <= KEPT
    if answers:
        newest = answers[-1]
        assert replace(lines[0], first=newest.first, times=1) == newest
    if len(lines) < KEPT:
        assert sum(line.times for line in lines) == len(answers)
