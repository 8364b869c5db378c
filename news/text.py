"""One normalizer for everybody: what does this text say, once typography is put aside?

Matcher, sameness, summary and explainer read the same plain words: compatibility characters resolved
(NFKC), every space a space, quotes and dashes straight, invisible characters gone. `Normalized` remembers
where each plain character stood, so that evidence always points into the article as it came.

    normalize("so-called “sanctuary” city…")  →  'so-called "sanctuary" city...'
    fold("Bogotá's Mayor")                    →  "bogota's mayor"
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from news.markup import text_of
from news.nouns import Sentence
from news.sentences import each_sentence, sentence_spans, sentences

__all__ = [
    "Normalized",
    "Sentence",
    "Token",
    "clean_line",
    "clean_text",
    "each_sentence",
    "fold",
    "fold_word",
    "html_text",
    "lead",
    "lead_end",
    "normalize",
    "normalized",
    "sentences",
    "tokens",
]

LEAD_WORDS = 60  # an opening paragraph longer than this is a whole article on one line
LEAD_AT_LEAST = 12  # words; a shorter first line is a dateline or a label, and the lead goes on below it


def _table() -> dict[int, str | None]:
    """Say what each typographic character is in plain text; None for nothing."""
    table: dict[int, str | None] = dict.fromkeys(
        map(
            ord,
            "`\u2018\u2019\u201a\u201b\u2032\u2035\u00b4\u02b9\u02bc\u02bb\u02bd\u02c8\uff07\u275b\u275c\u2039\u203a",
        ),
        "'",
    )
    table |= dict.fromkeys(
        map(ord, "\u201c\u201d\u201e\u201f\u2033\u2036\uff02\u275d\u275e\u00ab\u00bb\u301d\u301e"), '"'
    )
    table |= dict.fromkeys(
        map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u2e3a\u2e3b"), "-"
    )
    table |= dict.fromkeys(map(ord, "\t\u00a0\u1680\u202f\u205f\u3000\u2800"), " ")
    table |= dict.fromkeys(range(0x2000, 0x200B), " ")
    table |= dict.fromkeys(map(ord, _LINE_ENDS), "\n")
    table |= dict.fromkeys((*range(0x09), *range(0x0E, 0x1C), 0x1F, *range(0x7F, 0x85), *range(0x86, 0xA0)))
    table |= dict.fromkeys(map(ord, "\u00ad\u034f\u061c\u180b\u180c\u180d\u180e\ufeff™℠®©"))
    table |= dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
    table |= dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0)))
    return table | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


_LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_PLAIN = _table()
# A run of anything but printable ASCII; and the same with the letter before it where an accent may join
# that letter.
_ODD = re.compile(r"[^\n -~]+")
_ODD_AND_ACCENTED = re.compile(r"[ -~](?=[^\n -~]*[\u0300-\u036f])[^\n -~]+|[^\n -~]+")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Normalized:
    """Plain text, and where each of its characters stood in the original."""

    text: str
    # Where one character did not become one: (start, end) in the plain text, (start, end) in the original.
    _shifts: tuple[tuple[int, int, int, int], ...] = ()
    # The first number of each, to search in.
    _starts: tuple[int, ...] = ()

    @property
    def is_in_place(self) -> bool:
        """Whether every character stands where it stood in the original."""
        return not self._shifts

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the original of what stands at [start, end) here."""
        if not self._shifts:
            return start, end
        first = self._place(bisect_right(self._starts, start) - 1, start, is_end=False)
        last = self._place(bisect_left(self._starts, end) - 1, end, is_end=True)
        return first, max(first, last)

    def _place(self, at: int, position: int, *, is_end: bool) -> int:
        if at < 0:
            return position
        _, end, original_start, original_end = self._shifts[at]
        if position >= end:
            return original_end + position - end
        return original_end if is_end else original_start


def normalize(text: str) -> str:
    """Return the text in plain characters: same words, same lines, case kept."""
    return normalized(text).text


def normalized(text: str) -> Normalized:
    """Return the plain text together with the way back to the original."""
    pieces: list[str] = []
    shifts: list[tuple[int, int, int, int]] = []
    done = length = 0
    odd_runs = _ODD_AND_ACCENTED if _ACCENTS.search(text) else _ODD
    for odd in odd_runs.finditer(text):
        start, end = odd.span()
        pieces.append(text[done:start])
        length += start - done
        plain, bends = _short_run(odd.group()) if end - start <= _SHORT else _run(odd.group())
        pieces.append(plain)
        shifts += [(length + a, length + b, start + c, start + d) for a, b, c, d in bends]
        length += len(plain)
        done = end
    if not done:
        return Normalized(text)
    pieces.append(text[done:])
    return Normalized("".join(pieces), tuple(shifts), tuple(shift[0] for shift in shifts))


_SHORT = 4  # characters; most odd runs are one quotation mark, and the same dozen comes again and again
_Bends = tuple[tuple[int, int, int, int], ...]


