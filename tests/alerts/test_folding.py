"""What waited through the night comes once: in the morning's digest where the place has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.schedule import declared_digests
from news.nouns import DeliverRule
from tests.alerts.night import NAME, Night
from tests.nouns import DESK

#: Wednesday 11 pm in Port Ellery.
LATE = datetime(2026, 3, 19, 5, tzinfo=UTC)


def with_digest(night: Night, at: str = "daily 06:30") -> Night:
    (watchlist,) = night.settings.watchlists
    digest = DeliverRule(to=DESK, send="digest", at=at)
    watchlist = replace(watchlist, deliver=(*watchlist.deliver, digest))
    night.settings = replace(night.settings, watchlists=(watchlist,))
    night.ask(lambda store: store.declare_digests(declared_digests(night.settings), now=night.clock()))
    night.clock.set(LATE)
    return night


def morning(night: Night, clock: str) -> None:
    """Let it be this time on Thursday morning, and let everything that is due go out."""
    hour, minute = map(int, clock.split(":"))
    night.clock.set(datetime(2026, 3, 19, 6 + hour, minute, tzinfo=UTC))
    night.open_digests()
    night.drain()


def test_what_waited_for_the_morning_comes_in_the_digest_of_the_same_place_and_nowhere_else(
    quick_night: Night,
) -> None:
    night = with_digest(quick_night)
    filed = night.file("Council meets at night")
    night.file("Jail closes a wing")
    night.watch()
    night.drain()
    morning(night, "06:00")
    assert not night.headlines(), "no roll-up half an hour before the digest"
    morning(night, "06:31")
    morning(night, "06:40")
    (digest,) = night.slack.threads(NAME)
    assert "Council meets at night" in digest.root.text
    assert night.states() == {"sent": 1, "merged": 2}
    night.later(hours=2).grow(filed.story_id, "Council answers letter")
    night.watch()
    night.later(minutes=16)
    night.drain()
    (digest,) = night.slack.threads(NAME)
    (reply,) = digest.replies
    assert reply.text.startswith("Council meets at night: update to the story")
    assert digest.root.edited_ts is None, "the digest is not overwritten by one of its stories"


def test_a_digest_that_is_hours_away_keeps_nobody_waiting(quick_night: Night) -> None:
    night = with_digest(quick_night, at="daily 11:00")
    night.file("Council meets at night")
    night.watch()
    morning(night, "06:01")
    assert night.headlines() == ["Council meets at night"]


def test_when_the_digest_does_not_come_the_stories_go_their_usual_way(quick_night: Night) -> None:
    night = with_digest(quick_night)
    night.file("Council meets at night")
    night.watch()
    night.clock.set(LATE + timedelta(hours=7, minutes=1))
    night.drain()
    assert not night.headlines()
    night.later(minutes=40)
    night.drain()
    assert night.headlines() == ["Council meets at night"]
