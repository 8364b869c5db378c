"""Which stories are there, whole, and which wait to be watched?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam, exists, func, select, update

from news.nouns import Correction, Placement, Sentence, SharedPassage, Story, StoryArticle
from storage.articles import ARTICLE, article_of
from storage.door import Door
from storage.finding import wanted_words
from storage.gathered_schema import merged_stories
from storage.schema import article_versions, articles, clippings, corrections, stories, story_articles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from storage.columns import AnyRow

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_STORIES = select(stories).where(stories.c.id.in_(_IDS))
_PLACES = (
    ARTICLE.add_columns(
        story_articles.c.id.label("place_id"),
        story_articles.c.story_id.label("told_in"),
        story_articles.c.revision,
        story_articles.c.filed_at,
        story_articles.c.reason,
        story_articles.c.shared,
        story_articles.c.whats_new,
        story_articles.c.sentences,
    )
    .join(
        story_articles,
        (story_articles.c.article_id == articles.c.id)
        & (story_articles.c.version == article_versions.c.version),
    )
    .where(story_articles.c.story_id.in_(_IDS), story_articles.c.revision <= bindparam("at"))
    .order_by(story_articles.c.id)
)
_CORRECTIONS = (
    select(corrections)
    .join(story_articles, story_articles.c.id == corrections.c.story_article_id)
    .where(story_articles.c.story_id.in_(_IDS))
    .order_by(corrections.c.id)
)
#: Whether a story is one still, and no part of another.
STANDS = ~exists().where(merged_stories.c.story_id == stories.c.id)

_BECAME = select(merged_stories.c.into_id).where(merged_stories.c.story_id == bindparam("story"))
_UPDATED = (
    select(stories.c.id)
    .where(stories.c.updated >= bindparam("since"), STANDS)
    .order_by(stories.c.updated.desc(), stories.c.id.desc())
    .limit(bindparam("most"))
)
_UNWATCHED = (
    select(stories.c.id)
    .where(stories.c.watched_revision < stories.c.revision)
    .order_by(stories.c.updated, stories.c.id)
    .limit(bindparam("most"))
)
_STORY_OF = select(articles.c.story_id).where(articles.c.id == bindparam("article"))

_RELEASE_CLIPPINGS = (
    update(clippings)
    .where(
        clippings.c.backlog,
        clippings.c.settled_at.is_(None),
        func.coalesce(clippings.c.published, clippings.c.seen_at) >= bindparam("since"),
    )
    .values(backlog=False)
)
_TO_RELEASE = (
    select(articles.c.id, articles.c.story_id)
    .join(
        article_versions,
        (article_versions.c.article_id == articles.c.id) & (article_versions.c.version == articles.c.version),
    )
    .where(
        articles.c.backlog,
        func.coalesce(article_versions.c.published, articles.c.first_seen) >= bindparam("since"),
    )
    .order_by(articles.c.id)
)
_RELEASE = update(articles).where(articles.c.id == bindparam("article")).values(backlog=False)
_GROW_QUIETLY = (
    update(stories)
    .where(stories.c.id == bindparam("story"))
    .values(revision=stories.c.revision + 1)
    .returning(stories.c.revision)
)
_MOVE_UP = (
    update(story_articles)
    .where(
        story_articles.c.id
        == select(func.max(story_articles.c.id))
        .where(story_articles.c.article_id == bindparam("article"))
        .scalar_subquery()
    )
    .values(revision=bindparam("raised"))
)

NEWEST = 2**31 - 1  # a revision that no story reaches


class Stories(Door):
    """Stories, read whole."""

    def story(self, story_id: int, *, at: int | None = None) -> Story | None:
        """Return a story whole, or None; with `at`, as it stood at that revision."""
        with self._database.read() as connection:
            if at is None:
                story_id = connection.execute(_BECAME, {"story": story_id}).scalar() or story_id
            found = load_stories(connection, [story_id], at=at)
        return found[0] if found else None

    def story_of(self, article_id: int) -> Story | None:
        """Return the story that an article belongs to, or None."""
        with self._database.read() as connection:
            ids = connection.execute(_STORY_OF, {"article": article_id}).scalars().all()
            found = load_stories(connection, ids)
        return found[0] if found else None

    def stories(self, *, since: datetime, limit: int = 100) -> tuple[Story, ...]:
        """Return stories updated since then, newest first."""
        with self._database.read() as connection:
            ids = connection.execute(_UPDATED, {"since": since, "most": limit}).scalars().all()
            return load_stories(connection, ids)

    def unwatched_stories(self, *, limit: int) -> tuple[Story, ...]:
        """Return whole stories with watched_revision < revision, the longest waiting first."""
        with self._database.read() as connection:
            ids = connection.execute(_UNWATCHED, {"most": limit}).scalars().all()
            return load_stories(connection, ids)

    def search(self, query: str, *, limit: int = 20) -> tuple[Story, ...]:
        """Return stories of which an article contains all the query's words, best first."""
        wanted = wanted_words(query)
        if wanted is None:
            return ()
        found: dict[int, None] = {}
        with self._database.read() as connection:
            for story_id in self._database.kind.find_stories(connection, wanted):
                found[story_id] = None
                if len(found) >= limit:
                    break
            return load_stories(connection, list(found))

    def release_backlog(self, since: datetime) -> int:
        """Treat backlog published since then as news; return how many stories changed."""
        changed: set[int] = set()
        with self._database.write() as connection:
            connection.execute(_RELEASE_CLIPPINGS, {"since": since})
            for article_id, story_id in connection.execute(_TO_RELEASE, {"since": since}).all():
                connection.execute(_RELEASE, {"article": article_id})
                # A revision of its own, as if it were filed now: who is watching the story at this moment
                # records the revision it read, and the story still lags.
                raised = connection.execute(_GROW_QUIETLY, {"story": story_id}).scalar_one()
                connection.execute(_MOVE_UP, {"article": article_id, "raised": raised})
                changed.add(story_id)
        return len(changed)


