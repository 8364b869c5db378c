"""A page that was not found is remembered until it is there again, whatever happens in between."""

from __future__ import annotations

from datetime import timedelta

from storage.contract import Store
from storage.remembering_contract import MissingPage
from tests.nouns import NOON, a_filing, an_article

HOUR = timedelta(hours=1)


def test_a_page_that_was_not_found_is_remembered_from_the_first_time_on(store: Store) -> None:
    first, second = (
        store.file(a_filing(0, an_article(title))) for title in ("Mayor skips meeting", "Snow on the pass")
    )
    store.page_is_missing(first.article_id, since=NOON)
    store.page_is_missing(first.article_id, since=NOON + HOUR)
    store.page_is_missing(second.article_id, since=NOON + HOUR)
    page = MissingPage(article_id=first.article_id, story_id=first.story_id, since=NOON)
    other = MissingPage(article_id=second.article_id, story_id=second.story_id, since=NOON + HOUR)
    assert store.missing_pages(since=NOON) == (page, other)
    assert store.missing_pages(since=NOON + HOUR) == (other,)
    store.page_is_there(second.article_id)
    store.page_is_there(second.article_id)
    assert store.missing_pages(since=NOON) == (page,)
