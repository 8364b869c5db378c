"""What is left out when a day is too long for one mail?

First the quotations become shorter, then headlines stand alone, and last, on a day of a thousand stories, the
page ends before the day does: mail programs would cut it off anywhere. The mail says so each time, and its
plain text has everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from alerts.day import DigestMessage, Entry, Section
from alerts.words import LONGEST_HEADLINE, cut

SHORT_QUOTE = 160  # characters
SHORT_DETAIL = 110  # characters
LEADS_ON = "each headline leads to its article."
REMARKS = (
    f"A long day: quotations are shortened, and {LEADS_ON}",
    f"A long day: quotations are shortened, most are left out, and {LEADS_ON}",
    f"A very long day: quotations are left out, and {LEADS_ON}",
    f"A very long day: headlines only, and {LEADS_ON}",
)


def ever_shorter(day: DigestMessage) -> Iterator[DigestMessage]:
    """Yield the day whole, then with ever fewer words; at the end, with ever fewer headlines."""
    yield day
    shorter = day
    for shorten, remark in zip(STEPS, REMARKS, strict=True):
        shorter = replace(_each_entry(day, shorten), remark=remark)
        yield shorter
    total = shown = sum(len(section.entries) for section in day.sections)
    while shown > 1:
        shown = shown * 9 // 10
        remark = f"The first {shown:,} of {total:,} headlines; the plain text of this mail has all of them."
        yield replace(_first(shorter, shown), remark=remark)


def _first(day: DigestMessage, shown: int) -> DigestMessage:
    """Return a day with so many stories, in order."""
    sections: list[Section] = []
    for section in day.sections:
        kept = section.entries[: max(0, shown)]
        shown -= len(kept)
        sections += [replace(section, entries=kept)] if kept else []
    return replace(day, sections=tuple(sections))


def _each_entry(day: DigestMessage, shorten: Callable[[Entry], Entry]) -> DigestMessage:
    sections = tuple(
        replace(section, entries=tuple(shorten(entry) for entry in section.entries))
        for section in day.sections
    )
    return replace(day, sections=sections)


def _short_quotes(entry: Entry) -> Entry:
    updates = tuple(
        replace(update, quotes=tuple(cut(quote, SHORT_DETAIL) for quote in update.quotes[:1]))
        for update in entry.updates
    )
    return replace(entry, quote=cut(entry.quote, SHORT_QUOTE), updates=updates)


def _first_quote(entry: Entry) -> Entry:
    updates = tuple(replace(update, quotes=(), shared="") for update in entry.updates)
    return replace(entry, quote=cut(entry.quote, SHORT_QUOTE), updates=updates, differences=())


def _no_quotes(entry: Entry) -> Entry:
    return replace(_first_quote(entry), quote="")


def _headline_only(entry: Entry) -> Entry:
    """Keep the headline and where it leads to; of a correction, that there is one."""
    return replace(
        entry,
        headline=cut(entry.headline, LONGEST_HEADLINE),
        about="",
        told="",
        quote="",
        updates=(),
        corrections=tuple(replace(change, before="", after="") for change in entry.corrections),
        differences=(),
    )


STEPS = (_short_quotes, _first_quote, _no_quotes, _headline_only)
