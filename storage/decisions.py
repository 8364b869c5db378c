"""What did people decide about which articles belong together?

Only ever added to. A decision stands until a later one lifts it; the machine never goes against one that
stands, whatever comes in.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
)

from news.errors import StorageError
from storage.door import Door, missing
from storage.gathered_schema import decided_articles, decisions, merged_stories
from storage.gathering_contract import Decision, MergedStory, Verdict
from storage.schema import articles, audit, stories

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.gathering_contract import Merger

RELEASED = "released"

_lifts = decisions.alias("lifts")
_DECISIONS = (
    select(decisions, _lifts.c.who.label("released_by"), _lifts.c.at.label("released_at"))
    .outerjoin(_lifts, _lifts.c.releases == decisions.c.id)
    .where(decisions.c.verdict != RELEASED)
    .order_by(decisions.c.id)
)
_SIDES = (
    select(decided_articles)
    .where(decided_articles.c.decision_id.in_(bindparam("ids", expanding=True)))
    .order_by(decided_articles.c.article_id)
)
_OF_A_STORY = (
    select(decided_articles.c.decision_id)
    .join(articles, articles.c.id == decided_articles.c.article_id)
    .where(articles.c.story_id == bindparam("story"))
)
_left = decided_articles.alias("left_side")
_right = decided_articles.alias("right_side")
_ONE: BindParameter[int] = bindparam("one", expanding=True)
_OTHER: BindParameter[int] = bindparam("other", expanding=True)
_BETWEEN = exists().where(
    _left.c.decision_id == decisions.c.id,
    _right.c.decision_id == decisions.c.id,
    or_(
        and_(_left.c.side == 0, _right.c.side == 1),
        and_(_left.c.side == 1, _right.c.side == 0),
    ),
    _left.c.article_id.in_(_ONE),
    _right.c.article_id.in_(_OTHER),
)
_GATHERED = select(
    select(func.coalesce(func.max(decisions.c.id), 0)).scalar_subquery()
    + select(func.count()).select_from(merged_stories).scalar_subquery()
)
_PLACES = select(articles.c.id, articles.c.story_id).where(
    articles.c.id.in_(bindparam("ids", expanding=True))
)
_MERGED_INTO = (
    select(merged_stories)
    .where(merged_stories.c.into_id == bindparam("story"))
    .order_by(merged_stories.c.revision, merged_stories.c.story_id)
)
_STANDS_AS = select(merged_stories.c.into_id).where(merged_stories.c.story_id == bindparam("story"))
_IS_THERE = select(stories.c.id).where(stories.c.id == bindparam("story"))
_MEMBERS = select(articles.c.id).where(articles.c.story_id == bindparam("story")).order_by(articles.c.id)

AT_ONCE = 500  # ids in one question


class Decisions(Door):
    """A person's word, and what it binds."""

    def keep_apart(self, merger: Merger) -> Decision:
        """Remember that two stories are not one."""
        with self._database.write() as connection:
            one, other = (standing(connection, story) for story in (merger.one, merger.other))
            if one == other:
                raise StorageError("They are one story. Take an article out of it: stories split")
            sides = members(connection, one), members(connection, other)
            made = decide(connection, "apart", sides, who=merger.who, reason=merger.reason, now=merger.now)
            facts = {"decision": made, "stories": [one, other], "reason": merger.reason}
            keep_audit(connection, "stories kept apart", who=merger.who, facts=facts, now=merger.now)
            decision = _one_decision(connection, made)
            if merger.dry_run:
                connection.rollback()
        return decision

    def release_decision(self, decision_id: int, *, who: str, reason: str, now: datetime) -> Decision:
        """Lift a decision; the stories stay as they are."""
        with self._database.write() as connection:
            if _one_decision(connection, decision_id).stands:
                lifted = {
                    "at": now,
                    "who": who,
                    "verdict": RELEASED,
                    "reason": reason,
                    "releases": decision_id,
                }
                connection.execute(insert(decisions), lifted)
                facts = {"decision": decision_id, "reason": reason}
                keep_audit(connection, "decision released", who=who, facts=facts, now=now)
            return _one_decision(connection, decision_id)

    def decisions(
        self, *, story_id: int | None = None, decision_id: int | None = None
    ) -> tuple[Decision, ...]:
        """Return what people decided, oldest first: all, or what touches a story's articles."""
        which: list[ColumnElement[bool]] = []
        if story_id is not None:
            which.append(decisions.c.id.in_(_OF_A_STORY))
        if decision_id is not None:
            which.append(decisions.c.id == decision_id)
        with self._database.read() as connection:
            return _read(connection, *which, story=story_id)

    def decided(self, one: Sequence[int], other: Sequence[int], verdict: Verdict) -> Decision | None:
        """Return the standing decision that holds between any of these articles and any of those."""
        with self._database.read() as connection:
            return standing_decision(connection, one, other, verdict)

    def merged_into(self, story_id: int) -> tuple[MergedStory, ...]:
        """Return the stories that became part of this one, in the order they did."""
        with self._database.read() as connection:
            rows = connection.execute(_MERGED_INTO, {"story": story_id}).all()
        return tuple(MergedStory(**row._mapping) for row in rows)  # noqa: SLF001  a row's names and values

    def gathered(self) -> int:
        """Return a number that grows whenever stories were joined or parted."""
        with self._database.read() as connection:
            return int(connection.execute(_GATHERED).scalar_one())

    def places(self, article_ids: Sequence[int]) -> dict[int, int]:
        """Return the story of each of these articles that is there."""
        found: dict[int, int] = {}
        with self._database.read() as connection:
            for start in range(0, len(article_ids), AT_ONCE):
                page = list(article_ids[start : start + AT_ONCE])
                found |= {row.id: row.story_id for row in connection.execute(_PLACES, {"ids": page})}
        return found


