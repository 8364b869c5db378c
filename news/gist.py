"""What does a whole story say, in a few sentences of its articles?

Only sentences that stand in one of them, each with the article it is from. The lead that has most of what all
outlets open with comes first; then what adds most to it. Nothing is said twice, in whatever words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from news.nouns import Article, Sentence
from news.sameness.words import carrier
from news.summary import opening
from news.text import tokens

MOST = 3  # sentences
CHARACTERS = 480
AGAIN = 0.5  # of a sentence's words; from there on it says again what one that was chosen says
SAID = 0.7  # of its words; from there on all chosen ones together have said it
FEWEST = 3  # words it has to bring
LATER = 0.2  # how much less a sentence counts for each place that it stands further down


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySentence:
    """A sentence that tells the story, and whose it is."""

    article_id: int
    outlet: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class _Line:
    telling: StorySentence
    place: int
    words: frozenset[int]


def gist(
    articles: Iterable[Article], *, most: int = MOST, characters: int = CHARACTERS
) -> tuple[StorySentence, ...]:
    """Return up to `most` sentences of a story's articles that have together at most so many characters.

    None of articles whose source allows the headline only.
    """
    lines = [line for article in articles if article.excerpt != "headline" for line in _opening(article)]
    told_by = _told_by(lines)
    chosen: list[_Line] = []
    while len(chosen) < most:
        room = characters - sum(len(line.telling.sentence.text) for line in chosen)
        worth = {at: _worth(line, chosen, told_by) for at, line in enumerate(lines) if _fits(line, room)}
        best = max(worth, key=lambda at: (worth[at], -at), default=None)
        if best is None or worth[best] <= 0:
            break
        chosen.append(lines[best])
    return tuple(line.telling for line in chosen)


def _opening(article: Article) -> list[_Line]:
    return [
        _Line(
            StorySentence(article_id=article.id, outlet=article.outlet, sentence=sentence),
            place,
            _words(sentence.text, article.language),
        )
        for place, sentence in enumerate(opening(article))
    ]


def _words(text: str, language: str) -> frozenset[int]:
    return frozenset(code for token in tokens(text) if (code := carrier(token.word, language)))


def _told_by(lines: Sequence[_Line]) -> Counter[int]:
    """Count in how many articles' openings each word stands."""
    said = {(line.telling.article_id, word) for line in lines for word in line.words}
    return Counter(word for _, word in said)


def _fits(line: _Line, room: int) -> bool:
    return len(line.telling.sentence.text) <= room


def _worth(line: _Line, chosen: Sequence[_Line], told_by: Counter[int]) -> float:
    """Return what a sentence adds: its words that no chosen one has, each by how many articles have it."""
    words = line.words
    said = frozenset[int]().union(*(other.words for other in chosen))
    again = any(len(words & other.words) >= AGAIN * min(len(words), len(other.words)) for other in chosen)
    new = words - said
    if again or len(new) < FEWEST or len(words & said) >= SAID * len(words):
        return 0.0
    if not chosen and line.place:
        return sum(told_by[word] for word in new) / (1 + line.place) ** 2
    return sum(told_by[word] for word in new) / (1 + LATER * line.place)
