"""Which stories did people say concern a watchlist, and which not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, or_, select

from news.nouns import Mark
from storage.door import Door
from storage.gathered_schema import merged_stories
from storage.schema import marks

if TYPE_CHECKING:
    from datetime import datetime

    from storage.columns import AnyRow

_OF_A_WATCHLIST = select(marks).where(marks.c.watchlist_id == bindparam("watchlist")).order_by(marks.c.id)
_OF_A_STORY = (
    select(marks)
    .where(
        or_(
            marks.c.story_id == bindparam("story"),
            marks.c.story_id.in_(
                select(merged_stories.c.story_id).where(merged_stories.c.into_id == bindparam("story"))
            ),
        )
    )
    .order_by(marks.c.id)
)


class Marks(Door):
    """Only ever added to: a later mark of the same story stands over an earlier one."""

    def record_mark(self, mark: Mark) -> None:
        """Append what somebody said of a story."""
        with self._database.write() as connection:
            connection.execute(insert(marks), _row(mark))

    def marks(self, watchlist_id: str) -> tuple[Mark, ...]:
        """Return everything that was said of stories for a watchlist, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(_OF_A_WATCHLIST, {"watchlist": watchlist_id}).all()
        return tuple(map(_mark, rows))

    def marks_of(self, story_id: int) -> tuple[Mark, ...]:
        """Return everything that was said of a story, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(_OF_A_STORY, {"story": story_id}).all()
        return tuple(map(_mark, rows))


def _row(mark: Mark) -> dict[str, int | str | bool | datetime]:
    return {
        "at": mark.at,
        "who": mark.who,
        "story_id": mark.story_id,
        "article_id": mark.article_id,
        "watchlist_id": mark.watchlist_id,
        "watchlist_version": mark.watchlist_version,
        "relevant": mark.relevant,
    }


def _mark(row: AnyRow) -> Mark:
    return Mark(
        at=row.at,
        who=row.who,
        story_id=row.story_id,
        article_id=row.article_id,
        watchlist_id=row.watchlist_id,
        watchlist_version=row.watchlist_version,
        relevant=row.relevant,
    )
