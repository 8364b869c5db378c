"""Which article is this, which versions has it, and which story does it belong to?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from news.errors import StorageError
from news.nouns import Article
from storage.acts import hold_for
from storage.addresses import address_keys
from storage.contract import Filed, Filing
from storage.decisions import standing
from storage.door import Door, missing
from storage.finding import search_words
from storage.fingerprints import keep_print
from storage.schema import (
    article_addresses,
    article_versions,
    articles,
    clippings,
    corrections,
    stories,
    story_articles,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from storage.columns import AnyRow

PAGE = 200  # articles read at once, with their texts

#: The columns of an `Article` in which the names agree.
_SAME_NAMES = (
    "address", "source_id", "outlet", "title", "text", "credit", "published", "language", "kind", "version",
    "content_hash", "complete", "excerpt",
)  # fmt: skip

ARTICLE = select(
    articles.c.id, articles.c.story_id, articles.c.first_seen, articles.c.backlog, article_versions
).join_from(articles, article_versions, article_versions.c.article_id == articles.c.id)

IS_NEWEST = article_versions.c.version == articles.c.version
_AT = select(article_addresses.c.article_id, article_addresses.c.address_key).where(
    article_addresses.c.address_key.in_(bindparam("keys", expanding=True))
)
_NEWEST = ARTICLE.where(IS_NEWEST, articles.c.id == bindparam("article"))
_RECENT = (
    ARTICLE.where(IS_NEWEST, articles.c.first_seen >= bindparam("since"), articles.c.id > bindparam("after"))
    .order_by(articles.c.id)
    .limit(PAGE)
)
_FIRST_SINCE = select(func.min(articles.c.id)).where(articles.c.first_seen >= bindparam("since"))
_SETTLED = (
    select(clippings.c.article_id, articles.c.story_id, stories.c.revision)
    .outerjoin(articles, articles.c.id == clippings.c.article_id)
    .outerjoin(stories, stories.c.id == articles.c.story_id)
    .where(clippings.c.id == bindparam("clipping"))
)
_SETTLE = (
    update(clippings)
    .where(clippings.c.id == bindparam("clipping"))
    .values(settled_at=bindparam("now"), article_id=bindparam("article"), why=bindparam("reason"))
)
_GROW = (
    update(stories)
    .where(stories.c.id == bindparam("story"))
    .values(revision=stories.c.revision + 1, updated=bindparam("now"))
    .returning(stories.c.revision)
)
_VERSIONS = select(article_versions.c.version, article_versions.c.content_hash).where(
    article_versions.c.article_id == bindparam("article")
)
_SET_VERSION = (
    update(articles).where(articles.c.id == bindparam("article")).values(version=bindparam("newest"))
)
_LAST_PLACE = (
    select(func.max(story_articles.c.id))
    .where(story_articles.c.article_id == bindparam("article"))
    .scalar_subquery()
)
_REPLACE_QUIETLY = (
    update(story_articles).where(story_articles.c.id == _LAST_PLACE).values(version=bindparam("newest"))
)
_RETITLE = (
    update(stories)
    .where(
        stories.c.id == bindparam("story"),
        select(func.min(articles.c.id)).where(articles.c.story_id == bindparam("story")).scalar_subquery()
        == bindparam("article"),
    )
    .values(title=bindparam("headline"))
)


class Articles(Door):
    """Transaction 1: a clipping becomes an article in a story."""

    def article_at(self, addresses: Iterable[str]) -> Article | None:
        """Return the newest version of the article known by any of these addresses, or None."""
        with self._database.read() as connection:
            known = connection.execute(_AT, {"keys": list(address_keys(addresses))}).all()
            if not known:
                return None
            oldest = min(row.article_id for row in known)
            return article_of(connection.execute(_NEWEST, {"article": oldest}).one())

    def articles_at(self, addresses: Iterable[str]) -> tuple[int, ...]:
        """Return the articles known by any of these addresses, the older first."""
        with self._database.read() as connection:
            known = connection.execute(_AT, {"keys": list(address_keys(addresses))})
            return tuple(sorted({row.article_id for row in known}))

    def recent_articles(self, *, since: datetime) -> Iterator[tuple[Article, int]]:
        """Yield (article, story id) first seen since then, in filing order."""
        with self._database.read() as connection:
            first: int | None = connection.execute(_FIRST_SINCE, {"since": since}).scalar()
        if first is None:
            return
        after = first - 1
        while True:
            with self._database.read() as connection:
                page = connection.execute(_RECENT, {"since": since, "after": after}).all()
            yield from ((article_of(row), row.story_id) for row in page)
            if len(page) < PAGE:
                return
            after = page[-1].id

    def file(self, filing: Filing) -> Filed:
        """Store the article, its addresses, version and place in the story, and mark the clipping filed."""
        with self._database.write() as connection:
            if filing.clipping_id:
                settled = connection.execute(_SETTLED, {"clipping": filing.clipping_id}).one_or_none()
                if settled is None:
                    raise missing("clipping", filing.clipping_id)
                if settled.article_id is not None:
                    return Filed(
                        article_id=settled.article_id, story_id=settled.story_id, revision=settled.revision
                    )
            filed = (
                self._file_version(connection, filing)
                if filing.new_version
                else self._file_new(connection, filing)
            )
            self._keep(connection, filing, filed)
            if filing.embargo is not None:
                hold_for(connection, filing.embargo, filing, filed.story_id)
        return filed

    def _file_new(self, connection: Connection, filing: Filing) -> Filed:
        """Make an article at addresses that nobody knew, in the story it was placed in, or in a new one."""
        keys = list(address_keys((filing.article.address, *filing.addresses)))
        if connection.execute(_AT, {"keys": keys}).first() is not None:
            sentence = f"{filing.article.address} is filed already; look it up again."
            raise StorageError(sentence)
        story_id = filing.placement.story_id
        if story_id is None:
            story_id = _new_story(connection, filing)
            revision = 1
        else:
            story_id = standing(connection, story_id)
            revision = _raise_revision(connection, story_id, filing.now)
        article_id = connection.execute(
            insert(articles).returning(articles.c.id),
            {
                "story_id": story_id,
                "version": 1,
                "first_seen": filing.article.first_seen,
                "backlog": filing.article.backlog,
            },
        ).scalar_one()
        connection.execute(insert(article_versions), _version_row(filing, article_id, 1))
        if filing.kept is not None:
            keep_print(connection, article_id, filing.kept)
        filed = Filed(article_id=article_id, story_id=story_id, revision=revision)
        _place(connection, filing, filed, version=1)
        return filed

    def _file_version(self, connection: Connection, filing: Filing) -> Filed:
        """Make a new version of an article; it stays in its story."""
        article_id = filing.article.id
        before = connection.execute(_NEWEST, {"article": article_id}).one_or_none()
        if before is None:
            raise missing("article", article_id)
        known = {
            row.content_hash: row.version for row in connection.execute(_VERSIONS, {"article": article_id})
        }
        # An outlet that goes back to what it said before makes no second copy of it.
        newest = known.get(filing.article.content_hash) or max(known.values()) + 1
        if newest > len(known):
            connection.execute(insert(article_versions), _version_row(filing, article_id, newest))
        connection.execute(_SET_VERSION, {"article": article_id, "newest": newest})
        if filing.kept is not None:
            keep_print(connection, article_id, filing.kept)
        connection.execute(
            _RETITLE, {"story": before.story_id, "article": article_id, "headline": filing.article.title}
        )
        if not filing.raises_revision:
            connection.execute(_REPLACE_QUIETLY, {"article": article_id, "newest": newest})
            return Filed(
                article_id=article_id,
                story_id=before.story_id,
                revision=_revision(connection, before.story_id),
            )
        filed = Filed(
            article_id=article_id,
            story_id=before.story_id,
            revision=_raise_revision(connection, before.story_id, filing.now),
        )
        _place(connection, filing, filed, version=newest)
        return filed

    def _keep(self, connection: Connection, filing: Filing, filed: Filed) -> None:
        """Remember the addresses, make the words findable, and settle the clipping."""
        connection.execute(
            self._database.insert_once(article_addresses, "address_key"),
            [
                {"address_key": key, "address": address, "article_id": filed.article_id}
                for key, address in address_keys((filing.article.address, *filing.addresses)).items()
            ],
        )
        self._database.kind.put_words(
            connection, filed.article_id, search_words(filing.article.title, filing.article.text)
        )
        if filing.clipping_id:
            connection.execute(
                _SETTLE,
                {
                    "clipping": filing.clipping_id,
                    "now": filing.now,
                    "article": filed.article_id,
                    "reason": filing.note,
                },
            )


def article_of(row: AnyRow) -> Article:
    """Return the article in a row of `ARTICLE`."""
    return Article(
        id=row.id,
        authors=tuple(row.authors),
        group=row.source_group,
        first_seen=row.first_seen,
        backlog=row.backlog,
        **{name: getattr(row, name) for name in _SAME_NAMES},
    )


def _new_story(connection: Connection, filing: Filing) -> int:
    story = {
        "title": filing.article.title,
        "revision": 1,
        "watched_revision": 0,
        "created": filing.now,
        "updated": filing.now,
    }
    story_id: int = connection.execute(insert(stories).returning(stories.c.id), story).scalar_one()
    return story_id


def _raise_revision(connection: Connection, story_id: int, now: datetime) -> int:
    revision: int | None = connection.execute(_GROW, {"story": story_id, "now": now}).scalar_one_or_none()
    if revision is None:
        raise missing("story", story_id)
    return revision


def _revision(connection: Connection, story_id: int) -> int:
    return int(connection.execute(select(stories.c.revision).where(stories.c.id == story_id)).scalar_one())


def _version_row(filing: Filing, article_id: int, version: int) -> dict[str, Any]:
    article = filing.article
    row = {name: getattr(article, name) for name in _SAME_NAMES}
    return row | {
        "article_id": article_id,
        "version": version,
        "seen_at": filing.now,
        "authors": article.authors,
        "source_group": article.group,
        "pruned": False,
    }


def _place(connection: Connection, filing: Filing, filed: Filed, *, version: int) -> None:
    """Write down which place the article took at this revision of its story, and what it corrects."""
    placement = filing.placement
    place = {
        "story_id": filed.story_id,
        "article_id": filed.article_id,
        "version": version,
        "revision": filed.revision,
        "filed_at": filing.now,
        "reason": placement.reason,
        "shared": [asdict(passage) for passage in placement.shared],
        "whats_new": [asdict(sentence) for sentence in placement.whats_new],
        "sentences": placement.sentences,
    }
    place_id = connection.execute(insert(story_articles).returning(story_articles.c.id), place).scalar_one()
    if filing.corrections:
        connection.execute(
            insert(corrections), [{"story_article_id": place_id} | asdict(c) for c in filing.corrections]
        )
