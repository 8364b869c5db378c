"""A stamp that tells one entry from the others is believed; one that all of them carry is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.stamps import believed
from news.nouns import Clipping

NOON = datetime(2026, 3, 18, 18, tzinfo=UTC)


def a_clipping(
    number: int, *, published: datetime | None = None, updated: datetime | None = None
) -> Clipping:
    address = f"https://ledger.test/{number}"
    return Clipping(
        source_id="ledger", address=address, title="A title", published=published, updated=updated
    )


def test_a_feed_that_stamps_every_entry_anew_is_not_believed() -> None:
    feed = [a_clipping(number, updated=NOON) for number in range(5)]
    assert all(clipping.updated is None for clipping in believed(feed))


def test_the_one_entry_that_was_changed_keeps_its_stamp() -> None:
    born = NOON - timedelta(hours=3)
    feed = [a_clipping(number, published=born) for number in range(4)]
    changed = a_clipping(9, published=born, updated=NOON)
    assert [clipping.updated for clipping in believed([*feed, changed])] == [None] * 4 + [NOON]


def test_a_stamp_that_repeats_the_birth_says_nothing() -> None:
    feed = [a_clipping(1, published=NOON, updated=NOON), a_clipping(2), a_clipping(3)]
    assert believed(feed)[0].updated is None
