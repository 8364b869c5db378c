"""Who sends this alert now, and what became of it? Claim, send, record.

    PENDING ─claim→ SENDING ─record_sent→ SENT
       ↑               ├─record_unknown→ UNKNOWN ─(at its time)→ claimed again, to look first
       ├─record_retry──┤
       ├─defer─────────┤
       │               ├─record_muted→   MUTED
       │               ├─record_withdrawn→ WITHDRAWN
       │               ├─record_refused→ FAILED ┐
       │               └─record_held→    HELD   ┴─release→ PENDING
       └──────(lease ran out)──────→ claimed again, to look first

Every step is a conditional update: nothing got updated means that somebody else was there first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from news.telling import Alert, AlertState, Receipt
from storage.acts_schema import faces
from storage.alerts import IS_UNSENT, ITS_TURN, alert_of, sibling_being_sent, sibling_lease
from storage.door import Door, missing
from storage.schema import alerts, deliveries, threads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from storage.columns import AnyRow

REFUSED = "refused"  # the one outcome of a delivery that did not arrive

_IS_DUE = or_(
    alerts.c.state.in_([AlertState.PENDING.value, AlertState.UNKNOWN.value])
    & (alerts.c.due_at <= bindparam("now")),
    (alerts.c.state == AlertState.SENDING.value) & (alerts.c.lease_until <= bindparam("now")),
)
_CLAIMABLE = (
    select(alerts.c.id)
    .outerjoin(threads, threads.c.id == alerts.c.thread_id)
    .where(IS_UNSENT, _IS_DUE, ITS_TURN, ~sibling_being_sent(sibling_lease > bindparam("now")))
    .order_by(alerts.c.priority.desc(), alerts.c.due_at, alerts.c.id)
    .limit(bindparam("most"))
)
_CLAIM = (
    update(alerts)
    .where(alerts.c.id.in_(bindparam("ids", expanding=True)), _IS_DUE)
    .values(
        state=AlertState.SENDING.value, attempts=alerts.c.attempts + 1, lease_until=bindparam("lease_end")
    )
    .returning(alerts)
)
#: The claim as it was given: no later one, and not recorded yet.
_MINE = (
    (alerts.c.id == bindparam("alert"))
    & (alerts.c.state == AlertState.SENDING.value)
    & (alerts.c.attempts == bindparam("attempt"))
    & (alerts.c.lease_until == bindparam("lease_end"))
)
_STANDS = select(alerts.c.id).where(_MINE, alerts.c.lease_until > bindparam("now"))
_ONE = select(alerts).where(alerts.c.id == bindparam("alert"))

_ARRIVED = select(deliveries.c.id).where(
    deliveries.c.alert_id == bindparam("alert"), deliveries.c.outcome != REFUSED
)
_ROOT_IS_OUT = (
    update(threads)
    .where(threads.c.id == bindparam("thread"))
    .values(
        root_ts=bindparam("ts"),
        root_place=bindparam("place"),
        root_sent_at=bindparam("now"),
        shown_revision=bindparam("shown"),
    )
)
_HAS_BUTTONS = update(faces).where(faces.c.thread_id == bindparam("thread")).values(buttons=True)
_BROADCAST = (
    update(threads).where(threads.c.id == bindparam("thread")).values(last_broadcast=bindparam("now"))
)
_GROUP_IS_OUT = (
    update(threads)
    .where(
        # Not by the stories it lists: one of them may have become part of another since.
        threads.c.id.in_(
            select(alerts.c.thread_id).where(
                alerts.c.shown_in == bindparam("group_id"), alerts.c.state == AlertState.GROUPED.value
            )
        ),
        threads.c.root_ts.is_(None),
    )
    .values(
        root_ts=bindparam("ts"),
        root_place=bindparam("place"),
        root_sent_at=bindparam("now"),
        edits_closed=True,
    )
)


class Claims(Door):
    """The way out, step by step."""

    def claim_alerts(
        self,
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
        digests: Sequence[int] | None = None,
        besides: Sequence[str] = (),
    ) -> tuple[Alert, ...]:
        """Claim due alerts; they are SENDING, and committed, before this returns."""
        which = _CLAIMABLE if digests is None else _CLAIMABLE.where(alerts.c.digest_id.in_(digests))
        which = which.where(alerts.c.destination.not_in(besides)) if besides else which
        with self._database.write() as connection:
            ids = list(connection.execute(which, {"now": now, "most": limit}).scalars())
            if not ids:
                return ()
            claimed = connection.execute(_CLAIM, {"ids": ids, "now": now, "lease_end": now + lease})
            by_id = {row.id: alert_of(row) for row in claimed}
        return tuple(by_id[id_] for id_ in ids if id_ in by_id)

    def still_mine(self, alert: Alert, *, now: datetime) -> bool:
        """Return whether the claim still stands: asked again immediately before the write."""
        with self._database.read() as connection:
            return connection.execute(_STANDS, _claim(alert) | {"now": now}).first() is not None

    def record_sent(
        self, alert: Alert, receipt: Receipt, *, outcome: str, headline: str, now: datetime
    ) -> None:
        """Mark it SENT, write the delivery, and give the thread its ts if it was the root."""
        with self._database.write() as connection:
            row = connection.execute(_ONE, {"alert": alert.id}).one_or_none()
            if row is None:
                raise missing("alert", alert.id)
            if row.state == AlertState.SENT:
                return
            if row.kind == "group" and row.revision > alert.revision:
                # It gained stories while it was being sent: due again, to be found by its key and edited.
                self._step(connection, alert, state=AlertState.PENDING.value, due_at=now, last_error="")
            else:
                out = {"state": AlertState.SENT.value, "lease_until": None, "last_error": ""}
                connection.execute(update(alerts).where(alerts.c.id == alert.id).values(out))
            delivery = _delivery(row, now) | {
                "outcome": outcome,
                "headline": headline,
                "ts": receipt.ts,
                "place": receipt.place,
                "refused": dict(receipt.refused),
            }
            _deliver_once(connection, delivery)
            _tell_threads(connection, row, alert.revision, receipt, now)
            if receipt.buttons and row.thread_id is not None:
                face = {"thread_id": row.thread_id, "wanted": 0, "shown": 0, "buttons": True}
                connection.execute(self._database.insert_once(faces, "thread_id"), face)
                connection.execute(_HAS_BUTTONS, {"thread": row.thread_id})

    def record_unknown(self, alert: Alert, *, error: str, look_at: datetime) -> None:
        """Mark it UNKNOWN; it is claimed again at `look_at`, to look first."""
        with self._database.write() as connection:
            self._step(connection, alert, state=AlertState.UNKNOWN.value, due_at=look_at, last_error=error)

    def record_retry(self, alert: Alert, *, error: str, due_at: datetime) -> None:
        """Mark it PENDING again: it certainly did not arrive."""
        with self._database.write() as connection:
            self._step(connection, alert, state=AlertState.PENDING.value, due_at=due_at, last_error=error)

    def record_refused(self, alert: Alert, *, error: str, now: datetime) -> None:
        """Mark it FAILED and write the refused delivery."""
        with self._database.write() as connection:
            row = self._step(connection, alert, state=AlertState.FAILED.value, last_error=error)
            if row is not None:
                refused = _delivery(row, now) | {"outcome": REFUSED, "error": error}
                connection.execute(insert(deliveries), refused)

    def record_held(self, alert: Alert, *, error: str, now: datetime) -> None:
        """Mark it HELD for a person."""
        with self._database.write() as connection:
            self._step(connection, alert, state=AlertState.HELD.value, due_at=now, last_error=error)

    def record_withdrawn(self, alert: Alert, *, why: str) -> None:
        """Mark it WITHDRAWN: it has nothing left to say."""
        with self._database.write() as connection:
            self._step(connection, alert, state=AlertState.WITHDRAWN.value, last_error=why)

    def record_muted(self, alert: Alert, *, why: str) -> None:
        """Mark it MUTED: nobody is told."""
        with self._database.write() as connection:
            self._step(connection, alert, state=AlertState.MUTED.value, last_error=why)

    def defer_alert(self, alert: Alert, *, due_at: datetime, why: str) -> None:
        """Give a claim back untouched, to be due later; `attempts` goes back too."""
        with self._database.write() as connection:
            self._step(
                connection,
                alert,
                state=AlertState.PENDING.value,
                due_at=due_at,
                attempts=alert.attempts - 1,
                last_error=why,
            )

    def _step(self, connection: Connection, alert: Alert, **values: object) -> AnyRow | None:
        """Take the claimed alert one step on; None when the claim is somebody else's by now."""
        step = update(alerts).where(_MINE).values(lease_until=None, **values).returning(alerts)
        return connection.execute(step, _claim(alert)).one_or_none()


