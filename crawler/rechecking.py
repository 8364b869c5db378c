"""Did an outlet change an article that readers were told of?

Corrections need looking: the articles of a story that went out are fetched again an hour, six hours and a
day after it was told, whatever their feeds say. A page that is not found is looked for again an hour later,
before anybody is told that the article was withdrawn; the store remembers it. What was looked at is
remembered in memory alone: after a restart the latest look is taken once more, which costs a page and never
a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.withdrawing import PageMissingError, is_withdrawn
from news.nouns import Article, Story
from news.telling import Delivery
from storage.remembering_contract import MissingPage

LOOKS = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
REMEMBERED = LOOKS[-1] + timedelta(hours=2)  # how far back deliveries are asked for
EVERY = timedelta(minutes=1)  # between two looks into the store
MOST_A_STORY = 10  # articles; of a story told by more, the newest
MOST_AT_ONCE = 20  # pages in one go
CONFIRMED = timedelta(hours=1)  # between two looks at a page that is not found, before it counts
ARRIVED = frozenset({"sent", "found"})


@dataclass(frozen=True, slots=True)
class Look:
    """A told story's articles are to be looked at again."""

    story_id: int
    # Which of the three looks, from 1; 0 for one at pages that were not found.
    number: int
    # The articles to look at; empty: those that are worth it.
    only: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Missing:
    """A page that was not found."""

    story_id: int
    since: datetime
    # When it is looked for again; a server that has trouble then is asked once more.
    again: datetime


class Rechecks:
    """Which told stories are due to be looked at again?"""

    def __init__(self) -> None:
        """Remember no looks."""
        self._done: dict[int, tuple[int, datetime]] = {}
        self._asked: datetime | None = None
        self._missing: dict[int, _Missing] = {}

    def recall(self, pages: Iterable[MissingPage]) -> None:
        """Remember the pages that were not found before a restart."""
        for page in pages:
            again = page.since + CONFIRMED
            self._missing[page.article_id] = _Missing(story_id=page.story_id, since=page.since, again=again)

    def is_missing(self, article: Article) -> bool:
        """Return whether an article's page was not found the last time."""
        return article.id in self._missing

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
        known = {look.story_id for look in due}
        return (*due, *(look for look in self._to_confirm(now) if look.story_id not in known))

    def _to_confirm(self, now: datetime) -> Iterator[Look]:
        """Yield the stories of which pages that were not found are to be looked for again."""
        self._missing = {id_: page for id_, page in self._missing.items() if now - page.since < REMEMBERED}
        by_story: dict[int, set[int]] = {}
        for article_id, page in self._missing.items():
            if page.again <= now:
                by_story.setdefault(page.story_id, set()).add(article_id)
        yield from (Look(story_id, 0, frozenset(ids)) for story_id, ids in by_story.items())

    def is_gone(self, article: Article, story_id: int, missing: PageMissingError, now: datetime) -> bool:
        """Return whether a missing page counts as withdrawn: when it is gone for good, or twice."""
        first = self._missing.get(article.id)
        if missing.for_good or (first is not None and now - first.since >= CONFIRMED):
            self._missing.pop(article.id, None)
            return True
        if first is None:
            page = _Missing(story_id=story_id, since=now, again=now + CONFIRMED)
            self._missing[article.id] = page
        return False

    def is_there(self, article: Article) -> None:
        """Forget that a page was not found."""
        self._missing.pop(article.id, None)

    def took(self, look: Look, now: datetime) -> None:
        """Remember that this look was taken."""
        if look.number:
            self._done[look.story_id] = (look.number, now)
        for article_id in look.only & self._missing.keys():
            self._missing[article_id] = replace(self._missing[article_id], again=now + CONFIRMED)


def worth_a_look(story: Story, look: Look) -> Iterator[Article]:
    """Yield the story's newest articles of which we have the text; what was refused stays refused.

    What was withdrawn is not looked at again: its feed says when it is back.
    """
    standing = (told.article for told in story.articles if not is_withdrawn(told))
    articles = sorted(standing, key=lambda article: article.id, reverse=True)
    for article in articles if look.only else articles[:MOST_A_STORY]:
        if article.complete and (not look.only or article.id in look.only):
            yield article
