"""How does a rehearsal read: when, how, which story, and why?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from alerts.corrections import changes_of
from alerts.shares import same_text_outlets
from alerts.words import adds_words, cut, outlet_of
from config.settings import Settings
from news.nouns import Evidence
from news.timing import local
from news.wording import (
    GRADE_WORDS,
    MONTHS,
    PRIORITY_WORDS,
    clock_time,
    counted,
    joined,
    span,
    weekday,
    weekday_date,
)
from nightdesk.explaining_words import apart
from nightdesk.rehearsal_steps import Change, How, NearMiss, Rehearsal, Step

#: Stories caught, left out, nearly caught, and caught otherwise after an edit, that are shown without --all.
MOST_STORIES = 8
MOST_LEFT_OUT = 4
MOST_NEAR = 4
MOST_CHANGED = 12
#: Different pieces of evidence that are shown of one story.
MOST_EVIDENCE = 2

OFTEN = 0.05  # a day; less is no pace
LONGEST_LINE = 60  # characters of a watchlist's line

#: A line of the table: when, how, words.
Row = tuple[str, str, str]


def shown_steps(rehearsal: Rehearsal, *, every: bool) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return the steps that are shown, of the stories caught and of those left out: the latest ones."""
    caught = tuple(step for step in rehearsal.steps if step.how is not How.LEFT_OUT)
    left_out = tuple(step for step in rehearsal.steps if step.how is How.LEFT_OUT)
    if every:
        return caught, left_out
    latest = dict.fromkeys(step.story.id for step in reversed(caught))
    kept = set(list(latest)[:MOST_STORIES])
    return tuple(step for step in caught if step.story.id in kept), left_out[-MOST_LEFT_OUT:]


def head_lines(rehearsal: Rehearsal, settings: Settings) -> Iterator[str]:
    """Yield what was tried on what."""
    until, zone = rehearsal.until, settings.timezone
    length = span(until - rehearsal.since)
    yield (
        f"{rehearsal.watchlist.name} on the last {length}, to {weekday_date(until, zone)}, "
        f"{clock_time(until, zone)}."
    )
    yield "Nothing is sent."


def step_rows(steps: Sequence[Step], settings: Settings, *, now: datetime) -> Iterator[Row]:
    """Yield the rows of the stories caught; the day stands where it changes."""
    day = ""
    width = max((len(_day(step.at, settings, now)) for step in steps), default=0)
    for step in steps:
        here = _day(step.at, settings, now)
        time = clock_time(step.at, settings.timezone)
        yield f"{here if here != day else '':<{width}} {time:>8}", how_words(step, settings), _headline(step)
        day = here
        for words in _below(step):
            yield "", "", words


def _day(at: datetime, settings: Settings, now: datetime) -> str:
    if abs(now - at) < timedelta(days=7):
        return weekday(at, settings.timezone)[:3]
    here = local(at, settings.timezone)
    return f"{MONTHS[here.month - 1][:3]} {here.day}"


def how_words(step: Step, settings: Settings) -> str:
    """Return "at once", "at 6:00 am" when quiet hours hold it, "in the email"."""
    if step.how is How.LATER:
        return f"at {clock_time(step.due_at, settings.timezone)}"
    return step.how.value


def _headline(step: Step) -> str:
    if step.how is not How.IN_THREAD:
        return step.story.title
    changes = changes_of(step.article)
    if changes:
        return f"{outlet_of(step.article.article)} {changes[0].sentence}"
    return adds_words(step.article)


def _below(step: Step) -> Iterator[str]:
    if step.how is How.IN_THREAD or step.match is None:
        return
    copies = same_text_outlets(step.story)
    outlet = outlet_of(step.story.articles[0].article)
    same = f"; {copies} outlets, same text" if copies > 1 else ""
    yield f"{outlet}{same}; {match_words(step)}"
    words = joined(tuple(dict.fromkeys(_evidence(step)))[:MOST_EVIDENCE])
    if words:
        yield words


def match_words(step: Step) -> str:
    """Return "main topic, high priority"."""
    if step.match is None:
        return "no match"
    grade, priority = GRADE_WORDS[step.match.grade], PRIORITY_WORDS[step.match.priority]
    return f"{grade.lower()}, {priority.lower()}"


def _evidence(step: Step) -> Iterator[str]:
    for match in step.match.matches if step.match else ():
        for evidence in apart(match.evidence):
            yield f"“{' '.join(evidence.words.split())}” in {_place(evidence)}"


