"""Are these two words one word in two forms: detain, detains, detained, detaining?

Yes, when their stems are equal. English words lose what their grammar adds (plural, past, -ing) and nothing
that makes another word of them: a general stemmer makes "detainer" one word with "detained", "university"
with "universe", "general" with "generous", and a newsroom means two. Spanish is read in `spanish`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from news.matching.forms import OWN_WORDS, STEM_OF
from news.matching.spanish import spanish_stem

_SHORTEST = 4  # letters; "gas", "bus", "was" and "ICE" are no plurals
_SOFT = ("s", "x", "z", "ch", "sh", "o")  # these take -es
_VOWELS = "aeiouy"
# Up to and with the first consonant after a vowel: what follows can lose a silent e ("releas|e").
_FIRST_SYLLABLE = re.compile(r"[^aeiouy]*[aeiouy]+[^aeiouy]")
# Ends in consonant, vowel, consonant: a silent e belongs to it ("vot|e", "plan|e").
_SHORT_END = re.compile(r"(?:[^aeiouy]|\Ay)[aeiouy][^aeiouwxy]\Z|\A[aeiouy][^aeiouy]\Z")
_DOUBLED = ("bb", "dd", "gg", "mm", "nn", "pp", "rr", "tt")  # "banned"; but "pass", "poll", "staff"


@lru_cache(maxsize=65536)
def stem(word: str, language: str = "en") -> str:
    """Return what all forms of a folded word have in common."""
    if not word.isalpha():
        return word
    if language.startswith("es"):
        return spanish_stem(word) if len(word) >= _SHORTEST else word
    return _english(word)


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """Return what singular and plural of a folded word have in common: that of an abbreviation."""
    return _ending(_singular(word)) if len(word) >= _SHORTEST and word.isalpha() else word


def _english(word: str) -> str:
    if word in STEM_OF or len(word) < _SHORTEST:
        return STEM_OF.get(word) or _ending(word)
    base = _singular(word)
    if base not in OWN_WORDS and base not in STEM_OF:
        base = _present(base)
    return STEM_OF.get(base) or _ending(base)


def _singular(word: str) -> str:
    if word.endswith("men"):
        return f"{word[:-2]}an"
    if word.endswith("sis") and len(word) > _SHORTEST:
        return word[:-2]  # crisis, crises; but ISIS
    return word[:-1] if word[-1] == "s" and word[-2] not in "isu" else word


def _present(word: str) -> str:
    """Take -ed and -ing off, and give back what they swallowed: voted, vote; banned, ban; denied, deny."""
    if word.endswith("ied"):
        return word[:-1]
    if word.endswith("ed") and not word.endswith("eed"):
        base = word[:-2]
    elif word.endswith("ing"):
        base = word[:-3]
    else:
        return word
    if not any(vowel in base for vowel in _VOWELS):
        return word  # bring, shed
    if base.endswith(_DOUBLED) and len(base) > len("add"):
        return base[:-1]
    silent = base.endswith(("at", "bl", "iz")) or (not _tail(base) and _SHORT_END.search(base))
    return f"{base}e" if silent else base


def _ending(word: str) -> str:
    """Write the end of a word as all its forms can share it: city, citi(es); church(es); releas(e)."""
    base, last = word[:-1], word[-1]
    if last == "y":
        return f"{base}i" if len(base) > 1 and base[-1] not in "aeiou" else word
    if len(word) < _SHORTEST:
        return word
    if word.endswith("ie") or (last == "e" and base.endswith(_SOFT)):
        return base
    if last == "e" and _tail(word) and not (len(_tail(word)) == 1 and _SHORT_END.search(base)):
        return base
    return base if word.endswith("ll") and _tail(base) else word


def _tail(word: str) -> str:
    """Return what stands after the first syllable and its consonant."""
    first = _FIRST_SYLLABLE.match(word)
    return word[first.end() :] if first else ""
