"""What is written down about an alert on its way out, and who is told when it does not get through?"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Protocol, TypeVar

from alerts.channels.contract import Channel
from alerts.channels.registry import address_of
from alerts.health import health_facts
from alerts.limits import Group, look_back
from config.settings import Settings
from news.errors import ChannelError, StorageError
from news.nouns import Clock, Hop
from news.telling import Alert, Delivery, Receipt
from news.timing import local, retry_at

if TYPE_CHECKING:
    from storage.threads import StoreThreads

log = logging.getLogger("nightdesk.alerts")

#: Longer than a channel's time-out and the grace together: nobody claims what is still being handed over.
LEASE = timedelta(seconds=60)
#: After an unknown outcome a channel is given so long to show the message before it is looked for.
GRACE = timedelta(seconds=15)
#: A claim that ends sooner is given back: the call and its answer might not fit into it.
SHORTEST_CLAIM = timedelta(seconds=45)  # one mail may take 41 s: opening, DATA and goodbye
T = TypeVar("T")
MANY_TRIES = 6  # tries, about a minute: a person should hear of it


class Outcome(Enum):
    """What became of an alert this time."""

    SENT = "sent"
    FAILED = "failed"
    WAITING = "waiting"
    # Another message says it: nothing of its own goes out.
    MERGED = "merged"
    # A person wants no message of it.
    MUTED = "muted"
    # It has nothing left to say.
    WITHDRAWN = "withdrawn"


class SoleSender(Protocol):
    """The hold on the database that makes this process the only one that sends."""

    def still_held(self) -> bool:
        """Return whether it is still ours."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The outbox, as the one who carries the alerts sees it."""

    settings: Settings
    store: StoreThreads
    sole: SoleSender
    clock: Clock
    random: Random
    hop: Hop

    async def claim(
        self, limit: int, digests: Sequence[int] | None = None, besides: Sequence[str] = ()
    ) -> tuple[Alert, ...]:
        """Claim what is due, or what is due of these digests; committed before this returns.

        Destinations that are being served are left out, `besides` them the others have their turn.
        """
        now = self.clock()
        return await self.store.write(
            lambda store: store.claim_alerts(
                now=now, lease=LEASE, limit=limit, digests=digests, besides=besides
            )
        )

    async def arrived(self, destination: str) -> tuple[Delivery, ...]:
        """Return what a destination was sent lately."""
        since = look_back(self.settings.as_read_at(destination), self.clock())
        return await self.store.read(lambda store: store.sent_since(destination, since=since))

    async def may_send(self, alert: Alert) -> bool:
        """Return whether the lock and the claim still stand; a claim about to end is given back."""
        self.hop("to be checked")
        asked = self.clock()
        mine = await self.store.read(lambda store: store.still_mine(alert, now=asked))
        if not mine or not self.sole.still_held():
            return False
        now = self.clock()  # anew: the questions may have taken long
        if alert.lease_until is not None and alert.lease_until - now < SHORTEST_CLAIM:
            await self.defer(alert, now, "")
            return False
        return True

    async def sent(self, alert: Alert, receipt: Receipt, *, outcome: str, headline: str) -> Outcome:
        """Write down that it is there."""
        now = self.clock()
        await self.store.write(
            lambda store: store.record_sent(alert, receipt, outcome=outcome, headline=headline, now=now)
        )
        log.info("alert sent", extra=facts_of(alert) | {"outcome": outcome})
        return Outcome.SENT

    async def defer(self, alert: Alert, until: datetime, why: str) -> Outcome:
        """Give the claim back untouched."""
        await self.store.write(lambda store: store.defer_alert(alert, due_at=until, why=why))
        return Outcome.WAITING

    async def muted(self, alert: Alert, why: str) -> Outcome:
        """Write down that a person wants no message of it."""
        await self.store.write(lambda store: store.record_muted(alert, why=why))
        log.info("alert muted", extra=facts_of(alert) | {"why": why})
        return Outcome.MUTED

    async def withdrawn(self, alert: Alert, why: str) -> Outcome:
        """Write down that it has nothing left to say; nobody has to do anything about it."""
        await self.store.write(lambda store: store.record_withdrawn(alert, why=why))
        log.info("alert withdrawn", extra=facts_of(alert) | {"why": why})
        return Outcome.WITHDRAWN

    async def unknown(self, alert: Alert, error: str, *, asked: float | None = None) -> Outcome:
        """Write down that nobody knows whether it arrived; it is looked for after the grace."""
        now = self.clock()
        again = retry_at(alert.attempts, now=now, jitter=self.random.random(), asked=asked)
        look_at = max(now + GRACE, again)
        await self.store.write(lambda store: store.record_unknown(alert, error=error, look_at=look_at))
        log.warning("alert outcome unknown", extra=facts_of(alert) | {"why": error})
        await self._warn_after_many_tries(alert, error)
        return Outcome.WAITING

    async def put_off(self, alert: Alert, error: ChannelError, channel: Channel) -> datetime:
        """Write down that it certainly did not arrive; return when it is tried again."""
        now, jitter = self.clock(), self.random.random()
        if channel.can_look_up:
            due_at = retry_at(alert.attempts, now=now, jitter=jitter, asked=error.retry_after)
            await self.store.write(lambda store: store.record_retry(alert, error=str(error), due_at=due_at))
        else:
            # The try is taken back, so that a later crash alone makes the outcome a doubtful one.
            tries = (now - alert.created) // timedelta(seconds=4)
            due_at = retry_at(tries.bit_length(), now=now, jitter=jitter, asked=error.retry_after)
            await self.store.write(lambda store: store.defer_alert(alert, due_at=due_at, why=str(error)))
        log.warning("alert put off", extra=facts_of(alert) | {"why": str(error)})
        await self._warn_after_many_tries(alert, str(error))
        return due_at

    async def refused(self, alert: Alert, error: str) -> Outcome:
        """Write down that it never will arrive, and tell a person once a day."""
        now = self.clock()
        await self.store.write(lambda store: store.record_refused(alert, error=error, now=now))
        log.error("alert refused", extra=facts_of(alert) | {"why": error})
        await self._warn(alert, "does not take messages", error)
        return Outcome.FAILED

    async def held(self, alert: Alert, error: str) -> Outcome:
        """Keep it for a person, who can find out whether it arrived."""
        now = self.clock()
        await self.store.write(lambda store: store.record_held(alert, error=error, now=now))
        log.error("alert held", extra=facts_of(alert) | {"why": error})
        await self._warn(alert, "may have a message that we do not know of", error)
        return Outcome.WAITING

    async def group(self, alerts: Sequence[Alert], decision: Group) -> list[Outcome]:
        """Put stories into the destination's group, which becomes due."""
        now, numbers = self.clock(), [alert.id for alert in alerts]
        await self.store.write(
            lambda store: store.record_grouped(
                numbers,
                destination=alerts[0].destination,
                why=decision.why,
                until=decision.until,
                now=now,
            )
        )
        log.info("stories grouped", extra={"destination": alerts[0].destination, "stories": len(alerts)})
        return [Outcome.WAITING] * len(alerts)

    async def _warn_after_many_tries(self, alert: Alert, error: str) -> None:
        if alert.attempts >= MANY_TRIES:
            await self._warn(alert, "does not answer", error)

    async def _warn(self, alert: Alert, what: str, error: str) -> None:
        """Tell the health channel, once a day for each destination and trouble."""
        to = self.settings.health.to
        if to in {"", alert.destination}:
            return
        now = self.clock()
        where = address_of(alert.destination) or alert.destination
        facts = health_facts(
            f"{where} {what}",
            f"{error[:1].upper()}{error[1:]}.",
            "Nothing is lost: what should be told there is kept.",
            ids={"state": "channel"},
        )
        key = f"{alert.destination} {what} {local(now, self.settings.timezone):%Y-%m-%d}"
        await self.store.write(
            lambda store: store.enqueue_health(destination=to, key=key, facts=facts, now=now)
        )


class Fault:
    """A step ended in an error that nobody foresaw."""


async def without_stopping(step: Awaitable[T], facts: Mapping[str, object]) -> T | Fault:
    """Return what one alert's step returns; a bug in it is logged and must not stop the others."""
    try:
        return await step
    except StorageError:
        raise
    except Exception:
        log.exception("alert met a fault of ours", extra=dict(facts))
        return Fault()


def facts_of(alert: Alert) -> dict[str, object]:
    """Return what a log line says of an alert: numbers, never a headline."""
    return {"alert": alert.id, "kind": alert.kind, "story": alert.story_id, "destination": alert.destination}
