"""What did people decide about what is told? Claims, mutes, votes, notes and holds.

acts     only ever added to; a later act may lift an earlier one
claims   one row a story: whoever's insert comes first has it
faces    a number that lags: what was decided since a message was last brought up to date
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, or_, select, update

from news.telling import AlertState
from storage.acts_contract import EMBARGO, Act, Claim
from storage.acts_schema import acts, claims, faces
from storage.alerts import alert_of
from storage.decisions import standing
from storage.door import Door
from storage.gathered_schema import merged_stories
from storage.schema import alerts, threads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from news.embargo import Embargo
    from news.telling import Alert
    from storage.acts_contract import ActKind
    from storage.columns import AnyRow
    from storage.contract import Filing
    from storage.seam import Seam

#: What an alert that is held back by a person begins with (`alerts/keeping_back.py` writes it).
ON_HOLD = "on hold"
#: The same for a channel that should be quiet for a while.
QUIET = "quiet for now"

_lifting = acts.alias("lifting")
_ACTS = (
    select(
        acts,
        merged_stories.c.into_id,
        _lifting.c.who.label("lifted_by"),
        _lifting.c.at.label("lifted_at"),
    )
    .outerjoin(_lifting, _lifting.c.lifts == acts.c.id)
    .outerjoin(merged_stories, merged_stories.c.story_id == acts.c.story_id)
)
_OF_THE_STORY = or_(acts.c.story_id == bindparam("story"), merged_stories.c.into_id == bindparam("story"))
_CLAIM = select(claims).where(claims.c.story_id == bindparam("story"))
_LIFTED = select(acts.c.id).where(acts.c.lifts == bindparam("lifted"))
_THREADS = select(threads.c.id).where(threads.c.story_id == bindparam("story")).order_by(threads.c.id)
_WANT = update(faces).where(faces.c.thread_id == bindparam("thread")).values(wanted=faces.c.wanted + 1)
_LET_OUT = (
    update(alerts)
    .where(
        alerts.c.story_id == bindparam("story"),
        alerts.c.state == AlertState.PENDING.value,
        alerts.c.last_error.startswith(ON_HOLD),
    )
    .values(due_at=bindparam("now"), last_error="")
)

_LET_OUT_THERE = (
    update(alerts)
    .where(
        alerts.c.destination == bindparam("place"),
        alerts.c.state == AlertState.PENDING.value,
        alerts.c.last_error.startswith(QUIET),
    )
    .values(due_at=bindparam("now"), last_error="")
)


def held_stories(at: datetime) -> Select[tuple[int]]:
    """Return the question which stories are held back at this moment, as what they are by now."""
    return (
        select(func.coalesce(merged_stories.c.into_id, acts.c.story_id))
        .outerjoin(_lifting, _lifting.c.lifts == acts.c.id)
        .outerjoin(merged_stories, merged_stories.c.story_id == acts.c.story_id)
        .where(
            acts.c.kind == "hold",
            acts.c.story_id.is_not(None),
            _lifting.c.id.is_(None),
            or_(acts.c.until.is_(None), acts.c.until > at),
        )
    )


class Acts(Door):
    """What people decided."""

    def claim_story(self, act: Act) -> Claim:
        """Let the person have the story, or return the claim of whoever has it already."""
        with self._database.write() as connection:
            story_id = standing(connection, act.story_id or 0)
            taken = _claim(connection, story_id)
            if taken is not None:
                return taken
            act_id = _keep(connection, act, story_id)
            row = {"story_id": story_id, "act_id": act_id, "who": act.who, "since": act.at}
            # On PostgreSQL two may have come so far: the one whose row is there has it.
            connection.execute(self._database.insert_once(claims, "story_id"), row)
            self._show_anew(connection, story_id)
            return _claim(connection, story_id) or _claim_of(row)

    def release_story(self, act: Act) -> Claim | None:
        """End the story's claim, whoever has it; return it, or None when nobody had it."""
        with self._database.write() as connection:
            story_id = standing(connection, act.story_id or 0)
            ended = _claim(connection, story_id)
            if ended is not None:
                connection.execute(delete(claims).where(claims.c.story_id == story_id))
                _keep(connection, act, story_id, lifts=ended.act_id)
                self._show_anew(connection, story_id)
        return ended

    def claim_of(self, story_id: int) -> Claim | None:
        """Return who is on a story, or None."""
        with self._database.read() as connection:
            return _claim(connection, standing(connection, story_id))

    def open_claims(self) -> tuple[Claim, ...]:
        """Return every claim that stands, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(claims).order_by(claims.c.since, claims.c.story_id)).all()
        return tuple(_claim_of(row._mapping) for row in rows)  # noqa: SLF001  a row's names and values

    def record_act(self, act: Act) -> Act:
        """Keep an act; the messages of its story are to be shown anew."""
        with self._database.write() as connection:
            story_id = None if act.story_id is None else standing(connection, act.story_id)
            made = _keep(connection, act, story_id)
            if story_id is not None:
                self._show_anew(connection, story_id)
            return _read(connection, acts.c.id == made)[0]

    def lift_act(self, act_id: int, act: Act) -> bool:
        """Keep an act that ends an earlier one; False when that was ended before, or is not there."""
        with self._database.write() as connection:
            found = _read(connection, acts.c.id == act_id)
            if not found or connection.execute(_LIFTED, {"lifted": act_id}).first() is not None:
                return False
            story_id = found[0].story_id
            _keep(connection, act, story_id, lifts=act_id)
            if found[0].kind == "quiet":
                let_out = {"place": found[0].destination, "now": act.at}
                connection.execute(_LET_OUT_THERE, let_out)
            if story_id is not None:
                connection.execute(_LET_OUT, {"story": story_id, "now": act.at})
                self._show_anew(connection, story_id)
        return True

    def act(self, act_id: int) -> Act | None:
        """Return an act, or None."""
        with self._database.read() as connection:
            return next(iter(_read(connection, acts.c.id == act_id)), None)

    def acts_of(self, story_id: int) -> tuple[Act, ...]:
        """Return everything that was decided about a story, oldest first."""
        with self._database.read() as connection:
            return _read(connection, _OF_THE_STORY, story=standing(connection, story_id))

    def acts(self, *, since: datetime, limit: int = 1000) -> tuple[Act, ...]:
        """Return what was decided since then, newest first."""
        asked = _ACTS.where(acts.c.at >= since).order_by(acts.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return tuple(map(_act, connection.execute(asked)))

    def standing_acts(self, kinds: Sequence[ActKind], *, now: datetime) -> tuple[Act, ...]:
        """Return the acts of these kinds that stand, oldest first; stories by what they are by now."""
        still = or_(acts.c.until.is_(None), acts.c.until > now)
        with self._database.read() as connection:
            return _read(connection, acts.c.kind.in_(list(kinds)), still, _lifting.c.id.is_(None))

    def alert_by_key(self, key: str) -> Alert | None:
        """Return the alert that a message's key stands for, or None."""
        with self._database.read() as connection:
            row = connection.execute(select(alerts).where(alerts.c.key == key)).one_or_none()
        return None if row is None else alert_of(row)

    def show_anew(self, story_id: int) -> None:
        """Let every message of a story be brought up to date."""
        with self._database.write() as connection:
            self._show_anew(connection, standing(connection, story_id))

    def show_buttons(self, kind: str, *, since: datetime) -> int:
        """Let messages without buttons be brought up to date; return how many there are."""
        sent = select(threads.c.id).where(
            threads.c.root_sent_at >= since,
            ~threads.c.edits_closed,
            threads.c.destination.startswith(f"{kind}:"),
            threads.c.id.not_in(select(faces.c.thread_id).where(faces.c.buttons)),
        )
        with self._database.write() as connection:
            found = connection.execute(sent.order_by(threads.c.id)).scalars().all()
            self._show_threads(connection, found)
        return len(found)

    def take_buttons_away(self) -> int:
        """Let every message that may show buttons be brought up to date; return how many there are."""
        with self._database.write() as connection:
            wanted = update(faces).where(faces.c.buttons).values(wanted=faces.c.wanted + 1)
            return int(connection.execute(wanted).rowcount)

    def _show_anew(self, connection: Connection, story_id: int) -> None:
        found = connection.execute(_THREADS, {"story": story_id}).scalars().all()
        self._show_threads(connection, found)

    def _show_threads(self, connection: Connection, found: Sequence[int]) -> None:
        known = self._database.insert_once(faces, "thread_id")
        for thread_id in found:
            row = {"thread_id": thread_id, "wanted": 0, "shown": 0, "buttons": False}
            connection.execute(known, row)
            connection.execute(_WANT, {"thread": thread_id})


