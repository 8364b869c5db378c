"""Numbers, watchlists' versions and the record of who did what."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from news.nouns import Priority, PriorityRules, QuietHours
from storage.contract import Counts, Store
from storage.schema import audit, watchlist_versions
from storage.store import DatabaseStore
from tests.nouns import (
    DAY,
    HOUR,
    NOON,
    a_filing,
    a_match,
    a_story_match,
    a_tell,
    a_watching,
    a_watchlist,
    an_article,
    clauses,
)
from tests.storage.conftest import Opener
from tests.storage.steps import a_root_is_out, claimed


def a_story_matched(store: Store, title: str, *, day: int = 0, watchlist: str = "sanctuary-cities") -> int:
    """File a story that matches a watchlist so many days after noon."""
    then = NOON + day * DAY
    filed = store.file(a_filing(0, an_article(title, first_seen=then), now=then))
    match = a_story_match(filed.story_id, first_matched=then, matches=(a_match(filed.article_id),))
    match = replace(
        match,
        watchlist_id=watchlist,
        matches=tuple(replace(m, watchlist_id=watchlist) for m in match.matches),
    )
    store.record_watching(a_watching(filed.story_id, matches=(match,), now=then))
    return filed.story_id


def test_the_numbers_of_a_day(store: Store) -> None:
    a_story_matched(store, "Yesterday", day=-1)
    a_story_matched(store, "Today")
    store.file(a_filing(0, an_article("No match")))
    store.file(a_filing(0, an_article("Backlog", backlog=True)))
    a_root_is_out(store, "Sent")
    counts = store.counts(since=NOON, until=NOON + DAY)
    assert counts == Counts(articles=3, matched=1, stories=2, alerts_sent=1)
    assert store.counts(since=NOON + DAY, until=NOON + 2 * DAY) == Counts(
        articles=0, matched=0, stories=0, alerts_sent=0
    )


def test_a_refused_message_was_not_sent(store: Store) -> None:
    filed = store.file(a_filing(0))
    store.record_watching(a_watching(filed.story_id, a_tell(), matches=()))
    (alert,) = claimed(store)
    store.record_refused(alert, error="no such channel", now=NOON)
    assert store.counts(since=NOON, until=NOON + HOUR).alerts_sent == 0


def test_a_story_counts_on_the_day_it_first_matched_any_of_the_watchlists(store: Store) -> None:
    for number, day in enumerate((0, 0, 2)):
        a_story_matched(store, f"Story {number}", day=day)
    both = a_story_matched(store, "On both", day=1)
    jail = replace(a_story_match(both, first_matched=NOON + 3 * DAY, matches=()), watchlist_id="county-jail")
    store.record_watching(a_watching(both, matches=(jail,)))
    a_story_matched(store, "Jail alone", watchlist="county-jail")
    days = [(NOON + day * DAY, NOON + (day + 1) * DAY) for day in range(4)]
    assert store.stories_a_day(watchlist_ids=["sanctuary-cities"], days=days) == [2, 1, 1, 0]
    assert store.stories_a_day(watchlist_ids=["sanctuary-cities", "county-jail"], days=days) == [3, 1, 1, 0]
    assert store.stories_a_day(watchlist_ids=[], days=days) == [0, 0, 0, 0]


def audited(store: Store) -> list[tuple[str, str, object]]:
    """Return the record of who did what."""
    assert isinstance(store, DatabaseStore)
    with store._database.read() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.id)).all()
    return [(row.what, row.who, row.facts) for row in rows]


def in_force(store: Store) -> list[tuple[str, str]]:
    """Return the current version of each watchlist."""
    assert isinstance(store, DatabaseStore)
    table = watchlist_versions
    with store._database.read() as connection:
        rows = connection.execute(select(table).where(table.c.current).order_by(table.c.watchlist_id)).all()
    return [(row.watchlist_id, row.version) for row in rows]


def test_each_version_of_a_watchlist_is_kept_once_and_the_change_is_on_record(store: Store) -> None:
    jail = a_watchlist(id="county-jail", version="j1")
    for version, now in [("v1", NOON), ("v1", NOON + HOUR), ("v2", NOON + DAY), ("v1", NOON + 2 * DAY)]:
        store.keep_watchlists([a_watchlist(version=version), jail], now=now, who="editor")
    assert in_force(store) == [("county-jail", "j1"), ("sanctuary-cities", "v1")]
    store.keep_watchlists([jail], now=NOON + 3 * DAY, who="editor")
    assert in_force(store) == [("county-jail", "j1")]
    changes = [facts for what, _, facts in audited(store) if what == "watchlist changed"]
    assert changes == [
        {"watchlist": "sanctuary-cities", "version": "v1", "before": None},
        {"watchlist": "county-jail", "version": "j1", "before": None},
        {"watchlist": "sanctuary-cities", "version": "v2", "before": "v1"},
        {"watchlist": "sanctuary-cities", "version": "v1", "before": "v2"},
    ]
    assert audited(store)[-1] == ("watchlist taken away", "editor", {"watchlist": "sanctuary-cities"})


def test_a_watchlist_is_kept_with_everything_it_says(store: Store) -> None:
    rules = PriorityRules(default=Priority.HIGH, urgent=clauses('"judicial warrant"'))
    store.keep_watchlists([a_watchlist(priority=rules)], now=NOON, who="check")
    assert isinstance(store, DatabaseStore)
    with store._database.read() as connection:
        (definition,) = connection.execute(select(watchlist_versions.c.definition)).scalars()
    assert definition["priority"]["urgent"][0]["text"] == '"judicial warrant"'
    assert definition["priority"]["default"] == Priority.HIGH


def test_the_record_keeps_plain_facts(store: Store) -> None:
    quiet = QuietHours(start="22:00", end="06:00")
    store.audit("muted", who="night desk", facts={"until": quiet.end, "accent": "Bogotá"}, now=NOON)
    assert audited(store) == [("muted", "night desk", {"until": "06:00", "accent": "Bogotá"})]


def test_the_installation_keeps_its_id(store: Store, another_store: Opener) -> None:
    assert store.installation() == another_store().installation() == "port-ellery"


# ── What watchlists' files said ───────────────────────────────────────────────────────────────────────────


def test_each_saved_text_of_a_watchlist_is_kept_once_with_who_and_when(store: Store) -> None:
    assert store.keep_text("jail", "match: [jail]\n", now=NOON, who="Bogotá desk", how="added")
    assert not store.keep_text("jail", "match: [jail]\n", now=NOON + DAY, who="files")
    assert store.keep_text("harbor", "match: [harbor]\n", now=NOON + DAY, who="night desk")
    assert store.keep_text("jail", "match: [jail, «cárcel»]\n", now=NOON + 2 * DAY, who="night desk")
    assert store.keep_text("jail", "match: [jail]\n", now=NOON + 3 * DAY, who="editor", how="undone")
    said = store.saved_texts("jail")
    assert [(each.who, each.how, each.at) for each in said] == [
        ("editor", "undone", NOON + 3 * DAY),
        ("night desk", "saved", NOON + 2 * DAY),
        ("Bogotá desk", "added", NOON),
    ]
    assert said[1].text == "match: [jail, «cárcel»]\n"
    assert store.last_saved() == {
        "jail": (NOON + 3 * DAY, "editor"),
        "harbor": (NOON + DAY, "night desk"),
    }
    assert store.saved_texts("nobody") == ()


def test_of_several_files_only_those_that_changed_are_kept_again(store: Store) -> None:
    assert store.keep_texts({"jail": "a", "harbor": "b"}, now=NOON, who="files") == 2
    assert store.keep_texts({"jail": "a", "harbor": "c"}, now=NOON + DAY, who="files") == 1
    assert store.keep_texts({}, now=NOON + DAY, who="files") == 0
    assert [each.text for each in store.saved_texts("harbor")] == ["c", "b"]
    assert [each.text for each in store.saved_texts("jail")] == ["a"]
