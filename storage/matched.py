"""Which stories matched which watchlists, and why?"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, select

from news.nouns import Evidence, Grade, Match, Priority, StoryMatch
from storage.acts import held_stories
from storage.door import Door
from storage.gathered_schema import merged_stories
from storage.schema import digest_declarations, digest_items, matches, story_articles, story_matches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.columns import AnyRow

_IN_ORDER = (story_matches.c.story_id, story_matches.c.watchlist_id)
_CHANGED_SINCE = story_matches.c.story_id.in_(
    select(story_articles.c.story_id).where(story_articles.c.filed_at >= bindparam("since"))
)
_CHANGED_BETWEEN = story_matches.c.story_id.in_(
    select(story_articles.c.story_id).where(
        story_articles.c.filed_at >= bindparam("since"), story_articles.c.filed_at < bindparam("until")
    )
)
_OF_A_WATCHLIST = (
    select(story_matches)
    .where(
        story_matches.c.watchlist_id == bindparam("watchlist"), story_matches.c.changed >= bindparam("since")
    )
    .order_by(story_matches.c.story_id.desc())
    .limit(bindparam("limit"))
)
_EVIDENCE = (
    select(matches).where(matches.c.story_id.in_(bindparam("stories", expanding=True))).order_by(matches.c.id)
)
_other = story_matches.alias("other")
_ONLY_BACKLOG = select(func.count(story_matches.c.story_id.distinct())).where(
    story_matches.c.backlog,
    ~exists().where(_other.c.story_id == story_matches.c.story_id, ~_other.c.backlog),
)

_TOLD_BY_DIGEST = (
    select(func.max(digest_items.c.revision))
    .where(digest_items.c.name == bindparam("digest"), digest_items.c.story_id == story_matches.c.story_id)
    .scalar_subquery()
)
_UNDIGESTED = (
    story_matches.c.watchlist_id.in_(bindparam("watchlists", expanding=True)),
    ~story_matches.c.backlog,
    story_matches.c.revision > func.coalesce(_TOLD_BY_DIGEST, 0),
    story_matches.c.changed
    >= select(digest_declarations.c.declared_at)
    .where(digest_declarations.c.name == bindparam("digest"))
    .scalar_subquery(),
)


#: What a story is by now: itself, or the one it became part of.
_STANDS_AS = func.coalesce(
    select(merged_stories.c.into_id).where(merged_stories.c.story_id == bindparam("story")).scalar_subquery(),
    bindparam("story"),
)


class Matched(Door):
    """Matches, with their evidence."""

    def matches(self, *, since: datetime, until: datetime | None = None) -> tuple[StoryMatch, ...]:
        """Return matches whose story changed in the span, by story, without backlog."""
        span = {"since": since} if until is None else {"since": since, "until": until}
        changed = _CHANGED_SINCE if until is None else _CHANGED_BETWEEN
        return self._matches(changed, ~story_matches.c.backlog, **span)

    def story_matches(self, story_id: int) -> tuple[StoryMatch, ...]:
        """Return every match of one story."""
        return self._matches(story_matches.c.story_id == _STANDS_AS, story=story_id)

    def matches_of(self, watchlist_id: str, *, since: datetime, limit: int = 2000) -> tuple[StoryMatch, ...]:
        """Return a watchlist's matches that were judged since then, the newest stories first."""
        asked = {"watchlist": watchlist_id, "since": since, "limit": limit}
        with self._database.read() as connection:
            rows = connection.execute(_OF_A_WATCHLIST, asked).all()
            evidence = _evidence(connection, sorted({row.story_id for row in rows}))
        return tuple(_story_match(row, evidence[row.story_id, row.watchlist_id]) for row in rows)

    def undigested_matches(
        self, name: str, *, watchlist_ids: Sequence[str], at: datetime | None = None
    ) -> tuple[StoryMatch, ...]:
        """Return matches of these watchlists that this digest has not told at their revision yet."""
        held = [] if at is None else [story_matches.c.story_id.not_in(held_stories(at))]
        return self._matches(*_UNDIGESTED, *held, digest=name, watchlists=list(watchlist_ids))

    def backlog_matches(self) -> int:
        """Return how many stories matched but were held as backlog."""
        with self._database.read() as connection:
            return int(connection.execute(_ONLY_BACKLOG).scalar_one())

    def _matches(self, *which: ColumnElement[bool], **values: object) -> tuple[StoryMatch, ...]:
        with self._database.read() as connection:
            rows = connection.execute(select(story_matches).where(*which).order_by(*_IN_ORDER), values).all()
            evidence = _evidence(connection, sorted({row.story_id for row in rows}))
        return tuple(_story_match(row, evidence[row.story_id, row.watchlist_id]) for row in rows)


def _evidence(connection: Connection, stories: list[int]) -> dict[tuple[int, str], list[Match]]:
    found: dict[tuple[int, str], list[Match]] = defaultdict(list)
    if stories:
        for row in connection.execute(_EVIDENCE, {"stories": stories}):
            found[row.story_id, row.watchlist_id].append(_match(row))
    return found


def _story_match(row: AnyRow, evidence: Sequence[Match]) -> StoryMatch:
    return StoryMatch(
        story_id=row.story_id,
        watchlist_id=row.watchlist_id,
        watchlist_version=row.watchlist_version,
        grade=Grade(row.grade),
        priority=Priority(row.priority),
        matches=tuple(evidence),
        revision=row.revision,
        first_matched=row.first_matched,
        backlog=row.backlog,
    )


def _match(row: AnyRow) -> Match:
    return Match(
        watchlist_id=row.watchlist_id,
        watchlist_version=row.watchlist_version,
        article_id=row.article_id,
        article_version=row.article_version,
        grade=Grade(row.grade),
        grade_reason=row.grade_reason,
        priority=Priority(row.priority),
        priority_reason=row.priority_reason,
        evidence=tuple(Evidence(**evidence) for evidence in row.evidence),
    )
