"""Whom does a story concern, and what should they hear?

`decide` judges one story against every watchlist and says what each destination should hear; `watch` takes
the stories that changed through it, one transaction each:

    unwatched story ──match──► StoryMatch ──rules──► Tell ──store──► Alert in the outbox

Everything that matched goes into digests by itself; only what is told at once becomes a `Tell` here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.developments import added, corrected
from alerts.rules import tells_of
from config.settings import Settings
from news.nouns import Clock, Grade, Hop, Story, StoryMatch, no_hop
from news.telling import KeptOut, Thread, Watching

if TYPE_CHECKING:
    from news.matching.compiled import Compiled
    from news.matching.index import Index, Together
    from storage.threads import StoreThreads

AT_ONCE = 20  # stories read in one go


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReport:
    """What one round of watching brought."""

    stories: int = 0
    # Stories that concern a watchlist and are news.
    matches: int = 0
    alerts: int = 0
    # Stories that matched but came with a source's backlog: filed, never told.
    would_have_sent: int = 0


async def watch(settings: Settings, store: StoreThreads, *, clock: Clock, hop: Hop = no_hop) -> WatchReport:
    """Look at every story that changed since it was last looked at."""
    stories = matched = alerts = backlog = 0
    while waiting := await store.read(lambda store: store.unwatched_stories(limit=AT_ONCE)):
        together = compiled_watchlists(settings).together(waiting)
        for story in waiting:
            watching, told = await _look_at(story, together, settings, store, now=clock())
            hop("watched")
            stories += 1
            alerts += told
            matched += any(not match.backlog for match in watching.matches)
            backlog += bool(watching.matches) and all(match.backlog for match in watching.matches)
    return WatchReport(stories=stories, matches=matched, alerts=alerts, would_have_sent=backlog)


async def _look_at(
    story: Story, together: Together, settings: Settings, store: StoreThreads, *, now: datetime
) -> tuple[Watching, int]:
    """Decide about one story and store it; return the decision and how many alerts it made."""
    threads = await store.read(lambda store: store.threads_of(story.id))
    old = await store.read(lambda store: store.story_matches(story.id))
    watching = decide(story, together, settings, threads, old, now=now)
    return watching, len(await store.write(lambda store: store.record_watching(watching)))


def compiled_watchlists(settings: Settings) -> Index:
    """Return an index of the watchlists in force; what an edit left alone is not compiled again."""
    from news.matching.index import live_index

    return live_index().following(settings.watchlists)


def decide(
    story: Story,
    compiled: Index | Together | Sequence[Compiled],
    settings: Settings,
    threads: Sequence[Thread],
    old: Sequence[StoryMatch],
    *,
    now: datetime,
) -> Watching:
    """Say which watchlists the story concerns and what each destination should hear of it now."""
    before = {match.watchlist_id: match for match in old}
    found, kept_out = _judged(story, compiled, now=now)
    fresh = {match.watchlist_id: match for match in found}
    matches = tuple(
        match
        for watchlist in settings.watchlists
        if (watchlist.id in fresh or watchlist.id in before) and watchlist.enabled
        for match in _merged(story, before.get(watchlist.id), fresh.get(watchlist.id))
    )
    return Watching(
        story_id=story.id,
        revision=story.revision,
        # A copy changes nothing: stored at its revision, the match would be told by the next digest again.
        matches=tuple(match for match in matches if match != before.get(match.watchlist_id)),
        tells=tuple(tells_of(story, matches, settings, threads, now=now)),
        now=now,
        kept_out=kept_out,
    )


def _judged(
    story: Story, compiled: Index | Together | Sequence[Compiled], *, now: datetime
) -> tuple[list[StoryMatch], tuple[KeptOut, ...]]:
    """Ask the index, or every watchlist of a few: what matches, and what a line under "never" kept out."""
    from news.matching.index import Index

    if isinstance(compiled, Sequence):
        compiled = Index(compiled)
    together = compiled.together([story]) if isinstance(compiled, Index) else compiled
    return together.story_matches(story, now=now), together.kept_out(story)


def _merged(story: Story, old: StoryMatch | None, new: StoryMatch | None) -> Iterator[StoryMatch]:
    """Yield the match that holds from now on: what was once found is never taken back."""
    if old is None:
        # A watchlist that is new or was changed hears of what is filed from now on, not of the archive.
        if new is not None and _is_fresh(story, new):
            yield new
    elif new is None:
        yield replace(old, revision=story.revision) if _has_news(story, old) else old
    else:
        union = _union(old, new)
        better = (union.grade, union.priority, union.backlog) != (old.grade, old.priority, old.backlog)
        yield replace(union, revision=story.revision) if better or _has_news(story, old) else old


def _is_fresh(story: Story, match: StoryMatch) -> bool:
    """Return whether an article matched that was not there when the story was last looked at."""
    matched = {each.article_id for each in match.matches}
    return any(
        each.revision > story.watched_revision for each in story.articles if each.article.id in matched
    )


def _has_news(story: Story, match: StoryMatch) -> bool:
    """Return whether anything was added or corrected since a match was judged; a copy is nothing new."""
    span = {"after": match.revision, "up_to": story.revision}
    return bool(added(story, **span) or corrected(story, **span))


def _union(old: StoryMatch, new: StoryMatch) -> StoryMatch:
    again = {match.article_id for match in new.matches}
    return replace(
        new,
        grade=Grade.ABOUT if Grade.ABOUT in {old.grade, new.grade} else Grade.MENTIONS,
        priority=max(old.priority, new.priority),
        matches=new.matches + tuple(match for match in old.matches if match.article_id not in again),
        first_matched=min(old.first_matched, new.first_matched),
        backlog=old.backlog and new.backlog,
    )
