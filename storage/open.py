"""How is a store opened? Made when it is new, migrated when it is old, refused when it is too new."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from news.errors import SchemaTooOldError

if TYPE_CHECKING:
    from storage.contract import Store
    from storage.database import Database

PATIENCE = timedelta(seconds=5)  # that one writer waits for another


def open_store(
    database: str,
    *,
    now: datetime,
    migrate: bool = True,
    backup_folder: Path | None = None,
    installation: str | None = None,
    patience: timedelta = PATIENCE,
) -> Store:
    """Return an open store; `database` is sqlite:///path or postgresql+psycopg://….

    A new database gets its tables and the id of the installation (a random one, unless given). An older one
    is copied into `backup_folder` (beside a SQLite file, unless given) and migrated.

    Raises:
        SchemaTooNewError: A newer Nightdesk wrote it.
        SchemaTooOldError: An older one wrote it, and `migrate` is False.
        StorageError: It cannot be reached.
    """
    from storage.database import Database
    from storage.store import DatabaseStore

    opened = Database(database, patience=patience)
    try:
        _make_ready(opened, now=now, migrate=migrate, backup_folder=backup_folder)
        return DatabaseStore(opened, installation=_installation(opened, installation))
    except BaseException:
        opened.close()
        raise


def _make_ready(opened: Database, *, now: datetime, migrate: bool, backup_folder: Path | None) -> None:
    from storage import migrating

    found = migrating.version_of(opened)
    if found is None:
        migrating.make_tables(opened)
    elif found != migrating.NEWEST:
        if not migrate:
            raise SchemaTooOldError("the database was made by an older Nightdesk")
        migrating.upgrade(opened, now=now, backup_folder=backup_folder)


def _installation(opened: Database, given: str | None) -> str:
    """Return the installation's id; whoever comes first makes it."""
    from sqlalchemy import select

    from storage.schema import meta

    asked = select(meta.c.value).where(meta.c.name == "installation")
    with opened.read() as connection:
        known = connection.execute(asked).scalar_one_or_none()
    if known is not None:
        return str(known)
    with opened.write() as connection:
        made = {"name": "installation", "value": given or token_hex(16)}
        connection.execute(opened.insert_once(meta, "name"), made)
        return str(connection.execute(asked).scalar_one())
