"""What does a feed in XML say: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0?

One walk over a tree that a strict parser made; forty whole articles take a millisecond. Elements are known by
name and by namespace, whatever prefix a publisher gave them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from lxml import etree

from crawler.reading.entries import MOST_ENTRIES, Entry, Feed, absolute
from news.lessons import NO_WISHES, wishes_of
from news.timing import DAYS

XML = "{http://www.w3.org/XML/1998/namespace}"
ENTRIES = frozenset({"item", "entry"})
ROOTS = frozenset({"rss", "rdf", "feed", "channel"})

#: Namespaces whose elements mean something to us, and their prefix below. All others are passed over, but
#: those of RSS and Atom themselves (there are many misspelt ones), whose elements need no prefix.
PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.w3.org/2005/Atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
}
#: Nothing but a heading, notes and instructions before the first element: a DOCTYPE could only stand there.
_UNDECLARED = re.compile(rb"(?:\s*<(?:\?[^<>]*\?|!--[^<>]*--)>)*\s*<[A-Za-z_]")
#: Python's elements or lxml's, whose stubs do not know that a parser may bring nothing and that comments are
#: children.
Element = Any


class UnpackedMarkupError(Exception):
    """Markup stands in a text as elements: only lxml writes it down as it was."""


def read_well_formed(body: bytes, feed: Feed) -> tuple[Feed, list[Entry]] | None:
    """Return what a well-formed feed in UTF-8 says of itself, and its entries in order; None for any other.

    Python's own parser and elements first: of a feed of 160 KB they take two thirds of lxml's time.
    """
    root = _parse_quickly(body)
    if root is not None:
        try:
            return read_tree(root, feed)
        except UnpackedMarkupError:
            pass
    root = _parse(body)
    return None if root is None else read_tree(root, feed)


def _parse_quickly(body: bytes) -> Element:
    """Return the root of a feed that makes no declarations before it, or None."""
    if not _UNDECLARED.match(body):
        return None
    parser = ET.XMLParser(encoding="utf-8")  # noqa: S314 - what has a DOCTYPE never comes here
    try:
        root = ET.XML(body, parser)
    except ET.ParseError:
        return None
    return root if _local(root.tag) in ROOTS else None


def _parse(body: bytes) -> Element:
    """Return the root of a well-formed feed, or None."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root: Element
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    return root if _local(root.tag) in ROOTS else None


