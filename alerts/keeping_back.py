"""Did a person say that this should not be sent, or not yet?

A mute ends an alert: it is MUTED, and the digest still lists its story. A hold puts it off until somebody
lets the story go.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from alerts.decided import name_of
from alerts.ledger import Ledger, Outcome
from alerts.muting import covering, why_muted
from news.nouns import Priority
from news.telling import Alert
from news.wording import when

if TYPE_CHECKING:
    from storage.acts_contract import Act, ActKind

KINDS: tuple[ActKind, ...] = ("mute story", "mute outlet", "hold", "quiet")
HELD = frozenset({"root", "reply", "correction"})
#: Letting go makes it due at once; until then it is looked at now and then.
LOOKED_AT_AGAIN = timedelta(hours=1)
#: What an alert says of itself that waits for a person; the store knows it by this.
ON_HOLD = "on hold"
QUIET = "quiet for now"


class KeepingBack:
    """What people decided, as the one who carries the alerts asks for it."""

    def __init__(self, ledger: Ledger) -> None:
        """Keep where to read and write."""
        self._ledger = ledger

    async def standing(self, alerts: Sequence[Alert]) -> tuple[Act, ...]:
        """Return every mute and hold that stands; none where no alert could be kept back."""
        now = self._ledger.clock()
        if HELD.isdisjoint(alert.kind for alert in alerts):
            return ()
        return await self._ledger.store.read(lambda store: store.standing_acts(KINDS, now=now))

    async def keep_back(self, alert: Alert, acts: Sequence[Act]) -> Outcome | None:
        """Mute an alert or put it off, where somebody said so; None when it may go out.

        What somebody asked for is held too, but a mute or a quiet hour is no reason to refuse it.
        """
        if alert.kind not in HELD or alert.story_id is None:
            return None
        holds = [act for act in acts if act.kind == "hold" and act.story_id == alert.story_id]
        if holds:
            return await self._hold(alert, holds)
        if alert.asked_by:
            return None
        quiet = next((act for act in acts if _is_quieted(alert, act)), None)
        if quiet is not None and quiet.until is not None:
            return await self._ledger.defer(alert, quiet.until, f"{QUIET}: {self._name(quiet)}")
        mute = await self._mute(alert, acts)
        return await self._ledger.muted(alert, why_muted(mute, self._name(mute))) if mute else None

    async def _hold(self, alert: Alert, holds: Sequence[Act]) -> Outcome:
        """Put an alert off until the last of its story's holds ends."""
        now, zone = self._ledger.clock(), self._ledger.settings.timezone
        last = max(holds, key=lambda act: (act.until is None, act.until or now))
        ends = f" until {when(last.until, zone, now=now)}" if last.until else ""
        until = last.until or now + LOOKED_AT_AGAIN
        return await self._ledger.defer(alert, until, f"{ON_HOLD}{ends}: {self._name(last)}")

    async def _mute(self, alert: Alert, acts: Sequence[Act]) -> Act | None:
        mutes = [act for act in acts if act.kind in {"mute story", "mute outlet"}]
        if not mutes:
            return None
        story = await self._ledger.store.read(
            lambda store: store.story(alert.story_id or 0, at=alert.revision)
        )
        thread = await self._ledger.store.read(lambda store: store.thread(alert.thread_id or 0))
        if story is None:
            return None
        return covering(alert, story, thread.watchlist_ids if thread else (), mutes)

    def _name(self, act: Act) -> str:
        return name_of(act.who, self._ledger.settings)


def _is_quieted(alert: Alert, act: Act) -> bool:
    """Return whether a channel that should be quiet for a while should not hear this."""
    return act.kind == "quiet" and act.destination == alert.destination and alert.priority < Priority.URGENT
