"""Which changes did an editor say no to? They are not offered again, until somebody allows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from storage.contract import Store

if TYPE_CHECKING:
    from news.matching.learning import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Somebody's no."""

    who: str
    at: datetime


def decline(store: Store, watchlist_id: str, edit: Edit, *, who: str, now: datetime) -> None:
    """Remember that a change is not wanted."""
    said = json.dumps({"who": who, "at": now.isoformat()})
    store.choose(_name(watchlist_id, edit), said, now=now)
    store.audit("change declined", who=who, facts=_facts(watchlist_id, edit), now=now)


def allow(store: Store, watchlist_id: str, edit: Edit, *, who: str, now: datetime) -> None:
    """Let a change be offered again."""
    store.choose(_name(watchlist_id, edit), None, now=now)
    store.audit("change may be offered again", who=who, facts=_facts(watchlist_id, edit), now=now)


def refusal_of(store: Store, watchlist_id: str, edit: Edit) -> Refusal | None:
    """Return who did not want a change, and when; None: nobody said so."""
    said = store.chosen(_name(watchlist_id, edit))
    if said is None:
        return None
    facts = json.loads(said)
    return Refusal(who=facts["who"], at=datetime.fromisoformat(facts["at"]))


def _name(watchlist_id: str, edit: Edit) -> str:
    """Return what the change is remembered under: the same for whichever story it is offered."""
    lines = [(change.before.text if change.before else None, change.after) for change in edit.changes]
    said = sha256(json.dumps([watchlist_id, edit.kind, lines]).encode()).hexdigest()[:32]
    return f"declined-{said}"


def _facts(watchlist_id: str, edit: Edit) -> Mapping[str, object]:
    return {"watchlist": watchlist_id, "text": "; ".join(change.after for change in edit.changes)}
