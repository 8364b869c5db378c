"""How is a watchlist rehearsed again and again while somebody types, without reading everything again?

A rehearsal of a month reads and cuts a thousand articles to say what half a dozen words would have done. The
next one, a letter later, differs in one line. So a process that rehearses remembers

- the stories that could match, with their articles as the matcher sees them, and
- what the watchlists that were tried last made of each story.

Only the stories are judged anew in which a line that was added or taken out could hold, and those that came
or changed since. What it says is what `rehearse` says, story by story; the files' places and versions, which
an unsaved watchlist does not have, are left out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from config.settings import Settings
from news.nouns import Article, Clause, Story, Watchlist
from nightdesk.rehearsal import counted_up
from nightdesk.rehearsal_play import Play
from nightdesk.rehearsal_steps import Rehearsal, Step
from storage.contract import Store

if TYPE_CHECKING:
    from news.matching.page import Page
    from news.matching.searching import Wanted

MOST_CHARACTERS = 8_000_000  # of remembered stories: about 1,500 long articles, 100 MB with their words cut
MOST_TRIED = 4  # watchlists of which is remembered what they made of each story
AT_ONCE = 64  # articles that are cut together, which is quicker than one by one

Stamp = tuple[int, int]
Lines = tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Known:
    """A story, and its articles as the matcher sees them."""

    stamp: Stamp
    story: Story
    pages: dict[tuple[int, int], Page]
    characters: int


@dataclass(slots=True)
class _Tried:
    """What a watchlist made of each story."""

    watchlist: Watchlist
    settings: Settings
    steps: dict[int, tuple[Stamp, tuple[Step, ...]]] = field(default_factory=dict)


class Memory:
    """What one process remembers between two rehearsals. One rehearsal at a time."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._stories: OrderedDict[int, _Known] = OrderedDict()
        self._characters = 0
        self._tried: list[_Tried] = []
        self._lock = Lock()
        # How many times a story was played.
        self.judged = 0

    def rehearse(
        self, store: Store, watchlist: Watchlist, settings: Settings, *, since: datetime, until: datetime
    ) -> Rehearsal:
        """Play the stories of [since, until] to a watchlist; what it nearly caught is not asked for.

        Raises:
            QueryError: a line of the watchlist cannot be read.
        """
        with self._lock:
            return self._rehearse(store, bare(watchlist), replace(settings, watchlists=()), since, until)

    def _rehearse(
        self, store: Store, watchlist: Watchlist, settings: Settings, since: datetime, until: datetime
    ) -> Rehearsal:
        pages = _Pages(self._stories)
        play = Play(
            watchlist,
            settings,
            lambda id_, revision: store.story(id_, at=revision),
            pages=pages,
            near=False,
        )
        asked = store.stories_stamped(_asked(play), since=since)
        tried = self._begun(store, watchlist, settings, since)
        new = [id_ for id_, stamp in asked if tried.steps.get(id_, (None,))[0] != stamp]
        stamps = dict(asked)
        for story in self._remembered(store, new, stamps):
            self.judged += 1
            with pages.of(story.id):
                tried.steps[story.id] = stamps[story.id], play.steps(story)
        self._keep(tried)
        steps = [step for id_, _ in asked if id_ in tried.steps for step in tried.steps[id_][1]]
        came = store.came(since=since, until=until)
        return counted_up(
            play.watchlist,
            settings,
            [step for step in steps if since <= step.at <= until],
            (since, until),
            came,
        )

    # ── What was tried ────────────────────────────────────────────────────────────────────────────────

    def _begun(self, store: Store, watchlist: Watchlist, settings: Settings, since: datetime) -> _Tried:
        """Return what is known of a watchlist: what one like it made of what differs not."""
        begun = _Tried(watchlist, settings)
        for before in reversed(self._tried):
            changed = _changed_lines(before, begun)
            if changed is None:
                continue
            wanted = _wanted(changed) if changed else None
            if changed and wanted is None:
                continue  # the line may hold anywhere
            touched = {id_ for id_, _ in store.stories_stamped(wanted, since=since)} if changed else set()
            begun.steps |= {id_: found for id_, found in before.steps.items() if id_ not in touched}
        return begun

    def _keep(self, tried: _Tried) -> None:
        others = [each for each in self._tried if each.watchlist != tried.watchlist]
        self._tried = [tried, *others][:MOST_TRIED]

    # ── Stories ───────────────────────────────────────────────────────────────────────────────────────

    def _remembered(self, store: Store, ids: Sequence[int], stamps: dict[int, Stamp]) -> Iterator[Story]:
        """Yield these stories; those that are not remembered are read, and their words cut."""
        for first in range(0, len(ids), AT_ONCE):
            together = ids[first : first + AT_ONCE]
            missing = [id_ for id_ in together if not self._has(id_, stamps[id_])]
            if missing:
                self._learn(store.whole_stories(missing), stamps)
            for id_ in together:
                known = self._stories.get(id_)
                if known is not None:
                    self._stories.move_to_end(id_)
                    yield known.story
            while self._characters > MOST_CHARACTERS:
                self._characters -= self._stories.popitem(last=False)[1].characters

    def _has(self, id_: int, stamp: Stamp) -> bool:
        known = self._stories.get(id_)
        return known is not None and known.stamp == stamp

    def _learn(self, stories: Iterable[Story], stamps: dict[int, Stamp]) -> None:
        from news.matching.page import pages

        found = list(stories)
        articles = [each.article for story in found for each in story.articles]
        cut = iter(
            [page for at in range(0, len(articles), AT_ONCE) for page in pages(articles[at : at + AT_ONCE])]
        )
        for story in found:
            of_story = {(each.article.id, each.article.version): next(cut) for each in story.articles}
            characters = sum(len(each.article.text) for each in story.articles)
            before = self._stories.pop(story.id, None)
            self._characters += characters - (before.characters if before else 0)
            self._stories[story.id] = _Known(stamps[story.id], story, of_story, characters)


