"""Which official acts came to a story since it was told, and does a second outlet report them?

One outlet may be early or wrong; what a second one reports in its own words is shown to the whole channel,
once. An act that the story's own message told, or could have told, is not new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alerts.developments import is_withdrawn
from news.nouns import Article, Story, StoryArticle
from news.official_acts import Act, acts_in, same_act
from news.text import lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """An act, and the two outlets that report it."""

    act: Act
    first: Article
    second: Article


def newly_confirmed(
    story: Story, *, after: int, up_to: int, told: datetime | None = None
) -> tuple[Confirmed, ...]:
    """Return the acts that a second outlet reports since revision `after`, the first of them first.

    `told` is when the story's own message went out: what was reported before is not new.
    """
    reports = [
        each
        for each in story.articles
        if each.revision <= up_to and not each.article.backlog and not is_withdrawn(each)
    ]
    known = [act for each in reports if _was_told(each, story, told) for act in _acts(each)]
    fresh = [each for each in reports if not _was_told(each, story, told)]
    found: list[Confirmed] = []
    for place, second in enumerate(fresh):
        confirmed = tuple(_confirms(second, fresh[:place], known))
        known += [each.act for each in confirmed]
        found += confirmed if second.revision > after else ()
    return tuple(found)


def _confirms(
    second: StoryArticle, earlier: Iterable[StoryArticle], known: Iterable[Act]
) -> Iterator[Confirmed]:
    """Yield each act of an article that another outlet reported before it and that nobody was told of."""
    seen = list(known)
    for first in earlier:
        if first.article.outlet == second.article.outlet:
            continue
        for act in _acts(first):
            if not _is_in(act, seen) and any(same_act(act, other) for other in _acts(second)):
                seen.append(act)
                yield Confirmed(act=act, first=first.article, second=second.article)


def _is_in(act: Act, known: Iterable[Act]) -> bool:
    return any(act == other or same_act(act, other) for other in known)


def _was_told(each: StoryArticle, story: Story, told: datetime | None) -> bool:
    """Return whether the story's own message had this article to go by."""
    return each is story.articles[0] or (told is not None and each.article.first_seen <= told)


def _acts(each: StoryArticle) -> tuple[Act, ...]:
    """Return what an article leads with: further down stands what was done last week."""
    article = each.article
    return acts_in(f"{article.title}.\n{lead(article.text)}", article.language or "en")
