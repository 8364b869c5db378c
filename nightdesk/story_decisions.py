"""How does a person's decision read, and what does it teach whoever measures the machine?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from news.nouns import Article
    from storage.contract import Store
    from storage.gathering_contract import Decision


def labelled(store: Store, decision: Decision, *, texts: bool) -> dict[str, object]:
    """Return a decision with the articles of both sides, as `judge stories` and the bench read articles."""
    return {
        "decision": decision.id,
        "same": decision.verdict == "same",
        "stands": decision.stands,
        "who": decision.who,
        "at": decision.at.isoformat(),
        "reason": decision.reason,
        "one": [_facts(article, texts=texts) for article in _articles(store, decision.one)],
        "other": [_facts(article, texts=texts) for article in _articles(store, decision.other)],
    }


def decision_facts(decision: Decision) -> dict[str, object]:
    """Return a decision for machines."""
    return {
        "decision": decision.id,
        "verdict": decision.verdict,
        "who": decision.who,
        "at": decision.at.isoformat(),
        "reason": decision.reason,
        "stands": decision.stands,
    }


def headlines(store: Store, decision: Decision) -> tuple[str, ...]:
    """Return the first headline of each side."""
    sides = (next(_articles(store, side), None) for side in (decision.one, decision.other))
    return tuple(article.title for article in sides if article is not None)


def _articles(store: Store, ids: Sequence[int]) -> Iterator[Article]:
    for article_id in ids:
        story = store.story_of(article_id)
        told = story.articles if story else ()
        yield from (each.article for each in told if each.article.id == article_id)


def _facts(article: Article, *, texts: bool) -> dict[str, object]:
    facts: dict[str, object] = {
        "id": str(article.id),
        "title": article.title,
        "url": article.address,
        "source": article.outlet,
        "date": (article.published or article.first_seen).isoformat(),
    }
    return {**facts, "text": article.text} if texts else facts
