"""Who may come in to the console, what was chosen there, and what was done?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, insert, select, update

from storage.console_contract import AuditLine, Delay, Key
from storage.console_schema import console_choices, console_keys, console_passwords, console_tries
from storage.door import Door
from storage.schema import alerts, article_versions, articles, audit, deliveries, story_articles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from storage.columns import AnyRow
    from storage.console_contract import KeyKind

_KEY = select(console_keys).where(
    console_keys.c.hash == bindparam("key_hash"), console_keys.c.expires_at > bindparam("now")
)
_KEYS = (
    select(console_keys)
    .where(console_keys.c.kind == bindparam("kind"), console_keys.c.expires_at > bindparam("now"))
    .order_by(console_keys.c.made_at.desc())
)
_USE = (
    update(console_keys)
    .where(
        console_keys.c.hash == bindparam("key_hash"),
        console_keys.c.kind == "link",
        console_keys.c.used_at.is_(None),
        console_keys.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
)
_TRIED = (
    select(console_tries.c.door, console_tries.c.at)
    .where(console_tries.c.door.in_(bindparam("doors", expanding=True)))
    .order_by(console_tries.c.at)
)


#: Messages that went out when they were made, each with what came to its story until then.
_DELAYS = (
    select(
        deliveries.c.id,
        deliveries.c.at,
        article_versions.c.published,
        articles.c.first_seen,
    )
    .join(alerts, alerts.c.id == deliveries.c.alert_id)
    .join(story_articles, story_articles.c.story_id == deliveries.c.story_id)
    .join(articles, articles.c.id == story_articles.c.article_id)
    .join(
        article_versions,
        and_(
            article_versions.c.article_id == story_articles.c.article_id,
            article_versions.c.version == story_articles.c.version,
        ),
    )
    .where(
        deliveries.c.at >= bindparam("since"),
        deliveries.c.kind == "root",
        deliveries.c.outcome == "sent",
        deliveries.c.destination.startswith(bindparam("kind")),
        alerts.c.due_at <= alerts.c.created,
        story_articles.c.filed_at <= alerts.c.created,
    )
    .order_by(deliveries.c.id.desc(), story_articles.c.revision.desc())
)


class ConsoleKeys(Door):
    """Keys, passwords, choices, and the record of who did what."""

    def keep_key(self, key: Key) -> None:
        """Keep a key, and forget those that have expired."""
        with self._database.write() as connection:
            connection.execute(delete(console_keys).where(console_keys.c.expires_at <= key.made_at))
            connection.execute(insert(console_keys), asdict(key))

    def find_key(self, hash_: str, *, now: datetime) -> Key | None:
        """Return a key that holds now, or None."""
        with self._database.read() as connection:
            row = connection.execute(_KEY, {"key_hash": hash_, "now": now}).first()
        return None if row is None else _key_of(row)

    def use_link(self, hash_: str, *, now: datetime) -> Key | None:
        """Use a link up; None when somebody did before."""
        asked = {"key_hash": hash_, "now": now}
        with self._database.write() as connection:
            if connection.execute(_USE, asked).rowcount != 1:
                return None
            row = connection.execute(_KEY, asked).first()
        return None if row is None else _key_of(row)

    def touch_key(self, hash_: str, *, now: datetime) -> None:
        """Remember that a key was used now."""
        with self._database.write() as connection:
            connection.execute(update(console_keys).where(console_keys.c.hash == hash_).values(used_at=now))

    def console_keys(self, *, kind: KeyKind, now: datetime) -> tuple[Key, ...]:
        """Return the keys of a kind that hold now, newest first."""
        with self._database.read() as connection:
            return tuple(_key_of(row) for row in connection.execute(_KEYS, {"kind": kind, "now": now}))

    def end_keys(self, reader_id: str, *, kind: KeyKind | None = None, but: str = "") -> int:
        """Forget a person's keys; return how many."""
        mine = [console_keys.c.reader_id == reader_id, console_keys.c.hash != but]
        mine += [console_keys.c.kind == kind] if kind else []
        with self._database.write() as connection:
            return connection.execute(delete(console_keys).where(*mine)).rowcount

    def end_key(self, hash_: str) -> None:
        """Forget one key."""
        with self._database.write() as connection:
            connection.execute(delete(console_keys).where(console_keys.c.hash == hash_))

    def move_keys(self, reader_id: str, to: str) -> None:
        """Let what belonged to one id belong to another."""
        with self._database.write() as connection:
            for table in (console_keys, console_passwords):
                moved = update(table).where(table.c.reader_id == reader_id).values(reader_id=to)
                connection.execute(moved)

    def password_of(self, reader_id: str) -> str | None:
        """Return the hash of a person's password, or None."""
        asked = select(console_passwords.c.hash).where(console_passwords.c.reader_id == reader_id)
        with self._database.read() as connection:
            found: str | None = connection.execute(asked).scalar()
        return found

    def with_password(self) -> tuple[str, ...]:
        """Return the ids of everybody who has a password."""
        asked = select(console_passwords.c.reader_id).order_by(console_passwords.c.reader_id)
        with self._database.read() as connection:
            return tuple(connection.execute(asked).scalars())

    def keep_password(self, reader_id: str, hash_: str | None, *, now: datetime) -> None:
        """Keep the hash of a person's password; None takes it away."""
        with self._database.write() as connection:
            connection.execute(delete(console_passwords).where(console_passwords.c.reader_id == reader_id))
            if hash_ is not None:
                row = {"reader_id": reader_id, "hash": hash_, "set_at": now}
                connection.execute(insert(console_passwords), row)

    def try_door(
        self, doors: Sequence[str], *, forgiven: int, span: timedelta, now: datetime
    ) -> datetime | None:
        """Count a try at each of these doors; return from when on one may be tried that is shut."""
        with self._database.write() as connection:
            connection.execute(delete(console_tries).where(console_tries.c.at <= now - span))
            tried: dict[str, list[datetime]] = {door: [] for door in doors}
            for row in connection.execute(_TRIED, {"doors": list(doors)}):
                tried[row.door].append(row.at)
            shut = [moments[-forgiven] + span for moments in tried.values() if len(moments) >= forgiven]
            if shut:
                return max(shut)
            connection.execute(insert(console_tries), [{"door": door, "at": now} for door in tried])
        return None

    def forget_tries(self, doors: Sequence[str]) -> None:
        """Forget the tries at these doors."""
        with self._database.write() as connection:
            connection.execute(delete(console_tries).where(console_tries.c.door.in_(list(doors))))

    def chosen(self, name: str) -> str | None:
        """Return what was chosen under a name, or None."""
        asked = select(console_choices.c.value).where(console_choices.c.name == name)
        with self._database.read() as connection:
            found: str | None = connection.execute(asked).scalar()
        return found

    def choose(self, name: str, value: str | None, *, now: datetime) -> None:
        """Keep a choice; None forgets it."""
        with self._database.write() as connection:
            connection.execute(delete(console_choices).where(console_choices.c.name == name))
            if value is not None:
                connection.execute(insert(console_choices), {"name": name, "value": value, "chosen_at": now})

    def delays(self, *, since: datetime, kind: str, limit: int = 2000) -> tuple[Delay, ...]:
        """Return how long messages of a kind of place took since then, the newest first."""
        found: dict[int, Delay] = {}
        with self._database.read() as connection:
            for row in connection.execute(_DELAYS, {"since": since, "kind": f"{kind}:"}):
                if len(found) == limit:
                    break
                found.setdefault(
                    row.id, Delay(published=row.published, first_seen=row.first_seen, sent=row.at)
                )
        return tuple(found.values())

    def audit_lines(
        self, *, before: datetime | None = None, who: str = "", limit: int = 100
    ) -> tuple[AuditLine, ...]:
        """Return what was done, newest first."""
        asked = select(audit).order_by(audit.c.id.desc()).limit(limit)
        asked = asked.where(audit.c.at < before) if before is not None else asked
        asked = asked.where(audit.c.who == who) if who else asked
        with self._database.read() as connection:
            rows = connection.execute(asked).all()
        return tuple(
            AuditLine(id=row.id, at=row.at, what=row.what, who=row.who, facts=row.facts) for row in rows
        )


def _key_of(row: AnyRow) -> Key:
    return Key(
        hash=row.hash,
        kind=row.kind,
        reader_id=row.reader_id,
        what=row.what,
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
