"""What was told where? Deliveries, and the threads they hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, bindparam, case, or_, select, text, update

from news.nouns import Grade, Priority
from news.telling import Delivery, Receipt, Thread
from storage.acts import held_stories
from storage.acts_schema import faces
from storage.claims import REFUSED
from storage.door import Door
from storage.gathered_schema import moved_threads
from storage.schema import deliveries, thread_watchlists, threads

if TYPE_CHECKING:
    from datetime import datetime

    from storage.columns import AnyRow

_SENT_SINCE = (
    select(deliveries)
    .where(
        deliveries.c.destination == bindparam("place_of_all"),
        deliveries.c.at >= bindparam("since"),
        deliveries.c.outcome != REFUSED,
    )
    .order_by(deliveries.c.at, deliveries.c.id)
)
_WATCHLISTS = (
    select(thread_watchlists)
    .where(thread_watchlists.c.thread_id.in_(bindparam("ids", expanding=True)))
    .order_by(thread_watchlists.c.thread_id, thread_watchlists.c.position)
)
_MOVED = select(moved_threads).where(moved_threads.c.thread_id.in_(bindparam("ids", expanding=True)))
#: Out, and may still be changed; told by now, or decided by people, more than it shows.
_CAN_BE_EDITED = (threads.c.root_ts.is_not(None), ~threads.c.edits_closed)
_TOLD_MORE = threads.c.wanted_revision > threads.c.shown_revision
_DECIDED_MORE = threads.c.id.in_(select(faces.c.thread_id).where(text("faces.wanted > faces.shown")))
_FACES = select(faces).where(faces.c.thread_id.in_(bindparam("ids", expanding=True)))
_SHOWN_FACE = (
    update(faces)
    .where(faces.c.thread_id == bindparam("thread"))
    .values(
        shown=case((faces.c.shown < bindparam("face"), bindparam("face")), else_=faces.c.shown),
        buttons=bindparam("has_buttons", type_=faces.c.buttons.type),
    )
)
_SHOWN = (
    update(threads)
    .where(threads.c.id == bindparam("thread"))
    .values(
        shown_revision=case(
            (threads.c.shown_revision < bindparam("shown"), bindparam("shown")),
            else_=threads.c.shown_revision,
        ),
        edits_closed=or_(threads.c.edits_closed, bindparam("is_closed", type_=threads.c.edits_closed.type)),
    )
)


class Told(Door):
    """Sent messages."""

    def sent_since(self, destination: str, *, since: datetime) -> tuple[Delivery, ...]:
        """Return what arrived at this destination since then, oldest first: for limits and pace."""
        with self._database.read() as connection:
            sent = connection.execute(_SENT_SINCE, {"place_of_all": destination, "since": since})
            return tuple(map(delivery_of, sent))

    def deliveries(self, *, since: datetime | None = None, limit: int = 100) -> tuple[Delivery, ...]:
        """Return deliveries, newest first."""
        asked = select(deliveries).order_by(deliveries.c.at.desc(), deliveries.c.id.desc()).limit(limit)
        if since is not None:
            asked = asked.where(deliveries.c.at >= since)
        with self._database.read() as connection:
            return tuple(map(delivery_of, connection.execute(asked)))

    def thread(self, thread_id: int) -> Thread | None:
        """Return a thread, or None."""
        with self._database.read() as connection:
            found = _threads(connection, threads.c.id == thread_id)
        return found[0] if found else None

    def threads_of(self, story_id: int) -> tuple[Thread, ...]:
        """Return the threads of one story."""
        with self._database.read() as connection:
            return _threads(connection, threads.c.story_id == story_id)

    def threads_to_edit(self, *, limit: int, at: datetime | None = None) -> tuple[Thread, ...]:
        """Return threads whose root is out and can be edited, and shows less than it should.

        First those about which a person decided something: the person is looking.
        """
        held = [] if at is None else [threads.c.story_id.not_in(held_stories(at))]
        with self._database.read() as connection:
            decided = _threads(connection, *_CAN_BE_EDITED, _DECIDED_MORE, limit=limit)
            if len(decided) >= limit:
                return decided
            told = _threads(connection, *_CAN_BE_EDITED, _TOLD_MORE, *held, limit=limit)
        known = {thread.id for thread in decided}
        return (*decided, *(thread for thread in told if thread.id not in known))[:limit]

    def record_shown(
        self, thread_id: int, *, revision: int, closed: bool = False, face: int = 0, buttons: bool = False
    ) -> None:
        """Remember what the root shows now, or that its edit window is closed."""
        with self._database.write() as connection:
            connection.execute(_SHOWN, {"thread": thread_id, "shown": revision, "is_closed": closed})
            if face or buttons:
                row = {"thread_id": thread_id, "wanted": face, "shown": face, "buttons": buttons}
                connection.execute(self._database.insert_once(faces, "thread_id"), row)
            shown = {"thread": thread_id, "face": face, "has_buttons": buttons}
            connection.execute(_SHOWN_FACE, shown)


def _threads(
    connection: Connection, *which: ColumnElement[bool], limit: int | None = None
) -> tuple[Thread, ...]:
    rows = connection.execute(select(threads).where(*which).order_by(threads.c.id).limit(limit)).all()
    watchlists: dict[int, list[str]] = {row.id: [] for row in rows}
    moved: dict[int, int] = {}
    wanted: dict[int, int] = {}
    if rows:
        ids = {"ids": list(watchlists)}
        for on in connection.execute(_WATCHLISTS, ids):
            watchlists[on.thread_id].append(on.watchlist_id)
        moved = {each.thread_id: each.into_id for each in connection.execute(_MOVED, ids)}
        wanted = {each.thread_id: each.wanted for each in connection.execute(_FACES, ids)}
    return tuple(
        _thread(row, tuple(watchlists[row.id]), moved.get(row.id), wanted.get(row.id, 0)) for row in rows
    )


def _thread(row: AnyRow, watchlist_ids: tuple[str, ...], goes_on_in: int | None, face: int) -> Thread:
    return Thread(
        id=row.id,
        story_id=row.story_id,
        destination=row.destination,
        root_ts=row.root_ts,
        root_place=row.root_place,
        root_sent_at=row.root_sent_at,
        watchlist_ids=watchlist_ids,
        priority=Priority(row.priority),
        grade=Grade(row.grade),
        wanted_revision=row.wanted_revision,
        shown_revision=row.shown_revision,
        edits_closed=row.edits_closed,
        last_broadcast=row.last_broadcast,
        goes_on_in=goes_on_in,
        wanted_face=face,
    )


def delivery_of(row: AnyRow) -> Delivery:
    """Return the delivery in a row."""
    return Delivery(
        id=row.id,
        alert_id=row.alert_id,
        key=row.key,
        kind=row.kind,
        destination=row.destination,
        story_id=row.story_id,
        digest_id=row.digest_id,
        outcome=row.outcome,
        receipt=None if row.ts is None else Receipt(ts=row.ts, place=row.place, refused=row.refused),
        at=row.at,
        headline=row.headline,
        error=row.error,
    )
