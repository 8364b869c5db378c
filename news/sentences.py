"""Where does each sentence of a news text begin and end?

The text is read once from left to right, and a candidate is judged by a few characters around it, so the
cost grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from news.nouns import Sentence

_LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_CLOSERS = "\"'”\u2019»)]"
_ENDS_A_LINE = ".!?…:;" + _CLOSERS
_OPENERS = "\"'“\u2018«([„\u201a—\u2013-•*¿¡"
_DOUBLE_QUOTES = '"“”«»'
# An end is: marks with what closes after them, before a space; an ideographic full stop; or a full stop
# glued to the next sentence ("dropped.Police"), which pages that lost a line break are full of.
_END = re.compile(
    r"(?:\.{2,}|…|[.!?]{1,8})[\"'”\u2019»)\]]{0,4}(?=\s|\Z)"
    r"|[。\uff01\uff1f]+[”\u2019」』\uff09]{0,4}"
    r"|(?<=[a-zà-ÿ]{2})[.!?][”\"]?(?=[A-Z“][a-z“A-Z])"
)
# What every one of them begins with: found much quicker than the whole.
_MARK = re.compile("[.!?\u2026\u3002\uff01\uff1f]")
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?:[a-z]\.)+[a-z]")
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LOOK_BACK = 24  # characters; longer than any abbreviation below

# Never the end of a sentence: a name follows.
_TITLES = _words(
    "mr mrs ms mx dr gov govs sen sens rep reps gen sgt lt col capt cpl cmdr cmsgt adm maj pvt rev hon "
    "prof pres supt ald atty attys asst dep det insp fr sra msgr amb st ste vs mt ft"
)
# The end of a sentence unless a number follows.
_BEFORE_A_NUMBER = _words(
    "no nos sec secs art arts fig figs vol ch pp para eq jan feb mar apr jun jul aug sept sep oct nov dec"
)
# The end of a sentence only where the next word often begins one. Capitalised, else they are plain words
# ("ill").
_SOMETIMES = _words(
    "inc co corp cos ltd llc bros dept univ assn jr sr esq ave blvd rd ala ariz ark calif colo conn del "
    "fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa penn tenn tex va vt wash "
    "wis wyo etc approx est"
)
_STARTERS = _words(
    "the a an this that these those he she it they we i you his her its their our my your there here in on "
    "at for from with by after before when while as if since although though but and or so yet however "
    "meanwhile also then still now under during according about both some many most all no not one two "
    "three four what who how why where which critics officials police prosecutors lawyers attorneys "
    "democrats republicans last earlier later"
)
# After "6 p.m." these go on with the same sentence.
_AFTER_AN_HOUR = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december est edt cst cdt mst mdt pst pdt et ct mt pt gmt utc "
    "eastern central mountain pacific"
)

_LISTED = _TITLES | _BEFORE_A_NUMBER | _SOMETIMES


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a text in order, each with its place in it.

    A line ends a sentence, except where a hard-wrapped one goes on in lower case. Pieces without a letter
    or a digit (rules, bullets) are left out.
    """
    return tuple(each_sentence(text))


def each_sentence(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text in order, reading no further than asked."""
    for start, end in sentence_spans(text):
        yield Sentence(text=text[start:end], start=start, end=end)


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence starts and ends, in order, reading no further than asked."""
    for start, end in _paragraphs(text):
        yield from _spans(text, start, end)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines, a wrapped line joined to the one it continues."""
    opened = closed = after = 0
    for whole in text.splitlines(keepends=True):
        start, after = after, after + len(whole)
        line = whole.rstrip(_LINE_ENDS)
        if not line:
            continue
        if not closed:
            opened = start
        elif not (line[0].islower() and _goes_on(text, closed, start)):
            yield opened, closed
            opened = start
        closed = start + len(line)
    if closed:
        yield opened, closed


def _goes_on(text: str, end: int, start: int) -> bool:
    """Say whether a line that starts in lower case continues the one that ended at `end`."""
    broken_once = start - end == 1 or text[end:start] == "\r\n"
    return broken_once and text[end - 1] not in _ENDS_A_LINE


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one paragraph."""
    opened = position = start
    while first := _MARK.search(text, position, end):
        at = first.start()
        if _is_plain_end(text, opened, at, end):
            closed = position = at + 1
            begun = opened + 1 if text[opened] == " " else opened
            if text[begun] in _CAPITALS:  # most begin and end like this
                yield begun, closed
                opened = closed
                continue
        else:
            mark = _END.match(text, at, end)
            position = mark.end() if mark else at + 1
            closed = position if mark and _is_an_end(text, opened, mark, end) else opened
        if closed > opened:
            yield from _trimmed(text, opened, closed)
            opened = closed
    if opened < end:
        yield from _trimmed(text, opened, end)


def _is_plain_end(text: str, opened: int, at: int, end: int) -> bool:
    """Say whether a mark is what most sentences end with: a full stop after a word that is no abbreviation.

    What is judged here is judged alike, and slower, by the rules below.
    """
    if at + 2 >= end:
        return at + 1 >= end
    if text[at + 1] != " " or text[at + 2] not in _CAPITALS or text[at] != ".":
        return False
    first = max(opened, at - _LOOK_BACK)
    word = text[max(text.rfind(" ", first, at) + 1, first) : at]
    return len(word) > 1 and word.isalpha() and word.lower() not in _LISTED


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if start < end and text[start] == " ":
        start += 1
    if start >= end or not (text[start].isalnum() or _WORD.search(text, start, end)):
        return
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    yield start, end


def _is_an_end(text: str, opened: int, mark: re.Match[str], end: int) -> bool:
    """Judge one candidate by the word before it and the word after it."""
    after, quoted = _next_word(text, mark.end(), end)
    if after >= end:
        return True
    if text[after].islower():
        return False
    marks = mark.group()
    if marks[0] != "." or "?" in marks or "!" in marks:
        return marks[0] != "…" or not text[mark.start() - 1].isspace()
    if marks.startswith(".."):
        return mark.start() > opened and not text[mark.start() - 1].isspace()
    if marks[-1] in _CLOSERS:
        return True
    return _word_ends(text, opened, mark.start(), after, quoted=quoted)


def _next_word(text: str, position: int, end: int) -> tuple[int, bool]:
    """Find where the next word begins, and whether a quotation opens before it."""
    quoted = False
    while position < end and (text[position].isspace() or text[position] in _OPENERS):
        quoted = quoted or text[position] in _DOUBLE_QUOTES
        position += 1
    return position, quoted


def _word_ends(text: str, opened: int, stop: int, after: int, *, quoted: bool) -> bool:
    """Judge a single full stop: may the word before it end a sentence?"""
    before = text[max(opened, stop - _LOOK_BACK) : stop].split()
    word = before[-1].lstrip(_OPENERS) if before else ""
    plain = word.lower()
    following = _WORD.match(text, after)
    next_word = following.group().lower() if following else ""
    if plain in _TITLES:
        return False
    if plain in _BEFORE_A_NUMBER:
        return not text[after].isdigit()
    if plain in ("a.m", "p.m"):
        return next_word not in _AFTER_AN_HOUR
    if plain.isdigit() and not text[opened : stop - len(word)].strip(_OPENERS + " "):
        return False  # "1. Go home" is a list
    unsure = (plain in _SOMETIMES and word[0].isupper()) or len(plain) == 1 or _DOTTED.fullmatch(plain)
    return not unsure or quoted or next_word in _STARTERS
