"""How many articles, matches, stories and alerts were there?"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, select

from storage.claims import REFUSED
from storage.contract import Counts
from storage.door import Door
from storage.schema import article_versions, articles, deliveries, matches, story_matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Column, ColumnElement


def _within(moment: Column[datetime]) -> ColumnElement[bool]:
    return (moment >= bindparam("since")) & (moment < bindparam("until"))


_COUNTS = select(
    select(func.count())
    .select_from(articles)
    .where(_within(articles.c.first_seen), ~articles.c.backlog)
    .scalar_subquery()
    .label("articles"),
    select(func.count(matches.c.article_id.distinct()))
    .join(articles, articles.c.id == matches.c.article_id)
    .where(_within(articles.c.first_seen), ~articles.c.backlog)
    .scalar_subquery()
    .label("matched"),
    select(func.count(story_matches.c.story_id.distinct()))
    .where(_within(story_matches.c.first_matched), ~story_matches.c.backlog)
    .scalar_subquery()
    .label("stories"),
    select(func.count())
    .select_from(deliveries)
    .where(_within(deliveries.c.at), deliveries.c.outcome != REFUSED)
    .scalar_subquery()
    .label("alerts_sent"),
)
NEVER = datetime.max.replace(tzinfo=UTC)

_OF_WATCHLISTS = (
    story_matches.c.watchlist_id.in_(bindparam("watchlists", expanding=True)),
    ~story_matches.c.backlog,
)
#: Of stories that a watchlist found since then; one of them may have been found before by another.
_FIRST_MATCHES = (
    select(func.min(story_matches.c.first_matched))
    .where(
        *_OF_WATCHLISTS,
        story_matches.c.story_id.in_(
            select(story_matches.c.story_id).where(
                *_OF_WATCHLISTS, story_matches.c.first_matched >= bindparam("since")
            )
        ),
    )
    .group_by(story_matches.c.story_id)
)


_MATCHED = (
    select(article_versions.c.source_id, func.count())
    .select_from(articles)
    .join(
        article_versions,
        (article_versions.c.article_id == articles.c.id) & (article_versions.c.version == articles.c.version),
    )
    .where(
        articles.c.first_seen >= bindparam("since"),
        ~articles.c.backlog,
        exists().where(matches.c.article_id == articles.c.id),
    )
    .group_by(article_versions.c.source_id)
)


class Numbers(Door):
    """Numbers for `status` and the digest. Backlog is never counted: nobody was told of it."""

    def counts(self, *, since: datetime, until: datetime) -> Counts:
        """Return the numbers of a span."""
        with self._database.read() as connection:
            row = connection.execute(_COUNTS, {"since": since, "until": until}).one()
        return Counts(
            articles=row.articles, matched=row.matched, stories=row.stories, alerts_sent=row.alerts_sent
        )

    def matched_since(self, since: datetime) -> dict[str, int]:
        """Return how many articles of each source matched a watchlist; none that brought none."""
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(_MATCHED, {"since": since})}

    def stories_a_day(
        self, *, watchlist_ids: Sequence[str], days: Sequence[tuple[datetime, datetime]]
    ) -> list[int]:
        """Return how many stories first matched in each span."""
        with self._database.read() as connection:
            asked = {
                "watchlists": list(watchlist_ids),
                "since": min((start for start, _ in days), default=NEVER),
            }
            found = connection.execute(_FIRST_MATCHES, asked).scalars()
            firsts = sorted(found)
        return [bisect_left(firsts, end) - bisect_left(firsts, start) for start, end in days]
