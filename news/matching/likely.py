"""Which lines of one watchlist could hold on a page? Those that find there what they cannot do without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from news.matching.anchors import anchors_of
from news.matching.chunks import LANGUAGES
from news.matching.compiled import Compiled, Line
from news.matching.page import Page
from news.matching.shelf import Shelf


class LikelyLines:
    """The lines under "any" of one watchlist, filed under their words."""

    def __init__(self, compiled: Compiled) -> None:
        """File each line."""
        self._lines = compiled.any
        filed = [(number, anchors_of(line.condition)) for number, line in enumerate(self._lines)]
        self._shelves = {language: Shelf(language) for language in LANGUAGES}
        for shelf in self._shelves.values():
            shelf.change(new=filed)

    def on(self, pages: Sequence[Page]) -> Iterator[Sequence[Line]]:
        """Yield for each page the lines that could hold on it, in their order: never one too few."""
        for known, alike in groupby(pages, key=lambda page: page.known):
            for numbers in self._shelves[known.language].found(list(alike)):
                yield [self._lines[number] for number in numbers]
