"""What does an editor see of a watchlist's file, what was changed, and how does it get back into the file?

Three boxes of lines and a choice where it goes. What an editor changes is put into the file line by line, so
that its comments and everything that the boxes do not show stay. Two who change at once are brought
together line by line, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from config.edit import put_value, take_line
from config.main_file import desk_rules
from config.picking import scalars, under, words
from config.reading import read_text
from config.settings import Settings
from config.tree import Listing, Node
from config.watchlist_file import never_in
from news.nouns import Clause, DeliverRule, Watchlist
from nightdesk.watchlists import with_line

When = Literal["desk", "at once", "email", "own"]
Box = Literal["any", "all", "never"]
BOXES: tuple[Box, ...] = ("any", "all", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What stands in the boxes."""

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    # "desk": big stories at once, the rest by email; "own": as the file says, which no choice here says.
    when: When = "desk"

    def lines(self, box: Box) -> tuple[str, ...]:
        """Return the lines of a box."""
        found: tuple[str, ...] = getattr(self, box)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What was added to a box, and what was taken out of it."""

    box: Box
    added: tuple[str, ...]
    removed: tuple[str, ...]


def stamp_of(text: str) -> str:
    """Return what says that a file still is as it was when somebody began to change it."""
    return sha256(text.encode()).hexdigest()[:16]


def draft_of(text: str, settings: Settings) -> Draft:
    """Return what a watchlist's file says, as the boxes show it."""
    root = read_text("", text).root
    lists = {box: tuple(str(line.value) for line in scalars(_list(root, box))) for box in BOXES}
    return Draft(any=lists["any"], all=lists["all"], never=lists["never"], when=_when(root, settings))


def _list(root: Node | None, box: Box) -> Node | None:
    match = under(root, "match")
    if isinstance(match, Listing):
        return match if box == "any" else None
    return under(match, _name(root, box))


def _name(root: Node | None, box: Box) -> str:
    return never_in(root) if box == "never" else box


def _when(root: Node | None, settings: Settings) -> When:
    from config.tree import plain

    said = plain(under(root, "deliver")) if under(root, "deliver") is not None else "desk"
    if words(root, "deliver") == "desk":
        return "desk"
    choices: tuple[When, ...] = ("at once", "email")
    return next((each for each in choices if said == _deliver(each, settings)), "own")


def _deliver(when: When, settings: Settings) -> list[object]:
    """Return what `deliver:` says for a choice that is not the desk's."""
    if when == "at once":
        return [{"to": settings.desk_at_once or "console:", "send": "at once", "passing_mentions": True}]
    digest = {"to": settings.desk_digest or "console:", "send": "digest", "at": settings.desk_digest_at}
    return [digest]


def rules_for(when: When, watchlist: Watchlist, settings: Settings) -> tuple[DeliverRule, ...]:
    """Return who would hear of it, and when."""
    at_once, digest = desk_rules(settings)
    match when:
        case "desk":
            return at_once, digest
        case "at once":
            return (DeliverRule(to=settings.desk_at_once or "console:", passing_mentions=True),)
        case "email":
            return (digest,)
    return watchlist.deliver


def drafted(watchlist: Watchlist, draft: Draft, settings: Settings) -> Watchlist:
    """Return the watchlist that a draft would be."""
    wanted, needed = draft.any, draft.all
    if not wanted:  # all of these, and nothing else: the first says what it is about
        wanted, needed = needed[:1], needed[1:]
    return replace(
        watchlist,
        any=tuple(Clause(text=line) for line in wanted),
        all=tuple(Clause(text=line) for line in needed),
        never=tuple(Clause(text=line) for line in draft.never),
        deliver=rules_for(draft.when, watchlist, settings),
    )


# ── What differs ──────────────────────────────────────────────────────────────────────────────────────────


def differing(before: Draft, after: Draft) -> tuple[Difference, ...]:
    """Return what was added and taken out, box by box; boxes that stayed are left out."""
    found = (
        Difference(
            box=box,
            added=tuple(line for line in after.lines(box) if line not in before.lines(box)),
            removed=tuple(line for line in before.lines(box) if line not in after.lines(box)),
        )
        for box in BOXES
    )
    return tuple(each for each in found if each.added or each.removed)


def changes(before: Draft, after: Draft) -> int:
    """Return how many changes that is."""
    lines = sum(len(each.added) + len(each.removed) for each in differing(before, after))
    return lines + (before.when != after.when)


def together(base: Draft, mine: Draft, theirs: Draft) -> Draft:
    """Return what both made of a draft they began with: every line that one added or took out."""

    def merged(box: Box) -> tuple[str, ...]:
        added = tuple(line for line in mine.lines(box) if line not in base.lines(box))
        removed = {line for line in base.lines(box) if line not in mine.lines(box)}
        kept = [line for line in theirs.lines(box) if line not in removed]
        return tuple(dict.fromkeys((*kept, *added)))

    when = mine.when if mine.when != base.when else theirs.when
    return Draft(any=merged("any"), all=merged("all"), never=merged("never"), when=when)


# ── Into the file ─────────────────────────────────────────────────────────────────────────────────────────


def text_with(text: str, draft: Draft, settings: Settings) -> str:
    """Return a file's text that says what a draft says, and otherwise what it said.

    Raises:
        ConfigError: the file cannot be changed by itself.
    """
    before = draft_of(text, settings)
    for each in differing(before, draft):
        for line in each.added:
            text = with_line(text, ("match", each.box), line)
        for line in each.removed:
            root = read_text("", text).root
            short = isinstance(under(root, "match"), Listing)
            path = ("match",) if short else ("match", _name(root, each.box))
            text = take_line(text, path, line)
    if draft.when not in {before.when, "own"}:
        value = "desk" if draft.when == "desk" else _deliver(draft.when, settings)
        text = put_value(text, ("deliver",), value)
    return text


def cleaned(lines: Iterable[str]) -> tuple[str, ...]:
    """Return typed lines as they stand in a file: odd spaces gone, each once."""
    return tuple(dict.fromkeys(line for line in (" ".join(each.split()) for each in lines) if line))


def with_lines(draft: Draft, box: Box, lines: tuple[str, ...]) -> Draft:
    """Return a draft with other lines in one box."""
    match box:
        case "any":
            return replace(draft, any=lines)
        case "all":
            return replace(draft, all=lines)
    return replace(draft, never=lines)
