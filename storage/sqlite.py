"""What is SQLite's own way? Everything in which it differs from PostgreSQL is here, and nowhere else."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.dialects.sqlite import insert

from news.errors import StorageError
from news.matching.searching import OVERLONG, AllOf, Key, OneOf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import URL, Connection, Engine, Select, Table
    from sqlalchemy.dialects.sqlite import Insert

    from news.matching.searching import Wanted

#: Options of a connection: how its transactions begin.
READING = {"nightdesk_begin": "BEGIN"}
WRITING = {"nightdesk_begin": "BEGIN IMMEDIATE"}
WRITING_BESIDE = WRITING  # SQLite has one writer at a time anyway

DRIVER_ERROR: type[Exception] = sqlite3.Error

CREATE_SEARCH: tuple[str, ...] = (
    "CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')",
)

_PUT_WORDS = text("INSERT OR REPLACE INTO search (rowid, words) VALUES (:article_id, :words)")
_FORGET_WORDS = text("DELETE FROM search WHERE rowid = :article_id")
_FIND = text(
    "SELECT a.story_id FROM search JOIN articles AS a ON a.id = search.rowid"
    " WHERE search MATCH :asked ORDER BY search.rank, a.id DESC"
)
#: The articles that are filed under what is asked.
HOLDERS = text("SELECT rowid AS article_id FROM search WHERE search MATCH :asked")

_BUSY = "The database is busy: another program has been writing to it for too long. Try again in a moment."
DAMAGED = (
    "The database file is damaged, or is not a database. Put a backup in place: nightdesk db restore FILE"
)
_REFUSED = "The database file may not be read or written. Look at its owner and its rights."
_NO_ROOM = "The disk that holds the database is full. Make room: nothing that was stored is lost."
_SENTENCES = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _NO_ROOM,
    sqlite3.SQLITE_IOERR: "The disk that holds the database cannot be read or written.",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened. Look at the folder it should be in.",
    sqlite3.SQLITE_READONLY: _REFUSED,
    sqlite3.SQLITE_PERM: _REFUSED,
    sqlite3.SQLITE_CONSTRAINT: "The database refused a row that contradicts another one.",
}


def open_engine(url: URL, *, patience: timedelta) -> Engine:
    """Return an engine on a file; one writer waits for another as long as `patience`."""
    _make_private(path_of(url))
    engine = create_engine(
        url,
        connect_args={"timeout": patience.total_seconds(), "check_same_thread": False},
        pool_size=1,
        max_overflow=1,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin when we say so
        for pragma in (
            "page_size = 8192",  # of a new file: a whole article fits into one page
            "auto_vacuum = INCREMENTAL",  # so that pruning gives the room back
            "journal_mode = WAL",
            "synchronous = FULL",  # what was promised survives a power cut
            "foreign_keys = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options()["nightdesk_begin"])

    return engine


def path_of(url: URL) -> Path:
    """Return the database's file."""
    if not url.database or url.database == ":memory:":
        raise StorageError("The database needs a file: sqlite:///path/to/nightdesk.db")
    return Path(url.database)


def _make_private(path: Path) -> None:
    """Make the file, readable by nobody else, if there is none yet.

    A file that is there is never opened here: closing it would drop the locks that this process's own
    connections hold on it (POSIX), and another process would take the write-ahead log for abandoned.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        sentence = f"The database file {path} cannot be opened: {error.strerror}."
        raise StorageError(sentence) from error


def explain(error: BaseException) -> str:
    """Return what a driver's error means to a person."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None and (sentence := _SENTENCES.get(code & 0xFF)):
            return sentence
    return f"The database refused: {error}"


def insert_once(table: Table, keys: Sequence[str]) -> Insert:
    """Return an insert that leaves alone a row that is there already, by these keys or by any."""
    return insert(table).on_conflict_do_nothing(index_elements=list(keys) or None)


def put_words(connection: Connection, article_id: int, words: str) -> None:
    """Make an article's words findable, instead of those it had."""
    connection.execute(_PUT_WORDS, {"article_id": article_id, "words": words})


def forget_words(connection: Connection, article_id: int) -> None:
    """Make an article findable no more."""
    connection.execute(_FORGET_WORDS, {"article_id": article_id})


def fetch_bytes(
    connection: Connection, statement: Select[Any], values: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """Return all rows, as the driver gives them."""
    return list(connection.execute(statement, values).cursor.fetchall())


def asked(wanted: Wanted) -> str:
    """Return what to ask the full-text index; what is too long to be filed whole is always found."""
    return f'{_asked(wanted)} OR "{OVERLONG}"'


def _asked(wanted: Wanted) -> str:
    match wanted:
        case Key():
            return f'"{wanted.text}"{"*" if wanted.begins else ""}'
        case AllOf():
            return f"({' AND '.join(map(_asked, wanted.parts))})"
        case OneOf():
            return f"({' OR '.join(map(_asked, wanted.parts))})"


def find_stories(connection: Connection, wanted: Wanted) -> Any:  # noqa: ANN401  a scalar result
    """Return the story of every article that holds what is wanted, best first; a story may come twice."""
    return connection.execute(_FIND, {"asked": _asked(wanted)}).scalars()


def database_size(connection: Connection) -> int:
    """Return how many bytes the database takes."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def give_room_back(url: URL) -> None:
    """Take what was deleted out of the search index and the file, and fold the journal into it."""
    with closing(sqlite3.connect(path_of(url))) as connection:
        # A script, because each step of this pragma frees one page, and execute() takes one step.
        connection.executescript(_GIVE_ROOM_BACK)


_GIVE_ROOM_BACK = """
    INSERT INTO search (search) VALUES ('optimize');
    PRAGMA incremental_vacuum;
    PRAGMA wal_checkpoint(TRUNCATE);
"""


def copy_file(origin: Path, copy: Path) -> None:
    """Write a whole copy of a database that may be in use."""
    with closing(sqlite3.connect(origin)) as source, closing(sqlite3.connect(copy)) as target:
        copy.chmod(0o600)
        source.backup(target)
