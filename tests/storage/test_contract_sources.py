"""When is a source asked, and what is remembered of what it brought?"""

from __future__ import annotations

from dataclasses import replace

from news.answers import Answer
from news.nouns import FetchState, Health
from storage.contract import Store
from tests.nouns import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_clipping,
    a_fetch_state,
    a_filing,
    a_source,
    an_article,
    an_outcome,
)
from tests.storage.conftest import Opener

LEASE = 2 * MINUTE


def due(store: Store, at: int = 0, limit: int = 10) -> list[str]:
    """Claim the sources that are due so many minutes after noon."""
    states = store.claim_due_sources(now=NOON + at * MINUTE, lease=LEASE, limit=limit)
    return [state.source_id for state in states]


def test_a_new_source_is_due_at_once(store: Store) -> None:
    assert due(store) == ["channel4ellery"]


def test_a_source_that_is_being_asked_is_not_given_to_a_second_one(store: Store) -> None:
    due(store)
    assert due(store, at=1) == []


def test_a_source_whose_asker_died_is_due_again_after_the_lease(store: Store) -> None:
    due(store)
    assert store.next_due_source() == NOON + LEASE
    assert due(store, at=2) == ["channel4ellery"]


def test_an_answer_ends_the_lease_and_sets_the_next_time(store: Store) -> None:
    due(store)
    store.record_fetch(an_outcome(state=a_fetch_state(next_due=NOON + MINUTE)))
    assert store.next_due_source() == NOON + MINUTE
    assert due(store, at=1) == ["channel4ellery"]


def test_the_earliest_source_comes_first_and_one_of_each_host_before_a_second(store: Store) -> None:
    ledger = [a_source(f"ledger-{n}", url=f"https://ledger.test/feed/{n}") for n in (1, 2)]
    store.declare_sources([a_source(), *ledger], now=NOON)
    for minutes, name in [(-30, "ledger-1"), (-20, "ledger-2"), (-10, "channel4ellery")]:
        state = a_fetch_state(name, next_due=NOON + minutes * MINUTE)
        store.record_fetch(an_outcome(state=state))
    assert due(store, limit=2) == ["ledger-1", "channel4ellery"]
    assert due(store) == ["ledger-2"]


def test_two_workers_never_get_the_same_source(store: Store, another_store: Opener) -> None:
    store.declare_sources([a_source(f"outlet-{n:02}") for n in range(20)], now=NOON)
    other = another_store()
    batches = [due(worker, limit=3) for _ in range(5) for worker in (store, other)]
    claimed = [source for batch in batches for source in batch]
    assert sorted(claimed) == [f"outlet-{n:02}" for n in range(20)]


def test_a_source_that_is_no_longer_declared_is_not_asked_and_not_forgotten(store: Store) -> None:
    store.record_fetch(an_outcome(a_clipping()))
    store.declare_sources([a_source("ellery31")], now=NOON + HOUR)
    assert due(store, at=60) == ["ellery31"]
    assert [state.source_id for state in store.fetch_states()] == ["ellery31"]
    store.declare_sources([a_source()], now=NOON + 2 * HOUR)
    (state,) = store.fetch_states()
    assert state.baseline_at == NOON


def test_a_source_that_is_switched_off_is_listed_and_not_asked(store: Store) -> None:
    store.declare_sources([a_source(enabled=False)], now=NOON)
    assert due(store) == []
    assert store.next_due_source() is None
    assert [state.source_id for state in store.fetch_states()] == ["channel4ellery"]


def test_everything_a_poll_learned_is_remembered(store: Store) -> None:
    state = a_fetch_state(
        last_modified="Wed, 18 Mar 2026 17:55:00 GMT",
        body_hash="ab" * 32,
        moved_to="https://channel4ellery.test/feed/",
        failures=2,
        health=Health.FAILING,
        reason="slow",
        health_since=NOON,
    )
    store.record_fetch(an_outcome(state=state))
    assert store.fetch_states() == (state,)


def test_validators_of_one_address_are_not_sent_to_another(store: Store) -> None:
    stopped = a_fetch_state(body_hash="ab", moved_to="x", health=Health.STOPPED, reason="gone", next_due=None)
    store.record_fetch(an_outcome(state=stopped))
    store.declare_sources([a_source(url="https://channel4ellery.test/new.xml")], now=NOON + HOUR)
    (state,) = store.fetch_states()
    assert (state.etag, state.body_hash, state.moved_to) == (None, None, None)
    assert (state.health, state.reason, state.next_due) == (Health.NEW, "", NOON + HOUR)
    assert state.baseline_at == NOON


