"""How does a story read in a listing?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.settings import Settings
from news.nouns import Story, StoryMatch
from news.wording import GRADE_WORDS, PRIORITY_WORDS, joined, when
from nightdesk.handovers import place_of
from nightdesk.private import open_ids, people_places
from storage.contract import Store

#: Outlets that a listing names; the rest are counted.
MOST_OUTLETS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A story as a listing shows it."""

    story: Story
    matches: tuple[StoryMatch, ...]
    # Where its message went, and when.
    told: tuple[tuple[str, datetime], ...]


def listed(store: Store, story: Story, settings: Settings) -> Listed:
    """Read what a listing says of a story; nothing of what private watchlists found and sent."""
    known, hidden = open_ids(settings), people_places(settings)
    return Listed(
        story=story,
        matches=tuple(each for each in store.story_matches(story.id) if each.watchlist_id in known),
        told=tuple(
            (thread.destination, thread.root_sent_at)
            for thread in store.threads_of(story.id)
            if thread.root_sent_at is not None and thread.destination not in hidden
        ),
    )


def listed_words(each: Listed, settings: Settings, *, now: datetime) -> str:
    """Return the line below the headline: outlets, watchlists, where it was sent."""
    zone = settings.timezone
    pieces = [outlets_of(each.story)]
    if each.matches:
        pieces.append(joined(watchlist_names(each.matches, settings)))
        pieces.append(GRADE_WORDS[best(each.matches).grade].lower())
    sent = [f"{place_of(to)} {when(at, zone, now=now)}" for to, at in each.told]
    if sent:
        pieces.append(f"sent to {joined(sent)}")
    return "; ".join(pieces)


def outlets_of(story: Story) -> str:
    """Return "Channel 4 Ellery, Ellery 31 and 2 more"."""
    names = list(dict.fromkeys(each.article.outlet for each in story.articles))
    more = len(names) - MOST_OUTLETS
    return joined([*names[:MOST_OUTLETS], f"{more} more"]) if more > 0 else ", ".join(names)


def watchlist_names(matches: Sequence[StoryMatch], settings: Settings) -> tuple[str, ...]:
    """Return the names of the watchlists that have a story."""
    names = {watchlist.id: watchlist.name for watchlist in settings.watchlists}
    return tuple(dict.fromkeys(names.get(match.watchlist_id, match.watchlist_id) for match in matches))


def best(matches: Sequence[StoryMatch]) -> StoryMatch:
    """Return the match that says most: by grade, then by priority."""
    return min(matches, key=lambda match: (match.grade.value, -match.priority))


def match_words(match: StoryMatch, settings: Settings) -> str:
    """Return "Sanctuary cities: main topic, high priority"."""
    (name,) = watchlist_names([match], settings)
    words = f"{name}: {GRADE_WORDS[match.grade].lower()}, {PRIORITY_WORDS[match.priority].lower()}"
    return f"{words}; it was there before the first check of its source" if match.backlog else words
