"""What did watching a story decide? Matches, threads, alerts and the revision that was read, together.

Transaction 2. The hand-off is `watched_revision < revision`: a number that lags, so that an article filed
while the story was being watched is watched next.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Connection, bindparam, case, delete, func, insert, select, update

from news.errors import StorageError
from news.nouns import Grade, Match, StoryMatch
from news.telling import ASKED_BY, Alert, AlertState, Tell, Watching
from storage.alerts import NEW_ALERT, alert_of
from storage.columns import Json, Moment
from storage.door import Door, missing
from storage.gathered_schema import merged_stories
from storage.keys import alert_key
from storage.schema import alerts, kept_out, matches, stories, story_matches, thread_watchlists, threads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from storage.columns import AnyRow

_REVISIONS = select(stories.c.revision, stories.c.watched_revision).where(stories.c.id == bindparam("story"))
_WATCHED = (
    update(stories).where(stories.c.id == bindparam("story")).values(watched_revision=bindparam("read"))
)

_NOW = bindparam("now", type_=Moment)
_THIS_MATCH = (story_matches.c.story_id == bindparam("story")) & (
    story_matches.c.watchlist_id == bindparam("watchlist")
)
_MATCH_AGAIN = (
    update(story_matches)
    .where(_THIS_MATCH)
    .values(
        watchlist_version=bindparam("version"),
        grade=bindparam("new_grade"),
        priority=bindparam("new_priority"),
        revision=bindparam("read"),
        backlog=bindparam("is_backlog"),
        changed=case((story_matches.c.revision < bindparam("read"), _NOW), else_=story_matches.c.changed),
        # Backlog that was let go is news from now on.
        first_matched=case(
            (story_matches.c.backlog & ~bindparam("is_backlog", type_=Boolean), _NOW),
            else_=story_matches.c.first_matched,
        ),
    )
)
_FORGET_EVIDENCE = delete(matches).where(
    matches.c.story_id == bindparam("story"), matches.c.watchlist_id == bindparam("watchlist")
)
_FORGET_KEPT_OUT = delete(kept_out).where(kept_out.c.story_id == bindparam("story"))
_THREAD = select(threads).where(
    threads.c.story_id == bindparam("story"), threads.c.destination == bindparam("place")
)
_JOINED = select(func.max(merged_stories.c.revision)).where(merged_stories.c.into_id == bindparam("story"))
_ON_THREAD = select(thread_watchlists.c.watchlist_id).where(
    thread_watchlists.c.thread_id == bindparam("thread")
)
_WIDEN = (
    update(threads)
    .where(threads.c.id == bindparam("thread"))
    .values(
        priority=bindparam("new_priority"), grade=bindparam("new_grade"), wanted_revision=bindparam("wanted")
    )
)
_TOLD = select(alerts).where(alerts.c.thread_id == bindparam("thread")).order_by(alerts.c.id)
_ROOT_TS = select(threads.c.root_ts).where(threads.c.id == bindparam("thread"))
#: Conditional, as every step on an alert is.
_TAKE_IN = (
    update(alerts)
    .where(
        alerts.c.id == bindparam("alert"),
        alerts.c.state == AlertState.PENDING.value,
        alerts.c.attempts == 0,
    )
    .values(
        revision=bindparam("grown"),
        priority=bindparam("new_priority"),
        broadcast=bindparam("aloud"),
        due_at=bindparam("due"),
    )
)
_MERGE = (
    update(alerts)
    .where(
        alerts.c.thread_id == bindparam("thread"),
        alerts.c.id != bindparam("root"),
        alerts.c.state == AlertState.PENDING.value,
    )
    .values(state=AlertState.MERGED.value, shown_in=bindparam("root"))
)
#: A thread is told in order: what must be said now lets out the reply that is still gathering before it.
_HASTEN = (
    update(alerts)
    .where(
        alerts.c.thread_id == bindparam("thread"),
        alerts.c.kind == "reply",
        alerts.c.state == AlertState.PENDING.value,
        alerts.c.attempts == 0,
        alerts.c.due_at > bindparam("due"),
    )
    .values(due_at=bindparam("due"))
)
_TRY_AGAIN = (
    update(alerts)
    .where(alerts.c.id == bindparam("alert"))
    .values(
        state=AlertState.PENDING.value,
        revision=bindparam("grown"),
        priority=bindparam("new_priority"),
        broadcast=bindparam("aloud"),
        due_at=bindparam("due"),
        last_error="",
        shown_in=None,
    )
    .returning(alerts)
)


#: What a person asks for goes out now; a message that the limits hold back, or the night, too.
_ASK = (
    update(alerts)
    .where(
        alerts.c.thread_id == bindparam("thread"),
        alerts.c.kind == "root",
        alerts.c.state == AlertState.PENDING.value,
        alerts.c.attempts == 0,
    )
    .values(facts=bindparam("asked", type_=Json), due_at=_NOW, last_error="")
)


class Watchings(Door):
    """From a match to an alert in the outbox."""

    def record_watching(self, watching: Watching) -> tuple[Alert, ...]:
        """Store matches, threads, alerts and `watched_revision` together; return new alerts."""
        with self._database.write() as connection:
            story = connection.execute(_REVISIONS, {"story": watching.story_id}).one_or_none()
            if story is None:
                raise missing("story", watching.story_id)
            if watching.revision > story.revision:
                raise missing("revision", f"{watching.revision} of story {watching.story_id}")
            if watching.revision < story.watched_revision:
                return ()  # somebody read a later one and recorded it first
            connection.execute(_WATCHED, {"story": watching.story_id, "read": watching.revision})
            for match in watching.matches:
                _keep_match(connection, match, watching)
            _keep_what_was_kept_out(connection, watching)
            # Roots first, so that a follow-up in the same decision finds its root.
            tells = sorted(watching.tells, key=lambda tell: tell.kind != "root")
            new = [self._tell(connection, watching, tell) for tell in tells]
        return tuple(alert for alert in new if alert is not None)

    def ask_for(self, story_id: int, tell: Tell, *, now: datetime) -> Alert:
        """Put a story's own message in the outbox because somebody asked for it, once; return it as it is."""
        asking = Watching(story_id=story_id, revision=tell.revision, matches=(), tells=(tell,), now=now)
        with self._database.write() as connection:
            if connection.execute(_REVISIONS, {"story": story_id}).one_or_none() is None:
                raise missing("story", story_id)
            self._tell(connection, asking, tell)
            thread = connection.execute(_THREAD, {"story": story_id, "place": tell.destination}).one()
            asked = {"thread": thread.id, "asked": {ASKED_BY: tell.asked_by}, "now": now}
            connection.execute(_ASK, asked)
            told = connection.execute(_TOLD, {"thread": thread.id}).all()
        return alert_of(next(row for row in told if row.kind == "root"))

    def _tell(self, connection: Connection, watching: Watching, tell: Tell) -> Alert | None:
        """Put what is to be told into the outbox; None when something there says it already."""
        thread_id = _thread(connection, watching.story_id, tell)
        told = connection.execute(_TOLD, {"thread": thread_id}).all()
        alert = self._alert(watching, tell, thread_id)
        root = next((row for row in told if row.kind == "root"), None)
        if root is None:
            if tell.kind != "root":
                raise StorageError("Nothing can follow a message that was never put in the outbox.")
            return self._put(connection, alert)
        if _is_untold(connection, root, thread_id):
            return alert_of(connection.execute(_TRY_AGAIN, _grown(root, tell)).one())
        if _take_in(connection, root, tell):
            # Follow-ups made while it was once on its way: it says them all now.
            connection.execute(_MERGE, {"thread": thread_id, "root": root.id})
            return None
        if tell.kind == "root":
            return None
        if tell.kind == "correction":
            connection.execute(_HASTEN, {"thread": thread_id, "due": tell.due_at})
            return self._put(connection, alert)
        replies = [row for row in told if row.kind == "reply" and row.state != AlertState.WITHDRAWN]
        return self._follow(connection, alert, tell, replies)

    def _follow(
        self, connection: Connection, alert: dict[str, Any], tell: Tell, replies: Sequence[AnyRow]
    ) -> Alert | None:
        """Put a reply behind those there are, or into the one that is still gathering."""
        if replies:
            newest = max(replies, key=lambda row: int(row.revision))
            if newest.revision >= tell.revision:
                return None
            # One that waits from before another story came in would grow over what that one had told.
            joined: int = connection.execute(_JOINED, {"story": alert["story_id"]}).scalar() or 0
            if newest.revision >= joined and _take_in(connection, newest, tell):
                return None
            # What an earlier reply covers is not told twice, whatever the decision was based on.
            alert["from_revision"] = max(tell.from_revision, newest.revision)
        return self._put(connection, alert)

    def _alert(self, watching: Watching, tell: Tell, thread_id: int) -> dict[str, Any]:
        return NEW_ALERT | {
            "key": alert_key(self._installation, thread_id, tell.kind, tell.revision),
            "kind": tell.kind,
            "destination": tell.destination,
            "thread_id": thread_id,
            "story_id": watching.story_id,
            "from_revision": tell.from_revision,
            "revision": tell.revision,
            "priority": tell.priority.value,
            "broadcast": tell.broadcast,
            "due_at": tell.due_at,
            "created": watching.now,
        }

    def _put(self, connection: Connection, alert: Mapping[str, Any]) -> Alert | None:
        """Put an alert into the outbox, unless it is there."""
        once = self._database.insert_once(alerts).returning(alerts)
        row = connection.execute(once, alert).one_or_none()
        return alert_of(row) if row is not None else None