def test_declaring_the_same_sources_again_changes_nothing(store: Store) -> None:
    stopped = a_fetch_state(health=Health.STOPPED, reason="gone", next_due=None)
    store.record_fetch(an_outcome(state=stopped))
    before = store.fetch_states()
    store.declare_sources([a_source()], now=NOON + HOUR)
    assert store.fetch_states() == before


def test_a_clipping_comes_once_however_often_the_feed_repeats_it(store: Store) -> None:
    entry = a_clipping()
    assert store.record_fetch(an_outcome(entry, entry)) == 1
    assert store.record_fetch(an_outcome(entry, a_clipping("Council meets"))) == 1
    assert len(store.unfiled_clippings(limit=10, now=NOON)) == 2


def test_a_source_that_a_killed_process_had_claimed_is_claimed_again_at_once(store: Store) -> None:
    store.claim_due_sources(now=NOON, lease=LEASE, limit=10)
    assert store.claim_due_sources(now=NOON, lease=LEASE, limit=10) == ()
    assert store.end_source_leases() >= 1
    assert store.claim_due_sources(now=NOON, lease=LEASE, limit=10)


def test_a_birth_date_and_a_guid_that_change_at_each_request_make_no_new_clipping(store: Store) -> None:
    store.record_fetch(an_outcome(a_clipping()))
    stamped = a_clipping(published=NOON, guid="another")
    assert store.record_fetch(an_outcome(stamped)) == 0


def test_an_entry_that_its_outlet_says_it_changed_is_a_new_clipping(store: Store) -> None:
    store.record_fetch(an_outcome(a_clipping()))
    assert store.record_fetch(an_outcome(a_clipping(updated=NOON + HOUR))) == 1


def test_an_entry_that_says_something_else_is_a_new_clipping(store: Store) -> None:
    store.record_fetch(an_outcome(a_clipping(summary="23 cities")))
    assert store.record_fetch(an_outcome(a_clipping(summary="24 cities"))) == 1


def test_only_the_first_successful_poll_brings_backlog(store: Store) -> None:
    failed = a_fetch_state(failures=1, last_ok=None, health=Health.FAILING)
    store.record_fetch(an_outcome(state=failed))
    assert store.fetch_states()[0].baseline_at is None
    store.record_fetch(an_outcome(a_clipping("Old news")))
    store.record_fetch(an_outcome(a_clipping("Fresh news"), now=NOON + HOUR))
    backlog = {c.clipping.title: c.backlog for c in store.unfiled_clippings(limit=10, now=NOON)}
    assert backlog == {"Old news": True, "Fresh news": False}
    assert store.fetch_states()[0].baseline_at == NOON


def test_a_feed_that_was_empty_at_first_has_no_backlog_later(store: Store) -> None:
    store.record_fetch(an_outcome())
    store.record_fetch(an_outcome(a_clipping()))
    (clipping,) = store.unfiled_clippings(limit=10, now=NOON)
    assert clipping.backlog is False


def test_the_store_knows_when_a_source_last_brought_something_new(store: Store) -> None:
    store.record_fetch(an_outcome(a_clipping()))
    repeated = an_outcome(a_clipping(), state=a_fetch_state(last_new=NOON), now=NOON + HOUR)
    store.record_fetch(repeated)
    assert store.fetch_states()[0].last_new == NOON
    store.record_fetch(replace(repeated, clippings=(a_clipping("Council meets"),)))
    assert store.fetch_states()[0].last_new == NOON + HOUR


def test_several_polls_are_stored_together_in_the_order_given(store: Store) -> None:
    store.declare_sources([a_source("b-news"), a_source("a-news")], now=NOON)
    brought = [
        an_outcome(*(a_clipping(f"Story {n}", source_id="b-news") for n in range(3))),
        an_outcome(a_clipping("Story", source_id="a-news")),
        an_outcome(state=a_fetch_state("b-news")),
    ]
    assert store.record_fetches(brought) == (3, 1, 0)
    assert store.record_fetches([]) == ()


def test_characters_that_no_database_keeps_cost_nothing_but_themselves(store: Store) -> None:
    odd = a_clipping("Mayor\x00skips", summary="half \ud83d a smile", authors=("A\x00B",), guid="\ud800")
    store.record_fetch(an_outcome(odd, a_clipping("Council meets")))
    first, second = store.unfiled_clippings(limit=10, now=NOON)
    assert first.clipping.title == "Mayor\ufffdskips"
    assert (first.clipping.summary, first.clipping.guid) == ("half \ufffd a smile", "\ufffd")
    assert first.clipping.authors == ("A\x00B",)
    assert second.clipping.title == "Council meets"
    assert store.record_fetch(an_outcome(odd)) == 0


