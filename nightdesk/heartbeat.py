"""Who notices when the whole program is dead? Somebody elsewhere, who is told at each beat that it lives.

While all is well the newsroom's heartbeat address is asked every few minutes, through the fence as everything
else. When a part hangs, the same address is asked with /fail behind it, as Healthchecks and its like
understand it; for all others the silence says enough. The address is a secret: no log and no page shows it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.engine import Ask
from news.errors import SourceError, StorageError
from nightdesk.service import Beside, Service
from nightdesk.vitals import is_awake
from nightdesk.watchdog import hanging

if TYPE_CHECKING:
    from config.settings import Secret
    from storage.contract import Store

log = logging.getLogger("nightdesk.service")

KEPT_AS = "heartbeat"
LARGEST = 64 * 1024  # bytes of an answer that nobody reads
#: Seconds before a beat that did not get through is tried again.
AGAIN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """How the last beat went."""

    at: datetime
    # When the address was reached last; None: never.
    reached: datetime | None
    # Why it could not be reached: "took longer than 20 seconds to answer"; "" when it was.
    trouble: str = ""
    # What was not well, and told; "" when all was.
    unwell: str = ""


async def keep_heartbeat(service: Service) -> None:
    """Tell at each beat how it stands, until the service stops. The settings may change meanwhile."""
    before = await service.rooms.store.read(last_beat)
    began = service.rooms.world.clock()
    while not service.stopping.is_set():
        health = service.rooms.settings.health
        wait = health.heartbeat_every.total_seconds()
        if health.heartbeat is not None:
            beat = await beat_once(service, health.heartbeat, before, began=began)
            _say_what_changed(before, beat)
            wait = min(wait, AGAIN) if beat.trouble else wait
            before = beat
        with suppress(TimeoutError):
            await asyncio.wait_for(service.stopping.wait(), wait)


HEARTBEAT = Beside(name="heartbeat", keep=keep_heartbeat)


async def beat_once(service: Service, address: Secret, before: Beat | None, *, began: datetime) -> Beat:
    """Tell once how it stands, remember how that went, and return it."""
    rooms, now = service.rooms, service.rooms.world.clock()
    unwell = await what_is_wrong(service, now=now, began=began)
    url = failing(address.reveal()) if unwell else address.reveal()
    beat = Beat(at=now, reached=now, unwell=unwell)
    try:
        await rooms.engine.fetch(Ask(url=url, max_bytes=LARGEST))
    except SourceError as problem:
        # Its sentence names no address.
        beat = replace(beat, reached=before.reached if before else None, trouble=str(problem))
    with suppress(StorageError):  # that the database is away was told just now
        await rooms.store.write(lambda store: keep_beat(store, beat, now=now))
    return beat


async def what_is_wrong(service: Service, *, now: datetime, began: datetime) -> str:
    """Return what is not well, in a few words; "" when all is."""
    late = hanging(service.visited, now=monotonic())
    if late:
        return f"{', '.join(late)} hangs"
    try:
        due = await service.rooms.store.read(lambda store: store.next_due_source())
    except StorageError:
        return "the database does not answer"
    awake = is_awake(due, now=now, began=began)
    return "" if awake else "no source was asked for a quarter of an hour"


def failing(address: str) -> str:
    """Return where a watcher of programs is told that one is not well: the address with /fail behind it."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


def _say_what_changed(before: Beat | None, beat: Beat) -> None:
    if beat.trouble and (before is None or before.trouble != beat.trouble):
        log.warning("heartbeat address was not reached", extra={"why": beat.trouble})
    elif not beat.trouble and (before is None or before.trouble):
        log.info("heartbeat address was reached")


# ── What is remembered of it ──────────────────────────────────────────────────────────────────────────────


def keep_beat(store: Store, beat: Beat, *, now: datetime) -> None:
    """Remember how a beat went, for Status and the doctor."""
    kept = {
        "at": beat.at.isoformat(),
        "reached": beat.reached.isoformat() if beat.reached else None,
        "trouble": beat.trouble,
        "unwell": beat.unwell,
    }
    store.choose(KEPT_AS, json.dumps(kept), now=now)


def last_beat(store: Store) -> Beat | None:
    """Return how the last beat went; None when there was none."""
    kept = store.chosen(KEPT_AS)
    if kept is None:
        return None
    facts = json.loads(kept)
    reached = facts["reached"]
    return Beat(
        at=datetime.fromisoformat(facts["at"]),
        reached=datetime.fromisoformat(reached) if reached else None,
        trouble=facts["trouble"],
        unwell=facts["unwell"],
    )
