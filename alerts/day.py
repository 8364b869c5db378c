"""What does a day's message say, before any channel has dressed it?

The nouns of a digest, and the whole of it as plain text: the text part of the mail, and what a channel
without a layout of its own shows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.message import Bullets, Note, Paragraph, Part, Span
from news.telling import AlertKind
from news.wording import joined

SECTIONS = ("Corrected", "New", "Developed", "Also mentioned")
#: Columns of the plain text: what mail programs show without wrapping again.
WIDTH = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionWords:
    """What an outlet changed: "More exact, Channel 4 Ellery, 2:05 pm", before and after."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a later article added to the story."""

    heading: str
    headline: str
    url: str
    quotes: tuple[str, ...]
    shared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One story of the day."""

    headline: str
    url: str
    # Outlet, time, credit, grade, what matched: sentences.
    about: str
    # "Sent to #immigration-desk 12:02 pm", or "".
    told: str = ""
    corrections: tuple[CorrectionWords, ...] = ()
    # Words of the first article, as they stand there; "" for none.
    quote: str = ""
    updates: tuple[Update, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the day."""

    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Stories a day on the beat, oldest first; the last day is the one the digest covers."""

    # (local date, stories)
    days: tuple[tuple[datetime, int], ...]
    # "4 on Wednesday, usually 3."
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMessage:
    """A day in words. The channels' `Outgoing`; mail has a layout of its own for it."""

    kind: AlertKind = "digest"
    newsroom: str
    names: tuple[str, ...]
    recipient: str
    headline: str
    date: str
    covers: str
    counts: str
    sections: tuple[Section, ...]
    chart: Chart | None = None
    # The first sentence stands out; the others explain.
    sources: tuple[str, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return whose day it is: "Sanctuary cities and County jail"."""
        return joined(self.names)

    @property
    def subject(self) -> str:
        """Return the watchlists and the headline of the day."""
        return f"{self.title}: {self.headline}"

    @property
    def text(self) -> str:
        """Return all of it in plain words, wrapped for mail."""
        return "\n".join(_lines(self)) + "\n"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return it as a short document: the counts, then each section as a list."""
        head = Paragraph(lines=((Span(text=self.title, bold=True),), (Span(text=self.counts),)))
        body = [part for section in self.sections for part in _section_parts(section)]
        return (head, *body, Note(line=(Span(text=self.covers),)))


def _section_parts(section: Section) -> tuple[Part, ...]:
    points = tuple(
        ((Span(text=entry.headline, url=entry.url),), (Span(text=_with_told(entry)),))
        for entry in section.entries
    )
    return Paragraph(lines=((Span(text=section.name, bold=True),),)), Bullets(points=points)


def _with_told(entry: Entry) -> str:
    return f"{entry.about} {entry.told}".rstrip()


def _lines(day: DigestMessage) -> Iterator[str]:
    yield day.title.upper()
    yield from _wrapped(f"{day.date}. {day.covers}")
    yield ""
    yield from _wrapped(day.counts)
    if day.chart is not None:
        yield from _wrapped(day.chart.words)
    for section in day.sections:
        yield from _titled(section.name)
        for number, entry in enumerate(section.entries):
            if number:
                yield ""
            yield from _entry_lines(entry)
    if day.sources:
        yield from _titled("Sources")
        for line in day.sources:
            yield from _wrapped(line)


def _titled(name: str) -> tuple[str, ...]:
    return "", "", name.upper(), "=" * len(name), ""


def _entry_lines(entry: Entry) -> Iterator[str]:
    yield from _wrapped(entry.headline)
    yield from _wrapped(entry.about)
    if entry.told:
        yield entry.told
    yield entry.url
    for correction in entry.corrections:
        yield ""
        yield from _wrapped(correction.heading, "  ")
        yield from _wrapped(f"Was: {correction.before}", "  ")
        yield from _wrapped(f"Now: {correction.after}", "  ")
    yield from _quote(entry.quote)
    for update in entry.updates:
        yield ""
        yield from _wrapped(update.heading)
        yield from _wrapped(update.headline)
        yield update.url
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
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
