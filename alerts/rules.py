"""Who hears of a story at once, and how do its follow-ups come?

The newsroom's `deliver` rules, applied to one story. Several watchlists may deliver to one destination: it
hears of the story once, with all of them named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.channels.registry import kind_of
from alerts.developments import added, corrected, is_broadcast
from alerts.limits import quiet_end
from alerts.official_acts import Confirmed, newly_confirmed
from config.settings import Settings
from news.nouns import DeliverRule, FollowUps, Grade, Priority, Story, StoryMatch, Watchlist
from news.telling import Tell, Thread

BETWEEN_BROADCASTS = timedelta(hours=2)  # of one story in one channel; corrections are exempt
#: The most that any of a destination's watchlists asks for is what it gets.
FOLLOW_UPS: tuple[FollowUps, ...] = ("in thread", "new message", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What one destination asked to hear of one story: every rule that applies, taken together."""

    destination: str
    # Where it was told of the story before.
    thread: Thread | None
    watchlist_ids: tuple[str, ...] = ()
    priority: Priority = Priority.LOW
    grade: Grade = Grade.MENTIONS

    def with_match(self, match: StoryMatch) -> Hearing:
        """Return it with another watchlist's match taken in."""
        return replace(
            self,
            watchlist_ids=tuple(dict.fromkeys([*self.watchlist_ids, match.watchlist_id])),
            priority=max(self.priority, match.priority),
            grade=Grade.ABOUT if Grade.ABOUT in {self.grade, match.grade} else Grade.MENTIONS,
        )


def tells_of(
    story: Story,
    matches: Sequence[StoryMatch],
    settings: Settings,
    threads: Sequence[Thread],
    *,
    now: datetime,
) -> Iterator[Tell]:
    """Yield what each destination should hear of a story now."""
    known = {thread.destination: thread for thread in threads}
    for hearing in _hearings(matches, settings, known):
        yield _root(story, hearing, settings, now)
        if hearing.thread is not None:
            yield from _follow_ups(story, hearing, settings, now)


def _hearings(
    matches: Sequence[StoryMatch], settings: Settings, threads: Mapping[str, Thread]
) -> Iterable[Hearing]:
    """Return who hears of it: those whose rule it meets, and those who were told of the story before."""
    found: dict[str, Hearing] = {}
    watchlists = {watchlist.id: watchlist for watchlist in settings.watchlists}
    for match in matches:
        for rule in at_once_rules(watchlists[match.watchlist_id]):
            thread = threads.get(rule.to)
            met = meets(rule, match) and not match.backlog
            if thread is not None or met:
                hearing = found.get(rule.to) or _hearing(rule.to, thread)
                found[rule.to] = hearing.with_match(match) if met else hearing
    return found.values()


def _hearing(destination: str, thread: Thread | None) -> Hearing:
    if thread is None:
        return Hearing(destination=destination, thread=None)
    return Hearing(
        destination=destination,
        thread=thread,
        watchlist_ids=thread.watchlist_ids,
        priority=thread.priority,
        grade=thread.grade,
    )


def at_once_rules(watchlist: Watchlist) -> tuple[DeliverRule, ...]:
    """Return a watchlist's rules for telling at once."""
    return tuple(rule for rule in watchlist.deliver if rule.send == "at once")


def meets(rule: DeliverRule, match: StoryMatch) -> bool:
    """Return whether a rule tells this match at once: on the main topic, and important enough."""
    return match.priority >= rule.at_least and (match.grade is Grade.ABOUT or rule.passing_mentions)


def _root(story: Story, hearing: Hearing, settings: Settings, now: datetime) -> Tell:
    """Return the story's own message: new, or to be shown as it is now where it was sent already."""
    return Tell(
        destination=hearing.destination,
        kind="root",
        from_revision=0,
        revision=story.revision,
        watchlist_ids=hearing.watchlist_ids,
        priority=hearing.priority,
        grade=hearing.grade,
        due_at=_due(hearing, settings, now),
    )


def _follow_ups(story: Story, hearing: Hearing, settings: Settings, now: datetime) -> Iterator[Tell]:
    root = replace(_root(story, hearing, settings, now), from_revision=story.watched_revision)
    corrections = corrected(story, after=story.watched_revision, up_to=story.revision)
    if corrections:
        yield replace(root, kind="correction", broadcast=is_broadcast(corrections))
    loud = _is_loud(story, hearing, now)
    # What a second outlet confirms is worth a word though it adds nothing.
    says_more = added(story, after=story.watched_revision, up_to=story.revision) or (
        loud and _acts(story, hearing)
    )
    if says_more and replies_go_to(hearing.destination, hearing.watchlist_ids, settings):
        due_at = _due(hearing, settings, now + settings.gather)
        yield replace(root, kind="reply", due_at=due_at, broadcast=loud)


def _due(hearing: Hearing, settings: Settings, at: datetime) -> datetime:
    if hearing.priority >= Priority.URGENT:
        return at
    return quiet_end(hearing.destination, settings, at) or at


def _is_loud(story: Story, hearing: Hearing, now: datetime) -> bool:
    """Return whether the whole channel should see a follow-up, and has not seen one lately."""
    thread = hearing.thread
    if thread is None or not may_broadcast(thread, now):
        return False
    return hearing.priority > thread.priority or bool(_acts(story, hearing))


def _acts(story: Story, hearing: Hearing) -> tuple[Confirmed, ...]:
    """Return the official acts that a second outlet reports since the story was last looked at."""
    told = hearing.thread.root_sent_at if hearing.thread else None
    return newly_confirmed(story, after=story.watched_revision, up_to=story.revision, told=told)


def may_broadcast(thread: Thread, now: datetime) -> bool:
    """Return whether a story may be shown to the whole channel again; a correction always may."""
    return thread.last_broadcast is None or now - thread.last_broadcast >= BETWEEN_BROADCASTS


def replies_go_to(destination: str, watchlist_ids: Iterable[str], settings: Settings) -> bool:
    """Return whether follow-ups are told there at once; else they wait for the digest."""
    slack = settings.channels.slack
    webhook_only = kind_of(destination) == "slack" and bool(slack.webhook) and not slack.token
    return not webhook_only and follow_ups_of(destination, watchlist_ids, settings) != "off"


def follow_ups_of(destination: str, watchlist_ids: Iterable[str], settings: Settings) -> FollowUps:
    """Return how a destination wants the follow-ups of a story on these watchlists."""
    wanted = set(watchlist_ids)
    asked = {
        rule.follow_ups
        for watchlist in settings.watchlists
        if watchlist.id in wanted
        for rule in at_once_rules(watchlist)
        if rule.to == destination
    }
    return next((each for each in FOLLOW_UPS if each in asked), "in thread")