def test_an_address_longer_than_any_index_takes_is_kept(store: Store) -> None:
    long = a_clipping(address="https://channel4ellery.test/?q=" + "%E2%98%83x" * 2000)
    assert store.record_fetch(an_outcome(long)) == 1
    assert store.record_fetch(an_outcome(long)) == 0
    (trail,) = store.clipping_trail(long.address)
    assert trail["address"] == long.address


# ── Backlog let go ────────────────────────────────────────────────────────────────────────────────


def test_backlog_published_since_then_becomes_news(store: Store) -> None:
    entries = [
        a_clipping("Last week", published=NOON - 7 * DAY),
        a_clipping("This morning", published=NOON - 2 * HOUR),
        a_clipping("Undated", published=None),
    ]
    store.record_fetch(an_outcome(*entries))
    store.release_backlog(NOON - DAY)
    backlog = {c.clipping.title: c.backlog for c in store.unfiled_clippings(limit=10, now=NOON)}
    assert backlog == {"Last week": True, "This morning": False, "Undated": False}


def test_filed_backlog_that_is_let_go_is_watched_again_even_while_somebody_watches_it(store: Store) -> None:
    old = store.file(a_filing(0, an_article("Last week", backlog=True, published=NOON - 7 * DAY)))
    new = store.file(a_filing(0, an_article("This morning", backlog=True)))
    (reading,) = [story for story in store.unwatched_stories(limit=10) if story.id == new.story_id]
    assert store.release_backlog(NOON - DAY) == 1
    assert store.release_backlog(NOON - DAY) == 0
    released = store.story(new.story_id)
    assert released is not None
    assert released.revision > reading.revision
    assert [(told.article.backlog, told.revision) for told in released.articles] == [
        (False, released.revision)
    ]
    untouched = store.story(old.story_id)
    assert untouched is not None
    assert untouched.articles[0].article.backlog is True


def test_what_a_watched_page_said_is_remembered_until_its_address_changes(store: Store) -> None:
    store.record_fetch(an_outcome(state=a_fetch_state(memory="what it said at noon")))
    assert state_of(store).memory == "what it said at noon"
    store.record_fetch(an_outcome(state=a_fetch_state(memory="what it said at one")))
    assert state_of(store).memory == "what it said at one"
    store.declare_sources([a_source(url="https://elsewhere.test/notices")], now=NOON)
    assert state_of(store).memory is None


def state_of(store: Store) -> FetchState:
    (state,) = [each for each in store.fetch_states() if each.source_id == "channel4ellery"]
    return state


def test_what_was_learnt_is_kept_until_it_changes_or_the_address_does(store: Store) -> None:
    learnt = replace(a_fetch_state(), trouble="slow", lessons='{"moving":["https://new.test/",1]}')
    store.record_fetch(an_outcome(state=learnt))
    unsaid = replace(learnt, trouble="", lessons="")
    store.record_fetch(replace(an_outcome(state=unsaid), learnt=False))
    assert [(one.trouble, one.lessons) for one in store.fetch_states()] == [(learnt.trouble, learnt.lessons)]
    (claimed,) = store.claim_due_sources(now=NOON + 9 * DAY, lease=LEASE, limit=1)
    assert (claimed.trouble, claimed.lessons) == (learnt.trouble, learnt.lessons)
    store.declare_sources([a_source(url="https://elsewhere.test/feed")], now=NOON)
    assert [(one.trouble, one.lessons) for one in store.fetch_states()] == [("", "")]


def test_a_sources_answers_are_noted_and_what_is_new_is_counted_by_the_store(store: Store) -> None:
    answer = Answer(first=NOON, last=NOON, status=200, found=2)
    (claimed,) = store.claim_due_sources(now=NOON, lease=LEASE, limit=1)
    state = replace(a_fetch_state(next_due=NOON), answers=claimed.answers)
    store.record_fetch(an_outcome(a_clipping(), state=state, answer=answer))
    for minute in (1, 2):
        (claimed,) = store.claim_due_sources(now=NOON + minute * LEASE, lease=LEASE, limit=1)
        at = NOON + minute * LEASE
        outcome = an_outcome(a_clipping(), state=claimed, answer=replace(answer, first=at, last=at))
        store.record_fetch(outcome)
    quiet, first = store.answers_of("channel4ellery")
    assert (quiet.new, quiet.times, quiet.first, quiet.last) == (0, 2, NOON + LEASE, NOON + 2 * LEASE)
    assert (first.new, first.found, first.times) == (1, 2, 1)
    store.record_fetch(an_outcome(state=claimed))  # put off: nothing was asked
    assert len(store.answers_of("channel4ellery")) == 2
    assert store.answers_of("nobody") == ()
