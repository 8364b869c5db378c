"""Is this story relevant? One person's vote, which changes no watchlist by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from config.settings import Reader
from nightdesk.acts.rights import NotAllowedError, NotStandingError, check_may
from storage.acts_contract import Act, Via

if TYPE_CHECKING:
    from storage.contract import Store

#: How long a vote can be taken back.
UNDO_FOR = timedelta(minutes=10)


def vote_not_relevant(
    store: Store, story_id: int, who: Reader, *, via: Via, now: datetime, watchlist_id: str = ""
) -> Act:
    """Keep a person's vote that a story is not relevant; one that stands is not given twice."""
    check_may(who, "not relevant")
    for act in store.acts_of(story_id):
        if act.kind == "not relevant" and act.who == who.id and act.stands(now):
            return act
    return store.record_act(
        Act(at=now, who=who.id, via=via, kind="not relevant", story_id=story_id, watchlist_id=watchlist_id)
    )


def undo(store: Store, act_id: int, who: Reader, *, via: Via, now: datetime) -> Act:
    """Take a vote back, within ten minutes; return the vote.

    Raises:
        NotAllowedError: it is somebody else's.
        NotStandingError: it is too late, or was taken back before.
    """
    act = store.act(act_id)
    if act is None or act.kind != "not relevant":
        raise NotStandingError("There is no such vote.")
    if act.who != who.id:
        raise NotAllowedError("Only who voted can take a vote back.")
    if now - act.at >= UNDO_FOR:
        raise NotStandingError("The ten minutes in which a vote can be taken back are over.")
    back = Act(at=now, who=who.id, via=via, kind="undo", story_id=act.story_id)
    if not store.lift_act(act_id, back):
        raise NotStandingError("The vote was taken back before.")
    return act
