"""Which sentences does an outlet print under everything?

Captions, newsletter blocks, lines of links: what stands word for word in several different stories says
nothing about any of them. It is learnt from the stream and forgotten with it. What every outlet prints in
much the same words is known from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SAME_OUTLET = 3  # different stories of one outlet; twice is still background that a reporter used again
ANYWHERE = 6  # different stories of any outlets: an agency's last line

FURNITURE_WORDS = 30  # a longer sentence is not furniture, whatever it mentions
# Every branch begins with a letter, so that the search skips to the next one of these: a fifth of the time.
_FURNITURE = re.compile(
    r"sign(?:ing)? up (?:for|to) |newsletter|subscrib|in your inbox|click here"
    r"|free app\b|our app\b|news app\b|mobile app\b"
    r"|follow us|read more\b|all rights reserved|may not be (?:published|reproduced|broadcast)|©|copyright"
    r"|contribut\w+ to this (?:report|story|article)|on air and online|watch (?:live|the video|above)"
    r"|in the player"
    r"|archived article|time ?stamp|enable javascript|getty images|a(?<!\wa)dvertis|editor.?s note"
    r"|suscr[ií]b|bolet[ií]n|derechos reservados|haga clic|s[ií]guenos|contribuy\w+ (?:a|con) est[ea]"
)

_Place = tuple[str, int]  # outlet, story


def is_furniture(sentence: str) -> bool:
    """Return whether a sentence speaks of the page it stands on, not of the world."""
    plain = " ".join(sentence.split())
    return len(plain.split()) <= FURNITURE_WORDS and _FURNITURE.search(plain.lower()) is not None


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

    def stands_elsewhere(self, outlet: str, line: int, story_id: int) -> bool:
        """Return whether this outlet printed the sentence in another story too."""
        places = self._seen.get(line, ())
        return bool(outlet) and any(other == outlet and story != story_id for other, story in places)
