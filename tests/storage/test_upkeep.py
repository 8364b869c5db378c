"""Can a newsroom copy its archive, put it back, move it to another database, and let old texts go?"""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import KeepSettings
from news.answers import Answer
from news.errors import InUseError, SchemaTooNewError, SchemaTooOldError, StorageError
from news.nouns import Correction
from news.telling import KeptOut
from storage import upkeep
from storage.contract import Store
from storage.open import open_store
from storage.schema import VERSIONS
from storage.sole import hold
from tests.nouns import (
    DAY,
    DESK,
    HOUR,
    MINUTE,
    NOON,
    a_clipping,
    a_digest_intent,
    a_fetch_state,
    a_filing,
    a_mark,
    a_merger,
    a_passage,
    a_placement,
    a_sentence,
    a_source,
    a_story_match,
    a_tell,
    a_watching,
    a_watchlist,
    an_act,
    an_article,
    an_outcome,
)
from tests.storage.steps import a_root_is_out, a_root_waits, claimed, sent, what_is_told
from tests.storage.test_contract_console import a_key

KEEP = KeepSettings()
ANSWER = Answer(first=NOON, last=NOON, status=200, found=2)
CORRECTED = Correction(before="about two dozen", after="23", label="more exact")


def a_busy_night(store: Store) -> int:
    """Fill every table; return the story that was told."""
    watched = a_fetch_state(memory='{"known": ["Crème brûlée"]}')
    brought = a_clipping(), a_clipping("Crème brûlée \U0001f9c1 wins")
    store.record_fetch(an_outcome(*brought, state=watched, answer=ANSWER))
    first, second = store.unfiled_clippings(limit=2, now=NOON)
    story_id = store.file(a_filing(first.id)).story_id
    store.drop_clipping(second.id, why="the page is empty", now=NOON)
    placement = a_placement(story_id, shared=(a_passage(),), whats_new=(a_sentence(),))
    letter = an_article("Letter to 23 cities", authors=("Ana Ruiz",))
    store.file(a_filing(0, letter, placement=placement, corrections=(CORRECTED,), now=NOON + MINUTE / 3))
    store.keep_watchlists([a_watchlist()], now=NOON, who="check")
    kept = KeptOut(watchlist_id="jail", article_id=1, clause="jail NEAR film", words="jail film")
    matches = (a_story_match(story_id, revision=2),)
    about = a_watching(story_id, a_tell(revision=2), revision=2, matches=matches)
    store.record_watching(replace(about, kept_out=(kept,)))
    store.record_grouped(
        [a_root_waits(store, "Grouped").id], destination=DESK, why="hour", until=NOON + HOUR, now=NOON
    )
    for alert in claimed(store):
        sent(store, alert, ts=f"1.{alert.id}")
    store.enqueue_health(destination=DESK, key="quiet", facts={"source": "ellery31"}, now=NOON)
    store.declare_digests({"sanctuary-cities daily": DESK}, now=NOON)
    store.open_digest(a_digest_intent((story_id, 2)))
    store.record_mark(a_mark(story_id))
    store.audit("muted", who="editor", facts={"story": story_id}, now=NOON)
    store.claim_story(an_act(story_id=story_id))
    store.keep_key(a_key())
    store.keep_password("night-editor", "argon", now=NOON)
    store.try_door(["night-editor"], forgiven=5, span=HOUR, now=NOON)
    store.choose("single keys off: night-editor", "off", now=NOON)
    store.page_is_missing(1, since=NOON)
    one, other = (a_root_is_out(store, title).story_id or 0 for title in ("Jail opens", "County jail opens"))
    store.merge_stories(a_merger(one, other))
    return story_id


# ── Copies ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty database of each kind in turn, for a newsroom to move to."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'elsewhere.db'}"
    address: str = request.getfixturevalue("postgres_url")
    return address


def test_a_restored_copy_tells_the_same_and_goes_on(
    store: Store, newsroom_url: str, elsewhere: str, tmp_path: Path
) -> None:
    """Also from SQLite to PostgreSQL and back: a newsroom that outgrows one moves to the other."""
    a_busy_night(store)
    before, copy = what_is_told(store), tmp_path / "copies" / "night.jsonl.gz"
    rows = upkeep.backup(newsroom_url, copy, now=NOON)
    assert upkeep.restore(elsewhere, copy, now=NOON).rows == rows
    assert sum(upkeep.stats(newsroom_url).rows.values()) == rows
    with closing(open_store(elsewhere, now=NOON)) as restored:
        assert what_is_told(restored) == before
        new = a_root_is_out(restored, "After the move")
        assert new.id > max(alert.id for alert in store.alerts())
    again = tmp_path / "again.jsonl.gz"
    assert upkeep.backup(newsroom_url, again, now=NOON) == rows
    assert gzip.decompress(again.read_bytes()) == gzip.decompress(copy.read_bytes())