def standing(connection: Connection, story_id: int) -> int:
    """Return the story that this one is by now.

    Raises:
        StorageError: there is no such story.
    """
    into: int | None = connection.execute(_STANDS_AS, {"story": story_id}).scalar_one_or_none()
    if into is None and connection.execute(_IS_THERE, {"story": story_id}).first() is None:
        raise missing("story", story_id)
    return story_id if into is None else into


def members(connection: Connection, story_id: int) -> tuple[int, ...]:
    """Return the articles of a story."""
    return tuple(connection.execute(_MEMBERS, {"story": story_id}).scalars())


def standing_decision(
    connection: Connection, one: Sequence[int], other: Sequence[int], verdict: Verdict
) -> Decision | None:
    """Return the standing decision that holds between any of these articles and any of those."""
    which = (decisions.c.verdict == verdict, _lifts.c.id.is_(None), _BETWEEN)
    found = _read(connection, *which, one=list(one), other=list(other))
    return found[-1] if found else None


def decide(
    connection: Connection,
    verdict: Verdict,
    sides: tuple[Sequence[int], Sequence[int]],
    *,
    who: str,
    reason: str,
    now: datetime,
) -> int:
    """Write a decision down; return its id."""
    row = {"at": now, "who": who, "verdict": verdict, "reason": reason}
    made: int = connection.execute(insert(decisions).returning(decisions.c.id), row).scalar_one()
    told = [
        {"decision_id": made, "article_id": article_id, "side": side}
        for side, ids in enumerate(sides)
        for article_id in ids
    ]
    connection.execute(insert(decided_articles), told)
    return made


def keep_audit(connection: Connection, what: str, *, who: str, facts: dict[str, Any], now: datetime) -> None:
    """Append to the record of who did what."""
    connection.execute(insert(audit), {"at": now, "what": what, "who": who, "facts": facts})


def _one_decision(connection: Connection, decision_id: int) -> Decision:
    found = _read(connection, decisions.c.id == decision_id)
    if not found:
        raise missing("decision", decision_id)
    return found[0]


def _read(connection: Connection, *which: ColumnElement[bool], **values: object) -> tuple[Decision, ...]:
    rows = connection.execute(_DECISIONS.where(*which), values).all()
    sides: dict[tuple[int, int], list[int]] = defaultdict(list)
    if rows:
        for row in connection.execute(_SIDES, {"ids": [row.id for row in rows]}):
            sides[row.decision_id, row.side].append(row.article_id)
    return tuple(
        Decision(
            id=row.id,
            at=row.at,
            who=row.who,
            verdict=row.verdict,
            reason=row.reason,
            one=tuple(sides[row.id, 0]),
            other=tuple(sides[row.id, 1]),
            released_by=row.released_by or "",
            released_at=row.released_at,
        )
        for row in rows
    )