def hold_for(connection: Connection, embargo: Embargo, filing: Filing, story_id: int) -> None:
    """Keep a story back for the embargo that an article of it is under, in the transaction that files it.

    Once for each notice: a new version that still says so does not hold again what a person let go.
    """
    held = Act(
        at=filing.now,
        who=EMBARGO,
        via="its notice",
        kind="hold",
        source_id=filing.article.source_id,
        until=embargo.until,
        note=f"{filing.article.outlet}: “{embargo.words}”",
    )
    same = (acts.c.story_id == story_id, acts.c.who == EMBARGO, acts.c.note == held.note)
    if connection.execute(select(acts.c.id).where(*same)).first() is None:
        _keep(connection, held, story_id)


def join_acts(connection: Connection, seam: Seam, now: datetime) -> None:
    """Let whoever was first on either of two stories that are one have it; the acts need no change."""
    own, theirs = _claim(connection, seam.into.id), _claim(connection, seam.gone.id)
    if theirs is None:
        return
    if own is not None:
        later = max(own, theirs, key=lambda claim: (claim.since, claim.act_id))
        released = Act(
            at=now,
            who=later.who,
            via="command line",
            kind="release",
            note="the story became one with another that somebody was on before",
        )
        _keep(connection, released, seam.into.id, lifts=later.act_id)
        connection.execute(delete(claims).where(claims.c.story_id == later.story_id))
        if later.story_id == seam.gone.id:
            return
    moved = update(claims).where(claims.c.story_id == seam.gone.id).values(story_id=seam.into.id)
    connection.execute(moved)


