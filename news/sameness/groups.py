"""Which articles have the same text, whatever they are about?

Groups of copies alone: what a stream costs that is only asked for its copies, in any language. `Window` goes
the same way and then judges which story it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime

from news.nouns import Article
from news.sameness.copying import Copying, Runs
from news.sameness.fingerprint import copied_pieces, printed, traces
from news.sameness.index import Index
from news.sameness.meeting import Meeting
from news.sameness.prints import Fingerprint

PASSAGES = 0.1  # of the shorter article; less is a line that an outlet prints under everything
READ_TOGETHER = 16  # articles; the letters of more would not fit into what is near the processor
BRIEF = 12  # keys; of a longer text more than one sentence has to be shared


class Groups:
    """The copies of the last days, in memory. One writer; not for several threads."""

    def __init__(self, *, days: float = 4) -> None:
        """Compare articles that are at most so many days apart."""
        self._days = days
        self._index = Index()

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self._index)

    def file(self, articles: Sequence[Article]) -> list[dict[int, float]]:
        """Remember articles; return for each who shares text with it, by id, and how much of the shorter."""
        found: list[dict[int, float]] = []
        for first in range(0, len(articles), READ_TOGETHER):
            meeting = self._index.meet(traces(articles[first : first + READ_TOGETHER], roughly=True))
            with closing(meeting):
                found += [self._file(meeting, at) for at in range(len(meeting.traces))]
        return found

    def _file(self, meeting: Meeting, at: int) -> dict[int, float]:
        trace_, met = meeting.traces[at], meeting.look(at)
        kept = ~(trace_.furniture | met.refrains)
        print_ = printed(trace_, copied_pieces(trace_, kept))
        fewest = 3 if len(trace_.keys) > BRIEF else 1
        numbers = self._index.copies(trace_, met, kept, fewest=fewest)
        shared = {
            number: copying.contained
            for number, copying in sharing(self._index, print_, numbers, days=self._days)
            if copying.here and copying.contained >= PASSAGES
        }
        group = min((self._index.shelf.story_of(number) for number in shared), default=trace_.article.id)
        meeting.entered(at, self._index.add(print_, group), kept)
        return {self._index.shelf.article_of(number): share for number, share in shared.items()}

    def drop_before(self, instant: datetime) -> None:
        """Forget the articles first seen before then."""
        for number in self._index.shelf.seen_before(instant.timestamp()):
            self._index.remove(number)


def sharing(
    index: Index, print_: Fingerprint, numbers: list[int], *, days: float
) -> list[tuple[int, Copying]]:
    """Compare an article word for word with those that are near in time."""
    near = near_in_time(index, print_, numbers, days=days)
    if not near:
        return []
    copyings = Runs(print_).shared_with_each([index.shelf[number].print for number in near])
    return list(zip(near, copyings, strict=True))


def near_in_time(index: Index, print_: Fingerprint, numbers: Iterable[int], *, days: float) -> list[int]:
    """Leave out what is too far away in time, and the article's own earlier version."""
    shelf = index.shelf
    return [
        number
        for number in dict.fromkeys(numbers)
        if abs(shelf.day_of(number) - print_.day) <= days
        and not (shelf.article_of(number) == print_.article_id != 0)
    ]
