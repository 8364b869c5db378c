"""Which stories does a list show, and what does it say of each? Nothing here reads an article's text."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, exists, func, or_, select

from news.nouns import Grade, Priority
from news.telling import AlertState
from storage.acts_schema import claims
from storage.door import Door
from storage.list_contract import MatchLine, StoryChoice, StoryLine, ToldLine
from storage.schema import (
    alerts,
    article_versions,
    articles,
    corrections,
    matches,
    stories,
    story_articles,
    story_matches,
    threads,
)
from storage.stories import STANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select

    from storage.columns import AnyRow

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
NEWEST_VERSION = and_(
    article_versions.c.article_id == articles.c.id, article_versions.c.version == articles.c.version
)
_STORIES = select(stories).where(stories.c.id.in_(_IDS))
_OUTLETS = (
    select(articles.c.story_id, article_versions.c.outlet)
    .join(article_versions, NEWEST_VERSION)
    .where(articles.c.story_id.in_(_IDS))
    .order_by(articles.c.id)
)
_MATCHES = select(story_matches).where(
    story_matches.c.story_id.in_(_IDS),
    story_matches.c.watchlist_id.in_(bindparam("watchlists", expanding=True)),
)
_EVIDENCE = (
    select(matches.c.story_id, matches.c.watchlist_id, matches.c.evidence)
    .where(matches.c.story_id.in_(_IDS))
    .order_by(matches.c.id)
)
_CORRECTED = (
    select(story_articles.c.story_id, func.max(story_articles.c.filed_at).label("at"))
    .join(corrections, corrections.c.story_article_id == story_articles.c.id)
    .where(story_articles.c.story_id.in_(_IDS))
    .group_by(story_articles.c.story_id)
)
_TOLD = (
    select(alerts.c.story_id, alerts.c.destination, alerts.c.state, alerts.c.due_at, threads.c.root_sent_at)
    .join(threads, threads.c.id == alerts.c.thread_id)
    .where(alerts.c.story_id.in_(_IDS), alerts.c.kind == "root")
    .order_by(alerts.c.id)
)
_CLAIMS = select(claims.c.story_id, claims.c.who).where(claims.c.story_id.in_(_IDS))
_HAS_A_MESSAGE = exists().where(threads.c.story_id == stories.c.id, threads.c.root_sent_at.is_not(None))
_IS_CLAIMED = exists().where(claims.c.story_id == stories.c.id)


class Listing(Door):
    """Stories, listed."""

    def story_lines(self, choice: StoryChoice) -> tuple[StoryLine, ...]:
        """Return the stories of a choice, the last one changed first; no text is read."""
        asked = _chosen(select(stories.c.id), choice, goes_on=True)
        newest_first = asked.order_by(stories.c.updated.desc(), stories.c.id.desc()).limit(choice.limit)
        with self._database.read() as connection:
            ids = connection.execute(newest_first).scalars().all()
            return _lines(connection, ids, choice.watchlist_ids)

    def lines_of_stories(self, ids: Sequence[int], *, watchlist_ids: Sequence[str]) -> tuple[StoryLine, ...]:
        """Return these stories as a list shows them, in this order; those that are not there are left out."""
        with self._database.read() as connection:
            return _lines(connection, ids, watchlist_ids)

    def count_story_lines(self, choice: StoryChoice) -> int:
        """Return how many stories a choice has, wherever it goes on and however many it shows."""
        counting = _chosen(select(func.count()).select_from(stories), choice, goes_on=False)
        with self._database.read() as connection:
            return int(connection.execute(counting).scalar_one())


def _chosen(asked: Select[Any], choice: StoryChoice, *, goes_on: bool) -> Select[Any]:
    found: list[ColumnElement[bool]] = [
        stories.c.updated >= choice.since,
        stories.c.updated < choice.until,
        STANDS,
        _is_matched(choice),
    ]
    if choice.source_id:
        found.append(_is_told_by(choice.source_id))
    if choice.show == "claimed":
        found.append(_IS_CLAIMED)
    elif choice.show:
        found.append(_HAS_A_MESSAGE if choice.show == "at once" else ~_HAS_A_MESSAGE)
    if goes_on and choice.after is not None:
        updated, id_ = choice.after
        same_time = and_(stories.c.updated == updated, stories.c.id < id_)
        found.append(or_(stories.c.updated < updated, same_time))
    return asked.where(*found)


def _is_matched(choice: StoryChoice) -> ColumnElement[bool]:
    wanted = [
        story_matches.c.story_id == stories.c.id,
        story_matches.c.watchlist_id.in_(choice.watchlist_ids),
    ]
    if choice.grade is not None:
        wanted.append(story_matches.c.grade == choice.grade.value)
    return exists().where(*wanted)


def _is_told_by(source_id: str) -> ColumnElement[bool]:
    told = select(articles.c.story_id).join(article_versions, NEWEST_VERSION)
    return exists(told.where(articles.c.story_id == stories.c.id, article_versions.c.source_id == source_id))


def _lines(connection: Connection, ids: Sequence[int], watchlist_ids: Sequence[str]) -> tuple[StoryLine, ...]:
    if not ids:
        return ()
    asked = {"ids": list(ids)}
    rows = {row.id: row for row in connection.execute(_STORIES, asked)}
    outlets: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(_OUTLETS, asked):
        outlets[row.story_id].append(row.outlet)
    found = _matches(connection, asked, watchlist_ids)
    told: dict[int, list[ToldLine]] = defaultdict(list)
    for message in connection.execute(_TOLD, asked):
        told[message.story_id].append(_told(message))
    corrected = {row.story_id: row.at for row in connection.execute(_CORRECTED, asked)}
    claimed = {row.story_id: row.who for row in connection.execute(_CLAIMS, asked)}
    return tuple(
        StoryLine(
            id=id_,
            title=rows[id_].title,
            created=rows[id_].created,
            updated=rows[id_].updated,
            outlets=tuple(dict.fromkeys(outlets[id_])),
            articles=len(outlets[id_]),
            matches=tuple(found[id_]),
            told=tuple(told[id_]),
            corrected_at=corrected.get(id_),
            claimed_by=claimed.get(id_, ""),
        )
        for id_ in ids
        if id_ in rows
    )


def _matches(
    connection: Connection, asked: dict[str, list[int]], watchlist_ids: Sequence[str]
) -> dict[int, list[MatchLine]]:
    words: dict[tuple[int, str], tuple[str, str]] = {}
    for row in connection.execute(_EVIDENCE, asked):
        for each in row.evidence[:1]:
            words.setdefault((row.story_id, row.watchlist_id), (each["words"], each["sentence"]))
    found: dict[int, list[MatchLine]] = defaultdict(list)
    matched = connection.execute(_MATCHES, {**asked, "watchlists": list(watchlist_ids)})
    for line in matched:
        found[line.story_id].append(_match(line, *words.get((line.story_id, line.watchlist_id), ("", ""))))
    for lines in found.values():
        lines.sort(key=lambda line: (line.grade.value, -line.priority, line.watchlist_id))
    return found


def _match(row: AnyRow, words: str, sentence: str) -> MatchLine:
    return MatchLine(
        watchlist_id=row.watchlist_id,
        grade=Grade(row.grade),
        priority=Priority(row.priority),
        first_matched=row.first_matched,
        backlog=row.backlog,
        words=words,
        sentence=sentence,
    )


def _told(row: AnyRow) -> ToldLine:
    return ToldLine(
        destination=row.destination,
        state=AlertState(row.state),
        sent_at=row.root_sent_at,
        due_at=row.due_at,
    )
