"""What came to a story since it was told?"""

from __future__ import annotations

from news.nouns import Story, StoryArticle

#: The label of a correction that only changes the headline: said in the thread, not to the whole channel.
HEADLINE = "headline changed"


def added(story: Story, *, after: int, up_to: int) -> tuple[StoryArticle, ...]:
    """Return the articles of these revisions that say something new. Copies and backlog do not count."""
    return tuple(
        each
        for each in _since(story, after, up_to)
        if each.placement.whats_new
        and not each.corrections
        and not each.article.backlog
        and each is not story.articles[0]
    )


def corrected(story: Story, *, after: int, up_to: int) -> tuple[StoryArticle, ...]:
    """Return the articles that were corrected in these revisions."""
    return tuple(each for each in _since(story, after, up_to) if each.corrections)


def is_broadcast(corrections: tuple[StoryArticle, ...]) -> bool:
    """Return whether the whole channel should hear of them."""
    return any(change.label != HEADLINE for each in corrections for change in each.corrections)


def _since(story: Story, after: int, up_to: int) -> tuple[StoryArticle, ...]:
    return tuple(each for each in story.articles if after < each.revision <= up_to)
