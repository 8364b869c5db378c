"""Which stories came in, by watchlist, grade, source, day and what became of them?

`ask` reads what somebody typed or clicked; `story_list` asks the store; `line_facts` is for machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.settings import Settings
from news.nouns import Grade
from news.telling import AlertState
from news.wording import GRADE_WORDS, PRIORITY_WORDS, joined, when
from nightdesk.handovers import place_of
from nightdesk.private import open_ids, people_places
from storage.contract import Store
from storage.list_contract import StoryChoice, StoryLine, ToldLine

PAGE = 30  # stories
DAYS = 14  # that the small chart shows
#: Spans that a list covers, by their name: how many days, today among them.
SPANS = {"today": 1, "week": 7, "month": 30}
SHOWS = {"": "Everything", "at once": "Sent at once", "later": "Not sent at once", "claimed": "Claimed"}
_NOT_SENT = {
    AlertState.MUTED: "muted for {place}",
    AlertState.GROUPED: "grouped with others in {place}",
    AlertState.FAILED: "{place} refuses it",
    AlertState.HELD: "{place}: a person must decide",
    AlertState.WITHDRAWN: "{place} is not told any more",
    AlertState.MERGED: "told in another message, {place}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reader wants to see."""

    # "" is every watchlist that the reader may know of.
    watchlist: str = ""
    grade: Grade | None = None
    source: str = ""
    # "today", "week", "month", or a date: "2026-03-18".
    span: str = "week"
    show: str = ""
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryList:
    """A page of stories."""

    wish: Wish
    lines: tuple[StoryLine, ...]
    # How many the choice has in all.
    total: int
    # Articles that came in the span.
    articles: int
    # Stories a day, oldest first, the last one today.
    days: tuple[int, ...]
    # Where the next page begins; "" when this is the last one.
    after: str


def ask(given: Mapping[str, str]) -> Wish:
    """Return what an address asks for; what cannot be read is left out."""
    grade = given.get("grade", "")
    span = given.get("when", "")
    show = given.get("show", "")
    return Wish(
        watchlist=given.get("watchlist", ""),
        grade=Grade(grade) if grade in set(Grade) else None,
        source=given.get("source", ""),
        span=span if span in SPANS or _date(span) else "week",
        show=show if show in SHOWS else "",
        after=_after(given.get("after", "")),
    )


def story_list(store: Store, settings: Settings, wish: Wish, *, zone: str, now: datetime) -> StoryList:
    """Return the stories that a reader wishes to see; `settings` as the reader may see them."""
    choice = chosen(settings, wish, zone=zone, now=now)
    lines = store.story_lines(replace(choice, limit=PAGE + 1))
    shown = tuple(without_private(line, settings) for line in lines[:PAGE])
    last = shown[-1] if len(lines) > PAGE else None
    return StoryList(
        wish=wish,
        lines=shown,
        total=store.count_story_lines(choice),
        articles=store.came(since=choice.since, until=min(choice.until, now)).articles,
        days=tuple(store.stories_a_day(watchlist_ids=choice.watchlist_ids, days=_days(zone, now))),
        after=f"{last.updated.isoformat()}~{last.id}" if last else "",
    )


def chosen(settings: Settings, wish: Wish, *, zone: str, now: datetime) -> StoryChoice:
    """Return what the store is asked for."""
    known = open_ids(settings)
    since, until = span_of(wish.span, zone, now)
    return StoryChoice(
        watchlist_ids=tuple(sorted(known & {wish.watchlist} if wish.watchlist else known)),
        grade=wish.grade,
        source_id=wish.source,
        since=since,
        until=until,
        show=wish.show,  # type: ignore[arg-type]  # one of SHOWS, as `ask` saw to
        after=wish.after,
    )


def span_of(span: str, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when, in UTC; days begin at midnight on the reader's clock."""
    today = now.astimezone(ZoneInfo(zone)).date()
    day = _date(span)
    if day is not None:
        return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    first = today - timedelta(days=SPANS.get(span, SPANS["week"]) - 1)
    return _midnight(first, zone), _midnight(today + timedelta(days=1), zone)


def without_private(line: StoryLine, settings: Settings) -> StoryLine:
    """Return a line without what private watchlists found and where they sent it."""
    known, hidden = open_ids(settings), people_places(settings)
    return replace(
        line,
        matches=tuple(each for each in line.matches if each.watchlist_id in known),
        told=tuple(each for each in line.told if each.destination not in hidden),
    )


# ── In words ──────────────────────────────────────────────────────────────────────────────────────────────


def told_words(line: StoryLine, zone: str, *, now: datetime) -> str:
    """Return what became of a story: "sent to #immigration-desk 12:02 pm"."""
    sent = [
        f"{place_of(each.destination)} {when(each.sent_at, zone, now=now)}"
        for each in line.told
        if each.sent_at is not None
    ]
    words = [f"sent to {joined(sent)}"] if sent else []
    words += [_not_sent(each, zone, now) for each in line.told if each.sent_at is None]
    return "; ".join(words) or "no message of its own"


def _not_sent(each: ToldLine, zone: str, now: datetime) -> str:
    place = place_of(each.destination)
    if each.state in _NOT_SENT:
        return _NOT_SENT[each.state].format(place=place)
    if each.due_at > now:
        return f"waiting until {when(each.due_at, zone, now=now)}, {place}"
    return f"on its way to {place}"


def line_facts(line: StoryLine) -> dict[str, object]:
    """Return a story of a list for machines."""
    return {
        "story": line.id,
        "title": line.title,
        "created": line.created.isoformat(),
        "updated": line.updated.isoformat(),
        "outlets": list(line.outlets),
        "articles": line.articles,
        "corrected": line.corrected_at.isoformat() if line.corrected_at else None,
        "claimed_by": line.claimed_by or None,
        "matches": [
            {
                "watchlist": each.watchlist_id,
                "grade": GRADE_WORDS[each.grade].lower(),
                "priority": PRIORITY_WORDS[each.priority].lower(),
                "words": each.words,
                "since": each.first_matched.isoformat(),
            }
            for each in line.matches
        ],
        "told": [
            {
                "to": each.destination,
                "state": each.state.value,
                "sent": each.sent_at.isoformat() if each.sent_at else None,
            }
            for each in line.told
        ],
    }


# ── Times ─────────────────────────────────────────────────────────────────────────────────────────────────


def _days(zone: str, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    return tuple((_midnight(day, zone), _midnight(day + timedelta(days=1), zone)) for day in days)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _date(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _after(words: str) -> tuple[datetime, int] | None:
    at, _, story_id = words.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, int(story_id)) if moment.tzinfo and story_id.isdecimal() else None
