"""How is it stored what the polls brought? Many sources at once: their states, and the entries that are new.

A cycle asks hundreds of sources, and nine of ten bring nothing new; each statement is said once for all of
them, and its values go straight to the driver (`storage/bulk.py`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, null, select, update

from news.answers import noted
from news.nouns import Clipping, FetchOutcome
from storage.addresses import address_key
from storage.columns import storable
from storage.door import missing
from storage.remembered_schema import source_answers, source_lessons
from storage.schema import clippings, page_memories, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from storage.database import Database

#: The columns of a `FetchState`, in which the names agree.
STATE = (
    "etag", "last_modified", "body_hash", "moved_to", "next_due", "last_checked", "last_ok", "last_new",
    "failures", "reason", "health_since",
)  # fmt: skip
_MOMENTS = frozenset({"next_due", "last_checked", "last_ok", "last_new", "health_since"})
#: The columns that a clipping comes with.
_CLIPPING = (
    "source_id", "address", "address_key", "fingerprint", "title", "summary", "content", "guid", "authors",
    "published", "updated", "language", "outlet", "seen_at", "backlog", "attempts", "why",
)  # fmt: skip

_BASELINES = (
    select(sources.c.id, sources.c.baseline_at)
    .where(sources.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(sources.c.id)
    .with_for_update(key_share=True)
)
_KNOWN = select(sources.c.id).where(sources.c.id.in_(bindparam("ids", expanding=True)))
_RECORD = (
    update(sources)
    .where(sources.c.id == bindparam("source"))
    .values(
        {name: bindparam(name) for name in STATE}
        | {
            "health": bindparam("health"),
            "lease_until": null(),
            "baseline_at": func.coalesce(
                sources.c.baseline_at, bindparam("baseline", type_=sources.c.baseline_at.type)
            ),
        }
    )
)
FORGET = delete(page_memories).where(page_memories.c.source_id == bindparam("source"))
_FORGET_ANSWERS = delete(source_answers).where(source_answers.c.source_id == bindparam("source"))
UNLEARN = delete(source_lessons).where(source_lessons.c.source_id == bindparam("source"))


def store_outcomes(
    database: Database, connection: Connection, outcomes: Sequence[FetchOutcome]
) -> tuple[int, ...]:
    """Store what the polls of different sources brought; return of each how many clippings were not known.

    Raises:
        StorageError: there is no such source.
    """
    baselines = _baselines(connection, [o.state.source_id for o in outcomes if o.clippings])
    new = [
        _store_clippings(database, connection, outcome, baselines) if outcome.clippings else 0
        for outcome in outcomes
    ]
    states = database.bulk(_RECORD, "record fetch")
    rows = [_state_row(outcome, number, states.moment) for outcome, number in zip(outcomes, new, strict=True)]
    if states.run(connection, rows) < len(rows):
        ids = {row["source"] for row in rows}
        raise missing("source", min(ids - set(connection.execute(_KNOWN, {"ids": list(ids)}).scalars())))
    _remember(database, connection, outcomes)
    _note_answers(database, connection, outcomes, new)
    return tuple(new)


def _baselines(connection: Connection, ids: Sequence[str]) -> dict[str, datetime | None]:
    if not ids:
        return {}
    return {row.id: row.baseline_at for row in connection.execute(_BASELINES, {"ids": list(ids)})}


def _state_row(outcome: FetchOutcome, new: int, moment: Callable[[datetime | None], Any]) -> dict[str, Any]:
    """Return a state as the columns keep it."""
    state = outcome.state
    succeeded = state.failures == 0 and state.last_ok is not None
    row: dict[str, Any] = {}
    for name in STATE:
        value = getattr(state, name)
        row[name] = (
            moment(value) if name in _MOMENTS else storable(value) if isinstance(value, str) else value
        )
    if new:
        row["last_new"] = moment(outcome.now)
    row["source"] = state.source_id
    row["health"] = state.health.value
    row["baseline"] = moment(outcome.now) if succeeded else None
    return row


def _remember(database: Database, connection: Connection, outcomes: Sequence[FetchOutcome]) -> None:
    """Keep what was learnt, and what a watched page said."""
    learnt = [outcome.state for outcome in outcomes if outcome.learnt]
    if learnt:
        database.bulk(UNLEARN, "unlearn").run(connection, [{"source": state.source_id} for state in learnt])
        lessons = database.bulk(insert(source_lessons), "learn", names=("source_id", "trouble", "lessons"))
        rows = [(state.source_id, storable(state.trouble), storable(state.lessons)) for state in learnt]
        lessons.insert(connection, rows)
    for outcome in outcomes:
        state = outcome.state
        if state.memory is not None:
            connection.execute(FORGET, {"source": state.source_id})
            connection.execute(insert(page_memories), {"source_id": state.source_id, "memory": state.memory})


def _note_answers(
    database: Database, connection: Connection, outcomes: Sequence[FetchOutcome], new: Sequence[int]
) -> None:
    """Note what the sources answered beside what they answered before."""
    rows = [
        (outcome.state.source_id, storable(noted(outcome.state.answers, replace(answer, new=number))))
        for outcome, number in zip(outcomes, new, strict=True)
        if (answer := outcome.answer) is not None
    ]
    if rows:
        forget = database.bulk(_FORGET_ANSWERS, "forget answers")
        forget.run(connection, [{"source": source_id} for source_id, _ in rows])
        names = ("source_id", "lines")
        database.bulk(insert(source_answers), "note answers", names=names).insert(connection, rows)


def _store_clippings(
    database: Database,
    connection: Connection,
    outcome: FetchOutcome,
    baselines: dict[str, datetime | None],
) -> int:
    """Store the clippings that the source did not bring before; the first batch of all is backlog."""
    source = outcome.state.source_id
    if source not in baselines:
        raise missing("source", source)
    bulk = database.bulk_insert_once(clippings, "source_id", "fingerprint", names=_CLIPPING)
    backlog, now = baselines[source] is None, bulk.moment(outcome.now)
    rows = [(*_clipping_row(clipping, bulk.moment), now, backlog, 0, "") for clipping in outcome.clippings]
    return bulk.insert(connection, rows)


def fingerprint(clipping: Clipping) -> str:
    """Return a hash over what makes a clipping known: its address, what it says, and when it was changed.

    Whether a feed's "updated" can be believed is the crawler's to say (`crawler/stamps.py`).
    """
    changed = clipping.updated.isoformat() if clipping.updated else ""
    said = (clipping.address, clipping.title, clipping.summary, clipping.content, changed)
    return sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def _clipping_row(clipping: Clipping, moment: Callable[[datetime | None], Any]) -> tuple[Any, ...]:
    """Return what the columns keep of a clipping, as far as it says it itself."""
    return (
        clipping.source_id,
        storable(clipping.address),
        address_key(clipping.address),
        fingerprint(clipping),
        storable(clipping.title),
        storable(clipping.summary),
        storable(clipping.content),
        storable(clipping.guid) if clipping.guid else clipping.guid,
        _listed(clipping.authors),
        moment(clipping.published) if clipping.published else None,
        moment(clipping.updated) if clipping.updated else None,
        storable(clipping.language) if clipping.language else clipping.language,
        storable(clipping.outlet) if clipping.outlet else clipping.outlet,
    )


@lru_cache(maxsize=500)
def _listed(authors: tuple[str, ...]) -> str:
    """Return names as the column keeps them; an outlet has a few desks."""
    return storable(json.dumps(authors, ensure_ascii=False, separators=(",", ":")))
