"""What does a poll teach of its source, and when is it asked again?

    read ──► ok, moved │ quiet: overdue by its own rhythm, stale, empty
    not read ──► failing: asked again after growing waits │ stopped: a person decides

Every trouble has a class (`news/troubles.py`) and a sentence. Dates are believed only where they can do no
harm: in the rhythm of a source that was never read before, and to say that a feed was given up long ago.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from news.answers import Answer
from news.errors import ReadingError, SourceError, SourceGoneError
from news.lessons import Lessons, Setback, lessons_of
from news.nouns import Clipping, FetchOutcome, FetchState, Health, Source
from news.rhythm import arrived, began, is_overdue
from news.timing import next_poll
from news.wording import span

if TYPE_CHECKING:
    from crawler.engine import Fetched
    from news.lessons import Wishes

GIVEN_UP = timedelta(days=90)  # since the newest entry, after which a feed counts as given up
#: A search, an agenda or a quiet weekend may bring nothing.
MAY_BE_EMPTY = frozenset({"google-news", "news-sitemap", "page-watch", "json", "legistar", "spider"})
IN_TROUBLE = frozenset({Health.FAILING, Health.STOPPED, Health.QUIET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a poll that could be read saw."""

    source: Source
    state: FetchState
    fetched: Fetched
    now: datetime
    body_hash: str | None
    # Whether the source's own address answered, and not a backup.
    is_first: bool
    # Those that are not known yet. None: nothing changed, so nothing was read.
    clippings: tuple[Clipping, ...] | None = None
    # Whether entries that are known stand in it too, and when the newest of them was published.
    has_known: bool = False
    newest_known: datetime | None = None
    wishes: Wishes | None = None
    # Of a watched page: what to remember.
    memory: str | None = None
    # False when the same bytes must be read again next time.
    settled: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it was read and has no entry at all."""
        return self.clippings is not None and not self.clippings and not self.has_known

    @property
    def newest(self) -> datetime | None:
        """When its newest entry was published, as far as it was read."""
        dates = [clipping.published for clipping in self.clippings or () if clipping.published]
        if self.clippings is not None and self.newest_known is not None:
            dates.append(self.newest_known)
        return max(dates, default=None)


def after_reading(seen: Seen, *, random: Random, quiet_after: timedelta | None = None) -> FetchOutcome:
    """Return what to store after a poll that could be read."""
    state, fetched, now = seen.state, seen.fetched, seen.now
    lessons = _learn(seen)
    trusted = seen.is_first and fetched.complete and seen.settled
    moved = (lessons.moved_to or state.moved_to) if seen.is_first else None
    moved = None if moved == seen.source.url else moved
    health, trouble, reason = _judged(seen, moved, lessons, quiet_after)
    # A 304 need not repeat its validators.
    etag, last_modified = (state.etag, state.last_modified) if fetched.unchanged else (None, None)
    fresh = replace(
        state,
        etag=(fetched.etag or etag) if trusted else None,
        last_modified=(fetched.last_modified or last_modified) if trusted else None,
        body_hash=seen.body_hash if fetched.complete and seen.settled else None,
        memory=seen.memory if seen.memory is not None else state.memory,
        moved_to=moved,
        last_checked=now,
        last_ok=now,
        failures=0,
        health=health,
        trouble=trouble,
        reason=reason,
        health_since=_since(state, health, now),
    )
    if state.health in IN_TROUBLE and health is Health.OK:
        lessons = replace(lessons, setback=_setback(state, now))
    asked = _good_for(fetched.headers)
    return _outcome(seen.source, state, fresh, lessons, now=now, random=random, asked=asked, brought=seen)


def after_failure(
    source: Source,
    state: FetchState,
    problem: SourceError | ReadingError,
    *,
    now: datetime,
    random: Random,
    found_at: str = "",
) -> FetchOutcome:
    """Return what to store after a poll that failed; `found_at` is where its feed seems to be now."""
    health = Health.STOPPED if isinstance(problem, SourceGoneError) else Health.FAILING
    fresh = replace(state, last_checked=now, failures=state.failures + 1)
    fresh = _in_health(fresh, health, problem.reason, str(problem), now=now)
    asked = problem.retry_after if isinstance(problem, SourceError) else None
    lessons = lessons_of(state.lessons)
    if found_at and found_at != lessons.found_at:
        lessons = replace(lessons, found_at=found_at)
    return _outcome(source, state, fresh, lessons, now=now, random=random, asked=asked)


def answer_of(now: datetime, problem: SourceError | ReadingError | None, *, began: datetime) -> Answer:
    """Return what a source's log says of a poll; without a problem it was read."""
    answer = Answer(first=now, last=now, took=max((now - began).total_seconds(), 0.0))
    if problem is None:
        return answer
    status = problem.status if isinstance(problem, SourceError) else 0
    return replace(answer, status=status, trouble=problem.reason, words=str(problem))


