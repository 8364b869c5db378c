"""Which stories are there, and how are they found?"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.contract import Store
from tests.nouns import DAY, HOUR, MINUTE, NOON, a_filing, an_article
from tests.storage.steps import (
    a_story_is_filed,
    the_article_changes,
    the_story_grows,
    the_story_is_watched,
)


def titles(store: Store, query: str, limit: int = 20) -> list[str]:
    """Return the headlines of the stories that a search finds."""
    return [story.title for story in store.search(query, limit=limit)]


def test_a_story_that_is_not_there_is_none(store: Store) -> None:
    assert store.story(1) is None
    assert store.story_of(1) is None
    assert store.stories(since=NOON) == ()


def test_the_story_of_an_article_is_found(store: Store) -> None:
    a_story_is_filed(store, "Elephants")
    grown = the_story_grows(store, a_story_is_filed(store), "Letter to 23 cities")
    story = store.story_of(grown.article_id)
    assert story is not None
    assert story == store.story(grown.story_id)


def test_a_story_remembers_what_each_version_of_an_article_brought(store: Store) -> None:
    story_id = a_story_is_filed(store)
    article = an_article("Clerk counts", id=the_story_grows(store, story_id, "Clerk counts").article_id)
    the_article_changes(store, article, "Clerk counts again")
    story = store.story(story_id)
    assert story is not None
    (first, second) = story.articles
    assert first.earlier == ()
    (before,) = second.earlier
    assert (before.article.title, before.revision, before.earlier) == ("Clerk counts", 2, ())
    assert (second.article.title, second.revision) == ("Clerk counts again", 3)


def test_stories_come_newest_first(store: Store) -> None:
    first, second, third = (a_story_is_filed(store, title) for title in ("First", "Second", "Third"))
    the_story_grows(store, first, "First, again", now=NOON + HOUR)
    assert [story.id for story in store.stories(since=NOON)] == [first, third, second]
    assert [story.id for story in store.stories(since=NOON, limit=1)] == [first]
    assert [story.id for story in store.stories(since=NOON + MINUTE)] == [first]


def test_the_story_that_waited_longest_is_watched_first(store: Store) -> None:
    first, second = a_story_is_filed(store, "First"), a_story_is_filed(store, "Second")
    the_story_grows(store, first, "First, again", now=NOON + HOUR)
    assert [story.id for story in store.unwatched_stories(limit=10)] == [second, first]
    the_story_is_watched(store, second)
    the_story_is_watched(store, first, revision=1)
    (waiting,) = store.unwatched_stories(limit=10)
    assert (waiting.id, waiting.watched_revision, waiting.revision) == (first, 1, 2)


# ── Search ────────────────────────────────────────────────────────────────────────────────────────


def test_search_puts_accents_and_case_aside(store: Store) -> None:
    a_story_is_filed(store, "Alcaldía de Bogotá pide límites a ICE")
    assert titles(store, "alcaldia BOGOTA") == ["Alcaldía de Bogotá pide límites a ICE"]
    assert titles(store, "límites ice") == ["Alcaldía de Bogotá pide límites a ICE"]


def test_search_wants_every_word_in_one_article(store: Store) -> None:
    story_id = a_story_is_filed(store, "Mayor skips meeting")
    the_story_grows(store, story_id, "Sheriff answers letter")
    assert titles(store, "mayor meeting") == ["Mayor skips meeting"]
    assert titles(store, "mayor sheriff") == []


def test_a_story_is_found_once_however_many_articles_tell_it(store: Store) -> None:
    story_id = a_story_is_filed(store, "Mayor skips meeting")
    the_story_grows(store, story_id, "Mayor skips dinner")
    the_story_grows(store, story_id, "Mayor skips lunch")
    assert titles(store, "mayor") == ["Mayor skips meeting"]


def test_the_article_that_speaks_of_it_most_comes_first(store: Store) -> None:
    store.file(a_filing(0, an_article("Council agenda", text="Roads. " * 80 + "A word on the mayor.")))
    store.file(a_filing(0, an_article("Mayor, mayor, mayor", text="The mayor and the mayor's mayor.")))
    assert titles(store, "mayor") == ["Mayor, mayor, mayor", "Council agenda"]
    assert titles(store, "mayor", limit=1) == ["Mayor, mayor, mayor"]


def test_a_version_is_found_by_its_new_words_and_not_by_its_old_ones(store: Store) -> None:
    filed = store.file(a_filing(0, an_article("About two dozen cities")))
    changed = an_article("Exactly 23 cities", id=filed.article_id)
    store.file(a_filing(0, changed, new_version=True))
    assert titles(store, "23") == ["Exactly 23 cities"]
    assert titles(store, "dozen") == []


def test_hyphens_slashes_and_addresses_are_no_trap(store: Store) -> None:
    a_story_is_filed(store, "Anti-sanctuary bill: and/or 287(g) at council.test/agenda, 1,000 pages")
    for query in ("anti-sanctuary", "sanctuary bill", "and/or", "287(g)", "council.test", "agenda 1,000"):
        assert len(titles(store, query)) == 1, query


@pytest.mark.parametrize("query", ["", "   ", '"', "()", "-", "*", "'", "…"])
def test_a_query_without_words_finds_nothing(store: Store, query: str) -> None:
    a_story_is_filed(store)
    assert titles(store, query) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(max_size=40)
    | st.sampled_from(['"mayor', "mayor AND", "NEAR(a b", "words:mayor", "a OR", "^x"])
)
def test_no_query_is_a_syntax_error(store: Store, query: str) -> None:
    assert store.search(query) == () or store.search(query)[0].articles


def test_a_very_long_article_is_stored_and_found_by_its_beginning(store: Store) -> None:
    text = "Opening statement. " + " ".join(f"word{n}" for n in range(200_000))
    store.file(a_filing(0, an_article("Transcript", text=text)))
    assert titles(store, "opening word7") == ["Transcript"]
    story = store.stories(since=NOON - DAY)[0]
    assert story.articles[0].article.text == text
