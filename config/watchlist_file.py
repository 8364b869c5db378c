"""What does a watchlist's file ask for?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import cast

from config.destinations import check_destination, normal
from config.explain import Problem
from config.hours import check_schedule
from config.picking import items, scalar, scalars, texts, truth, under, words
from config.queries import check_line
from config.tree import File, Listing, Node, Scalar, Table
from news.nouns import (
    Clause,
    DeliverRule,
    FollowUps,
    Priority,
    PriorityRules,
    SourceChoice,
    Watchlist,
)

VERSION_LENGTH = 12  # hexadecimal digits
LEVELS = ("urgent", "high", "low")  # priorities that have lines of their own
NEVER = ("never", "none")  # two spellings of one list; a file keeps the one that its writer chose


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistFile:
    """A watchlist, and the file it stands in."""

    watchlist: Watchlist
    file: File


def read_watchlist(file: File, *, desk: Sequence[DeliverRule], digest_at: str) -> WatchlistFile:
    """Return the watchlist of a file.

    `desk` is what `deliver: desk` means, `digest_at` when a digest goes out that does not say.
    """
    root, match = file.root, under(file.root, "match")
    wanted = _clauses(file, match if isinstance(match, Listing) else under(match, "any"))
    needed = _clauses(file, under(match, "all"))
    if not wanted:  # all of these, and nothing else: the first says what it is about
        wanted, needed = needed[:1], needed[1:]
    watchlist = Watchlist(
        id=words(root, "id") or PurePosixPath(file.path).stem,
        name=words(root, "name"),
        about=words(root, "about"),
        owner=words(root, "owner"),
        languages=texts(root, "languages"),
        any=wanted,
        all=needed,
        never=tuple(clause for name in NEVER for clause in _clauses(file, under(match, name))),
        priority=_priority(file, under(root, "priority")),
        sources=SourceChoice(
            groups=texts(root, "sources", "groups", default=("all",)),
            only=texts(root, "sources", "only"),
            besides=texts(root, "sources", "except"),
        ),
        deliver=_deliver(root, desk, digest_at),
        private=truth(root, "private", default=False),
        enabled=truth(root, "enabled", default=True),
        where=file.path,
    )
    return WatchlistFile(watchlist=replace(watchlist, version=_version(watchlist)), file=file)


def check_watchlist(
    file: File, *, has_desk: bool | None, declared: frozenset[str] | None
) -> Iterator[Problem]:
    """Yield what is wrong in one watchlist by itself.

    `has_desk` and `declared` say what nightdesk.yaml has; None when that cannot be known.
    """
    for line in lines_of(file):
        yield from check_line(file, line)
    yield from _nothing_wanted(file)
    deliver = under(file.root, "deliver")
    if isinstance(deliver, Scalar) and deliver.value == "desk":
        if has_desk is False:
            yield file.problem(
                deliver.place, "nightdesk.yaml has no desk", "desk: there, with at_once: and digest: under it"
            )
    elif isinstance(deliver, Scalar):
        yield from check_destination(file, deliver, declared)
    for rule in items(deliver):
        yield from _check_rule(file, rule, declared)
    yield from _kept_only(file)


def _nothing_wanted(file: File) -> Iterator[Problem]:
    """Yield a problem for a watchlist that only says what it does not want."""
    match = under(file.root, "match")
    if isinstance(match, Table) and "any" not in match.entries and not items(match, "all"):
        first = next((entry.key.place for entry in match.entries.values()), match.place)
        what = '"any" is missing under "match": nothing is looked for'
        yield file.problem(first, what, "any: and the lines to look for below it")


def never_in(root: Node | None) -> str:
    """Return what a watchlist's file calls the lines that leave a story out."""
    match = under(root, "match")
    written = [name for name in NEVER if under(match, name) is not None]
    return written[0] if written else NEVER[0]


def lines_of(file: File) -> Iterator[Scalar]:
    """Yield every line of words in a watchlist, in no particular order."""
    match, priority = under(file.root, "match"), under(file.root, "priority")
    lists = [under(match, name) for name in ("any", "all", *NEVER)]
    lists += [match if isinstance(match, Listing) else None]
    lists += [under(priority, level) for level in LEVELS]
    for one in lists:
        yield from scalars(one)


def _clauses(file: File, node: Node | None) -> tuple[Clause, ...]:
    return tuple(Clause(text=str(line.value), where=file.where(line.place)) for line in scalars(node))


def _priority(file: File, node: Node | None) -> PriorityRules:
    return PriorityRules(
        default=_level(words(node, "default"), Priority.NORMAL),
        urgent=_clauses(file, under(node, "urgent")),
        high=_clauses(file, under(node, "high")),
        low=_clauses(file, under(node, "low")),
    )


def _level(name: str, usual: Priority) -> Priority:
    return Priority.__members__.get(name.upper(), usual)


def _deliver(root: Node | None, desk: Sequence[DeliverRule], digest_at: str) -> tuple[DeliverRule, ...]:
    place = words(root, "deliver")
    if place == "desk":
        return tuple(desk)
    if place:
        return (DeliverRule(to=normal(place)),)
    return tuple(_rule(node, digest_at) for node in items(root, "deliver"))


def _rule(node: Node, digest_at: str) -> DeliverRule:
    digest = words(node, "send") == "digest"
    return DeliverRule(
        to=normal(words(node, "to")),
        send="digest" if digest else "at once",
        at=words(node, "at", default=digest_at) if digest else "",
        at_least=_level(words(node, "when").rpartition("=")[2].strip(), Priority.LOW),
        passing_mentions=truth(node, "passing_mentions", default=False),
        follow_ups=cast("FollowUps", words(node, "follow_ups", default="in thread")),
    )


def _version(watchlist: Watchlist) -> str:
    """Return what changes when, and only when, something changes that decides what matches."""
    decides = [watchlist.languages, asdict(watchlist.sources), int(watchlist.priority.default)]
    lists = [watchlist.any, watchlist.all, watchlist.never]
    lists += [getattr(watchlist.priority, level) for level in LEVELS]
    decides += [[clause.text for clause in clauses] for clauses in lists]
    return sha256(json.dumps(decides).encode()).hexdigest()[:VERSION_LENGTH]


def _check_rule(file: File, rule: Node, declared: frozenset[str] | None) -> Iterator[Problem]:
    to, at = scalar(rule, "to"), scalar(rule, "at")
    if to is not None:
        yield from check_destination(file, to, declared)
    if at is None:
        return
    yield from check_schedule(file, at)
    if words(rule, "send") != "digest":
        yield file.problem(
            at.place, "only a digest has a time of its own", "send: digest beside it, or no at:"
        )


def _kept_only(file: File) -> Iterator[Problem]:
    """Yield a warning for each setting that this version keeps and does not go by."""
    notes = [
        (
            under(file.root, "quiet_hours"),
            "the newsroom's quiet hours hold; this version has none for a watchlist",
        )
    ]
    notes += [
        (under(rule, "include"), "this version chooses by itself what a message says")
        for rule in items(file.root, "deliver")
    ]
    for node, what in notes:
        if node is not None:
            yield file.problem(node.place, what, "nothing here until then", severity="warning")
