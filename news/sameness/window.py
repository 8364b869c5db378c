"""Which story does an article belong to?

A `Window` holds the fingerprints of the last days and places one article after another, in filing order, by
one writer. It lives in memory and is built again by `add` from what the store filed.

    placement = window.place(article)       # judge; nothing is remembered
    story_id = …                            # the store files it
    window.add(article, story_id)           # remember
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from news.nouns import Article, Placement, Sentence, SharedPassage
from news.sameness.background import Background
from news.sameness.copying import Runs
from news.sameness.fingerprint import Reading, read
from news.sameness.groups import near_in_time, sharing
from news.sameness.index import Index
from news.sameness.joining import Candidate, Relation, choose, relate, weigh
from news.sameness.likeness import Likeness
from news.sameness.novelty import whats_new
from news.sameness.prints import Fingerprint
from news.sameness.reason import reason

_STORIES = 3  # candidates whose other members are asked too (6 measured alike)
_MEMBERS = 8  # the newest of each


class Window:
    """The articles of the last days, in memory. One writer; not for several threads."""

    def __init__(self, *, days: float = 4) -> None:
        """Compare articles that are at most so many days apart."""
        self._days = days
        self._index = Index()
        self._background = Background()
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
        reading = self._read(article)
        found = sharing(self._index, reading.print, self._copies(reading), days=self._days)
        return {
            self._index.shelf.article_of(number): copying.contained
            for number, copying in found
            if copying.here
        }

    def add(self, article: Article, story_id: int, *, placement: Placement | None = None) -> None:  # noqa: ARG002
        """Remember that the article was filed in this story."""
        reading = self._read(article)
        self._enter(reading, article.id, story_id)

    def replace(self, article: Article, story_id: int) -> None:
        """Remember a new version of an article instead of the one that was there."""
        reading = self._read(article)
        number = self._by_article.get(article.id)
        if number is not None:
            self._forget(number)
        self._enter(reading, article.id, story_id)

    def move(self, article_id: int, story_id: int) -> None:
        """Remember that an article is in another story now; nothing when it is not in the window."""
        number = self._by_article.get(article_id)
        if number is not None:
            self._leave(number)
            self._index.shelf.move(number, story_id)
            self._stories[story_id] = sorted([*self._stories[story_id], number])

    def articles(self) -> tuple[int, ...]:
        """Return the ids of the articles that are remembered."""
        return tuple(self._by_article)

    def follow(self, places: Mapping[int, int]) -> None:
        """Go by these stories of the articles; one that has none is forgotten: it became part of another."""
        for article_id, number in list(self._by_article.items()):
            story_id = places.get(article_id)
            if story_id is None:
                self._forget(number)
            elif story_id != self._index.shelf.story_of(number):
                self.move(article_id, story_id)

    def drop_before(self, instant: datetime) -> None:
        """Forget the articles first seen before then."""
        for number in self._index.shelf.seen_before(instant.timestamp()):
            self._forget(number)

    def _read(self, article: Article) -> Reading:
        """Take the article apart, once for `place` and the `add` that follows it."""
        last = self._last
        if last is None or replace(last.article, id=article.id) != article:
            last = self._last = read(article, self._index.look)
        return last

    def _enter(self, reading: Reading, article_id: int, story_id: int) -> None:
        print_ = reading.print.named(article_id)
        words = np.array(list(self._background.telling(print_.body)), dtype=np.uint32)
        self._background.learn(print_.body.codes)
        number = self._index.add(print_, story_id, reading.entries(), words)
        self._by_article[article_id] = number
        self._stories[story_id].append(number)
        self._last = None

    def _forget(self, number: int) -> None:
        shelf = self._index.shelf
        self._background.forget(shelf[number].print.body.codes)
        self._leave(number)
        article_id = shelf.article_of(number)
        if self._by_article.get(article_id) == number:
            del self._by_article[article_id]
        self._index.remove(number)
        self._last = None

    def _leave(self, number: int) -> None:
        """Take an article out of its story."""
        story_id = self._index.shelf.story_of(number)
        members = self._stories[story_id]
        members.remove(number)
        if not members:
            del self._stories[story_id]

    def _copies(self, reading: Reading) -> list[int]:
        return self._index.copies(reading.trace, reading.met, reading.kept)

    def _relations(self, reading: Reading) -> list[Relation]:
        """Compare the article with every filed one that is worth it."""
        print_ = reading.print
        likeness, runs = Likeness(print_, self._background), Runs(print_)
        found: dict[int, Relation] = {}

        def compare(numbers: Iterable[int]) -> None:
            new = [number for number in self._near(print_, numbers) if number not in found]
            filed = [self._index.shelf[number] for number in new]
            prints = [each.print for each in filed]
            compared = zip(new, filed, likeness.to_each(prints), runs.shared_with_each(prints), strict=True)
            for number, each, agreement, copying in compared:
                found[number] = relate(print_, agreement, each, copying)

        compare(self._copies(reading))
        compare(self._index.kin(self._background.telling(print_.body)))
        compare(self._members(found))
        return list(found.values())

    def _near(self, print_: Fingerprint, numbers: Iterable[int]) -> list[int]:
        return near_in_time(self._index, print_, numbers, days=self._days)

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
        told = [self._index.shelf[number].print for number in self._stories[chosen.story_id][-_MEMBERS:]]
        elsewhere = self._index.standing_elsewhere(reading.trace, reading.met, chosen.story_id)
        return whats_new(reading, told, self._background, is_old=elsewhere.__contains__)


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
