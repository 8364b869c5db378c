"""What becomes of the messages of two stories that are one?

Each destination keeps one thread. Of two messages that are out the older one stays the story's; the younger
one is left to say where the story goes on. What waits in it goes on in the one that is kept, or becomes
MERGED where the kept message will say it anyway; what is on its way is left alone: nobody knows whether it
arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, case, insert, select, update

from news.nouns import Grade
from news.telling import AlertState
from storage.gathered_schema import moved_threads
from storage.schema import alerts, thread_watchlists, threads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.columns import AnyRow
    from storage.seam import Seam

#: Stands in for a destination while two threads change places: no two of a story have the same one.
_NOWHERE = "\x1fnowhere"

_THREADS = select(threads).where(threads.c.story_id == bindparam("story")).order_by(threads.c.id)
_ALERTS = select(alerts).where(alerts.c.thread_id == bindparam("thread")).order_by(alerts.c.id)
_WATCHLISTS = (
    select(thread_watchlists.c.watchlist_id)
    .where(thread_watchlists.c.thread_id == bindparam("thread"))
    .order_by(thread_watchlists.c.position)
)
#: Ordered by how surely readers have the message: out, on its way, waiting, and those that nobody gets.
_OUT, _ON_ITS_WAY, _WAITS, _STUCK, _NEVER = range(5)
_UNTOUCHED = (alerts.c.state == AlertState.PENDING.value) & (alerts.c.attempts == 0)


@dataclass(slots=True, kw_only=True)
class JoinedThreads:
    """What was done with the threads of a story that is gone."""

    kept: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    merged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A thread and what is in it."""

    row: AnyRow
    alerts: Sequence[AnyRow] = field(default_factory=tuple)

    @property
    def root(self) -> AnyRow | None:
        """The alert of its message."""
        return next((alert for alert in self.alerts if alert.kind == "root"), None)

    @property
    def standing(self) -> int:
        """How surely readers have its message."""
        if self.row.root_ts is not None:
            return _OUT
        if self.root is None:
            return _NEVER
        if self.root.state in {AlertState.SENDING, AlertState.UNKNOWN} or (
            self.root.state == AlertState.PENDING and self.root.attempts
        ):
            return _ON_ITS_WAY
        if self.root.state in {AlertState.PENDING, AlertState.GROUPED}:
            return _WAITS
        return _STUCK if self.root.state in {AlertState.HELD, AlertState.FAILED} else _NEVER

    def comes_before(self, other: _Told) -> bool:
        """Return whether this one is kept and the other is not."""
        if self.standing != other.standing:
            return self.standing < other.standing
        mine: datetime | None = self.row.root_sent_at
        theirs: datetime | None = other.row.root_sent_at
        return mine is None or theirs is None or mine <= theirs


def join_threads(connection: Connection, seam: Seam) -> JoinedThreads:
    """Give one story the threads of both, one for each destination."""
    own = {row.destination: row for row in connection.execute(_THREADS, {"story": seam.into.id})}
    done = JoinedThreads()
    for row in connection.execute(_THREADS, {"story": seam.gone.id}).all():
        theirs, beside = _told(connection, row), own.get(row.destination)
        if _is_moved(connection, row.id):
            continue
        if beside is None:
            _take_over(connection, seam, theirs)
            done.kept += (row.destination,)
        else:
            _join_two(connection, seam, _told(connection, beside), theirs, done)
    for row in connection.execute(_THREADS, {"story": seam.into.id}).all():
        show_all(connection, row.id, seam.revision)
    return done


def _told(connection: Connection, row: AnyRow) -> _Told:
    return _Told(row=row, alerts=connection.execute(_ALERTS, {"thread": row.id}).all())


def _is_moved(connection: Connection, thread_id: int) -> bool:
    moved = select(moved_threads.c.thread_id).where(moved_threads.c.thread_id == thread_id)
    return connection.execute(moved).first() is not None


def _take_over(connection: Connection, seam: Seam, theirs: _Told) -> None:
    """Make a thread of the story that is gone the other's, with all that is in it."""
    connection.execute(
        update(threads)
        .where(threads.c.id == theirs.row.id)
        .values(
            story_id=seam.into.id,
            shown_revision=seam.shifted(theirs.row.shown_revision),
            wanted_revision=seam.shifted(theirs.row.wanted_revision),
        )
    )
    for alert in sorted(theirs.alerts, key=lambda alert: -alert.revision):
        _hand_over(connection, seam, alert, theirs.row.id)


