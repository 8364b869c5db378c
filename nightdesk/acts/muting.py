"""Which story, or which outlet, should a channel hear no more of, and until when?

A muted story sends no message: a correction still comes, and the digest still lists it. A mute ends after
seven days unless somebody pins it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from alerts.muting import covering
from config.settings import Reader, Settings
from nightdesk.acts.rights import NotStandingError, check_may
from storage.acts_contract import Act, Via

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from news.telling import Delivery
    from storage.contract import Store

#: How long a mute lasts when nobody says how long.
USUALLY = timedelta(days=7)
MOST_HEADLINES = 5  # of what would have been lost, by name

#: When a mute ends: None is after the usual time, "pinned" is never.
Until = datetime | Literal["pinned"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet that a channel should hear no more of."""

    # The source's id.
    source_id: str
    # "slack:#immigration-desk"; "" is everywhere.
    destination: str = ""
    # "" is every watchlist.
    watchlist_id: str = ""


def mute_story(
    store: Store, story_id: int, who: Reader, *, via: Via, now: datetime, until: Until = None
) -> Act:
    """Send no more messages of a story until then; for seven days when nobody says how long."""
    check_may(who, "mute story")
    end = _end(until, now)
    return store.record_act(Act(at=now, who=who.id, via=via, kind="mute story", story_id=story_id, until=end))


def mute_outlet(
    store: Store, outlet: Outlet, who: Reader, *, via: Via, now: datetime, until: Until = None
) -> Act:
    """Send no messages there that only this outlet tells, until then; for seven days when nobody says."""
    check_may(who, "mute outlet")
    return store.record_act(_outlet_act(outlet, who=who.id, via=via, now=now, until=_end(until, now)))


def _end(until: Until, now: datetime) -> datetime | None:
    if until == "pinned":
        return None
    return now + USUALLY if until is None else until


def unmute(store: Store, act_id: int, who: Reader, *, via: Via, now: datetime) -> Act:
    """End a mute and return it.

    Raises:
        NotStandingError: it is no mute, or has ended.
    """
    check_may(who, "unmute")
    act = store.act(act_id)
    if act is None or act.kind not in {"mute story", "mute outlet"}:
        raise NotStandingError("There is no such mute.")
    ended = Act(at=now, who=who.id, via=via, kind="unmute", story_id=act.story_id)
    if not act.stands(now) or not store.lift_act(act_id, ended):
        raise NotStandingError("This mute has ended already.")
    return act


def mutes(store: Store, *, now: datetime) -> tuple[Act, ...]:
    """Return the mutes that stand, oldest first."""
    return store.standing_acts(("mute story", "mute outlet"), now=now)


def mute_of(store: Store, story_id: int, *, now: datetime) -> Act | None:
    """Return the mute that stands on a story, or None."""
    found = [act for act in store.acts_of(story_id) if act.kind == "mute story" and act.stands(now)]
    return found[-1] if found else None


# ── What it would have cost ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What a mute would have kept back, had it held for the last days."""

    # Messages, of how many that its channel got.
    messages: int
    of: int
    days: int
    # Of the newest ones.
    headlines: tuple[str, ...] = ()


def would_have_lost(
    store: Store, settings: Settings, mute: Outlet | int, *, now: datetime, days: int = 30
) -> Lost:
    """Return what a mute of an outlet, or of the story of this number, would have kept back lately.

    Messages to watchlists that are gone count too: they were sent.
    """
    if isinstance(mute, int):
        act = Act(at=now, who="", via="console", kind="mute story", story_id=mute)
    else:
        act = _outlet_act(mute, who="", via="console", now=now, until=None)
    since = now - timedelta(days=days)
    told = [sent for place in _places(act, settings) for sent in store.sent_since(place, since=since)]
    counted = [sent for sent in told if sent.kind in {"root", "reply"}]
    lost = [sent for sent in _concerned(store, counted, act) if _would_be_muted(store, sent, act)]
    lost.sort(key=lambda sent: sent.at, reverse=True)
    return Lost(
        messages=len(lost),
        of=len(counted),
        days=days,
        headlines=tuple(dict.fromkeys(sent.headline for sent in lost))[:MOST_HEADLINES],
    )


def _places(act: Act, settings: Settings) -> Iterator[str]:
    if act.destination:
        yield act.destination
        return
    told = [rule.to for watchlist in settings.watchlists for rule in watchlist.deliver]
    yield from dict.fromkeys([*told, settings.desk_at_once])


def _concerned(store: Store, told: Sequence[Delivery], act: Act) -> list[Delivery]:
    """Return the messages of stories that a mute may concern: the others need not be read."""
    if act.story_id is not None:
        return [sent for sent in told if sent.story_id == act.story_id]
    ids = sorted({sent.story_id for sent in told if sent.story_id is not None})
    near = store.stories_told_by(act.source_id, ids)
    return [sent for sent in told if sent.story_id in near]


def _would_be_muted(store: Store, sent: Delivery, act: Act) -> bool:
    alert = store.alert_by_key(sent.key)
    story = store.story(sent.story_id or 0, at=alert.revision) if alert else None
    if alert is None or story is None:
        return False
    thread = store.thread(alert.thread_id or 0)
    return covering(alert, story, thread.watchlist_ids if thread else (), (act,)) is not None


def _outlet_act(outlet: Outlet, *, who: str, via: Via, now: datetime, until: datetime | None) -> Act:
    return Act(
        at=now,
        who=who,
        via=via,
        kind="mute outlet",
        source_id=outlet.source_id,
        destination=outlet.destination,
        watchlist_id=outlet.watchlist_id,
        until=until,
    )