def _keep_match(connection: Connection, match: StoryMatch, watching: Watching) -> None:
    """Keep why a story concerns a watchlist, instead of what was kept before."""
    this = {"story": watching.story_id, "watchlist": match.watchlist_id}
    judged = {
        "version": match.watchlist_version,
        "new_grade": match.grade.value,
        "new_priority": match.priority.value,
        "read": watching.revision,
        "is_backlog": match.backlog,
        "now": watching.now,
    }
    if connection.execute(_MATCH_AGAIN, this | judged).rowcount == 0:
        first = {
            "story_id": watching.story_id,
            "watchlist_id": match.watchlist_id,
            "watchlist_version": match.watchlist_version,
            "grade": match.grade.value,
            "priority": match.priority.value,
            "revision": watching.revision,
            "first_matched": match.first_matched,
            "changed": watching.now,
            "backlog": match.backlog,
        }
        connection.execute(insert(story_matches), first)
    connection.execute(_FORGET_EVIDENCE, this)
    if match.matches:
        connection.execute(insert(matches), [_evidence_row(watching.story_id, m) for m in match.matches])


def _keep_what_was_kept_out(connection: Connection, watching: Watching) -> None:
    """Keep what lines under "never" kept out, instead of what was kept before."""
    connection.execute(_FORGET_KEPT_OUT, {"story": watching.story_id})
    if watching.kept_out:
        seen = {"story_id": watching.story_id, "at": watching.now}
        connection.execute(insert(kept_out), [asdict(each) | seen for each in watching.kept_out])


