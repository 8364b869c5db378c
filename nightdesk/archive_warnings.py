"""What does the archive say against a watchlist that its file alone does not show?

Two watchlists that caught the same stories, a line that found nothing for a season, a line under never that
leaves out what people keep.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from config.explain import Problem
from config.reading import read_text
from config.settings import Settings
from config.tree import walk
from news.nouns import Article, Clause, StoryMatch, Watchlist
from news.wording import counted
from nightdesk.learning import words_on
from storage.contract import Store

if TYPE_CHECKING:
    from news.matching.compiled import Compiled
    from news.matching.explaining import Explanation

RECENT = timedelta(days=30)  # in which two watchlists are compared
SEASON = timedelta(days=90)  # in which a line should have found something
MOST_STORIES = 5000  # of one watchlist in a season
MOST_KEPT = 200  # stories marked as relevant that are looked at again
LONGEST = 80  # characters of a headline


def archive_warnings(store: Store, settings: Settings, *, now: datetime) -> Iterator[Problem]:
    """Yield what the archive says against the watchlists that are on.

    Raises:
        QueryError: a line of a watchlist cannot be read.
    """
    on = [watchlist for watchlist in settings.watchlists if watchlist.enabled]
    places = _Places(settings)
    yield from _overlaps(store, on, places, now)
    for watchlist in on:
        yield from _never_matched(store, watchlist, places, now)
        yield from _left_out(store, watchlist, places)


class _Places:
    """Puts a warning beside the line of the file that it is about."""

    def __init__(self, settings: Settings) -> None:
        self._folder = Path(settings.folder)
        self._lines: dict[str, list[str]] = {}

    def problem(self, where: str, what: str, write: str, width: int = 1) -> Problem:
        """Return a warning at "watchlists/county-jail.yaml:5:7", or about a whole file."""
        path, line, column = (*where.rsplit(":", 2), "", "")[:3]
        if not line.isdecimal():
            return Problem(path=where, what=what, write=write, severity="warning")
        text = self._line(path, int(line))
        start = int(column)
        end = min(start + max(width, 1), len(text) + 1)
        return Problem(
            path=path,
            line=int(line),
            column=start,
            end=max(end, start + 1),
            what=what,
            write=write,
            severity="warning",
            text=text,
        )

    def _line(self, path: str, number: int) -> str:
        if path not in self._lines:
            file = self._folder / path
            text = file.read_text(encoding="utf-8-sig", errors="replace") if file.is_file() else ""
            self._lines[path] = text.splitlines()
        lines = self._lines[path]
        return lines[number - 1] if number <= len(lines) else ""


# ── Two watchlists ────────────────────────────────────────────────────────────────────────────────────────


def _overlaps(
    store: Store, watchlists: Sequence[Watchlist], places: _Places, now: datetime
) -> Iterator[Problem]:
    from news.matching.overlap import by_stories

    stories: dict[str, set[int]] = defaultdict(set)
    for match in store.matches(since=now - RECENT):
        stories[match.watchlist_id].add(match.story_id)
    for found in by_stories(watchlists, stories):
        other = "a private watchlist" if found.other.private else found.other.where
        what = (
            f"{found.common} of the {counted(found.of, 'story')} on it in the last 30 days are on {other} too"
        )
        yield places.problem(found.one.where, what, "lines of its own, or one watchlist for both")


# ── A line that finds nothing ─────────────────────────────────────────────────────────────────────────────


def _never_matched(store: Store, watchlist: Watchlist, places: _Places, now: datetime) -> Iterator[Problem]:
    """Yield a warning for each line that stood in the file all the season and found nothing."""
    standing = _standing_since(store, watchlist.id, now - SEASON)
    lines = [clause for clause in (*watchlist.any, *watchlist.all) if clause.text in standing]
    matches = store.matches_of(watchlist.id, since=now - SEASON, limit=MOST_STORIES) if lines else ()
    if not matches:
        return
    found = {piece.clause for match in matches for each in match.matches for piece in each.evidence}
    silent = [clause for clause in lines if clause.text not in found]
    for clause in _still_silent(store, watchlist, silent, matches):
        what = "this line found nothing in the last 90 days"
        write = "it so that it finds something, or take it out"
        yield places.problem(clause.where, what, write, len(clause.text))


def _standing_since(store: Store, watchlist_id: str, since: datetime) -> frozenset[object]:
    """Return the lines that stood in a watchlist's file at a time; none when nobody knows."""
    saved = next((each for each in store.saved_texts(watchlist_id) if each.at <= since), None)
    root = read_text("", saved.text).root if saved else None
    return frozenset(each.value for each in walk(root)) if root else frozenset()


def _still_silent(
    store: Store, watchlist: Watchlist, silent: Sequence[Clause], matches: Sequence[StoryMatch]
) -> list[Clause]:
    """Return the lines that find nothing in the stories either: evidence names only so many lines of one."""
    from news.matching.compiled import compile_watchlist, page_of

    if not silent:
        return []
    compiled = compile_watchlist(watchlist)
    left = {line.clause: line for line in (*compiled.any, *compiled.all) if line.clause in silent}
    for match in matches:
        story = store.story(match.story_id) if left else None
        for article in (each.article for each in (story.articles if story else ())):
            page = page_of(article)
            held = [clause for clause, line in left.items() if line.hits(page, page.everywhere) is not None]
            for clause in held:
                del left[clause]
    return list(left)


# ── What people keep ──────────────────────────────────────────────────────────────────────────────────────


def _left_out(store: Store, watchlist: Watchlist, places: _Places) -> Iterator[Problem]:
    """Yield a warning for each line that leaves out stories which were marked as relevant."""
    from news.matching.compiled import compile_watchlist
    from news.matching.matcher import match

    said = words_on(store.marks(watchlist.id))
    kept = [story_id for story_id, relevant in said.items() if relevant][-MOST_KEPT:]
    compiled = compile_watchlist(watchlist) if kept else None
    lost: dict[Clause, list[str]] = defaultdict(list)
    for story_id in kept:
        story = store.story(story_id)
        articles = [each.article for each in story.articles if each.article.text] if story else []
        if compiled is None or story is None or any(match(article, compiled) for article in articles):
            continue
        for clause in _to_blame(articles, compiled):
            lost[clause].append(story.title)
    for clause, titles in lost.items():
        what = f"this leaves out {counted(len(titles), 'story')} marked as relevant: {titles[0][:LONGEST]}"
        yield places.problem(clause.where, what, "it narrower", len(clause.text))


def _to_blame(articles: Sequence[Article], compiled: Compiled) -> list[Clause]:
    """Return the lines that keep any of these articles off, each once."""
    from news.matching.explaining import explain

    blamed = (clause for article in articles for clause in _blamed(explain(article, compiled)))
    return list(dict.fromkeys(blamed))


def _blamed(explanation: Explanation) -> Iterator[Clause]:
    """Yield the lines under never that hold, or the lines that hold but for what stands after NOT."""
    if explanation.outcome == "never":
        yield from (line.clause for line in explanation.held("never"))
        return
    for line in explanation.failed("any"):
        refused = [part for part in line.part.parts if part.text.startswith("NOT ")]
        wanted = [part for part in line.part.parts if part not in refused]
        if any(not part.held for part in refused) and wanted and all(part.held for part in wanted):
            yield line.clause
