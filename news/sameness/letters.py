"""Where are the words of a text, and which number stands for each?

The letters of the whole text are one array, and every step is arithmetic on it: no word is looked at by
itself. A word's number depends on its folded letters alone, so that it is the same in every run and for
"Don't" and "DON'T". The words are those that `news.text.tokens` finds, but for signs.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from news.text import fold

Codes: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]
Small: TypeAlias = NDArray[np.uint16]
Tiny: TypeAlias = NDArray[np.uint8]
Wide: TypeAlias = NDArray[np.uint64]

MOST_LETTERS = 400_000  # of a text; what comes after that is a book's, and compared with nothing
FACTOR = 0x9E3779B97F4A7C15  # odd, so that the powers of it never run out
_FACTOR, _HALF = np.uint64(FACTOR), np.uint64(32)
_BACK = pow(FACTOR, -1, 1 << 64)
_UPPER, _DIGIT, _INSIDE, _POINT, _ALONE, _MARK, _SPACE, _STOP = 1, 2, 4, 8, 16, 32, 64, 128
_QUOTES = '"\uff02“”«»„'
_ASCII = 128
_MOST = 0xFFFF  # is no character; it stands for all that come after it
_LINE = _MARK | _STOP  # an end of line
_BRIEF = 4  # letters; a stop after a capitalized word of so few ends no sentence
_GAP = 2  # one character between two letters


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spelled:
    """The words of a text, one after the other."""

    codes: Codes
    # Where they start and end in the text.
    starts: Places
    ends: Places
    # For each character of the text, what it is; `_MARK` for quotation marks and ends of lines.
    signs: Tiny

    def part(self, words: slice, first: int, last: int) -> Spelled:
        """Return some words alone, of the text that stands there."""
        return Spelled(
            codes=self.codes[words],
            starts=self.starts[words] - first,
            ends=self.ends[words] - first,
            signs=self.signs[first:last],
        )

    def word(self, text: str, at: int) -> str:
        """Return a word as it is written."""
        return text[self.starts[at] : self.ends[at]]

    def upper(self) -> Flags:
        """Say of each word whether it begins with a capital."""
        flags: Flags = (self.signs[self.starts] & _UPPER) != 0
        return flags

    def figures(self) -> Places:
        """Return the words that begin with a digit."""
        return np.flatnonzero(self.signs[self.starts] & _DIGIT)

    def passages(self) -> Places:
        """Return where sentences begin, about, and where the last one ends.

        After a line, or after a stop before a capital or a digit. Quicker than finding the sentences that
        are shown to readers, and the same wherever the sentence stands.
        """
        starts, signs = self.starts, self.signs
        if not len(starts):
            return np.zeros(1, dtype=np.int64)
        opening, lasts = signs[starts], self.ends[:-1]
        stops = (signs[lasts] & _STOP) != 0
        stops &= ((opening[1:] & (_UPPER | _DIGIT)) != 0) & (starts[1:] > lasts + 1)
        # "Mr.", "Gov.", "U.S."
        stops &= ((opening[:-1] & _UPPER) == 0) | (lasts - starts[:-1] > _BRIEF)
        begins = np.zeros(len(starts) + 1, dtype=np.bool_)
        begins[1:-1] = stops
        begins[np.searchsorted(starts, np.flatnonzero(signs == _LINE))] = True
        begins[0] = begins[-1] = True
        return np.flatnonzero(begins)

    def spaced(self) -> Flags:
        """Say of each word but the first whether a space, and nothing else, stands before it."""
        ends: Places = self.ends[:-1]
        flags: Flags = (self.starts[1:] == ends + 1) & ((self.signs[ends] & _SPACE) != 0)
        return flags

    def spoken(self, text: str) -> Flags:
        """Say for each word whether it stands inside quotation marks; a paragraph begins outside them."""
        if not any(mark in text for mark in _QUOTES):
            return np.zeros(len(self.starts), dtype=np.bool_)
        inside = False
        states = [False]
        places = np.flatnonzero(self.signs & _MARK)
        for at in places.tolist():
            sign = text[at]
            inside = sign in "“«„" or (sign in '"\uff02' and not inside)
            states.append(inside)
        spoken: Flags = np.array(states, dtype=np.bool_)[np.searchsorted(places, self.starts)]
        return spoken


def spell(text: str) -> Spelled:
    """Find the words of a text."""
    return _spelled(*_drawn(text[:MOST_LETTERS]))


def spell_all(texts: Sequence[str]) -> tuple[Spelled, Places]:
    """Find the words of several texts as of one, an end of line after each; and where each begins."""
    drawn = [_drawn(text[:MOST_LETTERS] + "\n") for text in texts]
    lengths = np.array([len(values) for values, _ in drawn])
    spelled = _spelled(
        np.concatenate([values for values, _ in drawn]), np.concatenate([signs for _, signs in drawn])
    )
    return spelled, np.cumsum(lengths) - lengths


def _spelled(values: Tiny | Small, signs: Tiny) -> Spelled:
    places = (values != 0).nonzero()[0]
    if not len(places):
        return Spelled(codes=np.zeros(0, dtype=np.uint32), starts=places, ends=places, signs=signs)
    values = values[places]
    breaks = _breaks(places, signs)
    firsts = np.zeros(len(breaks) + 1, dtype=np.int64)
    np.add(breaks, 1, out=firsts[1:])
    lasts = np.full(len(breaks) + 1, len(places) - 1)
    lasts[:-1] = breaks
    starts, ends = places[firsts], places[lasts] + 1
    # Words whose last letter stands behind a sign: "mayor's", "U.S.".
    signed = ((lasts > firsts) & (places[lasts - 1] == ends - 1 - _GAP)).nonzero()[0]
    if len(signed):
        owning = signed[values[lasts[signed]] == _S]
        lasts[owning] -= 1
        short = signed[_are_initials(signs, ends[signed])]
        ends[short] += 1
    return Spelled(codes=_codes(values, firsts, lasts), starts=starts, ends=ends, signs=signs)


_S = ord("s")


def _drawn(text: str) -> tuple[Tiny | Small, Tiny]:
    """Say of each character of a text which letter it is, and what else it is."""
    if text.isascii():
        written = text.encode("ascii")
        letters, signs = _ascii_alphabet()
        return (
            np.frombuffer(written.translate(letters), dtype=np.uint8),
            np.frombuffer(written.translate(signs), dtype=np.uint8),
        )
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    characters = np.minimum(wide, _MOST)
    all_letters, all_signs = _alphabet()
    return all_letters[characters], all_signs[characters]


def _breaks(places: Places, signs: Tiny) -> Places:
    """Return after which letters a word ends."""
    steps = places[1:] - places[:-1]
    apart = steps != 1
    at: Places = apart.nonzero()[0]
    # What stands between two words is a space, mostly.
    single = at[steps[at] == _GAP]
    inside = single[(signs[places[single] + 1] & (_INSIDE | _POINT)) != 0]
    if len(inside):
        apart[inside] = ~_is_joined(places, signs, steps, inside)
    alone = (signs & _ALONE) != 0
    if alone.any():
        lonely = alone[places]
        apart |= lonely[:-1] | lonely[1:]
    elif not len(inside):
        return at
    breaks: Places = apart.nonzero()[0]
    return breaks


def _is_joined(places: Places, signs: Tiny, steps: Places, at: Places) -> Flags:
    """Say whether the sign after these letters stands inside a word: "don't", "1,000", "U.S."."""
    point = (signs[places[at] + 1] & _POINT) != 0
    figures = (signs[places[at]] & signs[places[at + 1]] & _DIGIT) != 0
    is_first = _is_apart(steps, at - 1)
    is_last = _is_apart(steps, at + 1)
    # "l'état", "we're": what has one or two letters before the sign, and more than one behind it.
    is_elided = (is_first | _is_apart(steps, at - 2)) & ~is_last
    joined: Flags = np.where(point, figures | (is_first & is_last), ~is_elided)
    return joined


def _is_apart(steps: Places, at: Places) -> Flags:
    """Say whether these letters and the next ones do not stand side by side."""
    inside = (at >= 0) & (at < len(steps))
    flags: Flags = ~inside | (steps[np.where(inside, at, 0)] != 1)
    return flags


def _are_initials(signs: Tiny, ends: Places) -> Flags:
    """Say of words that end with a sign and a letter whether they end with a full stop too."""
    points = (signs[ends - 2] & _POINT) != 0
    after = signs[np.minimum(ends, len(signs) - 1)]
    is_letter = (signs[ends - 1] & _DIGIT) == 0
    flags: Flags = points & (after == _POINT | _STOP) & is_letter & (ends < len(signs))
    return flags


def _codes(values: Tiny | Small, firsts: Places, lasts: Places) -> Codes:
    """Return each word as one number that stands for its letters in their order."""
    sums = np.zeros(len(values) + 1, dtype=np.uint64)
    forth, back = powers(len(values))
    np.cumsum(values * forth, out=sums[1:])
    return mixed((sums[lasts + 1] - sums[firsts]) * back[firsts])


def mixed(numbers: Wide) -> Codes:
    """Return 32 bits of numbers in which all 64 have a say; the numbers are spent."""
    numbers ^= numbers >> _HALF
    numbers *= _FACTOR
    return (numbers >> _HALF).astype(np.uint32)


def powers(many: int) -> tuple[Wide, Wide]:
    """Return the first powers of the factor, and of what takes them back."""
    size = 1 << max(13, many.bit_length())
    forth, back = _powers(size)
    return forth[:many], back[:many]


@lru_cache(maxsize=8)
def _powers(size: int) -> tuple[Wide, Wide]:
    forth = np.full(size, FACTOR, dtype=np.uint64)
    back = np.full(size, _BACK, dtype=np.uint64)
    forth[0] = back[0] = 1
    return np.multiply.accumulate(forth), np.multiply.accumulate(back)


@lru_cache(maxsize=1)
def _ascii_alphabet() -> tuple[bytes, bytes]:
    """Return what ASCII characters are, to translate bytes by."""
    letters, signs = _made(_ASCII)
    rest = bytes(256 - _ASCII)
    return letters.astype(np.uint8).tobytes() + rest, signs.tobytes() + rest


@lru_cache(maxsize=1)
def _alphabet() -> tuple[Small, Tiny]:
    return _made(_MOST + 1)


def _made(many: int) -> tuple[Small, Tiny]:
    """Say of the first characters there are which letter each is, folded (0: none), and what else it is."""
    letters = np.zeros(many, dtype=np.uint16)
    signs = np.zeros(many, dtype=np.uint8)
    for number in range(many):
        character = chr(number)
        if character.isalnum():
            plain = fold(character)
            letters[number] = ord(plain) if len(plain) == 1 and ord(plain) < _MOST else number
            figure = _DIGIT * plain.isdecimal()
            signs[number] = _UPPER * character.isupper() | figure | _ALONE * _is_alone(number)
        else:
            signs[number] = _sign(character)
    return letters, signs


def _is_alone(number: int) -> bool:
    """Say whether a character is a word by itself: Chinese and Japanese ones."""
    return 0x3040 <= number <= 0x30FF or 0x3400 <= number <= 0x9FFF  # noqa: PLR2004  # as in `news.text`


def _sign(character: str) -> int:
    if character in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
        return _LINE
    if character in _QUOTES:
        return _MARK
    if character in "&'`\u2019\u2018\u02bc\u2032\uff07" or unicodedata.category(character) in ("Mn", "Cf"):
        return _INSIDE
    if character in ".!?…":
        return _STOP | _POINT * (character == ".")
    return {",": _POINT, " ": _SPACE}.get(character, 0)
