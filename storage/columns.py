"""How is a time, a text or a list kept in a column, so that both databases give back what was put in?"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

if TYPE_CHECKING:
    from typing import TypeAlias

    from sqlalchemy import Dialect, Row

    #: A row of any columns.
    AnyRow: TypeAlias = Row[*tuple[Any, ...]]

#: What a text cannot hold in PostgreSQL (NUL) or in UTF-8 (half of a character); feeds bring both.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

#: SQLite counts rows only in a column declared INTEGER.
Number = BigInteger().with_variant(Integer(), "sqlite")


class Moment(TypeDecorator[datetime]):
    """A time to the microsecond, aware and in UTC on the way in and out.

    ISO text in SQLite, always 32 characters long, so that it sorts as time does and a person can read it.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column's type in this database."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401  the driver's value
        """Return what the driver is given."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; times are kept in UTC")  # noqa: EM102
        if dialect.name == "sqlite":
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401  the driver's value
        """Return the time in UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return moment.astimezone(UTC) if moment.tzinfo is not UTC else moment


def storable(text: str) -> str:
    """Return a text as a database keeps it; plain ASCII has nothing in it that cannot be kept but NUL."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)


class Words(TypeDecorator[str]):
    """A text of any length. A character that cannot be kept becomes U+FFFD, and costs nothing else."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002  SQLAlchemy's signature
        """Return the text without what cannot be kept."""
        return None if value is None else storable(value)


class Json(TypeDecorator[Any]):
    """A list or a mapping of plain values; read and written whole, never searched inside."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002  any plain value
        """Return the value as text."""
        if value is None:
            return None
        return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002  any plain value
        """Return the value."""
        if value == "{}":  # what most rows hold
            return {}
        return None if value is None else json.loads(value)
