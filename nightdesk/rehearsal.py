"""What would a watchlist have done over the last days?

The archive is played again, revision by revision, through the very functions that judge live stories:
`alerts.watching.decide` says who hears what, `alerts.limits.decide_all` what quiet hours and limits make of
it. Nothing is sent and nothing is stored. What came with a source's first check counts as news here, at the
time it was published: else a new newsroom would have nothing to try a watchlist on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.channels.registry import kind_of
from config.settings import Settings
from news.nouns import Article, Placement, Story, StoryArticle, StoryMatch, Watchlist
from news.telling import Tell, Thread, Watching
from news.timing import Schedule, next_due
from nightdesk.rehearsal_limits import limited
from nightdesk.rehearsal_steps import How, Rehearsal, Step

if TYPE_CHECKING:
    from news.matching.compiled import Compiled

#: Asks for a story as it stood at a revision.
AtRevision = Callable[[int, int], Story | None]


def rehearse(
    stories: Iterable[Story],
    watchlist: Watchlist,
    settings: Settings,
    *,
    since: datetime,
    until: datetime,
    at_revision: AtRevision,
) -> Rehearsal:
    """Play the stories of [since, until] to one watchlist alone.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    play = _Play(watchlist, settings, at_revision)
    told: list[Step] = []
    articles = backlog = 0
    for story in stories:
        fresh = [each for each in story.articles if since <= told_at(each) <= until]
        articles += len(fresh)
        backlog += sum(each.article.backlog for each in fresh)
        if fresh:
            told += [step for step in play.steps(story) if since <= step.at <= until]
    steps, alerts = limited(told, play.settings)
    return Rehearsal(
        watchlist=watchlist,
        since=since,
        until=until,
        steps=tuple(sorted(steps, key=lambda step: (step.at, step.story.id))),
        articles=articles,
        backlog=backlog,
        alerts=alerts,
        digests=_digests(watchlist, settings, since, until),
    )


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
    play = _Play(watchlist, settings, lambda _, __: alone)
    return next(play.steps(alone), None)


def told_at(each: StoryArticle) -> datetime:
    """Return when an article counts as having come: backlog when it was published."""
    article = each.article
    if article.backlog:
        return min(article.published or article.first_seen, article.first_seen)
    return each.filed_at or article.first_seen


def as_news(story: Story) -> Story:
    """Return a story none of whose articles counts as backlog."""
    return replace(
        story,
        articles=tuple(
            replace(each, article=replace(each.article, backlog=False)) for each in story.articles
        ),
    )


