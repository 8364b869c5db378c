"""Which watchlists could an article match? Many of them, filed under the words they cannot do without.

Each line of a watchlist stands under its own anchors, so that an article meets not watchlists but lines, and
of those only the ones whose words it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby, islice

from news.matching.anchors import Anchors, anchors_of, commonness
from news.matching.chunks import LANGUAGES
from news.matching.compiled import Compiled, Line, compile_watchlist
from news.matching.matcher import judge, story_match
from news.matching.page import Page, pages
from news.matching.shelf import Shelf
from news.nouns import Article, Match, Story, StoryMatch, Watchlist
from news.telling import KeptOut

_LINES = 1 << 16  # of one watchlist, at most; the last number means all of them
_EVERY = _LINES - 1
_FILED_AT_ONCE = 4_096  # watchlists
_READ_AT_ONCE = 64  # articles; more of them at once are no quicker, and take room


class Index:
    """Many watchlists, filed under the words they cannot do without; each can be put, changed, dropped."""

    def __init__(self, compiled: Iterable[Compiled] = ()) -> None:
        """File each watchlist."""
        self._filed: dict[int, Compiled] = {}
        self._numbers: dict[str, int] = {}
        self._next = 0
        self._shelves = {language: Shelf(language) for language in LANGUAGES}
        for several in _batches(compiled, _FILED_AT_ONCE):
            self._change((), several)

    def __len__(self) -> int:
        """How many watchlists there are."""
        return len(self._filed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is filed, and nothing is left of what was."""
        return not self._filed and all(shelf.is_empty for shelf in self._shelves.values())

    def put(self, *watchlists: Watchlist) -> None:
        """File watchlists, each in the place of one with its id; a paused one is taken away.

        Raises:
            QueryError: when a line cannot be read; the index stays as it was.
        """
        compiled = [compile_watchlist(each) for each in watchlists if each.enabled]
        self._change((each.id for each in watchlists if not each.enabled), ())
        for several in _batches(compiled, _FILED_AT_ONCE):
            self._change((), several)

    def drop(self, *names: str) -> None:
        """Take the watchlists with these ids away, if they are there."""
        self._change(names, ())

    def _change(self, names: Iterable[str], compiled: Iterable[Compiled]) -> None:
        """Take watchlists away and file others, in one go."""
        away: list[_Place] = []
        new: list[_Place] = []
        for name in names:
            number = self._numbers.pop(name, None)
            if number is not None:
                away += _placed(number, self._filed.pop(number))
        for each in compiled:
            number = self._numbers.setdefault(each.watchlist.id, self._next)
            self._next = max(self._next, number + 1)
            if number in self._filed:
                away += _placed(number, self._filed[number])
            self._filed[number] = each
            new += _placed(number, each)
        for shelf in self._shelves.values():
            shelf.change(away, new)

    def candidates(self, article: Article) -> tuple[Compiled, ...]:
        """Return the watchlists that the article could match, in their order: never one too few."""
        [(_, met)] = self._met([article])
        return tuple(compiled for compiled, _ in met)

    def matches(self, article: Article) -> list[Match]:
        """Return the article's matches, in the order of the watchlists: what asking every one would bring."""
        [found] = self.matches_of([article])
        return found

    def matches_of(
        self, articles: Sequence[Article], kept_out: list[KeptOut] | None = None
    ) -> list[list[Match]]:
        """Return the matches of each article; many articles at once are quicker than one after the other.

        What only a line under "never" keeps out is put into `kept_out`.
        """
        return [
            [
                match
                for compiled, lines in met
                if (match := judge(page, compiled, lines, kept_out)) is not None
            ]
            for first in range(0, len(articles), _READ_AT_ONCE)
            for page, met in self._met(articles[first : first + _READ_AT_ONCE])
        ]

    def story_matches(self, story: Story, *, now: datetime) -> list[StoryMatch]:
        """Return the story's matches: what asking every watchlist with `match_story` would bring."""
        return self.together([story]).story_matches(story, now=now)

    def together(self, stories: Sequence[Story]) -> Together:
        """Hold the articles of all these stories against the watchlists, in one batch."""
        articles = [each.article for story in stories for each in story.articles]
        kept_out: list[KeptOut] = []
        held = zip(articles, self.matches_of(articles, kept_out), strict=True)
        return Together({story.id: self._of_story(story, held) for story in stories}, kept_out)

    def _of_story(self, story: Story, held: Iterator[tuple[Article, list[Match]]]) -> list[_Held]:
        """Take the story's articles and sort their matches by watchlist."""
        found: dict[int, list[tuple[Article, Match]]] = {}
        for article, matches in islice(held, len(story.articles)):
            for match in matches:
                found.setdefault(self._numbers[match.watchlist_id], []).append((article, match))
        return [(self._filed[number].watchlist, found[number]) for number in sorted(found)]

    def _met(self, articles: Sequence[Article]) -> Iterator[tuple[Page, Iterator[_Met]]]:
        """Yield each article with the watchlists that it could match."""
        for known, alike in groupby(pages(articles), key=lambda page: page.known):
            together = list(alike)
            found = [*self._shelves[known.language].found(together)]
            together.reverse()
            for lines in found:
                yield together.pop(), self._lines(lines)  # what was found on a page goes with it

    def _lines(self, found: list[int]) -> Iterator[_Met]:
        """Yield watchlists, each with those of its lines under "any" that could hold."""
        for number, together in groupby(found, key=_LINES.__rfloordiv__):
            compiled = self._filed[number]
            lines = [each % _LINES for each in together]
            yield compiled, compiled.any if lines[-1] == _EVERY else [compiled.any[line] for line in lines]


