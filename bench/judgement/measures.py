"""How is an answer scored against the known one?

The usual measures, each as a mean over units, so that a lower bound can be had by drawing units again and
again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean
from typing import TypeVar

T = TypeVar("T")

DRAWS = 300
#: Share of the draws that lie below a floor.
BELOW = 0.025
#: Faults that may lie hidden where none was seen (the "rule of three"): drawing again never finds one.
UNSEEN = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One figure of the table."""

    dataset: str
    measure: str
    value: float
    # The bootstrap's lower bound.
    low: float
    # What the best plain method reached on the same file, as far as it is known.
    baseline: float | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """What a floor is kept under."""
        return f"{self.dataset}: {self.measure}"


def scored(
    dataset: str,
    measure: str,
    units: Sequence[T],
    score: Callable[[Sequence[T]], float],
    *,
    baseline: float | None = None,
    note: str = "",
) -> Score:
    """Score the units, and bound the score from below by drawing as many of them with replacement."""
    random = Random(1)  # noqa: S311 - a bench repeats itself
    draws = sorted(score(random.choices(units, k=len(units))) for _ in range(DRAWS))
    value, low = score(units), draws[int(BELOW * DRAWS)]
    if value == 1:
        low = min(low, max(0.0, 1 - UNSEEN / len(units)))
    return Score(
        dataset=dataset,
        measure=measure,
        value=value,
        low=low,
        baseline=baseline,
        note=note,
    )


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def b_cubed(gold: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> list[tuple[float, float]]:
    """Return B-cubed precision and recall of every item (Bagga and Baldwin 1998)."""
    gold_sizes, found_sizes = Counter(gold.values()), Counter(found[item] for item in gold)
    both = Counter((story, found[item]) for item, story in gold.items())
    return [
        (
            both[story, found[item]] / found_sizes[found[item]],
            both[story, found[item]] / gold_sizes[story],
        )
        for item, story in gold.items()
    ]


def b_cubed_f1(items: Sequence[tuple[float, float]]) -> float:
    """Return the F1 of mean precision and mean recall."""
    return f1(fmean(each[0] for each in items), fmean(each[1] for each in items))


def adjusted_rand(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return the adjusted Rand index of (gold, found) labels (Hubert and Arabie 1985)."""

    def couples(counts: Counter[Hashable]) -> float:
        return sum(count * (count - 1) / 2 for count in counts.values())

    together = couples(Counter(pairs))
    gold, found = couples(Counter(pair[0] for pair in pairs)), couples(Counter(pair[1] for pair in pairs))
    every = len(pairs) * (len(pairs) - 1) / 2
    expected = gold * found / every if every else 0.0
    most = (gold + found) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0


def verdict_f1(verdicts: Sequence[tuple[bool, bool]]) -> float:
    """Return F1 of (truth, said)."""
    precision, recall = precision_recall(verdicts)
    return f1(precision, recall)


def precision_recall(verdicts: Sequence[tuple[bool, bool]]) -> tuple[float, float]:
    """Return precision and recall of (truth, said)."""
    right = sum(truth and said for truth, said in verdicts)
    said_yes = sum(said for _, said in verdicts)
    true = sum(truth for truth, _ in verdicts)
    return (right / said_yes if said_yes else 1.0), (right / true if true else 1.0)


def shingle_counts(truth: str, said: str) -> tuple[float, float]:
    """Return precision and recall of the word 4-grams of one page."""
    wanted, found = _grams(truth), _grams(said)
    right = sum((wanted & found).values())
    return (
        right / sum(found.values()) if found else float(not wanted),
        right / sum(wanted.values()) if wanted else 1.0,
    )


def _grams(text: str, length: int = 4) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    if len(words) < length:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
