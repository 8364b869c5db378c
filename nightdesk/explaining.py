"""Why was this told, or why not?

An article is followed on its way through the program: seen in a feed, filed, placed in a story, held against
the watchlists, told. The account says how far it came and why it went no further, from the same rows and by
the same functions that decided at the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from alerts.developments import versions
from config.settings import Settings
from news.nouns import (
    Article,
    FetchState,
    Mark,
    Match,
    Source,
    Story,
    StoryArticle,
    StoryMatch,
    Watchlist,
)
from news.urls import canonical, host
from nightdesk.acts.holding import held
from nightdesk.addresses import variants
from nightdesk.handovers import LABELS, Handover, handovers_of
from storage.acts_contract import Act
from storage.contract import Store
from storage.gathering_contract import Decision

if TYPE_CHECKING:
    from news.matching.explaining import Explanation


#: Names before an outlet's own that say what kind of page it is, not whose.
_SAME_OUTLET = re.compile(r"^(?:(?:www\d?|feeds?|rss|m|mobile|amp)\.)+(?=[^.]+\.)")


class Stage(StrEnum):
    """How far an article came."""

    NEVER_SEEN = "never seen"
    TO_FILE = "waiting to be filed"
    NOT_FILED = "seen, not filed"
    TO_JUDGE = "filed, not judged yet"
    NO_MATCH = "on no watchlist"
    # It was there before Nightdesk first checked the source.
    BACKLOG = "older than the first check of its source"
    # On a watchlist, and no message tells of it.
    NOBODY_ASKED = "on a watchlist, sent to nobody"
    WAITING = "waiting to be sent"
    NOT_SENT = "could not be sent"
    SENT = "sent"


#: What the first line says.
VERDICTS = {
    Stage.SENT: "Told",
    Stage.WAITING: "Waiting",
    Stage.TO_FILE: "Waiting",
    Stage.TO_JUDGE: "Waiting",
    Stage.NOT_SENT: "Not sent",
    Stage.NEVER_SEEN: "Never seen",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one watchlist made of an article."""

    watchlist: Watchlist
    # What was decided when the story was judged; None when the watchlist does not have it.
    found: StoryMatch | None
    # What the watchlist says of this very article, as it is written now.
    match: Match | None
    # The same, clause by clause: what held, what failed, which words stood where.
    explanation: Explanation
    # What somebody last said of the story.
    mark: Mark | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What is known of an address that was never filed."""

    address: str
    # What became of its clippings, oldest first.
    trail: tuple[Mapping[str, object], ...]
    # The declared sources it came from, or those that publish there; none: nobody reads this outlet.
    sources: tuple[Source, ...] = ()
    states: Mapping[str, FetchState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Everything that can be said of one article, or of an address without one."""

    stage: Stage
    trace: Trace
    article: Article | None = None
    place: StoryArticle | None = None
    story: Story | None = None
    judgements: tuple[Judgement, ...] = ()
    handovers: tuple[Handover, ...] = ()
    # What people decided about the story's articles.
    decisions: tuple[Decision, ...] = ()
    # What holds the story back just now.
    hold: Act | None = None

    @property
    def verdict(self) -> str:
        """Return "Told", "Not told", "Waiting", "Not sent" or "Never seen"."""
        return VERDICTS.get(self.stage, "Not told")


def explain_address(store: Store, settings: Settings, address: str, *, now: datetime) -> Account:
    """Return what became of an address.

    Raises:
        QueryError: a line of a watchlist cannot be read.
    """
    known = canonical(address)
    asked = variants(address)
    article = store.article_at((known, address)) or store.article_at(asked)
    if article is not None:
        return explain_article(store, settings, article, now=now)
    trail = next((found for one in asked if (found := tuple(store.clipping_trail(one)))), ())
    states = {state.source_id: state for state in store.fetch_states()}
    trace = Trace(address=known, trail=trail, sources=_sources_of(settings, known, trail), states=states)
    if not trail:
        return Account(stage=Stage.NEVER_SEEN, trace=trace)
    waits = trail[-1].get("settled_at") is None
    return Account(stage=Stage.TO_FILE if waits else Stage.NOT_FILED, trace=trace)


def explain_article(store: Store, settings: Settings, article: Article, *, now: datetime) -> Account:
    """Return what became of an article that was filed."""
    trail = tuple(store.clipping_trail(article.address))
    trace = Trace(address=article.address, trail=trail, sources=_sources_of(settings, article.address, trail))
    story = store.story_of(article.id)
    if story is None:
        return Account(stage=Stage.NOT_FILED, trace=trace, article=article)
    place = next((each for each in story.articles if each.article.id == article.id), story.articles[-1])
    matches = {match.watchlist_id: match for match in store.story_matches(story.id)}
    marks = {mark.watchlist_id: mark for mark in store.marks_of(story.id)}
    judgements = tuple(
        replace(each, mark=marks.get(each.watchlist.id))
        for each in _judgements(settings, place.article, matches)
    )
    told = _told(store, settings, story, place, now=now)
    return Account(
        stage=_stage(story, place, judgements, told),
        trace=trace,
        article=place.article,
        place=place,
        story=story,
        judgements=judgements,
        handovers=told,
        decisions=store.decisions(story_id=story.id),
        hold=held(store, story.id, now=now),
    )


def _told(
    store: Store, settings: Settings, story: Story, place: StoryArticle, *, now: datetime
) -> tuple[Handover, ...]:
    """Return every message that tells of an article, in whichever version."""
    revisions = sorted({each.revision for each in versions(place)})
    found = handovers_of(store, settings, story, revisions, now=now)
    return tuple(sorted(found, key=lambda each: tuple(LABELS).index(each.state)))


def _sources_of(
    settings: Settings, address: str, trail: Sequence[Mapping[str, object]]
) -> tuple[Source, ...]:
    """Return the sources that brought an address, or those that publish at its host."""
    by_id = {source.id: source for source in settings.sources}
    brought = [by_id[str(each["source_id"])] for each in trail if each.get("source_id") in by_id]
    if brought:
        return tuple(dict.fromkeys(brought))
    there = _outlet(address)
    return tuple(source for source in settings.sources if _outlet(source.url) == there)


def _outlet(address: str) -> str:
    return _SAME_OUTLET.sub("", host(address))


def _judgements(settings: Settings, article: Article, found: Mapping[str, StoryMatch]) -> Iterator[Judgement]:
    from news.matching.compiled import compile_watchlist
    from news.matching.explaining import explain
    from news.matching.matcher import match

    for watchlist in settings.watchlists:
        if watchlist.private:
            continue  # others may read this; whoever may know of it asks `test` with its name
        compiled = compile_watchlist(watchlist)
        now = match(article, compiled)
        yield Judgement(
            watchlist=watchlist,
            found=found.get(watchlist.id),
            match=now,
            explanation=explain(article, compiled),
        )


def _stage(
    story: Story, place: StoryArticle, judgements: Sequence[Judgement], told: Sequence[Handover]
) -> Stage:
    states = {handover.state for handover in told}
    for state, stage in (("sent", Stage.SENT), ("waiting", Stage.WAITING), ("not sent", Stage.NOT_SENT)):
        if state in states:
            return stage
    if story.watched_revision < place.revision:
        return Stage.TO_JUDGE
    found = [judgement.found for judgement in judgements if judgement.found is not None]
    if not found:
        return Stage.NO_MATCH
    return Stage.BACKLOG if all(match.backlog for match in found) else Stage.NOBODY_ASKED
