"""Searching the archive finds exactly the articles that the matcher says, in both databases."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from news.matching.parsing import parse
from news.matching.query import Query, written
from news.matching.searching import LONGEST, Key, OneOf, wanted
from news.nouns import Article, DeliverRule, Priority, PriorityRules
from nightdesk.searching import search
from storage.contract import Store
from storage.database import Database
from storage.migrations.versions import v0003_search_keys
from storage.open import open_store
from tests.news.matching.asking import articles, queries
from tests.news.matching.newsroom import a_watchlist, matched
from tests.nouns import DAY, HOUR, MINUTE, NOON, a_clause, a_filing, a_source, an_article
from tests.nouns import a_watchlist as a_kept_watchlist
from tests.storage.steps import a_story_is_filed, the_article_changes, the_story_grows


def titles(store: Store, line: str, since: timedelta = DAY) -> list[str]:
    """Return the headlines of the articles that a line finds."""
    return [each.article.title for each in search(store, line, since=NOON - since, until=NOON + DAY)]


def filed(store: Store, article: Article, **fields: object) -> Article:
    """File an article; return it as it is kept."""
    known = replace(article, **fields)  # type: ignore[arg-type]  # fields of Article
    store.file(a_filing(0, known, now=known.first_seen))
    kept = store.article_at([known.address])
    assert kept is not None
    return kept


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(articles, min_size=1, max_size=4), st.lists(queries, min_size=1, max_size=6))
def test_a_search_finds_exactly_what_the_matcher_says(
    store: Store, drawn: list[Article], asked: list[Query]
) -> None:
    number = store.came(since=NOON, until=NOON + 365 * DAY).articles
    moment = NOON + number * MINUTE
    there = [
        filed(store, article, address=f"https://ledger.test/{number}/{at}", first_seen=moment)
        for at, article in enumerate(drawn)
    ]
    for query in asked:
        line = written(query)
        found = [each.article for each in search(store, line, since=moment, until=moment)]
        held = [article for article in there if matched(a_watchlist(line), article) is not None]
        assert found == list(reversed(held)), line


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("287(g)", "Sheriff ends 287(g) agreement"),
        ("\u00a71373", "Court hears argument over \u00a71373"),
        ("bogota", "Alcald\u00eda de Bogot\u00e1 pide l\u00edmites"),
        ("sanctuary bill", "Anti-sanctuary bill fails"),
        ("detained", "Agents detaining farm workers"),
        ("\u79fb\u6c11", "\u5927\u91cf\u79fb\u6c11\u52b3\u5de5"),
        ("dont", "Don\u2019t sue, mayor says"),
    ],
)
def test_signs_accents_and_forms_are_no_trap_for_either_database(store: Store, line: str, title: str) -> None:
    a_story_is_filed(store, "Oyster season opens")
    a_story_is_filed(store, title)
    assert titles(store, line) == [title]


def test_the_newest_article_comes_first_and_backlog_when_it_was_published(store: Store) -> None:
    for title, hours in (("Mayor one", 3), ("Mayor two", 1), ("Mayor three", 2)):
        filed(store, an_article(title, first_seen=NOON - hours * HOUR))
    old = an_article("Mayor before", first_seen=NOON, published=NOON - 3 * DAY, backlog=True)
    filed(store, old)
    assert titles(store, "mayor", since=7 * DAY) == ["Mayor two", "Mayor three", "Mayor one", "Mayor before"]
    assert titles(store, "mayor") == ["Mayor two", "Mayor three", "Mayor one"]


def test_only_the_newest_version_of_an_article_is_found(store: Store) -> None:
    article = filed(store, an_article("About two dozen cities"))
    the_article_changes(store, article, "Exactly 23 cities")
    assert titles(store, "23 cities") == ["Exactly 23 cities"]
    assert titles(store, "dozen") == []


def test_what_stands_at_the_end_of_an_endless_article_is_found_too(store: Store) -> None:
    filed(store, an_article("Transcript", text="word " * (LONGEST // 5) + "sanctuary city"))
    assert titles(store, "sanctuary cities") == ["Transcript"]


def test_many_articles_are_read_page_by_page(store: Store) -> None:
    for number in range(230):
        a_story_is_filed(store, f"Mayor speaks, part {number}")
    found = titles(store, "mayor")
    assert len(set(found)) == 230
    assert found[0] == "Mayor speaks, part 229"


def test_stories_are_found_by_any_of_their_articles_and_when_one_was_changed(store: Store) -> None:
    grown = a_story_is_filed(store, "Mayor skips meeting")
    the_story_grows(store, grown, "Sheriff answers", now=NOON + HOUR)
    changed = filed(store, an_article("Mayor resigns"))
    the_article_changes(store, changed, "Official resigns")
    a_story_is_filed(store, "Oyster season opens")
    found = list(store.stories_with(Key("mayor"), since=NOON))
    assert [story.title for story in found] == ["Official resigns", "Mayor skips meeting"]
    assert len(found[-1].articles) == 2
    assert list(store.stories_with(Key("mayor"), since=NOON + 2 * HOUR)) == []
    assert len(list(store.stories_with(None, since=NOON))) == 3


def test_what_came_in_a_span_is_counted(store: Store) -> None:
    filed(store, an_article("One", first_seen=NOON))
    filed(store, an_article("Two", first_seen=NOON + HOUR))
    filed(store, an_article("Three", first_seen=NOON, published=NOON - DAY, backlog=True))
    came = store.came(since=NOON - 2 * DAY, until=NOON)
    assert (came.articles, came.backlog) == (2, 1)


def test_a_watchlist_of_many_thousand_words_is_asked_of_either_database(store: Store) -> None:
    a_story_is_filed(store, "Mayor skips meeting")
    many = tuple(Key(f"word{number}") for number in range(9_000))
    span = {"since": NOON - DAY, "until": NOON + DAY}
    assert list(store.articles_with(OneOf(many), **span)) == []
    assert len(list(store.articles_with(OneOf((*many, Key("mayor"))), **span))) == 1
    # Too much to ask: the matcher looks at everything.
    assert len(list(store.articles_with(OneOf(many * 5), **span))) == 1


def test_plain_words_are_asked_of_the_index() -> None:
    assert wanted(parse("sanctuary")) is not None
    assert wanted(parse("jail AND source:ledger")) is not None


def test_an_archive_from_before_is_filed_again_by_its_step(newsroom_url: str) -> None:
    with closing(open_store(newsroom_url, now=NOON)) as store:
        store.declare_sources([a_source()], now=NOON)
        changed = filed(store, an_article("About two dozen O\u2019Briens"))
        the_article_changes(store, changed, "Exactly 23 cities sued")
        a_story_is_filed(store, "Sheriff ends 287(g) agreement")
    with closing(Database(newsroom_url, patience=MINUTE)) as database, database.write() as connection:
        connection.execute(text("DELETE FROM search"))
        with Operations.context(MigrationContext.configure(connection)):
            v0003_search_keys.upgrade()
    with closing(open_store(newsroom_url, now=NOON)) as store:
        assert titles(store, "city suing") == ["Exactly 23 cities sued"]
        assert titles(store, "287(g)") == ["Sheriff ends 287(g) agreement"]
        assert titles(store, "dozen") == []


def test_a_watchlist_comes_back_as_it_was_kept_the_one_in_force_first(store: Store) -> None:
    deliver = (DeliverRule(to="email:metro-desk@newsroom.test", send="digest", at_least=Priority.HIGH),)
    rules = PriorityRules(default=Priority.LOW, urgent=(a_clause("raid*"),))
    first = a_kept_watchlist("jail", version="1", priority=rules, deliver=deliver, languages=("en", "es"))
    second = a_kept_watchlist("prison", version="2")
    store.keep_watchlists([first], now=NOON, who="ana")
    store.keep_watchlists([second], now=NOON + HOUR, who="ben")
    newest, before = store.kept_watchlists("sanctuary-cities")
    assert (newest.watchlist, newest.who, newest.in_force) == (second, "ben", True)
    assert (before.watchlist, before.kept_at, before.in_force) == (first, NOON, False)
    assert store.kept_watchlists("county-jail") == ()
