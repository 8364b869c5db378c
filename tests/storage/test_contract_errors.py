"""Whatever the database refuses, the store says so in one kind of error and in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from news.errors import StorageError
from news.matching.searching import Key
from news.sameness.kept import Kept
from news.telling import AlertState
from storage.contract import Store
from storage.gathering_contract import SamePage
from storage.list_contract import MessageChoice
from storage.naming import metadata
from storage.open import open_store
from storage.store import DatabaseStore
from tests.nouns import (
    DAY,
    DESK,
    MINUTE,
    NOON,
    a_digest_intent,
    a_filing,
    a_mark,
    a_merger,
    a_parting,
    a_receipt,
    a_source,
    a_tell,
    a_watching,
    a_watchlist,
    an_act,
    an_alert,
    an_outcome,
)
from tests.storage.test_contract_console import a_key
from tests.storage.test_contract_listing import a_choice

IMPATIENT = timedelta(milliseconds=20)
BUSY = "The database is busy: another program has been writing to it for too long. Try again in a moment."

#: Every method of the contract that reaches the database, with something to ask it.
ASKED: Mapping[str, Callable[[Store], object]] = {
    "declare_sources": lambda s: s.declare_sources([a_source()], now=NOON),
    "claim_due_sources": lambda s: s.claim_due_sources(now=NOON, lease=MINUTE, limit=1),
    "next_due_source": lambda s: s.next_due_source(),
    "end_source_leases": lambda s: s.end_source_leases(),
    "record_fetch": lambda s: s.record_fetch(an_outcome()),
    "record_fetches": lambda s: s.record_fetches([an_outcome()]),
    "fetch_states": lambda s: s.fetch_states(),
    "story_lines": lambda s: s.story_lines(a_choice()),
    "lines_of_stories": lambda s: s.lines_of_stories([1], watchlist_ids=["jail"]),
    "came_a_day": lambda s: s.came_a_day([NOON]),
    "answers_of": lambda s: s.answers_of("channel4ellery"),
    "try_door": lambda s: s.try_door(["a door"], forgiven=5, span=MINUTE, now=NOON),
    "forget_tries": lambda s: s.forget_tries(["a door"]),
    "brought_by": lambda s: s.brought_by("channel4"),
    "deliveries_about": lambda s: s.deliveries_about(1, since=NOON),
    "messages": lambda s: s.messages(MessageChoice(states=(AlertState.SENT,))),
    "past_digests": lambda s: s.past_digests(),
    "stories_told_by": lambda s: s.stories_told_by("jail", [1]),
    "tally": lambda s: s.tally(a_choice()),
    "count_sources": lambda s: s.count_sources([1]),
    "release_backlog": lambda s: s.release_backlog(NOON),
    "unfiled_clippings": lambda s: s.unfiled_clippings(limit=1, now=NOON),
    "put_off_clipping": lambda s: s.put_off_clipping(1, until=NOON, why="slow"),
    "drop_clipping": lambda s: s.drop_clipping(1, why="empty", now=NOON),
    "record_in_digest": lambda s: s.record_in_digest(1, digest_id=1),
    "article_at": lambda s: s.article_at(["https://ellery31.test/"]),
    "articles_at": lambda s: s.articles_at(["https://ellery31.test/"]),
    "file": lambda s: s.file(a_filing(0)),
    "merge_articles": lambda s: s.merge_articles(SamePage(older=1, younger=2, address="", now=NOON)),
    "merge_stories": lambda s: s.merge_stories(a_merger()),
    "split_story": lambda s: s.split_story(a_parting(1, 1)),
    "keep_apart": lambda s: s.keep_apart(a_merger()),
    "release_decision": lambda s: s.release_decision(1, who="editor", reason="", now=NOON),
    "decisions": lambda s: s.decisions(),
    "decided": lambda s: s.decided([1], [2], "apart"),
    "merged_into": lambda s: s.merged_into(1),
    "gathered": lambda s: s.gathered(),
    "places": lambda s: s.places([1]),
    "recent_articles": lambda s: list(s.recent_articles(since=NOON)),
    "traces": lambda s: s.traces(since=NOON),
    "prints": lambda s: s.prints([1]),
    "untraced": lambda s: list(s.untraced(since=NOON)),
    "keep": lambda s: s.keep([(1, Kept(trace=b"", print=b""))]),
    "story": lambda s: s.story(1),
    "story_of": lambda s: s.story_of(1),
    "stories": lambda s: s.stories(since=NOON),
    "search": lambda s: s.search("mayor"),
    "articles_with": lambda s: list(s.articles_with(Key("mayor"), since=NOON, until=NOON)),
    "stories_with": lambda s: list(s.stories_with(Key("mayor"), since=NOON)),
    "stories_stamped": lambda s: s.stories_stamped(Key("mayor"), since=NOON),
    "whole_stories": lambda s: list(s.whole_stories([1])),
    "came": lambda s: s.came(since=NOON, until=NOON),
    "clipping_trail": lambda s: s.clipping_trail("https://ellery31.test/"),
    "unwatched_stories": lambda s: s.unwatched_stories(limit=1),
    "keep_watchlists": lambda s: s.keep_watchlists([a_watchlist()], now=NOON, who="check"),
    "missing_pages": lambda s: s.missing_pages(since=NOON),
    "page_is_missing": lambda s: s.page_is_missing(1, since=NOON),
    "page_is_there": lambda s: s.page_is_there(1),
    "keep_text": lambda s: s.keep_text("jail", "name: Jail", now=NOON, who="editor"),
    "keep_texts": lambda s: s.keep_texts({"jail": "name: Jail"}, now=NOON, who="editor"),
    "saved_texts": lambda s: s.saved_texts("jail"),
    "last_saved": lambda s: s.last_saved(),
    "kept_watchlists": lambda s: s.kept_watchlists("sanctuary-cities"),
    "ask_for": lambda s: s.ask_for(1, a_tell(), now=NOON),
    "record_watching": lambda s: s.record_watching(a_watching(1, a_tell())),
    "matches": lambda s: s.matches(since=NOON),
    "story_matches": lambda s: s.story_matches(1),
    "matches_of": lambda s: s.matches_of("sanctuary-cities", since=NOON),
    "backlog_matches": lambda s: s.backlog_matches(),
    "record_mark": lambda s: s.record_mark(a_mark()),
    "marks": lambda s: s.marks("sanctuary-cities"),
    "marks_of": lambda s: s.marks_of(1),
    "has_health": lambda s: s.has_health(destination=DESK, key="quiet"),
    "enqueue_health": lambda s: s.enqueue_health(destination=DESK, key="quiet", facts={}, now=NOON),
    "claim_alerts": lambda s: s.claim_alerts(now=NOON, lease=MINUTE, limit=1),
    "still_mine": lambda s: s.still_mine(an_alert(), now=NOON),
    "record_sent": lambda s: s.record_sent(an_alert(), a_receipt(), outcome="sent", headline="", now=NOON),
    "record_unknown": lambda s: s.record_unknown(an_alert(), error="cut", look_at=NOON),
    "record_retry": lambda s: s.record_retry(an_alert(), error="busy", due_at=NOON),
    "record_refused": lambda s: s.record_refused(an_alert(), error="no such channel", now=NOON),
    "record_withdrawn": lambda s: s.record_withdrawn(an_alert(), why="its outlet withdrew it"),
    "record_muted": lambda s: s.record_muted(an_alert(), why="by the night editor"),
    "record_held": lambda s: s.record_held(an_alert(), error="who knows", now=NOON),
    "record_grouped": lambda s: s.record_grouped([1], destination=DESK, why="hour", until=NOON, now=NOON),
    "defer_alert": lambda s: s.defer_alert(an_alert(), due_at=NOON, why="night"),
    "release_alerts": lambda s: s.release_alerts(states=["held"], destination=None, now=NOON),
    "withdraw_alerts": lambda s: s.withdraw_alerts([DESK], now=NOON),
    "alerts": lambda s: s.alerts(),
    "next_due_alert": lambda s: s.next_due_alert(),
    "sent_since": lambda s: s.sent_since(DESK, since=NOON),
    "deliveries": lambda s: s.deliveries(),
    "thread": lambda s: s.thread(1),
    "threads_of": lambda s: s.threads_of(1),
    "threads_to_edit": lambda s: s.threads_to_edit(limit=1),
    "record_shown": lambda s: s.record_shown(1, revision=1),
    "declare_digests": lambda s: s.declare_digests({}, now=NOON),
    "last_digest": lambda s: s.last_digest("desk daily"),
    "undigested_matches": lambda s: s.undigested_matches("desk daily", watchlist_ids=[]),
    "open_digest": lambda s: s.open_digest(a_digest_intent()),
    "told_by_digest": lambda s: s.told_by_digest("desk daily", [1]),
    "digest": lambda s: s.digest(1),
    "counts": lambda s: s.counts(since=NOON - DAY, until=NOON),
    "matched_since": lambda s: s.matched_since(NOON),
    "stories_a_day": lambda s: s.stories_a_day(watchlist_ids=[], days=[]),
    "audit": lambda s: s.audit("muted", who="editor", facts={}, now=NOON),
    "audit_lines": lambda s: s.audit_lines(),
    "delays": lambda s: s.delays(since=NOON, kind="slack"),
    "keep_key": lambda s: s.keep_key(a_key()),
    "find_key": lambda s: s.find_key("hash", now=NOON),
    "use_link": lambda s: s.use_link("hash", now=NOON),
    "touch_key": lambda s: s.touch_key("hash", now=NOON),
    "console_keys": lambda s: s.console_keys(kind="session", now=NOON),
    "end_keys": lambda s: s.end_keys("night-editor"),
    "end_key": lambda s: s.end_key("hash"),
    "move_keys": lambda s: s.move_keys("first", "night-editor"),
    "password_of": lambda s: s.password_of("night-editor"),
    "with_password": lambda s: s.with_password(),
    "keep_password": lambda s: s.keep_password("night-editor", "hash", now=NOON),
    "chosen": lambda s: s.chosen("set up"),
    "choose": lambda s: s.choose("set up", "done", now=NOON),
    "claim_story": lambda s: s.claim_story(an_act("claim")),
    "release_story": lambda s: s.release_story(an_act("release")),
    "claim_of": lambda s: s.claim_of(1),
    "open_claims": lambda s: s.open_claims(),
    "record_act": lambda s: s.record_act(an_act("note")),
    "lift_act": lambda s: s.lift_act(1, an_act("unmute")),
    "act": lambda s: s.act(1),
    "acts_of": lambda s: s.acts_of(1),
    "acts": lambda s: s.acts(since=NOON),
    "standing_acts": lambda s: s.standing_acts(["mute story"], now=NOON),
    "alert_by_key": lambda s: s.alert_by_key("key"),
    "show_anew": lambda s: s.show_anew(1),
    "show_buttons": lambda s: s.show_buttons("slack", since=NOON),
    "take_buttons_away": lambda s: s.take_buttons_away(),
}
#: Nothing is asked of the database.
NEED_NO_DATABASE = {"installation", "close"}


def test_the_list_of_methods_that_can_fail_is_complete() -> None:
    public = {name for name in dir(Store) if not name.startswith("_")}
    assert public - NEED_NO_DATABASE == set(ASKED)


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Let somebody else hold the whole database, from readers too."""
    if database_url.startswith("sqlite"):
        path = database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            yield
        return
    address = database_url.replace("+psycopg", "")
    with psycopg.connect(address) as other:
        other.execute(f"LOCK TABLE {', '.join(metadata.tables)}, search IN ACCESS EXCLUSIVE MODE".encode())
        yield


