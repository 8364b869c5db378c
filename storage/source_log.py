"""What did a source bring lately, and what became of it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from storage.door import Door
from storage.list_contract import Brought
from storage.schema import articles, clippings

if TYPE_CHECKING:
    from storage.columns import AnyRow

_BROUGHT = (
    select(
        clippings.c.id,
        clippings.c.title,
        clippings.c.address,
        clippings.c.seen_at,
        clippings.c.published,
        clippings.c.settled_at,
        clippings.c.backlog,
        clippings.c.why,
        articles.c.story_id,
    )
    .outerjoin(articles, articles.c.id == clippings.c.article_id)
    .where(clippings.c.source_id == bindparam("source"))
    .order_by(clippings.c.id.desc())
    .limit(bindparam("most"))
)


class SourceLog(Door):
    """The log of a source."""

    def brought_by(self, source_id: str, *, limit: int = 50) -> tuple[Brought, ...]:
        """Return the last entries that a source brought, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(_BROUGHT, {"source": source_id, "most": limit}).all()
        return tuple(map(_brought, rows))


def _brought(row: AnyRow) -> Brought:
    return Brought(
        title=row.title,
        address=row.address,
        seen_at=row.seen_at,
        published=row.published,
        waits=row.settled_at is None,
        backlog=row.backlog,
        story_id=row.story_id,
        why=row.why,
    )
