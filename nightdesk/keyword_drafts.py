"""What does an editor see of a watchlist's file, what was changed, and how does it get back into the file?

Three boxes of lines and a choice where it goes. What an editor changes is put into the file line by line, so
that its comments and everything that the boxes do not show stay. Two who change at once are brought
together line by line, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import Literal

from config.edit import put_value, take_line
from config.main_file import desk_rules
from config.picking import scalars, under
from config.reading import read_text
from config.settings import Settings
from config.tree import Listing, Node, plain
from config.watchlist_file import never_in
from news.nouns import Clause, DeliverRule, Watchlist
from nightdesk.keyword_places import THE_DESKS, Places, When, chosen, deliver_of, rules_of, to_people
from nightdesk.watchlists import with_line

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
    places: Places = THE_DESKS

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
    when, places = chosen(plain(under(root, "deliver")), settings)
    return Draft(any=lists["any"], all=lists["all"], never=lists["never"], when=when, places=places)


def _list(root: Node | None, box: Box) -> Node | None:
    match = under(root, "match")
    if isinstance(match, Listing):
        return match if box == "any" else None
    return under(match, _name(root, box))


def _name(root: Node | None, box: Box) -> str:
    return never_in(root) if box == "never" else box


def rules_for(draft: Draft, watchlist: Watchlist, settings: Settings) -> tuple[DeliverRule, ...]:
    """Return who would hear of it, and when."""
    if draft.when == "own":
        return watchlist.deliver
    if draft.when == "desk" and draft.places == THE_DESKS:
        return desk_rules(settings)
    return to_people(rules_of(draft.when, draft.places, settings), settings)


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
        deliver=rules_for(draft, watchlist, settings),
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
    names = [each.name for each in fields(Places)]
    moved = [name for name in names if getattr(before.places, name) != getattr(after.places, name)]
    return lines + len(moved) + (before.when != after.when)


def together(base: Draft, mine: Draft, theirs: Draft) -> Draft:
    """Return what both made of a draft they began with: every line that one added or took out."""

    def merged(box: Box) -> tuple[str, ...]:
        added = tuple(line for line in mine.lines(box) if line not in base.lines(box))
        removed = {line for line in base.lines(box) if line not in mine.lines(box)}
        kept = [line for line in theirs.lines(box) if line not in removed]
        return tuple(dict.fromkeys((*kept, *added)))

    def own(name: str) -> str:
        was, is_mine, is_theirs = (str(getattr(each.places, name)) for each in (base, mine, theirs))
        return is_mine if is_mine != was else is_theirs

    return Draft(
        any=merged("any"),
        all=merged("all"),
        never=merged("never"),
        when=mine.when if mine.when != base.when else theirs.when,
        places=Places(**{each.name: own(each.name) for each in fields(Places)}),
    )


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
    if draft.when != "own" and (draft.when, draft.places) != (before.when, before.places):
        is_desk = draft.when == "desk" and draft.places == THE_DESKS
        value = "desk" if is_desk else deliver_of(draft.when, draft.places, settings)
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
