"""How many stories would each choice have? Read in one go, so that every filter can say its number."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, bindparam, distinct, func, literal, select

from news.nouns import Grade
from storage.door import Door
from storage.list_contract import StoryChoice, Tally
from storage.listing import (
    HAS_A_MESSAGE,
    IS_CLAIMED,
    NEWEST_VERSION,
    OTHERWISE_KEPT_OUT,
    STILL_KEPT_OUT,
    kept_back,
)
from storage.messages import IDS_AT_ONCE
from storage.schema import article_versions, articles, kept_out, stories, story_matches
from storage.stories import STANDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


_SOURCES = (
    select(article_versions.c.source_id, func.count(distinct(articles.c.story_id)).label("stories"))
    .join(articles, NEWEST_VERSION)
    .where(articles.c.story_id.in_(bindparam("ids", expanding=True)))
    .group_by(article_versions.c.source_id)
)


_ASKED = (
    stories.c.updated >= bindparam("since"),
    stories.c.updated < bindparam("until"),
    STANDS,
)
_WATCHLISTS: BindParameter[str] = bindparam("watchlists", expanding=True)
_BECAME = (HAS_A_MESSAGE.label("at_once"), IS_CLAIMED.label("claimed"))
_MATCHED = (
    select(
        stories.c.id,
        stories.c.updated,
        story_matches.c.watchlist_id,
        story_matches.c.grade,
        *_BECAME,
        OTHERWISE_KEPT_OUT.label("kept_out"),
    )
    .join(story_matches, story_matches.c.story_id == stories.c.id)
    .where(story_matches.c.watchlist_id.in_(_WATCHLISTS), *_ASKED)
)
#: Few: found by when they were kept out, which is never before their story changed.
_KEPT_OUT = (
    select(
        stories.c.id,
        stories.c.updated,
        kept_out.c.watchlist_id,
        literal("").label("grade"),
        *_BECAME,
        literal(value=True).label("kept_out"),
    )
    .join(stories, stories.c.id == kept_out.c.story_id)
    .where(
        kept_out.c.at >= bindparam("since"), kept_out.c.watchlist_id.in_(_WATCHLISTS), STILL_KEPT_OUT, *_ASKED
    )
)


class Tallying(Door):
    """Stories, counted."""

    def tally(self, choice: StoryChoice) -> tuple[Tally, ...]:
        """Return what each watchlist of the choice has in its span; only watchlists and span are asked."""
        span = {"watchlists": choice.watchlist_ids, "since": choice.since, "until": choice.until}
        with self._database.read() as connection:
            matched = connection.execute(_MATCHED, span | kept_back(choice)).all()
            rows = [*matched, *connection.execute(_KEPT_OUT, span)]
        return tuple(
            Tally(
                story_id=row.id,
                updated=row.updated,
                watchlist_id=row.watchlist_id,
                grade=Grade(row.grade) if row.grade else None,
                at_once=bool(row.at_once),
                claimed=bool(row.claimed),
                kept_out=bool(row.kept_out),
            )
            for row in rows
        )

    def count_sources(self, story_ids: Sequence[int]) -> Mapping[str, int]:
        """Return how many of these stories each source tells."""
        found: dict[str, int] = defaultdict(int)
        with self._database.read() as connection:
            for at in range(0, len(story_ids), IDS_AT_ONCE):
                for row in connection.execute(_SOURCES, {"ids": story_ids[at : at + IDS_AT_ONCE]}):
                    found[row.source_id] += row.stories
        return found
