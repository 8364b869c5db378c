"""How do two articles become one, when it turns out that they stand at one address?

The older id stays. Addresses, clippings, evidence and marks of the younger one go to it, its versions are
kept behind the older one's, and their stories become one. All of it in one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, delete, select, update

from news.errors import StorageError
from storage.decisions import keep_audit, standing_decision
from storage.door import Door, missing
from storage.finding import search_words
from storage.gathered_schema import decided_articles
from storage.gathering_contract import Merger, SameArticle, SamePage
from storage.joining import bar_readers, join, retitle
from storage.schema import (
    article_addresses,
    article_versions,
    articles,
    clippings,
    corrections,
    marks,
    matches,
    story_articles,
)

if TYPE_CHECKING:
    from storage.columns import AnyRow

_ARTICLE = select(articles).where(articles.c.id == bindparam("article"))
_VERSIONS = (
    select(article_versions)
    .where(article_versions.c.article_id == bindparam("article"))
    .order_by(article_versions.c.version)
)
_PLACES = select(story_articles).where(story_articles.c.article_id == bindparam("article"))
_LAST_PLACE = (
    select(story_articles.c.version)
    .where(
        story_articles.c.article_id == bindparam("article"), story_articles.c.story_id == bindparam("story")
    )
    .order_by(story_articles.c.id.desc())
    .limit(1)
)


class SameArticles(Door):
    """Two articles become one."""

    def merge_articles(self, same: SamePage) -> SameArticle | None:
        """Join two articles, and their stories when they differ; None when a person keeps them apart."""
        older_id, younger_id = sorted((same.older, same.younger))
        if older_id == younger_id:
            sentence = f"Article {older_id} is one article already."
            raise StorageError(sentence)
        with self._database.write() as connection:
            if standing_decision(connection, [older_id], [younger_id], "apart") is not None:
                return None
            older, younger = (_article(connection, each) for each in (older_id, younger_id))
            into, gone = sorted((older.story_id, younger.story_id))
            merged = None
            if into != gone:
                reason = f"the same page: {same.address}"
                merged = join(
                    connection, into, gone, Merger(one=into, other=gone, reason=reason, now=same.now)
                )
                if merged is None:
                    return None
            else:
                bar_readers(connection, into)
            self._move(connection, older, younger, into)
            facts = {"into": older_id, "gone": younger_id, "address": same.address}
            keep_audit(connection, "articles merged", who="", facts=facts, now=same.now)
        return SameArticle(article_id=older_id, gone_id=younger_id, story_id=into, merged=merged)

    def _move(self, connection: Connection, older: AnyRow, younger: AnyRow, story_id: int) -> None:
        """Give the older article everything the younger one has, and forget the younger one's id."""
        numbers = _join_versions(connection, older.id, younger.id)
        _join_places(connection, older, younger, numbers)
        for number, version in numbers.items():
            connection.execute(
                update(matches)
                .where(matches.c.article_id == younger.id, matches.c.article_version == number)
                .values(article_version=version)
            )
        for table in (matches, marks, clippings, article_addresses):
            own = table.c.article_id == younger.id
            connection.execute(update(table).where(own).values(article_id=older.id))
        _join_decisions(connection, older.id, younger.id)
        newest: int = connection.execute(_LAST_PLACE, {"article": older.id, "story": story_id}).scalar_one()
        both = {
            "version": newest,
            "first_seen": min(older.first_seen, younger.first_seen),
            "backlog": older.backlog and younger.backlog,
        }
        connection.execute(update(articles).where(articles.c.id == older.id).values(both))
        self._database.kind.forget_words(connection, younger.id)
        connection.execute(delete(articles).where(articles.c.id == younger.id))
        said = next(
            row for row in connection.execute(_VERSIONS, {"article": older.id}) if row.version == newest
        )
        self._database.kind.put_words(connection, older.id, search_words(said.title, said.text))
        retitle(connection, story_id)


def _article(connection: Connection, article_id: int) -> AnyRow:
    row = connection.execute(_ARTICLE, {"article": article_id}).one_or_none()
    if row is None:
        raise missing("article", article_id)
    return row


def _join_versions(connection: Connection, older: int, younger: int) -> dict[int, int]:
    """Keep the younger one's versions behind the older one's; return old number → new number."""
    known = {row.content_hash: row.version for row in connection.execute(_VERSIONS, {"article": older})}
    numbers: dict[int, int] = {}
    for row in connection.execute(_VERSIONS, {"article": younger}).all():
        this = (article_versions.c.article_id == younger, article_versions.c.version == row.version)
        if row.content_hash in known:
            numbers[row.version] = known[row.content_hash]
            connection.execute(delete(article_versions).where(*this))
            continue
        number = max(known.values()) + 1
        known[row.content_hash] = numbers[row.version] = number
        moved = {"article_id": older, "version": number}
        connection.execute(update(article_versions).where(*this).values(moved))
    return numbers


def _join_places(connection: Connection, older: AnyRow, younger: AnyRow, numbers: dict[int, int]) -> None:
    """Make the younger one's places the older one's.

    In a story where both stand, only what makes the older one complete, or says something else, stays a place
    of its own: the feed's words do not take the place of the whole text.
    """
    versions = {row.version: row for row in connection.execute(_VERSIONS, {"article": older.id})}
    own: dict[int, AnyRow] = {}
    for place in connection.execute(_PLACES.order_by(story_articles.c.id), {"article": older.id}):
        own[place.story_id] = place
    for place in connection.execute(_PLACES, {"article": younger.id}).all():
        version, beside = numbers[place.version], own.get(place.story_id)
        this = story_articles.c.id == place.id
        if beside is not None and not _adds(versions[version], versions[beside.version]):
            connection.execute(delete(corrections).where(corrections.c.story_article_id == place.id))
            connection.execute(delete(story_articles).where(this))
        else:
            moved = {"article_id": older.id, "version": version}
            connection.execute(update(story_articles).where(this).values(moved))


def _adds(version: AnyRow, known: AnyRow) -> bool:
    """Say whether a version tells more than the one that is there."""
    return bool(version.version != known.version and (version.complete or not known.complete))


def _join_decisions(connection: Connection, older: int, younger: int) -> None:
    """Let what people decided of the younger one hold for the older one."""
    own = select(decided_articles.c.decision_id).where(decided_articles.c.article_id == older)
    of_younger = decided_articles.c.article_id == younger
    connection.execute(delete(decided_articles).where(of_younger, decided_articles.c.decision_id.in_(own)))
    connection.execute(update(decided_articles).where(of_younger).values(article_id=older))
