"""Does a query hold wherever another one holds?

    title:county jail   implies   jail
    a NEAR/5 b          implies   a, b, and a NEAR/9 b
    detained            implies   detain* and detaining

A yes is sure in one of the languages whose forms are known. A no may only mean that it cannot be seen from
how the two are built, or not in so many steps: lines of two hundred parts under each other take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from news.matching.forms import STEM_OF
from news.matching.inflection import stem
from news.matching.query import AtLeast, Either, Every, Graded, InField, Is, Near, Not, Query, Row, Words
from news.matching.spanish import STEM_OF as SPANISH_STEM_OF
from news.text import fold

_LANGUAGES = ("en", "es")
_MOST_STEPS = 5_000  # pairs of parts, 25 ms; two lines as people write them take a hundred

_Pair = tuple[int, int]


@dataclass(slots=True)
class Known:
    """What was found out of pairs of parts , which are known by their ids: the queries outlive it."""

    # Pairs that may still be looked at; after that every answer is no.
    steps: int = _MOST_STEPS
    implied: dict[_Pair, bool] = field(default_factory=dict)
    apart: dict[_Pair, bool] = field(default_factory=dict)

    def takes_a_step(self) -> bool:
        """Say whether one pair more may be looked at."""
        self.steps -= 1
        return self.steps >= 0


def implies(one: Query, other: Query, known: Known | None = None) -> bool:
    """Say whether the other holds for every article for which the one holds.

    Who asks for many pairs hands over what is `known`, and with it how many steps all of them may take.
    """
    return _implied(one, other, known or Known())


def _implied(one: Query, other: Query, known: Known) -> bool:
    key = (id(one), id(other))
    if key in known.implied:
        return known.implied[key]
    if not known.takes_a_step():
        return False
    found = one == other or _by_the_other(one, other, known) or _by_the_one(one, other, known)
    known.implied[key] = found
    return found


def _by_the_other(one: Query, other: Query, known: Known) -> bool:
    """Look at how the other is built."""
    match other:
        case Either():
            return any(_implied(one, part, known) for part in other.parts)
        case Every():
            return all(_implied(one, part, known) for part in other.parts)
        case InField(field="body"):
            return _implied(one, other.part, known)
        case Not() if isinstance(one, Not):
            return _implied(other.part, one.part, known)
        case _:
            return False


def _by_the_one(one: Query, other: Query, known: Known) -> bool:
    """Look at how the one is built."""
    match one:
        case Either():
            return all(_implied(part, other, known) for part in one.parts)
        case Every():
            return any(_implied(part, other, known) for part in one.parts)
        case Row():
            return _row(one, other, known)
        case Near():
            return _near(one, other) or any(_implied(part, other, known) for part in (one.left, one.right))
        case Words():
            return isinstance(other, Words) and same_words(one, other)
        case _:
            return _around(one, other, known)


def _around(one: Query, other: Query, known: Known) -> bool:
    match one:
        case InField() if one.field != "author":
            same = isinstance(other, InField) and other.field == one.field
            return _implied(one.part, other.part if same and isinstance(other, InField) else other, known)
        case Graded():
            return _implied(one.part, other, known)
        case AtLeast():
            fewer = isinstance(other, AtLeast) and other.part == one.part and other.number <= one.number
            return fewer or _implied(one.part, other, known)
        case _:
            return False


def _row(one: Row, other: Query, known: Known) -> bool:
    """Look for a part of a row, or for a shorter row within it."""
    words = [part.text for part in one.parts if isinstance(part, Words)]
    if any(character.isdigit() for text in words for character in text):
        return False  # "SB 25-276" may be printed as one word
    if isinstance(other, Row):
        long = len(other.parts)
        within = (one.parts[at : at + long] for at in range(len(one.parts) - long + 1))
        return any(each == other.parts for each in within)
    return any(_implied(part, other, known) for part in one.parts)


def _near(one: Near, other: Query) -> bool:
    return (
        isinstance(other, Near)
        and other.distance >= one.distance
        and (one.ordered or not other.ordered)
        and ((one.left, one.right) == (other.left, other.right) or _turned(one, other))
    )


def _turned(one: Near, other: Near) -> bool:
    return not other.ordered and (one.left, one.right) == (other.right, other.left)


def same_words(one: Words, other: Words) -> bool:
    """Say whether one word, or several as a unit, is found wherever another is."""
    if " " in one.text and " " not in other.text:
        return any(same_words(replace(one, text=word), other) for word in one.text.split())
    first, second = fold(one.text), fold(other.text)
    as_written = one.exact or one.case
    if other.prefix:
        return first.startswith(second) if as_written or one.prefix else _all_begin(first, second)
    if one.prefix or other.case:
        return False
    if other.exact or other.text.isupper() or " " in other.text:
        return first == second and (as_written or (one.text.isupper() and not other.exact))
    return any(stem(first, language) == stem(second, language) for language in _LANGUAGES)


def _all_begin(word: str, beginning: str) -> bool:
    """Say whether all forms of a word begin so."""
    if word in STEM_OF or word in SPANISH_STEM_OF:
        return False
    return all(stem(word, language).rstrip("aeio").startswith(beginning) for language in _LANGUAGES)


def contradict(one: Query, other: Query, known: Known | None = None) -> bool:
    """Say whether no article can satisfy both; `known` is as for `implies`."""
    return _apart(one, other, known or Known())


def _apart(one: Query, other: Query, known: Known) -> bool:
    key = (id(one), id(other))
    if key in known.apart:
        return known.apart[key]
    if not known.takes_a_step():
        return False
    found = _differ(one, other) or _refuses(one, other, known) or _refuses(other, one, known)
    known.apart[key] = found
    return found


def _refuses(one: Query, other: Query, known: Known) -> bool:
    match one:
        case Not():
            return _implied(other, one.part, known)
        case Either():
            return all(_apart(part, other, known) for part in one.parts)
        case Every():
            return any(_apart(part, other, known) for part in one.parts)
        case _:
            return False


def _differ(one: Query, other: Query) -> bool:
    if isinstance(one, Graded) and isinstance(other, Graded):
        return one.grade != other.grade and one.part == other.part
    if not (isinstance(one, Is) and isinstance(other, Is)):
        return False
    single = one.field == "lang" or one.key in ("kind", "group")
    alike = (one.field, one.key) == (other.field, other.key)
    return alike and single and not _one_value(one.value, other.value)


def _one_value(one: str, other: str) -> bool:
    """Say whether one value can be both: en-US is en too."""
    first, second = fold(one), fold(other)
    return first == second or first.startswith(f"{second}-") or second.startswith(f"{first}-")
