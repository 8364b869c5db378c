"""How is a digest sent before its hour, or once more?

A digest is a row; sending is the outbox's. Where Nightdesk runs, the row is all that is made here, and the
running one sends it; else this process becomes the only one for a moment and sends it itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from alerts.channels.contract import Tools
from alerts.channels.registry import Channels, open_channels
from alerts.dispatch import Dispatcher, DispatchReport
from alerts.schedule import AGAIN, DigestPlan, digest_plans, open_digest, plan_name
from config.settings import Settings
from news.errors import InUseError
from news.telling import Alert, AlertState, Delivery, Digest
from news.timing import DueDigest, Schedule, due_digest, local
from nightdesk.rooms import World, declare
from storage.contract import DigestIntent, Store

if TYPE_CHECKING:
    from storage.sole import SoleHold
    from storage.threads import StoreThreads

#: Before every digest: all of the schedule counts.
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What became of digests that were asked for."""

    # Those that were put in the outbox.
    opened: tuple[DigestPlan, ...]
    # Not known to the running Nightdesk yet.
    unknown: tuple[DigestPlan, ...] = ()
    # None: another Nightdesk runs and sends them.
    report: DispatchReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDigest:
    """A digest that was opened, and what became of it."""

    digest: Digest
    alert: Alert
    delivery: Delivery | None


async def send_now(
    settings: Settings, world: World, *, to: str = "", channels: Channels | None = None
) -> Sending:
    """Open every digest (of one destination, with `to`) now, and send them unless another Nightdesk does.

    Only these are sent here: whatever else waits in the outbox waits for `run`.

    Raises:
        StorageError: the database cannot be opened, or a newer Nightdesk wrote it.
    """
    from storage.open import open_store
    from storage.threads import StoreThreads

    database = settings.database.reveal()
    sole = _sole(database)
    store = StoreThreads(lambda: open_store(database, now=world.clock(), migrate=sole is not None))
    try:
        if sole is not None:
            await declare(settings, store, clock=world.clock)
        opened, unknown, digests = await _open_all(settings, store, world, to)
        report = None
        if sole is not None:
            report = await _drain(settings, world, store, sole, channels, digests)
    finally:
        store.close()
        if sole is not None:
            sole.release()
    return Sending(opened=tuple(opened), unknown=tuple(unknown), report=report)


def _sole(database: str) -> SoleHold | None:
    from storage.sole import hold

    try:
        return hold(database, who="digest now")
    except InUseError:
        return None


async def _open_all(
    settings: Settings, store: StoreThreads, world: World, to: str
) -> tuple[list[DigestPlan], list[DigestPlan], list[int]]:
    opened: list[DigestPlan] = []
    unknown: list[DigestPlan] = []
    digests: list[int] = []
    for plan in digest_plans(settings):
        if to and plan.destination != to:
            continue
        last = await _last(plan, store)
        if last is None:
            unknown.append(plan)
            continue
        covered_to, last_date = last
        now = world.clock()
        due = _due(plan, settings, now, last_date)
        digest = await open_digest(plan, store, due=due, covered_to=covered_to, now=now)
        if digest is not None:
            opened.append(plan)
            digests.append(digest.id)
    return opened, unknown, digests


async def _last(plan: DigestPlan, store: StoreThreads) -> tuple[datetime, str | None] | None:
    return await store.read(lambda store: store.last_digest(plan.name))


def _due(plan: DigestPlan, settings: Settings, now: datetime, last_date: str | None) -> DueDigest:
    """Return the digest that is due anyway, or an extra one.

    The key of an extra one sorts after the last regular one and before the next, so that it neither takes
    that one's place nor keeps it from coming.
    """
    schedule, zone = Schedule.parse(plan.schedule), settings.zone_of(plan.destination)
    last = due_digest(schedule, zone=zone, now=now, last_date=None, declared_at=LONG_AGO)
    missed = due_digest(schedule, zone=zone, now=now, last_date=last_date, declared_at=LONG_AGO)
    if missed is not None and last_date is not None:
        return missed
    regular = last.local_date if last else ""
    return DueDigest(local_date=extra_date(regular, settings.as_read_at(plan.destination), now), due_at=now)


def extra_date(regular: str, settings: Settings, now: datetime) -> str:
    """Return the key of a digest outside the schedule: "2026-03-18, extra 2026-03-18 15:04:05"."""
    return f"{regular}, extra {local(now, settings.timezone):%Y-%m-%d %H:%M:%S}"


async def _drain(
    settings: Settings,
    world: World,
    store: StoreThreads,
    sole: SoleHold,
    channels: Channels | None,
    digests: Sequence[int],
) -> DispatchReport:
    """Send these digests, with the newsroom's channels unless others are given."""
    tools = Tools(clock=world.clock, sleep=world.sleep, out=world.out)
    ways = channels or open_channels(settings, tools)
    try:
        dispatcher = Dispatcher(
            settings, store, ways, sole, clock=world.clock, random=world.random, hop=world.hop
        )
        return await dispatcher.drain_digests(digests)
    finally:
        await ways.close()


# ── Those that were opened ────────────────────────────────────────────────────────────────────────────────


def past_digests(store: Store, *, limit: int, before: int | None = None) -> tuple[PastDigest, ...]:
    """Return the digests that were opened, newest first: those below a message's number."""
    found: list[PastDigest] = []
    for line in store.past_digests(limit=limit, before=before):
        digest = store.digest(line.alert.digest_id) if line.alert.digest_id else None
        if digest is not None:
            delivery = line.deliveries[-1] if line.deliveries else None
            found.append(PastDigest(digest=digest, alert=line.alert, delivery=delivery))
    return tuple(found)


def on_date(found: Sequence[PastDigest], date: str) -> tuple[PastDigest, ...]:
    """Return the digests of a local date, or the newest of each destination without one."""
    if date:
        return tuple(each for each in found if each.digest.local_date.startswith(date))
    newest: dict[str, PastDigest] = {}
    for each in found:
        newest.setdefault(each.digest.destination, each)
    return tuple(newest.values())


def put_again(store: Store, past: PastDigest, settings: Settings, *, now: datetime) -> bool:
    """Put a digest in the outbox once more, with the same stories; False when it still waits there.

    What failed, or is held, is released; what was sent becomes a digest of its own, under another name, so
    that the regular one goes on where it stood.
    """
    if past.alert.state in {AlertState.FAILED, AlertState.HELD}:
        states = (AlertState.FAILED.value, AlertState.HELD.value)
        return store.release_alerts(states=states, destination=past.alert.destination, now=now) > 0
    if past.alert.state is not AlertState.SENT:
        return False
    digest = past.digest
    intent = DigestIntent(
        name=f"{plan_name(digest)}{AGAIN}",
        destination=digest.destination,
        local_date=extra_date(digest.local_date, settings.as_read_at(digest.destination), now),
        # As it was, its date and its lateness included; an hour that is past is due at once.
        due_at=digest.due_at,
        covers_from=digest.covers_from,
        covers_to=digest.covers_to,
        watchlist_ids=digest.watchlist_ids,
        items=(),
        again=digest.items,
        now=now,
    )
    return store.open_digest(intent) is not None
