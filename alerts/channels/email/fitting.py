"""What is left out when a day is too long for one mail?

Never a story. First the quotations become shorter, then headlines stand alone; the mail says so, and its
plain text still has everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from alerts.day import DigestMessage, Entry
from alerts.words import cut

SHORT_QUOTE = 160  # characters
SHORT_DETAIL = 110  # characters
LEADS_ON = "each headline leads to its article."
CUT_OFF = "If your mail program cuts this mail off, ask it to show the whole message."
REMARKS = (
    f"A long day: quotations are shortened, and {LEADS_ON}",
    f"A long day: quotations are shortened, most are left out, and {LEADS_ON}",
    f"A very long day: quotations are left out, and {LEADS_ON}",
    f"A very long day: headlines only, and {LEADS_ON}",
    f"A very long day: headlines only, and {LEADS_ON} {CUT_OFF}",
)


def ever_shorter(day: DigestMessage) -> Iterator[DigestMessage]:
    """Yield the day whole, then with ever fewer words; all its stories are in each."""
    yield day
    for shorten, remark in zip(STEPS, REMARKS, strict=True):
        yield replace(_each_entry(day, shorten), remark=remark)


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
    corrections = tuple(replace(change, before="", after="") for change in entry.corrections)
    return replace(entry, about="", told="", quote="", updates=(), corrections=corrections, differences=())


STEPS = (_short_quotes, _first_quote, _no_quotes, _headline_only, _headline_only)
