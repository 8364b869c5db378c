"""Articles and watchlists that nobody wrote: words as common as in a language, stories with subjects.

Word lengths and frequencies follow rank as they do in print (the more common, the shorter). An article tells
of one or two subjects out of eight thousand; a watchlist is about one, in three to eight lines with phrases,
NEAR and NOT. Everything comes from one seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from news.nouns import Article, Clause, Watchlist

CHARACTERS = 2_300
_VOCABULARY = 50_000  # words
_COMMON = 8_000  # words that every newspaper uses
_SUBJECTS = 8_000
_SUBJECT_WORDS = 40
_FIRST_SUBJECT_WORD = 1_200  # rank; the words before it are those of every text
_ON_SUBJECT = 0.2  # of an article's words
_SEEN = datetime(2026, 3, 18, tzinfo=UTC)
_CONSONANTS = (*"bcdfghklmnprstvw", "br", "ch", "cl", "dr", "gr", "pl", "sh", "sl", "sp", "st", "th", "tr")
_VOWELS = (*"aeiouaeio", "ai", "ea", "ou")
_ENDINGS = ("", "", "", "", "", "", "", "s", "s", "ed")


@dataclass(frozen=True, slots=True)
class _Subject:
    words: tuple[str, ...]
    weights: tuple[float, ...]
    # Two or three words that this subject's stories put side by side.
    phrases: tuple[str, ...]


class Newsroom:
    """A language, its subjects, and what is written and watched for in it."""

    def __init__(self, seed: int) -> None:
        """Make the language."""
        self._random = random.Random(seed)  # noqa: S311 (a bench, not a secret)
        self._words = self._vocabulary()
        # Beyond some thousand words a language falls off twice as fast.
        falls = (1 / (rank + 2.7) / max(rank / _COMMON, 1) for rank in range(_VOCABULARY))
        self._weights = list(accumulate(falls))
        self._subjects = [self._subject() for _ in range(_SUBJECTS)]

    def _vocabulary(self) -> list[str]:
        words: dict[str, None] = {}
        while len(words) < _VOCABULARY:
            longest = 1 + (len(words) > 60) + (len(words) > 2_500) + (len(words) > 25_000)  # noqa: PLR2004
            syllables = range(self._random.randint(max(1, longest - 1), longest))
            pick = self._random.choice
            word = "".join(pick(_CONSONANTS) + pick(_VOWELS) for _ in syllables)
            words[word + pick(("", "n", "r", "t", "l"))] = None
        return list(words)

    def _subject(self) -> _Subject:
        spread = (_VOCABULARY / _FIRST_SUBJECT_WORD) ** 1.0
        ranks = [int(_FIRST_SUBJECT_WORD * spread ** self._random.random()) for _ in range(_SUBJECT_WORDS)]
        words = tuple(self._words[min(rank, _VOCABULARY - 1)] for rank in ranks)
        phrases = tuple(
            " ".join(self._random.sample(words, self._random.choice((2, 2, 3)))) for _ in range(8)
        )
        return _Subject(words, tuple(1 / (at + 2) for at in range(_SUBJECT_WORDS)), phrases)

    def articles(self, number: int) -> list[Article]:
        """Return new articles."""
        return [self._article(at) for at in range(1, number + 1)]

    def _article(self, number: int) -> Article:
        subjects = self._random.sample(self._subjects, self._random.choice((1, 1, 2)))
        text = ""
        while len(text) < CHARACTERS:
            sentences = (self._sentence(subjects) for _ in range(self._random.randint(1, 3)))
            text += " ".join(sentences) + "\n"
        return Article(
            id=number,
            address=f"https://ledger.test/{number}",
            source_id="ledger",
            outlet="Port Ellery Ledger",
            title=self._sentence(subjects).rstrip(".")[:80],
            text=text[:CHARACTERS],
            first_seen=_SEEN,
        )

    def _sentence(self, subjects: list[_Subject]) -> str:
        words = list(self._running(subjects, self._random.randint(8, 28)))
        if len(words) > 14 and self._random.random() < 0.3:  # noqa: PLR2004
            words[2], words[9] = f"“{words[2]}", f"{words[9]},”"
        for at in range(6, len(words) - 3, 7):
            words[at] += "," if self._random.random() < 0.5 else ""  # noqa: PLR2004
        return " ".join(words).capitalize() + "."

    def _running(self, subjects: list[_Subject], number: int) -> Iterator[str]:
        common = self._random.choices(self._words, cum_weights=self._weights, k=number)
        for word in common:
            chance = self._random.random()
            if chance > _ON_SUBJECT:
                yield self._inflected(word)
                continue
            subject = self._random.choice(subjects)
            if chance < _ON_SUBJECT / 6:
                yield self._random.choice(subject.phrases)
            else:
                yield self._inflected(self._random.choices(subject.words, subject.weights)[0])

    def _inflected(self, word: str) -> str:
        return word + self._random.choice(_ENDINGS) if len(word) > 4 else word  # noqa: PLR2004

    def watchlists(self, number: int) -> list[Watchlist]:
        """Return new watchlists."""
        return [self.watchlist(f"watchlist-{at}") for at in range(number)]

    def watchlist(self, name: str) -> Watchlist:
        """Return one: a phrase, a NEAR, a NOT, and up to five lines more; every other one has a never."""
        subject = self._random.choice(self._subjects)
        lines = [self._phrase(subject), self._near(subject), self._but(subject)]
        kinds = (self._phrase, self._near, self._but, self._row, self._either, self._prefix)
        lines += [self._random.choice(kinds)(subject) for _ in range(self._random.randint(0, 5))]
        never = lines.pop() if len(lines) > 3 and self._random.random() < 0.5 else ""  # noqa: PLR2004
        return Watchlist(
            id=name,
            name=name,
            any=tuple(Clause(text=line) for line in lines),
            never=(Clause(text=never),) if never else (),
        )

    def _some(self, subject: _Subject, number: int) -> list[str]:
        return self._random.sample(subject.words, number)

    def _phrase(self, subject: _Subject) -> str:
        return f'"{self._random.choice(subject.phrases)}"'

    def _row(self, subject: _Subject) -> str:
        return self._random.choice(subject.phrases)

    def _near(self, subject: _Subject) -> str:
        one, other = self._some(subject, 2)
        return f"{one} NEAR/{self._random.randint(3, 20)} {other}"

    def _but(self, subject: _Subject) -> str:
        one, other, no = self._some(subject, 3)
        return f"{one} AND {other} AND NOT {no}"

    def _either(self, subject: _Subject) -> str:
        one, other, third = self._some(subject, 3)
        return f"({one} OR {other}) NEAR/{self._random.randint(3, 20)} {third}"

    def _prefix(self, subject: _Subject) -> str:
        one, other = self._some(subject, 2)
        return f"{one[:6]}* AND {other}" if len(one) > 3 else f"{one} AND {other}"  # noqa: PLR2004
