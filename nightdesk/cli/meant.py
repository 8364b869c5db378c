"""Which story was meant: an address, the number of a story, or words of a headline?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nightdesk.addresses import address_in, number_in
from nightdesk.cli.context import Call, TroubleError

if TYPE_CHECKING:
    from news.nouns import Article, Story
    from storage.contract import Store

#: Other stories with the same words that are named.
MOST_OTHERS = 5


def story_numbered(call: Call, store: Store, number: int) -> Story:
    """Return a story by its number.

    Raises:
        TroubleError: there is none.
    """
    story = store.story(number)
    if story is None or not story.articles:
        missing = f"there is no story {number}"
        raise TroubleError(missing, then=call.typed("stories list --all"))
    return story


def article_with(call: Call, store: Store, words: str) -> Article:
    """Return the article of the best story with these words; name the other stories that have them.

    Raises:
        TroubleError: there is none.
    """
    from news.text import fold

    found = store.search(words, limit=MOST_OTHERS + 1)
    if not found:
        missing = f'no story in the archive has all of these words: "{words}"'
        raise TroubleError(missing, then=call.typed("stories list --all"))
    for other in found[1 : MOST_OTHERS + 1]:
        call.printer.say(f"Also has these words: {other.id}  {other.title}")
    wanted = fold(words)
    first = found[0].articles
    return next((each for each in first if wanted in fold(each.article.title)), first[0]).article


def article_meant(call: Call, store: Store, what: str) -> Article:
    """Return the article that was meant.

    Raises:
        TroubleError: it is not in the archive.
    """
    from news.urls import canonical

    address = address_in(what)
    if address:
        article = store.article_at((canonical(address), address))
        if article is None:
            missing = f"{address} is not in the archive"
            raise TroubleError(missing, then=call.typed(f"explain {address}"))
        return article
    number = number_in(what)
    return (
        story_numbered(call, store, number).articles[0].article if number else article_with(call, store, what)
    )
