"""What was read a moment ago for another reader's digest?

At 6:30 the same day goes to many readers. Its stories, at the revisions that their digests tell, are read
once and put in words for each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar, cast

T = TypeVar("T")

NOTHING = object()
MOST_KEPT = 2_000  # things; then everything is forgotten, and read again


@dataclass(slots=True)
class Remembered:
    """Answers of the store, by what was asked. Kept while the outbox is drained once, by several threads."""

    _answers: dict[Hashable, object] = field(default_factory=dict)

    def ask(self, question: Hashable, read: Callable[[], T]) -> T:
        """Return the answer, reading it when it was not asked for yet."""
        known = self._answers.get(question, NOTHING)
        if known is not NOTHING:
            return cast("T", known)
        if len(self._answers) >= MOST_KEPT:
            self._answers.clear()
        answer = self._answers[question] = read()
        return answer

    def forget(self) -> None:
        """Ask anew from now on."""
        self._answers.clear()
