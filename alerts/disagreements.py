"""How do two outlets that disagree stand side by side?

Both sides in their own words, with the outlet and the sentence; nothing is decided. "Roughly two dozen"
against "23" reads "More exact", which is no conflict. An outlet of which only headlines may be quoted is
quoted by the words in question alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from alerts.message import Bullets, Line, Span
from news.nouns import Article, Story
from news.sameness.discrepancies import Discrepancy, Said, discrepancies
from news.wording import counted

MOST_SHOWN = 2  # disagreements in one message; the rest are counted
REMEMBERED = 256  # stories
LONGEST_SIDE = 160  # characters of a sentence around the words in question


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one outlet says."""

    # "Channel 4 Ellery", "Channel 4 Ellery and 2 more"
    outlets: str
    # In quotation marks, with "…" where the sentence is cut.
    words: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two outlets that do not say the same of one thing."""

    # "More exact", "Differs", "Spelled differently"
    label: str
    sides: tuple[Side, Side]

    @property
    def sentence(self) -> str:
        """Both sides in one line, for those who hear the message."""
        return f"{self.label}: {'; '.join(f'{side.outlets} says {side.words}' for side in self.sides)}"


def disagreements_in(story: Story, *, among: Collection[int] | None = None) -> tuple[Disagreement, ...]:
    """Return where the newest versions of a story's articles disagree.

    With `among`, only those in which one of these articles (by id) has a side: what is new in a follow-up.
    """
    articles = {each.article.id: each.article for each in story.articles if not each.article.backlog}
    if len({article.outlet for article in articles.values()}) == 1:
        return ()
    return tuple(
        _in_words(found, articles)
        for found in _found(tuple(articles.values()))
        if among is None or any(side.article_id in among for side in found.sides)
    )


@lru_cache(maxsize=REMEMBERED)
def _found(articles: tuple[Article, ...]) -> tuple[Discrepancy, ...]:
    """Remember what was found: a story is put in words for its message, its thread and its digests."""
    return discrepancies(articles)


def _in_words(found: Discrepancy, articles: dict[int, Article]) -> Disagreement:
    first, last = (_side(said, articles[said.article_id]) for said in found.sides)
    return Disagreement(label=found.label.capitalize(), sides=(first, last))


def _side(said: Said, article: Article) -> Side:
    more = len(said.outlets) - 1
    outlets = f"{said.outlet} and {more} more" if more else said.outlet
    words = said.words if article.excerpt == "headline" else _around(said)
    return Side(outlets=outlets, words=f"“{' '.join(words.split())}”", url=article.address)


def _around(said: Said) -> str:
    """Return the sentence, or as much of it around the words as fits."""
    sentence, text = said.sentence, said.sentence.text
    if len(text) <= LONGEST_SIDE:
        return text
    start, end = said.start - sentence.start, said.end - sentence.start
    room = max(0, LONGEST_SIDE - (end - start)) // 2
    left, right = max(0, start - room), min(len(text), end + room)
    before = text[left:start].partition(" ")[2] if left else text[:start]
    behind = text[end:right].rpartition(" ")[0] if right < len(text) else text[end:]
    return f"{'… ' if left else ''}{before}{text[start:end]}{behind}{' …' if right < len(text) else ''}"


def listed(found: tuple[Disagreement, ...]) -> Bullets | None:
    """Return disagreements as a list, each side on a line of its own; None when there are none."""
    if not found:
        return None
    points = [_point(each) for each in found[:MOST_SHOWN]]
    more = len(found) - MOST_SHOWN
    if more > 0:
        points.append(((Span(text=f"{counted(more, 'more difference')} between outlets"),),))
    return Bullets(points=tuple(points))


def _point(each: Disagreement) -> tuple[Line, ...]:
    sides = [(Span(text=side.outlets, url=side.url), Span(text=f": {side.words}")) for side in each.sides]
    return ((Span(text=each.label, bold=True),), *sides)
