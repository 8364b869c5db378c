"""How does a Slack message read in a terminal?

For `preview` and the demo: the words of the blocks, laid out as lines.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

#: A mrkdwn link, `<address|words>` or `<address>`; the words are what a reader sees.
_LINK = re.compile(r"<([^|>]+)\|?([^>]*)>")
WIDTH = 78

Block = Mapping[str, Any]


def block_lines(blocks: Iterable[Block], *, indent: str = "") -> Iterator[str]:
    """Yield the message's words, line by line; a quotation is set off with a bar."""
    for block in blocks:
        if block["type"] == "rich_text":
            for element in block["elements"]:
                yield from _element_lines(element, indent)
        elif block["type"] == "context":
            words = " ".join(_small_print(element) for element in block["elements"])
            yield from _wrapped(words, f"{indent}· ", f"{indent}  ")


def _element_lines(element: Block, indent: str) -> Iterator[str]:
    if element["type"] == "rich_text_list":
        for point in element["elements"]:
            yield from _wrapped(_words(point["elements"]), f"{indent}• ", f"{indent}  ")
        return
    bar = "│ " if element["type"] == "rich_text_quote" else ""
    yield from _wrapped(_words(element["elements"]), f"{indent}{bar}", f"{indent}{bar}")


def _words(elements: Sequence[Block]) -> str:
    return "".join(str(each.get("text") or each.get("url") or each.get("user_id", "")) for each in elements)


def _small_print(element: Block) -> str:
    words = _LINK.sub(lambda link: link[2] or link[1], str(element.get("text", "")))
    return unescape(words.replace("*", ""))


def _wrapped(words: str, first: str, rest: str) -> Iterator[str]:
    for number, line in enumerate(words.split("\n")):
        yield from textwrap.wrap(
            line,
            WIDTH,
            initial_indent=rest if number else first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
