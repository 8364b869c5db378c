"""How does a message read in a mail program that shows plain text?

A digest has a text of its own; every other message is laid out here part by part.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from alerts.day import WIDTH, DigestMessage
from alerts.message import Bullets, Line, Note, Outgoing, Paragraph, Part
from news.text import clean_line


def plain_text(message: Outgoing) -> str:
    """Return the words of a message, wrapped for mail."""
    if isinstance(message, DigestMessage):
        return message.text
    shown: set[str] = set()
    blocks = ("\n".join(_lines(part, shown)) for part in message.parts)
    return "\n\n".join(block for block in blocks if block) + "\n"


def wrapped(words: str, first: str = "", rest: str | None = None) -> list[str]:
    """Return clean lines: what a headline hides in itself does not reach a reader."""
    return textwrap.wrap(
        clean_line(words),
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _lines(part: Part, shown: set[str]) -> Iterator[str]:
    match part:
        case Paragraph(lines=lines, quote=quote):
            for line in lines:
                yield from _line(line, shown)
            if lines and quote:
                yield ""
            yield from wrapped(quote, "> ")
        case Bullets(points=points):
            for first, *others in points:
                yield from _line(first, shown, "- ", "  ")
                for line in others:
                    yield from _line(line, shown, "  ", "  ")
        case Note(line=line):
            yield from _line(line, shown)


def _line(line: Line, shown: set[str], first: str = "", rest: str = "") -> Iterator[str]:
    """Yield a line, and under it the addresses that it leads to: each whole, and once in a mail."""
    yield from wrapped("".join(span.text for span in line), first, rest)
    for address in dict.fromkeys(span.url for span in line if span.url not in shown | {""}):
        shown.add(address)
        yield rest + clean_line(address)
