"""What does every store promise about the fingerprints of articles?

A part of the store's contract; `storage/contract.py` has the rest. A window of the last days is made of these
rows and never of texts. They are written with the article (transaction 1). Those of another format, and those
that a copy of the database left behind, are made again from the texts, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from news.nouns import Article
from news.sameness.kept import Kept, Traced


class Remembering(Protocol):
    """What a window of the last days is made of."""

    def traces(self, *, since: datetime) -> list[Traced]:
        """Return what the articles first seen since then are found by, in filing order."""
        ...

    def prints(self, article_ids: Sequence[int]) -> Mapping[int, bytes]:
        """Return what these articles are compared by; what is not kept is left out."""
        ...

    def untraced(self, *, since: datetime) -> Iterator[tuple[Article, int]]:
        """Yield (article, story id) first seen since then of which nothing is kept, in filing order."""
        ...

    def keep(self, kept: Iterable[tuple[int, Kept]]) -> None:
        """Keep what articles are found and compared by, instead of what was kept before."""
        ...
