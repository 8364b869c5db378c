"""Is this story relevant? One person's vote, which changes no watchlist by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from config.settings import Reader
from news.nouns import Mark
from nightdesk.acts.rights import NotAllowedError, NotStandingError, check_may
from storage.acts_contract import Act, Via

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.contract import Store

#: How long a vote can be taken back.
UNDO_FOR = timedelta(minutes=10)
#: Older votes are marks by now.
SETTLED_WITHIN = timedelta(days=7)


def vote_not_relevant(
    store: Store, story_id: int, who: Reader, *, via: Via, now: datetime, watchlist_id: str = ""
) -> Act:
    """Keep a person's vote that a story is not relevant; one that stands is not given twice.

    With a watchlist, only for that one: others may have brought it rightly.
    """
    check_may(who, "not relevant")
    for act in store.acts_of(story_id):
        is_theirs = act.kind == "not relevant" and act.who == who.id and act.stands(now)
        if is_theirs and act.watchlist_id in {"", watchlist_id}:
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


def settle_votes(store: Store, *, now: datetime) -> int:
    """Let votes that can no longer be taken back count as marks, from which keywords can be learnt.

    Each once: a mark bears the time of its vote.
    """
    kept = 0
    for act in store.standing_acts(("not relevant",), now=now):
        if act.story_id is None or now - act.at < UNDO_FOR or now - act.at > SETTLED_WITHIN:
            continue
        if not any(mark.at == act.at and mark.who == act.who for mark in store.marks_of(act.story_id)):
            for mark in _marks(store, act):
                store.record_mark(mark)
                kept += 1
    return kept


def _marks(store: Store, act: Act) -> Iterator[Mark]:
    for match in store.story_matches(act.story_id or 0):
        if act.watchlist_id in {"", match.watchlist_id} and match.matches:
            yield Mark(
                story_id=match.story_id,
                article_id=match.matches[0].article_id,
                watchlist_id=match.watchlist_id,
                watchlist_version=match.watchlist_version,
                relevant=False,
                who=act.who,
                at=act.at,
            )
