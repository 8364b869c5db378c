"""Which stories does a list show, and what does it say of each? Nothing here reads an article's text."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, exists, func, or_, select

from news.nouns import Grade, Priority
from news.telling import AlertState, KeptOut
from storage.acts_schema import claims
from storage.door import Door
from storage.list_contract import LatestLine, MatchLine, StoryChoice, StoryLine, ToldLine
from storage.schema import (
    alerts,
    article_versions,
    articles,
    corrections,
    kept_out,
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
#: The last article that said something new, as it stands now: what an outlet took back says nothing.
_adding = (
    select(story_articles.c.story_id, func.max(story_articles.c.revision).label("revision"))
    .join(
        articles,
        (articles.c.id == story_articles.c.article_id) & (articles.c.version == story_articles.c.version),
    )
    .where(story_articles.c.story_id.in_(_IDS), story_articles.c.revision > 1)
    .where(story_articles.c.whats_new != [])
    .group_by(story_articles.c.story_id)
    .subquery()
)
_LATEST = (
    select(
        story_articles.c.story_id,
        story_articles.c.filed_at,
        story_articles.c.whats_new,
        article_versions.c.outlet,
        article_versions.c.published,
        article_versions.c.excerpt,
    )
    .join(
        _adding,
        (_adding.c.story_id == story_articles.c.story_id) & (_adding.c.revision == story_articles.c.revision),
    )
    .join(
        article_versions,
        (article_versions.c.article_id == story_articles.c.article_id)
        & (article_versions.c.version == story_articles.c.version),
    )
)
_CLAIMS = select(claims.c.story_id, claims.c.who).where(claims.c.story_id.in_(_IDS))
HAS_A_MESSAGE = exists().where(threads.c.story_id == stories.c.id, threads.c.root_sent_at.is_not(None))
IS_CLAIMED = exists().where(claims.c.story_id == stories.c.id)
_HAS_A_THREAD = exists().where(threads.c.story_id == stories.c.id)
_weak, _since = story_matches.alias("weak"), story_matches.alias("since")
#: A person's mute, or the limits of a place, took its own message.
_TAKEN_BACK = (AlertState.MUTED.value, AlertState.GROUPED.value)
#: What a line under "never" kept out has not been found in another article since.
STILL_KEPT_OUT = ~exists().where(
    _since.c.story_id == kept_out.c.story_id, _since.c.watchlist_id == kept_out.c.watchlist_id
)
#: A mute, a limit or a hold kept back a story that was found, or nothing tells of it.
OTHERWISE_KEPT_OUT = or_(
    exists().where(
        alerts.c.story_id == stories.c.id,
        alerts.c.kind == "root",
        alerts.c.state.in_(_TAKEN_BACK),
        alerts.c.destination.not_in(bindparam("besides", expanding=True)),
    ),
    stories.c.id.in_(bindparam("on_hold", expanding=True)),
    exists().where(
        _weak.c.story_id == stories.c.id,
        _weak.c.watchlist_id.in_(bindparam("told_nowhere", expanding=True)),
        ~_weak.c.backlog,
    )
    & ~_HAS_A_THREAD,
)
_KEPT_OUT = select(kept_out).where(
    kept_out.c.story_id.in_(_IDS), kept_out.c.watchlist_id.in_(bindparam("watchlists", expanding=True))
)


class Listing(Door):
    """Stories, listed."""

    def story_lines(self, choice: StoryChoice) -> tuple[StoryLine, ...]:
        """Return the stories of a choice, the last one changed first; no text is read."""
        asked = _chosen(select(stories.c.id), choice)
        newest_first = asked.order_by(stories.c.updated.desc(), stories.c.id.desc()).limit(choice.limit)
        with self._database.read() as connection:
            ids = connection.execute(newest_first, kept_back(choice)).scalars().all()
            return _lines(connection, ids, choice.watchlist_ids)

    def lines_of_stories(self, ids: Sequence[int], *, watchlist_ids: Sequence[str]) -> tuple[StoryLine, ...]:
        """Return these stories as a list shows them, in this order; those that are not there are left out."""
        with self._database.read() as connection:
            return _lines(connection, ids, watchlist_ids)


def _chosen(asked: Select[Any], choice: StoryChoice) -> Select[Any]:
    found: list[ColumnElement[bool]] = [
        stories.c.updated >= choice.since,
        stories.c.updated < choice.until,
        STANDS,
        _is_shown(choice),
    ]
    if choice.source_id:
        found.append(_is_told_by(choice.source_id))
    if choice.after is not None:
        updated, id_ = choice.after
        same_time = and_(stories.c.updated == updated, stories.c.id < id_)
        found.append(or_(stories.c.updated < updated, same_time))
    return asked.where(*found)


def kept_back(choice: StoryChoice) -> dict[str, Sequence[int] | Sequence[str]]:
    """Return what `OTHERWISE_KEPT_OUT` asks for."""
    return {"besides": choice.besides, "on_hold": choice.on_hold, "told_nowhere": choice.told_nowhere}


def _is_shown(choice: StoryChoice) -> ColumnElement[bool]:
    matched = _is_matched(choice)
    match choice.show:
        case "at once":
            return and_(matched, HAS_A_MESSAGE)
        case "later":
            return and_(matched, ~HAS_A_MESSAGE)
        case "claimed":
            return and_(matched, IS_CLAIMED)
        case "kept out":
            kept = and_(matched, OTHERWISE_KEPT_OUT)
            return kept if choice.grade is not None else or_(kept, _is_kept_out_by_a_word(choice))
        case _:
            return matched


def _is_matched(choice: StoryChoice) -> ColumnElement[bool]:
    wanted = [
        story_matches.c.story_id == stories.c.id,
        story_matches.c.watchlist_id.in_(choice.watchlist_ids),
    ]
    if choice.grade is not None:
        wanted.append(story_matches.c.grade == choice.grade.value)
    return exists().where(*wanted)


def _is_kept_out_by_a_word(choice: StoryChoice) -> ColumnElement[bool]:
    return exists().where(
        kept_out.c.story_id == stories.c.id,
        kept_out.c.watchlist_id.in_(choice.watchlist_ids),
        STILL_KEPT_OUT,
    )


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
    latest = {row.story_id: _latest(row) for row in connection.execute(_LATEST, asked)}
    claimed = {row.story_id: row.who for row in connection.execute(_CLAIMS, asked)}
    kept: dict[int, list[KeptOut]] = defaultdict(list)
    for row in connection.execute(_KEPT_OUT, {**asked, "watchlists": list(watchlist_ids)}):
        kept[row.story_id].append(
            KeptOut(
                watchlist_id=row.watchlist_id,
                article_id=row.article_id,
                clause=row.clause,
                words=row.words,
            )
        )
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
            kept_out=tuple(kept[id_]),
            latest=latest.get(id_),
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


def _latest(row: AnyRow) -> LatestLine:
    may_quote = row.excerpt != "headline"
    return LatestLine(
        outlet=row.outlet,
        at=row.published or row.filed_at,
        details=len(row.whats_new),
        sentence=" ".join(row.whats_new[0]["text"].split()) if may_quote else "",
    )


def _told(row: AnyRow) -> ToldLine:
    return ToldLine(
        destination=row.destination,
        state=AlertState(row.state),
        sent_at=row.root_sent_at,
        due_at=row.due_at,
    )
