"""Which lines does a watched page have, and which of them are its furniture?

A line is what stands in one block: a paragraph, an item of a list, a row of a table. Furniture is what a page
says of itself and of the hour: clocks, dates, counters, "5 people are reading this".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from crawler.reading.trees import Element, selected
from news.errors import ReadingError
from news.source_rules import WatchRule
from news.text import clean_line, normalize

HASH = 12  # hexadecimal digits of a line's key
MOST_LINES = 5_000
LONGEST = 5_000  # characters of a line
PLACE = 4  # elements that say where a line stands

_SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "svg",
        "select",
        "button",
        "input",
        "textarea",
        "form",
    }
)
_AROUND = frozenset({"nav", "footer", "header", "aside"})  # not read unless they are asked for
_BLOCK_TAGS = (
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer"
    " h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())

_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBERS = re.compile(
    r"\d[\d.,:/]*(?:st|nd|rd|th|am|pm|[km])?\b"
    r"|\b(?:an?|one|two)(?= (?:second|minute|hour|day)s? ago)"
)
#: Words that say nothing by themselves: of the calendar, of counting visits, of the weather in a corner.
_FURNITURE_WORDS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
    " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun"
    " am pm utc gmt est edt cst cdt mst mdt pst pdt et ct mt pt"
    " today now current currently time times date local ago second seconds minute minutes min mins"
    " hour hours hr hrs day days week weeks"
    " as of at on the is it in an by are this that have has been were was since so far to and"
    " last page updated update modified reviewed changed generated refreshed loaded"
    " visitor visitors visits view views viewed hits reads read readers reader people person users user"
    " online reading watching comment comments share shares like likes total count"
    " follower followers subscriber subscribers copyright all rights reserved"
    " degrees mph humidity wind temperature weather sunny cloudy clear partly mostly rain snow fog"
)
_FURNITURE = frozenset(_FURNITURE_WORDS.split())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page."""

    text: str
    # What it is known by, whatever its spaces and quotation marks.
    key: str
    # Where it stands: the elements around it, without their numbers.
    place: str
    # What it looks like with other numbers in it, at its place.
    shape: str


def lines_of(tree: Element, rule: WatchRule) -> list[Line]:
    """Return the lines of the watched part.

    Raises:
        ReadingError: the page has no such part.
    """
    parts = selected(tree, rule.part) if rule.part else _middle(tree)
    if not parts:
        what = f'has no part such as its declaration says ("{rule.part}")'
        raise ReadingError(what)
    left_out = {each for selector in rule.without for each in selected(tree, selector)}
    found: list[Line] = []
    for part in parts:
        around = frozenset() if rule.part else _AROUND
        for text, element in _texts(part, left_out, _SKIPPED | around):
            line = clean_line(text)[:LONGEST]
            if line:
                found.append(_line(line, element))
    return found[:MOST_LINES]


def _middle(tree: Element) -> list[Element]:
    """Return what stands between a page's head and foot."""
    for tag in ("main", "article", "body"):
        found = list(tree.iter(tag))
        if len(found) == 1:
            return found
    return [tree]


def _texts(
    element: Element, left_out: set[Element], skipped: frozenset[str]
) -> Iterator[tuple[str, Element]]:
    """Yield the text of each block; what is between two blocks is a block of its own."""
    gathered: list[str] = []
    for step, node in _walk(element, left_out, skipped):
        if step == "text":
            gathered.append(node)
        elif any(piece.strip() for piece in gathered):
            yield " ".join("".join(gathered).split()), node
            gathered = []
        else:
            gathered = []


def _walk(element: Element, left_out: set[Element], skipped: frozenset[str]) -> Iterator[tuple[str, Element]]:
    """Yield texts as they stand, and a border ("block", element) where a block begins or ends."""
    waiting: list[tuple[str, Element]] = [("open", element)]
    while waiting:
        step, node = waiting.pop()
        if step == "text":
            yield step, node
        elif step == "close":
            yield "block", node
        elif isinstance(node.tag, str) and node.tag not in skipped and node not in left_out:
            in_a_row = next(node.iterancestors("tr"), None) is not None
            block = node.tag in _BLOCKS and not in_a_row
            inner: list[tuple[str, Element]] = [("text", node.text or "")]
            for child in node:
                inner += [("open", child), ("text", child.tail or "")]
            if block:
                yield "block", node
                inner.append(("close", node))
            elif node.tag in _BLOCKS or node.tag == "br":
                inner.append(("text", " "))
            waiting += reversed(inner)


def _line(text: str, element: Element) -> Line:
    place = _hashed(" ".join(_path(element)))
    plain = " ".join(normalize(text).lower().split())
    return Line(text, _hashed(plain), place, _hashed(f"{place} {_NUMBERS.sub('#', plain)}"))


def _path(element: Element) -> Iterator[str]:
    yield str(element.tag)
    for number, above in enumerate(element.iterancestors()):
        if number < PLACE:
            yield f"{above.tag}.{above.get('class') or ''}#{above.get('id') or ''}"


def _hashed(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:HASH]


def is_furniture(text: str) -> bool:
    """Return whether a line says nothing but the hour, a count, or that the page was made anew."""
    words = _WORD.findall(_NUMBERS.sub(" ", normalize(text).lower()))
    return all(word in _FURNITURE for word in words)
