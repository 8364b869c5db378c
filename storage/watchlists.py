"""Which version of a watchlist was in force when, and who did what?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, insert, select, update

from news.nouns import Watchlist
from storage.contract import KeptWatchlist
from storage.door import Door
from storage.plain import noun_of
from storage.schema import audit, watchlist_versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_KNOWN = select(watchlist_versions.c.watchlist_id, watchlist_versions.c.version, watchlist_versions.c.current)

_VERSIONS_OF = (
    select(watchlist_versions)
    .where(watchlist_versions.c.watchlist_id == bindparam("watchlist"))
    .order_by(watchlist_versions.c.current.desc(), watchlist_versions.c.kept_at.desc())
)


class Watchlists(Door):
    """Versions are kept for ever: a match says which one it met."""

    def keep_watchlists(self, watchlists: Sequence[Watchlist], *, now: datetime, who: str) -> None:
        """Keep each version of each watchlist, once, with who and when; write changes to the audit."""
        with self._database.write() as connection:
            known = connection.execute(_KNOWN).all()
            kept = {(row.watchlist_id, row.version) for row in known}
            current = {row.watchlist_id: row.version for row in known if row.current}
            for watchlist in watchlists:
                before = current.pop(watchlist.id, None)
                if before == watchlist.version:
                    continue
                _put_in_force(connection, watchlist.id, None)
                if (watchlist.id, watchlist.version) in kept:
                    _put_in_force(connection, watchlist.id, watchlist.version)
                else:
                    _keep(connection, watchlist, now=now, who=who)
                facts = {"watchlist": watchlist.id, "version": watchlist.version, "before": before}
                _write(connection, "watchlist changed", who=who, facts=facts, now=now)
            for gone in current:
                _put_in_force(connection, gone, None)
                _write(connection, "watchlist taken away", who=who, facts={"watchlist": gone}, now=now)

    def kept_watchlists(self, watchlist_id: str) -> tuple[KeptWatchlist, ...]:
        """Return every version of a watchlist: the one in force first, then newest first."""
        with self._database.read() as connection:
            rows = connection.execute(_VERSIONS_OF, {"watchlist": watchlist_id}).all()
        return tuple(
            KeptWatchlist(
                watchlist=noun_of(Watchlist, row.definition),
                kept_at=row.kept_at,
                who=row.who,
                in_force=row.current,
            )
            for row in rows
        )

    def audit(self, what: str, *, who: str, facts: Mapping[str, object], now: datetime) -> None:
        """Append to the record of who did what."""
        with self._database.write() as connection:
            _write(connection, what, who=who, facts=facts, now=now)


def _put_in_force(connection: Connection, watchlist_id: str, version: str | None) -> None:
    """Make one version of a watchlist the current one; None: no version is."""
    connection.execute(
        update(watchlist_versions)
        .where(watchlist_versions.c.watchlist_id == watchlist_id)
        .values(current=False if version is None else watchlist_versions.c.version == version)
    )


def _keep(connection: Connection, watchlist: Watchlist, *, now: datetime, who: str) -> None:
    row = {
        "watchlist_id": watchlist.id,
        "version": watchlist.version,
        "kept_at": now,
        "who": who,
        "current": True,
        "definition": asdict(watchlist),
    }
    connection.execute(insert(watchlist_versions), row)


def _write(
    connection: Connection, what: str, *, who: str, facts: Mapping[str, object], now: datetime
) -> None:
    connection.execute(insert(audit), {"at": now, "what": what, "who": who, "facts": dict(facts)})
