"""Which pages of articles that were told were not found, and since when?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select

from storage.door import Door
from storage.remembered_schema import missing_pages
from storage.remembering_contract import MissingPage
from storage.schema import articles

if TYPE_CHECKING:
    from datetime import datetime

_MISSING = (
    select(missing_pages.c.article_id, articles.c.story_id, missing_pages.c.since)
    .join(articles, articles.c.id == missing_pages.c.article_id)
    .where(missing_pages.c.since >= bindparam("since"))
    .order_by(missing_pages.c.article_id)
)
_KNOWN = select(missing_pages.c.article_id).where(missing_pages.c.article_id == bindparam("article"))
_THERE = delete(missing_pages).where(missing_pages.c.article_id == bindparam("article"))


class MissingPages(Door):
    """Pages that were not found."""

    def missing_pages(self, *, since: datetime) -> tuple[MissingPage, ...]:
        """Return the pages that were not found for the first time since then."""
        with self._database.read() as connection:
            rows = connection.execute(_MISSING, {"since": since}).all()
        return tuple(MissingPage(article_id=id_, story_id=story, since=first) for id_, story, first in rows)

    def page_is_missing(self, article_id: int, *, since: datetime) -> None:
        """Remember that an article's page was not found, once."""
        with self._database.write() as connection:
            if connection.execute(_KNOWN, {"article": article_id}).first() is None:
                connection.execute(insert(missing_pages), {"article_id": article_id, "since": since})

    def page_is_there(self, article_id: int) -> None:
        """Forget that an article's page was not found."""
        with self._database.write() as connection:
            connection.execute(_THERE, {"article": article_id})