def _claim(alert: Alert) -> dict[str, Any]:
    return {"alert": alert.id, "attempt": alert.attempts, "lease_end": alert.lease_until}


def _delivery(row: AnyRow, now: datetime) -> dict[str, Any]:
    return {
        "alert_id": row.id,
        "key": row.key,
        "kind": row.kind,
        "destination": row.destination,
        "story_id": row.story_id,
        "digest_id": row.digest_id,
        "at": now,
        "ts": None,
        "place": "",
        "refused": {},
        "headline": "",
        "error": "",
    }


def _deliver_once(connection: Connection, delivery: Mapping[str, Any]) -> None:
    """Write the delivery; a group that was edited keeps its one, with its newest headline."""
    known = connection.execute(_ARRIVED, {"alert": delivery["alert_id"]}).scalar_one_or_none()
    if known is None:
        connection.execute(insert(deliveries), delivery)
    else:
        headline = {"headline": delivery["headline"]}
        connection.execute(update(deliveries).where(deliveries.c.id == known).values(headline))


def _tell_threads(
    connection: Connection, row: AnyRow, revision: int, receipt: Receipt, now: datetime
) -> None:
    """Let the threads know where their root is, and when they last spoke to the whole channel."""
    where = {"ts": receipt.ts, "place": receipt.place, "now": now}
    if row.kind == "root":
        connection.execute(_ROOT_IS_OUT, where | {"thread": row.thread_id, "shown": revision})
    elif row.kind == "group":
        connection.execute(_GROUP_IS_OUT, where | {"group_id": row.id})
    elif row.broadcast:
        connection.execute(_BROADCAST, {"thread": row.thread_id, "now": now})
