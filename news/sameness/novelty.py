"""What does an article say that its story has not said yet?

A sentence is new when no sentence that was told covers it: neither the same copy nor a paraphrase, measured
by the weighed share of its words that stand together in one told sentence. And it has to bring something: a
number, a name, somebody's words, or enough words that no article of the story has used at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from news.nouns import Sentence
from news.sameness.background import Background
from news.sameness.copying import Runs
from news.sameness.fingerprint import Fingerprint, Reading
from news.sameness.taking import Codes
from news.text import tokens

SHORTEST = 6  # words; a shorter sentence is a label or half a quotation
FEWEST = 3  # words that carry something; less says nothing by itself
COVERED = 0.55  # of a sentence's weight; from there on it is a paraphrase
UNTOLD = 0.35  # of a sentence's weight in words no article of the story has: then it needs no number or name
NUMBER, NAME, SPEECH = 0.6, 0.25, 0.35  # what each adds to the rank: about what two rare words weigh
_MARKS = '"\u201c\u201d\u00ab\u00bb'


def whats_new(
    reading: Reading,
    told: Sequence[Fingerprint],
    background: Background,
    *,
    is_old: Callable[[int], bool] = lambda _: False,
) -> tuple[Sentence, ...]:
    """Return the sentences that say something new, the most newsworthy first; each stands in the article.

    `is_old` says of a line whether the outlet printed it before, in another story.
    """
    if not told:
        return ()
    copied = _copied(reading, told)
    lines, places = reading.print.lines.tolist(), reading.print.places.tolist()
    known = _Known(reading, told, background)
    said: set[int] = set()
    ranked: list[tuple[float, int]] = []
    for at, sentence in enumerate(reading.sentences):
        line = lines[at]
        again = line in said or at in copied or at in reading.refrains or is_old(line)
        said.add(line)
        if again or places[at + 1] - places[at] < SHORTEST:
            continue
        rank = known.rank(reading.print.content_of(at), sentence)
        if rank > 0:
            ranked.append((-rank, at))
    return tuple(reading.sentences[at] for _, at in sorted(ranked))


def _copied(reading: Reading, told: Sequence[Fingerprint]) -> set[int]:
    """Return the sentences that stand in what was told, somebody's spoken words among them."""
    runs = Runs(reading.print)
    copied: set[int] = set()
    for other in told:
        copying = runs.shared_with(other)
        copied |= copying.here | copying.quoted
    return copied


class _Known:
    """What the story has said, sentence by sentence, and what the article in hand names that it has not."""

    def __init__(self, reading: Reading, told: Sequence[Fingerprint], background: Background) -> None:
        words = np.unique(reading.print.content)
        rarities = background.rarities(words).tolist()
        self._rarity: dict[int, float] = dict(zip(words.tolist(), rarities, strict=True))
        self._saying: dict[int, list[int]] = {}
        for number, word in _told_words(told, words):
            self._saying.setdefault(word, []).append(number)
        numbers = frozenset(code for print_ in told for code in print_.numbers)
        names = frozenset(code for print_ in told for code in print_.names.words())
        self._numbers = frozenset(word for word, code in reading.numbers if code not in numbers)
        self._names = [name for name, codes in reading.names if names.isdisjoint(codes)]

    def rank(self, content: Sequence[int], sentence: Sentence) -> float:
        """Return how newsworthy a sentence is; 0 when it was said before or brings nothing."""
        words = frozenset(content)
        weight = sum(self._rarity[word] for word in words)
        if len(words) < FEWEST or not weight:
            return 0.0
        number = self._brings_a_number(sentence)
        if not number and self._covered(words) >= COVERED * weight:
            return 0.0
        untold = sum(self._rarity[word] for word in words if word not in self._saying) / weight
        name = any(name in sentence.text for name in self._names)
        speech = any(mark in sentence.text for mark in _MARKS)
        if untold < UNTOLD and not (number or name or speech):
            return 0.0
        return untold + NUMBER * number + NAME * name + SPEECH * speech

    def _covered(self, words: frozenset[int]) -> float:
        """Return the weight of the words that stand together in the told sentence that has most of them."""
        found: dict[int, float] = {}
        for word in words:
            weight = self._rarity[word]
            for number in self._saying.get(word, ()):
                found[number] = found.get(number, 0.0) + weight
        return max(found.values(), default=0.0)

    def _brings_a_number(self, sentence: Sentence) -> bool:
        """Say whether it brings a number that was not told."""
        if not self._numbers or not any(map(str.isdigit, sentence.text)):
            return False
        return any(token.word in self._numbers for token in tokens(sentence.text))


def _told_words(told: Sequence[Fingerprint], words: Codes) -> Iterator[tuple[int, int]]:
    """Yield (sentence, word), each once, for every sentence and headline that the story has had."""
    before = 0
    for print_ in told:
        for word in print_.heading.codes[np.isin(print_.heading.codes, words)].tolist():
            yield before, word
        places = np.flatnonzero(np.isin(print_.content, words))
        sentences = np.searchsorted(print_.content_starts, places, side="right") + before
        yield from dict.fromkeys(zip(sentences.tolist(), print_.content[places].tolist(), strict=True))
        before += len(print_.content_starts)
