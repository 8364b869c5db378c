"""Which articles are in the window, and where do they stand?

Each has a number, given in filing order. What is known of it stands in columns, so that an article costs its
fingerprint and a few dozen bytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from news.sameness.letters import Codes, Flags, Places
from news.sameness.prints import Fingerprint
from news.sameness.rows import Rows

SPARSE = 4  # one article in so many may be gone before the columns are cut


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filed:
    """An article in the window and the story it is in."""

    print: Fingerprint
    story_id: int


class Shelf:
    """The articles of the window by number."""

    def __init__(self) -> None:
        # The number of the first row.
        self._first = 0
        self._here = bytearray()
        # None: it is gone, or away: the store has it, and it was not needed yet.
        self._prints: list[bytes | None] = []
        self._ids = array("q")
        self._stories = array("q")
        self._outlets = array("I")
        self._days = array("d")
        self._seen = array("d")
        # What those that are away are found by.
        self._away: dict[int, bytes] = {}
        self._many = 0
        self._outlet_numbers: dict[tuple[str, str], int] = {}
        self._outlet_names: list[tuple[str, str]] = []

    def __len__(self) -> int:
        """How many articles there are."""
        return self._many

    def __iter__(self) -> Iterator[int]:
        """Go through the numbers of all articles, in filing order."""
        return iter((np.flatnonzero(self._flags()) + self._first).tolist())

    def __getitem__(self, number: int) -> Filed:
        """Return the article with this number.

        Raises:
            LookupError: its fingerprint is still in the store: `give` it first.
        """
        at = number - self._first
        packed = self._prints[at]
        if packed is None:
            sentence = f"the fingerprint of article {self._ids[at]} is not here"
            raise LookupError(sentence)
        outlet_key, outlet = self._outlet_names[self._outlets[at]]
        return Filed(
            story_id=self._stories[at],
            print=Fingerprint(
                packed,
                article_id=self._ids[at],
                outlet_key=outlet_key,
                outlet=outlet,
                day=self._days[at],
                first_seen=self._seen[at],
            ),
        )

    def add(self, print_: Fingerprint, story_id: int) -> int:
        """Put an article on the shelf; return its number."""
        self._here.append(1)
        self._prints.append(print_.packed)
        self._ids.append(print_.article_id)
        self._stories.append(story_id)
        self._outlets.append(self._outlet_number((print_.outlet_key, print_.outlet)))
        self._days.append(print_.day)
        self._seen.append(print_.first_seen)
        self._many += 1
        return self.next - 1

    def restore(self, ids: Sequence[int], stories: Sequence[int], traces: Sequence[bytes], rows: Rows) -> int:
        """Put articles on the shelf of which the fingerprints stay away; return the number of the first."""
        first = self.next
        self._here.extend(b"\1" * len(ids))
        self._prints.extend([None] * len(ids))
        self._ids.extend(ids)
        self._stories.extend(stories)
        outlets = rows.outlets()
        known = {outlet: self._outlet_number(_parted(*outlet)) for outlet in dict.fromkeys(outlets)}
        self._outlets.extend(map(known.__getitem__, outlets))
        self._days.extend(rows.days)
        self._seen.extend(rows.seen)
        self._many += len(ids)
        self._away.update(zip(range(first, first + len(ids)), traces, strict=True))
        return first

    def _outlet_number(self, outlet: tuple[str, str]) -> int:
        name = self._outlet_numbers.setdefault(outlet, len(self._outlet_names))
        if name == len(self._outlet_names):
            self._outlet_names.append(outlet)
        return name

    @property
    def next(self) -> int:
        """The number that the next article will have."""
        return self._first + len(self._here)

    def are_away(self) -> bool:
        """Say whether any fingerprint is still in the store."""
        return bool(self._away)

    def is_away(self, number: int) -> bool:
        """Say whether this one is."""
        return number in self._away

    def give(self, number: int, packed: bytes) -> None:
        """Bring the fingerprint of an article that only the store had."""
        self._prints[number - self._first] = packed
        self._away.pop(number, None)

    def counted(self, number: int) -> Codes:
        """Return the words of an article's body, or where the background counts them."""
        away = self._away.get(number)
        return self[number].print.body.codes if away is None else Rows([away]).drawers()

    def remove(self, number: int) -> None:
        """Take an article off."""
        at = number - self._first
        self._here[at] = 0
        self._prints[at] = None
        self._away.pop(number, None)
        self._many -= 1

    def is_sparse(self) -> bool:
        """Say whether many of the rows are of articles that are gone."""
        gone = len(self._here) - self._many
        return gone > self._many // SPARSE + 16

    def cut(self) -> None:
        """Let go of the rows before the first article that is here."""
        flags = self._flags()
        many = int(flags.argmax()) if self._many else len(flags)
        del flags
        for column in (
            self._here,
            self._prints,
            self._ids,
            self._stories,
            self._outlets,
            self._days,
            self._seen,
        ):
            del column[:many]
        self._first += many

    def are_here(self, numbers: Places) -> Flags:
        """Say of each number whether its article is here."""
        at = numbers - self._first
        flags = self._flags()
        return (at >= 0) & flags[np.maximum(at, 0)]

    def seen_before(self, seconds: float) -> list[int]:
        """Return the articles first seen before then."""
        old = self._flags() & (np.frombuffer(self._seen) < seconds)
        return (np.flatnonzero(old) + self._first).tolist()

    def _flags(self) -> Flags:
        return np.frombuffer(self._here, dtype=np.bool_)

    def story_of(self, number: int) -> int:
        """Return the story an article is in."""
        return self._stories[number - self._first]

    def move(self, number: int, story_id: int) -> None:
        """Put an article in another story."""
        self._stories[number - self._first] = story_id

    def rename(self, number: int, article_id: int) -> None:
        """Call an article by another id."""
        self._ids[number - self._first] = article_id

    def article_of(self, number: int) -> int:
        """Return an article's own id."""
        return self._ids[number - self._first]

    def day_of(self, number: int) -> float:
        """Return when it was published, in days."""
        return self._days[number - self._first]

    def outlet_key_of(self, number: int) -> str:
        """Return the folded name of an article's outlet."""
        return self._outlet_names[self._outlets[number - self._first]][0]


def _parted(names: bytes, key: int) -> tuple[str, str]:
    """Return an outlet's key and name, which stand one after the other."""
    return names[:key].decode(), names[key:].decode()
