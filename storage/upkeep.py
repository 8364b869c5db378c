"""How is a database looked after? Copied, put back, pruned, brought up to date, measured.

What `nightdesk db …` runs. Each takes the address of the database and lets go of it at the end.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from news.errors import SchemaTooNewError, StorageError
from storage import migrating, sqlite
from storage.copies import Copy, lines_of, load, open_copy, start, tables_of, write_copy
from storage.database import Database
from storage.finding import search_words
from storage.pruning import Pruning, apply_pruning, plan_pruning
from storage.schema import VERSIONS, article_versions, articles
from storage.sole import hold

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from config.settings import KeepSettings

PATIENCE = timedelta(seconds=30)  # upkeep can wait for a busy service
SQLITE_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What restoring did."""

    rows: int
    # Where what was there before is now.
    kept: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What upgrading did; `before == after` when there was nothing to do."""

    before: str
    after: str
    copy: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """How big is it?"""

    version: str
    size: int  # bytes
    rows: Mapping[str, int]
    first_article: datetime | None
    last_article: datetime | None


def backup(address: str, to: Path, *, now: datetime) -> int:
    """Write a copy of the database, which may be in use; return how many rows it has.

    A copy of either database can be restored into either.
    """
    with _opened(address) as database, database.read() as connection:
        version = _known(migrating.version_in(connection))
        rows = 0
        lines = lines_of(connection, version=version, now=now)

        def counted() -> Iterator[dict[str, object] | list[object]]:
            nonlocal rows
            for line in lines:
                rows += isinstance(line, list)
                yield line

        write_copy(to, counted())
    return rows


def restore(
    address: str, copy: Path, *, now: datetime, replace: bool = False, backup_folder: Path | None = None
) -> Restored:
    """Put a copy in the place of the database: all of it, or nothing when it raises.

    What is there already is copied away first, and only when `replace` allows it.
    """
    with hold(address, who="db restore"), _copied(copy, now) as opened:
        if opened.version not in (*VERSIONS, migrating.BEFORE_THE_FIRST):
            raise SchemaTooNewError(
                "This copy was made by a newer Nightdesk. Install that version to use it."
            )
        set_aside = _set_aside_damaged(address, now)
        with _opened(address) as database:
            kept = _copy_what_is_there(database, now=now, replace=replace, backup_folder=backup_folder)
            with database.write() as connection:
                _empty(connection)
                rows = _fill(database, connection, opened)
    return Restored(rows=rows, kept=kept or set_aside)


def copy_to_try_on(address: str, to: Path, *, now: datetime) -> None:
    """Make a SQLite file of everything in the database, which may be in use: for what must leave no trace.

    A SQLite file is copied as it is, in a tenth of the time; whoever opens the copy brings it up to date.
    """
    with _opened(address) as database:
        if database.is_sqlite:
            _known(migrating.version_of(database))
            with database.in_words():
                sqlite.copy_file(sqlite.path_of(database.url), to)
            return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        backup(address, copy, now=now)
        restore(f"sqlite:///{to}", copy, now=now)


def plan(address: str, keep: KeepSettings, *, now: datetime) -> Pruning:
    """Return what pruning would remove."""
    with _opened(address) as database:
        _known(migrating.version_of(database))
        return plan_pruning(database, keep, now=now)


def prune(address: str, keep: KeepSettings, *, now: datetime) -> Pruning:
    """Remove texts, headlines and records that are older than the newsroom keeps."""
    with _opened(address) as database:
        _known(migrating.version_of(database))
        return apply_pruning(database, keep, now=now)


def upgrade(address: str, *, now: datetime, backup_folder: Path | None = None) -> Upgraded:
    """Copy an older database away and bring it to the newest version."""
    with hold(address, who="db upgrade"), _opened(address) as database:
        before = _known(migrating.version_of(database))
        if before == migrating.NEWEST:
            return Upgraded(before=before, after=before, copy=None)
        copy = migrating.upgrade(database, now=now, backup_folder=backup_folder)
        return Upgraded(before=before, after=migrating.NEWEST, copy=copy)


def stats(address: str) -> Stats:
    """Return how big the database is."""
    with _opened(address) as database, database.read() as connection:
        version = _known(migrating.version_in(connection))
        rows = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables_of(connection)
        }
        ends = connection.execute(
            select(func.min(articles.c.first_seen), func.max(articles.c.first_seen))
        ).one()
        size = database.kind.database_size(connection)
    return Stats(version=version, size=size, rows=rows, first_article=ends[0], last_article=ends[1])


@contextmanager
def _opened(address: str) -> Iterator[Database]:
    database = Database(address, patience=PATIENCE)
    try:
        yield database
    finally:
        database.close()


def _known(version: str | None) -> str:
    if version is None:
        raise StorageError("There is nothing in this database yet. The first run makes it: nightdesk run")
    return version


@contextmanager
def _copied(copy: Path, now: datetime) -> Iterator[Copy]:
    """Open a copy: one that `backup` wrote, or a SQLite file."""
    if not _is_sqlite(copy):
        yield open_copy(copy)
        return
    with tempfile.TemporaryDirectory() as folder:
        # A copy of the copy, so that not even a journal is written beside it.
        inside = Path(folder) / "copy.db"
        try:
            sqlite.copy_file(copy, inside)
        except sqlite3.Error as error:
            raise StorageError(sqlite.explain(error)) from error
        with _opened(f"sqlite:///{inside}") as database, database.read() as connection:
            version = _known(migrating.version_in(connection))
            yield start(lines_of(connection, version=version, now=now))


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    except OSError as error:
        sentence = f"{path} cannot be read: {error.strerror}."
        raise StorageError(sentence) from error


def _set_aside_damaged(address: str, now: datetime) -> Path | None:
    """Rename a SQLite file that cannot be read any more, so that a copy can take its place."""
    with _opened(address) as database:
        if not database.is_sqlite:
            return None
        try:
            migrating.version_of(database)
        except StorageError as error:
            if str(error) != sqlite.DAMAGED:
                return None
        else:
            return None
        path = sqlite.path_of(database.url)
    aside = path.with_name(f"{path.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    for ending in ("", "-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _copy_what_is_there(
    database: Database, *, now: datetime, replace: bool, backup_folder: Path | None
) -> Path | None:
    try:
        if migrating.version_of(database) is None:
            return None
    except SchemaTooNewError:
        pass  # a newer one may be replaced too; it is copied first like any other
    if not replace:
        raise StorageError(
            "There is a database in that place already. To replace it, add --replace: what is there is copied"
            " away first."
        )
    return migrating.copy_away(database, now=now, backup_folder=backup_folder, why="before-restore")


def _empty(connection: Connection) -> None:
    """Drop every table that is there."""
    for name in sorted({"search", "alembic_version"} & set(inspect(connection).get_table_names())):
        connection.execute(text(f"DROP TABLE {name}"))
    for table in reversed(tables_of(connection)):
        table.drop(connection)


def _fill(database: Database, connection: Connection, copy: Copy) -> int:
    """Make the tables of the copy's version, put its rows in, and bring them to the newest version."""
    if copy.version != migrating.BEFORE_THE_FIRST:
        migrating.climb(connection, copy.version)
    rows = load(connection, copy.lines)
    migrating.climb(connection, migrating.NEWEST)
    newest = (articles.c.id == article_versions.c.article_id) & (
        articles.c.version == article_versions.c.version
    )
    texts = select(articles.c.id, article_versions.c.title, article_versions.c.text).join(
        article_versions, newest
    )
    for article_id, title, words in connection.execute(texts).all():
        database.kind.put_words(connection, article_id, search_words(title, words))
    return rows
