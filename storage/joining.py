"""How do two stories become one?

    older:   1 … watched │ tail            base = the higher of both revisions: no number is used twice
    other:   1 … watched │ tail

    after:   1 … watched │ base + (1 … watched of the other) │ seam │ older's tail, other's tail
                                                               └ watched up to here

What either had been watched for stays watched, what had not is watched next. The seam lies above every number
in use, so whoever read one of the two before records nothing any more. The other's places stay too: what was
sent of it can be read as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from news.errors import StorageError
from storage.acts import join_acts
from storage.decisions import decide, keep_audit, members, standing, standing_decision
from storage.door import Door
from storage.gathered_schema import merged_stories
from storage.gathering_contract import Merged, Merger
from storage.joined_matches import join_digests, join_matches
from storage.joined_threads import JoinedThreads, join_threads
from storage.schema import article_versions, articles, corrections, stories, story_articles
from storage.seam import Seam

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from storage.columns import AnyRow

_STORY = select(stories).where(stories.c.id == bindparam("story"))
_PLACES = (
    select(story_articles)
    .where(story_articles.c.story_id == bindparam("story"))
    .order_by(story_articles.c.revision)
)
_CORRECTIONS = (
    select(corrections).where(corrections.c.story_article_id == bindparam("place")).order_by(corrections.c.id)
)
_RENUMBER = (
    update(story_articles)
    .where(story_articles.c.id == bindparam("place"))
    .values(revision=bindparam("number"))
)
_FIRST_HEADLINE = (
    select(article_versions.c.title)
    .join(
        articles,
        (articles.c.id == article_versions.c.article_id) & (articles.c.version == article_versions.c.version),
    )
    .where(
        articles.c.id
        == select(func.min(articles.c.id)).where(articles.c.story_id == bindparam("story")).scalar_subquery()
    )
)


class Joining(Door):
    """Two stories become one."""

    def merge_stories(self, merger: Merger) -> Merged | None:
        """Join two stories under the older id; None when a person decided that they are not one."""
        with self._database.write() as connection:
            ids = sorted({standing(connection, story) for story in (merger.one, merger.other)})
            if len(ids) == 1:
                sentence = f"Stories {merger.one} and {merger.other} are one story already."
                raise StorageError(sentence)
            merged = join(connection, ids[0], ids[1], merger)
            if merger.dry_run:
                connection.rollback()
        return merged


def join(connection: Connection, into_id: int, gone_id: int, merger: Merger) -> Merged | None:
    """Join two stories; None when a person decided that they are not one."""
    sides = members(connection, into_id), members(connection, gone_id)
    if standing_decision(connection, *sides, "apart") is not None:
        return None
    if merger.who:
        decide(connection, "same", sides, who=merger.who, reason=merger.reason, now=merger.now)
        facts = {"into": into_id, "gone": gone_id, "reason": merger.reason}
        keep_audit(connection, "stories merged", who=merger.who, facts=facts, now=merger.now)
    seam = _seam(connection, into_id, gone_id)
    _join_places(connection, seam, merger)
    connection.execute(
        update(articles).where(articles.c.story_id == gone_id).values(story_id=into_id),
    )
    _remember(connection, seam, merger)
    retitle(connection, into_id)
    join_digests(connection, seam)
    join_matches(connection, seam)
    told: JoinedThreads = join_threads(connection, seam)
    join_acts(connection, seam, merger.now)
    return Merged(
        story_id=into_id,
        gone_id=gone_id,
        articles=len(sides[1]),
        kept=told.kept,
        moved=told.moved,
        merged_alerts=told.merged,
    )


def retitle(connection: Connection, story_id: int) -> None:
    """Call a story by the headline of its first article."""
    title = connection.execute(_FIRST_HEADLINE, {"story": story_id}).scalar()
    if title is not None:
        connection.execute(update(stories).where(stories.c.id == story_id).values(title=title))


def renumber(connection: Connection, places: Sequence[AnyRow], *, after: int) -> int:
    """Give places the revisions after this one, in order; return the last."""
    # From the end, so that no two of a story ever have the same number.
    numbered = list(enumerate(places, start=after + 1))
    for number, place in reversed(numbered):
        connection.execute(_RENUMBER, {"place": place.id, "number": number})
    return after + len(places)


def bar_readers(connection: Connection, story_id: int) -> int:
    """Raise a story's numbers above those that anybody may have read; return the revision watched up to.

    Whoever is watching it at this moment records nothing; what was not watched still is not.
    """
    story = connection.execute(_STORY, {"story": story_id}).one()
    seam: int = story.revision + 1
    places = connection.execute(_PLACES, {"story": story_id}).all()
    tail = [place for place in places if place.revision > story.watched_revision]
    grown = {"revision": renumber(connection, tail, after=seam), "watched_revision": seam}
    connection.execute(update(stories).where(stories.c.id == story_id).values(grown))
    return seam


def _seam(connection: Connection, into_id: int, gone_id: int) -> Seam:
    into = connection.execute(_STORY, {"story": into_id}).one()
    gone = connection.execute(_STORY, {"story": gone_id}).one()
    return Seam(into=into, gone=gone, base=max(into.revision, gone.revision))


def _join_places(connection: Connection, seam: Seam, merger: Merger) -> None:
    own = connection.execute(_PLACES, {"story": seam.into.id}).all()
    theirs = connection.execute(_PLACES, {"story": seam.gone.id}).all()
    tail = [place for place in own if place.revision > seam.into.watched_revision]
    last = renumber(connection, tail, after=seam.revision)
    for number, place in enumerate(theirs):
        watched = place.revision <= seam.gone.watched_revision
        last = last if watched else last + 1
        changed: dict[str, Any] = {"revision": seam.shifted(place.revision) if watched else last}
        if number == 0 and merger.reason:
            changed["reason"] = merger.reason
        _copy(connection, place, story_id=seam.into.id, **changed)
    grown = {
        "revision": last,
        "watched_revision": seam.revision,
        "created": min(seam.into.created, seam.gone.created),
        "updated": max(seam.into.updated, seam.gone.updated),
    }
    connection.execute(update(stories).where(stories.c.id == seam.into.id).values(grown))
    # Whoever is watching it at this moment records nothing.
    closed = {"revision": seam.gone.revision + 1, "watched_revision": seam.gone.revision + 1}
    connection.execute(update(stories).where(stories.c.id == seam.gone.id).values(closed))


def _copy(connection: Connection, place: AnyRow, **changed: object) -> None:
    """Write a place once more, with what it corrects."""
    row = {name: value for name, value in place._mapping.items() if name != "id"} | changed  # noqa: SLF001  a row's names and values
    made = connection.execute(insert(story_articles).returning(story_articles.c.id), row).scalar_one()
    corrected = [
        {"story_article_id": made, "before": each.before, "after": each.after, "label": each.label}
        for each in connection.execute(_CORRECTIONS, {"place": place.id})
    ]
    if corrected:
        connection.execute(insert(corrections), corrected)


def _remember(connection: Connection, seam: Seam, merger: Merger) -> None:
    """Remember what the story is now; what became part of it before is part of the same one."""
    connection.execute(
        update(merged_stories)
        .where(merged_stories.c.into_id == seam.gone.id)
        .values(into_id=seam.into.id, revision=seam.revision)
    )
    now: datetime = merger.now
    gone = {
        "story_id": seam.gone.id,
        "into_id": seam.into.id,
        "revision": seam.revision,
        "at": now,
        "who": merger.who,
        "reason": merger.reason,
    }
    connection.execute(insert(merged_stories), gone)
