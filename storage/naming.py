"""How are tables, indexes and constraints named? The same in both databases, and in every migration."""

from __future__ import annotations

from sqlalchemy import Index, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_once",
        "fk": "%(table_name)s_%(column_0_name)s_is_a_%(referred_table_name)s",
        "pk": "%(table_name)s_key",
    }
)


def index_where(condition: str, name: str, column: str) -> Index:
    """Return an index over the few rows that somebody waits for."""
    return Index(name, column, sqlite_where=text(condition), postgresql_where=text(condition))
