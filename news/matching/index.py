"""Which watchlists could an article match? Many of them, filed under the words they cannot do without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from news.matching.compiled import Compiled, compile_watchlist, page_of
from news.matching.page import Page
from news.matching.spots import Anchors
from news.nouns import Article, Watchlist


class Index:
    """Many watchlists, filed under the words they cannot do without."""

    def __init__(self, compiled: Iterable[Compiled]) -> None:
        """File each watchlist under its anchors."""
        self._all = tuple(compiled)
        self._by_word: dict[str, list[int]] = {}
        self._by_prefix: dict[str, list[int]] = {}
        self._always: list[int] = []
        for number, each in enumerate(self._all):
            self._file(number, each.anchors())
        self._prefix_lengths = sorted({len(prefix) for prefix in self._by_prefix})

    def _file(self, number: int, anchors: Anchors) -> None:
        if anchors is None:
            self._always.append(number)
            return
        for anchor in anchors:
            shelf, key = (self._by_prefix, anchor[:-1]) if anchor.endswith("*") else (self._by_word, anchor)
            shelf.setdefault(key, []).append(number)

    def __len__(self) -> int:
        """How many watchlists there are."""
        return len(self._all)

    def candidates(self, article: Article) -> tuple[Compiled, ...]:
        """Return the watchlists that the article could match, in their order: never one too few."""
        found = set(self._always)
        page = page_of(article)
        for word in page.stems:
            found.update(self._by_word.get(word, ()))
        found.update(self._with_prefix(page))
        return tuple(self._all[number] for number in sorted(found))

    def _with_prefix(self, page: Page) -> Iterator[int]:
        for word in page.folded if self._prefix_lengths else ():
            for length in self._prefix_lengths:
                yield from self._by_prefix.get(word[:length], ())


def compiled_all(watchlists: Iterable[Watchlist]) -> Index:
    """Return an index of all watchlists that are not paused.

    Raises:
        QueryError: as `compile_watchlist`.
    """
    return Index(compile_watchlist(watchlist) for watchlist in watchlists if watchlist.enabled)
