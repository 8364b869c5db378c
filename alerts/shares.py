"""How much of an article is its own?

What stands, nearly word for word, in other outlets' articles is shared text. An agency is named only where
the byline or the credit names it; everything else is "shared text", whoever wrote it. A story that many
outlets carry is as well founded as the outlets that reported it themselves: copies do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from news.nouns import Article, Story, StoryArticle
from news.wording import counted, joined

SAME_TEXT = 0.7  # of an article's sentences stand in another: a copy has its own first and last lines
MOST_NAMED = 2  # outlets with the same sentences that are named; the rest are counted

#: Agencies that every desk knows, by what bylines and credits call them, and what the label calls them. One
#: of these is named from the article's own credit; any other name must stand in the credits of both sides.
AGENCIES = {
    "agence france-presse": "AFP",
    "afp": "AFP",
    "ap": "AP",
    "associated press": "AP",
    "the associated press": "AP",
    "agencia efe": "EFE",
    "efe": "EFE",
    "reuters": "Reuters",
    "united press international": "UPI",
    "upi": "UPI",
}


def share_label(each: StoryArticle, story: Story) -> str:
    """Return "62 % National Wire" or "62 % shared text"; nothing where all of it is the article's own.

    What others print of an agency, with its credit, is the agency's own text, whoever was quicker.
    """
    percent = 0 if is_the_source(each, story) else shared_percent(each)
    return f"{percent} % {_whose(each, story) or 'shared text'}" if percent else ""


def shared_words(each: StoryArticle, story: Story) -> str:
    """Return the label and what it stands on: "… (3 of 19 sentences also in Channel 4 Ellery)"."""
    label = share_label(each, story)
    outlets = tuple(dict.fromkeys(passage.outlet for passage in each.placement.shared))
    if not outlets:
        return ""
    more = len(outlets) - 1
    named = joined(outlets) if len(outlets) <= MOST_NAMED else f"{outlets[0]} and {more} more"
    told = f"{_shared(each)} of {each.placement.sentences} sentences also in {named}"
    return f"{label} ({told})" if label else f"Credited in {named}"


def shared_percent(each: StoryArticle) -> int:
    """Return how much of an article's sentences stand elsewhere, in whole hundredths; 0 for none."""
    shared, sentences = _shared(each), each.placement.sentences
    return max(1, round(100 * min(shared, sentences) / sentences)) if shared and sentences else 0


def is_copy(each: StoryArticle) -> bool:
    """Return whether an article is the same text under another name."""
    return not each.placement.whats_new and not has_own_reporting(each)


def has_own_reporting(each: StoryArticle) -> bool:
    """Return whether most of an article is its outlet's own."""
    shared = _shared(each)
    return not shared or shared < SAME_TEXT * each.placement.sentences


def copies_in(story: Story) -> tuple[StoryArticle, ...]:
    """Return the articles that say nothing new and share nearly every sentence."""
    return tuple(each for each in story.articles[1:] if is_copy(each))


def same_text_outlets(story: Story) -> int:
    """Return how many outlets carry the first article's text, itself included."""
    return 1 + len({each.article.outlet for each in copies_in(story)} - {story.articles[0].article.outlet})


def own_reporting(story: Story) -> tuple[str, ...]:
    """Return who reported the story, in order: outlets that did it themselves, and whom the first credits."""
    first, *later = story.articles
    own = (each.article.outlet for each in later if is_own_reporting(each, story))
    return tuple(dict.fromkeys((credited_to(first.article, story) or first.article.outlet, *own)))


def credited_to(article: Article, story: Story) -> str:
    """Return the agency or the other outlet of this story that byline and credit name, and nobody besides.

    Such an article is not its outlet's own reporting, even where its outlet was the first to print the text.
    """
    named = tuple(dict.fromkeys(_usual(name) for name in _named_in(article)))
    others = {_usual(name).lower() for name in (*(each.article.outlet for each in story.articles), *AGENCIES)}
    others.discard(_usual(article.outlet).lower())
    return joined(named) if all(name.lower() in others for name in named) else ""


def _usual(name: str) -> str:
    return AGENCIES.get(name.lower(), name)


def is_own_reporting(each: StoryArticle, story: Story) -> bool:
    """Return whether its outlet reported it itself, as far as shared text and credit tell."""
    if is_the_source(each, story):
        return True
    return has_own_reporting(each) and not credited_to(each.article, story)


def is_the_source(each: StoryArticle, story: Story) -> bool:
    """Return whether everybody who prints sentences of an article gives its outlet the credit."""
    outlet = _usual(each.article.outlet).lower()
    sharing = {passage.article_id for passage in each.placement.shared}
    others = [other.article for other in story.articles if other.article.id in sharing]
    credits_ = [{_usual(name).lower() for name in _named_in(other)} for other in others]
    elsewhere = all(_usual(other.outlet).lower() != outlet for other in others)
    return bool(others) and elsewhere and all(outlet in names for names in credits_)


def corroboration_words(story: Story) -> str:
    """Return "Own reporting at 2 outlets", or nothing while one outlet alone has the story."""
    if len({each.article.outlet for each in story.articles}) == 1:
        return ""
    return f"Own reporting at {counted(len(own_reporting(story)), 'outlet')}"


def _shared(each: StoryArticle) -> int:
    return len({passage.sentence.start for passage in each.placement.shared})


def _whose(each: StoryArticle, story: Story) -> str:
    """Return the agency that the shared sentences are credited to, or nothing where nobody says so."""
    known = [AGENCIES[name.lower()] for name in _named_in(each.article) if name.lower() in AGENCIES]
    if known:
        return joined(tuple(dict.fromkeys(known)))
    ids = {passage.article_id for passage in each.placement.shared}
    others = [other.article for other in story.articles if other.article.id in ids]
    return agency_in(each.article, others)


def agency_in(article: Article, others: Sequence[Article]) -> str:
    """Return who is credited here and in every other, or is the other: the only way an agency is named."""
    named = [name for name in _named_in(article) if name.lower() != article.outlet.lower()]
    for other in others:
        there = {name.lower() for name in (*_named_in(other), other.outlet)}
        named = [name for name in named if name.lower() in there]
    return joined(named) if others else ""


def _named_in(article: Article) -> tuple[str, ...]:
    """Return the names in the credit line and the byline, each once."""
    lines: Iterable[str] = (article.credit, *article.authors)
    return tuple(dict.fromkeys(name for line in lines for name in credited(line)))


def credited(credit: str) -> list[str]:
    """Return the names in a credit line: "By Staff, Channel 4 and National Wire" has three."""
    names = re.split(r"\s*(?:,|;|/|\||·|&|\band\b|\bvia\b|\bwith\b)\s*", credit.removeprefix("By ").strip())
    return [name for name in names if name]
