"""Which sentences of two articles are the same copy?

Compared by runs of five words, which survive small edits. Sharing is mutual: a sentence of one is shared
with the other exactly when that one's counterpart is shared back. What both only quote is told from what
both print as their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass

from news.sameness.fingerprint import Fingerprint

NEARLY_WHOLE = 0.5  # of the shorter sentence's runs; two edited words in twenty leave about half
SHORTEST = (
    3  # shared runs, that is 7 words in a row or 8 with an edit; shorter ones occur between unrelated stories
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """What two articles have in common word for word, seen from the one in hand."""

    # Sentences of the article in hand that stand in the other one, and the other way round; without those
    # where it is somebody's spoken words that are the same.
    here: frozenset[int] = frozenset()
    there: frozenset[int] = frozenset()
    # Sentences of the article in hand that quote what the other one quotes.
    quoted: frozenset[int] = frozenset()
    # Shared runs, and their share of the shorter article: all of them, and those outside quotations.
    runs: int = 0
    contained: float = 0.0
    unquoted: float = 0.0
    # Where in the article in hand the shared text begins, from 0 (its first word) to 1.
    begins: float = 1.0


NOTHING = Copying()


class Runs:
    """The runs of one article, ready to be compared with many others."""

    __slots__ = ("_first", "_print", "_sizes")

    def __init__(self, print_: Fingerprint) -> None:
        self._print = print_
        self._first = _first_places(print_, among=frozenset(print_.runs))
        self._sizes = Counter(print_.run_sentences)

    def shared_with(self, other: Fingerprint) -> Copying:
        """Return what stands in both."""
        mine = self._first
        theirs = _first_places(other, among=mine)
        shared = list(theirs)
        if not shared:
            return NOTHING
        shorter = min(self._print.distinct_runs, other.distinct_runs)
        pairs = Counter((mine[run][0], theirs[run][0]) for run in shared)
        spoken = Counter((mine[run][0], theirs[run][0]) for run in shared if mine[run][1] or theirs[run][1])
        same = _same_sentences(pairs, self._sizes, Counter(other.run_sentences))
        printed = [pair for pair in same if spoken[pair] * 2 <= pairs[pair]]
        return Copying(
            here=frozenset(here for here, _ in printed),
            there=frozenset(there for _, there in printed),
            quoted=frozenset(here for here, _ in same) - {here for here, _ in printed},
            runs=len(shared),
            contained=len(shared) / shorter,
            unquoted=(len(shared) - spoken.total()) / shorter,
            begins=self._begins(sorted(mine[run][0] for run in shared)),
        )

    def _begins(self, sentences: list[int]) -> float:
        """Say where the shared text begins, not counting a stray first tenth of it."""
        places = self._print.places
        return places[sentences[len(sentences) // 10]] / max(1, places[-1])


def _first_places(print_: Fingerprint, *, among: Container[int]) -> dict[int, tuple[int, int]]:
    """Map each of these runs to the sentence where it first stands, and whether it is spoken there."""
    reverse = zip(
        reversed(print_.runs), reversed(print_.run_sentences), reversed(print_.run_spoken), strict=True
    )
    return {run: (sentence, spoken) for run, sentence, spoken in reverse if run in among}


def _same_sentences(
    pairs: Mapping[tuple[int, int], int], mine: Mapping[int, int], theirs: Mapping[int, int]
) -> list[tuple[int, int]]:
    return [
        (here, there)
        for (here, there), count in pairs.items()
        if count >= SHORTEST and count >= NEARLY_WHOLE * min(mine[here], theirs[there])
    ]
