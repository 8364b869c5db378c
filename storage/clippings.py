"""Which clippings wait to be filed, and what became of the others?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, union, update

from news.nouns import Clipping, StoredClipping
from storage.addresses import address_key
from storage.door import Door
from storage.schema import article_addresses, articles, clippings, sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from storage.columns import AnyRow

_WAITING = (
    select(clippings)
    .where(
        clippings.c.settled_at.is_(None),
        or_(clippings.c.not_before.is_(None), clippings.c.not_before <= bindparam("now")),
    )
    .order_by(clippings.c.id)
    .limit(bindparam("most"))
)
_WAITS = (clippings.c.id == bindparam("clipping")) & clippings.c.settled_at.is_(None)
_PUT_OFF = (
    update(clippings)
    .where(_WAITS)
    .values(attempts=clippings.c.attempts + 1, not_before=bindparam("until"), why=bindparam("reason"))
)
_DROP = update(clippings).where(_WAITS).values(settled_at=bindparam("now"), why=bindparam("reason"))
_OF_ADDRESS = union(
    # Named with every source: the index has the source first.
    select(clippings.c.id).where(
        clippings.c.source_id.in_(select(sources.c.id)), clippings.c.address_key == bindparam("key")
    ),
    select(clippings.c.id).where(
        clippings.c.article_id.in_(
            select(article_addresses.c.article_id).where(article_addresses.c.address_key == bindparam("key"))
        )
    ),
)
_TRAIL = (
    select(clippings, articles.c.story_id)
    .outerjoin(articles, articles.c.id == clippings.c.article_id)
    .where(clippings.c.id.in_(_OF_ADDRESS))
    .order_by(clippings.c.id)
)


class Clippings(Door):
    """What came in and is not an article yet."""

    def unfiled_clippings(self, *, limit: int, now: datetime) -> tuple[StoredClipping, ...]:
        """Return clippings not yet filed and due for a try, in the order they came."""
        with self._database.read() as connection:
            return tuple(map(_stored, connection.execute(_WAITING, {"now": now, "most": limit})))

    def put_off_clipping(self, clipping_id: int, *, until: datetime, why: str) -> None:
        """Count a failed try and ask again at `until`."""
        with self._database.write_beside() as connection:
            connection.execute(_PUT_OFF, {"clipping": clipping_id, "until": until, "reason": why})

    def drop_clipping(self, clipping_id: int, *, why: str, now: datetime) -> None:
        """Say that this clipping brings nothing to file, and why."""
        with self._database.write_beside() as connection:
            connection.execute(_DROP, {"clipping": clipping_id, "now": now, "reason": why})

    def clipping_trail(self, address: str) -> tuple[Mapping[str, object], ...]:
        """Return what became of the clippings of this address, in the order they came."""
        with self._database.read() as connection:
            return tuple(map(_trail, connection.execute(_TRAIL, {"key": address_key(address)})))


def _stored(row: AnyRow) -> StoredClipping:
    clipping = Clipping(
        source_id=row.source_id,
        address=row.address,
        title=row.title,
        summary=row.summary,
        content=row.content,
        guid=row.guid,
        authors=tuple(row.authors),
        published=row.published,
        updated=row.updated,
        language=row.language,
        outlet=row.outlet,
    )
    return StoredClipping(
        id=row.id, clipping=clipping, seen_at=row.seen_at, backlog=row.backlog, attempts=row.attempts
    )


def _trail(row: AnyRow) -> dict[str, Any]:
    told = (
        "source_id", "address", "title", "seen_at", "settled_at", "article_id", "story_id", "backlog",
        "attempts", "not_before", "why",
    )  # fmt: skip
    return {"clipping_id": row.id} | {name: getattr(row, name) for name in told}