def _evidence_row(story_id: int, match: Match) -> dict[str, Any]:
    row = asdict(match)
    return row | {
        "story_id": story_id,
        "grade": match.grade.value,
        "priority": match.priority.value,
    }


def _thread(connection: Connection, story_id: int, tell: Tell) -> int:
    """Return the thread of this story and destination, made or widened by what is to be told."""
    row = connection.execute(_THREAD, {"story": story_id, "place": tell.destination}).one_or_none()
    if row is None:
        row = connection.execute(insert(threads).returning(threads), _new_thread(story_id, tell)).one()
    known = connection.execute(_ON_THREAD, {"thread": row.id}).scalars().all()
    new = [id_ for id_ in dict.fromkeys(tell.watchlist_ids) if id_ not in known]
    if new:
        places = enumerate(new, start=len(known))
        connection.execute(
            insert(thread_watchlists),
            [{"thread_id": row.id, "watchlist_id": id_, "position": place} for place, id_ in places],
        )
    wider = {
        "thread": row.id,
        "new_priority": max(row.priority, tell.priority.value),
        "new_grade": Grade.ABOUT.value if Grade.ABOUT in {row.grade, tell.grade} else Grade.MENTIONS.value,
        "wanted": max(row.wanted_revision, tell.revision),
    }
    connection.execute(_WIDEN, wider)
    return int(row.id)


def _new_thread(story_id: int, tell: Tell) -> dict[str, Any]:
    return {
        "story_id": story_id,
        "destination": tell.destination,
        "priority": tell.priority.value,
        "grade": tell.grade.value,
        "wanted_revision": tell.revision,
        "shown_revision": 0,
        "edits_closed": False,
    }


def _is_untold(connection: Connection, root: AnyRow, thread_id: int) -> bool:
    """Return whether a root was taken back before anybody read of its story; a digest tells it too."""
    if root.state in {AlertState.WITHDRAWN, AlertState.MUTED}:
        return True
    merged = root.state == AlertState.MERGED
    return merged and connection.execute(_ROOT_TS, {"thread": thread_id}).scalar() is None


def _take_in(connection: Connection, waiting: AnyRow, tell: Tell) -> bool:
    """Let an alert that was never claimed say this too; False when it cannot."""
    return bool(connection.execute(_TAKE_IN, _grown(waiting, tell)).rowcount)


def _grown(waiting: AnyRow, tell: Tell) -> dict[str, Any]:
    return {
        "alert": waiting.id,
        "grown": max(waiting.revision, tell.revision),
        "new_priority": max(waiting.priority, tell.priority.value),
        "aloud": waiting.broadcast or tell.broadcast,
        "due": min(waiting.due_at, tell.due_at),
    }
