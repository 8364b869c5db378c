"""How does a declaration say its source is to be read, and does it say it well?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from config.explain import Problem, nearest
from config.picking import number, scalar, scalars, texts, under, words
from config.tree import File, Node, Scalar, Table
from news.source_rules import JsonRule, ListRule, Rule, SpiderRule, WatchRule

if TYPE_CHECKING:
    from config.explain import Place

SPIDERS = Path(__file__).resolve().parent.parent / "crawler" / "spiders"

#: Under which name a declaration tells how its source is read.
PLACES: Mapping[str, str] = {"page-list": "list", "page-watch": "watch", "json": "json", "spider": "spider"}
NEEDED: Mapping[str, str] = {
    "json": "json: {title: its path, link: its path}",
    "spider": "spider: the name of a file in crawler/spiders/",
}

#: What Legistar, the council software, answers for /v1/CLIENT/events.
LEGISTAR = JsonRule(
    title="{EventBodyName}, {EventDate|day} {EventTime}",
    link="EventInSiteURL",
    published="EventLastModifiedUtc",
    text="{EventBodyName} meets on {EventDate|day} at {EventTime}, {EventLocation}. {EventComment}",
)


def rule_of(node: Node, reads: str) -> Rule | None:
    """Return what a declaration says of how its source is read."""
    if reads == "page-list":
        return ListRule(links=words(node, "list", "links"), addresses=words(node, "list", "addresses"))
    if reads == "page-watch":
        return WatchRule(part=words(node, "watch", "part"), without=texts(node, "watch", "without"))
    if reads == "spider":
        return SpiderRule(spider=words(node, "spider"))
    if reads == "legistar":
        return LEGISTAR
    return _json_rule(node) if reads == "json" else None


def _json_rule(node: Node) -> JsonRule:
    names = ("items", "title", "link", "published", "text", "next")
    said = {name: words(node, "json", name) for name in names}
    return JsonRule(**said, pages=number(node, "json", "pages", default=1))


def plain_rule(rule: Rule | None) -> dict[str, object]:
    """Return a rule as it is written in a file, under its name; what is as usual is left out."""
    if isinstance(rule, SpiderRule):
        return {"spider": rule.spider}
    if rule is None or rule == LEGISTAR:
        return {}
    usual = type(rule)()
    names = [name for name in type(rule).__dataclass_fields__ if getattr(rule, name) != getattr(usual, name)]
    said = {name: getattr(rule, name) for name in names}
    written = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    place = next(PLACES[reads] for kind, reads in _KINDS if isinstance(rule, kind))
    return {place: written} if written else {}


_KINDS: tuple[tuple[type[Rule], str], ...] = (
    (ListRule, "page-list"),
    (WatchRule, "page-watch"),
    (JsonRule, "json"),
)


def check_rule(file: File, node: Node) -> Iterator[Problem]:
    """Yield what is wrong with how a source is said to be read."""
    reads = words(node, "as", default="feed")
    mine = PLACES.get(reads)
    for name in PLACES.values():
        if name != mine and isinstance(node, Table) and name in node:
            meant = next(way for way, place in PLACES.items() if place == name)
            what = f'"{name}" says nothing for a source that is read as {reads}'
            yield file.problem(node.entries[name].key.place, what, f"as: {meant}, or leave it out")
    if reads in NEEDED and mine is not None and under(node, mine) is None:
        yield file.problem(_place(node), f"how this source is read is missing (as: {reads})", NEEDED[reads])
    selectors = (scalar(node, "list", "links"), scalar(node, "watch", "part"))
    for selector in (*selectors, *scalars(node, "watch", "without")):
        yield from _check_selector(file, selector)
    yield from _check_spider(file, scalar(node, "spider") if reads == "spider" else None)


def _place(node: Node) -> Place:
    entry = node.entries.get("as") if isinstance(node, Table) else None
    return entry.node.place if entry is not None else node.place


def _check_selector(file: File, selector: Scalar | None) -> Iterator[Problem]:
    if selector is None:
        return
    from cssselect import HTMLTranslator, SelectorError

    try:
        HTMLTranslator().css_to_xpath(str(selector.value))
    except SelectorError as error:
        what = f"this is no CSS selector: {str(error).rstrip('.')}"
        yield file.problem(selector.place, what, "one such as main h2 a, or #notices")


def _check_spider(file: File, name: Scalar | None) -> Iterator[Problem]:
    if name is None or (SPIDERS / f"{name.value}.py").is_file():
        return
    known = sorted(path.stem for path in SPIDERS.glob("[!_]*.py") if path.stem != "article")
    what = f'there is no spider "{name.value}" in crawler/spiders/'
    yield file.problem(name.place, what, nearest(str(name.value), known) or "one of: " + ", ".join(known))
