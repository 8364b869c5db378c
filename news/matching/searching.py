"""Which articles of an archive could a query hold for? A question that a database can answer.

A database finds words; only the matcher knows what they mean together. So a query is searched for in two
steps: `wanted` says which words an article cannot do without, the archive finds the articles that have them,
and the matcher says which of those it is. The first step may find too many and never one too few: where a
word could stand in a form that is not known here, its beginning is asked for; where nothing is known (NOT,
`source:`, `author:`), nothing is asked.

    (deport* OR "county jail") AND NOT oysters   →   deport… or (county and jail)

An article is filed under its `keys`: the words that the matcher sees on its page, in letters and digits that
every database reads alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from typing import cast

from news.matching import spots
from news.matching.forms import STEM_OF as ENGLISH
from news.matching.inflection import singular, stem
from news.matching.page import page
from news.matching.plan import spot
from news.matching.query import AtLeast, Either, Every, Graded, InField, Near, Place, Query, Row, is_place
from news.matching.spanish import STEM_OF as SPANISH
from news.nouns import Article
from news.text import fold_word, tokens

LONGEST = 150_000  # characters of text that are filed; PostgreSQL takes no more than a megabyte of keys
LONGEST_KEY = 100  # letters; the rest of a longer word is left to the matcher
#: A longer article is filed under this too, and found by every search: what else it says is not known.
OVERLONG = "overlong0"


@dataclass(frozen=True, slots=True)
class Key:
    """A word that must be there; `begins`: or any longer one that begins so."""

    text: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these must be there."""

    parts: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these must be there."""

    parts: tuple[Wanted, ...]


Wanted = Key | AllOf | OneOf


def _by_stem() -> dict[str, list[str]]:
    forms: dict[str, list[str]] = {}
    for form, of in (*ENGLISH.items(), *SPANISH.items()):
        forms.setdefault(of, []).append(form)
    return forms


#: The forms that no rule finds, by their stem: they may begin quite differently.
_IRREGULAR = _by_stem()


# ── The article's side ────────────────────────────────────────────────────────────────────────────────────


def keys(article: Article) -> Iterator[str]:
    """Yield what an article is found by, each key as often as the word stands there."""
    read = page(replace(article, text=article.text[:LONGEST]))
    for word, times in Counter(read.folded_words).items():
        yield from repeat(_key(word), times)
    if len(article.text) > LONGEST:
        yield OVERLONG


def _key(word: str) -> str:
    """Return a folded word in small letters and digits, a letter first.

    Letter by letter, so that what begins a word also begins its key. Two words may have the same key.
    """
    key = word if word.isascii() and word.isalnum() else "".join(map(_spelled, word))
    return (f"n{key}" if key[:1].isdigit() else key)[:LONGEST_KEY]


def _spelled(letter: str) -> str:
    return letter if letter.isascii() and letter.isalnum() else f"x{ord(letter):x}"


# ── The query's side ──────────────────────────────────────────────────────────────────────────────────────


def wanted(query: Query) -> Wanted | None:
    """Return what an article must be filed under for a query to hold; None: it may be any article."""
    if is_place(query):
        return _of_spot(spot(cast("Place", query)))
    match query:
        case Every():
            return _all_of(wanted(part) for part in query.parts)
        case Either():
            return one_of(wanted(part) for part in query.parts)
        case InField() if query.field != "author":
            return wanted(query.part)
        case AtLeast() | Graded():
            return wanted(query.part)
        case _:
            return None


def wanted_by(any_of: Iterable[Query], all_of: Iterable[Query]) -> Wanted | None:
    """Return what an article must be filed under for a watchlist with these lines under any: and all:."""
    choices = tuple(map(wanted, any_of))
    return _all_of((*((one_of(choices),) if choices else ()), *map(wanted, all_of)))


def loosened(query: Query) -> Query:
    """Return a query that asks for the same words wherever they stand: what it nearly found."""
    match query:
        case Row():
            return Every(parts=tuple(map(loosened, query.parts)))
        case Near():
            return Every(parts=(loosened(query.left), loosened(query.right)))
        case Every() | Either():
            return replace(query, parts=tuple(map(loosened, query.parts)))
        case InField() if query.field in ("title", "lead"):
            return loosened(query.part)
        case AtLeast() | Graded():
            return loosened(query.part)
        case _:
            return query


def every_word(text: str) -> Wanted | None:
    """Return what an article with all words of a text must be filed under; None when there is no word."""
    return _all_of(Key(_key(word)) for word in dict.fromkeys(token.word for token in tokens(text)))


def _of_spot(place: spots.Spot) -> Wanted | None:
    match place:
        case spots.Run():
            return one_of(_all_of(map(_of_term, way)) for way in place.ways)
        case spots.Chain():
            return _all_of(map(_of_spot, place.parts))
        case spots.OneOf():
            return one_of(map(_of_spot, place.parts))
        case spots.Close():
            return _all_of(map(_of_spot, (place.left, place.right)))
        case _:
            return None


def _of_term(term: spots.Term) -> Wanted:
    match term.kind:
        case "prefix":
            return Key(_key(term.word), begins=True)
        case "plural":
            return _one_that_begins(_beginnings(singular(term.word)))
        case "stem":
            stems = {stem(term.word), stem(term.word, "es")}
            return _one_that_begins(beginning for each in stems for beginning in _beginnings(each))
    return Key(_key(fold_word(term.word)))


def _one_that_begins(beginnings: Iterable[str]) -> Wanted:
    shortest: list[str] = []
    for beginning in sorted(beginnings):
        if not (shortest and beginning.startswith(shortest[-1])):
            shortest.append(beginning)
    begun = tuple(Key(_key(beginning), begins=True) for beginning in shortest)
    return begun[0] if len(begun) == 1 else OneOf(begun)


#: What the end of a stem may stand for in a word: citi(es) and city, vote and voting, m(a)n and men, vec(es)
#: and vez, present(e) and presencia.
_ENDS = (("i", "y"), ("e", "ing"), ("an", "en"), ("c", "z"), ("ent", "enc"), ("ente", "enc"))


def _beginnings(stem: str) -> Iterator[str]:
    """Yield what every word with this stem begins with, one way or another."""
    for base in (stem, *_IRREGULAR.get(stem, ())):
        yield base
        yield from (base.removesuffix(end) + other for end, other in _ENDS if base.endswith(end))


def _all_of(parts: Iterable[Wanted | None]) -> Wanted | None:
    """Return what asks for all parts; a part that asks for nothing leaves it to the others."""
    asked = tuple(dict.fromkeys(part for part in parts if part is not None))
    return asked[0] if len(asked) == 1 else AllOf(asked) if asked else None


def one_of(parts: Iterable[Wanted | None]) -> Wanted | None:
    """Return what asks for one of the parts; None as soon as one of them asks for nothing."""
    choices = tuple(dict.fromkeys(parts))
    asked = tuple(choice for choice in choices if choice is not None)
    if len(asked) < len(choices) or not asked:
        return None
    return asked[0] if len(asked) == 1 else OneOf(asked)
