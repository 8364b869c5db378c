"""Do outlets that disagree stand side by side, in their own words?"""

from __future__ import annotations

from dataclasses import replace

from alerts.compose import compose, compose_root
from alerts.disagreements import LONGEST_SIDE, disagreements_in
from alerts.message import Bullets, Message
from news.nouns import Excerpt, Story
from tests.alerts.evening import (
    a_copy,
    a_telling,
    at,
    follow_up,
    the_first_report,
    the_second_report,
    the_story,
)

ROUGH = "Officials sent letters to roughly two dozen jurisdictions."
EXACT = "Officials sent their letters to 23 jurisdictions on Monday."


def two_outlets(exact: str = EXACT, *, excerpt: Excerpt = "two_sentences") -> Story:
    first = the_first_report(text=f"The mayor stayed at home.\n{ROUGH}")
    second = the_second_report()
    second = replace(second, article=replace(second.article, text=exact, excerpt=excerpt))
    return the_story(second, first=replace(the_story().articles[0], article=first))


def lists(message: Message) -> list[str]:
    return [
        "".join(span.text for span in line)
        for part in message.parts
        if isinstance(part, Bullets)
        for point in part.points
        for line in point
    ]


def test_a_rough_number_stands_beside_the_exact_one_in_message_and_reply() -> None:
    telling = a_telling(two_outlets(), at(10, 20))
    expected = ["More exact", f"Channel 4 Ellery: “{ROUGH}”", f"Ellery 31: “{EXACT}”"]

    assert lists(compose_root(telling)) == expected
    assert lists(compose(follow_up("reply", 2), telling, threaded=True)) == expected
    assert f"More exact: Channel 4 Ellery says “{ROUGH}”; Ellery 31 says" in compose_root(telling).text


def test_a_reply_repeats_no_disagreement_of_articles_that_were_told_before() -> None:
    third = replace(the_second_report(), revision=3)
    third = replace(
        third, article=replace(third.article, id=3, outlet="Valley Courier", text="Rain is expected.")
    )
    story = replace(two_outlets(), articles=(*two_outlets().articles, third), revision=3)
    assert not lists(compose(follow_up("reply", 3), a_telling(story, at(10, 20)), threaded=True))


def test_an_outlet_that_is_quoted_by_headline_only_is_quoted_by_the_number_alone() -> None:
    (found,) = disagreements_in(two_outlets(excerpt="headline"))
    assert EXACT not in found.sentence
    assert "23" in found.sides[1].words


def test_a_long_sentence_is_cut_around_the_words_in_question() -> None:
    tail = " and the county clerk said much more about it" * 8
    (found,) = disagreements_in(two_outlets(f"{EXACT.rstrip('.')}{tail}."))
    words = found.sides[1].words
    assert "23" in words
    assert words.endswith(" …”")
    assert len(words) <= LONGEST_SIDE + 4


def test_outlets_that_agree_say_nothing() -> None:
    assert not disagreements_in(the_story(the_second_report(), a_copy(3, "Outlet 3")))
