"""What is new at the sources whose time has come?

    due source ──fetch──► bytes ──read──► clippings ──transaction 0──► store
                  │304, same body                        ▲
                  └──────────── state only ──────────────┤
                  └── failed: why, and a longer wait ────┘

The validators (ETag, Last-Modified, hash of the body) are stored together with the clippings that they cover,
never before. A source that could not be read is never "0 new": it is failing, with the reason, and is asked
again after growing waits. What a publisher refuses, a person decides.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from config.settings import Settings
from crawler.engine import Ask, Engine, Fetched
from crawler.stamps import believed
from news.errors import ReadingError, SourceError, SourceGoneError, StorageError
from news.nouns import Clipping, Clock, FetchOutcome, FetchState, Health, Hop, Source, no_hop
from news.timing import next_poll

if TYPE_CHECKING:
    from crawler.reading.children import Reader
    from storage.contract import Store
    from storage.threads import StoreThreads

log = logging.getLogger("nightdesk.crawler")

LEASE = timedelta(minutes=10)  # longer than the slowest poll: redirects and backup addresses, each timing out
CLAIMED_AT_ONCE = 500  # sources; more are claimed when these are done
MOST_ROUNDS = 100  # of claiming in one call, so that a clock that jumps cannot keep us here
FEEDS = frozenset({"feed", "google-news"})  # what this version reads; a Google News search is a feed
FALL_BACK = frozenset({"gone", "not found", "unreachable", "certificate"})  # never round a refusal


#: By store and source, the entries that the store was last given. A feed of 30 that gained three hands over
#: three: asking the store about the others took more time than fetching and reading all of them.
Given = dict[str, frozenset[int]]
_GIVEN: WeakKeyDictionary[StoreThreads, Given] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a round of polling brought."""

    checked: int = 0
    # Nothing new: the publisher said so, or sent the same bytes again.
    unchanged: int = 0
    # Clippings that were not known.
    new: int = 0
    # "Harbor Post (refuses automated readers)", one a source.
    failed: tuple[str, ...] = ()

    def __add__(self, other: PollReport) -> PollReport:
        """Add two reports up."""
        return PollReport(
            checked=self.checked + other.checked,
            unchanged=self.unchanged + other.unchanged,
            new=self.new + other.new,
            failed=self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll brought: what to store, and how it went."""

    outcome: FetchOutcome
    unchanged: bool = False
    # Where it was read: the source's address, one it moved to, or a backup address; "" when it was not read.
    address: str = ""
    # None when the source could be read.
    problem: SourceError | ReadingError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What polling works with."""

    engine: Engine
    reader: Reader
    clock: Clock
    random: Random
    hop: Hop = no_hop


async def poll_due(  # noqa: PLR0913 - the rooms agreed on this signature
    settings: Settings,
    store: StoreThreads,
    engine: Engine,
    reader: Reader,
    *,
    clock: Clock,
    random: Random,
    hop: Hop = no_hop,
) -> PollReport:
    """Ask every source that is due and store what it brought.

    Raises:
        StorageError: the database refused; what was stored before stays.
    """
    await engine.renew()
    tools = Tools(engine=engine, reader=reader, clock=clock, random=random, hop=hop)
    sources = {source.id: source for source in settings.sources}
    recorder = Recorder(store, _GIVEN.setdefault(store, {}))
    total = PollReport()
    for _ in range(MOST_ROUNDS):
        due = await store.write(_claiming(clock()))
        known = [(sources[state.source_id], state) for state in due if state.source_id in sources]
        if not known:
            break
        total += await _poll_all(known, tools, recorder, at_once=settings.fetch.at_once)
    return total


def _claiming(now: datetime) -> Callable[[Store], tuple[FetchState, ...]]:
    return lambda store: store.claim_due_sources(now=now, lease=LEASE, limit=CLAIMED_AT_ONCE)


async def _poll_all(
    due: Sequence[tuple[Source, FetchState]], tools: Tools, recorder: Recorder, *, at_once: int
) -> PollReport:
    waiting = deque(due)
    reports: list[PollReport] = []

    async def work() -> None:
        while waiting:
            source, state = waiting.popleft()
            polled = await poll_one(source, state, tools)
            new = await recorder.record(polled.outcome)
            tools.hop("clippings stored")
            reports.append(_told(source, polled, new))

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(at_once, len(due))):
                workers.create_task(work())
    except BaseExceptionGroup as several:
        # The database refuses everybody for one reason; it is told once.
        raise several.exceptions[0] from several
    return sum(reports, PollReport())


def _told(source: Source, polled: Polled, new: int) -> PollReport:
    """Log what came of a poll and count it."""
    if polled.problem is None:
        log.debug("source polled", extra={"source": source.id, "new": new})
        return PollReport(checked=1, unchanged=int(polled.unchanged), new=new)
    state = polled.outcome.state
    level = logging.WARNING if state.health is Health.STOPPED else logging.INFO
    log.log(level, "source not read", extra={"source": source.id, "why": state.reason})
    return PollReport(checked=1, failed=(f"{source.name} ({state.reason})",))


async def poll_one(source: Source, state: FetchState, tools: Tools) -> Polled:
    """Ask one source. Whatever goes wrong is in the answer; nothing is stored."""
    try:
        return await _read_source(source, state, tools)
    except (SourceError, ReadingError) as problem:
        return _failed(source, state, problem, tools)
    except Exception as mistake:  # one of the two places: a bug in one poll must not stop the others
        log.exception("poll fell over", extra={"source": source.id})
        what = f"could not be checked because of a mistake in Nightdesk ({type(mistake).__name__})"
        return _failed(source, state, SourceError(what, reason="mistake"), tools)


