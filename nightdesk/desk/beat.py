"""What comes due at the desk by itself? Votes that stand, mutes a channel is told of, escalation, hand-over.

Each is done once, however often it is looked at: by rows that are there already.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.decided import name_of
from alerts.health import health_facts
from config.settings import Settings
from news.wording import when
from nightdesk.acts.voting import settle_votes

if TYPE_CHECKING:
    from storage.acts_contract import Act
    from storage.contract import Store

#: How far back is looked for what was not told: longer than any outage that a mute outlives.
LOOK_BACK = timedelta(days=2)
OUTLET_WORDS = (
    "What another outlet has too is still sent. Corrections still come, and digests list everything."
)


def settle(store: Store, settings: Settings, *, now: datetime) -> bool:
    """Do what has come due; return whether something is to be sent."""
    from nightdesk.desk.escalating import escalate
    from nightdesk.desk.shifts import hand_over

    settle_votes(store, now=now)
    told = [tell_mutes(store, settings, now=now), escalate(store, settings, now=now)]
    return any([*told, hand_over(store, settings, now=now)])


def tell_mutes(store: Store, settings: Settings, *, now: datetime) -> bool:
    """Tell each channel once which outlet was muted there, by whom, and until when."""
    acts = store.standing_acts(("mute outlet",), now=now)
    recent = [act for act in acts if now - act.at < LOOK_BACK and act.destination.startswith("slack:")]
    told = [_tell_mute(store, settings, act, now) for act in recent]  # all of them
    return any(told)


def _tell_mute(store: Store, settings: Settings, act: Act, now: datetime) -> bool:
    source = next((each for each in settings.sources if each.id == act.source_id), None)
    until = f" until {when(act.until, settings.timezone, now=act.at)}" if act.until else ""
    facts = health_facts(
        f"{name_of(act.who, settings)} muted {source.name if source else act.source_id} here{until}",
        OUTLET_WORDS,
        note=f"To end it: nightdesk stories unmute {act.id}",
        ids={"state": "muted"},
    )
    return store.enqueue_health(destination=act.destination, key=f"mute {act.id}", facts=facts, now=now)
