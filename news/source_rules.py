"""What may a declaration say of how its source is to be read?

A feed needs nothing: it says itself where its entries begin. A page, a program's answer and a spider need a
few words from the newsroom, and each way of reading has its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRule:
    """Which links of a page are its news? With neither, they are guessed."""

    # A CSS selector of the links, or of what stands around them: "main h2 a", "ul.releases li".
    links: str = ""
    # What the addresses look like, * for anything: "/news/*", "https://ledger.test/20*".
    addresses: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRule:
    """Which part of a page is watched? Without a part: all of it but navigation and footer."""

    # A CSS selector: "#notices".
    part: str = ""
    # CSS selectors of what does not count: a counter, a box of promotions.
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonRule:
    """Where do the entries stand in a program's answer (JSON)?

    Every field is a path of names with dots between ("data.items"), or words with paths in braces:
    "https://council.test/meeting/{id}", "{body} on {date}".
    """

    # Path of the list; "" when the answer is the list.
    items: str = ""
    title: str = ""
    link: str = ""
    published: str = ""
    text: str = ""
    # Path of the address of the next page, or "" when there is one page only.
    next: str = ""
    # Pages read at most.
    pages: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SpiderRule:
    """Which spider reads it?"""

    # Its name: crawler/spiders/NAME.py.
    spider: str


Rule = ListRule | WatchRule | JsonRule | SpiderRule
