"""Which watchlists may somebody know of, how is each, and what stands in its file?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from config.people import is_private
from config.reading import read_bytes
from config.settings import Settings
from config.tree import Table
from config.watchlist_file import read_watchlist
from news.nouns import Story, Watchlist
from nightdesk.learning import words_on
from nightdesk.watchlists import Shelved
from storage.contract import Store

WEEK = timedelta(days=7)
MOST_MARKED = 20  # stories marked as not relevant that are looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A watchlist as the list shows it."""

    id: str
    name: str
    # "on" or "paused".
    state: str
    lines: int
    # The first few lines.
    words: tuple[str, ...]
    # In the last 7 days.
    stories: int
    saved: datetime | None
    who: str

    @property
    def saved_iso(self) -> str:
        """When it was saved last, for machines."""
        return self.saved.isoformat() if self.saved else ""

    @property
    def facts(self) -> dict[str, object]:
        """The same for a program."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "lines": self.lines,
            "stories_in_7_days": self.stories,
            "saved": self.saved_iso or None,
            "who": self.who or None,
        }


def listed(store: Store, settings: Settings, *, now: datetime) -> tuple[Listed, ...]:
    """Return the watchlists that are not private, by name; `settings` as seen by whoever asks."""
    stories: Counter[str] = Counter()
    for match in store.matches(since=now - WEEK):
        stories[match.watchlist_id] += 1
    saved = store.last_saved()
    found: list[Listed] = []
    for each in settings.watchlists:
        if each.private:
            continue
        at, who = saved.get(each.id, (None, ""))
        lines = (*each.any, *each.all, *each.never)
        found.append(
            Listed(
                id=each.id,
                name=each.name or each.id,
                state="on" if each.enabled else "paused",
                lines=len(lines),
                words=tuple(clause.text for clause in each.any[:4]),
                stories=stories[each.id],
                saved=at,
                who=who,
            )
        )
    return tuple(sorted(found, key=lambda each: each.name.lower()))


def shelved_as(folder: Path, path: str) -> Shelved:
    """Return a watchlist's file as it stands in the folder; without text when there is none."""
    file = folder / path
    if not file.is_file():
        return Shelved(path=path, text="", watchlist=None, private=False)
    body = file.read_bytes()
    read = read_bytes(path, body)
    readable = isinstance(read.root, Table)
    return Shelved(
        path=path,
        text=body.decode("utf-8", errors="replace"),
        watchlist=read_watchlist(read, desk=(), digest_at="").watchlist if readable else None,
        private=is_private(read),
    )


def not_relevant(store: Store, watchlist: Watchlist) -> tuple[Story, ...]:
    """Return the stories that were marked as not relevant and that the words still catch, newest first."""
    from news.matching.compiled import compile_watchlist
    from news.matching.matcher import match_story

    said = words_on(store.marks(watchlist.id))
    marked = [story_id for story_id, relevant in said.items() if not relevant][-MOST_MARKED:]
    compiled = compile_watchlist(watchlist)
    stories = store.whole_stories(marked[::-1])
    return tuple(story for story in stories if match_story(story, compiled, now=story.updated) is not None)
