"""What would a watchlist's messages look like? Composed of the latest stories it catches; nothing is sent.

The words come from the functions that write real messages, the layout from the channels themselves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.channels.contract import Envelope
from alerts.channels.registry import address_of
from alerts.compose import compose
from alerts.developments import added
from alerts.digests import compose_digest
from alerts.holidays import next_digest
from alerts.message import Outgoing
from alerts.rules import at_once_rules, meets
from alerts.schedule import digest_facts, digest_plans
from alerts.words import Telling
from config.settings import Settings
from news.nouns import Grade, Story, StoryMatch, Watchlist
from news.telling import Alert, AlertKind, AlertState, Digest, DigestItem, Thread
from nightdesk.rehearsal_play import as_news
from storage.contract import Store

#: How far back a story is looked for, and how many the digest shows.
LOOK_BACK = timedelta(days=30)
IN_DIGEST = 5
COVERS = timedelta(days=1)
#: Where a message goes that was asked for, and that the watchlist never sends.
SOMEWHERE = {"slack": "slack:#your-channel", "email": "email:your-desk@your-newsroom.test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """A story that the watchlist catches, and why."""

    story: Story
    match: StoryMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A message as it would be handed to a channel."""

    destination: str
    message: Outgoing
    envelope: Envelope


def latest_caught(store: Store, watchlist: Watchlist, *, now: datetime) -> tuple[Caught, ...]:
    """Return the newest stories that the watchlist catches, main topics first.

    Raises:
        QueryError: a line of the watchlist cannot be read.
    """
    from news.matching.compiled import compile_watchlist
    from news.matching.matcher import match_story
    from news.matching.searching import wanted_by

    compiled = compile_watchlist(watchlist)
    wanted = wanted_by((line.query for line in compiled.any), (line.query for line in compiled.all))
    about: deque[Caught] = deque(maxlen=IN_DIGEST)
    mentions: deque[Caught] = deque(maxlen=IN_DIGEST)
    for story in store.stories_with(wanted, since=now - LOOK_BACK):
        match = match_story(as_news(story), compiled, now=story.updated)
        if match is not None:
            found = about if match.grade is Grade.ABOUT else mentions
            found.appendleft(Caught(story=as_news(story), match=match))
    return tuple([*about, *mentions][:IN_DIGEST])


def alert_messages(
    store: Store, settings: Settings, watchlist: Watchlist, caught: Caught, *, now: datetime
) -> Iterator[Previewed]:
    """Yield a story's message for each place that hears at once, and its follow-up if there is one."""
    places = tuple(dict.fromkeys(rule.to for rule in at_once_rules(watchlist)))
    for destination in places or (SOMEWHERE["slack"],):
        thread = _thread(caught, destination, watchlist)
        telling = Telling(
            story=caught.story,
            matches=(caught.match,),
            thread=thread,
            settings=settings,
            installation=store.installation(),
            now=now,
        )
        yield _previewed(_alert("root", caught, destination, now), telling)
        first = caught.story.articles[0].revision
        if added(caught.story, after=first, up_to=caught.story.revision):
            reply = replace(_alert("reply", caught, destination, now), from_revision=first)
            sent = replace(thread, root_sent_at=caught.story.created, root_ts="0")
            yield _previewed(reply, replace(telling, thread=sent))


def is_told_at_once(watchlist: Watchlist, caught: Caught) -> bool:
    """Return whether a rule of the watchlist tells the story at once."""
    return any(meets(rule, caught.match) for rule in at_once_rules(watchlist))


def digest_messages(
    store: Store, settings: Settings, watchlist: Watchlist, caught: Sequence[Caught], *, now: datetime
) -> Iterator[Previewed]:
    """Yield the digest for each place that gets one, as if these stories were the day's."""
    alone = replace(settings, watchlists=(replace(watchlist, enabled=True),))
    places = [(plan.name, plan.destination, plan.schedule) for plan in digest_plans(alone)]
    for name, destination, schedule in places or [("", SOMEWHERE["email"], settings.desk_digest_at)]:
        due_at = next_digest(schedule, destination, settings, after=now)
        digest = Digest(
            id=0,
            name=name,
            destination=destination,
            local_date="",
            due_at=due_at,
            covers_from=due_at - COVERS,
            covers_to=due_at,
            watchlist_ids=(watchlist.id,),
            items=tuple(
                DigestItem(story_id=each.story.id, from_revision=0, revision=each.story.revision)
                for each in caught
            ),
            created=now,
        )
        facts = replace(
            digest_facts(digest, alone.as_read_at(destination), store),
            matches={each.story.id: (each.match,) for each in caught},
        )
        envelope = Envelope(key="preview", kind="digest", to=address_of(destination), created=now)
        yield Previewed(
            destination=destination,
            message=compose_digest(digest, facts, settings.as_read_at(destination)),
            envelope=envelope,
        )


def _previewed(alert: Alert, telling: Telling) -> Previewed:
    thread = telling.thread if alert.kind == "reply" else None
    return Previewed(
        destination=alert.destination,
        message=compose(alert, telling, threaded=True),
        envelope=Envelope(
            key="preview",
            kind=alert.kind,
            to=address_of(alert.destination),
            created=alert.created,
            thread=thread,
        ),
    )


def _thread(caught: Caught, destination: str, watchlist: Watchlist) -> Thread:
    return Thread(
        id=0,
        story_id=caught.story.id,
        destination=destination,
        watchlist_ids=(watchlist.id,),
        priority=caught.match.priority,
        grade=caught.match.grade,
    )


def _alert(kind: AlertKind, caught: Caught, destination: str, now: datetime) -> Alert:
    return Alert(
        id=0,
        key="preview",
        kind=kind,
        destination=destination,
        state=AlertState.PENDING,
        story_id=caught.story.id,
        revision=caught.story.revision,
        priority=caught.match.priority,
        due_at=now,
        created=now,
    )