def test_what_is_tried_on_a_copy_leaves_no_trace(store: Store, newsroom_url: str, tmp_path: Path) -> None:
    a_busy_night(store)
    before, copy = what_is_told(store), tmp_path / "copy" / "nightdesk.db"
    copy.parent.mkdir()
    with hold(newsroom_url, who="run"):
        upkeep.copy_to_try_on(newsroom_url, copy, now=NOON)
    with closing(open_store(f"sqlite:///{copy}", now=NOON)) as tried:
        assert what_is_told(tried) == before
        a_root_is_out(tried, "Only tried")
        assert what_is_told(tried) != before
    assert what_is_told(store) == before


def test_an_old_archive_is_tried_on_as_what_it_will_become_and_stays_old(tmp_path: Path) -> None:
    old, copy = tmp_path / "old.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(old)) as opened:
        opened.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    upkeep.copy_to_try_on(f"sqlite:///{old}", copy, now=NOON)
    with closing(open_store(f"sqlite:///{copy}", now=NOON, backup_folder=tmp_path)) as store:
        assert store.alerts() == ()
    with pytest.raises(SchemaTooOldError):
        open_store(f"sqlite:///{old}", now=NOON, migrate=False)


def test_every_table_that_is_not_empty_travels(store: Store, newsroom_url: str, tmp_path: Path) -> None:
    a_busy_night(store)
    copy = tmp_path / "night.jsonl.gz"
    upkeep.backup(newsroom_url, copy, now=NOON)
    lines = [json.loads(line) for line in gzip.decompress(copy.read_bytes()).splitlines()]
    tables = {line["table"] for line in lines if isinstance(line, dict) and "table" in line}
    filled = {name for name, rows in upkeep.stats(newsroom_url).rows.items() if rows}
    assert filled == tables
    assert (copy.stat().st_mode & 0o777) == 0o600


def test_a_copy_of_one_moment_is_made_while_the_newsroom_works(
    newsroom_url: str, store: Store, tmp_path: Path
) -> None:
    a_busy_night(store)
    with hold(newsroom_url, who="run"):
        assert upkeep.backup(newsroom_url, tmp_path / "night.jsonl.gz", now=NOON) > 0


@pytest.mark.usefixtures("store")
def test_a_copy_never_takes_the_place_of_another_file(newsroom_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "night.jsonl.gz"
    copy.write_text("something else")
    with pytest.raises(StorageError, match="there already"):
        upkeep.backup(newsroom_url, copy, now=NOON)
    assert copy.read_text() == "something else"
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(".part")] == []


