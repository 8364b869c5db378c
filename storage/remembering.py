"""What is the window of the last days made of, after a restart?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from news.sameness.kept import FORMAT, Traced
from storage.articles import ARTICLE, IS_NEWEST, PAGE, article_of
from storage.door import Door
from storage.fingerprints import FIRST_SINCE, keep_print
from storage.remembered_schema import sameness_prints, sameness_traces
from storage.schema import articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from news.nouns import Article
    from news.sameness.kept import Kept

_TRACES = (
    select(articles.c.id, articles.c.story_id, sameness_traces.c.trace)
    .join(sameness_traces, sameness_traces.c.article_id == articles.c.id)
    .where(
        articles.c.id >= bindparam("first"),
        articles.c.first_seen >= bindparam("since"),
        sameness_traces.c.format == FORMAT,
    )
    .order_by(articles.c.id)
)
_PRINTS = select(sameness_prints).where(sameness_prints.c.article_id.in_(bindparam("ids", expanding=True)))
_UNTRACED = (
    ARTICLE.outerjoin(sameness_traces, sameness_traces.c.article_id == articles.c.id)
    .where(
        IS_NEWEST,
        articles.c.first_seen >= bindparam("since"),
        articles.c.id > bindparam("after"),
        func.coalesce(sameness_traces.c.format, 0) != FORMAT,
    )
    .order_by(articles.c.id)
    .limit(PAGE)
)


class Remembered(Door):
    """What articles are found and compared by."""

    def traces(self, *, since: datetime) -> list[Traced]:
        """Return what the articles first seen since then are found by, in filing order."""
        with self._database.read() as connection:
            first: int | None = connection.execute(FIRST_SINCE, {"since": since}).scalar()
            if first is None:
                return []
            rows = self._database.kind.fetch_bytes(connection, _TRACES, {"first": first, "since": since})
        return list(map(Traced._make, rows))

    def prints(self, article_ids: Sequence[int]) -> Mapping[int, bytes]:
        """Return what these articles are compared by; what is not kept is left out."""
        with self._database.read() as connection:
            rows = connection.execute(_PRINTS, {"ids": list(article_ids)}).all()
        return {row.article_id: row.print for row in rows}

    def untraced(self, *, since: datetime) -> Iterator[tuple[Article, int]]:
        """Yield (article, story id) first seen since then of which nothing is kept, in filing order."""
        after, page = 0, PAGE
        while page == PAGE:
            with self._database.read() as connection:
                rows = connection.execute(_UNTRACED, {"since": since, "after": after}).all()
            yield from ((article_of(row), row.story_id) for row in rows)
            page = len(rows)
            after = rows[-1].id if rows else after

    def keep(self, kept: Iterable[tuple[int, Kept]]) -> None:
        """Keep what articles are found and compared by, instead of what was kept before."""
        with self._database.write() as connection:
            for article_id, rows in kept:
                keep_print(connection, article_id, rows)
