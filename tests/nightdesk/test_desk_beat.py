"""Who is told when nobody is on a story, what one shift leaves the next, and what becomes of votes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import EscalationSettings, HandoverSettings, Reader, Role, Settings
from news.nouns import Priority
from news.telling import Alert
from nightdesk.acts.claiming import claim
from nightdesk.acts.muting import Outlet, mute_outlet
from nightdesk.acts.rights import NotAllowedError, NotStandingError
from nightdesk.acts.voting import undo, vote_not_relevant
from nightdesk.desk.beat import settle
from nightdesk.desk.commands import moment
from storage.acts_contract import EMBARGO
from storage.contract import Store
from storage.open import open_store
from tests.nouns import (
    DESK,
    HOUR,
    MINUTE,
    NOON,
    a_filing,
    a_placement,
    a_source,
    a_story_match,
    a_watching,
    a_watchlist,
    an_act,
    an_article,
)
from tests.ready import ready

EDITORS = "slack:#editors"
NIGHT = Reader(id="night-editor", name="Night editor", role=Role.EDITOR)
GUEST = Reader(id="guest", name="Guest")
SETTINGS = Settings(
    timezone="America/Denver",
    sources=(a_source(),),
    watchlists=(a_watchlist(),),
    readers=(NIGHT, GUEST),
    escalation=EscalationSettings(to=EDITORS, outlets=3, within=60 * MINUTE),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(ready(f"sqlite:///{tmp_path / 'nightdesk.db'}"), now=NOON, installation="port-ellery")
    with closing(store):
        store.declare_sources([a_source()], now=NOON)
        yield store


def reported_by(store: Store, *outlets: str, every: timedelta = 10 * MINUTE, private: bool = False) -> int:
    """File a story that these outlets report themselves, one after the other from noon on."""
    story: int | None = None
    for number, outlet in enumerate(outlets):
        at = NOON + number * every
        article = an_article(
            f"{outlet} on the raid", outlet=outlet, first_seen=at, text=f"{outlet} saw it. A clerk said so."
        )
        filed = store.file(a_filing(0, article, placement=a_placement(story), now=at))
        story = filed.story_id
        watchlist = "of-one-person" if private else "sanctuary-cities"
        match = a_story_match(story, watchlist_id=watchlist, priority=Priority.HIGH, revision=filed.revision)
        watching = a_watching(story, revision=filed.revision, matches=(replace(match, matches=()),), now=at)
        store.record_watching(watching)
    assert story is not None
    return story


def told(store: Store) -> list[str]:
    """Return the titles of what is put in the outbox, oldest first."""
    return [str(alert.facts["title"]) for alert in waiting(store)]


def waiting(store: Store) -> list[Alert]:
    return list(reversed([alert for alert in store.alerts() if alert.kind == "health"]))


def test_a_story_of_three_outlets_that_nobody_is_on_is_told_elsewhere_once(store: Store) -> None:
    reported_by(store, "Ellery 31", "Valley Courier")
    assert not settle(store, SETTINGS, now=NOON + 30 * MINUTE)
    story = reported_by(store, "Channel 4", "Ledger", "Coast Radio")
    assert settle(store, SETTINGS, now=NOON + 30 * MINUTE)
    assert not settle(store, SETTINGS, now=NOON + 31 * MINUTE)
    (alert,) = waiting(store)
    assert (alert.destination, alert.facts["title"]) == (EDITORS, "Channel 4 on the raid")
    assert "Own reporting at 3 outlets: Channel 4, Ledger and Coast Radio." in str(alert.facts["lines"])
    assert story


@pytest.mark.parametrize("why", ["claimed", "on hold", "too slow", "private", "off", "long ago"])
def test_it_is_not_told_elsewhere_when(store: Store, why: str) -> None:
    outlets, now = ("Channel 4", "Ledger", "Coast Radio"), NOON + 30 * MINUTE
    every = 40 * MINUTE if why == "too slow" else 10 * MINUTE
    story = reported_by(store, *outlets, every=every, private=why == "private")
    if why == "claimed":
        claim(store, story, GUEST, via="slack", now=now)
    if why == "on hold":
        store.record_act(an_act("hold", story, who=EMBARGO))
    settings = replace(SETTINGS, escalation=EscalationSettings()) if why == "off" else SETTINGS
    later = {"too slow": NOON + 81 * MINUTE, "long ago": NOON + 3 * HOUR}
    assert not settle(store, settings, now=later.get(why, now))
    assert told(store) == []


def test_a_shift_leaves_the_next_what_is_open_once_and_not_hours_late(store: Store) -> None:
    mine, nobodys = reported_by(store, "Channel 4"), reported_by(store, "Ledger")
    claim(store, mine, NIGHT, via="slack", now=NOON + MINUTE)
    store.record_act(an_act("hold", reported_by(store, "Valley Courier"), who=EMBARGO))
    settings = replace(SETTINGS, handover=HandoverSettings(to=DESK, at="daily 14:00"))
    assert not settle(store, settings, now=NOON + HOUR)
    assert settle(store, settings, now=NOON + 2 * HOUR + MINUTE)
    assert not settle(store, settings, now=NOON + 2 * HOUR + 2 * MINUTE)
    (alert,) = waiting(store)
    assert (alert.destination, alert.facts["title"]) == (DESK, "Hand-over, 2:00 pm")
    assert alert.facts["lines"] == [
        "Night editor is on: Channel 4 on the raid (since 12:01 pm)",
        "Nobody is on: Ledger on the raid",
        "1 story on hold: nightdesk stories acts, or the console, says why.",
    ]
    assert nobodys
    late = replace(settings, handover=HandoverSettings(to=EDITORS, at="daily 14:00"))
    assert not settle(store, late, now=NOON + 5 * HOUR)


def test_a_channel_is_told_once_which_outlet_was_muted_there(store: Store) -> None:
    outlet = Outlet(source_id="channel4ellery", destination=DESK)
    mute_outlet(store, outlet, NIGHT, via="console", now=NOON)
    assert settle(store, SETTINGS, now=NOON + MINUTE)
    assert not settle(store, SETTINGS, now=NOON + 2 * MINUTE)
    assert told(store) == ["Night editor muted Channel 4 Ellery here until March 25, 12:00 pm"]


def test_a_vote_becomes_a_mark_when_it_can_no_longer_be_taken_back(store: Store) -> None:
    story = store.file(a_filing(0, an_article("Thin ice closes pond"))).story_id
    store.record_watching(a_watching(story, matches=(a_story_match(story),)))
    vote = vote_not_relevant(store, story, GUEST, via="slack", now=NOON)
    assert vote_not_relevant(store, story, GUEST, via="console", now=NOON + MINUTE) == vote
    settle(store, SETTINGS, now=NOON + 9 * MINUTE)
    assert store.marks_of(story) == ()
    with pytest.raises(NotAllowedError):
        undo(store, vote.id, NIGHT, via="slack", now=NOON + MINUTE)
    for _ in range(2):
        settle(store, SETTINGS, now=NOON + 10 * MINUTE)
    (mark,) = store.marks_of(story)
    assert (mark.who, mark.relevant, mark.at) == ("guest", False, NOON)
    with pytest.raises(NotStandingError, match="ten minutes"):
        undo(store, vote.id, GUEST, via="slack", now=NOON + 10 * MINUTE)


def test_a_vote_that_was_taken_back_teaches_nothing(store: Store) -> None:
    story = store.file(a_filing(0, an_article("Thin ice closes pond"))).story_id
    store.record_watching(a_watching(story, matches=(a_story_match(story),)))
    vote = vote_not_relevant(store, story, GUEST, via="slack", now=NOON)
    undo(store, vote.id, GUEST, via="slack", now=NOON + 9 * MINUTE)
    settle(store, SETTINGS, now=NOON + HOUR)
    assert store.marks_of(story) == ()


@pytest.mark.parametrize(
    ("said", "hours"),
    [("14:00", 2), ("2 pm", 2), ("12pm", 24), ("2h", 2), ("90 min", 1.5), ("11:30", 23.5), ("30h", 24)],
)
def test_until_when_it_should_be_quiet_is_read_as_people_say_it(said: str, hours: float) -> None:
    assert moment(said, "America/Denver", NOON) == NOON + hours * HOUR


@pytest.mark.parametrize("said", ["", "25:00", "tomorrow", "14:60", "0h", "-2h", "14 pm pm"])
def test_what_is_no_time_is_asked_for_again(said: str) -> None:
    assert moment(said, "America/Denver", NOON) is None
