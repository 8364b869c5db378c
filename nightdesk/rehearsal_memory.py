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
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
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
STORIES_AT_ONCE = 32  # that are read together: so long patience may be overrun
A_MOMENT = timedelta(microseconds=1)

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

    def knows(self, story_id: int, stamp: Stamp) -> bool:
        """Say whether a story was played as it stands."""
        return story_id in self.steps and self.steps[story_id][0] == stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long somebody waits for a first answer."""

    seconds: float
    clock: Callable[[], float] = monotonic

    def begun(self) -> Callable[[], bool]:
        """Return what says whether it is out, from now on."""
        end = self.clock() + self.seconds
        return lambda: self.clock() >= end


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What the watchlists of one rehearsal have in common."""

    store: Store
    settings: Settings
    since: datetime
    # The stories that could match, each with its stamp; the one that changed last at the end.
    asked: tuple[tuple[int, Stamp], ...]
    patience: Patience | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one watchlist came to."""

    play: Play
    steps: list[Step]
    # When the newest story changed last that was not played yet; None: all were.
    left: datetime | None


class Memory:
    """What one process remembers between two rehearsals. One rehearsal at a time."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._stories: OrderedDict[int, _Known] = OrderedDict()
        self._characters = 0
        self._pages = _Pages(self._stories)
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
        (found,) = self.so_far(store, (watchlist,), settings, (since, until))
        return found

    def so_far(
        self,
        store: Store,
        watchlists: Sequence[Watchlist],
        settings: Settings,
        span: tuple[datetime, datetime],
        patience: Patience | None = None,
    ) -> tuple[Rehearsal, ...]:
        """Play the newest stories of a span to each watchlist, as many as patience lasts for.

        What comes back says since when: all of them the same, and what a rehearsal of that shorter span
        would say. Asking again goes on where this ended.

        Raises:
            QueryError: a line of a watchlist cannot be read.
        """
        settings = replace(settings, watchlists=())
        with self._lock:
            plays = [self._play(store, bare(each), settings) for each in watchlists]
            # Those of all of them: to ask the archive takes longer than to judge a few stories more.
            asked = store.stories_stamped(_asked(plays), since=span[0])
            alike = _Round(store=store, settings=settings, since=span[0], asked=asked, patience=patience)
            parts = [self._part(play, alike) for play in plays]
        until = span[1]
        since = max([span[0], *(part.left + A_MOMENT for part in parts if part.left is not None)])
        since = min(since, until)
        came = store.came(since=since, until=until)
        return tuple(
            counted_up(
                part.play.watchlist,
                settings,
                [step for step in part.steps if since <= step.at <= until],
                (since, until),
                came,
            )
            for part in parts
        )

    def _play(self, store: Store, watchlist: Watchlist, settings: Settings) -> Play:
        return Play(
            watchlist,
            settings,
            lambda id_, revision: store.story(id_, at=revision),
            pages=self._pages,
            near=False,
        )

    def _part(self, play: Play, alike: _Round) -> _Part:
        is_out = alike.patience.begun() if alike.patience else lambda: False
        tried = self._begun(play.watchlist, alike)
        stamps = dict(alike.asked)
        new = [id_ for id_, stamp in reversed(alike.asked) if not tried.knows(id_, stamp)]
        for story in self._remembered(alike.store, new, stamps):
            self.judged += 1
            with self._pages.of(story.id):
                tried.steps[story.id] = stamps[story.id], play.steps(story)
            if is_out():
                break
        self._keep(tried)
        left = [id_ for id_ in new if not tried.knows(id_, stamps[id_])]
        return _Part(
            play=play,
            steps=[step for id_ in stamps if id_ in tried.steps for step in tried.steps[id_][1]],
            left=next((story.updated for story in alike.store.whole_stories(left[:1])), None),
        )

    # ── What was tried ────────────────────────────────────────────────────────────────────────────────

    def _begun(self, watchlist: Watchlist, alike: _Round) -> _Tried:
        """Return what is known of a watchlist: what one like it made of what differs not."""
        begun = _Tried(watchlist, alike.settings)
        for before in reversed(self._tried):
            changed = _changed_lines(before.watchlist, watchlist)
            if changed is None:
                continue
            tells_alike = before.settings == alike.settings and before.watchlist.deliver == watchlist.deliver
            wanted = _wanted(changed) if changed else None
            if changed and wanted is None:
                continue  # the line may hold anywhere
            found = alike.store.stories_stamped(wanted, since=alike.since) if changed else ()
            touched = {id_ for id_, _ in found}
            begun.steps |= {
                id_: (stamp, steps)
                for id_, (stamp, steps) in before.steps.items()
                # What the words did not catch nobody hears of, however it is told.
                if id_ not in touched and (tells_alike or not steps)
            }
        return begun

    def _keep(self, tried: _Tried) -> None:
        others = [each for each in self._tried if each.watchlist != tried.watchlist]
        self._tried = [tried, *others][:MOST_TRIED]

    # ── Stories ───────────────────────────────────────────────────────────────────────────────────────

    def _remembered(self, store: Store, ids: Sequence[int], stamps: dict[int, Stamp]) -> Iterator[Story]:
        """Yield these stories; those that are not remembered are read, and their words cut."""
        for first in range(0, len(ids), STORIES_AT_ONCE):
            together = ids[first : first + STORIES_AT_ONCE]
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


def _changed_lines(before: Watchlist, now: Watchlist) -> tuple[str, ...] | None:
    """Return the lines that one watchlist has and the other has not; None: more than lines differs."""
    if _without_lines(before) != _without_lines(now) or bool(before.any) is not bool(now.any):
        return None
    changed: list[str] = []
    for was, is_now in zip(_lists(before), _lists(now), strict=True):
        common = set(was) & set(is_now)
        # The first of two lines that hold at one place is named: their order is a part of what is said.
        if [each for each in was if each in common] != [each for each in is_now if each in common]:
            return None
        changed += [each.text for each in (*was, *is_now) if each not in common]
    return tuple(changed)


def _without_lines(watchlist: Watchlist) -> Watchlist:
    """Return what of a watchlist says which articles it looks at and how they rank, besides its lines."""
    rules = replace(watchlist.priority, urgent=(), high=(), low=())
    return replace(watchlist, any=(), never=(), priority=rules, name="", about="", owner="", deliver=())


def _wanted(lines: Sequence[str]) -> Wanted | None:
    from news.matching.parsing import parse
    from news.matching.searching import one_of, wanted

    return one_of(wanted(parse(line)) for line in lines)


def _asked(plays: Iterable[Play]) -> Wanted | None:
    from news.matching.searching import one_of, wanted_by

    return one_of(
        wanted_by((line.query for line in play.compiled.any), (line.query for line in play.compiled.all))
        for play in plays
    )
