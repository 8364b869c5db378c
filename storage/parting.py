"""How does a story become two?

The articles that tell something else take their places, evidence and what was told of them to a new story.
What was told counts as told; what still waited in the old story's threads is told by the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, insert, select, update

from news.errors import StorageError
from news.telling import AlertState
from storage.alerts import NEW_ALERT, RELEASABLE, UNSENT
from storage.decisions import decide, keep_audit, members, standing, standing_decision
from storage.door import Door
from storage.gathering_contract import Parted, Parting
from storage.joined_threads import show_all
from storage.joining import bar_readers, retitle
from storage.keys import alert_key
from storage.schema import (
    alerts,
    articles,
    corrections,
    digest_declarations,
    digest_items,
    matches,
    stories,
    story_articles,
    story_matches,
    thread_watchlists,
    threads,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.columns import AnyRow

_LEAVING: BindParameter[int] = bindparam("leaving", expanding=True)
_STORY = select(stories).where(stories.c.id == bindparam("story"))
_PLACES = (
    select(story_articles)
    .where(story_articles.c.story_id == bindparam("story"))
    .order_by(story_articles.c.revision)
)
_CORRECTED = select(corrections.c.story_article_id).where(
    corrections.c.story_article_id.in_(bindparam("ids", expanding=True))
)
#: Nobody has these messages yet, as far as is known.
_OPEN = (
    select(alerts)
    .join(threads, threads.c.id == alerts.c.thread_id)
    .where(threads.c.story_id == bindparam("story"), alerts.c.state.in_([*UNSENT, *sorted(RELEASABLE)]))
)
_THREADS = select(threads.c.id).where(threads.c.story_id == bindparam("story"))
_DECLARED = select(digest_declarations.c.name).where(digest_declarations.c.declared)
_DIGESTED = (
    select(digest_items.c.name, func.max(digest_items.c.revision).label("told"))
    .where(digest_items.c.story_id == bindparam("story"))
    .group_by(digest_items.c.name)
)
_ON = select(story_matches.c.watchlist_id).where(story_matches.c.story_id == bindparam("story"))
_ROOTS = (
    select(
        alerts.c.id.label("alert_id"),
        alerts.c.due_at,
        alerts.c.created,
        threads.c.id.label("thread_id"),
        threads.c.destination,
        threads.c.priority,
        threads.c.grade,
    )
    .join(threads, threads.c.id == alerts.c.thread_id)
    .where(threads.c.story_id == bindparam("story"), alerts.c.kind == "root")
    .order_by(threads.c.id)
)
_WATCHLISTS = (
    select(thread_watchlists.c.watchlist_id)
    .where(thread_watchlists.c.thread_id == bindparam("thread"))
    .order_by(thread_watchlists.c.position)
)
_MATCHES = select(story_matches).where(story_matches.c.story_id == bindparam("story"))
_EVIDENCE = (matches.c.story_id == bindparam("story"), matches.c.article_id.in_(_LEAVING))
_FOUND = select(matches).where(*_EVIDENCE).order_by(matches.c.id)


class PartingDoor(Door):
    """A story becomes two."""

    def split_story(self, parting: Parting) -> Parted | None:
        """Make a story of its own of some articles; None when a person decided that they belong together."""
        with self._database.write() as connection:
            story_id = standing(connection, parting.story_id)
            there = members(connection, story_id)
            leaving = tuple(dict.fromkeys(parting.article_ids))
            staying = tuple(article_id for article_id in there if article_id not in leaving)
            if not leaving or not set(leaving) <= set(there):
                sentence = f"These articles are not all in story {story_id}."
                raise StorageError(sentence)
            if not staying:
                raise StorageError("A story cannot lose all its articles: nothing would be parted.")
            if standing_decision(connection, leaving, staying, "same") is not None:
                return None
            parted = _part(connection, story_id, leaving, parting)
            if not parted.is_told:
                self._count_as_told(connection, parted)
            decide(
                connection,
                "apart",
                (staying, leaving),
                who=parting.who,
                reason=parting.reason,
                now=parting.now,
            )
            facts = {"story": story_id, "new": parted.new_id, "articles": leaving, "reason": parting.reason}
            keep_audit(connection, "story split", who=parting.who, facts=facts, now=parting.now)
            if parting.dry_run:
                connection.rollback()
        return parted

    def _count_as_told(self, connection: Connection, parted: Parted) -> None:
        """Say that the new story was told in the other's messages, wherever its watchlists are.

        Every match has a state at each of its places; this one is told again when something is added to it.
        """
        on = set(connection.execute(_ON, {"story": parted.new_id}).scalars())
        for told in connection.execute(_ROOTS, {"story": parted.story_id}).all():
            names = connection.execute(_WATCHLISTS, {"thread": told.thread_id}).scalars().all()
            shared = [name for name in names if name in on]
            if shared:
                self._give_thread(connection, told, parted.new_id, shared)

    def _give_thread(
        self, connection: Connection, told: AnyRow, new_id: int, watchlists: Sequence[str]
    ) -> None:
        thread = {
            "story_id": new_id,
            "destination": told.destination,
            "priority": told.priority,
            "grade": told.grade,
            "wanted_revision": 0,
            "shown_revision": 0,
            "edits_closed": False,
        }
        made: int = connection.execute(insert(threads).returning(threads.c.id), thread).scalar_one()
        on = [
            {"thread_id": made, "watchlist_id": name, "position": place}
            for place, name in enumerate(watchlists)
        ]
        connection.execute(insert(thread_watchlists), on)
        root = NEW_ALERT | {
            "key": alert_key(self._installation, made, "root", 0),
            "kind": "root",
            "destination": told.destination,
            "state": AlertState.MERGED.value,
            "thread_id": made,
            "story_id": new_id,
            "priority": told.priority,
            "due_at": told.due_at,
            "created": told.created,
            "shown_in": told.alert_id,
        }
        connection.execute(insert(alerts), root)


def _part(connection: Connection, story_id: int, leaving: Sequence[int], parting: Parting) -> Parted:
    story = connection.execute(_STORY, {"story": story_id}).one()
    places = connection.execute(_PLACES, {"story": story_id}).all()
    gone = [place for place in places if place.article_id in leaving]
    untold = connection.execute(_OPEN, {"story": story_id}).all()
    waiting = [alert for alert in untold if alert.state == AlertState.PENDING and not alert.attempts]
    is_told = parting.tell or _is_owed(story, gone, untold)
    new_id = _new_story(connection, story, gone, parting, is_told=is_told)
    seam = bar_readers(connection, story_id)
    for each in (story_id, new_id):
        retitle(connection, each)
    if is_told:
        connection.execute(delete(matches).where(*_EVIDENCE), {"story": story_id, "leaving": list(leaving)})
    else:
        owed = len(gone) if _digests_owe(connection, story_id, gone) else 0
        _part_matches(connection, story_id, new_id, leaving, revision=owed)
    staying = [place for place in places if place.article_id not in leaving]
    withdrawn = _withdraw(connection, waiting, staying, new_id)
    for thread_id in connection.execute(_THREADS, {"story": story_id}).scalars().all():
        show_all(connection, thread_id, seam)
    return Parted(
        story_id=story_id,
        new_id=new_id,
        articles=len(set(leaving)),
        is_told=is_told,
        withdrawn_alerts=withdrawn,
    )


def _is_owed(story: AnyRow, gone: Sequence[AnyRow], untold: Sequence[AnyRow]) -> bool:
    """Say whether something of the leaving articles was not told yet."""
    return any(
        place.revision > story.watched_revision
        or any(alert.from_revision < place.revision <= alert.revision for alert in untold)
        for place in gone
    )


def _new_story(
    connection: Connection, story: AnyRow, gone: Sequence[AnyRow], parting: Parting, *, is_told: bool
) -> int:
    """Make the story, and give it the places of its articles."""
    row = {
        "title": "",
        "revision": len(gone),
        "watched_revision": 0 if is_told else len(gone),
        "created": gone[0].filed_at,
        "updated": story.updated,
    }
    new_id: int = connection.execute(insert(stories).returning(stories.c.id), row).scalar_one()
    for number, place in enumerate(gone, start=1):
        moved: dict[str, Any] = {"story_id": new_id, "revision": number}
        if number == 1:
            moved["reason"] = parting.reason
        connection.execute(update(story_articles).where(story_articles.c.id == place.id).values(moved))
    ids = {place.article_id for place in gone}
    connection.execute(update(articles).where(articles.c.id.in_(ids)).values(story_id=new_id))
    return new_id


def _digests_owe(connection: Connection, story_id: int, gone: Sequence[AnyRow]) -> bool:
    """Say whether a digest may have left something of the leaving articles untold."""
    told = {row.name: row.told for row in connection.execute(_DIGESTED, {"story": story_id})}
    newest = max(place.revision for place in gone)
    return any(told.get(name, 0) < newest for name in connection.execute(_DECLARED).scalars())


def _part_matches(
    connection: Connection, story_id: int, new_id: int, leaving: Sequence[int], *, revision: int
) -> None:
    """Give the new story the evidence of its articles; a digest tells it that has not told the revision."""
    asked = {"story": story_id, "leaving": list(leaving)}
    found = connection.execute(_FOUND, asked).all()
    for match in connection.execute(_MATCHES, {"story": story_id}).all():
        own = [each for each in found if each.watchlist_id == match.watchlist_id]
        if own:
            row = dict(match._mapping) | {  # noqa: SLF001  a row's names and values
                "story_id": new_id,
                "grade": min(each.grade for each in own),
                "priority": max(each.priority for each in own),
                "revision": revision,
            }
            connection.execute(insert(story_matches), row)
    connection.execute(update(matches).where(*_EVIDENCE).values(story_id=new_id), asked)


def _withdraw(
    connection: Connection, waiting: Sequence[AnyRow], staying: Sequence[AnyRow], new_id: int
) -> int:
    """Withdraw the follow-ups that have nothing left to say; return how many."""
    ids = [place.id for place in staying]
    corrected = set(connection.execute(_CORRECTED, {"ids": ids}).scalars())
    withdrawn = 0
    for alert in waiting:
        left = [place for place in staying if alert.from_revision < place.revision <= alert.revision]
        says = {
            "root": bool(left),
            "reply": any(place.whats_new for place in left),
            "correction": any(place.id in corrected for place in left),
        }
        if not says.get(alert.kind, True):
            why = {
                "state": AlertState.WITHDRAWN.value,
                "last_error": f"its article tells another story now (story {new_id})",
            }
            connection.execute(update(alerts).where(alerts.c.id == alert.id).values(why))
            withdrawn += 1
    return withdrawn
