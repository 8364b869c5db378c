"""How do paragraphs stand beside their labels, within the width of a terminal?"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nightdesk.cli.printing import WIDTH

if TYPE_CHECKING:
    from nightdesk.paragraph import Paragraph

#: Where the lines begin, beside the labels.
COLUMN = 17


def beside(paragraph: Paragraph) -> Iterator[str]:
    """Yield a paragraph's lines beside its label; a label that is too long has a line of its own."""
    label = paragraph.label
    if len(label) >= COLUMN:
        yield label
        label = ""
    for line in paragraph.lines:
        deeper = " " * (len(line) - len(line.lstrip()) + (2 if line.startswith("> ") else 0))
        yield from textwrap.wrap(
            line,
            WIDTH,
            initial_indent=f"{label:<{COLUMN}}",
            subsequent_indent=f"{'':<{COLUMN}}{deeper}",
            break_long_words=False,
            break_on_hyphens=False,
        )
        label = ""


def wrapped(words: str) -> Iterator[str]:
    """Yield a sentence within the width; an address is never broken."""
    yield from textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False)
