"""Does a mute keep this message back?

A muted story sends nothing but corrections. A muted outlet sends nothing that only it tells: a story that
another outlet has too is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from news.nouns import Story
from news.telling import Alert

if TYPE_CHECKING:
    from storage.acts_contract import Act

#: A correction is always told.
KEPT_BACK = frozenset({"root", "reply"})


def covering(alert: Alert, story: Story, watchlist_ids: Sequence[str], mutes: Sequence[Act]) -> Act | None:
    """Return the mute that keeps an alert back, or None; `mutes` are those that stand."""
    if alert.kind not in KEPT_BACK:
        return None
    for act in mutes:
        if act.kind == "mute story" and act.story_id == story.id:
            return act
    return _of_the_outlets(alert, story, watchlist_ids, mutes)


def _of_the_outlets(
    alert: Alert, story: Story, watchlist_ids: Sequence[str], mutes: Sequence[Act]
) -> Act | None:
    """Return a mute of an outlet when every article that is told is kept back on every watchlist."""
    here = [act for act in mutes if act.kind == "mute outlet" and act.destination in {"", alert.destination}]
    if not here:
        return None
    told = [each for each in story.articles if alert.from_revision < each.revision <= alert.revision]
    found: Act | None = None
    for source_id in {each.article.source_id for each in told}:
        for watchlist_id in watchlist_ids or ("",):
            found = next((act for act in here if _keeps_back(act, source_id, watchlist_id)), None)
            if found is None:
                return None
    return found


def _keeps_back(act: Act, source_id: str, watchlist_id: str) -> bool:
    return act.source_id == source_id and act.watchlist_id in {"", watchlist_id}


def why_muted(act: Act, name: str) -> str:
    """Return why an alert is muted, for the ledger: "muted by Night editor"."""
    what = "the story was" if act.kind == "mute story" else "the outlet was"
    return f"{what} muted by {name}"