def test_a_locked_database_is_a_storage_error_that_names_no_driver(database_url: str) -> None:
    store = open_store(database_url, now=NOON, patience=IMPATIENT)
    assert isinstance(store, DatabaseStore)
    store._database.engine.dispose()  # so that the other one gets the whole file
    said: dict[str, str] = {}
    with closing(store), locked(database_url):
        for method, ask in ASKED.items():
            with pytest.raises(StorageError) as refused:
                ask(store)
            said[method] = str(refused.value)
    assert said == dict.fromkeys(ASKED, BUSY)


def test_a_failed_write_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(StorageError, match="no source"):
        store.record_fetches(
            [an_outcome(), an_outcome(state=an_outcome().state.__class__(source_id="nobody"))]
        )
    (state,) = store.fetch_states()
    assert state.last_checked is None


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 3, 18, 12, 0)  # noqa: DTZ001  that is what the test is about
    with pytest.raises(StorageError, match="time zone"):
        store.audit("muted", who="editor", facts={}, now=naive)


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Call the mayor's office about the letter.\n" * 50)
    with pytest.raises(StorageError, match="damaged, or is not a database"):
        open_store(f"sqlite:///{tmp_path / 'notes.txt'}", now=NOON)


def test_a_full_disk_is_called_a_full_disk(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'small.db'}", now=NOON)
    assert isinstance(store, DatabaseStore)
    with closing(store):
        with store._database.read() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match="is full"):
            store.audit("muted", who="editor", facts={"why": "x" * 100_000}, now=NOON)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://desk:hunter2secret@127.0.0.1:1/nightdesk",
        "postgresql+psycopg://desk:hunter2@secret@127.0.0.1:1/nightdesk",
        "postgresql+psycopg://desk:hunter2/secret@127.0.0.1:1/nightdesk",
        "postgresql+psycopg://desk:hunter2secret@127.0.0.1:port/nightdesk",
        "mysql://desk:hunter2secret@127.0.0.1/nightdesk",
        "desk:hunter2secret",
    ],
)
def test_an_error_never_tells_the_password(address: str) -> None:
    with pytest.raises(StorageError) as refused:
        open_store(address, now=NOON)
    error: BaseException | None = refused.value
    while error is not None:
        assert "hunter2" not in str(error)
        assert "secret" not in str(error)
        error = error.__cause__


def test_a_server_that_went_away_is_said_to_be_away_and_found_again(postgres_url: str) -> None:
    store = open_store(postgres_url, now=NOON)
    with closing(store):
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(StorageError, match="does not answer"):
            store.fetch_states()
        assert store.fetch_states() == ()