def _hand_over(connection: Connection, seam: Seam, alert: AnyRow, thread_id: int) -> None:
    """Let an alert of the story that is gone tell of the other one, from the same place on."""
    told = {
        "thread_id": thread_id,
        "story_id": seam.into.id,
        "from_revision": seam.shifted(alert.from_revision),
        "revision": seam.shifted(alert.revision),
    }
    connection.execute(update(alerts).where(alerts.c.id == alert.id).values(told))


def _join_two(connection: Connection, seam: Seam, own: _Told, theirs: _Told, done: JoinedThreads) -> None:
    """Keep one of two threads of a destination."""
    keeps_own = own.comes_before(theirs)
    kept, left = (own, theirs) if keeps_own else (theirs, own)
    if not keeps_own:
        _change_places(connection, seam, own, theirs)
        done.kept += (own.row.destination,)
    connection.execute(insert(moved_threads), {"thread_id": left.row.id, "into_id": kept.row.id})
    connection.execute(
        update(moved_threads).where(moved_threads.c.into_id == left.row.id).values(into_id=kept.row.id)
    )
    done.merged += _empty(connection, seam, kept, left, of_gone=keeps_own)
    _widen(connection, kept.row, left.row)
    if left.standing in {_OUT, _ON_ITS_WAY}:
        done.moved += (left.row.destination,)
        # Once more than it shows: its message is changed to say where the story goes on.
        wanted = max(left.row.wanted_revision, left.row.shown_revision) + 1
        connection.execute(update(threads).where(threads.c.id == left.row.id).values(wanted_revision=wanted))


def _change_places(connection: Connection, seam: Seam, own: _Told, theirs: _Told) -> None:
    """Make their thread the story's, and the story's own the one that is left."""

    def place(thread: AnyRow, **values: object) -> None:
        connection.execute(update(threads).where(threads.c.id == thread.id).values(**values))

    place(own.row, story_id=seam.gone.id, destination=_NOWHERE)
    _take_over(connection, seam, theirs)
    place(own.row, destination=own.row.destination)


def _empty(connection: Connection, seam: Seam, kept: _Told, left: _Told, *, of_gone: bool) -> int:
    """Take what waits out of the thread that is left; return how many alerts another one shows now."""
    root = kept.root
    says_all = root is not None and root.state == AlertState.PENDING and not root.attempts
    merged = 0
    for alert in left.alerts:
        waits = alert.state == AlertState.PENDING and not alert.attempts
        stuck = alert.kind == "root" and alert.state in {AlertState.FAILED, AlertState.HELD}
        if not (waits or stuck):
            continue
        if alert.kind == "root" or says_all:
            shown = {"state": AlertState.MERGED.value, "shown_in": root.id if root is not None else None}
            connection.execute(update(alerts).where(alerts.c.id == alert.id).values(shown))
            merged += 1
        elif of_gone:
            _hand_over(connection, seam, alert, kept.row.id)
        else:
            connection.execute(update(alerts).where(alerts.c.id == alert.id).values(thread_id=kept.row.id))
    return merged


def _widen(connection: Connection, kept: AnyRow, left: AnyRow) -> None:
    """Let the kept thread speak for the watchlists of both."""
    known = connection.execute(_WATCHLISTS, {"thread": kept.id}).scalars().all()
    more = connection.execute(_WATCHLISTS, {"thread": left.id}).scalars().all()
    new = [name for name in more if name not in known]
    if new:
        rows = [
            {"thread_id": kept.id, "watchlist_id": name, "position": place}
            for place, name in enumerate(new, start=len(known))
        ]
        connection.execute(insert(thread_watchlists), rows)
    grades = {kept.grade, left.grade}
    spoken = [at for at in (kept.last_broadcast, left.last_broadcast) if at is not None]
    wider: dict[str, Any] = {
        "priority": max(kept.priority, left.priority),
        "grade": Grade.ABOUT.value if Grade.ABOUT in grades else Grade.MENTIONS.value,
        "last_broadcast": max(spoken, default=None),
    }
    connection.execute(update(threads).where(threads.c.id == kept.id).values(wider))


def show_all(connection: Connection, thread_id: int, revision: int) -> None:
    """Let the message show what came with the other story: changed when it is out, grown when it waits."""
    wanted = case((threads.c.wanted_revision < revision, revision), else_=threads.c.wanted_revision)
    connection.execute(update(threads).where(threads.c.id == thread_id).values(wanted_revision=wanted))
    its_root = (alerts.c.thread_id == thread_id, alerts.c.kind == "root", _UNTOUCHED)
    connection.execute(update(alerts).where(*its_root).values(revision=revision))
