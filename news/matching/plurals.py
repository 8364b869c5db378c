"""Are these two words one word, singular and plural?

Yes, when their stems are equal. Only the ending that counts is taken off, never one that changes the
meaning: a general stemmer makes "detainer" and "detained" one word, and a newsroom means two.
"""

from __future__ import annotations

from functools import lru_cache

_SHORTEST = 4  # letters; "gas", "bus", "was" and "ICE" are no plurals
# What the rules below would get wrong, on words as they come out of `fold_word`.
_IRREGULAR = {
    "children": "child",
    "feet": "foot",
    "geese": "goose",
    "halves": "half",
    "indices": "index",
    "knives": "knife",
    "lens": "lens",
    "lenses": "lens",
    "men": "man",
    "mice": "mouse",
    "omen": "omen",
    "shelves": "shelf",
    "teeth": "tooth",
    "thieves": "thief",
    "wives": "wife",
    "wolves": "wolf",
} | {word: word for word in ("does", "goes", "news", "series", "species", "this", "thus")}
_SOFT = ("s", "x", "z", "ch", "sh")  # these take -es
_VOWELS = "aeiou"


@lru_cache(maxsize=65536)
def stem(word: str, language: str = "en") -> str:
    """Return what singular and plural of a folded word have in common."""
    if not word.isalpha():
        return word
    if language.startswith("es"):
        return _spanish(word) if len(word) >= _SHORTEST else word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    return _english(word) if len(word) >= _SHORTEST else word


def _english(word: str) -> str:
    if word.endswith("men"):
        return f"{word[:-2]}an"
    if word.endswith("sis"):
        return word[:-2]  # crisis, crises
    base = word[:-1] if word[-1] == "s" and word[-2] not in "isu" else word
    if len(base) >= _SHORTEST and base.endswith("ie"):
        return base[:-1]
    if len(base) >= _SHORTEST and base[-1] == "y" and base[-2] not in _VOWELS:
        return f"{base[:-1]}i"
    if base[-1] == "e" and base[:-1].endswith((*_SOFT, "o")):
        return base[:-1]
    return base


def _spanish(word: str) -> str:
    base = word[:-1] if word[-1] == "s" and word[-2] in _VOWELS else word
    base = base[:-1] if base[-1] == "e" else base
    return f"{base[:-1]}c" if base[-1] == "z" else base
