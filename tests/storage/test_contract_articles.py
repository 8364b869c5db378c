"""How does a clipping become an article in a story, once and for good?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from news.errors import StorageError
from news.nouns import Article, Correction, StoryArticle
from storage.articles import PAGE
from storage.contract import Filing, Store
from tests.nouns import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    a_clipping,
    a_filing,
    a_passage,
    a_placement,
    a_sentence,
    an_article,
    an_outcome,
)
from tests.storage.steps import a_story_is_filed, the_article_changes, the_story_grows

CORRECTED = Correction(before="about two dozen", after="23", label="more exact")


def a_waiting_clipping(store: Store, title: str = "Mayor skips capital meeting") -> int:
    """Let a source bring an entry; return its id."""
    store.record_fetch(an_outcome(a_clipping(title)))
    return store.unfiled_clippings(limit=100, now=NOON)[-1].id


def the_article(store: Store, title: str) -> Article:
    """Return the article that has this headline's address."""
    article = store.article_at([an_article(title).address])
    assert article is not None
    return article


def told(store: Store, story_id: int, at: int | None = None) -> tuple[StoryArticle, ...]:
    """Return the articles of a story."""
    story = store.story(story_id, at=at)
    assert story is not None
    return story.articles


# ── Clippings ─────────────────────────────────────────────────────────────────────────────────────


def test_clippings_wait_in_the_order_they_came(store: Store) -> None:
    entries = [a_clipping(f"Story {n}") for n in range(5)]
    store.record_fetch(an_outcome(*entries))
    waiting = store.unfiled_clippings(limit=3, now=NOON)
    assert [stored.clipping for stored in waiting] == entries[:3]


def test_a_clipping_that_was_put_off_comes_back_at_its_time_with_the_tries_counted(store: Store) -> None:
    clipping = a_waiting_clipping(store)
    store.put_off_clipping(clipping, until=NOON + HOUR, why="the page was slow")
    assert store.unfiled_clippings(limit=10, now=NOON) == ()
    (stored,) = store.unfiled_clippings(limit=10, now=NOON + HOUR)
    assert stored.attempts == 1


def test_a_dropped_clipping_never_comes_back_and_says_why(store: Store) -> None:
    clipping = a_waiting_clipping(store)
    store.drop_clipping(clipping, why="the page is empty", now=NOON)
    store.put_off_clipping(clipping, until=NOON, why="too late")
    assert store.unfiled_clippings(limit=10, now=NOON + DAY) == ()
    (trail,) = store.clipping_trail(a_clipping().address)
    assert (trail["why"], trail["article_id"], trail["settled_at"]) == ("the page is empty", None, NOON)


def test_the_trail_of_an_address_finds_clippings_that_came_under_another_one(store: Store) -> None:
    clipping = a_waiting_clipping(store)
    canonical = an_article(address="https://channel4ellery.test/story/77")
    filed = store.file(a_filing(clipping, canonical, addresses=(canonical.address, a_clipping().address)))
    (by_canonical,) = store.clipping_trail(canonical.address)
    assert store.clipping_trail(a_clipping().address) == (by_canonical,)
    assert (by_canonical["article_id"], by_canonical["story_id"]) == (filed.article_id, filed.story_id)
    assert store.clipping_trail("https://ellery31.test/never-seen") == ()


# ── Filing ────────────────────────────────────────────────────────────────────────────────────────


def test_a_filed_article_comes_back_as_it_was(store: Store) -> None:
    article = an_article(
        authors=("Ana Ruiz", "J. Ødegård"), credit="Channel 4 and National Wire", language="es",
        kind="release", group="courts", complete=False, excerpt="headline", backlog=True, published=None,
    )  # fmt: skip
    filed = store.file(a_filing(a_waiting_clipping(store), article))
    assert store.article_at([article.address]) == replace(article, id=filed.article_id)
    assert store.unfiled_clippings(limit=10, now=NOON) == ()


def test_microseconds_survive(store: Store) -> None:
    moment = NOON + MINUTE / 7
    store.file(a_filing(0, an_article(published=moment, first_seen=moment)))
    article = the_article(store, "Mayor skips capital meeting")
    assert (article.published, article.first_seen) == (moment, moment)


def test_an_article_is_known_by_each_of_its_addresses_and_by_the_oldest_of_two(store: Store) -> None:
    first = store.file(
        a_filing(0, an_article("First"), addresses=("https://a.test/1", "https://a.test/amp/1"))
    )
    store.file(a_filing(0, an_article("Second"), addresses=("https://b.test/2",)))
    for addresses in (["https://a.test/amp/1"], ["https://b.test/2", "https://a.test/1"]):
        article = store.article_at(addresses)
        assert article is not None
        assert article.id == first.article_id
    assert store.article_at(["https://c.test/3"]) is None
    assert store.article_at([]) is None


def test_filing_a_clipping_twice_files_it_once(store: Store) -> None:
    filing = a_filing(a_waiting_clipping(store))
    filed = store.file(filing)
    assert store.file(filing) == filed
    assert len(list(store.recent_articles(since=NOON - DAY))) == 1


def test_a_second_article_at_a_known_address_is_refused(store: Store) -> None:
    store.file(a_filing(0, an_article("First"), addresses=("https://a.test/1",)))
    clipping = a_waiting_clipping(store)
    with pytest.raises(StorageError, match="look it up again"):
        store.file(a_filing(clipping, an_article("Second"), addresses=("https://a.test/1",)))
    assert [stored.id for stored in store.unfiled_clippings(limit=1, now=NOON)] == [clipping]
    assert len(store.stories(since=NOON - DAY)) == 1


