"""Main topic or passing mention."""

from __future__ import annotations

import pytest

from news.nouns import Grade, Priority, PriorityRules
from tests.news.matching.newsroom import a_watchlist, an_article, clauses, matched

RAIN = "It rained on the town of Port Ellery all day long and the streets were wet. "  # 16 words
JAIL = "The jail will not hold people."


def graded(text: str, title: str = "News of the day") -> tuple[Grade, str]:
    answer = matched(a_watchlist("jail"), an_article(text, title=title))
    assert answer is not None
    return answer.grade, answer.grade_reason


@pytest.mark.parametrize(
    ("text", "title", "grade", "reason"),
    [
        (RAIN, "Jail is full", Grade.ABOUT, "in the headline"),
        (f"{JAIL} {RAIN}", "Jail is full", Grade.ABOUT, "in the headline and the first sentence"),
        (f"{JAIL} {RAIN}", "Rain", Grade.ABOUT, "in the first sentence; once in 2 sentences"),
        (f"{RAIN}{JAIL}", "Rain", Grade.ABOUT, "in the opening paragraph; once in 2 sentences"),
        (f"{JAIL}\n{RAIN * 30}", "Rain", Grade.MENTIONS, "in the first sentence; once in 31 sentences"),
        (
            f"{JAIL}\n{RAIN * 30}{JAIL * 2}",
            "Rain",
            Grade.ABOUT,
            "in the first sentence; 3 times in 33 sentences",
        ),
        (f"{RAIN}\n{JAIL}\n{RAIN}\n{JAIL}\n{JAIL}", "Rain", Grade.ABOUT, "3 times in 5 sentences"),
        (f"{RAIN}\n{RAIN * 9}\n{JAIL}\n{JAIL}\n{JAIL}", "Rain", Grade.MENTIONS, "3 times in 13 sentences"),
        (f"{RAIN}\n{JAIL}\n{RAIN}", "Rain", Grade.MENTIONS, "once in 3 sentences"),
    ],
)
def test_the_grade_follows_the_rule_and_says_why(text: str, title: str, grade: Grade, reason: str) -> None:
    assert graded(text, title) == (grade, reason)


def test_a_source_that_is_followed_as_such_is_the_main_topic() -> None:
    answer = matched(a_watchlist("source:ledger"), an_article(RAIN))
    assert answer is not None
    assert (answer.grade, answer.grade_reason) == (Grade.ABOUT, "everything from this source")
    spoken = matched(a_watchlist("lang:en"), an_article(RAIN))
    assert spoken is not None
    assert spoken.grade is Grade.MENTIONS


@pytest.mark.parametrize(
    ("line", "text", "title"),
    [
        ("about:jail", RAIN, "Jail is full"),
        ("about: jail AND rain", RAIN, "Jail is full of rain"),
        ("mentions:jail", f"{RAIN}\n{JAIL}\n{RAIN}", "Rain"),
        ("about:rained AND mentions:jail", f"{RAIN}\n{JAIL}\n{RAIN}", "Rain"),
        ("about:(jail OR town)", f"{RAIN}\n{JAIL}\n{RAIN}", "Rain"),
        ("sheriff OR about:rained", f"{RAIN}\n{JAIL}\n{RAIN}", "Rain"),
    ],
)
def test_a_line_may_ask_for_the_main_topic_or_for_a_passing_mention(line: str, text: str, title: str) -> None:
    assert matched(a_watchlist(line), an_article(text, title=title))


@pytest.mark.parametrize(
    ("line", "text", "title"),
    [
        ("mentions:jail", RAIN, "Jail is full"),
        ("about:jail", f"{RAIN}\n{JAIL}\n{RAIN}", "Rain"),
        ("about:jail", RAIN, "Rain"),
        ("mentions:jail", RAIN, "Rain"),
        ("rained AND NOT mentions:jail", f"{RAIN}\n{JAIL}\n{RAIN}", "Rain"),
    ],
)
def test_the_other_grade_does_not_do(line: str, text: str, title: str) -> None:
    assert not matched(a_watchlist(line), an_article(text, title=title))


def test_a_priority_rule_may_ask_for_the_main_topic_of_the_whole_article() -> None:
    rules = PriorityRules(high=clauses("mentions:jail"))
    answer = matched(a_watchlist("rained", priority=rules), an_article(f"{RAIN}\n{JAIL}\n{RAIN}"))
    assert answer is not None
    assert answer.priority is Priority.HIGH
    assert answer.priority_reason == '"jail" as a passing mention'
