"""What do all parts of the store stand on? The database, and the id of this installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from news.errors import StorageError

if TYPE_CHECKING:
    from storage.database import Database


class Door:
    """A part of the store: some of the contract's methods over one database."""

    def __init__(self, database: Database, *, installation: str) -> None:
        """Stand on an open database."""
        self._database = database
        self._installation = installation

    def installation(self) -> str:
        """Return the random id made with the database."""
        return self._installation

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def missing(noun: str, id_: object) -> StorageError:
    """Return the error for something that should be in the database and is not."""
    return StorageError(f"There is no {noun} {id_} in the database.")
