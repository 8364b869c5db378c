"""What came to a story since it was told?

An outlet may change its article before anybody was told of the version before. What every version of that
time brought is told together, as far as it still stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from news.nouns import Story, StoryArticle

#: The label of a correction that only changes the headline: said in the thread, not to the whole channel.
HEADLINE = "headline changed"
#: The label of a correction that takes the whole article back.
WITHDRAWN = "withdrawn"


def added(story: Story, *, after: int, up_to: int) -> tuple[StoryArticle, ...]:
    """Return the articles of these revisions that say something new. Copies and backlog do not count."""
    later = (each for each in story.articles[1:] if not each.article.backlog)
    told = (
        together(each, (place for place in _places(each, after, up_to) if not place.corrections))
        for each in later
    )
    return tuple(each for each in told if each.placement.whats_new and not is_withdrawn(each))


def corrected(story: Story, *, after: int, up_to: int) -> tuple[StoryArticle, ...]:
    """Return the articles that were corrected in these revisions, with every correction of that time."""
    told = (
        replace(
            each,
            corrections=tuple(
                dict.fromkeys(one for place in _places(each, after, up_to) for one in place.corrections)
            ),
        )
        for each in story.articles
    )
    return tuple(each for each in told if each.corrections)


def is_withdrawn(each: StoryArticle) -> bool:
    """Return whether the outlet took the article back, and did not bring it again since."""
    return any(change.label == WITHDRAWN for change in each.corrections)


def as_it_stands(then: Story, now: Story | None) -> Story:
    """Return a story of then without the news of articles that their outlets took back since."""
    gone = {each.article.id: each for each in now.articles if is_withdrawn(each)} if now else {}
    return replace(then, articles=tuple(gone.get(each.article.id, each) for each in then.articles))


def has_news(story: Story, *, after: int, up_to: int) -> bool:
    """Return whether any article that stands brought new sentences in these revisions."""
    standing = (each for each in story.articles if not is_withdrawn(each))
    return any(place.placement.whats_new for each in standing for place in _places(each, after, up_to))


def is_broadcast(corrections: tuple[StoryArticle, ...]) -> bool:
    """Return whether the whole channel should hear of them."""
    return any(change.label != HEADLINE for each in corrections for change in each.corrections)


def all_it_said(each: StoryArticle) -> StoryArticle:
    """Return an article with the new sentences of all its versions that still stand in it."""
    return together(each, versions(each))


def together(newest: StoryArticle, places: Iterable[StoryArticle]) -> StoryArticle:
    """Return the newest version with the new sentences of these places that still stand in it."""
    sentences = {
        one.text: one
        for place in places
        for one in place.placement.whats_new
        if place.revision == newest.revision or one.text in newest.article.text
    }
    return replace(newest, placement=replace(newest.placement, whats_new=tuple(sentences.values())))


def versions(each: StoryArticle) -> tuple[StoryArticle, ...]:
    """Return the places of all versions of an article, oldest first."""
    return (*each.earlier, each)


def _places(each: StoryArticle, after: int, up_to: int) -> tuple[StoryArticle, ...]:
    return tuple(place for place in versions(each) if after < place.revision <= up_to)
