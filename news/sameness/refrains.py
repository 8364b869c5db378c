"""Which sentences does an outlet print under everything?

Captions, newsletter blocks, lines of links: what stands word for word in several different stories says
nothing about any of them. It is learnt from the window and forgotten with it. What every outlet prints in
much the same words is known from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from news.sameness.letters import Codes, Flags, spell
from news.sameness.taking import Taken

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
#: A word of each branch, in all its forms: a sentence that has none of them is no furniture.
_SIGNS = (
    "sign signing newsletter newsletters subscribe subscribed subscriber subscribers subscribes subscribing "
    "unsubscribe inbox click app follow read reserved published reproduced broadcast copyright copyrighted "
    "copyrights contributed contributes contributing contributor contributors online watch player archived "
    "stamp timestamp javascript getty advertise advertised advertisement advertisements advertiser "
    "advertisers advertises advertising note notes suscriba suscribanse suscribase suscribe suscribete "
    "suscribir suscribirse boletin boletines reservados clic siguenos contribuye contribuyen contribuyo "
    "contribuyeron"
)
_SIEVE = np.uint32((1 << 16) - 1)  # bits of a word's code, by which nearly all are put aside

_Place = tuple[str, int]  # outlet, story


def is_furniture(sentence: str) -> bool:
    """Return whether a sentence speaks of the page it stands on, not of the world."""
    plain = " ".join(sentence.split())
    return len(plain.split()) <= FURNITURE_WORDS and _FURNITURE.search(plain.lower()) is not None


def furniture(taken: Taken, suspects: Iterable[int]) -> Flags:
    """Say of each sentence of a text whether it is furniture; `suspects` has those with a sign of it."""
    found = np.zeros(len(taken.bounds) - 1, dtype=np.bool_)
    if not taken.whole.isascii() and "©" in taken.whole:
        suspects = range(len(found))
    for at in suspects:
        found[at] = is_furniture(taken.sentence(at))
    return found


def are_signs(words: Codes) -> Flags:
    """Say of words whether a sentence that has one may be furniture."""
    flags: Flags = _sieve()[words & _SIEVE]
    return flags


@lru_cache(maxsize=1)
def _sieve() -> Flags:
    sieve = np.zeros(int(_SIEVE) + 1, dtype=np.bool_)
    sieve[spell(_SIGNS).codes & _SIEVE] = True
    return sieve


def is_refrain(outlet: str, places: Iterable[_Place]) -> bool:
    """Return whether this outlet, or everybody, repeats a sentence from story to story.

    `places` are the outlets and stories in which it stands.
    """
    ours: set[int] = set()
    anywhere: set[int] = set()
    for other, story in places:
        anywhere.add(story)
        if outlet and other == outlet:
            ours.add(story)
        if len(ours) >= SAME_OUTLET or len(anywhere) >= ANYWHERE:
            return True
    return False
