"""Which sentences does an outlet print under everything?

Captions, newsletter blocks, lines of links: what stands word for word in several different stories says
nothing about any of them. It is learnt from the stream and forgotten with it.
"""

from __future__ import annotations

from collections.abc import Iterable

SAME_OUTLET = 3  # different stories of one outlet; twice is still background that a reporter used again
ANYWHERE = 6  # different stories of any outlets: an agency's last line

_Place = tuple[str, int]  # outlet, story


class Refrains:
    """How many stories has each sentence been seen in?"""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[int, tuple[_Place, ...]] = {}

    def add(self, outlet: str, story_id: int, lines: Iterable[int]) -> None:
        """Remember an article's sentences."""
        place = ((outlet, story_id),)
        for line in set(lines):
            self._seen[line] = self._seen[line] + place if line in self._seen else place

    def remove(self, outlet: str, story_id: int, lines: Iterable[int]) -> None:
        """Forget an article's sentences."""
        place = (outlet, story_id)
        for line in set(lines):
            places = list(self._seen.pop(line))
            places.remove(place)
            if places:
                self._seen[line] = tuple(places)

    def knows(self, outlet: str, line: int) -> bool:
        """Return whether this outlet, or everybody, repeats the sentence from story to story."""
        places = self._seen.get(line, ())
        if len(places) < SAME_OUTLET:
            return False
        ours = {story for other, story in places if other == outlet} if outlet else ()
        return len(ours) >= SAME_OUTLET or len({story for _, story in places}) >= ANYWHERE
