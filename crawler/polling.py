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
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from config.settings import FetchSettings, Settings
from crawler.engine import Engine, Fetched
from crawler.finding import Search
from crawler.gathering import Brought, Gathering, ask_for, gather, is_read
from crawler.outcomes import Seen, after_failure, after_reading, answer_of, brought_news
from crawler.places import PROMPT, Budget, Places
from crawler.recording import NOTHING_KNOWN, Known, Recorder
from crawler.stamps import believed
from news.errors import ReadingError, SourceError, SourceGoneError
from news.nouns import Clock, FetchOutcome, FetchState, Health, Hop, Source, no_hop
from news.source_rules import SpiderRule
from news.troubles import OUT_OF_REACH

if TYPE_CHECKING:
    from crawler.reading.children import Reader
    from storage.contract import Store
    from storage.threads import StoreThreads

log = logging.getLogger("nightdesk.crawler")

LEASE = timedelta(minutes=10)  # longer than the slowest poll: redirects and backup addresses, each timing out
CLAIMED_AT_ONCE = 500  # sources; more are claimed when these are done
MOST_ROUNDS = 100  # of claiming in one call, so that a clock that jumps cannot keep us here
LOST = frozenset({"gone", "not found", "malformed"})  # its feed may be at another address by now
RENDERED = frozenset({"page-list", "page-watch"})  # pages; those of articles are read in crawler/fulltext.py
FALL_BACK = frozenset({"gone", "not found", "unreachable", "certificate"})  # never round a refusal

