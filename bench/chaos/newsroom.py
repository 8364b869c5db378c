"""What comes in during the night: stories, what follows them, and what is corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Event
from time import monotonic
from typing import TypeVar

from news.errors import StorageError
from news.nouns import Correction
from storage.contract import Filed, Store
from tests.fakes.clock import FileClock
from tests.nouns import a_filing, a_placement, a_sentence, an_article

FOLLOWED, CORRECTED = 0.5, 0.15  # of the stories
MOST_FOLLOW_UPS = 3  # of one story, so that each is quoted
PATIENCE = 30.0  # seconds for a database that is locked, full or being started
BEFORE, AFTER = "roughly two dozen cities", "23 cities"

T = TypeVar("T")


@dataclass(slots=True)
class Newsroom:
    """Files stories beside whoever tells them, and remembers what it filed."""

    store: Store
    clock: FileClock
    chance: Random
    # By headline.
    stories: dict[str, Filed] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    # The new sentence of each follow-up: the headline of the story it belongs to, and its revision.
    details: dict[str, tuple[str, int]] = field(default_factory=dict)

    def ask(self, question: Callable[[Store], T]) -> T:
        """Return what the store answers, asking again while it is locked, full or away."""
        until = monotonic() + PATIENCE
        while True:
            try:
                return question(self.store)
            except StorageError:
                if monotonic() > until:
                    raise
                Event().wait(0.1)

    def file(self) -> str:
        """File a story, and now and then what follows an earlier one; return its headline."""
        number = len(self.stories)
        title = f"Council number {number} answers the letter"
        text = f"Council {number} said that letters on sanctuary cities went to {BEFORE}."
        now = self.clock()
        article = an_article(title, text=text, first_seen=now, published=now)
        self.stories[title] = self.ask(lambda store: store.file(a_filing(0, article, now=now)))
        if self.chance.random() < FOLLOWED:
            self.grow()
        if self.chance.random() < CORRECTED:
            self._correct(title, number)
        return title

    def grow(self, title: str = "") -> None:
        """Let another outlet add a sentence to a story, to any one without a name."""
        number, grown = len(self.details), Counter(title for title, _ in self.details.values())
        few = [each for each in self.stories if grown[each] < MOST_FOLLOW_UPS]
        title = title or self.chance.choice(few)
        more = an_article(f"{title}: more {number}", source_id="channel4ellery", outlet="Ellery 31")
        detail = f"Detail {number} of {title} is new."
        placement = a_placement(self.stories[title].story_id, whats_new=(a_sentence(detail),))
        filing = a_filing(0, more, placement=placement, now=self.clock())
        filed = self.ask(lambda store: store.file(filing))
        self.details[detail] = (title, filed.revision)

    def _correct(self, title: str, number: int) -> None:
        filed = self.stories[title]
        text = f"Council {number} said that letters on sanctuary cities went to {AFTER}."
        changed = an_article(title, id=filed.article_id, text=text, first_seen=self.clock())
        filing = a_filing(
            0,
            changed,
            placement=a_placement(filed.story_id),
            new_version=True,
            corrections=(Correction(before=BEFORE, after=AFTER, label="more exact"),),
            now=self.clock(),
        )
        self.ask(lambda store: store.file(filing))
        self.corrected.add(title)
