"""A night at the desk, on each database in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.threads import StoreThreads
from tests.alerts.night import CHANNELS, Night, opened, settings_for
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack
from tests.nouns import NOON, a_source
from tests.ready import ready


@pytest.fixture
def night(newsroom_url: str) -> Iterator[Night]:
    """Give a newsroom at noon, on SQLite and on PostgreSQL."""
    yield from _open(newsroom_url)


@pytest.fixture
def quick_night(tmp_path: Path) -> Iterator[Night]:
    """Give a newsroom at noon, on SQLite alone: for what does not depend on the database."""
    yield from _open(ready(f"sqlite:///{tmp_path / 'nightdesk.db'}"))


def _open(database: str) -> Iterator[Night]:
    clock = FakeClock(NOON)
    store = opened(database, clock)
    store.declare_sources([a_source()], now=NOON)
    threads = StoreThreads(lambda: opened(database, clock))
    with FakeSlack(clock=clock, channels=CHANNELS, paced=True) as slack:
        yield Night(
            database=database,
            clock=clock,
            slack=slack,
            settings=settings_for(slack),
            store=store,
            threads=threads,
        )
    threads.close()
    store.close()
