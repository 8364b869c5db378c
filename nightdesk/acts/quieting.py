"""Until when should a channel hear nothing but what is urgent?"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from config.settings import Reader, Role
from nightdesk.acts.rights import check_may
from storage.acts_contract import Act, Via

if TYPE_CHECKING:
    from storage.contract import Store


def quiet(store: Store, destination: str, who: Reader, *, via: Via, now: datetime, until: datetime) -> Act:
    """Keep what is not urgent from a channel until then; what waited goes out afterwards."""
    check_may(who, "quiet", role=_needed(who, destination))
    _end(store, destination, who, via=via, now=now)
    act = Act(at=now, who=who.id, via=via, kind="quiet", destination=destination, until=until)
    return store.record_act(act)


def loud(store: Store, destination: str, who: Reader, *, via: Via, now: datetime) -> bool:
    """End a channel's quiet; False when it was not quiet."""
    check_may(who, "loud", role=_needed(who, destination))
    return _end(store, destination, who, via=via, now=now)


def _end(store: Store, destination: str, who: Reader, *, via: Via, now: datetime) -> bool:
    standing = store.standing_acts(("quiet",), now=now)
    here = [act for act in standing if act.destination == destination]
    ended = Act(at=now, who=who.id, via=via, kind="loud", destination=destination)
    lifted = [store.lift_act(act.id, ended) for act in here]  # all of them
    return any(lifted)


def _needed(who: Reader, destination: str) -> Role:
    """Return which role it takes; one's own place takes none."""
    return Role.READER if destination in {who.slack, who.email} else Role.EDITOR
