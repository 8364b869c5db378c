"""How are many rows put in at once without looking at each value three times?

SQLAlchemy handles a row of twenty values at a time, by name and type; for forty entries of a feed that took
longer than fetching and reading them. Here the statement is SQLAlchemy's and the values go straight to the
driver, so who calls gives them as the columns keep them: `storable` texts, moments through `moment`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from storage.columns import Moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection, Dialect, Insert


class Bulk:
    """One insert for rows of always the same columns."""

    def __init__(self, statement: Insert, names: Sequence[str], dialect: Dialect) -> None:
        """Put the statement in the database's words."""
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self._words = str(compiled)
        # SQLite's driver wants values in the order of the question marks, PostgreSQL's by name.
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self.moment: Callable[[datetime | None], Any] = _as_kept(dialect)

    def insert(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Put rows in; return how many were not there yet."""
        order = self._order
        values: Any = [tuple(map(row.__getitem__, order)) for row in rows] if order else list(rows)
        return int(connection.exec_driver_sql(self._words, values).rowcount)


def _as_kept(dialect: Dialect) -> Callable[[datetime | None], Any]:
    kind = Moment()
    return lambda moment: kind.process_bind_param(moment, dialect)
