"""How is the database reached? One engine, three kinds of transaction, and every refusal in words.

with database.read() as connection: …    one moment, however many tables
with database.write() as connection: …   alone: writers to stories and to the outbox stand in line
with database.write_beside() as …        beside other writers: only rows that nobody else touches
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, cast

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, StatementError

from news.errors import StorageError
from storage.compiled import compiled_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import URL, Connection, Delete, Engine, Insert, Select, Table, TextClause, Update

    from news.matching.searching import Wanted
    from storage.bulk import Bulk

SHORTEST_SECRET = 3  # characters; hiding shorter pieces would garble the sentence


class Kind(Protocol):
    """What `storage/sqlite.py` and `storage/postgresql.py` both answer, each in its way."""

    READING: Mapping[str, Any]
    WRITING: Mapping[str, Any]
    WRITING_BESIDE: Mapping[str, Any]
    DRIVER_ERROR: type[Exception]
    CREATE_SEARCH: tuple[str, ...]
    #: The ids (article_id) of the articles that are filed under what is `:asked`.
    HOLDERS: TextClause

    def open_engine(self, url: URL, *, patience: timedelta) -> Engine:
        """Return an engine; one writer waits for another as long as `patience`."""
        ...

    def explain(self, error: BaseException) -> str:
        """Return what a driver's error means to a person."""
        ...

    def insert_once(self, table: Table, keys: Sequence[str]) -> Insert:
        """Return an insert that leaves alone a row that is there already, by these keys or by any."""
        ...

    def put_words(self, connection: Connection, article_id: int, words: str) -> None:
        """Make an article's words findable, instead of those it had."""
        ...

    def forget_words(self, connection: Connection, article_id: int) -> None:
        """Make an article findable no more."""
        ...

    def fetch_bytes(
        self, connection: Connection, statement: Select[Any], values: Mapping[str, Any]
    ) -> list[tuple[Any, ...]]:
        """Return all rows, as the driver gives them, with the quickest way for columns of bytes."""
        ...

    def asked(self, wanted: Wanted) -> str:
        """Return what is wanted as the full-text index is asked for it."""
        ...

    def find_stories(self, connection: Connection, wanted: Wanted) -> Iterator[int]:
        """Return the story of every article that holds what is wanted, best first."""
        ...

    def database_size(self, connection: Connection) -> int:
        """Return how many bytes the database takes."""
        ...

    def give_room_back(self, url: URL) -> None:
        """Make the database smaller by what was deleted."""
        ...


class Database:
    """An engine on one database, used from one thread at a time."""

    def __init__(self, address: str, *, patience: timedelta) -> None:
        """Prepare to reach it; nothing is opened yet."""
        self.url = url_of(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.kind = _kind_of(self.url)
        self._secrets = _secrets_in(address)
        with self.in_words():
            self.engine = self.kind.open_engine(self.url, patience=patience)
        known = compiled_for(self.url.get_backend_name())
        self._reading = self.engine.execution_options(compiled_cache=known, **self.kind.READING)
        self._writing = self.engine.execution_options(compiled_cache=known, **self.kind.WRITING)
        self._writing_beside = self.engine.execution_options(compiled_cache=known, **self.kind.WRITING_BESIDE)
        self._inserts: dict[tuple[str, ...], Insert] = {}
        self._bulks: dict[tuple[str, ...], Bulk] = {}

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database."""
        with self.in_words(), self._reading.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection that writes alone; committed at the end of the block, or nothing happened."""
        with self.in_words(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def write_beside(self) -> Iterator[Connection]:
        """Give a connection that may write while others do."""
        with self.in_words(), self._writing_beside.begin() as connection:
            yield connection

    def insert_once(self, table: Table, *keys: str) -> Insert:
        """Return an insert that leaves alone a row that is there already, by these keys or by any."""
        known = self._inserts.get((table.name, *keys))
        if known is None:
            known = self._inserts[table.name, *keys] = self.kind.insert_once(table, keys)
        return known

    def bulk_insert_once(self, table: Table, *keys: str, names: Sequence[str]) -> Bulk:
        """Return an insert of many rows with these columns; leaves alone what is there already."""
        known = self._bulks.get((table.name, *keys))
        if known is None:
            known = self._bulk((table.name, *keys), self.kind.insert_once(table, keys), names)
        return known

    def bulk(
        self, statement: Insert | Update | Delete, name: str, *, names: Sequence[str] | None = None
    ) -> Bulk:
        """Return a statement to be run for many rows, known by a name; an insert's columns are `names`."""
        return self._bulks.get((name,)) or self._bulk((name,), statement, names)

    def _bulk(
        self, key: tuple[str, ...], statement: Insert | Update | Delete, names: Sequence[str] | None
    ) -> Bulk:
        from storage.bulk import Bulk

        known = self._bulks[key] = Bulk(statement, self.engine.dialect, names=names)
        return known

    def close(self) -> None:
        """Let go of every connection."""
        with self.in_words():
            self.engine.dispose()

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Raise whatever the driver or SQLAlchemy raises as a `StorageError`."""
        try:
            yield
        except (SQLAlchemyError, OverflowError, self.kind.DRIVER_ERROR) as error:
            sentence = _without(self._secrets, self.kind.explain(_origin(error)))
            # A cause that names a secret would be printed with the error.
            hides = _without(self._secrets, str(error)) == str(error)
            raise StorageError(sentence) from (error if hides else None)


def url_of(address: str) -> URL:
    """Return the address of a database, taken apart."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # the text of either may hold a piece of the password
        url = None
    if url is None or url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StorageError(
            "The address under `database` cannot be read. Write sqlite:///path/to/nightdesk.db"
            " or postgresql+psycopg://name:password@host/database"
        ) from None
    if "@" in (url.host or ""):
        raise StorageError("The password under `database` has an @ in it. Write %40 instead, or %2F for a /.")
    return url


def _kind_of(url: URL) -> Kind:
    kind: ModuleType
    if url.get_backend_name() == "sqlite":
        from storage import sqlite as kind
    else:
        try:
            from storage import postgresql as kind
        except ModuleNotFoundError as error:
            raise StorageError('PostgreSQL needs one more library: pip install "psycopg[binary]"') from error
    return cast("Kind", kind)


def _origin(error: BaseException) -> BaseException:
    """Return the driver's error inside SQLAlchemy's."""
    if isinstance(error, DBAPIError | StatementError) and error.orig is not None:
        return error.orig
    return error


def _secrets_in(address: str) -> tuple[str, ...]:
    """Return every piece of the address that may be part of a password.

    A password with an unescaped @ or / is cut in the wrong place, and half of it turns up as a host's name in
    the driver's error: so each piece of what stands before the last @ is one.
    """
    login, at, _ = address.partition("://")[2].rpartition("@")
    if not at:
        return ()
    password = login.partition(":")[2]
    pieces = {password, *re.split(r"[@/:?#]", password)}
    return tuple(sorted((p for p in pieces if len(p) >= SHORTEST_SECRET), key=len, reverse=True))


def _without(secrets: tuple[str, ...], words: str) -> str:
    for secret in secrets:
        words = words.replace(secret, "…")
    return words
