"""Is a statement compiled once in a process, however many stores it has?"""

from __future__ import annotations

from storage.compiled import compiled_for
from storage.contract import Store
from tests.nouns import DAY, NOON
from tests.storage.conftest import Opener
from tests.storage.steps import a_story_is_filed


def test_what_one_store_asked_another_one_asks_without_compiling_it_again(
    newsroom_url: str, store: Store, another_store: Opener
) -> None:
    compiled = compiled_for(newsroom_url.partition(":")[0].partition("+")[0])
    other = another_store()
    compiled.clear()
    story_id = a_story_is_filed(store)
    told = store.story(story_id), store.stories(since=NOON - DAY)
    known = len(compiled)
    assert known > 3
    assert (other.story(story_id), other.stories(since=NOON - DAY)) == told
    assert len(compiled) == known
