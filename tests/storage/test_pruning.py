"""Do old texts go when the newsroom says, and does nothing go that keeps old news from coming back?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from config.settings import KeepSettings
from storage import upkeep
from storage.contract import Store
from storage.open import open_store
from storage.pruning import Pruning
from tests.nouns import (
    DAY,
    NOON,
    a_clipping,
    a_filing,
    a_mark,
    a_passage,
    a_placement,
    a_receipt,
    a_sentence,
    a_tell,
    a_watching,
    an_act,
    an_article,
    an_outcome,
)
from tests.storage.conftest import Opener
from tests.storage.steps import a_root_waits, claimed, what_is_told

KEEP = KeepSettings()


def pruned(newsroom_url: str, after: timedelta) -> Pruning:
    """Prune so long after noon; the plan must say what is done."""
    planned = upkeep.plan(newsroom_url, KEEP, now=NOON + after)
    assert upkeep.prune(newsroom_url, KEEP, now=NOON + after) == planned
    assert upkeep.plan(newsroom_url, KEEP, now=NOON + after) == Pruning(
        texts=0, clippings=0, stories=0, activity=0
    )
    return planned


def a_quiet_night(store: Store) -> int:
    """Tell one story and leave nothing waiting; return it."""
    store.record_fetch(an_outcome(a_clipping(), a_clipping("Waiting")))
    first, *_ = store.unfiled_clippings(limit=2, now=NOON)
    article = an_article(authors=("Ana Ruiz",), credit="National Wire")
    placement = a_placement(shared=(a_passage(),), whats_new=(a_sentence(),))
    filed = store.file(a_filing(first.id, article, placement=placement))
    store.record_watching(a_watching(filed.story_id, a_tell()))
    for alert in claimed(store):
        store.record_sent(alert, a_receipt(), outcome="sent", headline="Mayor skips meeting", now=NOON)
    store.audit("muted", who="editor", facts={}, now=NOON)
    store.record_mark(a_mark(filed.story_id, article_id=filed.article_id))
    return filed.story_id


def test_nothing_is_pruned_before_its_time(store: Store, newsroom_url: str) -> None:
    a_quiet_night(store)
    before = what_is_told(store)
    assert pruned(newsroom_url, 29 * DAY) == Pruning(texts=0, clippings=0, stories=0, activity=0)
    assert what_is_told(store) == before


def test_full_texts_go_after_a_month_and_headline_link_and_evidence_stay(
    store: Store, newsroom_url: str
) -> None:
    story_id = a_quiet_night(store)
    matched = store.story_matches(story_id)
    assert pruned(newsroom_url, 31 * DAY) == Pruning(texts=1, clippings=1, stories=0, activity=0)
    story = store.story(story_id)
    assert story is not None
    (told,) = story.articles
    assert (told.article.title, told.article.text, told.article.authors) == (
        "Mayor skips capital meeting", "", ("Ana Ruiz",),
    )  # fmt: skip
    assert (told.placement.shared, told.placement.whats_new) == ((), ())
    assert told.placement.reason == "nothing like it in four days"
    assert store.story_matches(story_id) == matched
    assert store.search("mayor") == (story,)
    assert store.search("officials") == ()
    (waiting,) = store.unfiled_clippings(limit=10, now=NOON)
    assert waiting.clipping == a_clipping("Waiting")


def test_after_a_year_only_what_keeps_old_news_from_coming_back_stays(
    store: Store, newsroom_url: str
) -> None:
    story_id = a_quiet_night(store)
    assert pruned(newsroom_url, 366 * DAY) == Pruning(texts=1, clippings=1, stories=1, activity=0)
    story = store.story(story_id)
    assert story is not None
    article = story.articles[0].article
    assert (story.title, article.title, article.authors, article.credit) == ("", "", (), "")
    assert article.content_hash == an_article().content_hash
    assert article.address == an_article().address
    (match,) = store.story_matches(story_id)
    assert match.matches[0].evidence == ()
    assert store.search("mayor") == ()
    assert store.article_at([an_article().address]) == article
    assert store.record_fetch(an_outcome(a_clipping())) == 0
    (delivery,) = store.deliveries()
    assert (delivery.headline, delivery.story_id) == ("Mayor skips meeting", story_id)


def test_who_did_what_goes_after_two_years_and_that_it_was_sent_never(
    store: Store, newsroom_url: str
) -> None:
    story_id = a_quiet_night(store)
    store.claim_story(an_act("claim", story_id))
    store.record_act(an_act("note", story_id, note="Call the clerk"))
    assert pruned(newsroom_url, 731 * DAY).activity >= 1
    assert store.open_claims() == ()
    assert {(act.who, act.note) for act in store.acts_of(story_id)} == {("", "")}
    (delivery,) = store.deliveries()
    assert (delivery.headline, delivery.story_id, delivery.outcome) == ("", story_id, "sent")
    (thread,) = store.threads_of(story_id)
    assert thread.root_ts == "1774042260.000100"
    (mark,) = store.marks_of(story_id)
    assert (mark.who, mark.relevant) == ("", False)


def test_a_story_that_somebody_still_needs_is_not_pruned(store: Store, newsroom_url: str) -> None:
    unwatched = store.file(a_filing(0, an_article("Unwatched"))).story_id
    held = a_root_waits(store, "Held")
    (alert,) = claimed(store)
    store.record_held(alert, error="who knows", now=NOON)
    assert pruned(newsroom_url, 400 * DAY) == Pruning(texts=0, clippings=0, stories=0, activity=0)
    for story_id in (unwatched, held.story_id):
        assert story_id is not None
        story = store.story(story_id)
        assert story is not None
        assert story.articles[0].article.text != ""


def test_a_new_version_keeps_its_words_when_the_old_one_goes(store: Store, newsroom_url: str) -> None:
    filed = store.file(a_filing(0, an_article("Old words")))
    later = NOON + 25 * DAY
    changed = replace(an_article("New words"), id=filed.article_id)
    store.file(a_filing(0, changed, new_version=True, now=later))
    store.record_watching(a_watching(filed.story_id, revision=2, matches=()))
    assert pruned(newsroom_url, 31 * DAY).texts == 1
    story = store.story(filed.story_id)
    assert story is not None
    assert story.articles[0].article.text == changed.text
    assert [found.id for found in store.search("officials")] == [filed.story_id]


def test_pruning_makes_the_file_smaller(tmp_path: Path) -> None:
    address, file = f"sqlite:///{tmp_path / 'nightdesk.db'}", tmp_path / "nightdesk.db"
    with closing(open_store(address, now=NOON)) as store:
        for number in range(20):
            filed = store.file(a_filing(0, an_article(f"Story {number}", text=f"word{number} " * 20_000)))
            store.record_watching(a_watching(filed.story_id, matches=()))
    before = file.stat().st_size
    upkeep.prune(address, KEEP, now=NOON + 31 * DAY)
    assert file.stat().st_size < before / 5


def test_two_stores_see_the_pruning(store: Store, newsroom_url: str, another_store: Opener) -> None:
    story_id = a_quiet_night(store)
    other = another_store()
    pruned(newsroom_url, 31 * DAY)
    assert other.story(story_id) == store.story(story_id)
