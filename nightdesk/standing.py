"""How does Nightdesk stand right now?

One screen: what was sent, what is waiting, what is wrong. `take_stock` reads the store; `stock_lines` puts
it in words; `stock_facts` is the same for machines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.holidays import next_digest
from config.settings import Settings
from news.nouns import FetchState, Health, Source
from news.telling import Alert, AlertState, Delivery
from news.wording import clock_time, counted, joined, span, weekday_date, when
from nightdesk.handovers import digest_name, place_of
from nightdesk.private import people_places
from storage.contract import Counts, Store

#: States of an alert that is still on its way.
ON_ITS_WAY = (AlertState.PENDING, AlertState.SENDING, AlertState.UNKNOWN)
NEEDS_A_PERSON = (AlertState.FAILED, AlertState.HELD)
#: Rows of the table of sources before the rest is counted.
MOST_ROWS = 6
WORST_FIRST = (Health.STOPPED, Health.FAILING, Health.QUIET)
#: Days that "usually" looks back.
USUAL_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDigest:
    """When the next digest comes, and where."""

    due_at: datetime
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Everything the screen shows."""

    now: datetime
    # Since when the service runs; None while it does not.
    running_since: datetime | None
    today: Counts
    usual_stories: int | None
    last_sent: Delivery | None
    waiting: tuple[Alert, ...]
    troubled: tuple[Alert, ...]
    next_digest: NextDigest | None
    states: tuple[FetchState, ...]
    would_have_sent: int
    # What is wrong in the newsroom's files, in lines that anybody may read.
    broken: tuple[str, ...] = ()


