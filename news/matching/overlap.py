"""Do two watchlists say the same? By their lines, and by the stories that they caught.

Two people set up what they need, and everybody reads every story twice. Lines are compared by what they say,
not by how they are typed; stories by which of them both watchlists have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Literal

from news.errors import QueryError
from news.matching.lexing import Piece, pieces
from news.nouns import Clause, Watchlist

SHARE = 0.9  # of the smaller one
SLACK = 1e-9  # a tenth of ten stories is one, whatever the machine makes of 0.9
FEWEST_LINES = 10  # below that, nine of ten is all of them
FEWEST_STORIES = 5  # below that, chance decides
MOST_WITH_A_LINE = 50  # watchlists; a line that more of them have says nothing of any two
MOST_PAIRS = 100_000  # of watchlists that are held against each other by their stories; about a second

How = Literal["same", "within", "mostly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two watchlists that say nearly the same."""

    # The one that adds little, and the one that has it all.
    one: Watchlist
    other: Watchlist
    # same: each catches what the other does; within: all of the one's; mostly: nearly all of it, or all but
    # what stands under the other's never.
    how: How
    # Of the one's lines (or stories), how many the other has too.
    common: int
    of: int


def by_lines(watchlists: Sequence[Watchlist]) -> Iterator[Overlap]:
    """Yield the watchlists whose lines another has too; lines that cannot be read are left out."""
    on = [watchlist for watchlist in watchlists if watchlist.enabled]
    lines = [_lines(watchlist.any) for watchlist in on]
    where: dict[Hashable, list[int]] = defaultdict(list)
    for number, said in enumerate(lines):
        for line in said:
            where[line].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in where.values():
        if len(numbers) <= MOST_WITH_A_LINE:
            shared.update(combinations(numbers, 2))
    for (left, right), common in sorted(shared.items()):
        small, large = sorted((left, right), key=lambda number: len(lines[number]))
        found = _compared(on[small], on[large], common, of=len(lines[small]), and_of=len(lines[large]))
        if found is not None:
            yield found


def by_stories(
    watchlists: Sequence[Watchlist], stories: Mapping[str, AbstractSet[int]], *, most: int = MOST_PAIRS
) -> Iterator[Overlap]:
    """Yield the watchlists of which nearly all stories are on another too; `most` pairs are looked at."""
    on = [each for each in watchlists if each.enabled and len(stories.get(each.id, ())) >= FEWEST_STORIES]
    on.sort(key=lambda each: len(stories[each.id]))  # stays in order where two have as many
    for small, large in islice(_that_may_overlap([stories[each.id] for each in on]), most):
        mine, theirs = stories[on[small].id], stories[on[large].id]
        common = len(mine & theirs)
        if common >= SHARE * len(mine):
            how: How = "mostly" if common < len(mine) else "same" if len(mine) == len(theirs) else "within"
            yield Overlap(one=on[small], other=on[large], how=how, common=common, of=len(mine))


def _that_may_overlap(sets: Sequence[AbstractSet[int]]) -> Iterator[tuple[int, int]]:
    """Yield which of these sets, the smallest first, may share so much with which larger one.

    One that has nine of my ten has one of any two of mine: the two that fewest watchlists have are asked.
    """
    where: dict[int, list[int]] = defaultdict(list)
    for number, stories in enumerate(sets):
        for story in stories:
            where[story].append(number)
    for number, stories in enumerate(sets):
        may_miss = int(len(stories) * (1 - SHARE) + SLACK)
        rarest = sorted(stories, key=lambda story: (len(where[story]), story))[: may_miss + 1]
        others = {other for story in rarest for other in where[story] if other > number}
        yield from ((number, other) for other in sorted(others))


def _lines(clauses: Sequence[Clause]) -> frozenset[Hashable]:
    """Return what the lines say: spaces, and capitals that do not matter, put aside."""
    found: set[Hashable] = set()
    for clause in clauses:
        try:
            found.add(
                tuple(
                    (piece.kind, piece.text if piece.case else piece.text.casefold(), *_signs(piece))
                    for piece in pieces(clause.text)
                )
            )
        except QueryError:
            continue  # `check` tells of it by itself
    return frozenset(found)


def _signs(piece: Piece) -> tuple[Hashable, ...]:
    return piece.number, piece.exact, piece.case, piece.prefix


def _compared(small: Watchlist, large: Watchlist, common: int, *, of: int, and_of: int) -> Overlap | None:
    if common == of and _narrower(small, large):
        same = of == and_of and _narrower(large, small)
        return Overlap(one=small, other=large, how="same" if same else "within", common=common, of=of)
    if common == of == and_of and _narrower(large, small):
        return Overlap(one=large, other=small, how="within", common=common, of=of)
    if (common == of or (of >= FEWEST_LINES and common >= SHARE * of)) and _lets_in(small, large):
        return Overlap(one=small, other=large, how="mostly", common=common, of=of)
    return None


def _narrower(one: Watchlist, other: Watchlist) -> bool:
    """Say whether what surrounds the lines lets nothing through for one that it keeps from the other."""
    return _lets_in(one, other) and _lines(other.never) <= _lines(one.never)


def _lets_in(one: Watchlist, other: Watchlist) -> bool:
    """Say the same, lines under never left aside: they take out a few stories, not the subject."""
    return (
        _lines(other.all) <= _lines(one.all)
        and (not other.languages or set(one.languages or ("",)) <= set(other.languages))
        and (one.sources == other.sources or _looks_everywhere(other))
    )


def _looks_everywhere(watchlist: Watchlist) -> bool:
    choice = watchlist.sources
    return not choice.only and not choice.besides and (not choice.groups or "all" in choice.groups)
