"""What did an outlet change, in words?

Was and now, as the words stand in the two versions; "…" where the sentence around them is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.developments import HEADLINE, WITHDRAWN
from alerts.words import Telling, cut, headline_of, outlet_of, quote_of, sentence_at
from news.nouns import Article, Correction, StoryArticle

LONGEST_CHANGE = 240  # characters of each side
VERBS = {HEADLINE: "Headline changed by", WITHDRAWN: "Withdrawn by"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One correction as readers see it; an empty side stands for words that are not there."""

    # In quotation marks, with "…" where the sentence is cut.
    was: str
    now: str
    # "More exact"
    label: str

    @property
    def sentence(self) -> str:
        """The change inside a sentence: corrected “… roughly two dozen” to “… 23”."""
        if self.label.lower() == WITHDRAWN:
            return f"withdrew its article: {self.now}" if self.now else "withdrew its article"
        if self.was and self.now:
            return f"corrected {self.was} to {self.now}"
        if self.was or self.now:
            return f"took out {self.was}" if self.was else f"added {self.now}"
        return self.label.lower()


def changes_of(each: StoryArticle) -> tuple[Change, ...]:
    """Return what this version of an article changed."""
    return tuple(_change(correction, each.article) for correction in each.corrections)


def _change(correction: Correction, article: Article) -> Change:
    field = article.title if correction.label == HEADLINE else article.text
    start = field.find(correction.after) if correction.after else -1
    around = sentence_at(field, start) if start >= 0 else None
    before = field[around.start : start] if around else ""
    behind = field[start + len(correction.after) : around.end] if around else ""
    opening = "… " if any(map(str.isalnum, before)) else ""
    closing = " …" if any(map(str.isalnum, behind)) else ""
    return Change(
        was=_quoted(opening, correction.before, closing),
        now=_quoted(opening, correction.after, closing),
        label=correction.label.capitalize(),
    )


def _quoted(opening: str, words: str, closing: str) -> str:
    return f"“{opening}{cut(words, LONGEST_CHANGE)}{closing}”" if words else ""


def byline(each: StoryArticle, telling: Telling) -> str:
    """Return "Corrected by Channel 4 Ellery, 2:05 pm"."""
    labels = {correction.label for correction in each.corrections}
    verb = VERBS.get(next(iter(labels), ""), "Corrected by") if len(labels) == 1 else "Corrected by"
    return f"{verb} {outlet_of(each.article)}, {telling.time(changed_at(each, telling))}"


def changed_at(each: StoryArticle, telling: Telling) -> datetime:
    """Return when this version came: a version's own time is not among its words."""
    return each.filed_at or telling.story.updated


def old_words_were_told(each: StoryArticle, telling: Telling) -> bool:
    """Return whether the story's own message quoted words that were changed."""
    before = telling.before.articles[0].article if telling.before and telling.before.articles else None
    if before is None or before.id != each.article.id or not telling.root_time:
        return False
    shown = f"{headline_of(before)}\n{quote_of(before)}"
    return any(change.before and change.before in shown for change in each.corrections)
