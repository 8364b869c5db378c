"""Is every story in the morning's email, once, and nothing forgotten between two of them?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.errors import StorageError
from news.telling import AlertState, DigestItem
from storage.contract import Store
from tests.nouns import DAY, HOUR, METRO, MINUTE, NOON, a_digest_intent, a_story_match, a_watching
from tests.storage.conftest import Opener
from tests.storage.steps import (
    a_story_is_filed,
    claimed,
    sent,
    the_one_claimed,
    the_story_grows,
    the_story_is_watched,
)

NAME = "sanctuary-cities daily"
LISTS = ("sanctuary-cities",)
THURSDAY = a_digest_intent().due_at


def due(store: Store, name: str = NAME) -> list[tuple[int, int]]:
    """Return what the digest has not told yet."""
    return [(match.story_id, match.revision) for match in store.undigested_matches(name, watchlist_ids=LISTS)]


def declared(store: Store, *names: str) -> None:
    """Declare digests to the metro desk a day before noon."""
    store.declare_digests(dict.fromkeys(names or (NAME,), METRO), now=NOON - DAY)


def test_a_digest_covers_from_its_declaration_at_first(store: Store) -> None:
    assert store.last_digest(NAME) is None
    declared(store)
    store.declare_digests({NAME: METRO}, now=NOON)
    assert store.last_digest(NAME) == (NOON - DAY, None)


def test_a_digest_covers_from_where_the_last_one_ended(store: Store) -> None:
    declared(store)
    store.open_digest(a_digest_intent())
    friday = a_digest_intent(local_date="2026-03-20", due_at=THURSDAY + DAY, covers_to=THURSDAY + DAY)
    store.open_digest(friday)
    assert store.last_digest(NAME) == (THURSDAY + DAY, "2026-03-20")


def test_a_digest_that_was_away_starts_at_its_new_declaration(store: Store) -> None:
    declared(store)
    store.open_digest(a_digest_intent())
    store.declare_digests({}, now=NOON + 2 * DAY)
    store.declare_digests({NAME: METRO}, now=NOON + 30 * DAY)
    assert store.last_digest(NAME) == (NOON + 30 * DAY, "2026-03-19")


def test_a_day_has_one_digest_however_many_ask(store: Store, another_store: Opener) -> None:
    declared(store)
    opened = store.open_digest(a_digest_intent())
    assert opened is not None
    assert another_store().open_digest(a_digest_intent()) is None
    alert = the_one_claimed(store, at=THURSDAY)
    assert (alert.kind, alert.digest_id, alert.destination, alert.due_at) == (
        "digest",
        opened.id,
        METRO,
        THURSDAY,
    )
    sent(store, alert)
    assert claimed(store, at=THURSDAY + HOUR) == ()


def test_a_digest_comes_back_with_its_stories_in_order(store: Store) -> None:
    declared(store)
    first, second = a_story_is_filed(store, "First"), a_story_is_filed(store, "Second")
    opened = store.open_digest(a_digest_intent((second, 1), (first, 1)))
    assert opened is not None
    assert opened.items == (
        DigestItem(story_id=second, from_revision=0, revision=1),
        DigestItem(story_id=first, from_revision=0, revision=1),
    )
    assert store.digest(opened.id) == opened
    assert (opened.name, opened.destination, opened.watchlist_ids) == (NAME, METRO, LISTS)
    assert (opened.due_at, opened.covers_to, opened.created) == (THURSDAY, THURSDAY, THURSDAY)
    assert store.digest(404) is None


def test_a_story_stands_in_a_digest_once(store: Store) -> None:
    declared(store)
    story_id = a_story_is_filed(store)
    with pytest.raises(StorageError, match="contradicts"):
        store.open_digest(a_digest_intent((story_id, 1), (story_id, 1)))
    assert store.last_digest(NAME) == (NOON - DAY, None)
    assert store.alerts(states=[AlertState.PENDING]) == ()


def test_a_digest_tells_what_came_after_the_last_time_it_told_the_story(store: Store) -> None:
    declared(store)
    story_id = a_story_is_filed(store)
    the_story_is_watched(store, story_id)
    assert due(store) == [(story_id, 1)]
    store.open_digest(a_digest_intent((story_id, 1)))
    assert due(store) == []
    the_story_grows(store, story_id, "Second")
    the_story_is_watched(store, story_id, revision=2)
    assert due(store) == [(story_id, 2)]
    friday = a_digest_intent((story_id, 2), local_date="2026-03-20")
    opened = store.open_digest(friday)
    assert opened is not None
    assert opened.items == (DigestItem(story_id=story_id, from_revision=1, revision=2),)


def test_a_story_watched_after_its_digest_was_opened_is_in_the_next_one(store: Store) -> None:
    """Filed in the first one's span, watched too late for it: a span of time would have lost it."""
    declared(store)
    story_id = a_story_is_filed(store)
    store.open_digest(a_digest_intent())
    store.record_watching(a_watching(story_id, now=THURSDAY - MINUTE))
    assert due(store) == [(story_id, 1)]


def test_each_digest_has_its_own_account(store: Store) -> None:
    declared(store, NAME, "weekly")
    story_id = a_story_is_filed(store)
    the_story_is_watched(store, story_id)
    store.open_digest(a_digest_intent((story_id, 1)))
    assert (due(store), due(store, "weekly")) == ([], [(story_id, 1)])


def test_backlog_other_watchlists_and_what_was_judged_before_stay_out(store: Store) -> None:
    held, other, old = (a_story_is_filed(store, title) for title in ("Backlog", "Other", "Old"))
    for match, when in [
        (a_story_match(held, backlog=True), NOON),
        (replace(a_story_match(other), watchlist_id="county-jail"), NOON),
        (a_story_match(old), NOON - 2 * DAY),
    ]:
        found = (replace(match, matches=()),)
        store.record_watching(a_watching(match.story_id, matches=found, now=when))
    assert due(store) == []
    declared(store)
    assert due(store) == []
    jail = store.undigested_matches(NAME, watchlist_ids=["county-jail"])
    assert [match.story_id for match in jail] == [other]
    assert store.undigested_matches(NAME, watchlist_ids=[]) == ()
