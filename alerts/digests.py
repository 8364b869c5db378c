"""What does a day look like in words?

`compose_digest` is pure: a digest's row and what the store knew of its stories become a `DigestMessage`,
which a channel lays out. Order: Corrected, New, Developed, Also mentioned; every story stands once.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import dropwhile

from alerts.day import SECTIONS, Chart, DigestMessage, Entry, Section
from alerts.entries import Readers, StoryOfTheDay, compose_entry
from alerts.source_note import source_note
from alerts.words import opaque, told_at
from config.settings import Settings
from news.errors import ConfigError
from news.nouns import FetchState, Story, StoryArticle, StoryMatch
from news.telling import Digest, DigestItem, Thread
from news.timing import Schedule, local
from news.wording import counted, long_date, month_day, weekday, weekday_date

LATE = timedelta(minutes=30)  # after the hour, from which a digest says that it is late
SHORTEST_CHART = 3  # days; fewer bars say nothing
USUAL_AFTER = 7  # days before the last one; fewer do not say what is usual


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """What the store knew when the digest was put in words."""

    # By story id, as each stood at the revision that the digest tells.
    stories: Mapping[int, Story]
    matches: Mapping[int, tuple[StoryMatch, ...]]
    threads: Mapping[int, tuple[Thread, ...]] = field(default_factory=dict)
    # What came since the digest last told the story, in order: articles, and versions of articles.
    grown: Mapping[int, tuple[StoryArticle, ...]] = field(default_factory=dict)
    states: tuple[FetchState, ...] = ()
    # Local midnights and the number of stories of the day that begins there, oldest first.
    days: tuple[tuple[datetime, int], ...] = ()
    # The random id of the database: ids that leave the house are derived from it.
    installation: str = ""
    # "daily 06:30", or "" for one that is no longer declared.
    schedule: str = ""


def compose_digest(digest: Digest, facts: DigestFacts, settings: Settings) -> DigestMessage:
    """Put a day in words."""
    readers = Readers(digest=digest, settings=settings)
    sections = _sections(digest, facts, readers)
    note = source_note(digest, facts.states, settings, empty=not sections)
    nothing = f"Nothing new; {note.checked}"
    covers = _covers(digest, settings)
    mine = [each for each in settings.watchlists if each.id in digest.watchlist_ids]
    words = DigestMessage(
        newsroom=settings.newsroom,
        names=readers.names_of(digest.watchlist_ids) or ("Nightdesk",),
        private=any(watchlist.private for watchlist in mine),
        rhythm=_rhythm(facts.schedule),
        headline=sections[0].entries[0].headline if sections else nothing,
        date=long_date(digest.due_at, settings.timezone),
        covers=covers,
        counts=_counts(sections, readers) if sections else f"{nothing}.",
        preview=f"{_found(sections)}{covers}",
        sections=sections,
        chart=_chart(digest, facts, settings) if sections else None,
        sources=note.lines,
    )
    return addressed(words, digest, facts.installation)


def addressed(words: DigestMessage, digest: Digest, installation: str) -> DigestMessage:
    """Return a day's words as this digest's own, with what it alone is known by."""
    stories = sum(len(section.entries) for section in words.sections)
    facts: dict[str, str | int] = {
        "digest_id": opaque("dg", digest.id, installation),
        "stories": stories,
    }
    return replace(words, token=_token(digest, installation), facts=facts)


def same_day(digest: Digest, facts: DigestFacts, settings: Settings) -> tuple[Hashable, ...]:
    """Return what the words depend on: two digests of one round for which it is the same say the same."""
    place = digest.destination
    private = (each for each in settings.watchlists if each.private)
    mine = (each.story_id for told in facts.threads.values() for each in told if each.destination == place)
    return (
        digest.items,
        digest.watchlist_ids,
        (digest.due_at, digest.covers_from, digest.covers_to, settings.timezone, facts.schedule),
        # What others' private watchlists found is told only to those who know of them.
        tuple(each.id for each in private if place in {rule.to for rule in each.deliver}),
        frozenset(mine),
    )


def _token(digest: Digest, installation: str) -> str:
    """Return what a reader writes to be taken off this digest: the same every day, opaque to others."""
    name = digest.name.removesuffix(" again")
    hashed = hashlib.sha256(f"{installation}:digest:{name}".encode()).digest()
    return base64.b32encode(hashed).decode().lower()[:26]


def _rhythm(schedule: str) -> str:
    """Return what the mail is called."""
    try:
        parsed = Schedule.parse(schedule)
    except ConfigError:
        return "email digest"
    return "daily email" if parsed.is_daily else "email digest"


# ── The stories ─────────────────────────────────────────────────────────────────────────────────────────


def _sections(digest: Digest, facts: DigestFacts, readers: Readers) -> tuple[Section, ...]:
    """Return the sections that have entries, in order; in each, what matters most comes first."""
    stories = [
        _story_of_the_day(item, facts, digest) for item in digest.items if item.story_id in facts.stories
    ]
    sorted_in: dict[str, list[Entry]] = {name: [] for name in SECTIONS}
    for day in sorted(stories, key=_rank):
        sorted_in[day.section].append(compose_entry(day, readers))
    return tuple(Section(name=name, entries=tuple(found)) for name, found in sorted_in.items() if found)


def _story_of_the_day(item: DigestItem, facts: DigestFacts, digest: Digest) -> StoryOfTheDay:
    story = facts.stories[item.story_id]
    matches = facts.matches.get(story.id, ())
    own = set(digest.watchlist_ids)
    newest = tuple(each for each in story.articles if item.from_revision < each.revision <= item.revision)
    return StoryOfTheDay(
        item=item,
        story=story,
        grown=facts.grown.get(story.id) or newest,
        matches=tuple(match for match in matches if match.watchlist_id in own),
        elsewhere=tuple(match for match in matches if match.watchlist_id not in own),
        threads=facts.threads.get(story.id, ()),
    )


def _rank(day: StoryOfTheDay) -> tuple[bool, int, datetime, int]:
    says_nothing = not (day.is_new or day.updates)
    return says_nothing, -day.priority, told_at(day.first.article), day.story.id


# ── The lines above them ────────────────────────────────────────────────────────────────────────────────


def _numbers(sections: Sequence[Section]) -> Iterator[tuple[str, int]]:
    numbers = {section.name: len(section.entries) for section in sections}
    return ((name.lower(), numbers.get(name, 0)) for name in SECTIONS)


def _counts(sections: Sequence[Section], readers: Readers) -> str:
    """Return "4 stories: 1 corrected, 2 new, 0 developed, 1 also mentioned. 2 of them were sent on ..."."""
    numbers = tuple(_numbers(sections))
    parts = ", ".join(f"{number:,} {name}" for name, number in numbers)
    times = [entry.told_at for section in sections for entry in section.entries if entry.told_at]
    total = sum(number for _, number in numbers)
    return f"{counted(total, 'story')}: {parts}.{_sent(times, total, readers)}"


def _sent(times: Sequence[datetime], total: int, readers: Readers) -> str:
    if not times:
        return ""
    zone = readers.settings.timezone
    days = {local(at, zone).date() for at in times}
    on = f"on {weekday(times[0], zone)}" if len(days) == 1 else "at once"
    if total == 1:
        return f" It was sent {on}."
    return f" {len(times):,} of them {'was' if len(times) == 1 else 'were'} sent {on}."


def _found(sections: Sequence[Section]) -> str:
    """Return "1 corrected, 2 new, 1 also mentioned. Ellery 31 adds 2 details. "."""
    there = ", ".join(f"{number:,} {name}" for name, number in _numbers(sections) if number)
    updates = (update for section in sections for entry in section.entries for update in entry.updates)
    first = next(updates, None)
    adds = f"{first.heading.rpartition(', ')[0]}. " if first else ""
    return f"{there}. {adds}" if there else ""


def _covers(digest: Digest, settings: Settings) -> str:
    """Return the span, and whether the digest comes late."""
    readers = Readers(digest=digest, settings=settings)
    span = f"Covers {readers.time(digest.covers_from)} to {readers.time(digest.covers_to)}."
    if digest.covers_to - digest.due_at < LATE:
        return span
    due = readers.time(digest.due_at, beside=digest.covers_to)
    return f"{span} Late: it was due {f'at {due}' if due[0].isdigit() else due}."


def _chart(digest: Digest, facts: DigestFacts, settings: Settings) -> Chart | None:
    """Return the beat's last days, or None without a past to compare with.

    The days before the first story are left out: nobody knows whether Nightdesk was there.
    """
    days = tuple(dropwhile(lambda day: not day[1], facts.days))
    if len(days) < SHORTEST_CHART:
        return None
    zone = settings.timezone
    (began, _), (last, stories) = days[0], days[-1]
    past = [number for _, number in days[:-1]]
    usual = f", usually {round(sum(past) / len(past))}" if len(past) >= USUAL_AFTER else ""
    over = local(digest.covers_to, zone).date() > local(last, zone).date()
    first_day, last_day = local(began, zone).date(), local(last, zone).date()
    until = str(last_day.day) if first_day.month == last_day.month else month_day(last_day)
    numbers = ", ".join(str(number) for _, number in days)
    return Chart(
        days=tuple((local(start, zone).date(), number) for start, number in days),
        words=f"{stories} on {weekday(last, zone)}{'' if over else ' so far'}{usual}.",
        title=f"Stories a day, {month_day(first_day)} to {until}",
        spoken=f"Stories a day, {weekday_date(began, zone)} to {weekday_date(last, zone)}: {numbers}.",
    )
