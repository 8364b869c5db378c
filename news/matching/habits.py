"""What do people write who know another search language, and what is it called here?

w/15        →  NEAR/15
-animal     →  NOT animal
/sanct.+/   →  the words, or a beginning: sanct*
"""

from __future__ import annotations

import re

_SIGNS = {"&&": "AND", "||": "OR", "|": "OR", "!": "NOT"}
# Operators of other languages, and ours in small letters.
_FOREIGN = re.compile(r"(near|onear|atleast|w|pre|n|adj|within)/(\d+)", re.IGNORECASE)
_WITHOUT_NUMBER = re.compile(r"(O?NEAR|ATLEAST)(?:/?(\d*)|/.*)")
_PATTERN = re.compile(r"/([\w ]*).*/")
_ANY_LETTER = re.compile(r"\w+\?\w+")
_LIKENESS = re.compile(r"(.*?)[~^](\d*)(?:\.\d+)?")
_EQUALS = re.compile(r"(title|lead|body|author|source|url|lang|about|mentions)=(.*)", re.IGNORECASE)
_BRACKETS = "[]{}"


def foreign(word: str) -> tuple[str, str] | None:
    """Return what is wrong with a word that comes from another language, and what to write; or None."""
    if word in _SIGNS:
        return f"{word} is not a sign here", _SIGNS[word]
    if "://" in word:
        return "an address is not found as words", f"url:{word.partition('://')[2]}"
    if "|" in word:
        names = [name for name in word.split("|") if name]
        return "| is not a sign here", f"({' OR '.join(names)})" if len(names) > 1 else "OR"
    return _distance(word) or _before(word) or _within(word)


def _distance(word: str) -> tuple[str, str] | None:
    known = _FOREIGN.fullmatch(word)
    if known:
        name = known[1].lower()
        sign = "ATLEAST" if name == "atleast" else "ONEAR" if name in ("pre", "onear") else "NEAR"
        return f"{word} is not a sign here", f"{sign}/{int(known[2])}"
    bare = _WITHOUT_NUMBER.fullmatch(word)
    if bare and bare[2]:
        return f"{word} is not a sign here", f"{bare[1]}/{int(bare[2])}"
    if bare:
        counted, usual = ("times", 3) if bare[1] == "ATLEAST" else ("words", 15)
        return f"{word} needs a number of {counted}", f"{bare[1]}/{usual}"
    return None


def _before(word: str) -> tuple[str, str] | None:
    first, rest = word[0], word[1:]
    if first in "-!" and rest[:1].isalpha():
        return f"{first} before a word does not take it out", f"NOT {rest}"
    if first == "+" and rest[:1].isalpha():
        return "+ before a word does not make it a must", f"AND {rest}"
    if first == ":" and rest:
        return "a colon belongs right after the name of a part", f"title:{rest}"
    return None


def _within(word: str) -> tuple[str, str] | None:
    pattern = _PATTERN.fullmatch(word)
    if pattern:
        return "patterns are not read here", f"the words, or a beginning: {pattern[1] or 'detain'}*"
    if _ANY_LETTER.fullmatch(word):
        return "? does not stand for a letter", f"both words: ({word.replace('?', 'a')} OR …)"
    if any(bracket in word for bracket in _BRACKETS):
        return "only round parentheses are read here", "( and )"
    like = _LIKENESS.fullmatch(word)
    if like and like[1]:
        return f"words that are only like {like[1]} are not looked for", f"{like[1]}"
    if like:
        return f"{word} after quotation marks is not a sign here", f"NEAR/{like[2] or 15} between the words"
    equals = _EQUALS.fullmatch(word)
    return (f"{word} is not read here", f"{equals[1].lower()}:{equals[2]}") if equals else None
