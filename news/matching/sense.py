"""Does a line that can be read mean what its writer meant? The query as a whole is looked at here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations

from news.matching.implying import Known, contradict, implies
from news.matching.query import (
    AtLeast,
    Either,
    Every,
    Graded,
    InField,
    Is,
    Near,
    Not,
    Query,
    Row,
    Words,
    written,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:  # noqa: A001 (the word an editor reads)
    """Something in a line that may not mean what it seems to: characters [start, end)."""

    what: str
    # Follows "write".
    write: str
    start: int
    end: int


# Abbreviations that are also plain words: finding both is seldom what is meant.
_ALSO_PLAIN = (
    "ACT AID ALS CARE COPS DARE FAST HOPE ICE IT MOMS NOW PACT PIN RAISE SAFE SAVE TRUST US VALUES WHO"
)
_ALSO_WORDS = frozenset(_ALSO_PLAIN.split())
_COMMON = (
    "a an and are as at be by for from has he in is it its of on or she that the they to was were will with"
)
_EVERYWHERE = frozenset(_COMMON.split())
# What the beginnings of a newsroom's words begin as well.
_DECOYS = (
    "agenda alienate armchair banker billion border Cooper country courtesy customer deposit detail"
    " fundamental general heartbeat household iceberg Iceland justification lawn licence migraine organic"
    " police policy portrait raider sanction statement universe votive"
)
_LONGEST_PHRASE = 6  # words; more of them seldom stand side by side
_BROAD = 3  # letters before a star; so few begin dozens of words
_CODE = re.compile(r"[A-Za-z]{2,3}(-\w+)*")
_LANGUAGES = {
    "english": "en",
    "spanish": "es",
    "espanol": "es",
    "español": "es",
    "french": "fr",
    "german": "de",
}
#: What a source can be, as the newsroom declares it.
KINDS = ("news", "release", "notice", "agenda", "ruling", "opinion", "advocacy", "research")
_LOW = 4  # letters of an address; so few stand within other words


def odd_sense(query: Query, line: str) -> Iterator[Warning]:
    """Yield what looks wrong in a query, in no particular order."""
    known = Known()
    for part in everything(query):
        match part:
            case Words():
                yield from _word(part)
            case Row():
                yield from _long_row(part)
            case Near():
                yield from _near_itself(part, line, known)
            case Every():
                yield from _impossible(part, line, known)
            case Is():
                yield from _property(part, line)
            case _:
                pass
    yield from _too_common(query, line)


def everything(query: Query) -> Iterator[Query]:
    """Yield a query and everything inside it."""
    yield query
    for part in _inside(query):
        yield from everything(part)


def _inside(query: Query) -> tuple[Query, ...]:
    match query:
        case Row() | Either() | Every():
            return query.parts
        case Near():
            return query.left, query.right
        case Not() | InField() | Graded() | AtLeast():
            return (query.part,)
        case _:
            return ()


def _word(words: Words) -> Iterator[Warning]:
    text, start, end = words.text, words.start, words.end
    if text in _ALSO_WORDS and not words.case and not words.prefix:
        what = f'{text} also finds "{text.lower()}"'
        yield Warning(what=what, write=f"={text} to keep the capitals", start=start, end=end)
    if not words.prefix:
        return
    others = [word for word in _DECOYS.split() if word.lower().startswith(text.lower())]
    if others or len(text) <= _BROAD:
        found = " and ".join(f'"{other}"' for other in others[:2]) or "many other words"
        write = f"more letters before the star, or {text} without it: its forms are found anyway"
        yield Warning(what=f"{text}* also finds {found}", write=write, start=start, end=end)


def _long_row(row: Row) -> Iterator[Warning]:
    if len(row.parts) > _LONGEST_PHRASE:
        start, end = place_of(row)
        what = f"all {len(row.parts)} words must stand side by side"
        write = "AND or OR between them, or quotation marks around them"
        yield Warning(what=what, write=write, start=start, end=end)


def _near_itself(near: Near, line: str, known: Known) -> Iterator[Warning]:
    if implies(near.left, near.right, known) or implies(near.right, near.left, known):
        start, end = place_of(near, line)
        what = "both sides find the same word: it must stand there twice"
        yield Warning(what=what, write="two different words", start=start, end=end)


def _impossible(every: Every, line: str, known: Known) -> Iterator[Warning]:
    """Find two parts that no article satisfies together."""
    for one, other in combinations(every.parts, 2):
        if contradict(one, other, known):
            yield _nothing(every, line, one, other)
            return
    whole = Every(parts=tuple(part for part in every.parts if not isinstance(part, Not)))
    of_the_whole = Known()  # `whole` is made here: its id may be another's later
    for part in every.parts:
        if isinstance(part, Not) and implies(whole, part.part, of_the_whole):
            yield _nothing(every, line, whole, part)
            return


def _nothing(every: Every, line: str, one: Query, other: Query) -> Warning:
    start, end = place_of(every, line)
    refused = next((part for part in (other, one) if isinstance(part, Not)), None)
    if refused:
        kept = other if refused is one else one
        what = f"{_short(refused)} refuses every article with {_short(kept)}: this finds nothing"
    else:
        what = f"no article is both {_short(one)} and {_short(other)}: this finds nothing"
    return Warning(what=what, write="it without one of the two", start=start, end=end)


def _short(query: Query) -> str:
    text = written(query)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


_LONGEST_QUOTE = 40  # characters of a query within a warning


def _property(query: Is, line: str) -> Iterator[Warning]:
    value, (start, end) = query.value, place_of(query, line)
    if query.field == "url" and value.isalnum() and len(value) <= _LOW:
        inside = ' ("justice", "police")' if value.lower() == "ice" else ""
        what = f"{value} is also found inside longer words of an address{inside}"
        yield Warning(what=what, write=f"url:/{value}/", start=start, end=end)
    elif query.field == "lang" and not _CODE.fullmatch(value):
        code = _LANGUAGES.get(value.lower(), "en")
        what = f"no article has the language {value}: languages are codes of two letters"
        yield Warning(what=what, write=f"lang:{code}", start=start, end=end)
    elif query.key == "kind" and value.lower() not in KINDS:
        meant = get_close_matches(value.lower(), KINDS, n=1)
        write = f"source:kind={meant[0]}" if meant else f"one of: {', '.join(KINDS)}"
        yield Warning(what=f"no source is of the kind {value}", write=write, start=start, end=end)


def _too_common(query: Query, line: str) -> Iterator[Warning]:
    """Find a line, or one choice of it, that nearly every article satisfies."""
    for choice in query.parts if isinstance(query, Either) else (query,):
        if isinstance(choice, Words) and choice.text.lower() in _EVERYWHERE and not choice.case:
            what, write = f'"{choice.text}" stands in nearly every article', "more words beside it"
        elif isinstance(choice, Is) and choice.field == "lang":
            what, write = f"every article in {choice.value} will do", f"words AND lang:{choice.value}"
        else:
            continue
        start, end = place_of(choice, line)
        yield Warning(what=what, write=write, start=start, end=end)


def place_of(query: Query, line: str = "") -> tuple[int, int]:
    """Return from where to where the words of a query stand in its line; the whole line if it has none."""
    words = [part for part in everything(query) if isinstance(part, Words)]
    if not words or any(isinstance(part, Is) for part in everything(query)):
        return 0, len(line)
    return min(word.start for word in words), max(word.end for word in words)
