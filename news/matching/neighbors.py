"""Which words beside a find, or in a headline, say what an article is really about?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from news.nouns import Article, Evidence
from news.text import Token, tokens

MOST_OF_A_HEADLINE = 12  # words that are tried
REACH = 60  # characters around a find in which the word beside it stands
LONGEST_FIND = 3  # words; beside a longer find stands nothing that explains it
SHORTEST_WORD = 4  # letters of a headline's word that may stand alone

_ENGLISH = (
    "a about after all also an and any are as at be been before but by can could did do does down during each"
    " for from get had has have he her his how if in into is it its just like made make many may more most"
    " much must near new no not now of off old on one only or other our out over own said same say says she"
    " should so some such than that the their them then there these they this those through to too two under"
    " until up us was we were what when why where which while who will with would year years you your"
)
_SPANISH = (
    "al algo ante con como cuando de del desde donde dos el ella ellos en entre era es esa ese esta este fue"
    " ha han hasta la las le les lo los mas me mi mientras muy ni no nos o otra otro para pero por porque que"
    " se ser si sin sobre son su sus tan te un una uno unos y ya"
)
#: Words that say nothing by themselves.
EMPTY = frozenset(f"{_ENGLISH} {_SPANISH}".split())
_PLAIN = re.compile(r"[^\W\d_](?:[\w'-]*[^\W_])?")
_APART = re.compile(r"[.!?;:|\n()\[\]]")


def words_beside(article: Article, found: Evidence, *, case: bool) -> Iterator[str]:
    """Yield lines such as "animal sanctuary": what was found, with the word before it or after it."""
    text = {"title": article.title, "text": article.text}.get(found.field)
    if text is None:
        return
    offset = max(0, found.start - REACH)
    around = text[offset : found.end + REACH]
    words = _printed(around)
    start, end = _inside(words, found, offset=offset)
    inside = words[start:end]
    if not 0 < len(inside) <= LONGEST_FIND or not all(_PLAIN.fullmatch(word.word) for word in inside):
        return
    middle = " ".join(_written(word.word, case=case) for word in inside)
    if start and _joined(around, words[start - 1], words[start]):
        yield f"{words[start - 1].word.lower()} {middle}"
    if end < len(words) and _joined(around, words[end], words[end - 1]):
        yield f"{middle} {words[end].word.lower()}"


def headline_words(title: str, known: Collection[str]) -> Iterator[str]:
    """Yield lines such as "title:(skating pond)", then "title:skating", of words that were not looked for."""
    words = _printed(title)[:MOST_OF_A_HEADLINE]
    telling = [word for word in words if _tells(word) and word.word.lower() not in known]
    for left, right in pairwise(words):
        if left in telling and right in telling and _joined(title, left, right):
            yield f"title:({left.word.lower()} {right.word.lower()})"
    for word in telling:
        if len(word.word) >= SHORTEST_WORD:
            yield f"title:{word.word.lower()}"


def _printed(text: str) -> list[Token]:
    """Return the words of a text as they are printed."""
    return [word._replace(word=text[word.start : word.end]) for word in tokens(text)]


def _inside(words: list[Token], found: Evidence, *, offset: int) -> tuple[int, int]:
    """Return which of the words make up a find."""
    numbers = [
        number
        for number, word in enumerate(words)
        if word.start + offset < found.end and word.end + offset > found.start
    ]
    return (numbers[0], numbers[-1] + 1) if numbers else (0, 0)


def _written(word: str, *, case: bool) -> str:
    return f"={word}" if case and word != word.lower() else word.lower()


def _joined(text: str, one: Token, other: Token) -> bool:
    """Say whether two words stand side by side, and the first of them says something."""
    left, right = sorted((one, other), key=lambda word: word.start)
    return _tells(one) and not _APART.search(text[left.end : right.start])


def _tells(word: Token) -> bool:
    return bool(_PLAIN.fullmatch(word.word)) and word.word.lower() not in EMPTY
