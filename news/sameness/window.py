"""Which story does an article belong to?

A `Window` holds the fingerprints of the last days and places one article after another, in filing order, by
one writer. It lives in memory and is built again by `add` from what the store filed.

    placement = window.place(article)       # judge; nothing is remembered
    story_id = …                            # the store files it
    window.add(article, story_id)           # remember
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from news.nouns import Article, Placement, Sentence, SharedPassage
from news.sameness.background import Background, counted_at
from news.sameness.copying import NOTHING, Runs
from news.sameness.fingerprint import Reading, read, read_on, traces
from news.sameness.groups import READ_TOGETHER, near_in_time, sharing
from news.sameness.index import Index
from news.sameness.joining import Candidate, Relation, choose, relate, weigh
from news.sameness.kept import Kept, Traced
from news.sameness.letters import Codes
from news.sameness.likeness import Likeness
from news.sameness.meeting import Meeting
from news.sameness.novelty import whats_new
from news.sameness.prints import Fingerprint
from news.sameness.reason import reason
from news.sameness.rows import row_of
from news.sameness.shelf import Filed
from news.sameness.together import NOTE, together

_STORIES = 3  # candidates whose other members are asked too (6 measured alike)
_STORIES_TOGETHER = 8  # where many are looked at together
_MEMBERS = 8  # the newest of each
_MET: Codes = np.zeros(0, dtype=np.uint32)  # a meeting files the entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An article that was placed together with others, before the store has filed it."""

    # The story's id, or what `new_story` said.
    story: int
    placement: Placement
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _ForNow:
    """An article of one time, as it came."""

    reading: Reading
    relations: list[Relation]
    kept: Kept


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
        self._words: Mapping[int, float] | None = None

    def __len__(self) -> int:
        """How many articles are in the window."""
        return len(self._index)

    def place(self, article: Article) -> Placement:
        """Judge which story the article belongs to, and why. Nothing is remembered."""
        reading = self._read(article)
        relations = self._relations(reading)
        chosen = self._choose(reading, relations)
        told = self._stories[chosen.story_id] if chosen else ()
        return self._placement(reading, relations, chosen, told)

    def place_together(
        self, articles: Sequence[Article], new_story: Callable[[], int]
    ) -> list[tuple[int, Placement]]:
        """Judge the articles of one time, whatever their order, and remember them: each one's story, and why.

        Each is placed as it comes first, so that what outlets print under everything is known; then all of
        them are looked at together. Their ids must differ; ids of stories are never below 0.
        """
        return [(placed.story, placed.placement) for placed in self.place_for_filing(articles, new_story)]

    def place_for_filing(self, articles: Sequence[Article], new_story: Callable[[], int]) -> list[Placed]:
        """Do the same, and say what the store has to keep of each.

        Where ids are not known before they are filed, others stand in for them, which `settle` puts right.
        """
        read = list(self._placed_for_now(articles))
        numbers = {article.id: at for at, article in enumerate(articles)}
        notes = {at for at, article in enumerate(articles) if len(article.text.split()) < NOTE}
        related = [each.relations for each in read]
        homes = together(related, numbers, self._members_before(read), notes=notes)
        stories: dict[int, int] = {}
        placed: list[Placed] = []
        for each, home in zip(read, homes, strict=True):
            if home not in stories:
                stories[home] = home if home >= 0 else new_story()
            self.move(each.reading.article.id, stories[home])
            placement = self._standing(each.reading, each.relations, stories[home])
            placed.append(Placed(story=stories[home], placement=placement, kept=each.kept))
        return placed

    def settle(self, stand_in: int, article_id: int, story_id: int) -> None:
        """Call an article that was placed for filing by its own id, in the story it was filed in."""
        number = self._by_article.pop(stand_in)
        self._by_article[article_id] = number
        self._index.shelf.rename(number, article_id)
        self.move(article_id, story_id)

    def forget(self, article_ids: Iterable[int]) -> None:
        """Forget articles; nothing happens to those that are not there."""
        for article_id in article_ids:
            if (number := self._by_article.get(article_id)) is not None:
                self._forget(number)

    def nearness(self, article: Article) -> dict[int, float]:
        """Return how near the article stands to each filed one that is worth comparing, by article id."""
        relations = self._relations(self._read(article))
        return {relation.filed.print.article_id: relation.nearness for relation in relations}

    def compared(self, article_id: int, others: Iterable[int]) -> list[Relation]:
        """Compare an article that is remembered with others, as far as their fingerprints are here."""
        shelf = self._index.shelf
        known = [number for other in others if (number := self._by_article.get(other)) is not None]
        print_ = shelf[self._by_article[article_id]].print
        filed = [shelf[number] for number in dict.fromkeys(known) if not shelf.is_away(number)]
        return _related(print_, Likeness(print_, self._background), Runs(print_), filed) if filed else []

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

    def kept(self, article: Article) -> Kept:
        """Return what the store has to keep of an article that is about to be added."""
        return self._kept(self._read(article))

    def restore(self, rows: Sequence[Traced]) -> None:
        """Remember the articles that the store kept, before any other; their fingerprints stay away."""
        first = self._index.restore(rows, self._background.learn_all)
        for number, row in enumerate(rows, start=first):
            self._by_article[row.article_id] = number
            self._stories[row.story_id].append(number)

    def lacking(self, article: Article) -> tuple[int, ...]:
        """Return the articles whose fingerprints the store has to `give` before this one is placed."""
        shelf = self._index.shelf
        if not shelf.are_away():
            return ()
        reading = self._read(article)
        near = {*self._copies(reading), *self._index.kin(self._telling(reading))}
        stories = {shelf.story_of(number) for number in near}
        near.update(number for story_id in stories for number in self._stories[story_id][-_MEMBERS:])
        return tuple(shelf.article_of(number) for number in sorted(near) if shelf.is_away(number))

    def give(self, wanted: Iterable[int], prints: Mapping[int, bytes]) -> None:
        """Bring the fingerprints that were wanted, by article; one the store has lost is forgotten."""
        for article_id in wanted:
            number = self._by_article[article_id]
            if article_id in prints:
                self._index.shelf.give(number, prints[article_id])
            else:
                self._forget(number)

    def _kept(self, reading: Reading) -> Kept:
        print_ = reading.print
        words = np.array(list(self._telling(reading)), dtype=np.uint32)
        trace = row_of(print_, np.unique(reading.entries()), words, counted_at(print_.body.codes))
        return Kept(trace=trace, print=print_.packed)

    def _placed_for_now(self, articles: Sequence[Article]) -> Iterator[_ForNow]:
        """Remember articles where they seem to belong as they come; some at a time are read and looked up."""
        for first in range(0, len(articles), READ_TOGETHER):
            meeting = self._index.meet(traces(articles[first : first + READ_TOGETHER]))
            with closing(meeting):
                for at in range(len(meeting.traces)):
                    yield self._place_for_now(meeting, at, -1 - first - at)

    def _place_for_now(self, meeting: Meeting, at: int, new_story: int) -> _ForNow:
        reading = self._last = read_on(meeting.traces[at], meeting.look(at))
        self._words = None
        relations = self._relations(reading, _STORIES_TOGETHER)
        chosen = self._choose(reading, relations)
        kept = self._kept(reading)
        story_id = chosen.story_id if chosen else new_story
        number = self._enter(reading, reading.article.id, story_id, is_met=True)
        meeting.entered(at, number, reading.kept)
        return _ForNow(reading=reading, relations=relations, kept=kept)

    def _members_before(self, read: Sequence[_ForNow]) -> Counter[int]:
        """Count the members of each story that they stand near to, without these articles themselves."""
        near = {relation.filed.story_id for each in read for relation in each.relations}
        many = Counter({story_id: len(self._stories.get(story_id, ())) for story_id in near})
        for each in read:
            many[self._index.shelf.story_of(self._by_article[each.reading.article.id])] -= 1
        return many

    def _standing(self, reading: Reading, relations: list[Relation], story_id: int) -> Placement:
        """Tell the place of an article in its story by the members that were there before it."""
        members = self._stories[story_id]
        before = members[: members.index(self._by_article[reading.article.id])]
        if not before:
            return self._placement(reading, relations, None, ())
        ids = {self._index.shelf.article_of(number) for number in before}
        found = [relation for relation in relations if relation.filed.print.article_id in ids]
        if not found:
            print_ = reading.print
            asked = [self._index.shelf[number] for number in before[-_MEMBERS:]]
            found = _related(print_, Likeness(print_, self._background), Runs(print_), asked)
        return self._placement(reading, relations, weigh(story_id, found, len(before)), before)

    def _placement(
        self, reading: Reading, relations: list[Relation], chosen: Candidate | None, told: Sequence[int]
    ) -> Placement:
        return Placement(
            story_id=chosen.story_id if chosen else None,
            reason=reason(reading, chosen, relations),
            shared=_passages(reading, relations),
            whats_new=self._whats_new(reading, chosen.story_id, told) if chosen else (),
            sentences=len(reading.sentences),
        )

    def _read(self, article: Article) -> Reading:
        """Take the article apart, once for `place` and the `add` that follows it."""
        last = self._last
        if last is None or replace(last.article, id=article.id) != article:
            last = self._last = read(article, self._index.look)
            self._words = None
        return last

    def _telling(self, reading: Reading) -> Mapping[int, float]:
        """Return the words that say most about the article in hand, worked out once."""
        if self._words is None or reading is not self._last:
            self._words = self._background.telling(reading.print.body)
        return self._words

    def _enter(self, reading: Reading, article_id: int, story_id: int, *, is_met: bool = False) -> int:
        print_ = reading.print.named(article_id)
        words = np.array(list(self._telling(reading)), dtype=np.uint32)
        self._background.learn(print_.body.codes)
        entries = _MET if is_met else reading.entries()
        number = self._index.add(print_, story_id, entries, words)
        self._by_article[article_id] = number
        self._stories[story_id].append(number)
        self._last = None
        return number

    def _forget(self, number: int) -> None:
        shelf = self._index.shelf
        self._background.forget(shelf.counted(number))
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

    def _relations(self, reading: Reading, stories: int = _STORIES) -> list[Relation]:
        """Compare the article with every filed one that is worth it."""
        print_ = reading.print
        likeness, runs = Likeness(print_, self._background), Runs(print_)
        # Who shares no sentence and no key shares a phrase at most.
        sharing = set(reading.met.numbers.tolist())
        found: dict[int, Relation] = {}

        def compare(numbers: Iterable[int]) -> None:
            new = [number for number in self._near(print_, numbers) if number not in found]
            filed = [self._index.shelf[number] for number in new]
            prints = [each.print for each in filed]
            have = [each.print for number, each in zip(new, filed, strict=True) if number in sharing]
            copyings = iter(runs.shared_with_each(have))
            for number, each, alike in zip(new, filed, likeness.to_each(prints), strict=True):
                copying = next(copyings) if number in sharing else NOTHING
                found[number] = relate(print_, alike, each, copying)

        compare([*self._copies(reading), *self._index.kin(self._telling(reading))])
        compare(self._members(found, stories))
        return list(found.values())

    def _near(self, print_: Fingerprint, numbers: Iterable[int]) -> list[int]:
        return near_in_time(self._index, print_, numbers, days=self._days)

    def _members(self, found: dict[int, Relation], stories: int) -> list[int]:
        """Return the other members of the stories that stand nearest."""
        best: dict[int, float] = {}
        for relation in found.values():
            story_id = relation.filed.story_id
            best[story_id] = max(best.get(story_id, 0.0), relation.nearness)
        nearest = sorted(best, key=lambda story_id: -best[story_id])[:stories]
        return [number for story_id in nearest for number in self._stories[story_id][-_MEMBERS:]]

    def _choose(self, reading: Reading, relations: list[Relation]) -> Candidate | None:
        by_story: dict[int, list[Relation]] = defaultdict(list)
        for relation in relations:
            by_story[relation.filed.story_id].append(relation)
        return choose(
            weigh(story_id, related, len(self._near(reading.print, self._stories[story_id])))
            for story_id, related in by_story.items()
        )

    def _whats_new(self, reading: Reading, story_id: int, members: Sequence[int]) -> tuple[Sentence, ...]:
        told = [self._index.shelf[number].print for number in members[-_MEMBERS:]]
        elsewhere = self._index.standing_elsewhere(reading.trace, reading.met, story_id)
        return whats_new(reading, told, self._background, is_old=elsewhere.__contains__)


def _related(print_: Fingerprint, likeness: Likeness, runs: Runs, filed: Sequence[Filed]) -> list[Relation]:
    """Compare an article with others."""
    prints = [each.print for each in filed]
    compared = zip(filed, likeness.to_each(prints), runs.shared_with_each(prints), strict=True)
    return [relate(print_, agreement, each, copying) for each, agreement, copying in compared]


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