def brought_news(outcome: FetchOutcome) -> FetchOutcome:
    """Return what to store when a source that was called quiet turned out to have brought something."""
    state, now = outcome.state, outcome.now
    lessons = replace(lessons_of(state.lessons), setback=_setback(state, now))
    fine = replace(_in_health(state, Health.OK, "", "", now=now), last_new=now, lessons=str(lessons))
    return replace(outcome, state=fine, clippings=(), learnt=True, answer=None)


def _learn(seen: Seen) -> Lessons:
    """Learn where it moves, what it wishes and when it brings news."""
    state, now = seen.state, seen.now
    lessons = lessons_of(state.lessons)
    if seen.is_first:
        lessons = lessons.seen_moving(seen.fetched.moved_permanently_to)
    if seen.wishes is not None and seen.wishes != lessons.wishes:
        lessons = replace(lessons, wishes=seen.wishes)
    if lessons.found_at and seen.is_first:
        lessons = replace(lessons, found_at="")
    rhythm = lessons.rhythm
    if rhythm is None:
        moments = (clipping.published for clipping in seen.clippings or ())
        rhythm = began((moment for moment in moments if moment), now=now)
    # The first batch was not news: the dates in it are.
    elif state.last_new and state.last_new not in {state.baseline_at, rhythm.last}:
        rhythm = arrived(rhythm, state.last_new)
    return lessons if rhythm is lessons.rhythm else replace(lessons, rhythm=rhythm)


def _judged(
    seen: Seen, moved_to: str | None, lessons: Lessons, quiet_after: timedelta | None
) -> tuple[Health, str, str]:
    """Return health, class of trouble and sentence of a source that answers."""
    now, last_new = seen.now, seen.state.last_new
    if seen.clippings is None and seen.state.trouble in {"empty", "stale"}:
        return Health.QUIET, seen.state.trouble, seen.state.reason
    is_a_feed = seen.source.reads not in MAY_BE_EMPTY
    if seen.is_empty and is_a_feed:
        return Health.QUIET, "empty", "sends a feed without a single entry"
    newest = seen.newest
    if newest is not None and newest < now - GIVEN_UP and is_a_feed:
        return Health.QUIET, "stale", f"has brought nothing for {span(now - newest)}; it may be given up"
    silent_since = _overdue_since(lessons, last_new, quiet_after, now)
    if silent_since is not None:
        how_long = span(now - silent_since)
        return Health.QUIET, "quiet", f"has brought nothing new for {how_long}, longer than usual"
    if moved_to:
        return Health.OK, "moved", f"has moved to {moved_to}"
    return Health.OK, "", ""


def _overdue_since(
    lessons: Lessons, last_new: datetime | None, quiet_after: timedelta | None, now: datetime
) -> datetime | None:
    """Return when the silence began that is too long, by the newsroom's word or the source's own rhythm."""
    if last_new is None:
        return None
    if quiet_after is not None:
        return last_new if now - last_new >= quiet_after else None
    rhythm = lessons.rhythm
    return rhythm.last if rhythm is not None and is_overdue(rhythm, now=now) else None


def _in_health(state: FetchState, health: Health, trouble: str, reason: str, *, now: datetime) -> FetchState:
    since = _since(state, health, now)
    return replace(state, health=health, trouble=trouble, reason=reason, health_since=since)


def _since(state: FetchState, health: Health, now: datetime) -> datetime:
    return state.health_since if state.health is health and state.health_since else now


def _setback(state: FetchState, now: datetime) -> Setback:
    return Setback(health=state.health.value, reason=state.reason, since=state.health_since or now, over=now)


def _good_for(headers: dict[str, str]) -> float | None:
    """Return the seconds for which `Cache-Control` calls an answer good."""
    said = headers.get("cache-control")
    for piece in said.lower().split(",") if said else ():
        name, _, value = piece.strip().partition("=")
        value = value.strip('" ')
        if name.strip() == "max-age" and value.isascii() and value.isdigit():
            return float(value[:9])
    return None


def _outcome(  # noqa: PLR0913 - what is decided here is decided from all of it
    source: Source,
    before: FetchState,
    fresh: FetchState,
    lessons: Lessons,
    *,
    now: datetime,
    random: Random,
    asked: float | None = None,
    brought: Seen | None = None,
) -> FetchOutcome:
    due = next_poll(fresh, source, now=now, jitter=random.random(), asked=asked, lessons=lessons)
    text = before.lessons if lessons is lessons_of(before.lessons) else str(lessons)
    learnt = (text, fresh.trouble) != (before.lessons, before.trouble)
    fresh = replace(fresh, next_due=due, lessons=text)
    clippings = (brought.clippings or ()) if brought else ()
    return FetchOutcome(state=fresh, clippings=clippings, now=now, learnt=learnt)
