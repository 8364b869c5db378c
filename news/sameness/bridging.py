"""Does an article show that two stories are one?

Two outlets cut one text in two ways, and nothing in the one stands in the other; then comes an article that
has both. It is a copy of most of each, and the two, without it, agree more than notes on different things
do: a round-up that prints two short stories whole makes them no one story. Agreement alone joins nothing
afterwards: of the stories that it would join on the sets of known answers as many are two as are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from news.sameness.joining import Relation

# By two texts without the article that has both. Nine of ten texts of the sets, cut in halves, agree that
# much; texts about other things agree less than .065.
AGREED = 0.08

#: Compares an article of the window with others of it, all by their ids.
Compare = Callable[[int, Iterable[int]], Sequence[Relation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """An article's story and another one are one, and why."""

    story_id: int
    reason: str


def bridge(article_id: int, story_id: int, sharing: Iterable[int], compare: Compare) -> Bridge | None:
    """Return the story that an article shows to be one with its own; None for nearly every article.

    Args:
        article_id: the article, which is filed.
        story_id: its story.
        sharing: the articles that it shares sentences with.
        compare: how the window compares them.
    """
    copied = [relation for relation in compare(article_id, sharing) if relation.is_copy]
    own = [relation for relation in copied if relation.filed.story_id == story_id]
    others = [relation for relation in copied if relation.filed.story_id != story_id]
    if not own or not others:
        return None
    ids = [relation.filed.print.article_id for relation in own]
    for other in sorted(others, key=lambda relation: -relation.copying.contained):
        between = compare(other.filed.print.article_id, ids)
        nearest = max(between, key=lambda relation: relation.nearness)
        if nearest.nearness >= AGREED:
            outlets = " and ".join(_outlet(each) for each in (nearest, other))
            return Bridge(
                story_id=other.filed.story_id, reason=f"one article has what {outlets} printed of it"
            )
    return None


def _outlet(relation: Relation) -> str:
    return relation.filed.print.outlet or "another outlet"
