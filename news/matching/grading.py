"""Is an article about a watchlist's subject, or does it mention it in passing?

The rule, in full. An article is about the subject when its words stand

1. in the headline; or
2. in the opening paragraph, and three times in all, or once in every 250 words; or
3. in three sentences or more, once in every 285 words, beginning in the first two fifths.

Anything else is a passing mention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from news.matching.conditions import Condition, Hits, Mark, disjoint
from news.matching.page import Page, Scope, Span
from news.matching.query import Graded
from news.nouns import Grade
from news.wording import counted

OFTEN = 3  # times, or sentences
LEAD_WORDS_EACH = 250  # words of article for each time, when the opening says it
WORDS_EACH = 285  # words of article for each time, when it does not
EARLY = 0.4  # of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a watchlist's words stand in an article."""

    in_title: bool
    in_lead: bool
    in_first_sentence: bool
    # Spans in the text that do not overlap, and in the headline too.
    times: int
    # Sentences of the text with at least one.
    sentences: int
    # Sentences and words of the whole article.
    all_sentences: int
    all_words: int
    # How far into the text the first one stands, 0 to 1.
    first: float


def standing(page: Page, spans: Sequence[Span]) -> Standing:
    """Count how the spans stand on the page."""
    apart = list(disjoint(sorted(spans)))
    in_text = [span for span in apart if span.start >= page.text_start]
    numbers = [page.where(span).number for span in in_text]
    text_words = max(page.text_end - page.text_start, 1)
    return Standing(
        in_title=len(in_text) < len(apart),
        in_lead=any(span.start < page.lead_end for span in in_text),
        in_first_sentence=0 in numbers,
        times=len(apart),
        sentences=len(set(numbers)),
        all_sentences=len(page.sentences),
        all_words=page.words,
        first=(in_text[0].start - page.text_start) / text_words if in_text else 1.0,
    )


def grade(page: Page, spans: Sequence[Span], marks: Sequence[Mark]) -> tuple[Grade, str]:
    """Return the grade and why, in words that a person can check."""
    if not spans:
        return _by_property(marks)
    found = standing(page, spans)
    return (Grade.ABOUT if is_about(found) else Grade.MENTIONS), reason(found)


def is_about(found: Standing) -> bool:
    """Apply the rule at the top of this file."""
    if found.in_title:
        return True
    if found.in_lead:
        return found.times >= OFTEN or found.times * LEAD_WORDS_EACH >= found.all_words
    dense = found.times * WORDS_EACH >= found.all_words
    return found.sentences >= OFTEN and dense and found.first <= EARLY


def reason(found: Standing) -> str:
    """Say where the words stand, best place first."""
    opening = (
        "the first sentence" if found.in_first_sentence else "the opening paragraph" if found.in_lead else ""
    )
    if found.in_title:
        return f"in the headline and {opening}" if opening else "in the headline"
    often = f"{_times(found.times)} in {counted(found.all_sentences, 'sentence')}"
    return f"in {opening}; {often}" if opening else often


def _times(number: int) -> str:
    return "once" if number == 1 else counted(number, "time")


def _by_property(marks: Sequence[Mark]) -> tuple[Grade, str]:
    """Grade what matched without a word of the article: a source or an author is followed as such."""
    said = {"source": "everything from this source", "author": "by this author", "url": "by its address"}
    if marks:
        return Grade.ABOUT, said[marks[0].field]
    return Grade.MENTIONS, "no word of it stands in the article"


@dataclass(frozen=True, slots=True)
class OfGrade:
    """A part holds, and the article is about it, or only mentions it."""

    query: Graded
    part: Condition

    def hits(self, page: Page, scope: Scope) -> Hits | None:  # noqa: ARG002 (a grade is of the whole article)
        """Return the hits when they stand as is asked."""
        hits = self.part.hits(page, page.everywhere)
        if hits is None:
            return None
        found, _ = grade(page, [span for hit in hits for span in hit.spans], ())
        return hits if found == self.query.grade else None
