"""What is at this address: a feed, a sitemap, an answer for programs, or a page that leads to one of them?"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from crawler.reading import json_feeds, parcel
from crawler.reading.entries import absolute, plain_line
from crawler.reading.feeds import read_feed_bytes
from crawler.reading.guessing import guess
from crawler.reading.links import clippings_of
from crawler.reading.page_facts import read_facts
from crawler.reading.sitemaps import read_sitemap_bytes
from crawler.reading.trees import Element, tree_of
from crawler.reading.walls import is_empty
from news.errors import ReadingError

DEEPEST = 200  # values of an answer that are looked into
MOST_FEEDS = 20  # that a page names
FEED_KINDS = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
#: Feeds of comments are named beside the feed of articles.
_COMMENTS = ("comments", "kommentar", "comentarios", "commentaires")


def see(body: bytes, *, url: str, content_type: str, now: datetime) -> dict[str, Any]:
    """Return what some bytes are, and where they lead.

    "is" says feed, sitemap, answer, page or nothing.
    """
    for name, look in (("feed", _as_feed), ("sitemap", _as_sitemap), ("answer", _as_answer)):
        seen = look(body, url, content_type, now)
        if seen is not None:
            return {"is": name} | seen
    try:
        tree = tree_of(body, content_type)
    except ReadingError:
        return {"is": "nothing"}
    return {"is": "page"} | _page(tree, url, now)


def _as_feed(body: bytes, url: str, content_type: str, now: datetime) -> dict[str, Any] | None:
    try:
        found = read_feed_bytes(body, url=url, content_type=content_type, now=now)
    except ReadingError:
        return None
    is_html = b"<html" in body[:2048].lower()
    if not found and is_html:
        return None
    return {
        "entries": len(found),
        "title": _feed_title(body),
        "language": next((c.language for c in found), None),
    }


def _feed_title(body: bytes) -> str:
    from crawler.reading.mending import decode, mended, undressed
    from crawler.reading.xml_feeds import parse_broken

    text = decode(body, content_type="")
    found = json_feeds.parse(text) if text.lstrip("\ufeff \t\r\n")[:1] == "{" else None
    if found is not None:
        return plain_line(str(found.get("title") or ""))
    root = parse_broken(mended(undressed(text)))
    if root is None:
        return ""
    titles = (
        each for each in root.iter() if isinstance(each.tag, str) and each.tag.rpartition("}")[2] == "title"
    )
    return next((plain_line("".join(title.itertext())) for title in titles), "")


def _as_sitemap(body: bytes, url: str, content_type: str, now: datetime) -> dict[str, Any] | None:  # noqa: ARG001 - as its neighbors
    try:
        found = read_sitemap_bytes(body, url=url, now=now)
    except ReadingError:
        return None
    return {"entries": len(found.clippings), "maps": len(found.maps), "title": "", "language": None}


def _as_answer(body: bytes, url: str, content_type: str, now: datetime) -> dict[str, Any] | None:  # noqa: ARG001 - as its neighbors
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    rule = guess_fields(found)
    return {"title": "", "language": None, "rule": rule} if rule else None


#: What programs call these fields, the likeliest first.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name", "subject", "label"),
    "link": ("url", "link", "href", "permalink", "html_url", "web_url", "canonical_url", "uri"),
    "published": (
        "published",
        "published_at",
        "date_published",
        "publication_date",
        "date",
        "created",
        "created_at",
    ),
    "text": ("body", "content", "text", "description", "summary", "abstract"),
}


def guess_fields(found: object) -> dict[str, str] | None:
    """Return where in an answer the entries probably stand: the fields of a `JsonRule`."""
    waiting: list[tuple[str, object]] = [("", found)]
    for _ in range(DEEPEST):
        if not waiting:
            break
        path, value = waiting.pop(0)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            names = {str(name).lower(): str(name) for name in value[0]}
            said = {field: _named(names, wanted) for field, wanted in _NAMES.items()}
            if said["title"] and said["link"]:
                return {"items": path} | {field: name for field, name in said.items() if name}
        if isinstance(value, dict):
            waiting += [
                (f"{path}.{name}".lstrip("."), inner) for name, inner in value.items() if "." not in name
            ]
    return None


def _named(names: dict[str, str], wanted: tuple[str, ...]) -> str:
    return next((names[name] for name in wanted if name in names), "")


def _page(tree: Element, url: str, now: datetime) -> dict[str, Any]:
    facts = read_facts(tree, url=url, now=now)
    titles = (plain_line("".join(each.itertext())) for each in tree.iter("title"))
    guessed = guess(tree, url)
    listed = clippings_of(guessed.links, url=url, now=now, language=facts.language or None) if guessed else ()
    return {
        "title": facts.outlet or next(titles, "") or facts.title,
        "language": facts.language or None,
        "empty": is_empty(tree),
        "feeds": _feeds(tree, url),
        "list": {"links": guessed.selector, "rows": list(map(parcel.row_of, listed))} if guessed else None,
    }


def _feeds(tree: Element, url: str) -> list[str]:
    """Return the feeds that a page names in its head, those of comments last."""
    found: dict[str, bool] = {}
    for link in tree.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        address = absolute(link.get("href") or "", url)
        if "alternate" in rel and kind in FEED_KINDS and address and not link.get("hreflang"):
            named = f"{link.get('title') or ''} {address}".lower()
            found.setdefault(address, any(word in named for word in _COMMENTS))
    for link in tree.iter("a"):
        address = absolute(link.get("href") or "", url)
        if address.lower().rstrip("/").endswith((".rss", "/rss", "/feed", "rss.xml", "feed.xml", "atom.xml")):
            found.setdefault(address, True)
    return sorted(found, key=lambda address: found[address])[:MOST_FEEDS]
