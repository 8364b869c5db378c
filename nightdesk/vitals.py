"""Is Nightdesk alive and quick? How long the news took, what waits, what failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from news.nouns import Health
from nightdesk.standing import NEEDS_A_PERSON, ON_ITS_WAY
from storage.console_contract import Delay
from storage.contract import Store

#: How far back delays are looked at, and the kinds of places whose delay is told.
SPAN = timedelta(days=7)
KINDS = ("slack", "email")
#: A watch that leaves a source due for so long does not work.
ASLEEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quickness:
    """How long messages of one kind took from publication, in the last days."""

    kind: str
    messages: int
    half: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """How Nightdesk stands, in numbers."""

    quickness: tuple[Quickness, ...]
    # Messages on their way, and how long the one that is due longest has been.
    waiting: int
    overdue: timedelta
    # Messages that wait for a person.
    failed: int
    sources: dict[str, int]
    last_checked: datetime | None
    # When a source is due next; None without sources.
    next_due: datetime | None
    # Clippings that wait to be filed: 0 or more than 0.
    unfiled: bool

    def is_awake(self, now: datetime) -> bool:
        """Whether the watch asks its sources when they are due; without sources there is nothing to ask."""
        return is_awake(self.next_due, now=now)


def is_awake(next_due: datetime | None, *, now: datetime, began: datetime | None = None) -> bool:
    """Whether no source has been due for long; what was due before the watch `began` has time from then."""
    return next_due is None or now - max(next_due, began or next_due) < ASLEEP


def take_vitals(store: Store, *, now: datetime) -> Vitals:
    """Read the numbers."""
    waiting = store.alerts(states=ON_ITS_WAY, limit=5000)
    states = store.fetch_states()
    health: dict[str, int] = {}
    for state in states:
        health[state.health.value] = health.get(state.health.value, 0) + 1
    due = [alert.due_at for alert in waiting if alert.due_at <= now]
    return Vitals(
        quickness=tuple(_quickness(store, now)),
        waiting=len(waiting),
        overdue=now - min(due) if due else timedelta(),
        failed=len(store.alerts(states=NEEDS_A_PERSON, limit=5000)),
        sources=health,
        last_checked=max((each.last_checked for each in states if each.last_checked), default=None),
        next_due=store.next_due_source(),
        unfiled=bool(store.unfiled_clippings(limit=1, now=now)),
    )


def _quickness(store: Store, now: datetime) -> Iterator[Quickness]:
    for kind in KINDS:
        took = sorted(_took(each) for each in store.delays(since=now - SPAN, kind=kind))
        if took:
            yield Quickness(kind=kind, messages=len(took), half=share(took, 0.5), most=share(took, 0.95))


def _took(delay: Delay) -> timedelta:
    """Return how long a message took, from when we saw the article if its outlet's clock is no help."""
    began = delay.published if delay.published and delay.published <= delay.first_seen else delay.first_seen
    return max(delay.sent - began, timedelta())


def share(took: Sequence[timedelta], part: float) -> timedelta:
    """Return the time within which this part of them came; they are in order."""
    return took[min(int(len(took) * part), len(took) - 1)]


def metrics(vitals: Vitals, *, now: datetime) -> str:
    """Return the numbers as Prometheus reads them; no name of a watchlist or a person is among them."""
    lines = [
        "# TYPE nightdesk_awake gauge",
        f"nightdesk_awake {int(vitals.is_awake(now))}",
        "# TYPE nightdesk_messages_waiting gauge",
        f"nightdesk_messages_waiting {vitals.waiting}",
        "# TYPE nightdesk_messages_failed gauge",
        f"nightdesk_messages_failed {vitals.failed}",
        "# TYPE nightdesk_queue_age_seconds gauge",
        f"nightdesk_queue_age_seconds {vitals.overdue.total_seconds():.3f}",
        "# TYPE nightdesk_sources gauge",
        *(
            f'nightdesk_sources{{health="{health.value}"}} {vitals.sources.get(health.value, 0)}'
            for health in Health
        ),
        "# TYPE nightdesk_delay_seconds summary",
    ]
    for each in vitals.quickness:
        for part, took in (("0.5", each.half), ("0.95", each.most)):
            labels = f'kind="{each.kind}",quantile="{part}"'
            lines.append(f"nightdesk_delay_seconds{{{labels}}} {took.total_seconds():.3f}")
        lines.append(f'nightdesk_delay_seconds_count{{kind="{each.kind}"}} {each.messages}')
    return "\n".join(lines) + "\n"
