"""Which stories came in, by watchlist, grade, source, day and what became of them?

`ask` reads what somebody typed or clicked; `story_list` asks the store; `story_list_words.py` says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.schedule import digest_plans
from config.settings import Settings
from news.nouns import Grade
from nightdesk.private import open_ids, people_places
from nightdesk.story_counts import Counts, count
from nightdesk.story_wish import Wish
from storage.contract import Store
from storage.list_contract import StoryChoice, StoryLine

PAGE = 30  # stories
FEW = 3  # of those that were kept out, below a list
DAYS = 14  # that the small chart shows
#: Spans that a list covers, by their name: how many days, today among them.
SPANS = {"today": 1, "week": 7, "month": 30}
SHOWS = {
    "": "Everything",
    "at once": "Sent at once",
    "later": "Not sent at once",
    "claimed": "Claimed",
    "kept out": "Kept out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryList:
    """A page of stories."""

    wish: Wish
    # What the store was asked for.
    choice: StoryChoice
    lines: tuple[StoryLine, ...]
    # How many the choice has in all.
    total: int
    # Articles that came in the span.
    articles: int
    # Stories a day, oldest first, the last one today.
    days: tuple[int, ...]
    # How many stories each of the other choices has.
    counts: Counts
    # Stories that nobody was told of, and why; a few, below everything else.
    kept_out: tuple[StoryLine, ...] = ()
    # Where the next page begins; "" when this is the last one.
    after: str = ""

    @property
    def usual(self) -> float:
        """Stories on a usual day: the mean of those before today."""
        return sum(self.days[:-1]) / max(len(self.days) - 1, 1)


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
    choice = chosen(store, settings, wish, zone=zone, now=now)
    lines = store.story_lines(replace(choice, limit=PAGE + 1))
    shown = tuple(without_private(line, settings) for line in lines[:PAGE])
    last = shown[-1] if len(lines) > PAGE else None
    counts = count(store, settings, wish, choice, spans=_spans(wish, zone, now))
    few = replace(choice, show="kept out", limit=FEW) if counts.shows["kept out"] and is_whole(wish) else None
    return StoryList(
        wish=wish,
        choice=choice,
        lines=shown,
        total=counts.total,
        articles=store.came(since=choice.since, until=min(choice.until, now)).articles,
        days=tuple(store.stories_a_day(watchlist_ids=choice.watchlist_ids, days=_days(zone, now))),
        counts=counts,
        kept_out=tuple(without_private(each, settings) for each in store.story_lines(few)) if few else (),
        after=f"{last.updated.isoformat()}~{last.id}" if last else "",
    )


def is_whole(wish: Wish) -> bool:
    """Return whether a list shows whatever there is, from its beginning: what was kept out stands below."""
    return not (wish.show or wish.after)


def chosen(store: Store, settings: Settings, wish: Wish, *, zone: str, now: datetime) -> StoryChoice:
    """Return what the store is asked for."""
    known = open_ids(settings)
    held = store.standing_acts(("hold",), now=now)
    since, until = span_of(wish.span, zone, now)
    digested = {each for plan in digest_plans(settings) for each in plan.watchlist_ids}
    return StoryChoice(
        watchlist_ids=tuple(sorted(known & {wish.watchlist} if wish.watchlist else known)),
        grade=wish.grade,
        source_id=wish.source,
        since=since,
        until=until,
        show=wish.show,  # type: ignore[arg-type]  # one of SHOWS, as `ask` saw to
        on_hold=tuple(act.story_id for act in held if act.story_id),
        told_nowhere=tuple(sorted(known - digested)),
        besides=tuple(sorted(people_places(settings))),
        after=wish.after,
    )


def _spans(wish: Wish, zone: str, now: datetime) -> dict[str, tuple[datetime, datetime]]:
    """Return every span whose stories are counted, by its name: those of the list, and the last days."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [(today - timedelta(days=back)).isoformat() for back in range(SPANS["week"])]
    return {each: span_of(each, zone, now) for each in dict.fromkeys([*SPANS, *days, wish.span])}


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


# ── Times ─────────────────────────────────────────────────────────────────────────────────────────────────


def _days(zone: str, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    return tuple((_midnight(day, zone), _midnight(day + timedelta(days=1), zone)) for day in days)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _date(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    # At the ends of time a day has none before or after it.
    return day if date.min.year < day.year < date.max.year else None


def _after(words: str) -> tuple[datetime, int] | None:
    at, _, story_id = words.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, int(story_id)) if moment.tzinfo and story_id.isdecimal() else None
