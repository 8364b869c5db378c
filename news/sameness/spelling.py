"""Are these two spellings of one name?

"Sheriff Stephen Quill" and "Sheriff Steven Quill" are, by their sound; "North Harbor" and "South Harbor" are
not. A name is read only together with what makes it sure that one person or place is meant: a first name, a
title, or what follows it ("County", "Falls").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from news.nouns import Sentence
from news.text import fold

TITLES = frozenset(
    (
        *("sheriff", "mayor", "governor", "gov", "senator", "sen", "representative", "rep", "chief", "judge"),
        *("captain", "capt", "lieutenant", "lt", "sergeant", "sgt", "officer", "deputy", "commissioner"),
        *(
            "councilman",
            "councilwoman",
            "president",
            "secretary",
            "superintendent",
            "coach",
            "pastor",
            "bishop",
        ),
        *("mr", "mrs", "ms", "dr", "professor", "prof", "detective", "general", "gen", "col", "colonel"),
        *(
            "alcalde",
            "alcaldesa",
            "gobernador",
            "gobernadora",
            "senador",
            "senadora",
            "jefe",
            "juez",
            "jueza",
        ),
        *("sr", "sra", "presidente", "presidenta"),
    )
)
SHORTEST = 4  # letters of a word whose spelling may be in doubt
LONG = 8  # letters; from there on two may differ
_WORD = re.compile(r"(?<![\w'\u2019-])[A-ZÀ-Þ][\w\u2019'-]*[\w](?:\.(?= [A-Z]))?")
_SOUNDS = (("ph", "f"), ("v", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s"), ("y", "i"), ("j", "g"))
_POSSESSIVE = re.compile(r"['\u2019][sS]?\Z")
_PLURAL = re.compile(r"(?:e?s|'s|n|an|ian|i|ese|ic)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of two words or more, as a sentence has it."""

    sentence: Sentence
    words: str
    # At [start, end) of the text.
    start: int
    end: int
    # Its words, folded.
    parts: tuple[str, ...]


def names(sentence: Sentence) -> Iterator[Name]:
    """Yield the names of a sentence that stand in two words or more."""
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(sentence.text), None]:
        if word and run and sentence.text[run[-1].end() : word.start()] == " ":
            run.append(word)
            continue
        if len(run) > 1 and len(run) < _A_HEADLINE:
            yield _name(sentence, run)
        run = [word] if word else []


_A_HEADLINE = 6  # capitalized words in a row


def _name(sentence: Sentence, run: list[re.Match[str]]) -> Name:
    start, end = run[0].start(), run[-1].end()
    end -= len(run[-1].group()) - len(_POSSESSIVE.sub("", run[-1].group()))
    return Name(
        sentence=sentence,
        words=sentence.text[start:end],
        start=sentence.start + start,
        end=sentence.start + end,
        parts=tuple(_bare(word.group()) for word in run),
    )


def _bare(word: str) -> str:
    return fold(_POSSESSIVE.sub("", word)).strip(".")


def spelled_apart(one: Name, other: Name) -> tuple[str, str] | None:
    """Return the words that two names spell differently, when everything else in them is the same."""
    if len(one.parts) != len(other.parts) or one.parts == other.parts:
        return None
    apart = [(a, b) for a, b in zip(one.parts, other.parts, strict=True) if a != b]
    if len(apart) > 1:
        return None
    a, b = apart[0]
    same = [part for part in one.parts if part != a and (len(part) >= SHORTEST or part in TITLES)]
    if not same or a in TITLES or b in TITLES:
        return None
    is_first = one.parts[-1] != a
    alike = sounds_like(a, b) if is_first else sounds_like(a, b) or one_slip_apart(a, b)
    return (a, b) if alike and not is_a_form(a, b) and _american(a) != _american(b) else None


def _american(word: str) -> str:
    """Return Theater for Theatre, Labor for Labour, Organized for Organised."""
    for pattern, ending in _BRITISH:
        word = pattern.sub(ending, word)
    return word


_BRITISH = (
    (re.compile(r"(?<=[^aeiou])re\Z"), "er"),
    (re.compile(r"our(?=s?\Z)"), "or"),
    (re.compile(r"is(?=(?:e|ed|es|ing|ation|ations)\Z)"), "iz"),
    (re.compile(r"ence(?=s?\Z)"), "ense"),
    (re.compile(r"ogue\Z"), "og"),
    (re.compile(r"mme\Z"), "m"),
)


def sounds_like(one: str, other: str) -> bool:
    """Say whether two words sound the same: Stephen and Steven, Jon and John."""
    return _sound(one) == _sound(other) and min(len(one), len(other)) >= SHORTEST - 1


def _sound(word: str) -> str:
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    bare = word[:1] + re.sub(r"[hw]|e\Z", "", word[1:])
    return re.sub(r"(.)\1", r"\1", bare)


def one_slip_apart(one: str, other: str) -> bool:
    """Say whether a slip of the hand makes one of the other: a letter more, less, other, or two swapped.

    Long words may have two; the first letter is hardly ever wrong.
    """
    shorter = min(len(one), len(other))
    if shorter <= SHORTEST or one[0] != other[0] or abs(len(one) - len(other)) > 2:  # noqa: PLR2004  # slips
        return False
    slips = _slips(one, other)
    return slips <= 1 or (slips == 2 and shorter >= LONG and one[:-_ENDING] != other[: len(one) - _ENDING])  # noqa: PLR2004


_ENDING = 3  # letters; "Administration" and "Administrator" differ only there


def _slips(one: str, other: str) -> int:
    """Count letters to be put in, taken out, replaced, or swapped with the next (Damerau)."""
    rows: list[list[int]] = [list(range(len(other) + 1))]
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def is_a_form(one: str, other: str) -> bool:
    """Say whether one word is a form of the other: Democrat and Democrats, Iran and Iranian."""
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter) and _PLURAL.fullmatch(longer[len(shorter) :]):
        return True
    stems = {_PLURAL.sub("", one), _PLURAL.sub("", other), one, other}
    return len(stems) < 4 and one[:3] == other[:3] and (one.endswith("s") != other.endswith("s"))  # noqa: PLR2004