def _keep(connection: Connection, act: Act, story_id: int | None, *, lifts: int | None = None) -> int:
    row = {
        "at": act.at,
        "who": act.who,
        "via": act.via,
        "kind": act.kind,
        "story_id": story_id,
        "watchlist_id": act.watchlist_id,
        "source_id": act.source_id,
        "destination": act.destination,
        "until": act.until,
        "note": act.note,
        "lifts": lifts if lifts is not None else act.lifts,
    }
    made: int = connection.execute(insert(acts).returning(acts.c.id), row).scalar_one()
    return made


def _read(connection: Connection, *which: ColumnElement[bool], **values: object) -> tuple[Act, ...]:
    return tuple(map(_act, connection.execute(_ACTS.where(*which).order_by(acts.c.id), values)))


def _act(row: AnyRow) -> Act:
    return Act(
        id=row.id,
        at=row.at,
        who=row.who,
        via=row.via,
        kind=row.kind,
        story_id=row.story_id if row.into_id is None else row.into_id,
        watchlist_id=row.watchlist_id,
        source_id=row.source_id,
        destination=row.destination,
        until=row.until,
        note=row.note,
        lifts=row.lifts,
        lifted_by=row.lifted_by or "",
        lifted_at=row.lifted_at,
    )


def _claim(connection: Connection, story_id: int) -> Claim | None:
    row = connection.execute(_CLAIM, {"story": story_id}).one_or_none()
    return None if row is None else _claim_of(row._mapping)  # noqa: SLF001  a row's names and values


def _claim_of(row: object) -> Claim:
    return Claim(**dict(row))  # type: ignore[call-overload]  # a row's names and values
