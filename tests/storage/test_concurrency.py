"""Do several processes on one database get different work, and does nobody wait for ever?"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest

from storage.open import open_store
from tests.nouns import NOON, a_clipping, a_fetch_state, a_source, a_tell, an_outcome
from tests.storage.steps import LEASE, a_root_waits, a_story_is_filed, the_story_grows, the_story_is_watched

STORIES = 40
WORKERS = 2

#: Opens a database that nobody opened before, at the same moment as another process; then claims all it can,
#: in small bites.
WORKER = """
import json, sys
from storage.open import open_store
from tests.nouns import NOON
from tests.storage.steps import LEASE
print("ready", flush=True)
sys.stdin.readline()
store = open_store(sys.argv[1], now=NOON)
print(store.installation(), flush=True)
sys.stdin.readline()
alerts, sources = [], []
while batch := store.claim_alerts(now=NOON, lease=LEASE, limit=2):
    alerts += [alert.id for alert in batch]
while batch := store.claim_due_sources(now=NOON, lease=LEASE, limit=2):
    sources += [state.source_id for state in batch]
store.close()
print(json.dumps([alerts, sources]))
"""


def said(worker: subprocess.Popen[str]) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()


def tell(worker: subprocess.Popen[str], words: str) -> None:
    assert worker.stdin is not None
    worker.stdin.write(f"{words}\n")
    worker.stdin.flush()


def test_processes_that_open_a_new_database_and_claim_at_once_share_it_and_never_get_the_same(
    database_url: str,
) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(WORKERS)
    ]
    assert [said(worker) for worker in workers] == ["ready"] * WORKERS
    for worker in workers:
        tell(worker, "open")
    ids = [said(worker) for worker in workers]
    assert len(set(ids)) == 1
    assert len(ids[0]) == 32
    with closing(open_store(database_url, now=NOON)) as store:
        assert store.installation() == ids[0]
        store.declare_sources([a_source()], now=NOON)
        store.record_fetch(an_outcome(state=a_fetch_state(next_due=NOON + LEASE * 100)))
        for number in range(STORIES):
            a_root_waits(store, f"Story {number}")
        outlets = [a_source(f"outlet-{n}", url=f"https://outlet{n % 7}.test/") for n in range(STORIES)]
        store.declare_sources(outlets, now=NOON)
    claims = [json.loads(worker.communicate("claim\n", timeout=60)[0]) for worker in workers]
    alerts = Counter(alert for claim in claims for alert in claim[0])
    sources = Counter(source for claim in claims for source in claim[1])
    assert set(alerts.values()) == set(sources.values()) == {1}
    assert (len(alerts), len(sources)) == (STORIES, STORIES)


@pytest.mark.postgres
def test_a_poll_is_stored_while_another_one_is_being_stored(postgres_url: str) -> None:
    """Fetching scales out: only writers to stories and to the outbox stand in line."""
    with closing(open_store(postgres_url, now=NOON, patience=timedelta(milliseconds=200))) as store:
        store.declare_sources([a_source("ellery31"), a_source("channel4ellery")], now=NOON)
        story_id = a_story_is_filed(store)
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
            other.execute("UPDATE sources SET etag = 'x' WHERE id = 'ellery31'")
            other.execute("UPDATE stories SET title = title")
            assert store.record_fetch(an_outcome(a_clipping())) == 1
            due = store.claim_due_sources(now=NOON + LEASE * 100, lease=LEASE, limit=9)
        assert [state.source_id for state in due] == ["channel4ellery"]
        assert store.story(story_id) is not None


@pytest.mark.postgres
def test_a_reader_sees_one_moment_while_a_story_grows(postgres_url: str) -> None:
    from storage.store import DatabaseStore
    from storage.stories import load_stories

    with (
        closing(open_store(postgres_url, now=NOON)) as store,
        closing(open_store(postgres_url, now=NOON)) as other,
    ):
        assert isinstance(store, DatabaseStore)
        story_id = a_story_is_filed(store)
        with store._database.read() as connection:
            (before,) = load_stories(connection, [story_id])
            the_story_grows(other, story_id, "Second")
            the_story_is_watched(other, story_id, a_tell(revision=2), revision=2)
            assert load_stories(connection, [story_id]) == (before,)
        (after,) = store.stories(since=NOON)
        assert (after.revision, len(after.articles)) == (2, 2)
