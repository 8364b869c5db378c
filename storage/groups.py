"""Which stories share a message: the rolling one of a destination that has had enough, or its digest?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, select, text, update

from news.errors import StorageError
from news.telling import Alert, AlertState
from storage.alerts import NEW_ALERT, UNSENT, alert_of, when
from storage.door import Door
from storage.keys import alert_key
from storage.schema import alerts, deliveries, threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.columns import AnyRow

#: A group that failed or was withdrawn takes nobody in any more.
_GROWS = (*UNSENT, AlertState.SENT.value)

_ROOTS = select(alerts).where(
    alerts.c.id.in_(bindparam("ids", expanding=True)),
    alerts.c.kind == "root",
    alerts.c.destination == bindparam("place"),
)
_GROUP = (
    select(alerts)
    .where(
        text("alerts.kind = 'group'"), alerts.c.destination == bindparam("place"), alerts.c.state.in_(_GROWS)
    )
    .order_by(alerts.c.id.desc())
    .limit(1)
)
_PUT_IN = (
    update(alerts)
    .where(alerts.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=AlertState.GROUPED.value, lease_until=None, shown_in=bindparam("group_id"))
)


_SENT_DIGEST = select(deliveries).where(
    deliveries.c.digest_id == bindparam("digest"), deliveries.c.ts.is_not(None)
)
_INTO_DIGEST = (
    update(alerts)
    .where(
        alerts.c.id == bindparam("alert"),
        alerts.c.kind == "root",
        alerts.c.state.in_(UNSENT),
    )
    .values(state=AlertState.MERGED.value, lease_until=None, last_error="", shown_in=bindparam("shown"))
    .returning(alerts.c.thread_id)
)
#: The digest's message is not the story's own: it is never edited, and follow-ups need not wait for another.
_TOLD_IN_DIGEST = (
    update(threads)
    .where(threads.c.id == bindparam("thread"), threads.c.root_ts.is_(None))
    .values(
        root_ts=bindparam("ts"),
        root_place=bindparam("place"),
        root_sent_at=bindparam("at"),
        edits_closed=True,
    )
)


class Groups(Door):
    """The rolling "7 more stories"."""

    def record_grouped(
        self, alert_ids: Sequence[int], *, destination: str, why: str, until: datetime, now: datetime
    ) -> Alert:
        """Mark these roots GROUPED and return the rolling group alert of the destination, made or grown."""
        with self._database.write() as connection:
            found = connection.execute(_ROOTS, {"ids": list(alert_ids), "place": destination})
            by_id = {row.id: row for row in found}
            roots = [by_id[id_] for id_ in dict.fromkeys(alert_ids) if id_ in by_id]
            waiting = [root for root in roots if root.state in UNSENT]
            if not waiting:
                return alert_of(_shown_in(connection, roots))
            group = connection.execute(_GROUP, {"place": destination}).one_or_none()
            if group is None or datetime.fromisoformat(group.facts["until"]) <= now:
                group = self._open_group(connection, destination, why=why, until=until, now=now)
            group = _grow(connection, group, waiting, now)
            ids = [root.id for root in waiting]
            connection.execute(_PUT_IN, {"ids": ids, "group_id": group.id})
        return alert_of(group)

    def record_in_digest(self, alert_id: int, *, digest_id: int) -> bool:
        """Mark a root that waits MERGED into a digest that was sent; False when it was not."""
        with self._database.write() as connection:
            out = connection.execute(_SENT_DIGEST, {"digest": digest_id}).one_or_none()
            if out is None:
                return False
            into = {"alert": alert_id, "shown": out.alert_id}
            merged = connection.execute(_INTO_DIGEST, into).one_or_none()
            if merged is not None:
                told = {"thread": merged.thread_id, "ts": out.ts, "place": out.place, "at": out.at}
                connection.execute(_TOLD_IN_DIGEST, told)
            return merged is not None

    def _open_group(
        self, connection: Connection, destination: str, *, why: str, until: datetime, now: datetime
    ) -> AnyRow:
        since = now.astimezone(UTC).isoformat()
        made = NEW_ALERT | {
            "key": alert_key(self._installation, destination, "group", since),
            "kind": "group",
            "destination": destination,
            "facts": {"stories": [], "why": why, "since": since, "until": until.astimezone(UTC).isoformat()},
        }
        return connection.execute(insert(alerts).returning(alerts), made | when(now)).one()


def _grow(connection: Connection, group: AnyRow, roots: Sequence[AnyRow], now: datetime) -> AnyRow:
    """Take these stories in; a group that is out already is due again, to be edited."""
    stories = list(dict.fromkeys([*group.facts["stories"], *(root.story_id for root in roots)]))
    grown: dict[str, Any] = {
        "facts": group.facts | {"stories": stories},
        "revision": len(stories),
        "priority": max(group.priority, *(root.priority for root in roots)),
    }
    if group.state == AlertState.SENT:
        grown |= {"state": AlertState.PENDING.value, "due_at": now}
    changed = update(alerts).where(alerts.c.id == group.id).values(grown).returning(alerts)
    return connection.execute(changed).one()


def _shown_in(connection: Connection, roots: Sequence[AnyRow]) -> AnyRow:
    """Return the group that these roots were put in before."""
    ids = [root.shown_in for root in roots if root.shown_in is not None]
    if not ids:
        raise StorageError("None of these alerts waits to be sent, so there is nothing to group.")
    return connection.execute(select(alerts).where(alerts.c.id == ids[0])).one()
