"""Where on this page is its list of articles, if nobody says?

Links to articles look alike: they hang in the same branches of the page, carry words as long as a headline,
lead within the same site, and have a date beside them or in their address. Those of navigation do not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit

from crawler.reading.entries import absolute
from crawler.reading.links import MOST_LINKS, day_in, headline_of, item_of
from crawler.reading.trees import Element, line_of, selected

FEWEST = 3  # links that make a list
SHORTEST = 4  # words of a headline
LONGEST = 45
BRANCH = 4  # elements above a link that say where it hangs
DATED, HEADED = 1.0, 0.5  # what a date and a heading add to a link's weight of 1
OUTSIDE = frozenset({"nav", "footer", "aside", "form"})

_OUTSIDE = re.compile(
    r"\b(?:nav|menu|footer|breadcrumb|sidebar|related|share|social|cookie|pagination)", re.IGNORECASE
)
_MADE_BY_A_PROGRAM = re.compile(r"\d|_{2,}|^[a-z]{1,2}$|^(?:active|first|last|odd|even|current|clearfix)$")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{1,40}\Z")
_NUMBER = re.compile(r"\d{4,}|\d+[/-]\d+")


@dataclass(frozen=True, slots=True)
class Guess:
    """The links that are probably a page's articles, and how to say so."""

    # A CSS selector that finds them again.
    selector: str
    links: tuple[Element, ...]


def guess(tree: Element, url: str) -> Guess | None:
    """Return where the list of articles probably is; None when there is nothing like one."""
    branches: dict[tuple[str, ...], list[tuple[Element, float]]] = defaultdict(list)
    for link, weight in _candidates(tree, url):
        branches[_branch(link)].append((link, weight))
    lists = [
        branch for branch in branches.items() if len({link.get("href") for link, _ in branch[1]}) >= FEWEST
    ]
    if not lists:
        return None
    best, links = max(lists, key=lambda branch: _worth(branch[1]))
    selector = _selector(best)
    found = [link for link in selected(tree, selector) if link.tag == "a"]
    return Guess(selector, tuple(found or [link for link, _ in links]))


def _candidates(tree: Element, url: str) -> Iterator[tuple[Element, float]]:
    site = _site(url)
    for _, link in zip(range(MOST_LINKS), tree.iter("a"), strict=False):
        address = absolute(link.get("href") or "", url)
        if not address or _site(address) != site or urlsplit(address).path in {"", "/", urlsplit(url).path}:
            continue
        item = item_of(link)
        words = len(headline_of(link, item).split())
        if SHORTEST <= words <= LONGEST and not _is_outside(link):
            yield link, 1 + DATED * _is_dated(item, address) + HEADED * _is_headed(link, item)


def _site(address: str) -> str:
    return (urlsplit(address).netloc or "").lower().removeprefix("www.")


def _is_outside(link: Element) -> bool:
    around = [each for each in link.iterancestors() if isinstance(each.tag, str)]
    names = (
        f"{each.get('class') or ''} {each.get('id') or ''}"
        for each in around
        if each.tag not in {"body", "html"}
    )
    return any(each.tag in OUTSIDE for each in around) or any(_OUTSIDE.search(name) for name in names)


def _is_dated(item: Element, address: str) -> bool:
    return bool(
        day_in(address) or _NUMBER.search(urlsplit(address).path) or next(item.iter("time"), None) is not None
    )


def _is_headed(link: Element, item: Element) -> bool:
    tags = {each.tag for each in link.iterancestors("h1", "h2", "h3", "h4")} | {
        each.tag for each in item.iter("h2", "h3")
    }
    return bool(tags)


def _branch(link: Element) -> tuple[str, ...]:
    """Return where a link hangs: the elements above it, the outermost first."""
    around = [
        each
        for each in link.iterancestors()
        if isinstance(each.tag, str) and each.tag not in {"body", "html"}
    ]
    return tuple(_named(each) for each in [*reversed(around[:BRANCH]), link])


def _named(element: Element) -> str:
    """Return an element's tag with its first class that a person gave it."""
    classes = (element.get("class") or "").split()
    good = [name for name in classes if _NAME.match(name) and not _MADE_BY_A_PROGRAM.search(name)]
    return f"{element.tag}.{good[0]}" if good else str(element.tag)


def _worth(links: Sequence[tuple[Element, float]]) -> float:
    """Return how much a branch looks like a list: what each link is worth, and how long its words are."""
    weights = {link.get("href"): weight for link, weight in links}
    words = median(len(line_of(link).split()) for link, _ in links)
    return sum(weights.values()) * min(max(words, 1), 8)


def _selector(branch: tuple[str, ...]) -> str:
    """Return a selector as short as it may be: what has no class of its own says little at its beginning."""
    steps = list(branch)
    while len(steps) > 2 and "." not in steps[0] and any("." in step for step in steps[1:-1]):  # noqa: PLR2004
        del steps[0]
    return " ".join(steps)