@pytest.mark.parametrize(
    ("missing", "filing"),
    [
        ("clipping", a_filing(404)),
        ("story", a_filing(0, placement=a_placement(404))),
        ("article", a_filing(0, an_article(id=404), new_version=True)),
    ],
)
def test_what_a_filing_refers_to_has_to_be_there(store: Store, missing: str, filing: Filing) -> None:
    with pytest.raises(StorageError, match=f"There is no {missing} 404"):
        store.file(filing)
    assert store.stories(since=NOON - DAY) == ()


def test_a_second_article_grows_the_story_and_says_why(store: Store) -> None:
    story_id = a_story_is_filed(store)
    placement = a_placement(
        story_id, shared=(a_passage(),), whats_new=(a_sentence("23 cities.", 7),), sentences=19
    )
    filed = store.file(a_filing(0, an_article("Letter to 23 cities"), placement=placement, now=NOON + HOUR))
    assert filed.revision == 2
    story = store.story(story_id)
    assert story is not None
    assert (story.title, story.revision, story.created, story.updated) == (
        "Mayor skips capital meeting", 2, NOON, NOON + HOUR,
    )  # fmt: skip
    first, second = story.articles
    assert (first.revision, first.placement) == (1, a_placement())
    assert (second.revision, second.placement, second.filed_at) == (2, placement, NOON + HOUR)


# ── New versions ──────────────────────────────────────────────────────────────────────────────────


def test_a_new_version_takes_the_place_of_the_old_one_and_raises_the_revision(store: Store) -> None:
    story_id = a_story_is_filed(store, "About two dozen cities")
    the_story_grows(store, story_id, "Council meets")
    before = the_article(store, "About two dozen cities")
    changed = replace(an_article("23 cities"), id=before.id, address=before.address)
    filing = a_filing(0, changed, new_version=True, corrections=(CORRECTED,), addresses=("https://a.test/x",))
    assert store.file(filing).revision == 3
    first, second = told(store, story_id)
    assert (first.article.title, first.article.version, first.revision) == ("23 cities", 2, 3)
    assert first.corrections == (CORRECTED,)
    assert (second.article.title, second.corrections) == ("Council meets", ())
    story = store.story(story_id)
    assert story is not None
    assert story.title == "23 cities"


def test_a_story_can_be_read_as_it_stood_at_an_earlier_revision(store: Store) -> None:
    story_id = a_story_is_filed(store, "About two dozen cities")
    the_story_grows(store, story_id, "Council meets")
    the_article_changes(store, the_article(store, "About two dozen cities"), "23 cities")
    titles = [[place.article.title for place in told(store, story_id, at)] for at in (1, 2, 3, 99)]
    assert titles == [
        ["About two dozen cities"],
        ["About two dozen cities", "Council meets"],
        ["23 cities", "Council meets"],
        ["23 cities", "Council meets"],
    ]


def test_a_version_that_changes_nothing_worth_telling_raises_nothing(store: Store) -> None:
    story_id = a_story_is_filed(store)
    article = the_article(store, "Mayor skips capital meeting")
    filed = the_article_changes(store, article, "Mayor skips capitol meeting", raises=False)
    assert filed.revision == 1
    (place,) = told(store, story_id)
    assert (place.article.title, place.revision) == ("Mayor skips capitol meeting", 1)


def test_an_outlet_that_goes_back_to_its_first_headline_makes_no_third_version(store: Store) -> None:
    story_id = a_story_is_filed(store, "Headline A")
    article = the_article(store, "Headline A")
    the_article_changes(store, article, "Headline B")
    the_article_changes(store, article, "Headline A")
    (place,) = told(store, story_id)
    assert (place.article.title, place.article.version, place.revision) == ("Headline A", 1, 3)
    the_article_changes(store, article, "Headline C")
    assert the_article(store, "Headline A").version == 3


def test_an_address_learnt_later_leads_to_the_same_article_and_takes_none_from_another(store: Store) -> None:
    first = store.file(a_filing(0, an_article("First"), addresses=("https://a.test/1",)))
    second = store.file(a_filing(0, an_article("Second"), addresses=("https://b.test/2",)))
    changed = replace(an_article("First, corrected"), id=first.article_id)
    addresses = ("https://a.test/canonical", "https://b.test/2")
    store.file(a_filing(0, changed, new_version=True, addresses=addresses))
    known = {address: store.article_at([address]) for address in addresses}
    assert {address: a.id for address, a in known.items() if a is not None} == {
        "https://a.test/canonical": first.article_id,
        "https://b.test/2": second.article_id,
    }


# ── The window ────────────────────────────────────────────────────────────────────────────────────


def test_the_window_holds_newest_versions_in_filing_order_with_their_stories(store: Store) -> None:
    a_story_is_filed(store, "Too old")
    later = NOON + DAY
    first = store.file(a_filing(0, an_article("First", first_seen=later)))
    second = store.file(
        a_filing(0, an_article("Second", first_seen=later + HOUR), placement=a_placement(first.story_id))
    )
    the_article_changes(store, the_article(store, "First"), "First, corrected")
    window = [(article.title, story_id) for article, story_id in store.recent_articles(since=later)]
    assert window == [("First, corrected", first.story_id), ("Second", second.story_id)]


def test_a_window_larger_than_a_page_is_read_to_its_end(store: Store) -> None:
    story_id = a_story_is_filed(store, "Story 0")
    for number in range(1, PAGE + 1):
        the_story_grows(store, story_id, f"Story {number}")
    titles = [article.title for article, _ in store.recent_articles(since=NOON)]
    assert titles == [f"Story {number}" for number in range(PAGE + 1)]