def load_stories(connection: Connection, ids: Sequence[int], *, at: int | None = None) -> tuple[Story, ...]:
    """Return these stories in this order; those that are not there are left out."""
    if not ids:
        return ()
    corrected: dict[int, list[Correction]] = defaultdict(list)
    for row in connection.execute(_CORRECTIONS, {"ids": ids}):
        corrected[row.story_article_id].append(
            Correction(before=row.before, after=row.after, label=row.label)
        )
    told: dict[int, dict[int, StoryArticle]] = defaultdict(dict)
    places = connection.execute(_PLACES, {"ids": ids, "at": NEWEST if at is None else at}).all()
    begins = _beginnings(places)
    for row in places:
        # A later place of the same article takes the earlier one's; the order is that of first filing.
        story_id = None if begins[row.told_in] == row.revision else row.told_in
        place = _story_article(row, story_id, tuple(corrected[row.place_id]))
        before = told[row.told_in].get(row.id)
        earlier = (*before.earlier, replace(before, earlier=())) if before else ()
        told[row.told_in][row.id] = replace(place, earlier=earlier)
    rows = {row.id: row for row in connection.execute(_STORIES, {"ids": ids})}
    return tuple(_story(rows[id_], told[id_], at) for id_ in ids if id_ in rows)


def _beginnings(places: Sequence[AnyRow]) -> dict[int, int]:
    """Return the first revision of each story; after stories were joined or parted it need not be 1."""
    begins: dict[int, int] = {}
    for row in places:
        begins[row.told_in] = min(row.revision, begins.get(row.told_in, row.revision))
    return begins


def _story(row: AnyRow, told: dict[int, StoryArticle], at: int | None) -> Story:
    return Story(
        id=row.id,
        revision=row.revision if at is None else min(row.revision, at),
        watched_revision=row.watched_revision,
        title=row.title,
        created=row.created,
        updated=row.updated,
        articles=tuple(told[article_id] for article_id in sorted(told)),
    )


def _story_article(row: AnyRow, story_id: int | None, corrected: tuple[Correction, ...]) -> StoryArticle:
    placement = Placement(
        story_id=story_id,
        reason=row.reason,
        shared=tuple(_passage(passage) for passage in row.shared),
        whats_new=tuple(Sentence(**sentence) for sentence in row.whats_new),
        sentences=row.sentences,
    )
    return StoryArticle(
        article=article_of(row),
        revision=row.revision,
        placement=placement,
        corrections=corrected,
        filed_at=row.filed_at,
    )


def _passage(passage: dict[str, Any]) -> SharedPassage:
    return SharedPassage(**{**passage, "sentence": Sentence(**passage["sentence"])})
