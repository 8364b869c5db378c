"""What people decide about what is told is kept, and of two at once one wins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from news.errors import StorageError
from storage.acts_contract import ActKind
from storage.contract import Store
from tests.nouns import HOUR, MINUTE, NOON, a_merger, an_act
from tests.storage.conftest import Opener
from tests.storage.steps import a_root_is_out, a_root_waits, a_story_is_filed, claimed


def test_of_two_editors_who_take_a_story_at_once_one_has_it_and_both_are_told_who(
    store: Store, another_store: Opener
) -> None:
    story = a_story_is_filed(store)
    people = ("night-editor", "metro-desk")
    with ThreadPoolExecutor(2) as threads:
        stores = (another_store(), another_store())
        acts = [an_act("claim", story, who=who) for who in people]
        told = list(threads.map(lambda both: both[0].claim_story(both[1]), zip(stores, acts, strict=True)))
    assert told[0] == told[1] == store.claim_of(story)
    assert told[0].who in people
    assert [act.who for act in store.acts_of(story)] == [told[0].who]


def test_a_story_that_was_released_can_be_taken_by_somebody_else(store: Store) -> None:
    story = a_story_is_filed(store)
    first = store.claim_story(an_act("claim", story))
    assert store.release_story(an_act("release", story, at=NOON + MINUTE)) == first
    assert store.release_story(an_act("release", story, at=NOON + MINUTE)) is None
    assert store.open_claims() == ()
    again = store.claim_story(an_act("claim", story, who="metro-desk", at=NOON + HOUR))
    assert store.open_claims() == (again,)
    assert [(act.kind, act.who, act.lifted_at) for act in store.acts_of(story)] == [
        ("claim", "night-editor", NOON + MINUTE),
        ("release", "night-editor", None),
        ("claim", "metro-desk", None),
    ]


def test_what_is_decided_of_a_story_lets_its_messages_be_shown_anew(store: Store) -> None:
    root = a_root_is_out(store)
    assert store.threads_to_edit(limit=5) == ()
    store.claim_story(an_act("claim", root.story_id))
    (thread,) = store.threads_to_edit(limit=5)
    store.record_act(an_act("not relevant", root.story_id))  # meanwhile
    store.record_shown(thread.id, revision=thread.wanted_revision, face=thread.wanted_face, buttons=True)
    (thread,) = store.threads_to_edit(limit=5)
    store.record_shown(thread.id, revision=thread.wanted_revision, face=thread.wanted_face, buttons=True)
    assert store.threads_to_edit(limit=5) == ()
    assert store.take_buttons_away() == 1
    (thread,) = store.threads_to_edit(limit=5)
    store.record_shown(thread.id, revision=thread.wanted_revision, face=thread.wanted_face, buttons=False)
    assert store.take_buttons_away() == 0
    assert store.threads_to_edit(limit=5) == ()


def test_a_mute_stands_until_its_time_or_until_it_is_lifted_once(store: Store) -> None:
    story = a_story_is_filed(store)
    week = store.record_act(an_act("mute story", story, until=NOON + 7 * HOUR))
    pinned = store.record_act(an_act("mute outlet", None, source_id="channel4ellery"))
    asked: tuple[ActKind, ...] = ("mute story", "mute outlet")
    assert store.standing_acts(asked, now=NOON + HOUR) == (week, pinned)
    assert store.standing_acts(asked, now=NOON + 7 * HOUR) == (pinned,)
    assert store.lift_act(pinned.id, an_act("unmute", None, who="metro-desk", at=NOON + MINUTE))
    assert not store.lift_act(pinned.id, an_act("unmute", None, at=NOON + HOUR))
    assert not store.lift_act(99, an_act("unmute", None))
    assert store.standing_acts(asked, now=NOON + HOUR) == (week,)
    ended = store.act(pinned.id)
    assert ended is not None
    assert (ended.lifted_by, ended.lifted_at) == ("metro-desk", NOON + MINUTE)
    assert [act.kind for act in store.acts(since=NOON + MINUTE)] == ["unmute"]


def test_a_story_that_becomes_part_of_another_brings_what_was_decided_and_the_first_to_claim_keeps_it(
    store: Store,
) -> None:
    one, other = (
        a_story_is_filed(store, "Mayor skips meeting"),
        a_story_is_filed(store, "Letter to 23 cities"),
    )
    mute = store.record_act(an_act("mute story", other))
    store.claim_story(an_act("claim", one, who="metro-desk", at=NOON + HOUR))
    first = store.claim_story(an_act("claim", other, at=NOON + MINUTE))
    assert store.merge_stories(a_merger(one, other)) is not None
    for story in (one, other):
        claim = store.claim_of(story)
        assert claim is not None
        assert (claim.story_id, claim.who, claim.act_id) == (one, "night-editor", first.act_id)
    assert len(store.open_claims()) == 1
    assert [act.kind for act in store.acts_of(other)] == ["mute story", "claim", "claim", "release"]
    (standing,) = store.standing_acts(["mute story"], now=NOON)
    assert (standing.id, standing.story_id) == (mute.id, one)


def test_a_story_let_go_is_due_at_once(store: Store) -> None:
    root = a_root_waits(store)
    hold = store.record_act(an_act("hold", root.story_id))
    (mine,) = claimed(store)
    store.defer_alert(mine, due_at=NOON + timedelta(days=1), why="on hold: Night editor")
    assert claimed(store, at=NOON + HOUR) == ()
    assert store.lift_act(hold.id, an_act("let go", root.story_id, at=NOON + HOUR))
    assert [alert.id for alert in claimed(store, at=NOON + HOUR)] == [root.id]


def test_a_message_is_known_by_its_key_and_a_strangers_is_not(store: Store) -> None:
    root = a_root_is_out(store)
    found = store.alert_by_key(root.key)
    assert found is not None
    assert found.id == root.id
    assert store.alert_by_key("of another newsroom") is None


def test_nothing_is_decided_of_a_story_that_is_not_there(store: Store) -> None:
    for decide in (store.claim_story, store.release_story, store.record_act):
        with pytest.raises(StorageError, match="no story 41"):
            decide(an_act("claim", 41))
    assert store.acts(since=NOON) == ()
