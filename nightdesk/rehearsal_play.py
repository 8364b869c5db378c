"""What would one watchlist have done with one story, revision by revision?

Every revision goes through `alerts.watching.decide`, as it did when it was filed; what is told is kept as the
outbox keeps it: while a message waits, what is new goes into it, and a reply gathers what follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from alerts.channels.registry import kind_of
from config.settings import Settings
from news.errors import QueryError
from news.nouns import Clause, Story, StoryArticle, StoryMatch, Watchlist
from news.telling import Tell, Thread, Watching
from nightdesk.explaining_words import never_words
from nightdesk.rehearsal_steps import How, NearMiss, Step

if TYPE_CHECKING:
    from news.matching.compiled import Compiled, Line
    from news.matching.index import Together
    from news.matching.page import Page
    from news.nouns import Article, Match

#: Gives an article as the matcher sees it.
Pages = Callable[["Article"], "Page"]
#: Asks for a story as it stood at a revision.
AtRevision = Callable[[int, int], Story | None]


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


class Play:
    """One watchlist, and the stories played to it."""

    def __init__(
        self,
        watchlist: Watchlist,
        settings: Settings,
        at_revision: AtRevision,
        *,
        pages: Pages | None = None,
        near: bool = True,
    ) -> None:
        """Read the watchlist; without `near`, nobody will ask what it nearly caught.

        Raises:
            QueryError: a line of it cannot be read.
        """
        from news.matching.compiled import compile_watchlist, page_of
        from news.matching.likely import LikelyLines

        self.watchlist = replace(watchlist, enabled=True)
        self.settings = replace(settings, watchlists=(self.watchlist,))
        self.compiled: Compiled = compile_watchlist(self.watchlist)
        # The same without its `never:` lines: what only this one finds was left out by them.
        self._greedy: Compiled = replace(self.compiled, never=())
        self._likely = LikelyLines(self.compiled)
        self._loose, self._written = _loosened(self.watchlist) if near else (self.compiled, {})
        self._at_revision = at_revision
        self._pages = pages or page_of
        # What the articles of the story that is played match: its revisions have most of them in common.
        self._judged: dict[tuple[int, int], Match | None] = {}
        self._may_hold: dict[tuple[int, int], Sequence[Line]] = {}

    def steps(self, story: Story) -> tuple[Step, ...]:
        """Return what the watchlist would have done with a story, in order."""
        self._judged.clear()
        self._may_hold.clear()
        matched = any(self._match(each.article) for each in story.articles)
        held = matched or bool(self.watchlist.never and self._holds(story))
        if not held and not _was_changed(story):
            return ()
        found = self._played(story) if matched or _was_changed(story) else ()
        if found or not held:
            return found
        return (self._left_out(story),)

    def _holds(self, story: Story) -> bool:
        """Say whether a story would concern the watchlist if nothing stood under `never:`."""
        return any(self._judge(each.article, self._greedy) for each in story.articles)

    def _match(self, article: Article) -> Match | None:
        """Return why an article concerns the watchlist, judged once a story."""
        version = article.id, article.version
        if version not in self._judged:
            self._judged[version] = self._judge(article, self.compiled)
        return self._judged[version]

    def _judge(self, article: Article, compiled: Compiled) -> Match | None:
        from news.matching.matcher import judge

        page = self._pages(article)
        lines = self._lines(page)
        return judge(page, compiled, lines) if lines or not compiled.any else None

    def _lines(self, page: Page) -> Sequence[Line]:
        """Return the lines under `any:` that could hold on a page, looked for once a story."""
        version = page.article.id, page.article.version
        if version not in self._may_hold:
            (self._may_hold[version],) = self._likely.on([page])
        return self._may_hold[version]

    def _together(self, story: Story) -> Together:
        """Return what the articles of a story match, as those who decide want it."""
        from news.matching.index import Together

        found = ((each.article, self._match(each.article)) for each in story.articles)
        held = [(article, match) for article, match in found if match is not None]
        return Together({story.id: [(self.watchlist, held)] if held else []})

    def near_miss(self, story: Story) -> NearMiss | None:
        """Return why a story that was neither caught nor left out nearly was, or None."""
        from news.matching.matcher import match_story

        news = as_news(story)
        held = match_story(news, self._loose, now=told_at(story.articles[-1]))
        if held is None:
            return None
        evidence = held.matches[0].evidence[0]
        article = next(each for each in story.articles if each.article.id == held.matches[0].article_id)
        return NearMiss(
            at=told_at(article),
            story=_without_texts(story),
            article=_without_text(article),
            line=self._written.get(evidence.clause, evidence.clause),
            where=evidence.where,
        )

    def _played(self, story: Story) -> tuple[Step, ...]:
        """Return what each revision would have brought about."""
        from alerts.watching import decide

        matches: tuple[StoryMatch, ...] = ()
        outbox = _StoryOutbox(self.watchlist)
        now: datetime | None = None
        for revision in _revisions(story):
            at = self._story_at(story, revision)
            cause = next((each for each in at.articles if each.revision == revision), None)
            if cause is None:  # backlog that was let go: its articles moved up
                continue
            now = max(now or told_at(cause), told_at(cause))
            news = as_news(at)
            watching = decide(
                news, self._together(news), self.settings, outbox.known_threads, matches, now=now
            )
            first = bool(watching.matches) and not matches
            # What did not change is not among a decision's matches.
            matches = watching.matches or matches
            outbox.take(replace(watching, matches=matches), at, cause, first=first)
        return tuple(outbox.steps)

    def _story_at(self, story: Story, revision: int) -> Story:
        at = story
        if _was_changed(story):
            at = self._at_revision(story.id, revision) or story
        elif revision < story.revision:
            there = tuple(each for each in story.articles if each.revision <= revision)
            at = replace(story, revision=revision, articles=there)
        return replace(at, watched_revision=revision - 1)

    def _left_out(self, story: Story) -> Step:
        from news.matching.explaining import explain

        for each in story.articles:
            explanation = explain(each.article, self.compiled)
            if explanation.outcome == "never":
                step = _step(How.LEFT_OUT, story, each, at=told_at(each))
                return replace(step, never=never_words(explanation), reason=explanation.reason)
        return _step(How.LEFT_OUT, story, story.articles[0], at=told_at(story.articles[0]))


def _revisions(story: Story) -> Iterable[int]:
    """Return the revisions at which a story was judged; a changed article had more than it shows."""
    if _was_changed(story):
        return range(1, story.revision + 1)
    return sorted(each.revision for each in story.articles)


def _was_changed(story: Story) -> bool:
    return story.revision > len(story.articles) or any(each.article.version > 1 for each in story.articles)


def _loosened(watchlist: Watchlist) -> tuple[Compiled, dict[str, str]]:
    """Return a watchlist that asks for its words wherever they stand, and its lines by what they became."""
    from news.matching.compiled import compile_watchlist
    from news.matching.parsing import parse
    from news.matching.query import written
    from news.matching.searching import loosened

    lines: dict[str, str] = {}

    def loose(clause: Clause) -> Clause:
        text = written(loosened(parse(clause.text)))
        try:
            parse(text)
        except QueryError:  # the line is too long when all its words stand apart
            text = clause.text
        lines.setdefault(text, clause.text)
        return replace(clause, text=text)

    any_of, all_of = tuple(map(loose, watchlist.any)), tuple(map(loose, watchlist.all))
    return compile_watchlist(replace(watchlist, any=any_of, all=all_of, never=())), lines


class _StoryOutbox:
    """What one story would have put into the outbox."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.steps: list[Step] = []
        self._watchlist = watchlist
        self._threads: dict[str, Thread] = {}
        # Where in `steps` each destination's root stands, and the parts of its last reply.
        self._roots: dict[str, int] = {}
        self._replies: dict[str, list[int]] = {}

    @property
    def known_threads(self) -> tuple[Thread, ...]:
        """The threads as a decision sees them."""
        return tuple(self._threads.values())

    def take(self, watching: Watching, story: Story, cause: StoryArticle, *, first: bool) -> None:
        """Take in what was decided about a revision."""
        match = next(iter(watching.matches), None)
        told_before = len(self._roots)
        for tell in watching.tells:
            if tell.kind == "root":
                self._root(tell, _step(How.AT_ONCE, story, cause, match=match, tell=tell, at=watching.now))
        for tell in watching.tells:
            # While the first message waits, what is new goes into it.
            if tell.kind != "root" and self._is_out(tell.destination, watching.now):
                step = _step(How.IN_THREAD, story, cause, match=match, tell=tell, at=watching.now)
                self._follow_up(tell, step)
        if first and match is not None and len(self._roots) == told_before:
            self.steps.append(_step(_quietly(self._watchlist), story, cause, match=match, at=watching.now))

    def _is_out(self, destination: str, now: datetime) -> bool:
        sent = self._threads[destination].root_sent_at
        return sent is not None and sent <= now

    def _root(self, tell: Tell, step: Step) -> None:
        """Tell a story for the first time, or let what waits say the newest."""
        known = self._threads.get(tell.destination)
        due_at = tell.due_at
        if known is None:
            self._roots[tell.destination] = len(self.steps)
            self.steps.append(replace(step, how=_when_told(step.at, due_at)))
        elif not self._is_out(tell.destination, step.at):
            number = self._roots[tell.destination]
            waiting = self.steps[number]
            due_at = min(waiting.due_at, due_at)
            how = _when_told(waiting.at, due_at)
            self.steps[number] = replace(waiting, match=step.match, due_at=due_at, how=how)
        else:
            due_at = known.root_sent_at or due_at
        self._threads[tell.destination] = Thread(
            id=1,
            story_id=step.story.id,
            destination=tell.destination,
            root_ts="rehearsed",
            root_sent_at=due_at,
            watchlist_ids=tell.watchlist_ids,
            priority=tell.priority,
            grade=tell.grade,
        )

    def _follow_up(self, tell: Tell, step: Step) -> None:
        gathering = self._replies.get(tell.destination, [])
        is_open = bool(gathering) and self.steps[gathering[-1]].due_at >= step.at
        if is_open and step.due_at < self.steps[gathering[-1]].due_at:
            # What must be said now lets out what is still gathering before it.
            for number in gathering:
                self.steps[number] = replace(self.steps[number], due_at=step.due_at)
        if tell.kind == "correction":
            self.steps.append(step)
            return
        if is_open:
            step = replace(step, joins=True, due_at=self.steps[gathering[-1]].due_at)
        self._replies[tell.destination] = [*(gathering if is_open else ()), len(self.steps)]
        self.steps.append(step)


def _when_told(at: datetime, due_at: datetime) -> How:
    return How.LATER if due_at > at else How.AT_ONCE


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
    at: datetime,
    match: StoryMatch | None = None,
    tell: Tell | None = None,
) -> Step:
    return Step(
        at=at,
        how=how,
        story=_without_texts(story),
        # A correction is shown in its sentence.
        article=article if how is How.IN_THREAD else _without_text(article),
        match=match,
        due_at=tell.due_at if tell else at,
        destination=tell.destination if tell else "",
    )


def _without_texts(story: Story) -> Story:
    return replace(story, articles=tuple(map(_without_text, story.articles)))


def _without_text(each: StoryArticle) -> StoryArticle:
    return replace(each, article=replace(each.article, text=""), earlier=())