def _run(run: str) -> tuple[str, _Bends]:
    """Return a run of odd characters in plain ones, and where one did not become one."""
    plain = run.translate(_PLAIN)
    if len(plain) == len(run) and unicodedata.is_normalized("NFKC", plain):
        return plain, ()
    pieces: list[str] = []
    bends: list[tuple[int, int, int, int]] = []
    length = 0
    for start, end in _clusters(run):
        piece = unicodedata.normalize("NFKC", run[start:end].translate(_PLAIN)).translate(_PLAIN)
        if len(piece) != 1 or end - start != 1:
            bends.append((length, length + len(piece), start, end))
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), tuple(bends)


_short_run = lru_cache(maxsize=4096)(_run)


def _clusters(run: str) -> list[tuple[int, int]]:
    """Cut a run where no character can join the one before it."""
    cuts = [0, *(at for at in range(1, len(run)) if not _joins(run[at])), len(run)]
    return list(pairwise(cuts))


def _joins(character: str) -> bool:
    """Say whether NFKC, or taking out what is invisible, may melt this character into the one before it."""
    invisible = _PLAIN.get(ord(character), character) is None
    return invisible or unicodedata.category(character)[0] == "M" or _JOINERS.match(character) is not None


# Vowels and endings of Korean in all their forms, half-width voicing marks of Japanese, vowels of Kirat Rai.
_JOINERS = re.compile("[\u1160-\u11ff\u3131-\u318e\uff9e-\uffdc\U00016d63-\U00016d6a]")


def clean_line(text: str) -> str:
    """Return one line fit to be kept and shown: no control or invisible characters, single spaces.

    Typography stays as the outlet set it. Nothing that comes out of here can break a mail header or turn the
    direction of the words around it.
    """
    visible = _INVISIBLE.sub("", _LINE_END.sub(" ", _SURROGATE.sub("\ufffd", text)))
    return " ".join(unicodedata.normalize("NFC", visible).split())


def clean_text(text: str) -> str:
    """Return paragraphs separated by one newline, each a clean line."""
    return "\n".join(filter(None, map(clean_line, _LINE_END.split(text))))


def html_text(html: str) -> str:
    """Return what a scrap of HTML says, as clean text; plain text comes back as it is."""
    return clean_text(text_of(html))


_LINE_END = re.compile(f"[{_LINE_ENDS}]+")


def fold(text: str) -> str:
    """Return the text in lower case without accents: what an archive is searched in."""
    plain = normalize(text)
    if plain.isascii():
        return plain.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain.casefold())).translate(_LETTERS)
    return normalize(bare)


_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "\u0131": "i"}
)


class Token(NamedTuple):
    """A word of a text: folded, and where it stands in the text as given."""

    word: str
    start: int
    end: int


# On plain text, in this order: most words, at once; the section sign; "(g)" after a number; "U.S.C.";
# "1,000"; one Chinese or Japanese character; the "l" of "l'état"; a word with what is inside it ("AT&T",
# "don't").
WORD = re.compile(
    r"[A-Za-z]{2,}+(?![\w'&])"
    r"|§+"
    r"|(?<=[\d)])\([A-Za-z0-9]{1,2}\)|(?<=[\d)] )\([a-z]\)"
    r"|(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"
    r"|\d+(?:[.,]\d+)+(?![^\W_])"
    r"|[\u3040-\u30ff\u3400-\u9fff]"
    r"|[^\W_]{1,2}(?='[^\W_]{2})"
    r"|[^\W_]+(?:[&'][^\W_]+)*"
)
_POSSESSIVE = re.compile(r"'[sS]\Z")


def tokens(text: str) -> list[Token]:
    """Return the words of a text in order.

    Signs that carry meaning stay: 287(g) is "287" and "(g)", § is "section", U.S.C. is "usc".
    """
    plain = normalized(text)
    found = WORD.finditer(plain.text)
    if plain.is_in_place:
        return [Token(fold_word(word[0]), *word.span()) for word in found]
    return [Token(fold_word(word[0]), *plain.origin(*word.span())) for word in found]


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Return a word of plain text as it is compared: lower case, no accents, possessive, dots or commas."""
    if word[0] == "§":
        return "section"
    bare = _POSSESSIVE.sub("", word).replace("'", "")
    return fold(bare.replace(".", "").replace(",", ""))


def lead(text: str) -> str:
    """Return the opening of an article: its first paragraph, in whole sentences."""
    return text[: lead_end(text)]


def lead_end(text: str, found: Iterable[tuple[int, int]] | None = None) -> int:
    """Return where the opening of an article ends; `found`: its sentences, where they are known already.

    That is the end of the first paragraph (of a later one while a dateline or a label is all there was), or
    of the sentence that brings it to sixty words.
    """
    words = end = 0
    for start, stop in sentence_spans(text) if found is None else found:
        new_paragraph = end and _LINE_END.search(text, end, start)
        if words >= LEAD_WORDS or (new_paragraph and words >= LEAD_AT_LEAST):
            break
        words += len(text[start:stop].split())
        end = stop
    return end