def take_stock(
    store: Store,
    settings: Settings,
    *,
    now: datetime,
    running_since: datetime | None,
    broken: tuple[str, ...] = (),
) -> Stock:
    """Read what the screen shows."""
    midnight = local_midnight(now, settings.timezone)
    ids = tuple(watchlist.id for watchlist in settings.watchlists)
    days = [
        (midnight - timedelta(days=back + 1), midnight - timedelta(days=back)) for back in range(USUAL_DAYS)
    ]
    past = sorted(store.stories_a_day(watchlist_ids=ids, days=days))
    hidden = people_places(settings)
    sent = [
        replace(each, headline="") if each.destination in hidden else each
        for each in store.deliveries(limit=20)
        if each.receipt is not None
    ]
    return Stock(
        now=now,
        running_since=running_since,
        # What happens at this very moment is of today too.
        today=store.counts(since=midnight, until=now + timedelta(seconds=1)),
        usual_stories=past[len(past) // 2] if any(past) else None,
        last_sent=sent[0] if sent else None,
        waiting=store.alerts(states=ON_ITS_WAY),
        troubled=store.alerts(states=NEEDS_A_PERSON),
        next_digest=_next_digest(settings, now),
        states=store.fetch_states(),
        would_have_sent=store.backlog_matches(),
        broken=broken,
    )


def local_midnight(now: datetime, timezone: str) -> datetime:
    """Return when the local day began."""
    zone = ZoneInfo(timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _next_digest(settings: Settings, now: datetime) -> NextDigest | None:
    from alerts.schedule import digest_plans

    coming = [
        NextDigest(
            due_at=next_digest(plan.schedule, plan.destination, settings, after=now),
            destination=plan.destination,
        )
        for plan in digest_plans(settings)
    ]
    return min(coming, key=lambda digest: digest.due_at, default=None)


def stock_lines(stock: Stock, settings: Settings) -> Iterator[str]:
    """Yield the screen, line by line."""
    zone = settings.timezone
    running = f"Running for {span(stock.now - stock.running_since)}" if stock.running_since else "Not running"
    yield f"{settings.newsroom}, {weekday_date(stock.now, zone)}, {clock_time(stock.now, zone)}. {running}."
    yield ""
    yield from _today_lines(stock)
    yield from _sent_lines(stock, settings)
    yield from _waiting_lines(stock, settings)
    yield ""
    yield from _source_lines(stock, settings)
    yield ""
    yield f"Next: {_next_command(stock)}"


def _today_lines(stock: Stock) -> Iterator[str]:
    today = stock.today
    yield (
        f"Today      {counted(today.articles, 'article')}, {today.matched} matched, "
        f"{counted(today.stories, 'story')}, {counted(today.alerts_sent, 'message')} sent"
    )
    if stock.usual_stories is not None:
        yield f"           {counted(today.stories, 'story')} today, usually {stock.usual_stories}"
    if stock.would_have_sent:
        stories = counted(stock.would_have_sent, "story")
        yield f"           {stories} from before the first check of a source matched; not sent"


def _sent_lines(stock: Stock, settings: Settings) -> Iterator[str]:
    sent = stock.last_sent
    if sent is None:
        yield "Last sent  nothing yet"
        return
    yield f"Last sent  {when(sent.at, settings.timezone, now=stock.now)}, {place_of(sent.destination)}"
    if sent.headline:
        yield f"           {sent.headline}"


def _waiting_lines(stock: Stock, settings: Settings) -> Iterator[str]:
    zone = settings.timezone
    later = [alert for alert in stock.waiting if alert.due_at > stock.now]
    now = len(stock.waiting) - len(later)
    parts = [f"{counted(now, 'message')} on the way"] if now else []
    if later:
        first = min(alert.due_at for alert in later)
        parts.append(f"{counted(len(later), 'message')} waiting until {when(first, zone, now=stock.now)}")
    yield f"Waiting    {joined(parts) if parts else 'nothing'}"
    why = [
        f"{place_of(alert.destination)}: {alert.last_error}" for alert in stock.waiting if alert.last_error
    ]
    for words in list(dict.fromkeys(why))[:MOST_ROWS]:
        yield f"           {words}"
    for alert in stock.troubled[:MOST_ROWS]:
        yield f"Not sent   {place_of(alert.destination)}: {alert.last_error or 'waits for a person'}"
    if len(stock.troubled) > MOST_ROWS:
        yield f"           {len(stock.troubled) - MOST_ROWS} more: nightdesk sent list --failed"
    if stock.next_digest is not None:
        digest = stock.next_digest
        at = when(digest.due_at, zone, now=stock.now)
        yield f"Next       {at}, {digest_name(digest.destination)} to {place_of(digest.destination)}"
    for each in settings.not_set_up:
        yield f"Missing    {each.what}"
    yield from _file_lines(stock)


def _file_lines(stock: Stock) -> Iterator[str]:
    for label, line in zip(("Broken", *[""] * len(stock.broken)), stock.broken[:MOST_ROWS], strict=False):
        yield f"{label:<11}{line}"
    if stock.broken:
        yield "           What was in force before stays in force: nightdesk check"


def _source_lines(stock: Stock, settings: Settings) -> Iterator[str]:
    states = {state.source_id: state for state in stock.states}
    watched = [source for source in settings.sources if source.id in states]
    poor = [source for source in watched if states[source.id].health not in {Health.OK, Health.NEW}]
    checked = [state.last_checked for state in stock.states if state.last_checked is not None]
    last = f" Last checked {span(stock.now - max(checked))} ago." if checked else " Nothing was checked yet."
    new = sum(states[source.id].health is Health.NEW for source in watched)
    fine = f"{len(watched) - len(poor) - new} of {len(watched)} are fine"
    yield f"Sources    {', '.join([fine, *_poorly(poor, states, new)])}.{last}"
    if not poor:
        return
    yield ""
    yield f"{'state':<9}{'source':<22}{'last new':<16}why"
    worst_first = sorted(poor, key=lambda source: WORST_FIRST.index(states[source.id].health))
    for source in worst_first[:MOST_ROWS]:
        yield _source_row(source, states[source.id], stock, settings)
    if len(poor) > MOST_ROWS:
        yield f"{'':<9}{len(poor) - MOST_ROWS} more: nightdesk sources list"


def _poorly(poor: Sequence[Source], states: Mapping[str, FetchState], new: int) -> Iterator[str]:
    """Yield "2 are quiet", "1 is stopped", "3 were not checked yet"."""
    if new:
        yield f"{new} {'was' if new == 1 else 'were'} not checked yet"
    for health in WORST_FIRST:
        number = sum(states[source.id].health is health for source in poor)
        if number:
            yield f"{number} {'is' if number == 1 else 'are'} {health.value}"


def _source_row(source: Source, state: FetchState, stock: Stock, settings: Settings) -> str:
    last = when(state.last_new, settings.timezone, now=stock.now) if state.last_new else "never"
    return f"{state.health.value:<9}{source.name[:21]:<22}{last:<16}{state.reason}".rstrip()


def _next_command(stock: Stock) -> str:
    if stock.broken:
        return "nightdesk check"
    if stock.running_since is None:
        return "nightdesk run"
    if stock.troubled:
        return "nightdesk sent list --failed"
    poor = any(state.health not in {Health.OK, Health.NEW} for state in stock.states)
    return "nightdesk sources check" if poor else "nightdesk stories list"


def stock_facts(stock: Stock) -> Mapping[str, object]:
    """Return the screen for machines."""
    health: dict[str, int] = {}
    for state in stock.states:
        health[state.health.value] = health.get(state.health.value, 0) + 1
    return {
        "now": stock.now.isoformat(),
        "running_since": stock.running_since.isoformat() if stock.running_since else None,
        "articles_today": stock.today.articles,
        "matched_today": stock.today.matched,
        "stories_today": stock.today.stories,
        "alerts_sent_today": stock.today.alerts_sent,
        "last_sent": stock.last_sent.at.isoformat() if stock.last_sent else None,
        "waiting": len(stock.waiting),
        "not_sent": len(stock.troubled),
        "next_digest": stock.next_digest.due_at.isoformat() if stock.next_digest else None,
        "sources": health,
        "would_have_sent": stock.would_have_sent,
        "broken": list(stock.broken),
    }
