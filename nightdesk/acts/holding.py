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
    return held(store, story_id, now=now) or store.record_act(
        Act(at=now, who=who.id, via=via, kind="hold", story_id=story_id, until=until)
    )


def let_go(store: Store, story_id: int, who: Reader, *, via: Via, now: datetime) -> Act:
    """Let a story go that is held back; what waited is due at once. Return the hold that ended.

    Raises:
        NotStandingError: it is not held back.
    """
    check_may(who, "let go")
    act = held(store, story_id, now=now)
    ended = Act(at=now, who=who.id, via=via, kind="let go", story_id=story_id)
    if act is None or not store.lift_act(act.id, ended):
        raise NotStandingError("This story is not held back.")
    return act


def held(store: Store, story_id: int, *, now: datetime) -> Act | None:
    """Return the hold that stands on a story, or None."""
    found = (act for act in store.acts_of(story_id) if act.kind == "hold" and act.stands(now))
    return next(found, None)
