"""What happens in a newsroom's night, step by step: the vocabulary of the store's tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tests.nouns import (
    DAY,
    MINUTE,
    NOON,
    FieldValue,
    a_clipping,
    a_filing,
    a_placement,
    a_receipt,
    a_story_match,
    a_tell,
    a_watching,
    an_article,
)

if TYPE_CHECKING:
    from news.nouns import Article
    from news.telling import Alert, Tell
    from storage.contract import Filed, Store

LEASE = 2 * MINUTE


def a_story_is_filed(store: Store, title: str = "Mayor skips capital meeting") -> int:
    """File an article as a story of its own; return the story."""
    return store.file(a_filing(0, an_article(title))).story_id


def the_story_grows(store: Store, story_id: int, title: str, *, now: datetime = NOON) -> Filed:
    """File another article in a story."""
    article = an_article(title, first_seen=now)
    return store.file(a_filing(0, article, placement=a_placement(story_id), now=now))


def the_article_changes(store: Store, article: Article, title: str, *, raises: bool = True) -> Filed:
    """File a new version of an article under another headline."""
    changed = replace(an_article(title), id=article.id, address=article.address)
    return store.file(a_filing(0, changed, new_version=True, raises_revision=raises))


def the_story_is_watched(store: Store, story_id: int, *tells: Tell, revision: int = 1) -> tuple[Alert, ...]:
    """Record that this revision of the story was watched, and what is to be told; return the new alerts."""
    matches = (a_story_match(story_id, revision=revision, matches=()),)
    return store.record_watching(a_watching(story_id, *tells, revision=revision, matches=matches))


def a_root_waits(store: Store, title: str = "Mayor skips capital meeting", **fields: FieldValue) -> Alert:
    """File a story, match it, and put its root in the outbox."""
    (root,) = the_story_is_watched(store, a_story_is_filed(store, title), a_tell(**fields))
    return root


def a_root_is_out(store: Store, title: str = "Mayor skips capital meeting") -> Alert:
    """Post the root of a new story at noon; return it as it was claimed."""
    waiting = a_root_waits(store, title)
    root = next(alert for alert in claimed(store) if alert.id == waiting.id)
    store.record_sent(root, a_receipt(), outcome="sent", headline=title, now=NOON)
    return root


def claimed(store: Store, *, at: datetime = NOON, limit: int = 10) -> tuple[Alert, ...]:
    """Claim what is due."""
    return store.claim_alerts(now=at, lease=LEASE, limit=limit)


def the_one_claimed(store: Store, *, at: datetime = NOON) -> Alert:
    """Claim what is due, which is one alert."""
    (alert,) = claimed(store, at=at)
    return alert


def sent(store: Store, alert: Alert, *, ts: str = "1774042260.000200", now: datetime = NOON) -> None:
    """Record that a claimed alert arrived."""
    store.record_sent(alert, a_receipt(ts), outcome="sent", headline="", now=now)


def states(store: Store) -> list[tuple[str, int, str]]:
    """Return (kind, revision, state) of every alert, in the order they were made."""
    return [(alert.kind, alert.revision, alert.state.value) for alert in reversed(store.alerts())]


def what_is_told(store: Store) -> object:
    """Return what a newsroom can read of a store."""
    stories = store.stories(since=NOON - DAY)
    return (
        store.installation(),
        stories,
        [store.story_matches(story.id) for story in stories],
        [store.threads_of(story.id) for story in stories],
        store.alerts(),
        store.deliveries(),
        store.digest(1),
        store.decisions(),
        store.fetch_states(),
        store.search("23 cities"),
        store.clipping_trail(a_clipping().address),
        store.last_digest("sanctuary-cities daily"),
        store.counts(since=NOON - DAY, until=NOON + DAY),
    )
