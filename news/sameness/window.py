"""Which story does an article belong to?

A `Window` holds the fingerprints of the last days and places one article after another, in filing order, by
one writer. It lives in memory and is built again by `add` from what the store filed.

    placement = window.place(article)       # judge; nothing is remembered
    story_id = …                            # the store files it
    window.add(article, story_id)           # remember
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from news.nouns import Article, Placement, Sentence, SharedPassage
from news.sameness.background import Background
from news.sameness.copying import Runs
from news.sameness.fingerprint import Fingerprint, Reading, read
from news.sameness.index import Filed, Index
from news.sameness.joining import Candidate, Relation, choose, relate, weigh
from news.sameness.likeness import Likeness
from news.sameness.novelty import whats_new
from news.sameness.reason import reason
from news.sameness.refrains import Refrains

_STORIES = 3  # candidates whose other members are asked too (6 measured alike)
_MEMBERS = 8  # the newest of each


class Window:
    """The articles of the last days, in memory. One writer; not for several threads."""

    def __init__(self, *, days: float = 4) -> None:
        """Compare articles that are at most so many days apart."""
        self._days = days
        self._index = Index()
        self._background = Background()
        self._refrains = Refrains()
        self._by_article: dict[int, int] = {}
        self._stories: dict[int, list[int]] = defaultdict(list)
        self._last: Reading | None = None

    def __len__(self) -> int:
        """How many articles are in the window."""
        return len(self._index)

    def place(self, article: Article) -> Placement:
        """Judge which story the article belongs to, and why. Nothing is remembered."""
        reading = self._read(article)
        relations = self._relations(reading)
        chosen = self._choose(reading, relations)
        return Placement(
            story_id=chosen.story_id if chosen else None,
            reason=reason(reading, chosen, relations),
            shared=_passages(reading, relations),
            whats_new=self._whats_new(reading, chosen) if chosen else (),
            sentences=len(reading.sentences),
        )

    def nearness(self, article: Article) -> dict[int, float]:
        """Return how near the article stands to each filed one that is worth comparing, by article id."""
        relations = self._relations(self._read(article))
        return {relation.filed.print.article_id: relation.nearness for relation in relations}

    def copies(self, article: Article) -> dict[int, float]:
        """Return the articles that share text with this one, by id, and how much of the shorter is shared."""
        print_ = self._read(article).print
        runs = Runs(print_)
        near = [
            self._index[number].print
            for number in self._near(print_, self._index.copies(print_.keys.tolist()))
        ]
        shared = {other.article_id: runs.shared_with(other) for other in near}
        return {number: copying.contained for number, copying in shared.items() if copying.here}

    def add(self, article: Article, story_id: int, *, placement: Placement | None = None) -> None:  # noqa: ARG002
        """Remember that the article was filed in this story."""
        reading = self._read(article)
        self._enter(replace(reading.print, article_id=article.id), story_id)

    def replace(self, article: Article, story_id: int) -> None:
        """Remember a new version of an article instead of the one that was there."""
        reading = self._read(article)
        number = self._by_article.get(article.id)
        if number is not None:
            self._forget(number)
        self._enter(replace(reading.print, article_id=article.id), story_id)

    def drop_before(self, instant: datetime) -> None:
        """Forget the articles first seen before then."""
        old = [number for number, filed in self._index if filed.print.first_seen < instant]
        for number in old:
            self._forget(number)

    def _read(self, article: Article) -> Reading:
        """Take the article apart, once for `place` and the `add` that follows it."""
        last = self._last
        if last is None or replace(last.article, id=article.id) != article:
            last = self._last = read(article, self._refrains.knows)
        return last

    def _enter(self, print_: Fingerprint, story_id: int) -> None:
        filed = Filed(print=print_, story_id=story_id, words=tuple(self._background.telling(print_.body)))
        self._background.learn(print_.body.codes)
        number = self._index.add(filed)
        self._by_article[print_.article_id] = number
        self._stories[story_id].append(number)
        self._refrains.add(print_.outlet_key, story_id, print_.lines.tolist())
        self._last = None

    def _forget(self, number: int) -> None:
        filed = self._index.remove(number)
        self._background.forget(filed.print.body.codes)
        self._refrains.remove(filed.print.outlet_key, filed.story_id, filed.print.lines.tolist())
        if self._by_article.get(filed.print.article_id) == number:
            del self._by_article[filed.print.article_id]
        members = self._stories[filed.story_id]
        members.remove(number)
        if not members:
            del self._stories[filed.story_id]

    def _relations(self, reading: Reading) -> list[Relation]:
        """Compare the article with every filed one that is worth it."""
        print_ = reading.print
        likeness, runs = Likeness(print_, self._background), Runs(print_)
        found: dict[int, Relation] = {}

        def compare(numbers: Iterable[int]) -> None:
            new = [number for number in self._near(print_, numbers) if number not in found]
            filed = [self._index[number] for number in new]
            alike = likeness.to_each([each.print for each in filed])
            for number, each, agreement in zip(new, filed, alike, strict=True):
                copying = runs.shared_with(each.print)
                found[number] = relate(print_, agreement, each, copying)

        compare(self._index.copies(print_.keys.tolist()))
        compare(self._index.kin(self._background.telling(print_.body)))
        compare(self._members(found))
        return list(found.values())

    def _near(self, print_: Fingerprint, numbers: Iterable[int]) -> list[int]:
        """Leave out what is too far away in time, and the article's own earlier version."""
        near: list[int] = []
        for number in dict.fromkeys(numbers):
            other = self._index[number].print
            own = other.article_id == print_.article_id != 0
            if not own and abs(other.day - print_.day) <= self._days:
                near.append(number)
        return near

    def _members(self, found: dict[int, Relation]) -> list[int]:
        """Return the other members of the stories that stand nearest."""
        best: dict[int, float] = {}
        for relation in found.values():
            story_id = relation.filed.story_id
            best[story_id] = max(best.get(story_id, 0.0), relation.nearness)
        nearest = sorted(best, key=lambda story_id: -best[story_id])[:_STORIES]
        return [number for story_id in nearest for number in self._stories[story_id][-_MEMBERS:]]

    def _choose(self, reading: Reading, relations: list[Relation]) -> Candidate | None:
        by_story: dict[int, list[Relation]] = defaultdict(list)
        for relation in relations:
            by_story[relation.filed.story_id].append(relation)
        return choose(
            weigh(story_id, related, len(self._near(reading.print, self._stories[story_id])))
            for story_id, related in by_story.items()
        )

    def _whats_new(self, reading: Reading, chosen: Candidate) -> tuple[Sentence, ...]:
        told = [self._index[number].print for number in self._stories[chosen.story_id][-_MEMBERS:]]

        def is_old(line: int) -> bool:
            return self._refrains.stands_elsewhere(reading.print.outlet_key, line, chosen.story_id)

        return whats_new(reading, told, self._background, is_old=is_old)


def _passages(reading: Reading, relations: list[Relation]) -> tuple[SharedPassage, ...]:
    """List every sentence that stands in another article, in the order of the text."""
    passages = [
        (sentence, relation.filed.print)
        for relation in sorted(relations, key=lambda relation: -len(relation.copying.here))
        for sentence in relation.copying.here
    ]
    passages.sort(key=lambda passage: passage[0])
    return tuple(
        SharedPassage(sentence=reading.sentences[at], article_id=other.article_id, outlet=other.outlet)
        for at, other in passages
    )
