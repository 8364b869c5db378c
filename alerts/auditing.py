"""Does every match end in exactly one state at each place that should hear of it?

The ledger's own check, made every night: what was matched must be sent, merged, waiting, muted, grouped,
withdrawn, or failed and told; the sums must agree, and what the rows say of one message must not contradict
itself. `audit` is pure; `audited` reads what it needs from the store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.rules import at_once_rules, meets
from config.settings import Settings
from news.nouns import StoryMatch, Watchlist
from news.telling import Alert, AlertState, Delivery, Thread
from news.wording import counted

if TYPE_CHECKING:
    from storage.contract import Store

#: How far back a night looks: two days, so that what an outage held up is looked at again.
LOOK_BACK = timedelta(days=2)
#: A message that is due for so long, with nobody saying why it waits, was forgotten.
FORGOTTEN = timedelta(hours=1)
MOST_ALERTS = 2000  # of one story; it has a handful

#: Every state that a match can be in at one place, in the order in which they are told.
STATES = ("sent", "merged", "waiting", "muted", "grouped", "withdrawn", "failed and told")
STATE_OF = {
    AlertState.PENDING: "waiting",
    AlertState.SENDING: "waiting",
    AlertState.UNKNOWN: "waiting",
    AlertState.SENT: "sent",
    AlertState.MERGED: "merged",
    AlertState.GROUPED: "grouped",
    AlertState.MUTED: "muted",
    AlertState.WITHDRAWN: "withdrawn",
    AlertState.FAILED: "failed and told",
    AlertState.HELD: "failed and told",
}
ON_ITS_WAY = frozenset({AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRows:
    """What the ledger has of one story."""

    story_id: int
    matches: tuple[StoryMatch, ...]
    threads: tuple[Thread, ...]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What one audit found."""

    # Matches, each at each of its places.
    total: int
    # By state; they add up to the total when all is well.
    sums: Mapping[str, int]
    # Sentences about what does not agree: numbers, never a headline.
    faults: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return "12 matches at their places: 5 sent, 6 waiting, 1 grouped"."""
        parts = [f"{self.sums[state]} {state}" for state in STATES if self.sums.get(state)]
        return f"{counted(self.total, 'match', plural='matches')}: {', '.join(parts) or 'nothing to tell'}"


def audited(store: Store, settings: Settings, *, now: datetime, since: datetime | None = None) -> Audit:
    """Read what the last two days matched and hold it against what was told.

    With `since`, only what changed since then: what the newsroom decided afterwards did not hold before.
    """
    begin = now - LOOK_BACK
    matches: dict[int, list[StoryMatch]] = {}
    for match in store.matches(since=max(begin, since) if since else begin):
        matches.setdefault(match.story_id, []).append(match)
    stories = [
        StoryRows(
            story_id=story_id,
            matches=tuple(found),
            threads=store.threads_of(story_id),
            alerts=store.alerts(story_id=story_id, limit=MOST_ALERTS),
        )
        for story_id, found in matches.items()
    ]
    unwatched = {story.id for story in store.unwatched_stories(limit=MOST_ALERTS)}
    settled = [story for story in stories if story.story_id not in unwatched]
    deliveries = store.deliveries(since=begin, limit=10 * MOST_ALERTS)
    return audit(settled, deliveries, settings, now=now)


def audit(
    stories: Sequence[StoryRows], deliveries: Sequence[Delivery], settings: Settings, *, now: datetime
) -> Audit:
    """Count each match once at each place, and say what does not agree."""
    watchlists = {watchlist.id: watchlist for watchlist in settings.watchlists}
    sums: Counter[str] = Counter()
    faults: list[str] = []
    total = 0
    for story in stories:
        for match in story.matches:
            for place in _places(watchlists.get(match.watchlist_id)):
                total += 1
                found = list(_states(story, match, place, watchlists))
                sums.update(found)
                if len(found) != 1:
                    faults.append(f"story {story.story_id} is in {len(found)} states at {place}, not in one")
        faults += _contradictions(story, now)
    faults += _doubles(deliveries)
    return Audit(total=total, sums=sums, faults=tuple(faults))


def _places(watchlist: Watchlist | None) -> tuple[str, ...]:
    """Return the places that a watchlist tells at once; one that is no longer there has none."""
    return tuple(dict.fromkeys(rule.to for rule in at_once_rules(watchlist))) if watchlist else ()


def _states(
    story: StoryRows, match: StoryMatch, place: str, watchlists: Mapping[str, Watchlist]
) -> Iterator[str]:
    """Yield the states of one match at one place: exactly one, when all is well."""
    thread_ids = {thread.id for thread in story.threads if thread.destination == place}
    roots = [alert for alert in story.alerts if alert.kind == "root" and alert.thread_id in thread_ids]
    yield from (STATE_OF[alert.state] for alert in roots)
    watchlist = watchlists[match.watchlist_id]
    heard = any(meets(rule, match) for rule in at_once_rules(watchlist) if rule.to == place)
    if not roots and not (heard and watchlist.enabled):
        yield "muted"


def _contradictions(story: StoryRows, now: datetime) -> Iterator[str]:
    """Yield what one story's rows say against each other."""
    threads = {thread.id: thread for thread in story.threads}
    for alert in story.alerts:
        thread = threads.get(alert.thread_id or 0)
        if alert.kind == "root" and alert.state is AlertState.SENT and thread and thread.root_ts is None:
            yield f"message {alert.id} was sent and its thread does not know where it stands"
        if alert.state in ON_ITS_WAY and not alert.last_error and now - alert.due_at > FORGOTTEN:
            since = f"{alert.due_at:%Y-%m-%d %H:%M} UTC"
            yield f"message {alert.id} is due since {since} and nobody says why it waits"


def _doubles(deliveries: Sequence[Delivery]) -> Iterator[str]:
    arrived = Counter(each.alert_id for each in deliveries if each.receipt is not None)
    yield from (
        f"message {alert} is recorded as sent {times} times" for alert, times in arrived.items() if times > 1
    )
