"""What is an article found by? The words that the matcher sees, spelled alike for both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from news.matching.searching import every_word, keys
from news.nouns import Article
from storage.columns import storable

if TYPE_CHECKING:
    from news.matching.searching import Wanted

_ANY_TIME = datetime(1, 1, 1, tzinfo=UTC)  # words do not ask when


def wanted_words(query: str) -> Wanted | None:
    """Return what an article with all words of a query is found by, or None when there is no word."""
    return every_word(query)


def search_words(title: str, text: str) -> str:
    """Return what to file an article under; a change of it needs a migration, as v0003 is one."""
    article = Article(
        address="",
        source_id="",
        outlet="",
        title=storable(title),
        text=storable(text),
        first_seen=_ANY_TIME,
    )
    return " ".join(keys(article))