async def _read_source(source: Source, state: FetchState, tools: Tools) -> Polled:
    if source.reads not in FEEDS:
        what = f'cannot be read by this version of Nightdesk ("as: {source.reads}")'
        raise SourceGoneError(what, reason="not supported")
    first = state.moved_to or source.url
    addresses = list(dict.fromkeys((first, source.url, *source.backup)))
    problem: SourceError | None = None
    for address in addresses:
        try:
            return await _read_address(source, state, address, tools, is_first=address == first)
        except SourceError as error:
            problem = problem or error
            if error.reason not in FALL_BACK:
                break
    raise problem or SourceError("has no address", reason="malformed")


async def _read_address(
    source: Source, state: FetchState, address: str, tools: Tools, *, is_first: bool
) -> Polled:
    """Ask one of the source's addresses.

    The validators belong to the first one: two servers may use the same ones for different things.
    """
    known = state if is_first else replace(state, etag=None, last_modified=None)
    fetched = await tools.engine.fetch(Ask(url=address, etag=known.etag, last_modified=known.last_modified))
    tools.hop("fetched")
    now = tools.clock()
    body_hash = sha256(fetched.body).hexdigest()
    if fetched.unchanged or body_hash == state.body_hash:
        fresh = _good(source, state, fetched, now=now, body_hash=state.body_hash, is_first=is_first)
        return Polled(
            outcome=_outcome(source, fresh, (), now, tools.random), unchanged=True, address=fetched.url
        )
    clippings = await tools.reader.read_feed(
        fetched.body,
        source=source,
        url=fetched.url,
        content_type=fetched.headers.get("content-type", ""),
        now=now,
    )
    tools.hop("read")
    fresh = _good(source, state, fetched, now=now, body_hash=body_hash, is_first=is_first)
    # Of entries with one address the first is the newest: publishers put new ones on top.
    once = believed(tuple({clipping.address: clipping for clipping in reversed(clippings)}.values())[::-1])
    return Polled(outcome=_outcome(source, fresh, once, now, tools.random), address=fetched.url)


def _good(
    source: Source,
    state: FetchState,
    fetched: Fetched,
    *,
    now: datetime,
    body_hash: str | None,
    is_first: bool,
) -> FetchState:
    """Return the state after a poll that could be read."""
    trusted = is_first and fetched.complete
    moved = (fetched.moved_permanently_to or state.moved_to) if is_first else None
    # A 304 need not repeat its validators.
    kept = state if fetched.unchanged else FetchState(source_id=source.id)
    return replace(
        _in_health(state, Health.OK, "", now),
        etag=(fetched.etag or kept.etag) if trusted else None,
        last_modified=(fetched.last_modified or kept.last_modified) if trusted else None,
        body_hash=body_hash if fetched.complete else None,
        moved_to=None if moved == source.url else moved,
        last_checked=now,
        last_ok=now,
        failures=0,
    )


def _failed(source: Source, state: FetchState, problem: SourceError | ReadingError, tools: Tools) -> Polled:
    now = tools.clock()
    health = Health.STOPPED if isinstance(problem, SourceGoneError) else Health.FAILING
    fresh = replace(
        _in_health(state, health, str(problem), now), last_checked=now, failures=state.failures + 1
    )
    asked = problem.retry_after if isinstance(problem, SourceError) else None
    return Polled(outcome=_outcome(source, fresh, (), now, tools.random, asked=asked), problem=problem)


def _in_health(state: FetchState, health: Health, reason: str, now: datetime) -> FetchState:
    since = state.health_since if state.health is health and state.health_since else now
    return replace(state, health=health, reason=reason, health_since=since)


def _outcome(
    source: Source,
    state: FetchState,
    clippings: tuple[Clipping, ...],
    now: datetime,
    random: Random,
    *,
    asked: float | None = None,
) -> FetchOutcome:
    due = next_poll(state, source, now=now, jitter=random.random(), asked=asked)
    return FetchOutcome(state=replace(state, next_due=due), clippings=clippings, now=now)


class Recorder:
    """Stores outcomes, several in one transaction when several are there: a commit waits for the disk."""

    def __init__(self, store: StoreThreads, given: Given) -> None:
        """Store through these threads, and leave out entries that were `given` to them before."""
        self._store = store
        self._given = given
        self._waiting: list[tuple[FetchOutcome, asyncio.Future[int]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, outcome: FetchOutcome) -> int:
        """Store one outcome and return how many of its clippings were not known."""
        source = outcome.state.source_id
        known = self._given.get(source, frozenset())
        entries = {hash(clipping): clipping for clipping in outcome.clippings}
        fresh = tuple(clipping for number, clipping in entries.items() if number not in known)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((replace(outcome, clippings=fresh), answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        new = await answer
        if entries:
            self._given[source] = frozenset(entries)
        return new

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            outcomes = [outcome for outcome, _ in batch]
            try:
                counts = await self._store.write(_recording(outcomes))
            except StorageError as problem:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(problem)
                continue
            for (_, answer), count in zip(batch, counts, strict=True):
                if not answer.done():
                    answer.set_result(count)


def _recording(outcomes: Sequence[FetchOutcome]) -> Callable[[Store], tuple[int, ...]]:
    return lambda store: store.record_fetches(outcomes)
