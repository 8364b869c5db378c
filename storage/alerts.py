"""Which alerts are there, and what may a person or a set-up change about them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select, text, update

from news.errors import StorageError
from news.nouns import Priority
from news.telling import Alert, AlertState
from storage.door import Door
from storage.keys import alert_key
from storage.schema import alerts, threads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from storage.columns import AnyRow

#: Not out yet, and nobody else's turn: what keeps later ones of the thread waiting.
UNSENT = (AlertState.PENDING.value, AlertState.SENDING.value, AlertState.UNKNOWN.value)
#: The same in the words of its index: with values bound at run time SQLite does not see that it fits.
IS_UNSENT = text("alerts.state IN ('pending', 'sending', 'unknown')")
#: What a person may let go again.
RELEASABLE = {AlertState.FAILED.value, AlertState.HELD.value}

_earlier = alerts.alias("earlier")
_sibling = alerts.alias("sibling")

#: Whether the thread has come to this alert: the root is out, or it is the root, and nothing before it waits.
ITS_TURN: ColumnElement[bool] = or_(
    alerts.c.thread_id.is_(None), alerts.c.kind == "root", threads.c.root_ts.is_not(None)
) & ~exists().where(
    _earlier.c.thread_id == alerts.c.thread_id,
    _earlier.c.id < alerts.c.id,
    _earlier.c.state.in_(UNSENT),
)


def sibling_being_sent(*still: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that another alert of the thread is on its way at this moment."""
    return exists().where(
        _sibling.c.thread_id == alerts.c.thread_id,
        _sibling.c.id != alerts.c.id,
        _sibling.c.state == AlertState.SENDING.value,
        *still,
    )


#: For conditions on the other alert.
sibling_lease = _sibling.c.lease_until

_NEXT_DUE = (
    select(
        func.min(
            case((alerts.c.state == AlertState.SENDING.value, alerts.c.lease_until), else_=alerts.c.due_at)
        )
    )
    .outerjoin(threads, threads.c.id == alerts.c.thread_id)
    .where(
        IS_UNSENT,
        # One being sent holds up its thread until its lease runs out, whoever's turn it is.
        or_(alerts.c.state == AlertState.SENDING.value, ITS_TURN & ~sibling_being_sent()),
    )
)
_WITHDRAW = (
    update(alerts)
    .where(
        alerts.c.destination.not_in(bindparam("destinations", expanding=True)),
        # What a person asked for goes where no rule does.
        or_(alerts.c.kind != "root", alerts.c.facts == {}),
        or_(
            alerts.c.state.in_(
                [AlertState.PENDING.value, AlertState.UNKNOWN.value, *sorted(RELEASABLE)],
            ),
            (alerts.c.state == AlertState.SENDING.value) & (alerts.c.lease_until <= bindparam("now")),
        ),
    )
    .values(state=AlertState.WITHDRAWN.value, lease_until=None)
)


class Alerts(Door):
    """The outbox as a person sees it."""

    def alerts(
        self,
        *,
        states: Sequence[str] | None = None,
        story_id: int | None = None,
        thread_id: int | None = None,
        limit: int = 100,
    ) -> tuple[Alert, ...]:
        """Return alerts, newest first."""
        asked = select(alerts).order_by(alerts.c.id.desc()).limit(limit)
        if states is not None:
            asked = asked.where(alerts.c.state.in_([str(state) for state in states]))
        if story_id is not None:
            asked = asked.where(alerts.c.story_id == story_id)
        if thread_id is not None:
            asked = asked.where(alerts.c.thread_id == thread_id)
        with self._database.read() as connection:
            return tuple(map(alert_of, connection.execute(asked)))

    def next_due_alert(self) -> datetime | None:
        """Return when the next alert can be claimed, or None."""
        with self._database.read() as connection:
            due: datetime | None = connection.execute(_NEXT_DUE).scalar()
        return due

    def enqueue_health(
        self, *, destination: str, key: str, facts: Mapping[str, object], now: datetime
    ) -> bool:
        """Put a health alert in the outbox once per key; False when it is there already."""
        row = {
            "key": alert_key(self._installation, destination, "health", key),
            "kind": "health",
            "destination": destination,
            "facts": dict(facts),
        }
        with self._database.write() as connection:
            once = self._database.insert_once(alerts, "key").returning(alerts.c.id)
            return connection.execute(once, NEW_ALERT | row | when(now)).first() is not None

    def has_health(self, *, destination: str, key: str) -> bool:
        """Return whether a health alert of this key was put in the outbox, whatever became of it."""
        known = alert_key(self._installation, destination, "health", key)
        with self._database.read() as connection:
            return connection.execute(select(alerts.c.id).where(alerts.c.key == known)).first() is not None

    def release_alerts(self, *, states: Sequence[str], destination: str | None, now: datetime) -> int:
        """Make FAILED or HELD alerts due again, on a person's word; return how many."""
        wanted = {str(state) for state in states}
        if not wanted <= RELEASABLE:
            raise StorageError("Only alerts that failed or are held can be released.")
        asked = update(alerts).where(alerts.c.state.in_(sorted(wanted)))
        if destination is not None:
            asked = asked.where(alerts.c.destination == destination)
        start_over = {"state": AlertState.PENDING.value, "attempts": 0, "due_at": now, "last_error": ""}
        with self._database.write() as connection:
            return int(connection.execute(asked.values(start_over)).rowcount)

    def withdraw_alerts(self, destinations: Sequence[str], *, now: datetime) -> int:
        """Withdraw unsent alerts whose destination is not among these any more; return how many."""
        with self._database.write() as connection:
            gone = connection.execute(_WITHDRAW, {"destinations": list(destinations), "now": now})
            return int(gone.rowcount)


#: What an alert is made with, unless it says otherwise.
NEW_ALERT: dict[str, object] = {
    "state": AlertState.PENDING.value,
    "from_revision": 0,
    "revision": 0,
    "priority": Priority.NORMAL.value,
    "broadcast": False,
    "attempts": 0,
    "last_error": "",
    "facts": {},
}


def when(now: datetime) -> dict[str, object]:
    """Return the times of an alert that is due at once."""
    return {"created": now, "due_at": now}


def alert_of(row: AnyRow) -> Alert:
    """Return the alert in a row."""
    return Alert(
        id=row.id,
        key=row.key,
        kind=row.kind,
        destination=row.destination,
        state=AlertState(row.state),
        thread_id=row.thread_id,
        story_id=row.story_id,
        digest_id=row.digest_id,
        from_revision=row.from_revision,
        revision=row.revision,
        priority=Priority(row.priority),
        broadcast=row.broadcast,
        due_at=row.due_at,
        created=row.created,
        attempts=row.attempts,
        lease_until=row.lease_until,
        last_error=row.last_error,
        facts=row.facts,
    )
