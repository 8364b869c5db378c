"""What did two stories match and which digest told them, once they are one?

A digest has told the joined story when it had told whatever of the two was due for it; so nothing is
repeated, and nothing that was still to be told is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage.schema import digest_items, digests, matches, story_matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.columns import AnyRow
    from storage.seam import Seam

_MATCHES = select(story_matches).where(story_matches.c.story_id == bindparam("story"))
_OF = (story_matches.c.story_id == bindparam("story")) & (
    story_matches.c.watchlist_id == bindparam("watchlist")
)
_MOVE_EVIDENCE = (
    update(matches)
    .where(matches.c.story_id == bindparam("gone"), matches.c.watchlist_id == bindparam("watchlist"))
    .values(story_id=bindparam("into"))
)
_ITEMS = (
    select(digest_items, digests.c.watchlist_ids)
    .join(digests, digests.c.id == digest_items.c.digest_id)
    .where(digest_items.c.story_id == bindparam("story"))
    .order_by(digest_items.c.digest_id)
)
_TOLD_UP_TO = select(func.max(digest_items.c.revision)).where(
    digest_items.c.name == bindparam("digest"), digest_items.c.story_id == bindparam("story")
)


def join_matches(connection: Connection, seam: Seam) -> None:
    """Give one story the matches of both: the better grade and the higher priority, with all the evidence."""
    own = {row.watchlist_id: row for row in connection.execute(_MATCHES, {"story": seam.into.id})}
    for theirs in connection.execute(_MATCHES, {"story": seam.gone.id}).all():
        mine = own.get(theirs.watchlist_id)
        moved = _shifted(theirs, seam) if mine is None else _union(mine, theirs, seam)
        if mine is None:
            connection.execute(insert(story_matches), moved)
        else:
            this = {"story": seam.into.id, "watchlist": theirs.watchlist_id}
            connection.execute(update(story_matches).where(_OF).values(moved), this)
        evidence = {"gone": seam.gone.id, "into": seam.into.id, "watchlist": theirs.watchlist_id}
        connection.execute(_MOVE_EVIDENCE, evidence)
    connection.execute(delete(story_matches).where(story_matches.c.story_id == seam.gone.id))


def _shifted(theirs: AnyRow, seam: Seam) -> dict[str, Any]:
    row = dict(theirs._mapping)  # noqa: SLF001  a row's names and values
    return row | {"story_id": seam.into.id, "revision": seam.shifted(theirs.revision)}


def _union(mine: AnyRow, theirs: AnyRow, seam: Seam) -> dict[str, Any]:
    return {
        "grade": min(mine.grade, theirs.grade),  # "about" comes before "mentions"
        "priority": max(mine.priority, theirs.priority),
        "revision": max(mine.revision, seam.shifted(theirs.revision)),
        "first_matched": min(mine.first_matched, theirs.first_matched),
        "changed": max(mine.changed, theirs.changed),
        "backlog": mine.backlog and theirs.backlog,
    }


def join_digests(connection: Connection, seam: Seam) -> None:
    """Let what a digest told of the story that is gone count for the one it became part of.

    Not where the digest still owes the older one: then it tells both together, once.
    """
    own = connection.execute(_MATCHES, {"story": seam.into.id}).all()
    for item in connection.execute(_ITEMS, {"story": seam.gone.id}).all():
        asked = {"digest": item.name, "story": seam.into.id}
        told: int = connection.execute(_TOLD_UP_TO, asked).scalar() or 0
        if not _is_owed(own, item.watchlist_ids, told, seam):
            _count_as_told(connection, item, seam)


def _is_owed(own: Sequence[AnyRow], watchlist_ids: Sequence[str], told: int, seam: Seam) -> bool:
    """Say whether a digest of these watchlists has not told the older story yet."""
    told = min(told, seam.into.revision)
    return any(
        match.watchlist_id in watchlist_ids and not match.backlog and match.revision > told for match in own
    )


def _count_as_told(connection: Connection, item: AnyRow, seam: Seam) -> None:
    up_to = seam.shifted(item.revision)
    beside = (
        update(digest_items)
        .where(
            digest_items.c.digest_id == item.digest_id,
            digest_items.c.story_id == seam.into.id,
        )
        .values(revision=up_to)
    )
    if connection.execute(beside).rowcount:
        return  # one digest told both; its entry of the older story tells it all
    moved = {
        "story_id": seam.into.id,
        "from_revision": seam.shifted(item.from_revision),
        "revision": up_to,
    }
    this = (digest_items.c.digest_id == item.digest_id, digest_items.c.position == item.position)
    connection.execute(update(digest_items).where(*this).values(moved))