class Together:
    """Some stories that were held against the watchlists in one batch."""

    def __init__(self, held: Mapping[int, Sequence[_Held]], kept_out: Sequence[KeptOut] = ()) -> None:
        """Take the watchlists that articles of each story match, these matches, and what was kept out."""
        self._held = held
        self._kept_out = kept_out

    def story_matches(self, story: Story, *, now: datetime) -> list[StoryMatch]:
        """Return the matches of one of the stories."""
        return [story_match(story, watchlist, held, now=now) for watchlist, held in self._held[story.id]]

    def kept_out(self, story: Story) -> tuple[KeptOut, ...]:
        """Return what a line under "never" kept out of each watchlist that does not have the story."""
        known = {each.article.id for each in story.articles}
        has = {watchlist.id for watchlist, _ in self._held[story.id]}
        found: dict[str, KeptOut] = {}
        for each in self._kept_out:
            if each.article_id in known and each.watchlist_id not in has:
                found.setdefault(each.watchlist_id, each)
        return tuple(found.values())


_Held = tuple[Watchlist, list[tuple[Article, Match]]]
_Met = tuple[Compiled, Sequence[Line]]
_Place = tuple[int, Anchors]


def _placed(number: int, compiled: Compiled) -> list[_Place]:
    """Return where a watchlist stands: under which number, and its anchors."""
    first = number * _LINES
    wanted = [anchors_of(line.condition) for line in compiled.any]
    if wanted and len(wanted) < _EVERY and None not in wanted:
        return [(first + line, anchors) for line, anchors in enumerate(wanted)]
    needed = (anchors_of(line.condition) for line in compiled.all)
    offered = [anchors for anchors in needed if anchors is not None]
    return [(first + _EVERY, min(offered, key=commonness, default=None))]


def _batches(compiled: Iterable[Compiled], most: int) -> Iterator[list[Compiled]]:
    """Yield them in lists of so many."""
    source = iter(compiled)
    while several := list(islice(source, most)):
        yield several


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
        self._index.drop(*(self._known.keys() - wanted.keys()))
        self._index.put(*(each for name, each in wanted.items() if self._known.get(name) != each))
        self._known = wanted
        self._followed = watchlists
        return self._index


@cache
def live_index() -> LiveIndex:
    """Return the one index of this process: a hundred thousand watchlists are read and kept once."""
    return LiveIndex()


def compiled_all(watchlists: Iterable[Watchlist]) -> Index:
    """Return an index of all watchlists that are not paused.

    Raises:
        QueryError: as `compile_watchlist`.
    """
    return Index(compile_watchlist(watchlist) for watchlist in watchlists if watchlist.enabled)