@pytest.mark.usefixtures("store")
def test_a_database_in_use_is_not_replaced(newsroom_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "night.jsonl.gz"
    upkeep.backup(newsroom_url, copy, now=NOON)
    with hold(newsroom_url, who="run"), pytest.raises(InUseError, match="running on this database"):
        upkeep.restore(newsroom_url, copy, now=NOON, replace=True)


def test_what_is_there_is_only_replaced_when_asked_and_copied_away_first(
    store: Store, newsroom_url: str, tmp_path: Path
) -> None:
    copy, folder = tmp_path / "night.jsonl.gz", tmp_path / "kept"
    upkeep.backup(newsroom_url, copy, now=NOON)
    a_busy_night(store)
    before = what_is_told(store)
    with pytest.raises(StorageError, match="--replace"):
        upkeep.restore(newsroom_url, copy, now=NOON)
    assert what_is_told(store) == before
    kept = upkeep.restore(newsroom_url, copy, now=NOON, replace=True, backup_folder=folder).kept
    assert kept is not None
    assert kept.parent == folder
    assert store.alerts() == ()
    upkeep.restore(newsroom_url, kept, now=NOON + DAY, replace=True, backup_folder=folder)
    assert what_is_told(store) == before


def damaged(copy: Path, how: str) -> Path:
    """Return a copy that something happened to."""
    whole = gzip.decompress(copy.read_bytes())
    bad = copy.with_name(f"{how}.jsonl.gz")
    if how == "cut":
        bad.write_bytes(copy.read_bytes()[:-40])
    elif how == "last lines lost":
        bad.write_bytes(gzip.compress(whole[: len(whole) // 2].rpartition(b"\n")[0]))
    elif how == "a row lost":
        kept = [line for line in whole.splitlines() if b'"muted"' not in line]
        bad.write_bytes(gzip.compress(b"\n".join(kept)))
    elif how == "of a table nobody knows":
        bad.write_bytes(gzip.compress(whole.replace(b'{"table":"audit"', b'{"table":"gossip"')))
    else:
        bad.write_bytes(b"Dear editor,")
    return bad


def test_a_damaged_copy_changes_nothing(store: Store, newsroom_url: str, tmp_path: Path) -> None:
    a_busy_night(store)
    before, copy = what_is_told(store), tmp_path / "night.jsonl.gz"
    upkeep.backup(newsroom_url, copy, now=NOON)
    for how in ("cut", "last lines lost", "a row lost", "of a table nobody knows", "a letter"):
        with pytest.raises(StorageError, match="damaged, or is none"):
            upkeep.restore(newsroom_url, damaged(copy, how), now=NOON, replace=True, backup_folder=tmp_path)
        assert what_is_told(store) == before, how


def test_a_copy_from_a_newer_nightdesk_is_refused(store: Store, newsroom_url: str, tmp_path: Path) -> None:
    for head in ({"nightdesk": "copy", "format": 2}, {"nightdesk": "copy", "format": 1, "version": "9999"}):
        copy = tmp_path / f"{len(head)}.jsonl.gz"
        copy.write_bytes(gzip.compress(json.dumps(head).encode()))
        with pytest.raises(StorageError, match="newer Nightdesk"):
            upkeep.restore(newsroom_url, copy, now=NOON, replace=True, backup_folder=tmp_path)
    assert len(store.fetch_states()) == 1


def test_a_file_that_is_not_there_is_said_to_be_missing(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        upkeep.restore(database_url, tmp_path / "nothing.jsonl.gz", now=NOON)


def test_a_damaged_database_file_is_set_aside_and_replaced(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.db", tmp_path / "bad.db"
    with closing(open_store(f"sqlite:///{good}", now=NOON)) as store:
        store.declare_sources([a_source()], now=NOON)
    bad.write_bytes(good.read_bytes()[:50] + b"ink" * 20_000)
    done = upkeep.restore(f"sqlite:///{bad}", good, now=NOON)
    assert done.kept == tmp_path / "bad.db.damaged-20260318T180000Z"
    assert done.kept.exists()
    with closing(open_store(f"sqlite:///{bad}", now=NOON)) as restored:
        assert [state.source_id for state in restored.fetch_states()] == ["channel4ellery"]


def test_a_newer_database_can_be_replaced_by_a_copy_of_an_older_one(tmp_path: Path) -> None:
    address, copy = f"sqlite:///{tmp_path / 'nightdesk.db'}", tmp_path / "night.jsonl.gz"
    open_store(address, now=NOON).close()
    upkeep.backup(address, copy, now=NOON)
    with closing(sqlite3.connect(tmp_path / "nightdesk.db")) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    with pytest.raises(SchemaTooNewError):
        upkeep.backup(address, tmp_path / "new.jsonl.gz", now=NOON)
    kept = upkeep.restore(address, copy, now=NOON, replace=True).kept
    assert kept is not None
    open_store(address, now=NOON).close()


# ── Upgrades and numbers ──────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("store")
def test_there_is_nothing_to_upgrade_in_a_new_database(newsroom_url: str) -> None:
    done = upkeep.upgrade(newsroom_url, now=NOON)
    assert (done.before == done.after, done.copy) == (True, None)


def test_an_old_database_is_copied_and_upgraded(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'nightdesk.db'}"
    with closing(sqlite3.connect(tmp_path / "nightdesk.db")) as old:
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    done = upkeep.upgrade(address, now=NOON, backup_folder=tmp_path / "kept")
    assert (done.before, done.after) == ("0000", VERSIONS[-1])
    assert done.copy is not None
    assert done.copy.exists()
    with closing(open_store(address, now=NOON, migrate=False)) as store:
        assert store.alerts() == ()


def test_the_size_of_a_database_is_known(store: Store, newsroom_url: str) -> None:
    a_busy_night(store)
    stats = upkeep.stats(newsroom_url)
    assert stats.rows["articles"] == 5
    assert stats.rows["sources"] == 1
    assert stats.size > 50_000
    assert (stats.first_article, stats.last_article) == (NOON, NOON)


@pytest.mark.parametrize("ask", [upkeep.stats, lambda url: upkeep.plan(url, KEEP, now=NOON)])
def test_a_database_that_was_never_used_has_nothing_to_say(tmp_path: Path, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(StorageError, match="nothing in this database yet"):
        ask(f"sqlite:///{tmp_path / 'nightdesk.db'}")
