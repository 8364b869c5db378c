"""Which messages are there, and what became of each? Asked by number, by state and by story."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Connection, bindparam, func, or_, select, text

from news.telling import Alert, Delivery
from storage.alerts import alert_of
from storage.door import Door
from storage.list_contract import MessageChoice, MessageLine
from storage.schema import alerts, article_versions, articles, deliveries, digest_items, digests, stories
from storage.told import delivery_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_IN_DIGESTS = select(digest_items.c.digest_id).where(digest_items.c.story_id == bindparam("story"))
_OF_ALERTS = select(deliveries).where(deliveries.c.alert_id.in_(_IDS)).order_by(deliveries.c.id)
_TITLES = select(stories.c.id, stories.c.title).where(stories.c.id.in_(_IDS))
_OPENED = (
    select(digests.c.id, digests.c.due_at, func.count(digest_items.c.story_id).label("told"))
    .outerjoin(digest_items, digest_items.c.digest_id == digests.c.id)
    .where(digests.c.id.in_(_IDS))
    .group_by(digests.c.id, digests.c.due_at)
)
IDS_AT_ONCE = 10_000  # a database takes no more in one question
_TOLD_BY = (
    select(articles.c.story_id)
    .distinct()
    .join(article_versions, article_versions.c.article_id == articles.c.id)
    .where(articles.c.story_id.in_(_IDS), article_versions.c.source_id == bindparam("source"))
)
#: Its own messages, those of groups (only the alert knows their stories), and those of digests that tell it.
_MESSAGES_ABOUT = or_(
    alerts.c.story_id == bindparam("story"),
    text("alerts.kind = 'group'") & (alerts.c.created >= bindparam("since")),
    alerts.c.digest_id.in_(_IN_DIGESTS),
)
_ABOUT = (
    select(deliveries)
    .where(deliveries.c.alert_id.in_(select(alerts.c.id).where(_MESSAGES_ABOUT)))
    .order_by(deliveries.c.at.desc(), deliveries.c.id.desc())
)


class Messages(Door):
    """Messages, listed."""

    def deliveries_about(self, story_id: int, *, since: datetime) -> tuple[Delivery, ...]:
        """Return what was handed over about a story, newest first: its own messages, groups, digests."""
        with self._database.read() as connection:
            found = connection.execute(_ABOUT, {"story": story_id, "since": since})
            return tuple(map(delivery_of, found))

    def messages(self, choice: MessageChoice) -> tuple[MessageLine, ...]:
        """Return messages of a choice, the last one made first, with what became of them."""
        asked = select(alerts).where(alerts.c.state.in_([state.value for state in choice.states]))
        if choice.alert_ids:
            asked = asked.where(alerts.c.id.in_(choice.alert_ids))
        if choice.destination:
            asked = asked.where(alerts.c.destination == choice.destination)
        if choice.besides:
            asked = asked.where(alerts.c.destination.not_in(choice.besides))
        if choice.before is not None:
            asked = asked.where(alerts.c.id < choice.before)
        with self._database.read() as connection:
            rows = connection.execute(asked.order_by(alerts.c.id.desc()).limit(choice.limit))
            return _lines(connection, [alert_of(row) for row in rows.all()])

    def past_digests(
        self, *, limit: int = 50, destination: str = "", before: int | None = None
    ) -> tuple[MessageLine, ...]:
        """Return the digests that were opened, the newest first."""
        asked = select(alerts).where(text("alerts.kind = 'digest'"))
        if destination:
            asked = asked.where(alerts.c.destination == destination)
        if before is not None:
            asked = asked.where(alerts.c.id < before)
        with self._database.read() as connection:
            rows = connection.execute(asked.order_by(alerts.c.id.desc()).limit(limit))
            return _lines(connection, [alert_of(row) for row in rows.all()])

    def stories_told_by(self, source_id: str, story_ids: Sequence[int]) -> frozenset[int]:
        """Return those of these stories that an article of a source is part of."""
        found: set[int] = set()
        with self._database.read() as connection:
            for at in range(0, len(story_ids), IDS_AT_ONCE):
                asked = {"ids": story_ids[at : at + IDS_AT_ONCE], "source": source_id}
                found.update(connection.execute(_TOLD_BY, asked).scalars())
        return frozenset(found)


def _lines(connection: Connection, found: Sequence[Alert]) -> tuple[MessageLine, ...]:
    if not found:
        return ()
    handed_over: dict[int, list[Delivery]] = defaultdict(list)
    for row in connection.execute(_OF_ALERTS, {"ids": [alert.id for alert in found]}).all():
        handed_over[row.alert_id].append(delivery_of(row))
    about = [alert.story_id for alert in found if alert.story_id is not None]
    titles = {row.id: row.title for row in connection.execute(_TITLES, {"ids": about})}
    opened = [alert.digest_id for alert in found if alert.digest_id is not None]
    told = {row.id: row for row in connection.execute(_OPENED, {"ids": opened})}
    return tuple(
        MessageLine(
            alert=alert,
            headline=_headline(handed_over[alert.id]) or titles.get(alert.story_id or 0, ""),
            deliveries=tuple(handed_over[alert.id]),
            stories=told[alert.digest_id].told if alert.digest_id in told else 0,
            due_at=told[alert.digest_id].due_at if alert.digest_id in told else alert.due_at,
        )
        for alert in found
    )


def _headline(handed_over: Sequence[Delivery]) -> str:
    return next((each.headline for each in handed_over if each.headline), "")
