"""Is this the only Nightdesk that files and sends on this database?

Two would tell a story twice. Beside a SQLite file a locked file says who is there; in PostgreSQL an advisory
lock on a connection of its own. Both go away by themselves with the process that holds them.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from news.errors import InUseError, StorageError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from sqlalchemy import Connection

    from storage.database import Database

#: Seconds between tries: somebody who only looks has a file for an instant; a server notices a killed process
#: a moment after it is gone (10 to 180 ms, measured).
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)
PATIENCE = timedelta(seconds=5)  # for a server to answer

_STOP = "Stop that one first, or give this one a database of its own."


class SoleHold(Protocol):
    """Being the only one, until released."""

    def still_held(self) -> bool:
        """Return whether this is still the only one: asked again before every write that leaves the house."""
        ...

    def regain(self) -> None:
        """Become the only one again after the hold was lost, such as when the server was started anew.

        Raises:
            InUseError: Another Nightdesk took it meanwhile.
            StorageError: The database cannot be reached.
        """
        ...

    def release(self) -> None:
        """Let somebody else in. A second call does nothing."""
        ...

    def __enter__(self) -> Self:
        """Hold it for a block."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release it at the end of the block."""
        ...


def hold(database: str, *, who: str) -> SoleHold:
    """Become the only one on this database, or say who is; `who` is told to the next one who asks.

    Raises:
        InUseError: Another Nightdesk holds it; the sentence says which one and what to do.
        StorageError: The database cannot be reached.
    """
    from storage.database import url_of

    url = url_of(database)
    if url.get_backend_name() == "sqlite":
        from storage.sqlite import path_of

        return FileHold(_lock_file(path_of(url)), who=who)
    return ServerHold(database, who=who)


def held_since(database: str) -> datetime | None:
    """Return since when somebody is the only one on this database, or None. Keeps nobody out.

    Raises:
        StorageError: The database cannot be reached.
    """
    from storage.database import url_of

    url = url_of(database)
    if url.get_backend_name() == "sqlite":
        from storage.sqlite import path_of

        return _locked_since(_lock_file(path_of(url)))
    from storage.postgresql import service_lock_since

    with _opened(database) as opened, opened.read() as connection:
        return service_lock_since(connection)


class FileHold:
    """A locked file beside the database."""

    def __init__(self, path: Path, *, who: str) -> None:
        """Lock it, or say who did."""
        self._path = path
        self._who = who
        self._file: int | None = _locked(path, who)

    def still_held(self) -> bool:
        """Return whether the file that is locked is the one that the next one would look at."""
        if self._file is None:
            return False
        try:
            there = self._path.stat()
        except OSError:
            return False
        mine = os.fstat(self._file)
        return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)

    def regain(self) -> None:
        """Lock the file that is there now, unless it is the one that is locked."""
        if not self.still_held():
            self.release()
            self._file = _locked(self._path, self._who)

    def release(self) -> None:
        """Let somebody else in."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        """Hold it for a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release it at the end of the block."""
        self.release()


def _lock_file(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


def _locked(path: Path, who: str) -> int:
    """Return the file, open, locked, and with whose it is in it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        sentence = f"The file {path} cannot be opened: {error.strerror}."
        raise StorageError(sentence) from error
    if not _lock(file):
        try:
            raise InUseError(_who_holds(file))
        finally:
            os.close(file)
    os.ftruncate(file, 0)
    os.pwrite(file, json.dumps({"who": who, "process": os.getpid()}).encode(), 0)
    return file


def _lock(file: int) -> bool:
    """Lock a file; somebody who only looks whether it is locked has it for an instant, so try a few times."""
    for pause in (*PAUSES, None):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if pause is not None:
                time.sleep(pause)
        else:
            return True
    return False


def _locked_since(path: Path) -> datetime | None:
    """Return since when a file is locked, or None."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    except OSError as error:
        sentence = f"The file {path} cannot be opened: {error.strerror}."
        raise StorageError(sentence) from error
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return datetime.fromtimestamp(os.fstat(file).st_mtime, UTC)
    finally:
        os.close(file)
    return None


def _who_holds(file: int) -> str:
    """Return who locked the file, as far as it says: its holder writes a moment after locking."""
    since = datetime.fromtimestamp(os.fstat(file).st_mtime, UTC)
    try:
        told = json.loads(os.pread(file, 4096, 0))
        holder = f"`{told['who']}`, process {told['process']}, since {since:%Y-%m-%d %H:%M} UTC"
    except (ValueError, KeyError, TypeError):
        holder = f"since {since:%Y-%m-%d %H:%M} UTC"
    return f"Nightdesk is running on this database already: {holder}. {_STOP}"


class ServerHold:
    """An advisory lock in PostgreSQL, on a connection of its own."""

    def __init__(self, address: str, *, who: str) -> None:
        """Lock it, or say who did."""
        from storage.database import Database

        self._database: Database = Database(address, patience=PATIENCE)
        self._who = f"nightdesk {who} on {socket.gethostname()}"
        self._connection: Connection | None = None
        try:
            self._connection = self._taken()
        except StorageError:
            self.release()
            raise

    def _taken(self) -> Connection:
        """Return a connection that holds the lock."""
        with self._database.in_words():
            connection = self._database.engine.connect()
            try:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                _take(connection, who=self._who)
            except BaseException:
                connection.invalidate()
                raise
        return connection

    def still_held(self) -> bool:
        """Return whether the server still counts this connection's lock."""
        from storage.postgresql import has_service_lock

        if self._connection is None:
            return False
        try:
            with self._database.in_words():
                return has_service_lock(self._connection)
        except StorageError:
            return False  # the connection is gone, and the lock with it

    def regain(self) -> None:
        """Take the lock on a new connection, unless the old one has it still."""
        if not self.still_held():
            lost, self._connection = self._connection, None
            if lost is not None:
                with self._database.in_words():
                    lost.invalidate()
                    lost.close()
            self._connection = self._taken()

    def release(self) -> None:
        """Let somebody else in."""
        connection, self._connection = self._connection, None
        with self._database.in_words():
            if connection is not None:
                connection.close()
        self._database.close()

    def __enter__(self) -> Self:
        """Hold it for a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release it at the end of the block."""
        self.release()


def _take(connection: Connection, *, who: str) -> None:
    """Take the service's lock, or say who has it."""
    from storage.postgresql import service_lock_holder, take_service_lock

    for pause in (*PAUSES, None):
        if take_service_lock(connection, who=who):
            return
        if pause is not None:
            time.sleep(pause)
    sentence = f"Nightdesk is running on this database already: {service_lock_holder(connection)}. {_STOP}"
    raise InUseError(sentence)


@contextmanager
def _opened(address: str) -> Iterator[Database]:
    from storage.database import Database

    database = Database(address, patience=PATIENCE)
    try:
        yield database
    finally:
        database.close()
