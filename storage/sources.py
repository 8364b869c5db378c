"""When was each source last asked, when is it due again, and what did it bring?"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import bindparam, case, delete, func, insert, or_, select, update

from news.nouns import Clipping, FetchOutcome, FetchState, Health, Source
from storage.columns import storable
from storage.door import Door, missing
from storage.schema import clippings, page_memories, source_lessons, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

    from storage.bulk import Bulk
    from storage.columns import AnyRow

#: The columns of a `FetchState`, in which the names agree.
_STATE = (
    "etag", "last_modified", "body_hash", "moved_to", "next_due", "last_checked", "last_ok", "last_new",
    "failures", "reason", "health_since",
)  # fmt: skip
#: What a source starts with, and starts again with when its address is changed.
_ASK_AFRESH: dict[str, Any] = {
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "moved_to": None,
    "failures": 0,
    "health": Health.NEW.value,
    "reason": "",
    "health_since": None,
}
#: The columns that a clipping comes with.
_CLIPPING = (
    "source_id", "address", "address_key", "fingerprint", "title", "summary", "content", "guid", "authors",
    "published", "updated", "language", "outlet", "seen_at", "backlog", "attempts", "why",
)  # fmt: skip
_IS_POLLED = sources.c.declared & sources.c.enabled

_END_LEASES = update(sources).where(sources.c.lease_until.is_not(None)).values(lease_until=None)
_DECLARED = select(
    sources.c.id, sources.c.name, sources.c.url, sources.c.host, sources.c.declared, sources.c.enabled
)
_CHANGE = update(sources).where(sources.c.id == bindparam("source"))
_REMEMBERED = sources.outerjoin(page_memories, page_memories.c.source_id == sources.c.id).outerjoin(
    source_lessons, source_lessons.c.source_id == sources.c.id
)
_WHOLE = (sources, page_memories.c.memory, source_lessons.c.trouble, source_lessons.c.lessons)
_STATES = select(*_WHOLE).select_from(_REMEMBERED).where(sources.c.declared).order_by(sources.c.id)
_FORGET = delete(page_memories).where(page_memories.c.source_id == bindparam("source"))
_UNLEARN = delete(source_lessons).where(source_lessons.c.source_id == bindparam("source"))
_NEXT_DUE = select(
    func.min(
        case((sources.c.lease_until > sources.c.next_due, sources.c.lease_until), else_=sources.c.next_due)
    )
).where(_IS_POLLED)

_IS_FREE = or_(sources.c.lease_until.is_(None), sources.c.lease_until <= bindparam("now"))
_DUE = (
    select(
        sources.c.id,
        sources.c.next_due,
        func.row_number()
        .over(partition_by=sources.c.host, order_by=(sources.c.next_due, sources.c.id))
        .label("turn"),
    )
    .where(_IS_POLLED, sources.c.next_due <= bindparam("now"), _IS_FREE)
    .subquery()
)
_CLAIMABLE = (
    select(*_WHOLE)
    .select_from(_REMEMBERED.join(_DUE, _DUE.c.id == sources.c.id))
    # Asked again of the row itself: another worker may have had it meanwhile.
    .where(sources.c.next_due <= bindparam("now"), _IS_FREE)
    .order_by(_DUE.c.turn, _DUE.c.next_due, sources.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=sources)
)
_LEASE = (
    update(sources)
    .where(sources.c.id.in_(bindparam("ids", expanding=True)))
    .values(lease_until=bindparam("until"))
)
_BASELINE = (
    select(sources.c.baseline_at).where(sources.c.id == bindparam("source")).with_for_update(key_share=True)
)
_RECORD = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(
        {name: bindparam(name) for name in _STATE}
        | {
            "health": bindparam("health"),
            "lease_until": None,
            "baseline_at": func.coalesce(
                sources.c.baseline_at, bindparam("baseline", type_=sources.c.baseline_at.type)
            ),
        }
    )
)


class Sources(Door):
    """The sources' half of transaction 0."""

    def declare_sources(self, declared: Sequence[Source], *, now: datetime) -> None:
        """Make a state for every new source and stop polling those no longer declared."""
        with self._database.write() as connection:
            known = {row.id: row for row in connection.execute(_DECLARED)}
            new = [_new_row(s, now) for s in declared if s.id not in known]
            changes = [c for s in declared if s.id in known and (c := _changes(s, known[s.id], now))]
            gone = known.keys() - {source.id for source in declared}
            changes += [{"source": id_, "declared": False} for id_ in sorted(gone) if known[id_].declared]
            if new:
                connection.execute(insert(sources), new)
            # In one order, as everywhere: two that change several sources never wait for each other.
            for change in sorted(changes, key=lambda change: change["source"]):
                connection.execute(_CHANGE, change)
                if "url" in change:
                    connection.execute(_FORGET, {"source": change["source"]})
                    connection.execute(_UNLEARN, {"source": change["source"]})

    def claim_due_sources(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[FetchState, ...]:
        """Return declared sources that are due, and lease them."""
        with self._database.write_beside() as connection:
            due = connection.execute(_CLAIMABLE, {"now": now, "most": limit}).all()
            if due:
                connection.execute(_LEASE, {"ids": [row.id for row in due], "until": now + lease})
        return tuple(map(_state, due))

    def end_source_leases(self) -> int:
        """Let sources that a process left leased be claimed again; return how many."""
        with self._database.write() as connection:
            return int(connection.execute(_END_LEASES).rowcount)

    def next_due_source(self) -> datetime | None:
        """Return when the next declared source is due, or None without sources."""
        with self._database.read() as connection:
            due: datetime | None = connection.execute(_NEXT_DUE).scalar()
        return due

    def record_fetch(self, outcome: FetchOutcome) -> int:
        """Store state and clippings together; return how many clippings were not known."""
        with self._database.write_beside() as connection:
            return self._store_outcome(connection, outcome)

    def record_fetches(self, outcomes: Sequence[FetchOutcome]) -> tuple[int, ...]:
        """Store several polls in one transaction."""
        # In one order, so that two workers with the same sources never wait for each other.
        ordered = sorted(range(len(outcomes)), key=lambda place: outcomes[place].state.source_id)
        with self._database.write_beside() as connection:
            new = {place: self._store_outcome(connection, outcomes[place]) for place in ordered}
        return tuple(new[place] for place in range(len(outcomes)))

    def fetch_states(self) -> tuple[FetchState, ...]:
        """Return the state of every declared source, by id."""
        with self._database.read() as connection:
            return tuple(map(_state, connection.execute(_STATES)))

    def _store_outcome(self, connection: Connection, outcome: FetchOutcome) -> int:
        state = outcome.state
        succeeded = state.failures == 0 and state.last_ok is not None
        new = self._store_clippings(connection, outcome) if outcome.clippings else 0
        values: dict[str, Any] = {name: getattr(state, name) for name in _STATE}
        values |= {
            "source": state.source_id,
            "health": state.health.value,
            "baseline": outcome.now if succeeded else None,
            "last_new": outcome.now if new else state.last_new,
        }
        if connection.execute(_RECORD, values).rowcount == 0:
            raise missing("source", state.source_id)
        if state.memory is not None:
            connection.execute(_FORGET, {"source": state.source_id})
            connection.execute(insert(page_memories), {"source_id": state.source_id, "memory": state.memory})
        if outcome.learnt:
            learnt = {"trouble": state.trouble, "lessons": state.lessons}
            connection.execute(_UNLEARN, {"source": state.source_id})
            connection.execute(insert(source_lessons), {"source_id": state.source_id} | learnt)
        return new

    def _store_clippings(self, connection: Connection, outcome: FetchOutcome) -> int:
        """Store the clippings that the source did not bring before; the first batch of all is backlog."""
        baseline = connection.execute(_BASELINE, {"source": outcome.state.source_id}).one_or_none()
        if baseline is None:
            raise missing("source", outcome.state.source_id)
        bulk = self._database.bulk_insert_once(clippings, "source_id", "fingerprint", names=_CLIPPING)
        backlog = baseline.baseline_at is None
        rows = [_clipping_row(c, bulk, now=outcome.now, backlog=backlog) for c in outcome.clippings]
        return bulk.insert(connection, rows)


def fingerprint(clipping: Clipping) -> str:
    """Return a hash over what makes a clipping known: its address, what it says, and when it was changed.

    Whether a feed's "updated" can be believed is the crawler's to say (`crawler/stamps.py`).
    """
    changed = clipping.updated.isoformat() if clipping.updated else ""
    said = (clipping.address, clipping.title, clipping.summary, clipping.content, changed)
    return sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def address_key(address: str) -> str:
    """Return what an address is indexed by, however long it is."""
    return sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def address_keys(addresses: Iterable[str]) -> dict[str, str]:
    """Return key → address."""
    return {address_key(address): address for address in addresses}


def _clipping_row(clipping: Clipping, bulk: Bulk, *, now: datetime, backlog: bool) -> dict[str, Any]:
    """Return what the columns keep of a clipping."""
    return {
        "source_id": clipping.source_id,
        "address": storable(clipping.address),
        "address_key": address_key(clipping.address),
        "fingerprint": fingerprint(clipping),
        "title": storable(clipping.title),
        "summary": storable(clipping.summary),
        "content": storable(clipping.content),
        "guid": storable(clipping.guid) if clipping.guid else clipping.guid,
        "authors": storable(json.dumps(clipping.authors, ensure_ascii=False, separators=(",", ":"))),
        "published": bulk.moment(clipping.published),
        "updated": bulk.moment(clipping.updated),
        "language": storable(clipping.language) if clipping.language else clipping.language,
        "outlet": storable(clipping.outlet) if clipping.outlet else clipping.outlet,
        "seen_at": bulk.moment(now),
        "backlog": backlog,
        "attempts": 0,
        "why": "",
    }


def _new_row(source: Source, now: datetime) -> dict[str, Any]:
    return {"id": source.id, "next_due": now} | _declaration(source) | _ASK_AFRESH


def _declaration(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "url": source.url,
        "host": urlsplit(source.url).hostname or "",
        "declared": True,
        "enabled": source.enabled,
    }


def _changes(source: Source, known: AnyRow, now: datetime) -> dict[str, Any]:
    """Return what a declaration changes. Another address is asked afresh: its validators are not these."""
    declaration = _declaration(source)
    changes = {name: value for name, value in declaration.items() if getattr(known, name) != value}
    if "url" in changes:
        changes |= _ASK_AFRESH | {"next_due": now}
    return changes | {"source": source.id} if changes else {}


def _state(row: AnyRow) -> FetchState:
    return FetchState(
        source_id=row.id,
        health=Health(row.health),
        baseline_at=row.baseline_at,
        memory=row.memory,
        trouble=row.trouble or "",
        lessons=row.lessons or "",
        **{name: getattr(row, name) for name in _STATE},
    )