#: Looks for the feed of a source whose address is lost; returns where it is, or "".
Find = Callable[[Source], Awaitable[str]]


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
    # How many of these gave no answer at all.
    out_of_reach: int = 0

    def __add__(self, other: PollReport) -> PollReport:
        """Add two reports up."""
        return PollReport(
            checked=self.checked + other.checked,
            unchanged=self.unchanged + other.unchanged,
            new=self.new + other.new,
            failed=self.failed + other.failed,
            out_of_reach=self.out_of_reach + other.out_of_reach,
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
    # Of a feed that was read: what will be known of it when the outcome is stored.
    known: Known | None = None
    # HTTP's number of the answer that was read, and the entries that stood there.
    status: int = 0
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What polling works with."""

    engine: Engine
    reader: Reader
    clock: Clock
    random: Random
    hop: Hop = no_hop
    # The newsroom's word on how long a source may be silent; None: learnt for each.
    quiet_after: timedelta | None = None
    find: Find | None = None
    # What the store has of a feed, by the source's id.
    known: Callable[[str], Known] = lambda _: NOTHING_KNOWN


async def poll_due(  # noqa: PLR0913 - the rooms agreed on this signature
    settings: Settings,
    store: StoreThreads,
    engine: Engine,
    reader: Reader,
    *,
    clock: Clock,
    random: Random,
    hop: Hop = no_hop,
    leave_slow: bool = False,
) -> PollReport:
    """Ask every source that is due and store what it brought.

    With `leave_slow`, sources that take long are not waited for: they go on by themselves, what they bring is
    stored when it comes, and the next round's report counts them. `let_go` ends them.

    Raises:
        StorageError: the database refused; what was stored before stays.
    """
    await engine.renew()
    quiet_after = settings.health.quiet_after
    tools = Tools(
        engine=engine,
        reader=reader,
        clock=clock,
        random=random,
        hop=hop,
        quiet_after=quiet_after,
        find=Search(engine=engine, reader=reader, clock=clock).newer_feed,
    )
    sources = {source.id: source for source in settings.sources}
    rounds = _ROUNDS.get(store)
    if rounds is None:
        rounds = _ROUNDS[store] = Rounds(store, settings.fetch)
    total = PollReport()
    for _ in range(MOST_ROUNDS):
        due = await store.write(_claiming(clock()))
        known = [(sources[state.source_id], state) for state in due if state.source_id in sources]
        if not known:
            break
        rounds.begin(known, tools)
        total += await rounds.report(leave_slow=True)
    return total + await rounds.report(leave_slow=leave_slow)


async def let_go(store: StoreThreads) -> None:
    """End the polls that were left to themselves; their sources are asked again after their leases."""
    rounds = _ROUNDS.pop(store, None)
    if rounds is not None:
        await rounds.end()


def _claiming(now: datetime) -> Callable[[Store], tuple[FetchState, ...]]:
    return lambda store: store.claim_due_sources(now=now, lease=LEASE, limit=CLAIMED_AT_ONCE)


class Rounds:
    """The polls that are under way, each a task of its own: none waits for a slow one."""

    def __init__(self, store: StoreThreads, fetch: FetchSettings) -> None:
        """Start with none."""
        at_once = fetch.at_once
        self._recorder = Recorder(store)
        self._places = Places(at_once)
        self._doubtful = Places(at_once // 2 + 1)
        self._budget = Budget(fetch.host_budget)
        self._under_way: set[asyncio.Task[PollReport]] = set()
        self._done: list[asyncio.Task[PollReport]] = []

    def begin(self, due: Sequence[tuple[Source, FetchState]], tools: Tools) -> None:
        """Ask these sources; those that failed last time have places of their own."""
        now, tools = tools.clock(), replace(tools, known=self._recorder.known)
        for number, (source, state) in enumerate(due):
            wait = self._budget.spend(urlsplit(state.moved_to or source.url).netloc.lower(), now=now)
            if wait:
                # One after another, and not all of them again when the first may be asked.
                polling = self._put_off(state, until=now + wait + number * wait / len(due), now=now)
            else:
                places = self._doubtful if state.failures else self._places
                polling = self._poll(source, state, tools, places)
            task = asyncio.create_task(polling)
            self._under_way.add(task)
            task.add_done_callback(self._took)

    async def _put_off(self, state: FetchState, *, until: datetime, now: datetime) -> PollReport:
        """Leave a source for later, because its host was asked for so many others."""
        outcome = FetchOutcome(state=replace(state, next_due=until, memory=None), now=now, learnt=False)
        await self._recorder.record(outcome)
        return PollReport()

    def _took(self, task: asyncio.Task[PollReport]) -> None:
        self._under_way.discard(task)
        self._done.append(task)

    async def _poll(self, source: Source, state: FetchState, tools: Tools, places: Places) -> PollReport:
        async with places.take():
            polled = await poll_one(source, state, tools)
        new = await self._recorder.record(polled.outcome, polled.known)
        if new and polled.outcome.state.health is Health.QUIET:
            await self._recorder.record(brought_news(polled.outcome))
        tools.hop("clippings stored")
        return _told(source, polled, new)

    async def _wait(self, *, leave_slow: bool) -> None:
        """Wait for the polls under way; or, with `leave_slow`, until only slow ones are left."""
        try:
            while self._under_way:
                if leave_slow and len(self._under_way) <= self._places.slow + self._doubtful.slow:
                    return
                limit = PROMPT / 4 if leave_slow else None
                await asyncio.wait(self._under_way, timeout=limit)
        except asyncio.CancelledError:
            await self.end()
            raise

    async def report(self, *, leave_slow: bool) -> PollReport:
        """Wait, and return what the polls that ended brought since the last report."""
        await self._wait(leave_slow=leave_slow)
        done, self._done = self._done, []
        refused = [problem for task in done if not task.cancelled() and (problem := task.exception())]
        if refused:
            # The database refuses everybody for one reason; it is told once.
            raise refused[0]
        return sum((task.result() for task in done if not task.cancelled()), PollReport())

    async def end(self) -> None:
        """Give up what is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        self._done.clear()


_ROUNDS: WeakKeyDictionary[StoreThreads, Rounds] = WeakKeyDictionary()


def _told(source: Source, polled: Polled, new: int) -> PollReport:
    """Log what came of a poll and count it."""
    if polled.problem is None:
        log.debug("source polled", extra={"source": source.id, "new": new})
        return PollReport(checked=1, unchanged=int(polled.unchanged), new=new)
    state = polled.outcome.state
    level = logging.WARNING if state.health is Health.STOPPED else logging.INFO
    log.log(level, "source not read", extra={"source": source.id, "why": state.reason})
    out_of_reach = int(state.trouble in OUT_OF_REACH)
    return PollReport(checked=1, failed=(f"{source.name} ({state.reason})",), out_of_reach=out_of_reach)


async def poll_one(source: Source, state: FetchState, tools: Tools) -> Polled:
    """Ask one source. Whatever goes wrong is in the answer; nothing is stored."""
    began = tools.clock()
    polled = await _polled(source, state, tools)
    answer = answer_of(polled.outcome.now, polled.problem, began=began)
    answer = replace(answer, status=polled.status or answer.status, found=polled.entries)
    return replace(polled, outcome=replace(polled.outcome, answer=answer))


async def _polled(source: Source, state: FetchState, tools: Tools) -> Polled:
    try:
        return await _read_source(source, state, tools)
    except (SourceError, ReadingError) as problem:
        return await _failed(source, state, problem, tools)
    except Exception as mistake:  # one of the two places: a bug in one poll must not stop the others
        log.exception("poll fell over", extra={"source": source.id})
        what = f"could not be checked because of a mistake in Nightdesk ({type(mistake).__name__})"
        return await _failed(source, state, SourceError(what, reason="mistake"), tools)


async def _failed(
    source: Source, state: FetchState, problem: SourceError | ReadingError, tools: Tools
) -> Polled:
    found_at = ""
    if tools.find is not None and problem.reason in LOST and state.failures == 0:
        found_at = await tools.find(source)
    outcome = after_failure(source, state, problem, now=tools.clock(), random=tools.random, found_at=found_at)
    return Polled(outcome=outcome, problem=problem)


async def _read_source(source: Source, state: FetchState, tools: Tools) -> Polled:
    if isinstance(source.rule, SpiderRule):
        return await _read_by_spider(source, state, source.rule, tools)
    if not is_read(source):
        what = "only names feeds; nightdesk sources add with its address finds and adds them"
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
    ask = ask_for(source, address, etag=known.etag, last_modified=known.last_modified)
    fetched = await tools.engine.fetch(ask)
    tools.hop("fetched")
    if fetched.unchanged and not (known.etag or known.last_modified):
        raise SourceError("says that nothing changed, and never said what there was", reason="malformed")
    now = tools.clock()
    body_hash = state.body_hash if fetched.unchanged else sha256(fetched.body).hexdigest()
    unchanged = body_hash == state.body_hash  # also where the publisher says so
    seen = Seen(source=source, state=state, fetched=fetched, now=now, body_hash=body_hash, is_first=is_first)
    marks, entries = None, 0
    if not unchanged:
        if _is_rendered(source):
            from crawler.browser import read_rendered

            fetched = await read_rendered(fetched, tools.engine)
        before = tools.known(source.id)
        brought = await gather(
            Gathering(
                source=source,
                state=state,
                fetched=fetched,
                engine=tools.engine,
                reader=tools.reader,
                now=now,
                known=before.marks,
            )
        )
        tools.hop("read")
        seen, marks, entries = _with(seen, brought, before), brought.marks, brought.entries
    outcome = after_reading(seen, random=tools.random, quiet_after=tools.quiet_after)
    what_is_known = None if marks is None else Known(marks=marks, newest=seen.newest)
    return Polled(
        outcome=outcome,
        unchanged=unchanged,
        address=fetched.url,
        known=what_is_known,
        status=fetched.status,
        entries=entries,
    )


async def _read_by_spider(source: Source, state: FetchState, rule: SpiderRule, tools: Tools) -> Polled:
    """Let the source's spider read it; it fetches by itself, behind the same fence."""
    from crawler.spidering import run_spider

    clippings = await run_spider(source, rule, engine=tools.engine, reader=tools.reader, now=tools.clock())
    tools.hop("read")
    now = tools.clock()
    fetched = Fetched(status=200, url=source.url, headers={})
    seen = Seen(source=source, state=state, fetched=fetched, now=now, body_hash=None, is_first=True)
    seen = _with(seen, Brought(clippings=clippings))
    outcome = after_reading(seen, random=tools.random, quiet_after=tools.quiet_after)
    return Polled(outcome=outcome, address=source.url, status=fetched.status, entries=len(clippings))


def _is_rendered(source: Source) -> bool:
    return source.browser and source.reads in RENDERED


def _with(seen: Seen, brought: Brought, before: Known = NOTHING_KNOWN) -> Seen:
    """Return what was seen with what was read of it."""
    clippings = brought.clippings
    if brought.marks is None:
        # Of entries with one address the first is the newest: publishers put new ones on top.
        once = {clipping.address: clipping for clipping in reversed(clippings)}
        clippings = believed(tuple(once.values())[::-1])
    return replace(
        seen,
        clippings=clippings,
        has_known=bool(brought.marks),
        newest_known=before.newest,
        wishes=brought.wishes,
        memory=brought.memory,
        # An empty page may stay as it is while its program brings other news.
        settled=brought.settled and not _is_rendered(seen.source),
    )
