"""Does an old database become a new one, whole, with a copy of it left behind?"""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from news.errors import SchemaTooNewError, SchemaTooOldError, StorageError
from storage import migrating, migrations
from storage.database import Database
from storage.open import open_store
from storage.schema import VERSIONS
from tests import postgresql
from tests.nouns import NOON, a_source

SQLITE_SAYS = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
POSTGRESQL_SAYS = (COLUMNS, CONSTRAINTS, INDEXES, SEQUENCES)


@contextmanager
def opened(address: str) -> Iterator[Database]:
    """Open a database as it is."""
    database = Database(address, patience=timedelta(seconds=5))
    with closing(database):
        yield database


def described(database: Database) -> list[tuple[object, ...]]:
    """Return everything a database says of its tables, indexes and constraints."""
    asked = (SQLITE_SAYS,) if database.is_sqlite else POSTGRESQL_SAYS
    with database.read() as connection:
        rows = [row for question in asked for row in connection.execute(text(question))]
    return [tuple(_without_layout(value) for value in row) for row in rows]


def _without_layout(value: object) -> object:
    if not isinstance(value, str):
        return value
    return " ".join(value.split()).replace("( ", "(").replace(" )", ")")


def an_old_database(address: str) -> None:
    """Make a database from before the first migration."""
    with opened(address) as database, database.write() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))


@pytest.fixture
def second_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of another empty database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'second.db'}"
        return
    server: postgresql.Server = request.getfixturevalue("postgres")()
    server.say("CREATE DATABASE second")
    yield server.url("second")
    server.say("DROP DATABASE second WITH (FORCE)")


def test_migrating_and_making_afresh_come_to_the_same(database_url: str, second_url: str) -> None:
    with opened(database_url) as climbed, opened(second_url) as made:
        with climbed.write() as connection:
            migrating.climb(connection, "head")
        migrating.make_tables(made)
        assert described(climbed) == described(made)
        assert migrating.version_of(climbed) == migrating.version_of(made) == VERSIONS[-1]
        assert len(described(made)) > 50


def test_every_step_is_known_to_the_program_in_order() -> None:
    steps = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(step.revision for step in reversed(list(steps.walk_revisions()))) == VERSIONS


def test_a_new_database_is_made_once(database_url: str) -> None:
    with opened(database_url) as database:
        assert migrating.version_of(database) is None
        migrating.make_tables(database)
        migrating.make_tables(database)
        assert migrating.version_of(database) == VERSIONS[-1]


def test_an_old_database_is_copied_and_migrated_when_it_is_opened(database_url: str, tmp_path: Path) -> None:
    an_old_database(database_url)
    with pytest.raises(SchemaTooOldError):
        open_store(database_url, now=NOON, migrate=False)
    folder = tmp_path / "backups"
    with closing(open_store(database_url, now=NOON, backup_folder=folder)) as store:
        store.declare_sources([a_source()], now=NOON)
    (copy,) = folder.iterdir()
    assert f"before-{VERSIONS[-1]}-20260318T180000Z" in copy.name
    assert (copy.stat().st_mode & 0o777) == 0o600
    if copy.suffix == ".db":
        with closing(sqlite3.connect(copy)) as kept:
            assert kept.execute("SELECT count(*) FROM alembic_version").fetchone() == (0,)
    else:
        lines = [json.loads(line) for line in gzip.decompress(copy.read_bytes()).splitlines()]
        assert lines[0]["version"] == "0000"
        assert lines[-1] == {"end": 0}


def test_a_copy_in_postgresql_needs_a_folder_to_go_to(postgres_url: str) -> None:
    an_old_database(postgres_url)
    with pytest.raises(StorageError, match="pg_dump"):
        open_store(postgres_url, now=NOON)
    with opened(postgres_url) as database:
        assert migrating.version_of(database) == migrating.BEFORE_THE_FIRST


def test_a_migration_that_fails_leaves_the_old_database_untouched(database_url: str, tmp_path: Path) -> None:
    an_old_database(database_url)
    with opened(database_url) as database:
        with database.write() as connection:  # in the way of the last table that is made
            connection.execute(text("CREATE TABLE meta (name TEXT)"))
        before = described(database)
        with pytest.raises(StorageError):
            migrating.upgrade(database, now=NOON, backup_folder=tmp_path / "backups")
        assert described(database) == before


def test_a_newer_database_is_refused_and_not_touched(database_url: str) -> None:
    open_store(database_url, now=NOON).close()
    with opened(database_url) as database:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        before = described(database)
        with pytest.raises(SchemaTooNewError, match="A newer Nightdesk wrote this database"):
            open_store(database_url, now=NOON)
        assert described(database) == before


def test_a_database_of_something_else_is_refused(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as connection:
            connection.execute(text("CREATE TABLE articles (headline TEXT)"))
        with pytest.raises(StorageError, match="belongs to something else"):
            open_store(database_url, now=NOON)
        with database.read() as connection:
            assert inspect(connection).get_table_names() == ["articles"]


def test_a_database_file_is_nobody_elses_to_read(tmp_path: Path) -> None:
    file = tmp_path / "newsroom" / "nightdesk.db"
    open_store(f"sqlite:///{file}", now=NOON).close()
    assert (file.stat().st_mode & 0o777) == 0o600


def test_what_was_promised_survives_a_power_cut(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'nightdesk.db'}") as database, database.read() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        pragmas = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in asked]
    assert pragmas == ["wal", 2, 1]


def test_times_are_kept_in_utc_by_a_server_in_another_zone(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as door:
        door.execute(f"ALTER DATABASE {door.info.dbname} SET TimeZone = 'Pacific/Chatham'".encode())
    with closing(open_store(postgres_url, now=NOON)) as store:
        store.declare_sources([a_source()], now=NOON)
        (state,) = store.fetch_states()
    assert state.next_due == NOON
    assert str(state.next_due) == "2026-03-18 18:00:00+00:00"
