"""What do two articles of a story both say, and what does only one of them say? Sentence beside sentence.

Only a few sentences of each are shown; the rest is read where it was published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alerts.developments import all_it_said, is_withdrawn
from alerts.words import outlet_of, told_at
from news.nouns import Correction, Story, StoryArticle
from news.sentences import sentences
from news.text import fold

MOST_ROWS = 8  # sentences of each article
NEARLY_ALL = 0.6  # of the words of both that are the same, where nothing said so when it was filed
#: What is shown first when not everything is.
_FIRST = ("corrected", "new", "same", "only")

Kind = Literal["same", "new", "only", "corrected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence, and what is to be said of it."""

    kind: Kind
    # "In both", "New detail", "Only here", "Corrected here": never told by color alone.
    tag: str
    text: str
    # What was changed in it: the words before and after, around them what stayed.
    correction: Correction | None = None
    # Of the sentence, around the words that are new.
    before: str = ""
    behind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One article."""

    article_id: int
    outlet: str
    address: str
    title: str
    at: datetime
    changed_at: datetime | None
    rows: tuple[Row, ...]
    # Sentences that are not shown.
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two articles side by side, and with which others the first can be compared."""

    one: Side
    other: Side
    # Number and outlet of each article but the first.
    others: tuple[tuple[int, str], ...]


def compare(story: Story, other_id: int = 0) -> Comparison | None:
    """Return the first article beside another one; None when there is nothing to compare."""
    told = [each for each in story.articles if each.article.text and each.article.excerpt != "headline"]
    if len(told) < 2:  # noqa: PLR2004 - one beside another
        return None
    first, rest = told[0], told[1:]
    with_news = [each for each in rest if each.placement.whats_new]
    chosen = next((each for each in rest if each.article.id == other_id), (with_news or rest)[-1])
    return Comparison(
        one=_side(first, chosen),
        other=_side(chosen, first),
        others=tuple((each.article.id, outlet_of(each.article)) for each in rest),
    )


def _side(each: StoryArticle, other: StoryArticle) -> Side:
    article = each.article
    rows = list(_rows(each, other))
    shown = sorted(range(len(rows)), key=lambda place: (_FIRST.index(rows[place].kind), place))[:MOST_ROWS]
    return Side(
        article_id=article.id,
        outlet=outlet_of(article),
        address=article.address,
        title=article.title,
        at=told_at(article),
        changed_at=each.filed_at if article.version > 1 else None,
        rows=tuple(rows[place] for place in sorted(shown)),
        more=len(rows) - len(shown),
    )


def _rows(each: StoryArticle, other: StoryArticle) -> Iterator[Row]:
    theirs = [_words(sentence.text) for sentence in sentences(other.article.text)]
    copied = {
        passage.sentence.text for passage in each.placement.shared if passage.article_id == other.article.id
    }
    new = {one.text for one in all_it_said(each).placement.whats_new} if not is_withdrawn(each) else set()
    for sentence in sentences(each.article.text):
        shared = sentence.text in copied or _stands_in(_words(sentence.text), theirs)
        text = " ".join(sentence.text.split())
        changed = next((one for one in each.corrections if one.after and one.after in sentence.text), None)
        if changed is not None:
            before, _, behind = text.partition(" ".join(changed.after.split()))
            tag = "In both · corrected here" if shared else "Corrected here"
            yield Row(kind="corrected", tag=tag, text=text, correction=changed, before=before, behind=behind)
        elif shared:
            yield Row(kind="same", tag="In both", text=text)
        elif sentence.text in new:
            yield Row(kind="new", tag="New detail", text=text)
        else:
            yield Row(kind="only", tag="Only here", text=text)


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


def _stands_in(words: frozenset[str], others: Sequence[frozenset[str]]) -> bool:
    """Return whether one of the other sentences says the same nearly word for word."""
    return any(
        len(words & other) >= NEARLY_ALL * max(1, len(words | other)) for other in others if len(other) > 1
    )
