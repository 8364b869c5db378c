"""Should this story be kept back until a person lets it go?"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from config.settings import Reader
from nightdesk.acts.rights import NotStandingError, check_may
from storage.acts_contract import Act, Via

if TYPE_CHECKING:
    from storage.contract import Store


def hold(
    store: Store, story_id: int, who: Reader, *, via: Via, now: datetime, until: datetime | None = None
) -> Act:
    """Keep back every message of a story until then, or until somebody lets it go."""
    check_may(who, "hold")
    standing = held(store, story_id, now=now)
    if standing is not None and (standing.until is None or (until is not None and until <= standing.until)):
        return standing
    return store.record_act(Act(at=now, who=who.id, via=via, kind="hold", story_id=story_id, until=until))


def let_go(store: Store, story_id: int, who: Reader, *, via: Via, now: datetime) -> Act:
    """Let a story go that is held back, by whatever; what waited is due at once. Return a hold that ended.

    Raises:
        NotStandingError: it is not held back.
    """
    check_may(who, "let go")
    ended = Act(at=now, who=who.id, via=via, kind="let go", story_id=story_id)
    lifted = [act for act in _holds(store, story_id, now) if store.lift_act(act.id, ended)]
    if not lifted:
        raise NotStandingError("This story is not held back.")
    return lifted[-1]


def held(store: Store, story_id: int, *, now: datetime) -> Act | None:
    """Return the hold that stands longest on a story, or None."""
    return max(
        _holds(store, story_id, now), key=lambda act: (act.until is None, act.until or now), default=None
    )


def _holds(store: Store, story_id: int, now: datetime) -> list[Act]:
    return [act for act in store.acts_of(story_id) if act.kind == "hold" and act.stands(now)]