def _place(evidence: Evidence) -> str:
    return {"title": "the headline", "text": "the text", "url": "the address", "author": "the byline"}.get(
        evidence.field, "the source"
    )


def left_out_rows(steps: Sequence[Step], settings: Settings, *, now: datetime) -> Iterator[Row]:
    """Yield the rows of the stories that a line under `never:` left out."""
    for step in steps:
        yield _day(step.at, settings, now), How.LEFT_OUT.value, step.story.title
        why = f"; never: {step.never}" if step.never else ""
        yield "", "", f"{outlet_of(step.article.article)}{why}"


def near_miss_rows(misses: Sequence[NearMiss], settings: Settings, *, now: datetime) -> Iterator[Row]:
    """Yield the rows of the stories that have all words of a line, and not as it asks for them."""
    for miss in misses:
        yield _day(miss.at, settings, now), "nearly", miss.story.title
        yield "", "", f"{outlet_of(miss.article.article)}; its words, apart: {cut(miss.line, LONGEST_LINE)}"


def change_rows(
    change: Change, settings: Settings, *, now: datetime, most: int | None = None
) -> Iterator[Row]:
    """Yield the rows of the stories that an edit gains, loses, or has told another way."""
    for what, step, was in islice(change, most):
        yield _day(step.at, settings, now), what, step.story.title
        how = f"{was.value} → {step.how.value}" if was is not None else step.how.value
        words = next(_evidence(step), "")
        yield "", "", "; ".join(filter(None, (outlet_of(step.article.article), how, words)))


def total_lines(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield "2,913 articles, 19 stories, 6 alerts: about 0.9 alerts a day, 1 email a day."."""
    alerts = counted(rehearsal.alerts, "alert")
    if rehearsal.follow_ups:
        alerts += f" and {counted(rehearsal.follow_ups, 'follow-up')} in threads"
    often = {"stories": rehearsal.stories / rehearsal.days, "alerts": rehearsal.alerts / rehearsal.days}
    paces = [f"{number:.1f} {noun}" for noun, number in often.items() if number >= OFTEN]
    pace = [f"about {' and '.join(paces)} a day"] if paces else []
    if rehearsal.digests:
        pace.append(_digest_pace(rehearsal))
    articles, stories = counted(rehearsal.articles, "article"), counted(rehearsal.stories, "story")
    yield f"{articles}, {stories}, {alerts}{': ' if pace else ''}{', '.join(pace)}."
    if rehearsal.backlog:
        came = counted(rehearsal.backlog, "article")
        yield f"{came} came with the first check of a source: tried here, but never sent without --since."


def noise_lines(rehearsal: Rehearsal) -> Iterator[str]:
    """Yield "Noise: 4 of 19 stories only in passing (21 %); never: left out 3; 5 nearly caught."."""
    said: list[str] = []
    if rehearsal.passing:
        share = round(100 * rehearsal.passing / rehearsal.stories)
        of = counted(rehearsal.stories, "story")
        said.append(f"{rehearsal.passing:,} of {of} only in passing ({share} %)")
    if rehearsal.left_out:
        said.append(f"never: left out {rehearsal.left_out:,}")
    if rehearsal.near_misses:
        said.append(f"{counted(len(rehearsal.near_misses), 'story')} nearly caught")
    if said:
        yield f"Noise: {'; '.join(said)}."


def change_lines(change: Change, since_when: str) -> Iterator[str]:
    """Yield "Against the version of March 17 by ana: 2 stories gained, 1 lost, 1 told another way."."""
    if not any(change):
        yield f"Against {since_when}: the same stories, told the same way."
        return
    said = (
        (len(change.gained), "gained"),
        (len(change.lost), "lost"),
        (len(change.moved), "told another way"),
    )
    numbers = [f"{number:,} {what}" for number, what in said if number]
    stories = len(list(change))
    differ = "differs" if stories == 1 else "differ"
    yield f"Against {since_when}: {counted(stories, 'story')} {differ}: {', '.join(numbers)}."


def _digest_pace(rehearsal: Rehearsal) -> str:
    a_day = rehearsal.digests / rehearsal.days
    mails = any(rule.to.startswith("email:") for rule in rehearsal.watchlist.deliver if rule.send == "digest")
    noun = "email" if mails else "digest"
    if abs(a_day - round(a_day)) < 0.15 and round(a_day):  # noqa: PLR2004 - a span begins and ends at any hour
        return f"{counted(round(a_day), noun)} a day"
    return f"about {a_day:.1f} {noun}s a day"