class _Play:
    """One watchlist, and the archive played to it."""

    def __init__(self, watchlist: Watchlist, settings: Settings, at_revision: AtRevision) -> None:
        from news.matching.compiled import compile_watchlist

        self.watchlist = replace(watchlist, enabled=True)
        self.settings = replace(settings, watchlists=(self.watchlist,))
        self._compiled: tuple[Compiled, ...] = (compile_watchlist(self.watchlist),)
        # The same without its `never:` lines: what only this one finds was left out by them.
        self._greedy: Compiled = compile_watchlist(replace(self.watchlist, never=()))
        self._at_revision = at_revision

    def steps(self, story: Story) -> Iterator[Step]:
        """Yield what the watchlist would have done with a story, in order."""
        from news.matching.matcher import match_story

        until = told_at(story.articles[-1])
        if match_story(as_news(story), self._greedy, now=until) is None and not _was_changed(story):
            return
        found = list(self._played(story))
        yield from found
        if not found and match_story(as_news(story), self._greedy, now=until) is not None:
            yield _step(How.LEFT_OUT, story, story.articles[0])

    def _played(self, story: Story) -> Iterator[Step]:
        """Yield what each revision would have brought about."""
        from alerts.watching import decide

        matches: tuple[StoryMatch, ...] = ()
        threads: dict[str, Thread] = {}
        now: datetime | None = None
        for revision in _revisions(story):
            at = self._story_at(story, revision)
            cause = next((each for each in at.articles if each.revision == revision), None)
            if cause is None:  # backlog that was let go: its articles moved up
                continue
            now = max(now or told_at(cause), told_at(cause))
            watching = decide(
                as_news(at), self._compiled, self.settings, tuple(threads.values()), matches, now=now
            )
            first = bool(watching.matches) and not matches
            # What did not change is not among a decision's matches.
            matches = watching.matches or matches
            yield from self._told(replace(watching, matches=matches), at, cause, threads, first=first)
            for tell in watching.tells:
                if tell.kind == "root":
                    threads[tell.destination] = _thread(tell, threads.get(tell.destination), at)

    def _story_at(self, story: Story, revision: int) -> Story:
        at = story
        if revision < story.revision or _was_changed(story):
            at = self._at_revision(story.id, revision) or story
        return replace(at, watched_revision=revision - 1)

    def _told(
        self,
        watching: Watching,
        story: Story,
        cause: StoryArticle,
        threads: dict[str, Thread],
        *,
        first: bool,
    ) -> Iterator[Step]:
        match = next(iter(watching.matches), None)
        roots = [tell for tell in watching.tells if tell.kind == "root" and tell.destination not in threads]
        for tell in roots:
            how = How.LATER if tell.due_at > watching.now else How.AT_ONCE
            yield _step(how, story, cause, match=match, tell=tell, now=watching.now)
        for tell in watching.tells:
            # While the first message waits, what is new goes into it.
            if tell.kind in {"reply", "correction"} and _is_out(threads.get(tell.destination), watching.now):
                yield _step(How.IN_THREAD, story, cause, match=match, tell=tell, now=watching.now)
        if first and not roots and match is not None:
            yield _step(_quietly(self.watchlist), story, cause, match=match, now=watching.now)


def _revisions(story: Story) -> Iterable[int]:
    """Return the revisions at which a story was judged; a changed article had more than it shows."""
    if _was_changed(story):
        return range(1, story.revision + 1)
    return sorted(each.revision for each in story.articles)


def _was_changed(story: Story) -> bool:
    return any(each.article.version > 1 for each in story.articles)


def _is_out(thread: Thread | None, now: datetime) -> bool:
    return thread is not None and thread.root_sent_at is not None and thread.root_sent_at <= now


def _quietly(watchlist: Watchlist) -> How:
    """Return where a story ends up that is not told at once."""
    places = [kind_of(rule.to) for rule in watchlist.deliver if rule.send == "digest"]
    if not places:
        return How.NOT_TOLD
    return How.IN_EMAIL if "email" in places else How.IN_DIGEST


def _step(
    how: How,
    story: Story,
    article: StoryArticle,
    *,
    match: StoryMatch | None = None,
    tell: Tell | None = None,
    now: datetime | None = None,
) -> Step:
    at = now or told_at(article)
    return Step(
        at=at,
        how=how,
        story=story,
        article=article,
        match=match,
        due_at=tell.due_at if tell else at,
        destination=tell.destination if tell else "",
    )


def _thread(tell: Tell, known: Thread | None, story: Story) -> Thread:
    if known is not None:
        return replace(known, watchlist_ids=tell.watchlist_ids, priority=tell.priority, grade=tell.grade)
    return Thread(
        id=1,
        story_id=story.id,
        destination=tell.destination,
        root_ts="rehearsed",
        root_sent_at=tell.due_at,
        watchlist_ids=tell.watchlist_ids,
        priority=tell.priority,
        grade=tell.grade,
    )


def _digests(watchlist: Watchlist, settings: Settings, since: datetime, until: datetime) -> int:
    """Return how many digests fall into the span."""
    plans = {
        (rule.to, rule.at or settings.desk_digest_at) for rule in watchlist.deliver if rule.send == "digest"
    }
    count = 0
    for _, at in plans:
        due = next_due(Schedule.parse(at), zone=settings.timezone, after=since)
        while due < until:
            count += 1
            due = next_due(Schedule.parse(at), zone=settings.timezone, after=due)
    return count
