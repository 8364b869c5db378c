"""Did an outlet change an article that readers were told of?

Corrections need looking: the articles of a story that went out are fetched again an hour, six hours and a day
after it was told, whatever their feeds say. What was looked at is remembered in memory alone; after a restart
the latest look is taken once more, which costs a page and never a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from news.nouns import Article, Story
from news.telling import Delivery

LOOKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
REMEMBERED = LOOKS[-1] + timedelta(hours=2)  # how far back deliveries are asked for
EVERY = timedelta(minutes=1)  # between two looks into the store
MOST_A_STORY = 10  # articles; of a story told by more, the newest
MOST_AT_ONCE = 20  # pages in one go
ARRIVED = frozenset({"sent", "found"})


@dataclass(frozen=True, slots=True)
class Look:
    """A told story's articles are to be looked at again."""

    story_id: int
    # Which of the three looks, from 1.
    number: int


class Rechecks:
    """Which told stories are due to be looked at again?"""

    def __init__(self) -> None:
        """Remember no looks."""
        self._done: dict[int, tuple[int, datetime]] = {}
        self._asked: datetime | None = None

    def is_time(self, now: datetime) -> bool:
        """Return whether to ask the store what was told; not more than once a minute."""
        if self._asked is not None and now - self._asked < EVERY:
            return False
        self._asked = now
        return True

    def due(self, deliveries: Iterable[Delivery], now: datetime) -> tuple[Look, ...]:
        """Return the latest look of each told story whose time has come, the longest waiting first."""
        told: dict[int, datetime] = {}
        for delivery in deliveries:
            if delivery.story_id is not None and delivery.outcome in ARRIVED:
                told[delivery.story_id] = min(told.get(delivery.story_id, delivery.at), delivery.at)
        self._done = {story: done for story, done in self._done.items() if now - done[1] < REMEMBERED}
        due = []
        for story_id, at in sorted(told.items(), key=lambda pair: pair[1]):
            number = sum(at + wait <= now for wait in LOOKS)
            if number > self._done.get(story_id, (0, at))[0]:
                due.append(Look(story_id, number))
        return tuple(due)

    def took(self, look: Look, now: datetime) -> None:
        """Remember that this look was taken."""
        self._done[look.story_id] = (look.number, now)


def worth_a_look(story: Story) -> Iterator[Article]:
    """Yield the story's newest articles of which we have the text; what was refused stays refused."""
    articles = sorted((told.article for told in story.articles), key=lambda article: article.id, reverse=True)
    yield from (article for article in articles[:MOST_A_STORY] if article.complete)
