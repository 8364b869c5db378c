"""Which sources does a file declare?

A page that only names feeds is kept, switched off, and counted: `check` says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from config.explain import Problem
from config.hours import check_pause
from config.picking import items, scalar, scalars, span, texts, truth, words
from config.source_rules import check_rule, rule_of
from config.tree import File, Node, Scalar
from news.nouns import Excerpt, FullText, Priority, Source

#: What is not read itself: a page that names feeds, for `sources add`.
NOT_READ = frozenset({"discover"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A source, and where it stands."""

    source: Source
    file: File
    node: Node
    # Switched on by the newsroom, but nothing that can be read itself.
    not_yet: bool


def read_sources(file: File, every: Mapping[Priority, timedelta]) -> list[Declared]:
    """Return the sources that a file declares; `every` is how often each priority is asked."""
    return [_declared(file, node, every) for node in items(file.root, "sources")]


def check_sources(declared: Sequence[Declared]) -> Iterator[Problem]:
    """Yield what is wrong in each source by itself."""
    for one in declared:
        for address in (scalar(one.node, "url"), *scalars(one.node, "backup")):
            yield from _check_address(one.file, address)
        yield from check_rule(one.file, one.node)
        yield from check_pause(one.file, scalar(one.node, "every"))


def counted(declared: Sequence[Declared]) -> str:
    """Return "58 sources on, 6 off", and how many only name feeds."""
    on = sum(one.source.enabled for one in declared)
    later = sum(one.not_yet for one in declared)
    off = len(declared) - on - later
    parts = [f"{on} source{'' if on == 1 else 's'} on"]
    parts += [f"{off} off"] if off else []
    parts += [f"{later} not read yet"] if later else []
    return ", ".join(parts)


def _declared(file: File, node: Node, every: Mapping[Priority, timedelta]) -> Declared:
    reads = words(node, "as", default="feed")
    wanted = truth(node, "enabled", default=True)
    priority = Priority.__members__.get(words(node, "priority").upper(), Priority.NORMAL)
    source = Source(
        id=words(node, "id"),
        name=words(node, "name"),
        url=words(node, "url"),
        reads=reads,
        rule=rule_of(node, reads),
        kind=words(node, "kind", default="news"),
        group=words(node, "group"),
        priority=priority,
        language=words(node, "language") or None,
        full_text=cast("FullText", words(node, "full_text", default="always")),
        excerpt=cast("Excerpt", words(node, "excerpt", default="two_sentences")),
        backup=texts(node, "backup"),
        every=span(words(node, "every"), every.get(priority, every[Priority.NORMAL])),
        own_pace=bool(words(node, "every")),
        enabled=wanted and reads not in NOT_READ,
        browser=truth(node, "browser", default=False),
        evidence=words(node, "evidence"),
        note=words(node, "note"),
    )
    return Declared(source=source, file=file, node=node, not_yet=wanted and reads in NOT_READ)


def _check_address(file: File, address: Scalar | None) -> Iterator[Problem]:
    """Yield why an address is none. Accounts in addresses are refused: they would be in every log."""
    if address is None:
        return
    text = str(address.value)
    try:
        parts = urlsplit(text)
        fine = bool(parts.hostname) and parts.port != 0 and not any(letter.isspace() for letter in text)
    except ValueError:  # the port is no number, a bracket is not closed
        fine = False
        parts = None
    if not fine:
        yield file.problem(
            address.place, "this is not a web address", "https://, the outlet's host, and the path"
        )
    elif parts is not None and parts.username is not None:
        what = "a name and a password stand in this address"
        yield file.problem(address.place, what, "the address without them")
