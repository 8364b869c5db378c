"""Which of the articles that came at one time tell one story?

Placed one after another, the first ones decide: two that agree a little are joined before those come that
agree with each of them much more. Those of one time are looked at together instead. The two that agree most
are joined first, then the next, as long as all members of two groups agree enough on average (average link);
what stood in a story before stays there. Agreement is measured by what each article agrees with its
neighbors: where one stands very near, the others have to stand nearer too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush

from news.sameness.joining import BEST, Relation, weigh

#: The agreement that makes one story, when all that follows is taken off (.11 to .125 measured alike).
ENOUGH = 0.12
# Taken off: this share of what an article agrees with its nearest neighbor above the usual. Who has a near
# one belongs there; who has none is content with less (.3 to .5, above .2 to .3, with 1 or 2 neighbors,
# measured alike; the mean of 15 neighbors: .07 less on `stories_immigration`; none: .03 less on both).
RELATIVE, USUAL = 0.4, 0.25
# And this share of what its further neighbors agree less than those of one affair do, so that in news about
# many things a shared town makes no story (.3 to .5, of .08 to .1, measured alike; without it articles
# that come a few at a time are joined too easily: .02 less on `stories_ecbplus`).
LONELY, CROWD, FURTHER = 0.4, 0.1, slice(4, 15)
# What it takes more to join a story that was there (.03 to .045 measured alike): its members are not looked
# at anew.
MORE = 0.04
# What it takes more where one of two is a note: few words agree by chance, or because notes are cut from one
# mold, and there is little else in them.
NOTE, NOTED = 60, 0.04  # words of its text
COPY = 1.0  # what a copy of most of a text agrees
MOST = 0.55  # that counts of a neighbor, a copy too (.45 to .6 measured alike)


def together(
    related: Sequence[Iterable[Relation]],
    numbers: Mapping[int, int],
    members: Mapping[int, int],
    *,
    notes: Container[int] = (),
) -> list[int]:
    """Return for each article the story it belongs to: one that was there, or a number below 0 for a new one.

    Args:
        related: for each article how it stands to those before it, of its time or earlier.
        numbers: for the id of each article of the time its place in `related`.
        members: how many articles each earlier story has.
        notes: the places in `related` of those whose text has few words (`NOTE`).
    """
    peers: dict[tuple[int, int], float] = {}
    stories: dict[tuple[int, int], float] = {}
    agreed: list[list[float]] = [[] for _ in related]
    for at, relations in enumerate(related):
        by_story: dict[int, list[Relation]] = defaultdict(list)
        for relation in relations:
            agreed[at].append(relation.nearness)
            peer = numbers.get(relation.filed.print.article_id)
            if peer is None:
                by_story[relation.filed.story_id].append(relation)
            else:
                agreed[peer].append(relation.nearness)
                peers[at, peer] = _agreement(relation)
        for story_id, found in by_story.items():
            candidate = weigh(story_id, found, members[story_id])
            stories[at, story_id] = COPY if candidate.copied else candidate.nearness
    taken_off = [_taken_off(each) for each in agreed]
    groups = _Groups(len(agreed))
    for (one, other), agreement in peers.items():
        short = NOTED if (one in notes or other in notes) and agreement < COPY else 0.0
        groups.link(one, other, agreement - (taken_off[one] + taken_off[other]) / 2 - short)
    for (one, story_id), agreement in stories.items():
        story = groups.story(story_id, min(BEST, members[story_id]))
        groups.link(one, story, agreement - taken_off[one] - MORE)
    return groups.gathered()


def _agreement(relation: Relation) -> float:
    if relation.is_copy:
        return COPY
    return min(relation.nearness, relation.above) if relation.is_follow_up else relation.nearness


def _taken_off(agreed: list[float]) -> float:
    """Return what is taken off of an article's agreement with each other one, by all that it has."""
    nearest = sorted((min(each, MOST) for each in agreed), reverse=True)
    above = max(0.0, nearest[0] - USUAL) if nearest else 0.0
    crowd = sum(nearest[FURTHER]) / (FURTHER.stop - FURTHER.start)
    return RELATIVE * above + LONELY * max(0.0, CROWD - crowd)


class _Groups:
    """Articles, each a group of its own at first, and the stories they may join."""

    def __init__(self, articles: int) -> None:
        self._articles = articles
        # How many members each group has; a story counts as many as are asked.
        self._sizes: list[int] = [1] * articles
        self._members: list[list[int]] = [[at] for at in range(articles)]
        # The agreement of all pairs of two groups, added up.
        self._links: list[dict[int, float]] = [{} for _ in range(articles)]
        self._stories: dict[int, int] = {}

    def story(self, story_id: int, size: int) -> int:
        """Return the group of a story that was there."""
        if story_id not in self._stories:
            self._stories[story_id] = len(self._sizes)
            self._sizes.append(size)
            self._members.append([])
            self._links.append({})
        return self._stories[story_id]

    def link(self, one: int, other: int, agreement: float) -> None:
        """Remember how much an article agrees with another one, or with a whole story."""
        whole = agreement * (self._sizes[other] if other >= self._articles else 1)
        self._links[one][other] = self._links[other][one] = whole

    def gathered(self) -> list[int]:
        """Join what agrees most until nothing agrees enough; return the story of each article."""
        waiting = [
            (-self._mean(one, other), one, other)
            for one, links in enumerate(self._links)
            for other in links
            if one < other
        ]
        heapify(waiting)
        while waiting and -waiting[0][0] >= ENOUGH:
            agreed, one, other = heappop(waiting)
            if self._may_join(one, other) and agreed == -self._mean(one, other):
                kept = self._join(one, other)
                for third in self._links[kept]:
                    first, last = sorted((kept, third))
                    heappush(waiting, (-self._mean(first, last), first, last))
        return self._homes()

    def _mean(self, one: int, other: int) -> float:
        return self._links[one][other] / (self._sizes[one] * self._sizes[other])

    def _may_join(self, one: int, other: int) -> bool:
        return other in self._links[one] and not (one >= self._articles and other >= self._articles)

    def _join(self, one: int, other: int) -> int:
        """Make one group of two; return which. What stood in a story stays there."""
        kept, gone = (other, one) if other >= self._articles else (one, other)
        self._sizes[kept] += self._sizes[gone]
        self._members[kept] += self._members[gone]
        self._members[gone] = []
        for third, link in self._links[gone].items():
            del self._links[third][gone]
            if third != kept:
                whole = self._links[kept].get(third, 0.0) + link
                self._links[kept][third] = self._links[third][kept] = whole
        self._links[gone] = {}
        return kept

    def _homes(self) -> list[int]:
        homes = [0] * self._articles
        names = {group: story_id for story_id, group in self._stories.items()}
        for group, members in enumerate(self._members):
            for at in members:
                homes[at] = names.get(group, -1 - group)
        return homes
