"""Which words is an article found by? Folded and plain, so that both databases agree on every accent."""

from __future__ import annotations

import re

from news.text import fold

#: Letters and digits; everything else is a space to both databases.
_WORD = re.compile(r"[^\W_]+")

#: Characters of an article that are searched; PostgreSQL takes no more than a megabyte of words.
LONGEST = 150_000


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are searched."""
    return _WORD.findall(fold(text))


def search_words(title: str, text: str) -> str:
    """Return what to search an article in."""
    return " ".join(words_of(f"{title}\n{text[:LONGEST]}"))
