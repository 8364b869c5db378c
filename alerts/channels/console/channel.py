"""The smallest channel there is: copy me.

It writes a message as plain lines on a stream, so that Nightdesk can be tried before anything is set up.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Literal, TextIO

from alerts.channels.contract import Envelope, Tools
from alerts.message import Bullets, Line, Note, Outgoing, Paragraph, Part
from config.settings import Settings
from news.errors import ChannelError
from news.telling import Receipt
from news.text import clean_line

WIDTH = 80  # columns; what every terminal shows


class Console:
    """Writes on the stream it is given."""

    can_look_up = False
    can_edit = False
    can_thread = False
    when_unknown: Literal["resend", "hold"] = "resend"

    def __init__(self, out: TextIO) -> None:
        """Keep the stream; it is never closed here."""
        self._out = out

    @classmethod
    def open(cls, settings: Settings, tools: Tools) -> Console:  # noqa: ARG003 - the contract's
        """Return the channel: a terminal is always set up."""
        return cls(tools.out)

    async def send(self, message: Outgoing, envelope: Envelope) -> Receipt:
        """Write the message and flush it."""
        try:
            self._out.write("\n".join(written(message)) + "\n\n")
            self._out.flush()
        except (OSError, ValueError) as error:  # a pipe whose reader has gone, a stream that was closed
            raise ChannelError("the terminal does not take the message") from error
        return Receipt(ts=envelope.key)

    async def find(self, envelope: Envelope) -> Receipt | None:  # noqa: ARG002 - the contract's
        """Return None. Never called, because `can_look_up` is False."""
        return None

    async def edit(self, message: Outgoing, envelope: Envelope) -> bool:  # noqa: ARG002 - the contract's
        """Return False: what stands on a terminal stays."""
        return False

    async def close(self) -> None:
        """Leave the stream open: it is not ours."""


def written(message: Outgoing) -> Iterator[str]:
    """Yield the lines of a message. No control character of a headline reaches the terminal."""
    for part in message.parts:
        yield from _lines(part)


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Paragraph(lines=lines, quote=quote):
            for line in lines:
                yield from _wrapped(line)
            yield from textwrap.wrap(
                clean_line(quote), WIDTH, initial_indent="  > ", subsequent_indent="  > "
            )
        case Bullets(points=points):
            for first, *others in points:
                yield from _wrapped(first, "- ")
                for line in others:
                    yield from _wrapped(line, "  ")
        case Note(line=line):
            yield from _wrapped(line, "  ", links=False)


def _wrapped(line: Line, indent: str = "", *, links: bool = True) -> Iterator[str]:
    """Yield a line within the width, and under it the addresses it links to, each whole."""
    words = clean_line("".join(span.text for span in line))
    below = " " * len(indent)
    yield from textwrap.wrap(words, WIDTH, initial_indent=indent, subsequent_indent=below)
    for address in dict.fromkeys(span.url for span in line if links and span.url):
        yield below + clean_line(address)
