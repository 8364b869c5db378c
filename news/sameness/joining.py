"""Is this article's story that one?

What two articles agree in and what they share word for word are added up; a story is as near as the mean
over the members that stand nearest. A copy of most of a text joins whatever stands above it. What does not
join: a follow-up with news of its own on top that only recycles another's text further down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from news.sameness.copying import NOTHING, Copying
from news.sameness.fingerprint import Fingerprint
from news.sameness.likeness import Agreement
from news.sameness.shelf import Filed

FEW_RUNS = 8  # shared runs; fewer are a phrase, not a passage
CONTAINED, UNQUOTED = 0.05, 0.02  # shares of the shorter article that make a passage (to .10 measured alike)
MOST, MOST_UNQUOTED = 0.6, 0.3  # of the shorter article: the same text
FAR_DOWN = 0.6  # of the article in hand; shared text that begins there may be background
SAME_OPENING = 0.3  # agreement of headline or lead that tells a trimmed copy from a follow-up
LATER = 0.5  # days; two outlets that cut one text in two ways on one day follow up nothing
COPIED = 0.3  # what a text copied whole counts beside agreement (0 to .5 measured alike)
# What agreement with an article of the same outlet counts: its second article of a day is about something
# else more often than another outlet's (.5 to .8 measured alike).
OWN_OUTLET = 0.6
NEAR = 0.195  # the nearness that makes one story; one threshold for all sets (.18 to .2 measured alike)
# Where several stories stand near at once, the words of the saga are in all of them and weigh little, so that
# even articles of one story agree less: there less is enough (a fifth to two fifths measured alike).
LENIENCE = 0.3  # by how much of what the next stories agree above the usual
USUAL = 0.065  # what articles that are about other things agree (.05 to .08 measured alike)
NEXT = 3  # stories that stand nearest after the one that is judged (1 to 6 measured alike)
BEST = 5  # members that are asked: all of a small story, the nearest of a large one


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How the article in hand stands to one that is filed."""

    filed: Filed
    copying: Copying
    # Agreement and copy added up.
    nearness: float
    # Agreement of the openings alone: what counts where the rest is recycled.
    above: float
    # The same text, or most of it.
    is_copy: bool
    # Shared text, but only below an opening of its own; and that half a day later or more.
    is_recycled: bool
    is_follow_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A story the article may belong to."""

    story_id: int
    # The nearest first.
    relations: tuple[Relation, ...]
    nearness: float

    @property
    def copied(self) -> float:
        """How much of a member, or of the article, is the same text; 0 where it is not most of it."""
        return max((r.copying.contained for r in self.relations if r.is_copy), default=0.0)

    @property
    def rank(self) -> tuple[float, float, int]:
        """What the best candidate has most of: copied text, then nearness; of equals the older story."""
        return self.copied, self.nearness, -self.story_id


def choose(candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the story the article joins; None when there is not enough for any."""
    nearest = sorted(candidates, key=lambda candidate: -candidate.nearness)
    others = [candidate.nearness for candidate in nearest[1 : 1 + NEXT]]
    crowd = max(0.0, sum(others) / len(others) - USUAL) if others else 0.0
    enough = NEAR - LENIENCE * crowd
    joining = (each for each in nearest if each.nearness >= enough or each.copied > 0)
    return max(joining, key=lambda candidate: candidate.rank, default=None)


def relate(print_: Fingerprint, alike: Agreement, filed: Filed, copying: Copying = NOTHING) -> Relation:
    """Judge one pair."""
    other = filed.print
    own_outlet = bool(print_.outlet_key) and print_.outlet_key == other.outlet_key
    is_exact = other.exact == print_.exact and len(print_.body) > 0
    is_recycled = not is_exact and _is_recycled(copying, alike)
    is_copy = is_exact or (
        copying.contained >= MOST
        and copying.unquoted >= MOST_UNQUOTED
        and copying.runs >= FEW_RUNS
        and (not own_outlet or alike.opening >= SAME_OPENING)
    )
    agreement = alike.above if is_recycled else alike.whole
    counts = 0.0 if own_outlet or is_recycled else COPIED * copying.unquoted
    return Relation(
        filed=filed,
        copying=copying,
        nearness=agreement * (OWN_OUTLET if own_outlet else 1.0) + counts,
        above=alike.above,
        is_copy=is_copy,
        is_recycled=is_recycled,
        is_follow_up=is_recycled and print_.day - other.day >= LATER,
    )


def _is_recycled(copying: Copying, alike: Agreement) -> bool:
    """Say whether the article has an opening of its own and shares a passage only far below it."""
    is_passage = copying.runs >= FEW_RUNS and copying.contained >= CONTAINED and copying.unquoted >= UNQUOTED
    return (
        is_passage and copying.contained < MOST and copying.begins > FAR_DOWN and alike.opening < SAME_OPENING
    )


def weigh(story_id: int, relations: Iterable[Relation], members: int) -> Candidate:
    """Weigh a story by the members that stand nearest; `members` is how many it has in the window.

    Who follows up one member follows up the story: what it shares with shorter versions of the same text,
    from which the recycled part was cut, is background too. (A fifth fewer follow-ups joined on `dups_wire`.)
    """
    found = list(relations)
    if any(each.is_follow_up for each in found) and not any(each.is_copy for each in found):
        found = [replace(each, nearness=min(each.nearness, each.above)) for each in found]
    nearest = tuple(sorted(found, key=lambda relation: -relation.nearness))
    best = [relation.nearness for relation in nearest[:BEST]]
    return Candidate(story_id=story_id, relations=nearest, nearness=sum(best) / min(BEST, members))
