"""What should colleagues know of this story, and what of it belongs elsewhere?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from config.settings import Reader
from nightdesk.acts.rights import NotStandingError, check_may
from storage.acts_contract import Act, Via
from storage.gathering_contract import Parted, Parting

if TYPE_CHECKING:
    from storage.contract import Store

LONGEST_NOTE = 2_000  # characters


def note(store: Store, story_id: int, words: str, who: Reader, *, via: Via, now: datetime) -> Act:
    """Keep a note on a story."""
    check_may(who, "note")
    said = " ".join(words.split())[:LONGEST_NOTE]
    if not said:
        raise NotStandingError("An empty note says nothing.")
    return store.record_act(Act(at=now, who=who.id, via=via, kind="note", story_id=story_id, note=said))


def not_same_story(
    store: Store, story_id: int, article_ids: Sequence[int], who: Reader, *, via: Via, now: datetime
) -> Parted:
    """Take articles out of a story: they tell another one, which is not told again.

    Raises:
        NotAllowedError: it takes an editor.
        NotStandingError: somebody decided that they belong together.
        StorageError: these are not some of the story's articles.
    """
    check_may(who, "not same story")
    reason = f"{who.name or who.id} said that it is another story"
    parted = store.split_story(
        Parting(story_id=story_id, article_ids=tuple(article_ids), reason=reason, who=who.id, now=now)
    )
    if parted is None:
        raise NotStandingError(
            "Somebody decided that these belong together. See: nightdesk stories decisions"
        )
    act = Act(at=now, who=who.id, via=via, kind="not same story", story_id=parted.story_id)
    store.record_act(act)
    return parted


def acts_of(store: Store, story_id: int) -> tuple[Act, ...]:
    """Return everything that people decided about a story, oldest first."""
    return store.acts_of(story_id)
