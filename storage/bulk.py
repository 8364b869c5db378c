"""How are many rows put in or changed at once without looking at each value three times?

SQLAlchemy handles a row of twenty values at a time, by name and type; for forty entries of a feed that took
longer than fetching and reading them. Here the statement is SQLAlchemy's and the values go straight to the
driver, so who calls gives them as the columns keep them: `storable` texts, moments through `moment`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from storage.columns import Moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection, Delete, Dialect, Insert, Update


class Bulk:
    """One statement for rows of always the same values."""

    def __init__(
        self, statement: Insert | Update | Delete, dialect: Dialect, *, names: Sequence[str] | None = None
    ) -> None:
        """Put the statement in the database's words; an insert needs the names of its columns."""
        compiled = statement.compile(dialect=dialect, column_keys=list(names) if names else None)
        self._words = str(compiled)
        # SQLite's driver wants values in the order of the question marks, PostgreSQL's by name.
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self._names = tuple(names or ())
        self.moment: Callable[[datetime | None], Any] = _as_kept(dialect)

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run the statement for each row, by name; return how many rows of the table it put in or changed."""
        order = self._order
        values: Any = [tuple(map(row.__getitem__, order)) for row in rows] if order else list(rows)
        return int(connection.exec_driver_sql(self._words, values).rowcount)

    def insert(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Put rows in, their values in the order of `names`; return how many were not there yet."""
        if self._order is None or tuple(self._order) != self._names:
            return self.run(connection, [dict(zip(self._names, row, strict=True)) for row in rows])
        return int(connection.exec_driver_sql(self._words, list(rows)).rowcount)


def _as_kept(dialect: Dialect) -> Callable[[datetime | None], Any]:
    kind = Moment()

    def as_kept(moment: datetime | None) -> Any:  # noqa: ANN401 - the driver's value
        return kind.process_bind_param(moment, dialect)

    def as_text(moment: datetime | None) -> str | None:
        """Return what `Moment` would: most moments are in UTC already."""
        if moment is not None and moment.tzinfo is UTC:
            return moment.isoformat(timespec="microseconds")
        text: str | None = as_kept(moment)
        return text

    return as_text if dialect.name == "sqlite" else as_kept
