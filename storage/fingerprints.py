"""How are the fingerprints of an article written down, and forgotten?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, insert, select

from news.sameness.kept import FORMAT
from storage.remembered_schema import sameness_prints, sameness_traces
from storage.schema import articles

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from news.sameness.kept import Kept

FIRST_SINCE = select(func.min(articles.c.id)).where(articles.c.first_seen >= bindparam("since"))
_TABLES = (sameness_traces, sameness_prints)
_FORGET = tuple(delete(table).where(table.c.article_id == bindparam("article")) for table in _TABLES)


def keep_print(connection: Connection, article_id: int, kept: Kept) -> None:
    """Keep what an article is found and compared by, instead of what was kept before."""
    for forget in _FORGET:
        connection.execute(forget, {"article": article_id})
    trace = {"article_id": article_id, "format": FORMAT, "trace": kept.trace}
    connection.execute(insert(sameness_traces), trace)
    connection.execute(insert(sameness_prints), {"article_id": article_id, "print": kept.print})


def forget_prints(connection: Connection, *, before: datetime) -> None:
    """Forget the fingerprints of articles first seen before then: no window reaches so far."""
    first: int | None = connection.execute(FIRST_SINCE, {"since": before}).scalar()
    for table in _TABLES:
        old = delete(table)
        connection.execute(old if first is None else old.where(table.c.article_id < first))
