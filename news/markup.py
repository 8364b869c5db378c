"""What does a scrap of HTML say, as plain text?

For feed summaries and titles: short, often broken, never to be trusted. Whole pages are read elsewhere, by
a real parser. Each character is looked at a bounded number of times, and nothing raises.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<(?:(!--)|([a-zA-Z][a-zA-Z0-9]*)|/([a-zA-Z][a-zA-Z0-9]*)|[!?/])")
_BLOCK_NAMES = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre section "
    "select summary table tbody tfoot thead title tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset(("td", "th"))
_SILENT = ("script", "style", "template", "noscript", "iframe", "svg", "math", "textarea")
# html.unescape turns the digits into a number, and Python refuses to do that for thousands of them.
_ENDLESS = re.compile(r"&#(?:[xX][0-9a-fA-F]{9,}|[0-9]{9,});?")
_LONGEST_TAG = 4000  # characters in which the quote that hides a ">" must close


def text_of(markup: str) -> str:
    """Return the words of some HTML with a newline where a block begins or ends, entities read, tags gone."""
    pieces: list[str] = []
    done = 0
    while (tag := _TAG.search(markup, done)) is not None:
        pieces.append(_unescaped(markup[done : tag.start()]))
        end = _end_of(markup, tag)
        if end < 0:  # a cut: browsers show nothing of it either
            return "".join(pieces)
        name = (tag[2] or tag[3] or "").lower()
        pieces.append("\n" if name in _BLOCKS else " " if name in _CELLS else "")
        done = _past_silence(markup, name, end) if tag[2] and name in _SILENT else end
    pieces.append(_unescaped(markup[done:]))
    return "".join(pieces)


def _unescaped(text: str) -> str:
    return html.unescape(_ENDLESS.sub("\ufffd", text)) if "&" in text else text


def _end_of(markup: str, tag: re.Match[str]) -> int:
    """Find where a tag or comment ends; -1 when it never does."""
    if tag[1]:
        end = markup.find("-->", tag.start() + 2)  # "<!-->" is a whole comment
        return end + 3 if end >= 0 else -1
    end = markup.find(">", tag.end())
    if end < 0:
        return -1
    inside = markup[tag.end() : end]
    for quote in ('="', "='"):
        opened = inside.rfind(quote)
        if opened >= 0 and inside.find(quote[1], opened + 2) < 0:
            return _past_quote(markup, quote[1], end)
    return end + 1


def _past_quote(markup: str, quote: str, end: int) -> int:
    """Find the end of a tag whose attribute holds a ">"; fall back on the first one."""
    closed = markup.find(quote, end, end + _LONGEST_TAG)
    later = markup.find(">", closed, closed + _LONGEST_TAG) if closed >= 0 else -1
    return (later if later >= 0 else end) + 1


def _past_silence(markup: str, name: str, start: int) -> int:
    """Skip what is never read aloud: scripts, styles and the like, to their end tag or the end."""
    closing = re.compile(rf"</{name}", re.IGNORECASE).search(markup, start)
    if closing is None:
        return len(markup)
    return markup.find(">", closing.end()) + 1 or len(markup)
