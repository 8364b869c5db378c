"""How many messages a second can be put in words and laid out?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from time import process_time

from alerts.channels.slack.blocks import body_of
from alerts.compose import compose, compose_root
from alerts.message import Message
from news.nouns import Story
from tests.alerts.evening import a_telling, at, follow_up, the_correction, the_second_report, the_story

ROUNDS = 300
TRIES = 5  # the best counts: the others were disturbed


def messages_a_second() -> float:
    """Return the rate over the four messages of many stories: new, edited, reply, correction."""
    return max(_rate([kinds(100 * attempt + number) for number in range(ROUNDS)]) for attempt in range(TRIES))


def kinds(number: int) -> tuple[Callable[[], Message], ...]:
    """Return how each message of one story is composed; no two stories say the same."""
    added = _own(the_story(the_second_report()), number)
    corrected = _own(the_story(the_second_report(), first=the_correction()), number)
    new, later = a_telling(_own(the_story(), number), at(9, 45)), a_telling(added, at(10, 20))
    latest = a_telling(corrected, at(11, 21), before=added)
    return (
        lambda: compose_root(new),
        lambda: compose_root(later),
        lambda: compose(follow_up("reply", 2), later, threaded=True),
        lambda: compose(follow_up("correction", 3), latest, threaded=True),
    )


def _own(story: Story, number: int) -> Story:
    tail = f"\nThe clerk of county number {number} said so in a letter of {number + 3} pages."
    articles = (
        replace(each, article=replace(each.article, text=each.article.text + tail)) for each in story.articles
    )
    return replace(story, id=number + 1, articles=tuple(articles))


def _rate(stories: Sequence[tuple[Callable[[], Message], ...]]) -> float:
    began = process_time()
    for messages in stories:
        for message in messages:
            body_of(message(), "q3m5vbn2k7ta4wxe6yrdhc2jzluogpfs")
    return sum(map(len, stories)) / (process_time() - began)
