"""What does every store promise about the fingerprints of articles, and about pages that were not found?

A part of the store's contract; `storage/contract.py` has the rest. A window of the last days is made of these
rows and never of texts. They are written with the article (transaction 1). Those of another format, and those
that a copy of the database left behind, are made again from the texts, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from news.nouns import Article
from news.sameness.kept import Kept, Traced


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPage:
    """An article's page that was not found."""

    article_id: int
    story_id: int
    # When it was not there for the first time.
    since: datetime


class Remembering(Protocol):
    """What a window of the last days is made of, and what was seen of pages."""

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

    def missing_pages(self, *, since: datetime) -> tuple[MissingPage, ...]:
        """Return the pages that were not found for the first time since then."""
        ...

    def page_is_missing(self, article_id: int, *, since: datetime) -> None:
        """Remember that an article's page was not found; what is remembered already stays as it is."""
        ...

    def page_is_there(self, article_id: int) -> None:
        """Forget that an article's page was not found."""
        ...
