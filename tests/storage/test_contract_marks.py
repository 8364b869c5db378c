"""What people said of stories stays said."""

from __future__ import annotations

import pytest

from news.errors import StorageError
from storage.contract import Store
from tests.nouns import MINUTE, NOON, a_filing, a_mark, a_story_match, a_watching, an_article


def a_story(store: Store, title: str) -> tuple[int, int]:
    """File a story of its own; return its number and its article's."""
    filed = store.file(a_filing(0, an_article(title)))
    return filed.story_id, filed.article_id


def test_what_an_editor_said_is_kept_with_who_and_when(store: Store) -> None:
    story, article = a_story(store, "Thin ice closes skating pond")
    said = a_mark(story, article_id=article, at=NOON + MINUTE, who="night editor")
    store.record_mark(said)
    assert store.marks("sanctuary-cities") == store.marks_of(story) == (said,)


def test_another_word_on_the_same_story_is_added_and_nothing_is_changed(store: Store) -> None:
    story, article = a_story(store, "Thin ice closes skating pond")
    first = a_mark(story, article_id=article)
    second = a_mark(story, article_id=article, relevant=True, who="day editor", at=NOON + MINUTE)
    store.record_mark(first)
    store.record_mark(second)
    assert store.marks_of(story) == (first, second)


def test_marks_are_asked_for_by_watchlist_or_by_story(store: Store) -> None:
    ice, ice_article = a_story(store, "Thin ice closes skating pond")
    jail, jail_article = a_story(store, "Jail keeps nobody for ICE")
    store.record_mark(a_mark(ice, article_id=ice_article))
    store.record_mark(a_mark(jail, article_id=jail_article, relevant=True))
    store.record_mark(a_mark(jail, article_id=jail_article, watchlist_id="county-jail", relevant=True))
    assert [(mark.story_id, mark.relevant) for mark in store.marks("sanctuary-cities")] == [
        (ice, False),
        (jail, True),
    ]
    assert {mark.watchlist_id for mark in store.marks_of(jail)} == {"sanctuary-cities", "county-jail"}


def test_a_mark_on_a_story_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(StorageError):
        store.record_mark(a_mark(41))
    assert store.marks("sanctuary-cities") == ()


def test_the_matches_of_one_watchlist_are_found_with_their_evidence(store: Store) -> None:
    ids = [a_story(store, title)[0] for title in ("Sanctuary city sues", "Sanctuary city waits")]
    for story in ids:
        store.record_watching(a_watching(story, matches=(a_story_match(story),)))
    other = a_story_match(ids[0], watchlist_id="county-jail", matches=())
    store.record_watching(a_watching(ids[0], revision=1, matches=(other,)))
    found = store.matches_of("sanctuary-cities", since=NOON)
    assert [match.story_id for match in found] == [ids[1], ids[0]]
    assert found[0].matches[0].evidence
    assert [match.story_id for match in store.matches_of("sanctuary-cities", since=NOON, limit=1)] == [ids[1]]
    assert store.matches_of("sanctuary-cities", since=NOON + MINUTE) == ()
