"""One page under two addresses is one article: what was known of either is known of it."""

from __future__ import annotations

from storage.contract import Store
from storage.gathering_contract import SamePage
from tests.nouns import (
    NOON,
    a_clipping,
    a_filing,
    a_match,
    a_placement,
    a_story_match,
    a_tell,
    a_watching,
    an_article,
    an_outcome,
)
from tests.storage.test_gathering import the_story


def test_a_canonical_address_learnt_later_makes_one_article_of_two(store: Store) -> None:
    store.record_fetch(an_outcome(a_clipping("Mayor skips meeting"), a_clipping("Mayor skips")))
    first, second = store.unfiled_clippings(limit=2, now=NOON)
    whole = an_article("Mayor skips meeting")
    teaser = an_article("Mayor skips", complete=False)
    one = store.file(a_filing(first.id, whole))
    other = store.file(a_filing(second.id, teaser))
    for filed in (one, other):
        match = a_story_match(filed.story_id, matches=(a_match(filed.article_id),))
        store.record_watching(a_watching(filed.story_id, a_tell(), matches=(match,)))
    same = SamePage(older=other.article_id, younger=one.article_id, address=whole.address, now=NOON)
    done = store.merge_articles(same)
    assert done is not None
    assert (done.article_id, done.gone_id, done.story_id) == (one.article_id, other.article_id, one.story_id)
    story = the_story(store, one.story_id)
    (told,) = story.articles
    assert (told.article.title, told.article.complete) == ("Mayor skips meeting", True)
    for address in (whole.address, teaser.address):
        found = store.article_at([address])
        assert found is not None
        assert (found.id, found.title) == (one.article_id, "Mayor skips meeting")
    assert [each.id for each in store.search("skips")] == [story.id]
    assert {each["article_id"] for each in store.clipping_trail(teaser.address)} == {one.article_id}
    assert [alert.state.value for alert in store.alerts()] == ["merged", "pending"]
    assert store.unwatched_stories(limit=5) == ()
    # Both versions are kept: a publisher that goes back to the other one makes no third.
    again = a_filing(0, an_article("Mayor skips", id=one.article_id, complete=False), new_version=True)
    store.file(again)
    version = store.article_at([whole.address])
    assert version is not None
    assert version.version == 2


def test_two_articles_of_one_story_become_one_and_who_read_both_records_nothing(store: Store) -> None:
    one = store.file(a_filing(0, an_article("Mayor skips")))
    other = store.file(a_filing(0, an_article("Mayor skips it"), placement=a_placement(one.story_id)))
    reading = the_story(store, one.story_id)
    page = SamePage(older=one.article_id, younger=other.article_id, address="", now=NOON)
    assert store.merge_articles(page) is not None
    match = a_story_match(one.story_id, revision=2, matches=(a_match(other.article_id),))
    late = a_watching(one.story_id, revision=reading.revision, matches=(match,))
    assert store.record_watching(late) == ()
    (told,) = the_story(store, one.story_id).articles
    assert (told.article.id, told.article.title, len(told.earlier)) == (one.article_id, "Mayor skips it", 1)
