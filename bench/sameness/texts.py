"""Where does a stream of articles of any length come from? Made of invented words, the same in every run.

Words are as unevenly frequent as in a language, and each article has a subject of its own whose words come
again and again. What makes copies hard to tell is there too: an outlet prints the same lines under
everything, agencies sign half of all articles, people who have nothing to do with each other are quoted with
the same words. Every tenth article of the probe has half its sentences from another one: from its beginning
or its end, in the midst of its own, and one in three of them edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

from news.nouns import Article

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)
SENTENCES, WORDS = 20, 20  # and three more that others print too
SUBJECT = 30  # words of its own subject that an article draws from
VOCABULARY = 40_000
OUTLETS, AGENCIES, QUOTATIONS = 200, 5, 20_000
HALF_COPIED = 10  # one probe in so many
EDITED = 3  # one copied sentence in so many
_SYLLABLES = tuple(first + vowel for first in "bcdfgklmnprstvwz" for vowel in "aeiou")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """An article to be filed, and the one it copies half of, if any."""

    article: Article
    copies: int | None


def articles(many: int, *, first: int = 1) -> Iterator[Article]:
    """Yield so many articles that have nothing to do with each other but what everybody prints."""
    for number in range(first, first + many):
        yield _article(number, _own(number, SENTENCES))


def probes(many: int, window: int, *, first: int) -> Iterator[Probe]:
    """Yield articles to file; one in ten is half a copy of one of the `window` articles before."""
    for number in range(first, first + many):
        if number % HALF_COPIED:
            yield Probe(article=_article(number, _own(number, SENTENCES)), copies=None)
            continue
        draw = np.random.default_rng([3, number])
        copied = int(draw.integers(1, window + 1))
        half = SENTENCES // 2
        theirs = _own(copied, SENTENCES)[half:] if draw.random() < 1 / 2 else _own(copied, SENTENCES)[:half]
        own = _own(number, SENTENCES - half)
        edited = [_edited(sentence, draw) for sentence in theirs]
        yield Probe(article=_article(number, [*own[:3], *edited, *own[3:]]), copies=copied)


def _own(number: int, many: int) -> list[str]:
    """Return an article's own sentences."""
    draw = np.random.default_rng([1, number])
    ranks = _ranks(draw, many * WORDS)
    subject = draw.integers(0, VOCABULARY, SUBJECT)
    ranks[::4] = subject[draw.integers(0, SUBJECT, len(ranks[::4]))]
    words = _vocabulary()[ranks].tolist()
    return [" ".join(words[at : at + WORDS]).capitalize() + "." for at in range(0, many * WORDS, WORDS)]


def _edited(sentence: str, draw: np.random.Generator) -> str:
    """Change a word of one copied sentence in three."""
    if draw.integers(EDITED):
        return sentence
    words = sentence.split()
    words[int(draw.integers(1, WORDS - 1))] = str(_vocabulary()[int(draw.integers(VOCABULARY))])
    return " ".join(words)


def _article(number: int, sentences: list[str]) -> Article:
    """Return an article with what others print too: a quotation, its outlet's line, perhaps an agency's."""
    draw = np.random.default_rng([2, number])
    outlet = number % OUTLETS
    title = " ".join(sentences[0].split()[:8])
    who, quotation, agency = draw.integers(0, [VOCABULARY, QUOTATIONS, 2 * AGENCIES]).tolist()
    quoted = f'"{_line(quotation, 4)}," the {_vocabulary()[who]} said.'
    under = [_line(outlet, 5) + ".", *([_line(agency, 6) + "."] if agency < AGENCIES else [])]
    return Article(
        id=number,
        address=f"https://outlet{outlet}.invalid/{number}",
        source_id=f"outlet{outlet}",
        outlet=f"Outlet {outlet}",
        title=title,
        text="\n".join([*sentences[:5], quoted, *sentences[5:], *under]),
        published=NOON,
        first_seen=NOON,
        language="en",
        content_hash=str(number),
    )


@lru_cache(maxsize=2048)
def _line(number: int, kind: int) -> str:
    """Return words that many articles have."""
    ranks = _ranks(np.random.default_rng([kind, number]), WORDS)
    return " ".join(_vocabulary()[ranks].tolist()).capitalize()


def _ranks(draw: np.random.Generator, many: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Draw words, the first ones of the vocabulary much more often."""
    return np.searchsorted(_cumulated(), draw.random(many))


@lru_cache(maxsize=1)
def _cumulated() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    shares = np.cumsum(1 / (np.arange(VOCABULARY) + 8.0))
    return np.asarray(shares / shares[-1])


@lru_cache(maxsize=1)
def _vocabulary() -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array([_word(number) for number in range(VOCABULARY)], dtype=object)


def _word(number: int) -> str:
    word = ""
    while number or not word:
        number, at = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[at]
    return word + "n"
