"""What would a watchlist have done over the last days?

The archive is played again, revision by revision, through the very functions that judge live stories:
`alerts.watching.decide` says who hears what, `alerts.limits.decide_all` what quiet hours and limits make of
it. Nothing is sent and nothing is stored. What came with a source's first check counts as news here, at the
time it was published: else a new newsroom would have nothing to try a watchlist on.

Only the stories are read of which an article has the watchlist's words (`Store.stories_with`), a page at a
time, so that a month of a large newsroom is played in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts.holidays import next_digest
from config.settings import Settings
from news.nouns import Article, Placement, Story, StoryArticle, Watchlist
from nightdesk.rehearsal_limits import limited
from nightdesk.rehearsal_play import Play, told_at
from nightdesk.rehearsal_steps import How, NearMiss, Rehearsal, Step
from storage.contract import Came, Store


def rehearse(
    store: Store, watchlist: Watchlist, settings: Settings, *, since: datetime, until: datetime
) -> Rehearsal:
    """Play the stories of [since, until] to one watchlist alone.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    (rehearsal,) = rehearse_all(store, (watchlist,), settings, since=since, until=until)
    return rehearsal


def rehearse_all(
    store: Store, watchlists: Sequence[Watchlist], settings: Settings, *, since: datetime, until: datetime
) -> tuple[Rehearsal, ...]:
    """Play the stories of [since, until] to several watchlists, each alone, reading the archive once.

    Raises:
        QueryError: a line of a watchlist cannot be read.
    """
    from news.matching.searching import one_of, wanted_by

    parts = [
        _Part(Play(watchlist, settings, lambda story_id, revision: store.story(story_id, at=revision)))
        for watchlist in watchlists
    ]
    asked = one_of(
        wanted_by(
            (line.query for line in part.play.compiled.any), (line.query for line in part.play.compiled.all)
        )
        for part in parts
    )
    for story in store.stories_with(asked, since=since):
        if any(since <= told_at(each) <= until for each in story.articles):
            for part in parts:
                part.hear(story, since, until)
    came = store.came(since=since, until=until)
    return tuple(part.rehearsal(since, until, came) for part in parts)


def try_on(article: Article, watchlist: Watchlist, settings: Settings) -> Step | None:
    """Return what the watchlist would do with one article that nobody has seen yet, or None: nothing.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    alone = Story(
        id=0,
        revision=1,
        watched_revision=0,
        title=article.title,
        created=article.first_seen,
        updated=article.first_seen,
        articles=(
            StoryArticle(
                article=article, revision=1, placement=Placement(story_id=None, reason="it stands alone")
            ),
        ),
    )
    return next(iter(Play(watchlist, settings, lambda _, __: alone).steps(alone)), None)


class _Part:
    """One watchlist's part of the rehearsal."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self._steps: list[Step] = []
        self._near: list[NearMiss] = []

    def hear(self, story: Story, since: datetime, until: datetime) -> None:
        """Play a story."""
        steps = self.play.steps(story)
        self._steps += (step for step in steps if since <= step.at <= until)
        if not steps and (near := self.play.near_miss(story)) is not None and since <= near.at <= until:
            self._near.append(near)

    def rehearsal(self, since: datetime, until: datetime, came: Came) -> Rehearsal:
        """Return what it came to."""
        near = tuple(sorted(self._near, key=lambda near: (near.at, near.story.id)))
        found = counted_up(self.play.watchlist, self.play.settings, self._steps, (since, until), came)
        return replace(found, near_misses=near)


def counted_up(
    watchlist: Watchlist,
    settings: Settings,
    steps: Sequence[Step],
    span: tuple[datetime, datetime],
    came: Came,
) -> Rehearsal:
    """Return what the steps of a span come to, with limits and quiet hours."""
    since, until = span
    left, alerts = limited(steps, settings)
    return Rehearsal(
        watchlist=watchlist,
        since=since,
        until=until,
        steps=tuple(sorted(left, key=_in_order)),
        articles=came.articles,
        backlog=came.backlog,
        alerts=alerts,
        digests=_digests(watchlist, settings, since, until),
    )


def _in_order(step: Step) -> tuple[datetime, int, bool]:
    """Return what a step comes after: of one moment, the message before what is said in its thread."""
    return step.at, step.story.id, step.how is How.IN_THREAD


def _digests(watchlist: Watchlist, settings: Settings, since: datetime, until: datetime) -> int:
    """Return how many digests fall into the span."""
    plans = {
        (rule.to, rule.at or settings.desk_digest_at) for rule in watchlist.deliver if rule.send == "digest"
    }
    count = 0
    for to, at in plans:
        due = next_digest(at, to, settings, after=since)
        while due < until:
            count += 1
            due = next_digest(at, to, settings, after=due)
    return count
