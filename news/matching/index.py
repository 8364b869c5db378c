"""Which watchlists could an article match? Many of them, filed under the words they cannot do without.

Each line of a watchlist stands under its own anchors, so that an article meets not watchlists but lines, and
of those only the ones whose words it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from news.matching.anchors import Anchors, anchors_of, commonness
from news.matching.chunks import LANGUAGES, reads_as
from news.matching.compiled import Compiled, Line, compile_watchlist, page_of
from news.matching.matcher import judge, story_match
from news.matching.page import Page
from news.matching.shelf import Shelf, distinct
from news.nouns import Article, Match, Story, StoryMatch, Watchlist

PAIRS_IN = (
    "en"  # the language in which lines are also filed by two words; in the others it would double the size
)
_LINES = 1 << 16  # of one watchlist, at most; the last number means all of them
_EVERY = _LINES - 1


class Index:
    """Many watchlists, filed under the words they cannot do without; each can be put, changed, dropped."""

    def __init__(self, compiled: Iterable[Compiled] = ()) -> None:
        """File each watchlist."""
        self._filed: dict[int, Compiled] = {}
        self._numbers: dict[str, int] = {}
        self._next = 0
        self._shelves = {language: Shelf() for language in LANGUAGES}
        for each in compiled:
            self._file(each)

    def __len__(self) -> int:
        """How many watchlists there are."""
        return len(self._filed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filed, and nothing is left of what was."""
        return not self._filed and all(shelf.is_empty for shelf in self._shelves.values())

    def put(self, watchlist: Watchlist) -> None:
        """File a watchlist, in the place of one with its id; a paused one is taken away.

        Raises:
            QueryError: when a line cannot be read; the index stays as it was.
        """
        if not watchlist.enabled:
            self.drop(watchlist.id)
            return
        self._file(compile_watchlist(watchlist))

    def drop(self, watchlist_id: str) -> None:
        """Take a watchlist away, if it is there."""
        number = self._numbers.pop(watchlist_id, None)
        if number is not None:
            self._take_out(number)

    def _file(self, compiled: Compiled) -> None:
        number = self._numbers.get(compiled.watchlist.id)
        if number is None:
            number = self._numbers[compiled.watchlist.id] = self._next
            self._next += 1
        else:
            self._take_out(number)
        self._filed[number] = compiled
        for language, line, anchors in _placed(compiled):
            self._shelves[language].put(number * _LINES + line, anchors)

    def _take_out(self, number: int) -> None:
        for language, line, anchors in _placed(self._filed.pop(number)):
            self._shelves[language].drop(number * _LINES + line, anchors)

    def candidates(self, article: Article) -> tuple[Compiled, ...]:
        """Return the watchlists that the article could match, in their order: never one too few."""
        return tuple(compiled for compiled, _ in self._met(page_of(article)))

    def matches(self, article: Article) -> list[Match]:
        """Return the article's matches, in the order of the watchlists: what asking every one would bring."""
        page = page_of(article)
        judged = (judge(page, compiled, lines) for compiled, lines in self._met(page))
        return [match for match in judged if match is not None]

    def story_matches(self, story: Story, *, now: datetime) -> list[StoryMatch]:
        """Return the story's matches: what asking every watchlist with `match_story` would bring."""
        held: dict[str, list[tuple[Article, Match]]] = {}
        for each in story.articles:
            for match in self.matches(each.article):
                held.setdefault(match.watchlist_id, []).append((each.article, match))
        numbers = self._numbers
        return [
            story_match(story, self._filed[numbers[name]].watchlist, held[name], now=now)
            for name in sorted(held, key=numbers.__getitem__)
        ]

    def _met(self, page: Page) -> Iterator[tuple[Compiled, Sequence[Line]]]:
        """Yield the watchlists that could match, each with those of its lines under "any" that could hold."""
        found = distinct(self._shelves[reads_as(page.article.language)].found(page))
        for number, together in groupby(found, key=lambda each: each // _LINES):
            compiled = self._filed[number]
            lines = [each % _LINES for each in together]
            yield compiled, compiled.any if lines[-1] == _EVERY else [compiled.any[line] for line in lines]


def _placed(compiled: Compiled) -> Iterator[tuple[str, int, Anchors]]:
    """Yield where a watchlist stands: language, number of the line, its anchors."""
    for language in LANGUAGES:
        single = language != PAIRS_IN
        wanted = [anchors_of(line.condition, language, single=single) for line in compiled.any]
        if wanted and len(wanted) < _EVERY and None not in wanted:
            for number, anchors in enumerate(wanted):
                yield language, number, anchors
            continue
        needed = (anchors_of(line.condition, language, single=single) for line in compiled.all)
        offered = [anchors for anchors in needed if anchors is not None]
        yield language, _EVERY, min(offered, key=commonness, default=None)


class LiveIndex:
    """An index that follows a newsroom's watchlists through its edits."""

    def __init__(self) -> None:
        """Follow nothing yet."""
        self._followed: tuple[Watchlist, ...] = ()
        self._known: dict[str, Watchlist] = {}
        self._index = Index()

    def following(self, watchlists: tuple[Watchlist, ...]) -> Index:
        """Return the index of these; what an edit left alone is not compiled again."""
        if watchlists is self._followed:
            return self._index
        wanted = {watchlist.id: watchlist for watchlist in watchlists}
        for name in self._known.keys() - wanted.keys():
            self._index.drop(name)
            del self._known[name]
        for name, watchlist in wanted.items():
            if self._known.get(name) != watchlist:
                self._index.put(watchlist)
                self._known[name] = watchlist
        self._followed = watchlists
        return self._index


def compiled_all(watchlists: Iterable[Watchlist]) -> Index:
    """Return an index of all watchlists that are not paused.

    Raises:
        QueryError: as `compile_watchlist`.
    """
    return Index(compile_watchlist(watchlist) for watchlist in watchlists if watchlist.enabled)
