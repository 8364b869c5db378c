"""Which articles does a page list?

By the newsroom's rule: a selector of the links, or what their addresses look like. Without one the links are
guessed (`crawler/reading/guessing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from crawler.reading.entries import absolute
from crawler.reading.guessing import guess
from crawler.reading.links import clippings_of
from crawler.reading.trees import Element, selected, tree_of
from news.errors import ReadingError
from news.nouns import Clipping
from news.source_rules import ListRule


def read_list_bytes(
    body: bytes, rule: ListRule, *, url: str, content_type: str = "", now: datetime
) -> tuple[Clipping, ...]:
    """Return the articles that a page lists, in its order.

    Raises:
        ReadingError: these bytes are no page, or nothing on it is what the rule says.
    """
    tree = tree_of(body, content_type)
    links = list(ruled_links(tree, rule, url))
    if not links:
        raise ReadingError(_nothing(rule))
    return clippings_of(links, url=url, now=now, language=tree.get("lang"))


def _nothing(rule: ListRule) -> str:
    if rule.links:
        return f'has no link where its declaration says ("{rule.links}")'
    if rule.addresses:
        return f'has no link to an address such as its declaration says ("{rule.addresses}")'
    return "has no list of articles that can be told by itself; say where it is with list: links:"


def ruled_links(tree: Element, rule: ListRule, url: str) -> Iterator[Element]:
    """Yield the links that a rule means; without a rule, those that are probably meant."""
    if not rule.links and not rule.addresses:
        guessed = guess(tree, url)
        yield from guessed.links if guessed else ()
        return
    fits = _pattern(rule.addresses).search if rule.addresses else None
    places = selected(tree, rule.links) if rule.links else [tree]
    once: set[Element] = set()
    for place in places:
        for link in [place] if place.tag == "a" else place.iter("a"):
            address = absolute(link.get("href") or "", url)
            if link not in once and address and (fits is None or fits(address)):
                once.add(link)
                yield link


def _pattern(addresses: str) -> re.Pattern[str]:
    """Return what "/news/*" means: the path and query, or the whole address when it begins with http."""
    words = "[^\\s]*".join(re.escape(piece) for piece in addresses.split("*"))
    start = r"\A" if addresses.startswith(("http://", "https://")) else r"\Ahttps?://[^/]+"
    return re.compile(f"{start}{words}/?\\Z")
