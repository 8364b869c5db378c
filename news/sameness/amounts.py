"""How many does a text say there are, and of what?

"roughly two dozen jurisdictions" is a number between 20 and 28 of jurisdictions, and rough. Only what counts
something is read: no dates, hours, years, ages of laws, numbers of roads or of rooms. What is left out is
left out on purpose: a pair of numbers that have nothing to do with each other is worse than none.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from news.nouns import Sentence
from news.sameness.words import carrier, code
from news.text import Token, tokens

ABOUT = 0.17  # how far from the number "about" goes; two dozen are 20 to 28
NEARLY = 0.1  # how far below the number "nearly" goes
FAR = 1.5  # times the number: up to there "more than" is said of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that counts something, and the words around it."""

    sentence: Sentence
    # The words as they stand, "roughly two dozen jurisdictions", at [start, end) of the text.
    words: str
    start: int
    end: int
    # What it counts: "jurisdictions", "$", "%"; and the codes by which two of them are the same.
    unit: str
    kinds: frozenset[int]
    # The number as it is written, and between which it may lie.
    value: float
    low: float
    high: float
    # Said with "about", in dozens, or as "several"; and so vague that no number is against it.
    is_rough: bool
    is_vague: bool
    # Counts people, money, shares: what every story has.
    is_general: bool
    # Said of a part of it, of another time, of what may be: held for who says it, against nobody.
    is_aside: bool
    # Codes of the words next to it, and of all others in the sentence.
    near: frozenset[int]
    around: frozenset[int]


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_UNITS = {
    word: number
    for number, words in enumerate(
        (
            *("one un una", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete"),
            *("eight ocho", "nine nueve", "ten diez", "eleven once", "twelve doce", "thirteen trece"),
            *("fourteen catorce", "fifteen quince", "sixteen", "seventeen", "eighteen", "nineteen"),
        ),
        start=1,
    )
    for word in words.split()
}
_TENS = {
    word: 10 * number
    for number, words in enumerate(
        (
            *("twenty veinte", "thirty treinta", "forty cuarenta", "fifty cincuenta", "sixty sesenta"),
            *("seventy setenta", "eighty ochenta", "ninety noventa"),
        ),
        start=2,
    )
    for word in words.split()
}
_SCALES = {"dozen": 12, "docena": 12, "hundred": 100, "thousand": 1000, "mil": 1000}
_SCALES |= dict.fromkeys(("million", "millon", "millones"), 10**6) | {"billion": 10**9}
# Rough by themselves: between how many.
_VAGUE = (
    dict.fromkeys(("few", "handful"), (2, 9))
    | dict.fromkeys(("several", "varios", "varias"), (3, 12))
    | dict.fromkeys(("dozens", "docenas"), (24, 120))
    | {"scores": (40, 200)}
    | dict.fromkeys(("hundreds", "cientos"), (200, 2000))
    | dict.fromkeys(("thousands", "miles"), (2000, 20000))
)
_ABOUT = _words(
    "about approximately around roughly some estimated circa unos unas aproximadamente alrededor cerca"
)
_BELOW = _words("nearly almost casi")
_MORE = ("more than", "at least", "over", "mas de", "al menos", "upwards of", "no fewer than")
_LESS = ("fewer than", "less than", "up to", "under", "at most", "menos de", "as many as", "hasta")

_MONTHS = _words(
    "january february march april may june july august september october november december jan feb mar apr "
    "jun jul aug sept sep oct nov dec enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre"
)
#: Time that passes: "in three days" is another number tomorrow.
_TIMES = _words(
    "second seconds minute minutes hour hours day days week weeks month months year years decade decades "
    "segundo segundos minuto minutos hora horas dia dias semana semanas mes meses ano anos am pm percentage"
)
# Before a number that is a name: Highway 40, Section 1373; in capitals anyway, mostly.
_NAMED = _words("no number section sections page pages chapter title article age aged ages since in by until")
# A clause with one of these speaks of part of it, of another time, or of what something was taken for.
_OTHERWISE = re.compile(
    r"\b(?:more|another|additional|other|others|each|every|per|apiece|former|formerly|previous|previously"
    r"|earlier|prior|next|last|past|initially|originally|a year (?:ago|earlier|before)|up from|down from"
    r"|compared|instead|rather|would|could|might|may|if|not|never|first|second|third|fourth|half|rest"
    r"|remaining|otr[oa]s?|cada|adicional(?:es)?|antes|anterior(?:es)?)\b",
    re.IGNORECASE,
)
_SEVERED = re.compile(r"[,;:()\u2014]|\s[-\u2013]\s|\b(?:and|but|while|y|pero|mientras)\b")
_IRREGULAR = {"person": "people", "persons": "people", "man": "men", "woman": "women", "child": "children"}
_PLURALS = frozenset(_IRREGULAR.values())
_BESIDE = _words(
    "along across among amid beside beyond inside outside per via within without upon throughout"
)
_SAY_NOTHING = frozenset((*_UNITS, *_TENS, *_SCALES, *_VAGUE, *_BESIDE))
_GENERAL = _PLURALS | _words(
    "$ % times runs games points goals members officers others cases victims personas casos veces miembros"
)
_MODIFIERS = 3  # words between a number and what it counts
_IS_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_ONE = 1


def amounts(sentence: Sentence, language: str = "en") -> tuple[Amount, ...]:
    """Return the amounts of a sentence, in order."""
    text = sentence.text
    words = tokens(text)
    found = (_amount(_Line(sentence, text, words, language), number) for number in _numbers(text, words))
    return tuple(amount for amount in found if amount)


@dataclass(frozen=True, slots=True)
class _Line:
    sentence: Sentence
    text: str
    words: Sequence[Token]
    language: str

    def code(self, at: int) -> int:
        """Return the code of a word, or 0 for one that says nothing or is a number."""
        word = self.words[at].word
        if word[0].isdigit() or word in _SAY_NOTHING:
            return 0
        plural = _IRREGULAR.get(word, word)
        return code(plural) if plural in _PLURALS else carrier(plural, self.language)

    def between(self, at: int) -> str:
        """Return what stands between a word and the next."""
        end = self.words[at + 1].start if at + 1 < len(self.words) else len(self.text)
        return self.text[self.words[at].end : end]


@dataclass(frozen=True, slots=True)
class _Number:
    """Words [first, last] of a sentence that say a number."""

    first: int
    last: int
    value: float
    low: float
    high: float
    is_rough: bool = False
    is_vague: bool = False


def _numbers(text: str, words: Sequence[Token]) -> Iterator[_Number]:
    """Yield what says a number, with the word that makes it rough."""
    at = 0
    while at < len(words):
        read = _read(text, words, at)
        if read is None:
            at += 1
            continue
        yield _hedged(words, read)
        at = read.last + 1


def _read(text: str, words: Sequence[Token], at: int) -> _Number | None:
    word = words[at].word
    if word in _VAGUE:
        low, high = _VAGUE[word]
        return _Number(at, at, low, low, high, is_rough=True, is_vague=True)
    start = _digits(text, words[at])
    value = start if start is not None else float(_UNITS.get(word, _TENS.get(word, 0)))
    last, is_dozen = at, False
    if word in {"a", "un", "una"} and at + 1 < len(words) and words[at + 1].word in _SCALES:
        value = 1.0
    elif not value or word in {"un", "una", "once"}:
        return None
    for before, after in pairwise(range(at, min(at + 5, len(words)))):
        between, following = text[words[before].end : words[after].start], words[after].word
        if following in _SCALES and between in {" ", "-", "\u00a0"}:
            value, is_dozen = value * _SCALES[following], is_dozen or following in {"dozen", "docena"}
        elif following in _UNITS and words[before].word in _TENS and between == "-":
            value += _UNITS[following]
        else:
            break
        last = after
    spread = ABOUT * value if is_dozen else 0.0
    return _Number(at, last, value, math.ceil(value - spread), value + spread, is_rough=is_dozen)


def _digits(text: str, word: Token) -> float | None:
    written = text[word.start : word.end].replace(",", "")
    if not written[0].isdigit() or _IS_YEAR.match(text[word.start : word.end]):
        return None
    try:
        return float(written)
    except ValueError:
        return None


def _hedged(words: Sequence[Token], number: _Number) -> _Number:
    """Return the number with the words before it that make it rough."""
    first, value = number.first, number.value
    before = [word.word for word in words[max(0, first - 3) : first]]
    if number.is_vague or not before:
        return number
    low, high, length = number.low, number.high, 1
    if before[-1] in _ABOUT:
        low, high = value - max(1.0, ABOUT * value), value + max(1.0, ABOUT * value)
    elif before[-1] in _BELOW:
        low, high = value - max(1.0, NEARLY * value), number.high
    elif length := _phrase(before, _MORE):
        low, high = number.low, math.inf
    elif length := _phrase(before, _LESS):
        low, high = 0.0, number.high
    else:
        return number
    return _Number(first - length, number.last, value, low, high, is_rough=True)


def _phrase(before: Sequence[str], phrases: Sequence[str]) -> int:
    said = " " + " ".join(before)
    return next((len(phrase.split()) for phrase in phrases if said.endswith(" " + phrase)), 0)


def _amount(line: _Line, number: _Number) -> Amount | None:
    """Return what the number counts; None when it counts nothing, or something that is not the whole."""
    if _is_named(line, number):
        return None
    found = _unit(line, number)
    if found is None:
        return None
    unit, kinds, last = found
    first = number.first
    start, end = line.words[first].start - (unit == "$"), line.words[last].end + (unit == "%")
    clause_start, clause_end = _clause(line.text, start, end)
    aside = _OTHERWISE.search(line.text, clause_start, start) or _OTHERWISE.search(line.text, end, clause_end)
    inside = [
        at for at, word in enumerate(line.words) if clause_start <= word.start and word.end <= clause_end
    ]
    left = next((code for at in reversed(inside) if at < first and (code := line.code(at))), 0)
    right = next((code for at in inside if at > last and (code := line.code(at))), 0)
    others = (line.code(at) for at in range(len(line.words)) if not number.first <= at <= number.last)
    at = line.sentence.start
    return Amount(
        sentence=line.sentence,
        words=line.text[start:end],
        start=at + start,
        end=at + end,
        unit=unit,
        kinds=kinds,
        value=number.value,
        low=number.low,
        high=number.high,
        is_rough=number.is_rough,
        is_vague=number.is_vague,
        is_aside=aside is not None,
        is_general=unit in _GENERAL,
        near=frozenset({left, right} - {0}) - kinds,
        around=frozenset({*others} - {0}) - kinds,
    )


def _is_named(line: _Line, number: _Number) -> bool:
    """Say whether the number is part of a name, a date, a score or a range."""
    first, last = line.words[number.first], line.words[number.last]
    before, after = line.text[: first.start], line.text[last.end :]
    if re.search(r"[\d#:/.\u2013-]\Z", before) or re.match(r"[:/]\d|\s?[-\u2013]\s?\d", after):
        return True
    if not number.first:
        return False
    previous = line.words[number.first - 1]
    if previous.word in _MONTHS or (previous.word in _NAMED and first.word[0].isdigit()):
        return True
    together = line.text[previous.end : first.start] == " "
    is_name = line.text[previous.start].isupper() and bool(line.code(number.first - 1))
    return together and number.first > 1 and is_name


def _unit(line: _Line, number: _Number) -> tuple[str, frozenset[int], int] | None:
    """Return what is counted, its codes, and the last word of it."""
    last, words = number.last, line.words
    digits = next((at for at in range(number.first, last + 1) if line.text[words[at].start].isdigit()), None)
    if digits is not None and line.text[: words[digits].start].endswith(("$", "€", "£")):
        return "$", frozenset({-1}), last
    following = words[last + 1].word if last + 1 < len(words) else ""
    if line.text.startswith("%", words[last].end) or following in {"percent", "cent"}:
        return "%", frozenset({-2}), last + (following in {"percent", "cent"})
    run = _nouns(line, last)
    if not run:
        return None
    if number.value == _ONE:
        head = run[-1]
        kinds = frozenset(line.code(at) for at in run)
    else:
        plural = (at for at in run if _is_plural(words[at].word))
        head = next(plural, -1)
        if head < 0:
            return None
        kinds = frozenset({line.code(head)})
    return words[head].word, kinds, head


def _nouns(line: _Line, last: int) -> list[int]:
    """Return the words after the number among which stands what it counts."""
    run: list[int] = []
    at = last
    if (
        line.words[last].word in _VAGUE
        and at + 1 < len(line.words)
        and line.words[at + 1].word in {"of", "de"}
    ):
        at += 1
    for here in range(at + 1, min(at + 2 + _MODIFIERS, len(line.words))):
        between, word = line.between(here - 1), line.words[here].word
        if between not in {" ", "-", "\u00a0"} or word in _TIMES | _MONTHS or not line.code(here):
            break
        run.append(here)
    return run


def _is_plural(word: str) -> bool:
    return word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause around [start, end) begins and ends."""
    before = [mark.end() for mark in _SEVERED.finditer(text, 0, start)]
    after = _SEVERED.search(text, end)
    return (before[-1] if before else 0), (after.start() if after else len(text))
