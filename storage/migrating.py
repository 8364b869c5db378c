"""Which version is this database of, and how does it become one of ours?"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from news.errors import SchemaTooNewError, StorageError
from storage import migrations, sqlite
from storage.copies import lines_of, write_copy
from storage.naming import metadata
from storage.schema import VERSIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection

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
        return version_in(connection)


def version_in(connection: Connection) -> str | None:
    """Return the version of the database that this connection sees, or None for an empty one."""
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
    """Copy an older database away and bring it to the newest version; return the copy.

    The steps run in one transaction: afterwards it is the new version, or the old one untouched.
    """
    copy = copy_away(database, now=now, backup_folder=backup_folder, why=f"before-{NEWEST}")
    with database.write() as connection:
        climb(connection, NEWEST)
    return copy


def climb(connection: Connection, version: str) -> None:
    """Take every step that is missing up to this version, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    steps = Config()
    steps.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    steps.set_main_option("path_separator", "os")
    steps.attributes["connection"] = connection
    command.upgrade(steps, version)


def copy_away(database: Database, *, now: datetime, backup_folder: Path | None, why: str) -> Path:
    """Copy the whole database into a folder, under a name that says when and why; return the copy."""
    if database.is_sqlite:
        origin = sqlite.path_of(database.url)
        copy = _name(backup_folder or origin.parent, origin.stem, now, why, ".db")
        with database.in_words():
            sqlite.copy_file(origin, copy)
        return copy
    if backup_folder is None:
        raise StorageError(
            "Before the database in PostgreSQL is changed it must be copied. Say into which folder"
            " (nightdesk db upgrade --backup FOLDER), or copy it with pg_dump first."
        )
    copy = _name(backup_folder, "nightdesk", now, why, ".jsonl.gz")
    with database.read() as connection:
        write_copy(copy, lines_of(connection, version=version_in(connection) or BEFORE_THE_FIRST, now=now))
    return copy


def _name(folder: Path, stem: str, now: datetime, why: str, ending: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = f"The folder {folder} cannot be made: {error.strerror}."
        raise StorageError(sentence) from error
    name = f"{stem}-{why}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    names = (folder / f"{name}{number}{ending}" for number in chain([""], (f"-{n}" for n in count(2))))
    return next(path for path in names if not path.exists())
