"""Which digest was opened for which day, and which stories are in it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, insert, select, update

from news.telling import Digest, DigestItem
from storage.alerts import NEW_ALERT
from storage.contract import DigestIntent
from storage.door import Door
from storage.keys import alert_key
from storage.schema import alerts, digest_declarations, digest_items, digests

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from storage.columns import AnyRow

_DECLARED = select(digest_declarations)
_DECLARATION = select(digest_declarations.c.declared_at).where(
    digest_declarations.c.name == bindparam("digest")
)
_LAST = (
    select(digests.c.covers_to, digests.c.local_date)
    .where(digests.c.name == bindparam("digest"))
    .order_by(digests.c.local_date.desc())
    .limit(1)
)
_TOLD_UP_TO = (
    select(digest_items.c.story_id, func.max(digest_items.c.revision))
    .where(
        digest_items.c.name == bindparam("digest"),
        digest_items.c.story_id.in_(bindparam("stories", expanding=True)),
    )
    .group_by(digest_items.c.story_id)
)
_DIGEST = select(digests).where(digests.c.id == bindparam("digest_id"))
_ITEMS = (
    select(digest_items)
    .where(digest_items.c.digest_id == bindparam("digest_id"))
    .order_by(digest_items.c.position)
)


class Digests(Door):
    """One row a day and digest: found due by looking at the clock and at this table."""

    def declare_digests(self, names: Mapping[str, str], *, now: datetime) -> None:
        """Remember when each digest (name → destination) was first declared: never due before that."""
        with self._database.write() as connection:
            known = {row.name: row for row in connection.execute(_DECLARED)}
            for name, destination in names.items():
                if name not in known:
                    _declare(connection, name, destination, now)
                elif not known[name].declared:
                    _change(connection, name, declared=True, declared_at=now, destination=destination)
                elif known[name].destination != destination:
                    _change(connection, name, destination=destination)
            for name, row in known.items():
                if row.declared and name not in names:
                    _change(connection, name, declared=False)

    def last_digest(self, name: str) -> tuple[datetime, str | None] | None:
        """Return (end of the span covered so far, last local date or None), or None if never declared."""
        with self._database.read() as connection:
            declared_at: datetime | None = connection.execute(_DECLARATION, {"digest": name}).scalar()
            last = connection.execute(_LAST, {"digest": name}).one_or_none()
        if declared_at is None:
            return None
        return (declared_at, None) if last is None else (max(declared_at, last.covers_to), last.local_date)

    def open_digest(self, intent: DigestIntent) -> Digest | None:
        """Claim (name, local date) and store row, items and alert together; None when opened before."""
        with self._database.write() as connection:
            once = self._database.insert_once(digests, "name", "local_date").returning(digests)
            row = connection.execute(once, _row(intent)).one_or_none()
            if row is None:
                return None
            items = _store_items(connection, row.id, intent)
            alert = {
                "key": alert_key(self._installation, intent.name, "digest", intent.local_date),
                "kind": "digest",
                "destination": intent.destination,
                "digest_id": row.id,
                "due_at": intent.due_at,
                "created": intent.now,
            }
            connection.execute(insert(alerts), NEW_ALERT | alert)
        return _digest(row, items)

    def told_by_digest(self, name: str, story_ids: Sequence[int]) -> Mapping[int, int]:
        """Return up to which revision a digest has told each of these stories; one it did not is left out."""
        with self._database.read() as connection:
            return _told_up_to(connection, name, story_ids)

    def digest(self, digest_id: int) -> Digest | None:
        """Return a digest, or None."""
        with self._database.read() as connection:
            row = connection.execute(_DIGEST, {"digest_id": digest_id}).one_or_none()
            items = connection.execute(_ITEMS, {"digest_id": digest_id}).all()
        if row is None:
            return None
        return _digest(
            row,
            tuple(
                DigestItem(story_id=item.story_id, from_revision=item.from_revision, revision=item.revision)
                for item in items
            ),
        )


def _declare(connection: Connection, name: str, destination: str, now: datetime) -> None:
    row = {"name": name, "destination": destination, "declared": True, "declared_at": now}
    connection.execute(insert(digest_declarations), row)


def _change(connection: Connection, name: str, **values: object) -> None:
    connection.execute(update(digest_declarations).where(digest_declarations.c.name == name).values(**values))


def _row(intent: DigestIntent) -> dict[str, object]:
    return {
        "name": intent.name,
        "destination": intent.destination,
        "local_date": intent.local_date,
        "due_at": intent.due_at,
        "covers_from": intent.covers_from,
        "covers_to": intent.covers_to,
        "watchlist_ids": intent.watchlist_ids,
        "created": intent.now,
    }


def _store_items(connection: Connection, digest_id: int, intent: DigestIntent) -> tuple[DigestItem, ...]:
    """Store the stories of a digest, each from where this digest told it last."""
    items = intent.again or _since_told(connection, intent)
    if not items:
        return ()
    stored = [
        {
            "digest_id": digest_id,
            "position": position,
            "name": intent.name,
            "local_date": intent.local_date,
            "destination": intent.destination,
            "story_id": item.story_id,
            "from_revision": item.from_revision,
            "revision": item.revision,
        }
        for position, item in enumerate(items)
    ]
    connection.execute(insert(digest_items), stored)
    return items


def _since_told(connection: Connection, intent: DigestIntent) -> tuple[DigestItem, ...]:
    """Return the items, each from where this digest told its story last."""
    told = _told_up_to(connection, intent.name, [story_id for story_id, _ in intent.items])
    return tuple(
        DigestItem(story_id=story_id, from_revision=told.get(story_id, 0), revision=revision)
        for story_id, revision in intent.items
    )


def _told_up_to(connection: Connection, name: str, story_ids: Sequence[int]) -> Mapping[int, int]:
    asked = {"digest": name, "stories": list(story_ids)}
    return {row[0]: row[1] for row in (connection.execute(_TOLD_UP_TO, asked) if story_ids else ())}


def _digest(row: AnyRow, items: tuple[DigestItem, ...]) -> Digest:
    return Digest(
        id=row.id,
        name=row.name,
        destination=row.destination,
        local_date=row.local_date,
        due_at=row.due_at,
        covers_from=row.covers_from,
        covers_to=row.covers_to,
        watchlist_ids=tuple(row.watchlist_ids),
        items=items,
        created=row.created,
    )
