"""Which words stand in this article?

trafilatura in its fast mode finds the text (F1 .96 at 13 ms a page on the public benchmark, better than every
other library tried, and better than the text that pages carry in JSON-LD); everything else is what the page
says of itself.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.reading.page import Page
from crawler.reading.page_facts import Facts, read_facts
from crawler.reading.trees import tree_of
from crawler.reading.walls import FEW_WORDS, wall_of
from news.text import clean_line, clean_text, normalize

if TYPE_CHECKING:
    from lxml import html

LONGEST_TEXT = 400_000  # characters; the longest article in 37,000 has 210,000
APART = 5  # times as many words in the page's paragraphs as were found, or the other way round: look again
SHORTEST_PARAGRAPH = 4  # words
TOP_LINES = 6  # in which the headline may stand again
LABEL_WORDS = 12  # a byline, a date or a credit line has no more

_WORD = re.compile(r"\w+")
_DATELINE = re.compile(
    r"(?:(?:published|posted|updated|last updated)\b.*|[A-Z][a-z]+\.? \d{1,2}, \d{4}\b.*|\d{1,2}:\d\d\b.*)",
    re.IGNORECASE,
)
_BODY_TEXT = (
    ".//p[not(ancestor::aside or ancestor::nav or ancestor::footer or ancestor::header or ancestor::form)]"
)


def read_page_bytes(body: bytes, *, url: str = "", content_type: str = "", now: datetime) -> Page:
    """Return what the page says, and of itself.

    Raises:
        ReadingError: these bytes are no page.
    """
    tree = tree_of(body, content_type)
    facts = read_facts(tree, url=url, now=now)
    text = _text(tree, lambda: tree_of(body, content_type), url, facts)
    short = not facts.free or len(text.split()) <= FEW_WORDS
    # Finding the text takes the tree apart; only a page with little text is looked at again.
    wall = wall_of(tree_of(body, content_type), text, url=url, free=facts.free) if short else ""
    return Page(
        title=clean_line(facts.title),
        text=text,
        wall=wall,
        authors=tuple(dict.fromkeys(map(clean_line, facts.authors)))[:20],
        credit=clean_line(facts.credit),
        published=facts.published,
        updated=facts.updated,
        canonical=facts.canonical or None,
        language=facts.language or None,
        outlet=clean_line(facts.outlet)[:200],
        free=facts.free,
    )


def _text(tree: html.HtmlElement, again: Callable[[], html.HtmlElement], url: str, facts: Facts) -> str:
    """Return the article's words. `again` gives the page's tree anew: finding the text takes it apart."""
    paragraphs = _paragraphs(tree)
    lines = _found(tree, url, fast=True)
    found, there = _words_in(lines), _words_in(paragraphs)
    if found * APART < there or there * APART < found:
        # One page in ten: the careful mode looks at it in two more ways, and costs half as much again.
        lines = _found(again(), url, fast=False)
    if len(lines) == 1 and len(paragraphs) > 1 and sum(line in lines[0] for line in paragraphs) > 1:
        lines = (
            paragraphs  # of a very short article trafilatura makes one line, with all that stands around it
        )
    return "\n".join(_story_only(lines, facts))[:LONGEST_TEXT]


def _found(tree: html.HtmlElement, url: str, *, fast: bool) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its part that fetches, which is never used, misses a proxy library
        import trafilatura

    found = trafilatura.bare_extraction(
        tree, url=url or None, fast=fast, include_comments=False, include_tables=True, with_metadata=False
    )
    return clean_text(getattr(found, "text", None) or "").split("\n")


def _words_in(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _paragraphs(tree: html.HtmlElement) -> list[str]:
    """Return what stands in paragraphs of the page's article, without what stands beside it."""
    for path in ("//*[@itemprop='articleBody']", "//article", "//main", "//body"):
        for place in tree.xpath(path)[:1]:
            lines = (clean_line("".join(element.itertext())) for element in place.xpath(_BODY_TEXT))
            found = [line for line in lines if len(line.split()) >= SHORTEST_PARAGRAPH]
            if found:
                return found
    return []


def _story_only(lines: list[str], facts: Facts) -> list[str]:
    """Return the lines without headline, section and byline on top and the credit line at the end.

    They are kept elsewhere; here they would be taken for the opening of the story.
    """
    title = _bare(facts.title)
    top = [_bare(line) for line in lines[:TOP_LINES]]
    if title and title in top:
        at = top.index(title)
        # What stands above the headline is a label; a whole sentence there is the story's first.
        lines = [*(line for line in lines[:at] if not _is_short(line)), *lines[at + 1 :]]
    while len(lines) > 1 and _is_label(lines[0], facts):
        lines = lines[1:]
    if (
        len(lines) > 1
        and facts.credit
        and _bare(lines[-1]).endswith(_bare(facts.credit))
        and _is_short(lines[-1])
    ):
        lines = lines[:-1]
    return lines


def _is_label(line: str, facts: Facts) -> bool:
    """Whether a line on top is a byline or a date, not the story's first words."""
    bare = _bare(line)
    names = [_bare(name) for name in (*facts.authors, facts.credit, facts.outlet) if name]
    return _is_short(line) and (bare.removeprefix("by ") in names or _DATELINE.fullmatch(line) is not None)


def _is_short(line: str) -> bool:
    return len(line.split()) <= LABEL_WORDS


def _bare(line: str) -> str:
    return " ".join(_WORD.findall(normalize(line).lower()))
