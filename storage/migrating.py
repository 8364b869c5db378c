"""Which version is this database of, and how does it become one of ours?"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from news.errors import SchemaTooNewError, StorageError
from storage.schema import VERSIONS, metadata

if TYPE_CHECKING:
    from storage.database import Database

NEWEST = VERSIONS[-1]
BEFORE_THE_FIRST = "0000"  # the table of versions is there and empty

_VERSION_TABLE = (
    "CREATE TABLE alembic_version"
    " (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


def version_of(database: Database) -> str | None:
    """Return the version of a database, or None for an empty one.

    Raises:
        SchemaTooNewError: A newer Nightdesk wrote it; nothing was touched.
        StorageError: It holds tables, and they are not ours.
    """
    with database.read() as connection:
        tables = set(inspect(connection).get_table_names())
        if "alembic_version" not in tables:
            if tables & set(metadata.tables):
                raise StorageError("This database belongs to something else. Give Nightdesk one of its own.")
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is not None and found not in VERSIONS:
        raise SchemaTooNewError(
            "A newer Nightdesk wrote this database; nothing was touched. Install that version again, or put a"
            " backup in place: nightdesk db restore FILE"
        )
    return found or BEFORE_THE_FIRST


def make_tables(database: Database) -> None:
    """Make every table in an empty database; whoever comes second finds them made."""
    with database.write() as connection:
        if inspect(connection).has_table("alembic_version"):
            return
        metadata.create_all(connection, checkfirst=False)
        for statement in database.kind.CREATE_SEARCH:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(_VERSION_TABLE)
        connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": NEWEST})


def upgrade(database: Database, *, now: datetime, backup_folder: Path | None) -> Path:
    """Copy an older database away and bring it to the newest version, in one transaction; return the copy."""
    raise NotImplementedError
