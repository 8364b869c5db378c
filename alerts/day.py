"""What does a day's message say, before any channel has dressed it?

The nouns of a digest, and the whole of it as plain text: the text part of the mail, and what a channel
without a layout of its own shows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from alerts.message import Bullets, Line, Note, Paragraph, Part, Span
from news.telling import AlertKind
from news.text import clean_line
from news.wording import joined

SECTIONS = ("Corrected", "New", "Developed", "Also mentioned")
WIDTH = 72  # columns of the plain text: what mail programs show without wrapping again
NAMED_IN_SUBJECT = 2  # watchlists; the headline needs the rest of the line


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionWords:
    """What an outlet changed: "More exact, Channel 4 Ellery, 2:05 pm", before and after."""

    heading: str
    # In quotation marks; "" for words that are not there, or may not be quoted.
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a later article added to the story."""

    heading: str
    headline: str
    url: str
    quotes: tuple[str, ...] = ()
    # Which of its sentences stand elsewhere too: a sentence, or "".
    shared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two outlets that do not say the same: "More exact", and a line for each side."""

    label: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One story of the day."""

    headline: str
    url: str
    # Outlet, time, credit, grade, what matched: sentences.
    about: str
    # "Sent to #immigration-desk 12:02 pm", or "".
    told: str = ""
    told_at: datetime | None = None
    corrections: tuple[CorrectionWords, ...] = ()
    # Words of the first article, as they stand there; "" for none.
    quote: str = ""
    updates: tuple[Update, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the day."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Stories a day on the beat, oldest first; the last day is the one the digest covers."""

    # (local date, stories)
    days: tuple[tuple[date, int], ...]
    # "4 on Wednesday, usually 3."
    words: str
    # "Stories a day, March 5 to 18"
    title: str
    # The same for those who hear the page: "Stories a day, Thursday March 5 to ...: 2, 3, 1."
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMessage:
    """A day in words. The channels' `Outgoing`; mail has a layout of its own for it."""

    kind: AlertKind = "digest"
    newsroom: str
    # The watchlists, as the newsroom wrote them.
    names: tuple[str, ...]
    # Whether one of them is for named people only.
    private: bool = False
    # "daily email"
    rhythm: str
    headline: str
    date: str
    covers: str
    # How many stories, by section, and how many of them were told before: sentences.
    counts: str
    # One line for the list of mails: what there is, without what there is not.
    preview: str
    sections: tuple[Section, ...]
    chart: Chart | None = None
    # The first sentence stands out; the others explain.
    sources: tuple[str, ...] = ()
    # What a layout says of itself when it had to leave words out.
    remark: str = ""
    # Known to this digest alone; says nothing to others.
    token: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    @property
    def title(self) -> str:
        """Return whose day it is: "Sanctuary cities and County jail"."""
        return joined(self.names)

    @property
    def subject(self) -> str:
        """Return the watchlists and the headline of the day."""
        named, more = self.names[:NAMED_IN_SUBJECT], len(self.names) - NAMED_IN_SUBJECT
        return f"{joined((*named, f'{more} more') if more > 0 else named)}: {self.headline}"

    @property
    def text(self) -> str:
        """Return all of it in plain words, wrapped for mail."""
        return _text_of(replace(self, token="", facts={}))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return it as a short document: the counts, then each section as a list."""
        opening = self.counts if self.chart is None else f"{self.counts} {self.chart.words}"
        head = Paragraph(lines=((Span(text=self.title, bold=True),), (Span(text=opening),)))
        body = [part for section in self.sections for part in _section_parts(section)]
        sources = (Note(line=(Span(text=" ".join(self.sources)),)),) if self.sources else ()
        return (head, *body, *sources, Note(line=(Span(text=f"{self.date}. {self.covers}"),)))


@lru_cache(maxsize=4)  # at 6:30 the same day goes to many readers
def _text_of(day: DigestMessage) -> str:
    return "\n".join(_lines(day)) + "\n"


def _section_parts(section: Section) -> tuple[Part, ...]:
    points = tuple(tuple(_point(entry)) for entry in section.entries)
    return Paragraph(lines=((Span(text=section.name, bold=True),),)), Bullets(points=points)


def _point(entry: Entry) -> Iterator[Line]:
    yield (Span(text=entry.headline, url=entry.url),)
    yield (Span(text=f"{entry.about} {entry.told}".rstrip()),)
    for change in entry.corrections:
        words = [f"was {change.before}"] if change.before else []
        words += [f"now {change.after}"] if change.after else []
        yield (Span(text=f"{change.heading}: {', '.join(words)}" if words else change.heading),)
    for update in entry.updates:
        yield (Span(text=f"{update.heading}: "), Span(text=update.headline, url=update.url))
    for each in entry.differences:
        yield (Span(text=f"{each.label}: {'; '.join(each.sides)}"),)


def _lines(day: DigestMessage) -> Iterator[str]:
    yield clean_line(day.title).upper()
    yield from _wrapped(f"{day.date}. {day.covers}")
    yield ""
    yield from _wrapped(day.counts if day.chart is None else f"{day.counts} {day.chart.words}")
    for section in day.sections:
        yield from _titled(section.name)
        for number, entry in enumerate(section.entries):
            if number:
                yield ""
            yield from _entry_lines(entry)
    if day.sources and day.sections:
        yield from _titled("Sources")
    elif day.sources:
        yield ""
    for line in day.sources:
        yield from _wrapped(line)


def _titled(name: str) -> tuple[str, ...]:
    return "", "", name.upper(), "=" * len(name), ""


def _entry_lines(entry: Entry) -> Iterator[str]:
    yield from _wrapped(entry.headline)
    yield from _wrapped(entry.about)
    yield from _wrapped(entry.told)
    yield from _wrapped(entry.url)
    for correction in entry.corrections:
        yield ""
        yield from _wrapped(correction.heading, "  ")
        yield from _wrapped(f"Was: {correction.before}" if correction.before else "", "  ")
        yield from _wrapped(f"Now: {correction.after}" if correction.after else "", "  ")
    yield from _quote(entry.quote)
    for update in entry.updates:
        yield from _update_lines(update)
    for each in entry.differences:
        yield ""
        yield from _wrapped(f"{each.label}:", "  ")
        for side in each.sides:
            yield from _wrapped(side, "  ")


def _update_lines(update: Update) -> Iterator[str]:
    yield ""
    yield from _wrapped(update.heading)
    yield from _wrapped(update.headline)
    yield from _wrapped(update.url)
    for quote in update.quotes:
        yield from _quote(quote)
    if update.shared:
        yield ""
        yield from _wrapped(update.shared)


def _quote(words: str) -> Iterator[str]:
    if words:
        yield ""
        yield from _wrapped(words, "> ")


def _wrapped(words: str, indent: str = "") -> list[str]:
    """Return clean lines: what a headline hides in itself does not reach a reader."""
    return textwrap.wrap(
        clean_line(words),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
