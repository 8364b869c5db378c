"""How much does it say that two articles share a word?

Little for a word that every article of these days uses, much for a rare one. What is rare is learnt from
the window itself and forgotten with it: in a week full of one affair its name tells nobody apart. (A memory
of years instead of days joined a third more unrelated stories on `dups_wire`; how common words are in
general, told from the start, made nothing better anywhere.) Until the window has seen enough, smoothing
treats all words nearly alike.
"""

from __future__ import annotations

import numpy as np

from news.sameness.fingerprint import Bag
from news.sameness.letters import Codes, Flags, Places, Reals

# Articles taken as read before the first, so that early words are not called common (0 to 300 tried).
IMAGINED = 300
TELLING = 40  # words by which an article can be found: its rarest and most repeated (24 measured alike)
_SIDES: Flags = np.array([False, True])
DRAWERS = 1 << 20  # words are counted by 20 bits of their code: one in ten shares a count with a rare one


class Background:
    """The words of the window."""

    def __init__(self) -> None:
        self._articles = 0
        self._containing = np.zeros(DRAWERS, dtype=np.int32)
        # Where `compared` lays out one article's words and names; nothing lies there in between.
        self._table = np.zeros(DRAWERS, dtype=np.uint16)
        self._called = np.zeros(DRAWERS, dtype=np.uint16)

    def learn(self, words: Codes) -> None:
        """Count an article's words, each once."""
        self._articles += 1
        self._containing[drawers(words)] += 1

    def forget(self, words: Codes) -> None:
        """Take back what `learn` counted."""
        self._articles -= 1
        self._containing[drawers(words)] -= 1

    def learn_all(self, counted: Codes, articles: int) -> None:
        """Count what `counted_at` said of so many articles, one after the other."""
        self._articles += articles
        self._containing += np.bincount(counted, minlength=DRAWERS).astype(np.int32)

    def rarities(self, words: Codes) -> Reals:
        """Return the weights of words: for each, the logarithm of how few articles have it."""
        few: Reals = np.log(1 + (self._articles + IMAGINED) / (self._containing[drawers(words)] + 1))
        return few

    def compared(self, words: Codes, names: Codes, theirs: Codes, sizes: Places) -> tuple[Reals, Places]:
        """Return the weights of others' words, and where each is among an article's own, from 1; 0: nowhere.

        `theirs` are words, then names, of one other article after another, `sizes` how many of each. The own
        names stand behind the own words.
        """
        at = drawers(theirs)
        few: Reals = np.log(1 + (self._articles + IMAGINED) / (self._containing[at] + 1))
        own, called = drawers(words), drawers(names)
        self._table[own] = np.arange(1, len(own) + 1)
        self._called[called] = np.arange(len(own) + 1, len(own) + len(called) + 1)
        is_name = np.repeat(np.tile(_SIDES, len(sizes)), sizes.ravel())
        places = np.where(is_name, self._called[at], self._table[at]).astype(np.int64)
        self._table[own] = 0
        self._called[called] = 0
        return few, places

    def telling(self, bag: Bag) -> dict[int, float]:
        """Return the words that say most about the bag, and how much."""
        weights = bag.counts * self.rarities(bag.codes)
        most = np.argsort(-weights, kind="stable")[:TELLING]
        return dict(zip(bag.codes[most].tolist(), weights[most].tolist(), strict=True))


def drawers(words: Codes) -> Places:
    """Return where words are counted."""
    return (words & np.uint32(DRAWERS - 1)).astype(np.int64)


def counted_at(words: Codes) -> Codes:
    """Return where words are counted, each place once; `forget` takes them for the words."""
    return np.unique(words & np.uint32(DRAWERS - 1))