def parse_broken(text: str) -> Element:
    """Return the root of whatever can be made out of a broken feed, or None."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root: Element
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and _local(root.tag) in ROOTS else None


def read_tree(root: Element, feed: Feed) -> tuple[Feed, list[Entry]]:
    """Return what the feed says of itself, and its entries in order."""
    home = _namespace(root.tag)
    found = [element for element in root.iter() if _local(element.tag) in ENTRIES][:MOST_ENTRIES]
    head = next((child for child in root if _local(child.tag) == "channel"), root)
    feed = _feed(root, head, feed)
    return feed, [_entry(element, home or _namespace(element.tag)) for element in found]


@lru_cache(maxsize=1_000)
def _local(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


@lru_cache(maxsize=1_000)
def _namespace(tag: object) -> str:
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


@lru_cache(maxsize=4_000)
def _reader_of(tag: object, home: str) -> Callable[[Entry, Element, dict[str, str]], None] | None:
    """Return what reads an element of an entry; None for one to be passed over."""
    return READERS.get(_key(tag, home))


def _key(tag: object, home: str) -> str:
    """Return the name by which the table of readers knows an element; "" for one to be passed over."""
    local, namespace = _local(tag), _namespace(tag)
    if not namespace or namespace == home or "rss" in namespace.lower().split("/")[2:3]:
        return local
    if namespace in PREFIXES:
        return PREFIXES[namespace] + local
    looks_like_rss = "rss" in namespace.lower() and "modules" not in namespace and "media" not in namespace
    return (
        local
        if looks_like_rss and namespace.rstrip("/").endswith(("rss", "rss2", "0.9", "1.0", "2.0"))
        else ""
    )


def _feed(root: Element, head: Element, feed: Feed) -> Feed:
    base = root.get(f"{XML}base") or head.get(f"{XML}base") or ""
    language = root.get(f"{XML}lang")
    site = ""
    wishes: dict[str, Any] = {}
    for child in head:
        key = _local(child.tag)
        if key == "language" and child.text:
            language = language or child.text.strip()
        elif key == "link" and child.get("rel", "alternate") in {"alternate", "self"}:
            site = site or absolute((child.text or child.get("href") or "").strip(), feed.base)
        elif key in WISHES:
            wishes |= WISHES[key](child)
    stands_on = absolute(base, feed.base or site) or (feed.base if _local(root.tag) == "feed" else site)
    return Feed(
        source_id=feed.source_id,
        base=stands_on or site or feed.base,
        now=feed.now,
        language=language[:35] if language else None,
        wishes=wishes_of(wishes) if wishes else NO_WISHES,
    )


def _good_for(element: Element) -> dict[str, Any]:
    """Read `ttl`, which is in minutes."""
    minutes = (element.text or "").strip()
    return {"good_for": 60 * int(minutes)} if minutes.isascii() and minutes.isdigit() else {}


def _skipped_hours(element: Element) -> dict[str, Any]:
    """Read `skipHours`: hours of the day in UTC, from 0 to 24."""
    said = ((hour.text or "").strip() for hour in element[:99])
    return {"skip_hours": [int(hour) for hour in said if hour.isascii() and hour.isdigit()]}


def _skipped_days(element: Element) -> dict[str, Any]:
    """Read `skipDays`: days of the week in English."""
    said = ((day.text or "").strip().lower()[:3] for day in element[:99])
    return {"skip_days": [DAYS.index(day) for day in said if day in DAYS]}


#: What a channel asks of those who read it.
WISHES: dict[str, Callable[[Element], dict[str, Any]]] = {
    "ttl": _good_for,
    "skiphours": _skipped_hours,
    "skipdays": _skipped_days,
}


def _entry(element: Element, home: str) -> Entry:
    entry = Entry(base=element.get(f"{XML}base") or "", language=element.get(f"{XML}lang"))
    seen: dict[str, str] = {}
    for child in element:
        reader = _reader_of(child.tag, home)
        if reader is not None:
            reader(entry, child, seen)
    entry.link = (
        seen.get("original") or seen.get("link") or seen.get("alternate") or seen.get("any link") or ""
    )
    entry.published = seen.get("published") or ""
    entry.updated = seen.get("updated") or ""
    if not entry.link:
        entry.link = next((value for name, value in element.items() if _local(name) == "about"), "")
    return entry


def _text(element: Element) -> str:
    """Return what stands in an element; markup that was not packed up is packed up again.

    Raises:
        UnpackedMarkupError: such markup is there, and the tree is not lxml's.
    """
    if len(element) == 0:
        return element.text or ""
    if not etree.iselement(element):
        raise UnpackedMarkupError
    if element.get("type") == "xhtml" and len(element) == 1:
        element = element[0]
    inside = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + inside


def _title(entry: Entry, element: Element, _: dict[str, str]) -> None:
    entry.title = entry.title or _text(element)


def _link(_: Entry, element: Element, seen: dict[str, str]) -> None:
    href = element.get("href")
    if href is None:
        seen.setdefault("link", (element.text or "").strip())
        return
    rel = element.get("rel", "alternate")
    if rel == "alternate":
        kind = "link" if "html" in element.get("type", "text/html") else "any link"
        seen.setdefault(kind if _local(element.tag) == "link" else "alternate", href.strip())
    elif rel == "related":
        seen.setdefault("any link", href.strip())


def _side_link(_: Entry, element: Element, seen: dict[str, str]) -> None:
    """Read Atom's link inside RSS: it counts where RSS's own is missing."""
    if element.get("rel", "alternate") in {"alternate", "standout"} and element.get("href"):
        seen.setdefault("alternate", element.get("href").strip())


def _guid(entry: Entry, element: Element, _: dict[str, str]) -> None:
    entry.guid = entry.guid or (element.text or "").strip()
    entry.guid_is_link = (
        element.get("isPermaLink", "true").lower() != "false" and _local(element.tag) == "guid"
    )


def _summary(entry: Entry, element: Element, _: dict[str, str]) -> None:
    entry.summary = entry.summary or _text(element)


def _content(entry: Entry, element: Element, _: dict[str, str]) -> None:
    text = _text(element)
    if len(text) > len(entry.content):
        entry.content = text


def _author(entry: Entry, element: Element, _: dict[str, str]) -> None:
    if len(element) == 0:
        name = element.text or ""
    else:
        name = next((child.text or "" for child in element if _local(child.tag) == "name"), "")
    if name.strip():
        entry.authors = (*entry.authors, name)


def _outlet(entry: Entry, element: Element, _: dict[str, str]) -> None:
    if len(element) == 0:
        entry.outlet = element.text or ""
    else:
        entry.outlet = next((child.text or "" for child in element if _local(child.tag) == "title"), "")


def _remember(name: str) -> Callable[[Entry, Element, dict[str, str]], None]:
    def reader(_: Entry, element: Element, seen: dict[str, str]) -> None:
        text = (element.text or "").strip()
        if text:
            seen.setdefault(name, text)

    return reader


#: What to do with an element of an entry, by its name.
READERS: dict[str, Callable[[Entry, Element, dict[str, str]], None]] = {
    "title": _title,
    "atom:title": _title,
    "dc:title": _title,
    "itunes:title": _title,
    "link": _link,
    "atom:link": _side_link,
    "guid": _guid,
    "id": _guid,
    "description": _summary,
    "summary": _summary,
    "atom:summary": _summary,
    "dc:description": _summary,
    "itunes:summary": _summary,
    "content:encoded": _content,
    "content": _content,
    "atom:content": _content,
    "body": _content,
    "author": _author,
    "dc:creator": _author,
    "atom:author": _author,
    "source": _outlet,
    "feedburner:origlink": _remember("original"),
    "pubdate": _remember("published"),
    "published": _remember("published"),
    "issued": _remember("published"),
    "created": _remember("published"),
    "dc:date": _remember("published"),
    "dcterms:issued": _remember("published"),
    "dcterms:created": _remember("published"),
    "atom:published": _remember("published"),
    "updated": _remember("updated"),
    "modified": _remember("updated"),
    "atom:updated": _remember("updated"),
    "dcterms:modified": _remember("updated"),
}
