"""What did one round bring, and what does it tell, now and later?

For `run --once`, and for its dry run: then the round is made on a copy of the database, with channels that
hand nothing over.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from alerts.channels.contract import Tools
from alerts.composing import Composer
from alerts.holidays import next_digest
from alerts.message import Outgoing, Paragraph
from alerts.schedule import digest_plans
from config.settings import Secret, Settings
from news.telling import Alert, AlertState, Delivery
from news.wording import counted, when
from nightdesk.handovers import digest_name, message_name
from nightdesk.private import people_places
from nightdesk.recording import Recorded, RecordingChannels
from nightdesk.rooms import Rooms, Round, World, open_rooms
from nightdesk.watchlist_versions import keep_what_is_there
from storage.contract import Store

#: Lines of a message that a report shows.
MOST_LINES = 3
#: Messages that wait, and stories of a coming digest, that are looked at.
MOST_WAITING = 1000

#: Told that a step of a room's work is done: ("sources" or "articles", how many there are in all).
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message of the round: what it was, or will be, and where."""

    # None: now.
    at: datetime | None
    destination: str
    what: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one round brought."""

    round: Round
    sources: int
    told: tuple[Told, ...]
    # What waits, the soonest first.
    coming: tuple[Told, ...]
    # Messages that were out and were brought up to date.
    changed: int = 0


async def go_once(
    settings: Settings,
    world: World,
    *,
    since: timedelta | None = None,
    channels: RecordingChannels | None = None,
    progress: Progress | None = None,
) -> Report:
    """Go one round and return what came of it.

    Raises:
        InUseError: another Nightdesk holds this database.
        StorageError: it cannot be opened, or a newer Nightdesk wrote it.
    """
    steps = _Steps(world, progress, sources=sum(source.enabled for source in settings.sources))
    began = world.clock()
    async with open_rooms(settings, steps.world, channels=channels) as rooms:
        if settings.folder:
            folder = Path(settings.folder)
            await rooms.store.write(
                lambda store: keep_what_is_there(store, folder, settings.watchlists, now=began)
            )
        brought = await rooms.poll()
        if since is not None:
            await release(rooms, since)
        steps.articles(
            await rooms.store.read(
                lambda store: len(store.unfiled_clippings(limit=MOST_WAITING, now=world.clock()))
            )
        )
        brought += await rooms.go_round(poll=False)
        told = _recorded(channels, settings, world.clock()) if channels else await _sent(rooms, began)
        coming = [*await _waiting(rooms), *await _digests(rooms)]
    return Report(
        round=brought,
        sources=sum(source.enabled for source in settings.sources),
        told=tuple(_seen(told, settings)),
        coming=tuple(sorted(_seen(coming, settings), key=lambda each: each.at or began)),
        changed=steps.changed,
    )


def _seen(told: Iterable[Told], settings: Settings) -> Iterator[Told]:
    """Yield what may be shown: of what private watchlists send to people, not what it is about."""
    hidden = people_places(settings)
    for each in told:
        yield replace(each, lines=()) if each.destination in hidden else each


async def release(rooms: Rooms, since: timedelta) -> int:
    """Treat what came with the first check of a source as news when it is not older than that."""
    until = rooms.world.clock()
    return await rooms.store.write(lambda store: store.release_backlog(until - since))


@contextmanager
def copied(settings: Settings, *, now: datetime) -> Iterator[Settings]:
    """Give the settings with a copy of the database in a folder that is gone afterwards.

    Raises:
        StorageError: it cannot be read, or a newer Nightdesk wrote it.
    """
    from storage import upkeep

    with tempfile.TemporaryDirectory(prefix="nightdesk-") as folder:
        inside = Path(folder) / "nightdesk.db"
        address = settings.database.reveal()
        if not address.startswith("sqlite:///") or Path(address.removeprefix("sqlite:///")).exists():
            upkeep.copy_to_try_on(address, inside, now=now)
        yield replace(settings, database=Secret(f"sqlite:///{inside}"))


def recording(settings: Settings, world: World) -> RecordingChannels:
    """Return channels that hand nothing over."""
    return RecordingChannels(settings, Tools(clock=world.clock, sleep=world.sleep, out=world.out))


class _Steps:
    """Counts the hops of a round for a progress bar."""

    def __init__(self, world: World, progress: Progress | None, *, sources: int) -> None:
        self._world = world
        self._progress = progress
        self._totals = {"sources": sources, "articles": 0}
        self.changed = 0
        self.world = replace(world, hop=self._hop)

    def articles(self, number: int) -> None:
        """Say how many articles wait to be filed."""
        self._totals["articles"] = number

    def _hop(self, name: str) -> None:
        self._world.hop(name)
        self.changed += name == "edited"
        kind = {"clippings stored": "sources", "story filed": "articles"}.get(name)
        if kind and self._progress:
            self._progress(kind, self._totals[kind])


# ── Now ───────────────────────────────────────────────────────────────────────────────────────────────────


def _recorded(channels: RecordingChannels, settings: Settings, now: datetime) -> Iterator[Told]:
    for each in channels.recorded:
        yield Told(
            at=None,
            destination=each.destination,
            what=_what(each, settings, now),
            lines=shown_lines(each.message),
        )


def _what(each: Recorded, settings: Settings, now: datetime) -> str:
    if each.edit:
        return f"change the message of {when(each.envelope.created, settings.timezone, now=now)}"
    return message_name(each.envelope.kind, each.destination)


async def _sent(rooms: Rooms, began: datetime) -> list[Told]:
    sent = await rooms.store.read(lambda store: store.deliveries(since=began, limit=MOST_WAITING))
    return [_delivered(each) for each in reversed(sent)]


def _delivered(each: Delivery) -> Told:
    what = message_name(each.kind, each.destination)
    lines = [each.headline] if each.headline else []
    if each.receipt is None:
        lines.append(f"refused: {each.error}")
    return Told(at=None, destination=each.destination, what=what, lines=tuple(lines))


def shown_lines(message: Outgoing) -> tuple[str, ...]:
    """Return what a message says first, without its quotations."""
    if message.kind == "digest":
        return (message.headline,)
    lines = [
        "".join(span.text for span in line)
        for part in message.parts
        if isinstance(part, Paragraph)
        for line in part.lines
    ]
    # A line that only leads to a quotation says nothing without it.
    return tuple(line for line in lines[:MOST_LINES] if not line.endswith(":")) or (message.headline,)


# ── Later ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _waiting(rooms: Rooms) -> list[Told]:
    """Return the messages that are in the outbox and not due yet, or that cannot go out."""
    states = (AlertState.PENDING, AlertState.UNKNOWN)
    alerts = await rooms.store.read(lambda store: store.alerts(states=states, limit=MOST_WAITING))
    return [await _waits(rooms, alert) for alert in alerts]


async def _waits(rooms: Rooms, alert: Alert) -> Told:
    composer = Composer(rooms.settings, rooms.store, rooms.world.clock)
    thread = await rooms.store.read(lambda store: store.thread(alert.thread_id or 0))
    message = await composer.outgoing(alert, thread, threaded=True)
    lines = shown_lines(message) if message else ()
    if alert.last_error:
        lines = (*lines, alert.last_error)
    return Told(
        at=alert.due_at,
        destination=alert.destination,
        what=message_name(alert.kind, alert.destination),
        lines=lines,
    )


async def _digests(rooms: Rooms) -> list[Told]:
    return await rooms.store.read(lambda store: _next_digests(store, rooms))


def _next_digests(store: Store, rooms: Rooms) -> list[Told]:
    found: list[Told] = []
    for plan in digest_plans(rooms.settings):
        now = rooms.world.clock()
        coming = store.undigested_matches(plan.name, watchlist_ids=plan.watchlist_ids, at=now)
        stories = counted(len({match.story_id for match in coming}), "story")
        found.append(
            Told(
                at=next_digest(plan.schedule, plan.destination, rooms.settings, after=now),
                destination=plan.destination,
                what=digest_name(plan.destination),
                lines=(f"{stories} so far" if coming else "nothing so far",),
            )
        )
    return found
