"""Did an outlet take an article back?

Its page says so in words (`news.sameness.changes` sees that), its server says that the page is gone, or its
agency tells editors to kill the story, in a notice of its own. What the article said is kept; it is told no
more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from news.nouns import Article, Correction, Placement, Story, StoryArticle
from news.sameness.changes import WITHDRAWN, kill_notice
from news.text import fold

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.threads import StoreThreads

#: Classes of failure that say a page is not there. Trouble, refusals and silence say nothing.
GONE, NOT_FOUND = "gone", "not found"
MISSING = frozenset({GONE, NOT_FOUND})
RECENT = timedelta(days=4)  # a story older than that is killed nowhere any more
MOST_STORIES = 200  # looked through for one; a notice comes soon after its story
NAMED = 0.6  # of a headline's words; a notice that has them is about that article
SHORTEST_WORD = 4  # letters; shorter words are in every text


class PageMissingError(Exception):
    """A server says that there is no page at an article's address."""

    def __init__(self, what: str, *, for_good: bool) -> None:
        """Keep whether it is gone for good (410), or only not found (404)."""
        super().__init__(what)
        self.for_good = for_good


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """An article that was taken back, and why we say so."""

    correction: Correction
    reason: str


def is_withdrawn(told: StoryArticle) -> bool:
    """Return whether the outlet took this article back."""
    return any(correction.label == WITHDRAWN for correction in told.corrections)


def taken_back(
    article: Article, *, missing: PageMissingError | None = None, notice: Article | None = None
) -> Withdrawal:
    """Return what to file of an article that is gone, or that a notice kills."""
    said = kill_notice(notice) if notice is not None else ""
    if said:
        reason = "its outlet tells editors to kill it"
    elif missing is not None and missing.for_good:
        reason = "its page is gone for good"
    else:
        reason = "its page was not there, and not an hour later"
    return Withdrawal(correction=Correction(before=article.title, after=said, label=WITHDRAWN), reason=reason)


async def what_it_kills(notice: Article, placement: Placement, store: StoreThreads) -> Article | None:
    """Return the article that a kill notice is about: the same outlet's, in the story it was placed in."""
    if not kill_notice(notice):
        return None
    story = await store.read(_story_for(notice, placement))
    own = [
        each.article
        for each in (story.articles if story else ())
        if notice.source_id == each.article.source_id or notice.outlet == each.article.outlet
    ]
    return max(own, key=lambda article: _named(notice, article), default=None)


def _story_for(notice: Article, placement: Placement) -> Callable[[Store], Story | None]:
    """Look for the story by the notice's place; else by the headline it names, in the last stories."""

    def read(store: Store) -> Story | None:
        if placement.story_id is not None:
            return store.story(placement.story_id)
        since = notice.first_seen - RECENT
        for story in store.stories(since=since, limit=MOST_STORIES):
            if any(_is_about(notice, each.article) for each in story.articles):
                return story
        return None

    return read


def _is_about(notice: Article, article: Article) -> bool:
    own = notice.source_id == article.source_id or notice.outlet == article.outlet
    return own and _named(notice, article) >= NAMED


def _named(notice: Article, article: Article) -> float:
    """Return how much of an article's headline a notice has."""
    said = set(fold(f"{notice.title} {notice.text}").split())
    words = {word for word in fold(article.title).split() if len(word) >= SHORTEST_WORD}
    return len(words & said) / len(words) if words else 0.0
