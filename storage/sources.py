"""When was each source last asked, when is it due again, and what did it bring?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import bindparam, case, func, insert, or_, select, update

from news.nouns import FetchOutcome, FetchState, Health, Source
from storage.door import Door
from storage.fetches import FORGET, STATE, UNLEARN, store_outcomes
from storage.remembered_schema import source_answers, source_lessons
from storage.schema import page_memories, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from storage.columns import AnyRow

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
    select(*_WHOLE, source_answers.c.lines)
    .select_from(
        _REMEMBERED.join(_DUE, _DUE.c.id == sources.c.id).outerjoin(
            source_answers, source_answers.c.source_id == sources.c.id
        )
    )
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
                    connection.execute(FORGET, {"source": change["source"]})
                    connection.execute(UNLEARN, {"source": change["source"]})

    def claim_due_sources(self, *, now: datetime, lease: timedelta, limit: int) -> tuple[FetchState, ...]:
        """Return declared sources that are due, and lease them."""
        with self._database.write_beside() as connection:
            due = connection.execute(_CLAIMABLE, {"now": now, "most": limit}).all()
            if due:
                connection.execute(_LEASE, {"ids": [row.id for row in due], "until": now + lease})
        return tuple(replace(_state(row), answers=row.lines or "") for row in due)

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
        return self.record_fetches((outcome,))[0]

    def record_fetches(self, outcomes: Sequence[FetchOutcome]) -> tuple[int, ...]:
        """Store several polls in one transaction."""
        # In one order, so that two workers with the same sources never wait for each other.
        ordered = sorted(range(len(outcomes)), key=lambda place: outcomes[place].state.source_id)
        different = len({outcome.state.source_id for outcome in outcomes}) == len(outcomes)
        together = [ordered] if different and ordered else [[place] for place in ordered]
        new: dict[int, int] = {}
        with self._database.write_beside() as connection:
            for places in together:
                stored = store_outcomes(self._database, connection, [outcomes[place] for place in places])
                new |= zip(places, stored, strict=True)
        return tuple(new[place] for place in range(len(outcomes)))

    def fetch_states(self) -> tuple[FetchState, ...]:
        """Return the state of every declared source, by id."""
        with self._database.read() as connection:
            return tuple(map(_state, connection.execute(_STATES)))


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
        **{name: getattr(row, name) for name in STATE},
    )
