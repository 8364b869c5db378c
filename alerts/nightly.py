"""Do the sums of the ledger agree this morning? Looked at once a night, and told when they do not."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from alerts.auditing import audited
from alerts.health import health_facts
from config.settings import Settings
from news.nouns import Clock
from news.timing import local
from news.wording import counted

if TYPE_CHECKING:
    from storage.threads import StoreThreads

log = logging.getLogger("nightdesk.alerts")

AT_HOUR = 3  # local: when newsrooms sleep
MOST_TOLD = 5  # contradictions in one warning; the rest are counted


@dataclass(slots=True)
class Auditor:
    """Remembers when it last looked; a new start looks again, which costs nothing but a few reads."""

    _looked: date | None = field(default=None)

    async def look(
        self, settings: Settings, store: StoreThreads, *, clock: Clock, since: datetime | None = None
    ) -> int:
        """Audit the ledger if this night's audit is due; return how many warnings that made.

        `since` is when the newsroom last decided something: what came before was told by other rules.
        """
        now = clock()
        today = self._due(settings, now)
        if today is None:
            return 0
        audit = await store.read(lambda store: audited(store, settings, now=now, since=since))
        self._looked = today
        sums = {name.replace(" ", "_"): number for name, number in audit.sums.items()}
        log.info("ledger audited", extra={"matches": audit.total, "faults": len(audit.faults)} | sums)
        if not audit.faults:
            return 0
        for fault in audit.faults:
            log.error("ledger contradicts itself", extra={"what": fault})
        return await self._warn(audit.faults, settings, store, now)

    def _due(self, settings: Settings, now: datetime) -> date | None:
        here = local(now, settings.timezone)
        return None if here.hour < AT_HOUR or self._looked == here.date() else here.date()

    async def _warn(
        self, faults: tuple[str, ...], settings: Settings, store: StoreThreads, now: datetime
    ) -> int:
        to = settings.health.to
        if not to:
            return 0
        more = len(faults) - MOST_TOLD
        told = [f"{fault[:1].upper()}{fault[1:]}." for fault in faults[:MOST_TOLD]]
        rest = [f"{counted(more, 'more contradiction')}."] if more > 0 else []
        facts = health_facts(
            "The record of sent messages does not agree with itself",
            *told,
            *rest,
            note="Look at it with: nightdesk doctor",
            ids={"state": "ledger"},
        )
        key = f"ledger {local(now, settings.timezone):%Y-%m-%d}"
        made = await store.write(
            lambda store: store.enqueue_health(destination=to, key=key, facts=facts, now=now)
        )
        return int(made)
