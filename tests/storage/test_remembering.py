"""What the window of the last days is made of, after a restart, on each database."""

from __future__ import annotations

from dataclasses import replace

from config.settings import KeepSettings
from news.nouns import Article
from news.sameness.kept import Kept, Traced
from news.sameness.window import Window
from storage import upkeep
from storage.contract import Store
from tests.nouns import DAY, HOUR, NOON, FieldValue, a_filing, a_placement, an_article

FIRST, SECOND = Kept(trace=b"\x00\xff'\n", print=bytes(range(256)) * 20), Kept(trace=b"2", print=b"")


def filed(store: Store, title: str, kept: Kept | None, **fields: FieldValue) -> Article:
    article = an_article(title, **fields)
    return replace(article, id=store.file(a_filing(0, article, kept=kept)).article_id)


def test_what_an_article_is_found_and_compared_by_is_kept_with_it(store: Store) -> None:
    filed(store, "Bears leave the park", SECOND, first_seen=NOON - 5 * DAY)
    dam = filed(store, "Crack found in dam", FIRST)
    assert store.traces(since=NOON - DAY) == [Traced(article_id=dam.id, story_id=2, trace=FIRST.trace)]
    assert store.traces(since=NOON + DAY) == []
    assert store.prints([dam.id, 4711]) == {dam.id: FIRST.print}


def test_a_new_version_takes_the_place_of_what_was_kept(store: Store) -> None:
    dam = filed(store, "Crack found in dam", FIRST)
    changed = replace(an_article("Crack in dam is long"), id=dam.id, address=dam.address)
    store.file(a_filing(0, changed, new_version=True, kept=SECOND))
    assert [each.trace for each in store.traces(since=NOON - DAY)] == [SECOND.trace]
    assert store.prints([dam.id]) == {dam.id: SECOND.print}


def test_what_was_filed_without_it_is_made_from_the_text_once(store: Store) -> None:
    filed(store, "Bears leave the park", FIRST)
    dam = filed(store, "Crack found in dam", None)
    ((article, story_id),) = store.untraced(since=NOON - DAY)
    assert (article.title, story_id) == (dam.title, 2)
    store.keep([(article.id, SECOND)])
    assert list(store.untraced(since=NOON - DAY)) == []
    assert len(store.traces(since=NOON - DAY)) == 2


def test_a_window_of_rows_from_the_store_knows_the_story(store: Store) -> None:
    text = "Engineers lowered the gates of the Coldwater dam on Tuesday after a crack was found in its wall."
    dam = an_article("Crack found in dam", text=text)
    lived, rebuilt = Window(), Window()
    filing = a_filing(0, dam, placement=a_placement(None), kept=lived.kept(dam))
    story_id = store.file(filing).story_id
    rebuilt.restore(store.traces(since=NOON - DAY))
    copy = an_article("Dam has a crack", text=text, outlet="Ellery 31", source_id="ellery31")
    wanted = rebuilt.lacking(copy)
    rebuilt.give(wanted, store.prints(wanted))
    assert rebuilt.place(copy).story_id == story_id


def test_pruning_keeps_what_a_window_is_made_of_and_not_what_is_older(
    store: Store, newsroom_url: str
) -> None:
    filed(store, "Bears leave the park", FIRST, first_seen=NOON - 9 * DAY)
    dam = filed(store, "Crack found in dam", SECOND, first_seen=NOON - 7 * DAY)
    upkeep.prune(newsroom_url, KeepSettings(full_text=HOUR), now=NOON)
    assert [each.article_id for each in store.traces(since=NOON - 30 * DAY)] == [dam.id]
    assert list(store.prints([1, 2])) == [dam.id]
