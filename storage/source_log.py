"""What did a source bring lately, what became of it, and how much was it on each day?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, func, select

from news.answers import Answer, answers_in
from storage.door import Door
from storage.list_contract import Brought
from storage.listing import NEWEST_VERSION
from storage.remembered_schema import source_answers
from storage.schema import article_versions, articles, clippings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.columns import AnyRow

_BROUGHT = (
    select(
        clippings.c.id,
        clippings.c.title,
        clippings.c.address,
        clippings.c.seen_at,
        clippings.c.published,
        clippings.c.settled_at,
        clippings.c.backlog,
        clippings.c.why,
        articles.c.story_id,
    )
    .outerjoin(articles, articles.c.id == clippings.c.article_id)
    .where(clippings.c.source_id == bindparam("source"))
    .order_by(clippings.c.id.desc())
    .limit(bindparam("most"))
)
_ANSWERS = select(source_answers.c.lines).where(source_answers.c.source_id == bindparam("source"))


class SourceLog(Door):
    """The log of a source."""

    def came_a_day(self, starts: Sequence[datetime]) -> dict[str, tuple[int, ...]]:
        """Return how many articles each source brought on each day, by when the days began, oldest first."""
        day = case(*((articles.c.first_seen >= start, at) for at, start in reversed([*enumerate(starts)])))
        counting = (
            select(article_versions.c.source_id, day.label("day"), func.count().label("came"))
            .select_from(articles)
            .join(article_versions, NEWEST_VERSION)
            .where(articles.c.first_seen >= starts[0], ~articles.c.backlog)
            .group_by(article_versions.c.source_id, day)
        )
        found: dict[str, list[int]] = {}
        with self._database.read() as connection:
            for row in connection.execute(counting):
                found.setdefault(row.source_id, [0] * len(starts))[row.day] = row.came
        return {source_id: tuple(days) for source_id, days in found.items()}

    def answers_of(self, source_id: str) -> tuple[Answer, ...]:
        """Return what a source answered lately, the newest first."""
        with self._database.read() as connection:
            lines: str = connection.execute(_ANSWERS, {"source": source_id}).scalar() or ""
        return tuple(answers_in(lines))

    def brought_by(self, source_id: str, *, limit: int = 50) -> tuple[Brought, ...]:
        """Return the last entries that a source brought, the newest first."""
        with self._database.read() as connection:
            rows = connection.execute(_BROUGHT, {"source": source_id, "most": limit}).all()
        return tuple(map(_brought, rows))


def _brought(row: AnyRow) -> Brought:
    return Brought(
        title=row.title,
        address=row.address,
        seen_at=row.seen_at,
        published=row.published,
        waits=row.settled_at is None,
        backlog=row.backlog,
        story_id=row.story_id,
        why=row.why,
    )
