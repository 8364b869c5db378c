"""How does a whole database travel? As lines of JSON, compressed, that both databases can read.

    {"nightdesk": "copy", "format": 1, "version": "0001", "made": "2026-03-18T18:00:00.000000+00:00"}
    {"table": "sources", "columns": ["id", "name", …]}
    ["channel4ellery", "Channel 4 Ellery", …]
    …
    {"end": 1234}

The tables are read as the database has them, not as this version would: so a copy can be made before a
migration. The search table and the fingerprints are left out; they are made again from the texts.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Column, DateTime, MetaData, Table, bindparam, func, insert, select, text, update

from news.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import TypeAlias

    from sqlalchemy import Connection

    #: One line of a copy.
    Line: TypeAlias = dict[str, Any] | list[Any]

FORMAT = 1
BATCH = 500  # rows written at once

_DAMAGED = "This copy of the database is damaged, or is none. Use another one."


class Copy(NamedTuple):
    """An opened copy: the version of its tables, and its lines after the first."""

    version: str
    lines: Iterator[Line]


def lines_of(connection: Connection, *, version: str, now: datetime) -> Iterator[Line]:
    """Yield a whole database, line by line."""
    yield {"nightdesk": "copy", "format": FORMAT, "version": version, "made": _plain(now)}
    rows = 0
    for table in travelling(connection):
        yield {"table": table.name, "columns": list(table.columns.keys())}
        asked = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
        for row in connection.execute(asked):
            yield [_plain(value) for value in row]
            rows += 1
    yield {"end": rows}


def write_copy(path: Path, lines: Iterable[Line]) -> None:
    """Write a copy that is there whole, or not at all; readable by nobody else."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            sentence = f"{path} is there already. Choose another name."
            raise StorageError(sentence)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with gzip.open(file, "wt", encoding="utf-8", compresslevel=6) as out:
                for line in lines:
                    out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        sentence = f"{path} cannot be written: {error.strerror}."
        raise StorageError(sentence) from error
    finally:
        part.unlink(missing_ok=True)


def open_copy(path: Path) -> Copy:
    """Open a copy that `write_copy` wrote."""
    return start(_read(path))


def start(lines: Iterator[Line]) -> Copy:
    """Read the first line."""
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("nightdesk") != "copy":
        raise StorageError(_DAMAGED)
    if head.get("format") != FORMAT:
        raise StorageError("This copy was made by a newer Nightdesk. Install that version to use it.")
    return Copy(str(head.get("version")), lines)


def load(connection: Connection, lines: Iterator[Line]) -> int:
    """Put every row of a copy into empty tables of its version; return how many."""
    tables = {table.name: table for table in tables_of(connection)}
    rows = 0
    line = next(lines, None)
    while isinstance(line, dict) and "table" in line:
        table = tables.get(line["table"])
        if table is None:
            raise StorageError(_DAMAGED)
        loaded, line = _load_table(connection, table, line["columns"], lines)
        rows += loaded
    if not isinstance(line, dict) or line.get("end") != rows:
        raise StorageError(_DAMAGED)
    if connection.dialect.name == "postgresql":
        _count_on(connection, tables.values())
    return rows


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables as they are there, those that others refer to first."""
    found = MetaData()
    found.reflect(connection, only=_is_ours)
    return found.sorted_tables


def travelling(connection: Connection) -> list[Table]:
    """Return the tables of which the rows go into a copy."""
    return [table for table in tables_of(connection) if not table.name.startswith("sameness")]


def _is_ours(table: str, _all: object) -> bool:
    return table != "alembic_version" and not table.startswith("search")


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a column holds
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


def _read(path: Path) -> Iterator[Line]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except FileNotFoundError as error:
        sentence = f"There is no file {path}."
        raise StorageError(sentence) from error
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise StorageError(_DAMAGED) from error


def _load_table(
    connection: Connection, table: Table, columns: list[str], lines: Iterator[Line]
) -> tuple[int, Line | None]:
    """Put the rows of one table in; return how many, and the line that comes after them."""
    if set(columns) != set(table.columns.keys()):
        raise StorageError(_DAMAGED)
    moments = {name for name in columns if isinstance(table.columns[name].type, DateTime)}
    # A row may refer to a later one of its own table: put in without, and told afterwards.
    later = [column.name for column in table.columns if _refers_to_itself(column)]
    waiting: list[dict[str, Any]] = []
    count = 0
    after: list[Line | None] = [None]
    rows = _rows(columns, moments, lines, after)
    while batch := list(islice(rows, BATCH)):
        count += len(batch)
        waiting += [row for row in batch if any(row[name] is not None for name in later)]
        connection.execute(insert(table), [row | dict.fromkeys(later) for row in batch])
    for row in waiting:
        refer = update(table).where(table.c.id == bindparam("this")).values({n: row[n] for n in later})
        connection.execute(refer, {"this": row["id"]})
    return count, after[0]


def _rows(
    columns: list[str], moments: set[str], lines: Iterator[Line], after: list[Line | None]
) -> Iterator[dict[str, Any]]:
    for line in lines:
        if isinstance(line, dict):
            after[0] = line
            return
        if len(line) != len(columns):
            raise StorageError(_DAMAGED)
        row = dict(zip(columns, line, strict=True))
        for name in moments:
            if row[name] is not None:
                row[name] = datetime.fromisoformat(row[name])
        yield row


def _refers_to_itself(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def _count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL's counters go on after the highest id."""
    for table in tables:
        if "id" not in table.columns:
            continue
        counter = connection.execute(_COUNTER, {"table": table.name}).scalar()
        highest = connection.execute(select(func.max(table.c.id))).scalar()
        if counter is not None and highest is not None:
            connection.execute(_COUNT_ON, {"counter": counter, "highest": highest})


_COUNTER = text("SELECT pg_get_serial_sequence(:table, 'id')")
_COUNT_ON = text("SELECT setval(:counter, :highest)")
