"""Which story does an article belong to, by what the store remembers of the last days?

The window of `news.sameness`, kept in step with the store: made from its rows, followed when people join and
part stories beside it, and given what an article has to be compared with.

Judging the fifty articles of a poll takes half a second. It is done in a thread, so that whoever asks the
program meanwhile is answered; filing waits for it, and so the window still has one user at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from news.nouns import Article, Placement
from storage.contract import Filed

if TYPE_CHECKING:
    from news.sameness.bridging import Bridge
    from news.sameness.kept import Kept
    from news.sameness.window import Placed, Window
    from storage.threads import StoreThreads

WINDOW = 4.0  # days in which two articles may tell the same story
#: Where the numbers begin (and go down) that stand in for stories which the store has not numbered yet.
_NEW_STORIES = -1_000_000


class Judge:
    """Judges. One a database, as its filer is."""

    def __init__(self, store: StoreThreads) -> None:
        """Keep the store; `warm` before the first judgement."""
        self._store = store
        self._window: Window | None = None
        # How much was joined and parted when the window was made: people do so beside a running service.
        self._gathered = 0

    async def warm(self, *, now: datetime) -> None:
        """Remember the last days' articles, as the store has them."""
        from news.sameness.window import Window

        self._gathered = await self._store.read(lambda store: store.gathered())
        since = now - timedelta(days=WINDOW)
        window = Window(days=WINDOW)
        await self._keep_untraced(since)
        window.restore(await self._store.read(lambda store: store.traces(since=since)))
        self._window = window

    async def _keep_untraced(self, since: datetime) -> None:
        """Make the fingerprints that the store lacks: after a new version of the program, or from a copy."""
        from news.sameness.window import Window

        recent = await self._store.read(lambda store: list(store.untraced(since=since)))
        window = Window(days=WINDOW)
        made: list[tuple[int, Kept]] = []
        for article, story_id in recent:
            made.append((article.id, window.kept(article)))
            window.add(article, story_id)
        if made:
            await self._store.write(lambda store: store.keep(made))

    @property
    def window(self) -> Window:
        """The articles of the last days."""
        if self._window is None:
            raise RuntimeError("warm() comes before filing")
        return self._window

    async def follow(self, *, anyway: bool = False) -> None:
        """Let the window know what was joined and parted since it last did."""
        gathered = await self._store.read(lambda store: store.gathered())
        if anyway or gathered != self._gathered:
            ids = self.window.articles()
            self.window.follow(await self._store.read(lambda store: store.places(ids)))
            self._gathered = gathered

    def drop_old(self, *, now: datetime) -> None:
        """Forget what is too old to tell the same story."""
        self.window.drop_before(now - timedelta(days=WINDOW))

    async def place(self, article: Article) -> Placement:
        """Judge which story an article belongs to; what it has to be compared with comes from the store."""
        await self._bring([article])
        return await asyncio.to_thread(self.window.place, article)

    async def place_again(self, article: Article, story_id: int | None) -> Placement:
        """Return what a new version shares and adds, in the story that the article is in."""
        placement = await self.place(article)
        same = placement.story_id == story_id
        return replace(
            placement,
            story_id=story_id,
            reason="the outlet changed its article",
            whats_new=placement.whats_new if same else (),
        )

    async def place_together(self, articles: Sequence[Article]) -> Settling:
        """Judge the articles of one time, whatever their order; each is settled when it is filed."""
        standing_in = [replace(article, id=stand_in(at)) for at, article in enumerate(articles)]
        await self._bring(standing_in)
        new_story = count(_NEW_STORIES, -1).__next__
        placed = await asyncio.to_thread(self.window.place_for_filing, standing_in, new_story)
        return Settling(self.window, placed)

    async def bridge(self, filed: Filed, placement: Placement) -> Bridge | None:
        """Return the story that an article, now that it is filed, shows to be one with its own."""
        from news.sameness.bridging import bridge

        sharing = dict.fromkeys(passage.article_id for passage in placement.shared)
        if len(sharing) < 2:  # noqa: PLR2004 - one on each side
            return None
        return await asyncio.to_thread(
            bridge, filed.article_id, filed.story_id, sharing, self.window.compared
        )

    async def _bring(self, articles: Sequence[Article]) -> None:
        window = self.window

        def lacking() -> tuple[int, ...]:
            return tuple(dict.fromkeys(wanted for article in articles for wanted in window.lacking(article)))

        if wanted := await asyncio.to_thread(lacking):
            window.give(wanted, await self._store.read(lambda store: store.prints(wanted)))


def stand_in(at: int) -> int:
    """Return the number that stands in for the id of an article that is not filed yet."""
    return -1 - at


class Settling:
    """Articles that were placed together and are being filed, one transaction each, in their order."""

    def __init__(self, window: Window, placed: Sequence[Placed]) -> None:
        self._window = window
        self._placed = placed
        # What the store called the stories and the articles that others stand in for.
        self._stories: dict[int, int] = {}
        self._articles: dict[int, int] = {}

    def place_of(self, at: int) -> tuple[Placement, Kept]:
        """Return where an article belongs, when all before it are filed, and what the store has to keep."""
        placed = self._placed[at]
        return settled(placed.placement, self._stories, self._articles), placed.kept

    def filed(self, at: int, filed: Filed) -> None:
        """Remember what the store made of an article."""
        self._stories[self._placed[at].story] = filed.story_id
        self._articles[stand_in(at)] = filed.article_id
        self._window.settle(stand_in(at), filed.article_id, filed.story_id)

    def close(self) -> None:
        """Forget the articles that were not filed: they come again."""
        self._window.forget(stand_in(at) for at in range(len(self._placed)))


def settled(placement: Placement, stories: Mapping[int, int], articles: Mapping[int, int]) -> Placement:
    """Return a place with the store's numbers for those that stood in for them."""
    story_id = placement.story_id
    return replace(
        placement,
        story_id=stories.get(story_id, story_id) if story_id is not None else None,
        shared=tuple(
            replace(passage, article_id=articles.get(passage.article_id, passage.article_id))
            for passage in placement.shared
        ),
    )
