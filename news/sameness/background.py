"""How much does it say that two articles share a word?

Little for a word that every article of these days uses, much for a rare one. What is rare is learnt from
the window itself and forgotten with it: in a week full of one affair its name tells nobody apart. (A memory
of years instead of days joined a third more unrelated stories on `dups_wire`.) Until the window has seen
enough, smoothing treats all words nearly alike.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from heapq import nlargest

from news.sameness.fingerprint import Bag

# Articles taken as read before the first, so that early words are not called common (0 to 300 tried).
IMAGINED = 300
TELLING = 40  # words by which an article can be found: its rarest and most repeated (24 measured alike)
_STALE = 0.03  # of the window; when so many articles came or went, a length is worked out again


class Background:
    """The words of the window."""

    def __init__(self) -> None:
        self._articles = 0
        self._containing: Counter[int] = Counter()
        self._changes = 0
        # How many articles have a word → its weight, as of now.
        self._weight_of: dict[int, float] = {}

    def learn(self, words: Iterable[int]) -> None:
        """Count an article's words, each once."""
        self._change(1)
        self._containing.update(words)

    def forget(self, words: Iterable[int]) -> None:
        """Take back what `learn` counted."""
        self._change(-1)
        for word in words:
            left = self._containing[word] - 1
            if left:
                self._containing[word] = left
            else:
                del self._containing[word]

    def _change(self, articles: int) -> None:
        self._articles += articles
        self._changes += 1
        self._weight_of.clear()

    def rarity(self, word: int) -> float:
        """Return the weight of a word: the logarithm of how few articles have it."""
        containing = self._containing.get(word, 0)
        weight = self._weight_of.get(containing)
        if weight is None:
            weight = self._weight_of[containing] = math.log(
                1 + (self._articles + IMAGINED) / (containing + 1)
            )
        return weight

    def weights(self, bag: Bag) -> dict[int, float]:
        """Return for each word its count times its rarity squared: all that a dot product needs."""
        rarities = map(self.rarity, bag.codes)
        return {w: n * r * r for w, n, r in zip(bag.codes, bag.counts, rarities, strict=True)}

    def telling(self, bag: Bag) -> dict[int, float]:
        """Return the words that say most about the bag, and how much."""
        rarities = map(self.rarity, bag.codes)
        weighed = ((n * r, w) for w, n, r in zip(bag.codes, bag.counts, rarities, strict=True))
        return {word: weight for weight, word in nlargest(TELLING, weighed)}

    def length(self, bag: Bag) -> float:
        """Return the length of the bag's vector; 1 for an empty one, so that it can be divided by."""
        if not bag.norm or self._changes > bag.norm_at + self._articles * _STALE:
            rarities = map(self.rarity, bag.codes)
            bag.norm = (
                math.sqrt(sum([(n * r) ** 2 for n, r in zip(bag.counts, rarities, strict=True)])) or 1.0
            )
            bag.norm_at = self._changes
        return bag.norm

    def cosine(self, weights: Mapping[int, float], length: float, other: Bag) -> float:
        """Return how alike two bags are, from 0 to 1; `weights` and `length` are the first one's."""
        if not weights or not other.codes:
            return 0.0
        find = weights.get
        dot = sum([find(w, 0.0) * n for w, n in zip(other.codes, other.counts, strict=True)])
        return min(1.0, dot / (length * self.length(other)))
