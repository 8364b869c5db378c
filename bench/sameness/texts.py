"""Where does a stream of articles of any length come from? Made of invented words, the same in every run.

Words are as unevenly frequent as in a language, and each article has a subject of its own whose words come
again and again. Every tenth article of the probe takes half its sentences from one that is in the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

from news.nouns import Article

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)
SENTENCES, WORDS = 24, 20
SUBJECT = 30  # words of its own subject that an article draws from
VOCABULARY = 40_000
HALF_COPIED = 10  # one probe in so many
_SYLLABLES = tuple(first + vowel for first in "bcdfgklmnprstvwz" for vowel in "aeiou")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """An article to be filed, and the one it copies half of, if any."""

    article: Article
    copies: int | None


class Stream:
    """Articles one after another."""

    def __init__(self, *, seed: int = 4, first: int = 1) -> None:
        """Begin at the article of this number."""
        self._random = Random(seed)  # noqa: S311 - a bench repeats itself
        self._words = [self._word(number) for number in range(VOCABULARY)]
        self._cumulated = list(accumulate(1 / (rank + 8) for rank in range(VOCABULARY)))
        self._next = first

    def _word(self, number: int) -> str:
        word = ""
        while number or not word:
            number, at = divmod(number, len(_SYLLABLES))
            word += _SYLLABLES[at]
        return word + "n"

    def articles(self, many: int) -> Iterator[Article]:
        """Yield so many articles that have nothing to do with each other."""
        for _ in range(many):
            yield self._article(self._sentences(SENTENCES))

    def probes(self, many: int, window: int) -> list[Probe]:
        """Return articles to file; one in ten is half a copy of one of the first `window`."""
        originals = Stream()
        kept = dict(enumerate(originals.articles(min(window, many * 5)), start=1))
        probes = []
        for number in range(many):
            copies = self._random.choice(list(kept)) if number % HALF_COPIED == 0 else None
            theirs = kept[copies].text.split("\n")[: SENTENCES // 2] if copies else []
            own = self._sentences(SENTENCES - len(theirs))
            probes.append(Probe(article=self._article([*own[:3], *theirs, *own[3:]]), copies=copies))
        return probes

    def _sentences(self, many: int) -> list[str]:
        subject = self._random.sample(self._words, SUBJECT)
        words = self._random.choices(self._words, cum_weights=self._cumulated, k=many * WORDS)
        for at in range(0, len(words), 4):
            words[at] = self._random.choice(subject)
        return [" ".join(words[at : at + WORDS]).capitalize() + "." for at in range(0, len(words), WORDS)]

    def _article(self, sentences: list[str]) -> Article:
        number = self._next
        self._next += 1
        return Article(
            id=number,
            address=f"https://outlet{number % 200}.invalid/{number}",
            source_id=f"outlet{number % 200}",
            outlet=f"Outlet {number % 200}",
            title=" ".join(sentences[0].split()[:8]),
            text="\n".join(sentences),
            published=NOON,
            first_seen=NOON,
            language="en",
            content_hash=str(number),
        )
