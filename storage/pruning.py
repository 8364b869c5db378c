"""What is too old to be kept, and what stays for ever?

Texts go first, then headlines and evidence, then who did what. Addresses, hashes and deliveries never do: old
news must not come back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, or_, select, update

from storage.acts_schema import acts, claims
from storage.alerts import RELEASABLE, UNSENT
from storage.finding import search_words
from storage.fingerprints import forget_prints
from storage.gathered_schema import decisions
from storage.schema import (
    alerts,
    article_versions,
    articles,
    audit,
    clippings,
    corrections,
    deliveries,
    kept_out,
    marks,
    matches,
    stories,
    story_articles,
)

if TYPE_CHECKING:
    from config.settings import KeepSettings
    from storage.database import Database

# How long fingerprints are kept: twice as long as two articles may tell the same story.
PRINTS = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """How much is too old: a plan before, an account after."""

    # Full texts of articles, and what feeds gave of them.
    texts: int
    clippings: int
    # Stories that keep only their addresses, hashes and what was sent.
    stories: int
    # Lines of who did what.
    activity: int


def _spoken_for(story_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Say that somebody still needs the story: it waits to be watched, or an alert of it to be sent."""
    return or_(
        exists().where(alerts.c.story_id == story_id, alerts.c.state.in_([*UNSENT, *sorted(RELEASABLE)])),
        exists().where(stories.c.id == story_id, stories.c.watched_revision < stories.c.revision),
    )


_OLD_TEXTS = (
    ~article_versions.c.pruned,
    article_versions.c.seen_at < bindparam("texts_before"),
    article_versions.c.article_id.in_(
        select(articles.c.id).where(
            articles.c.first_seen < bindparam("texts_before"), ~_spoken_for(articles.c.story_id)
        )
    ),
)
_OLD_CLIPPINGS = (
    clippings.c.settled_at < bindparam("texts_before"),
    or_(clippings.c.summary != "", clippings.c.content != ""),
)
_OLD_PLACES = (
    story_articles.c.filed_at < bindparam("texts_before"),
    or_(story_articles.c.shared != [], story_articles.c.whats_new != []),
    ~_spoken_for(story_articles.c.story_id),
)
_OLD_STORIES = (
    stories.c.updated < bindparam("stories_before"),
    stories.c.title != "",
    ~_spoken_for(stories.c.id),
)
_OLD_ACTIVITY = audit.c.at < bindparam("activity_before")
_OLD_DELIVERIES = (deliveries.c.at < bindparam("activity_before"), deliveries.c.headline != "")

_PLAN = select(
    select(func.count()).select_from(article_versions).where(*_OLD_TEXTS).scalar_subquery().label("texts"),
    select(func.count()).select_from(clippings).where(*_OLD_CLIPPINGS).scalar_subquery().label("clippings"),
    select(func.count()).select_from(stories).where(*_OLD_STORIES).scalar_subquery().label("stories"),
    select(func.count()).select_from(audit).where(_OLD_ACTIVITY).scalar_subquery().label("activity"),
)


def plan_pruning(database: Database, keep: KeepSettings, *, now: datetime) -> Pruning:
    """Return how much is too old. Nothing is touched."""
    with database.read() as connection:
        return _count(connection, _limits(keep, now))


def apply_pruning(database: Database, keep: KeepSettings, *, now: datetime) -> Pruning:
    """Remove what is too old, and return how much it was."""
    limits = _limits(keep, now)
    with database.write() as connection:
        pruned = _count(connection, limits)
        _forget_texts(database, connection, limits)
        _forget_stories(database, connection, limits)
        forget_prints(connection, before=now - PRINTS)
        connection.execute(delete(audit).where(_OLD_ACTIVITY), limits)
        connection.execute(update(marks).where(marks.c.at < limits["activity_before"]).values(who=""))
        connection.execute(update(acts).where(acts.c.at < limits["activity_before"]).values(who="", note=""))
        connection.execute(delete(claims).where(claims.c.since < limits["activity_before"]))
        connection.execute(update(decisions).where(decisions.c.at < limits["activity_before"]).values(who=""))
        connection.execute(update(deliveries).where(*_OLD_DELIVERIES).values(headline=""), limits)
    with database.in_words():
        database.kind.give_room_back(database.url)
    return pruned


def _limits(keep: KeepSettings, now: datetime) -> dict[str, datetime]:
    return {
        "texts_before": now - keep.full_text,
        "stories_before": now - keep.stories,
        "activity_before": now - keep.activity,
    }


def _count(connection: Connection, limits: dict[str, datetime]) -> Pruning:
    row = connection.execute(_PLAN, limits).one()
    return Pruning(texts=row.texts, clippings=row.clippings, stories=row.stories, activity=row.activity)


def _forget_texts(database: Database, connection: Connection, limits: dict[str, datetime]) -> None:
    """Keep title, link, matched sentences and fingerprints; the rest of the text goes."""
    newest = (articles.c.id == article_versions.c.article_id) & (
        articles.c.version == article_versions.c.version
    )
    old = select(articles.c.id, article_versions.c.title).join(article_versions, newest).where(*_OLD_TEXTS)
    for article_id, title in connection.execute(old, limits).all():
        database.kind.put_words(connection, article_id, search_words(title, ""))
    connection.execute(update(article_versions).where(*_OLD_TEXTS).values(text="", pruned=True), limits)
    connection.execute(update(clippings).where(*_OLD_CLIPPINGS).values(summary="", content=""), limits)
    connection.execute(update(story_articles).where(*_OLD_PLACES).values(shared=[], whats_new=[]), limits)


def _forget_stories(database: Database, connection: Connection, limits: dict[str, datetime]) -> None:
    """Keep addresses, hashes and deliveries; headlines and evidence go."""
    for story_id in connection.execute(select(stories.c.id).where(*_OLD_STORIES), limits).scalars().all():
        its_articles = select(articles.c.id).where(articles.c.story_id == story_id)
        its_places = select(story_articles.c.id).where(story_articles.c.story_id == story_id)
        for forget in (
            update(stories).where(stories.c.id == story_id).values(title=""),
            update(article_versions)
            .where(article_versions.c.article_id.in_(its_articles))
            .values(title="", text="", authors=[], credit="", pruned=True),
            update(clippings)
            .where(clippings.c.article_id.in_(its_articles))
            .values(title="", summary="", content="", authors=[]),
            update(matches).where(matches.c.story_id == story_id).values(evidence=[]),
            delete(kept_out).where(kept_out.c.story_id == story_id),
            update(corrections)
            .where(corrections.c.story_article_id.in_(its_places))
            .values(before="", after=""),
        ):
            connection.execute(forget)
        for article_id in connection.execute(its_articles).scalars().all():
            database.kind.put_words(connection, article_id, "")