class _Pages:
    """Gives the articles of the story that is played, as the matcher sees them."""

    def __init__(self, stories: OrderedDict[int, _Known]) -> None:
        self._stories = stories
        self._here: dict[tuple[int, int], Page] = {}

    @contextmanager
    def of(self, story_id: int) -> Iterator[None]:
        """Go on to a story."""
        self._here = self._stories[story_id].pages
        yield
        for page in self._here.values():
            page.forget()

    def __call__(self, article: Article) -> Page:
        from news.matching.compiled import page_of

        # An earlier version of an article is read when it is asked for.
        return self._here.get((article.id, article.version)) or page_of(article)


# ── Which lines differ ────────────────────────────────────────────────────────────────────────────────────


def bare(watchlist: Watchlist) -> Watchlist:
    """Return a watchlist without what an unsaved one does not have: its lines' places, and a version."""
    rules = watchlist.priority

    def unplaced(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        return tuple(Clause(text=each.text) for each in clauses)

    return replace(
        watchlist,
        version="",
        where="",
        enabled=True,
        any=unplaced(watchlist.any),
        all=unplaced(watchlist.all),
        never=unplaced(watchlist.never),
        priority=replace(
            rules, urgent=unplaced(rules.urgent), high=unplaced(rules.high), low=unplaced(rules.low)
        ),
    )


def _lists(watchlist: Watchlist) -> tuple[tuple[Clause, ...], ...]:
    rules = watchlist.priority
    return watchlist.any, watchlist.never, rules.urgent, rules.high, rules.low


def _changed_lines(before: _Tried, now: _Tried) -> tuple[str, ...] | None:
    """Return the lines that one watchlist has and the other has not; None: more than lines differs."""
    if before.settings != now.settings or _without_lines(before.watchlist) != _without_lines(now.watchlist):
        return None
    if bool(before.watchlist.any) is not bool(now.watchlist.any):
        return None
    changed: list[str] = []
    for was, is_now in zip(_lists(before.watchlist), _lists(now.watchlist), strict=True):
        common = set(was) & set(is_now)
        # The first of two lines that hold at one place is named: their order is a part of what is said.
        if [each for each in was if each in common] != [each for each in is_now if each in common]:
            return None
        changed += [each.text for each in (*was, *is_now) if each not in common]
    return tuple(changed)


def _without_lines(watchlist: Watchlist) -> Watchlist:
    rules = replace(watchlist.priority, urgent=(), high=(), low=())
    return replace(watchlist, any=(), never=(), priority=rules, name="", about="", owner="")


def _wanted(lines: Sequence[str]) -> Wanted | None:
    from news.matching.parsing import parse
    from news.matching.searching import one_of, wanted

    return one_of(wanted(parse(line)) for line in lines)


def _asked(play: Play) -> Wanted | None:
    from news.matching.searching import wanted_by

    return wanted_by((line.query for line in play.compiled.any), (line.query for line in play.compiled.all))
