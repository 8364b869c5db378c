"""What does an article say that its story has not said yet?

A sentence is new when no sentence that was told covers it: neither the same copy nor a paraphrase, measured
by the weighed share of its words that stand together in one told sentence. And it has to bring something: a
number, a name, somebody's words, or enough words that no article of the story has used at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from news.nouns import Sentence
from news.sameness.background import Background
from news.sameness.copying import Runs
from news.sameness.fingerprint import Fingerprint, Reading
from news.text import tokens

SHORTEST = 6  # words; a shorter sentence is a label or half a quotation
FEWEST = 3  # words that carry something; less says nothing by itself
COVERED = 0.55  # of a sentence's weight; from there on it is a paraphrase
UNTOLD = 0.35  # of a sentence's weight in words no article of the story has: then it needs no number or name
NUMBER, NAME, SPEECH = 0.6, 0.25, 0.35  # what each adds to the rank: about what two rare words weigh
_MARKS = '"\u201c\u201d\u00ab\u00bb'


def whats_new(reading: Reading, told: Sequence[Fingerprint], background: Background) -> tuple[Sentence, ...]:
    """Return the sentences that say something new, the most newsworthy first; each stands in the article."""
    if not told:
        return ()
    copied = _copied(reading, told)
    known = _Known(told, background)
    ranked: list[tuple[float, int]] = []
    for at, sentence in enumerate(reading.sentences):
        if at in reading.refrains or at in copied or len(tokens(sentence.text)) < SHORTEST:
            continue
        rank = known.rank(_content(reading.print, at), reading, sentence)
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


def _content(print_: Fingerprint, at: int) -> tuple[int, ...]:
    return tuple(print_.content[print_.content_starts[at] : print_.content_starts[at + 1]])


class _Known:
    """What the story has said, sentence by sentence."""

    def __init__(self, told: Sequence[Fingerprint], background: Background) -> None:
        self._rarity = background.rarity
        self._sentences = [
            frozenset(_content(print_, at)) for print_ in told for at in range(len(print_.content_starts) - 1)
        ]
        headings = [frozenset(print_.heading.codes) for print_ in told]
        self._sentences += headings
        self._words = frozenset().union(*self._sentences)
        self._numbers = frozenset().union(*(print_.numbers for print_ in told))
        self._names = frozenset().union(*(frozenset(print_.names.codes) for print_ in told))

    def rank(self, content: Sequence[int], reading: Reading, sentence: Sentence) -> float:
        """Return how newsworthy a sentence is; 0 when it was said before or brings nothing."""
        words = frozenset(content)
        weight = sum(map(self._rarity, words))
        if len(words) < FEWEST or not weight:
            return 0.0
        best = max((sum(map(self._rarity, words & known)) for known in self._sentences), default=0.0)
        number, name = self._number(reading, sentence), self._name(reading, sentence)
        if best / weight >= COVERED and not number:
            return 0.0
        untold = sum(map(self._rarity, words - self._words)) / weight
        speech = any(mark in sentence.text for mark in _MARKS)
        if untold < UNTOLD and not (number or name or speech):
            return 0.0
        return untold + NUMBER * number + NAME * name + SPEECH * speech

    def _number(self, reading: Reading, sentence: Sentence) -> bool:
        """Say whether it brings a number that was not told."""
        words = {token.word for token in tokens(sentence.text)}
        return any(word in words and code not in self._numbers for word, code in reading.numbers)

    def _name(self, reading: Reading, sentence: Sentence) -> bool:
        """Say whether it names somebody or something that was not named."""
        return any(
            name in sentence.text and not any(word in self._names for word in codes)
            for name, codes in reading.names
        )
