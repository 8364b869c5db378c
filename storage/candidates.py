"""Which articles, and which stories, could a query hold for?

The full-text index answers for whole articles and never leaves one out; the matcher has the last word. What
comes back is read page by page: an archive of years takes no more memory than one of a day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import and_, bindparam, case, func, or_, select

from storage.articles import ARTICLE, article_of
from storage.columns import Moment, Number
from storage.contract import Came
from storage.door import Door
from storage.schema import article_versions, articles, stories
from storage.stories import STANDS, load_stories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from news.matching.searching import Wanted
    from news.nouns import Article, Story

Asked = TypeVar("Asked", bound=tuple[Any, ...])

LONGEST_ASKED = 250_000  # characters, some ten thousand words; PostgreSQL refuses a megabyte
ARTICLES_AT_ONCE = 100
STORIES_AT_ONCE = 50

_IS_NEWEST = and_(
    article_versions.c.article_id == articles.c.id, article_versions.c.version == articles.c.version
)
#: When an article came: what was there before the first check of its source, when it was published.
_CAME = case(
    (
        articles.c.backlog & (article_versions.c.published < articles.c.first_seen),
        article_versions.c.published,
    ),
    else_=articles.c.first_seen,
)
#: Nothing came after it was first seen, which has an index: what is older is not looked at.
_IN_SPAN = and_(
    articles.c.first_seen >= bindparam("since", type_=Moment),
    bindparam("since", type_=Moment) <= _CAME,
    bindparam("until", type_=Moment) >= _CAME,
)
_NEWEST_FIRST = (
    select(articles.c.id)
    .join(article_versions, _IS_NEWEST)
    .where(_IN_SPAN)
    .order_by(_CAME.desc(), articles.c.id.desc())
)
_THESE = ARTICLE.where(_IS_NEWEST, articles.c.id.in_(bindparam("ids", expanding=True)))
_CHANGED = (
    select(stories.c.id)
    .where(stories.c.updated >= bindparam("since"), STANDS)
    .order_by(stories.c.updated, stories.c.id)
)
#: What of a story changes whenever anything in it does: an article changed quietly has no revision.
_STAMP = (
    select(func.sum(articles.c.version))
    .where(articles.c.story_id == stories.c.id)
    .correlate(stories)
    .scalar_subquery()
)
_STAMPED = (
    select(stories.c.id, stories.c.revision, _STAMP.label("versions"))
    .where(stories.c.updated >= bindparam("since"), STANDS)
    .order_by(stories.c.updated, stories.c.id)
)
_CAME_IN = (
    select(func.count().label("articles"), func.count().filter(articles.c.backlog).label("backlog"))
    .select_from(articles)
    .join(article_versions, _IS_NEWEST)
    .where(_IN_SPAN)
)


class Candidates(Door):
    """A look through the archive with a query in hand."""

    def articles_with(
        self, wanted: Wanted | None, *, since: datetime, until: datetime
    ) -> Iterator[tuple[Article, int]]:
        """Yield (newest version, story id) of the articles that came in the span, newest first."""
        said = self._said(wanted)
        question = self._narrowed(_NEWEST_FIRST, articles.c.id, said)
        with self._database.read() as connection:
            ids = [row.id for row in connection.execute(question, {"since": since, "until": until, **said})]
        for page in _pages(ids, ARTICLES_AT_ONCE):
            with self._database.read() as connection:
                rows = {row.id: row for row in connection.execute(_THESE, {"ids": page})}
            yield from ((article_of(rows[id_]), rows[id_].story_id) for id_ in page if id_ in rows)

    def stories_with(self, wanted: Wanted | None, *, since: datetime) -> Iterator[Story]:
        """Yield whole stories that changed since then, the one that changed last at the end."""
        said = self._said(wanted)
        question = self._narrowed(_CHANGED, stories.c.id, said)
        with self._database.read() as connection:
            ids = [row.id for row in connection.execute(question, {"since": since, **said})]
        for page in _pages(ids, STORIES_AT_ONCE):
            with self._database.read() as connection:
                found = load_stories(connection, page)
            yield from found

    def stories_stamped(
        self, wanted: Wanted | None, *, since: datetime
    ) -> tuple[tuple[int, tuple[int, int]], ...]:
        """Return (story id, stamp) of the stories of `stories_with`, in its order."""
        said = self._said(wanted)
        question: Select[tuple[int, int, int]] = self._narrowed(_STAMPED, stories.c.id, said)
        with self._database.read() as connection:
            rows = connection.execute(question, {"since": since, **said}).all()
        return tuple((row.id, (row.revision, row.versions)) for row in rows)

    def whole_stories(self, ids: Sequence[int]) -> Iterator[Story]:
        """Yield these stories whole, those that are there."""
        for page in _pages(ids, STORIES_AT_ONCE):
            with self._database.read() as connection:
                found = load_stories(connection, page)
            yield from found

    def came(self, *, since: datetime, until: datetime) -> Came:
        """Return how many articles came in a span."""
        with self._database.read() as connection:
            row = connection.execute(_CAME_IN, {"since": since, "until": until}).one()
        return Came(articles=row.articles, backlog=row.backlog)

    def _narrowed(
        self, question: Select[Asked], which: ColumnElement[int], said: dict[str, str]
    ) -> Select[Asked]:
        """Return the question, narrowed to what is filed under what is asked."""
        if not said:
            return question
        found = self._database.kind.HOLDERS.columns(article_id=Number).subquery()
        holders = select(found.c.article_id)
        if which is articles.c.id:
            return question.where(articles.c.id.in_(holders))
        # Words that a story once had are not in the index: an article that was changed is always looked at.
        changed = select(article_versions.c.article_id).where(article_versions.c.version > 1)
        its_articles = select(articles.c.story_id).where(
            or_(articles.c.id.in_(holders), articles.c.id.in_(changed))
        )
        return question.where(stories.c.id.in_(its_articles))

    def _said(self, wanted: Wanted | None) -> dict[str, str]:
        """Return what to ask the index; nothing when everything may hold it, or it is too much to ask."""
        said = "" if wanted is None else self._database.kind.asked(wanted)
        return {"asked": said} if 0 < len(said) <= LONGEST_ASKED else {}


def _pages(ids: Sequence[int], length: int) -> Iterator[Sequence[int]]:
    return (ids[at : at + length] for at in range(0, len(ids), length))
