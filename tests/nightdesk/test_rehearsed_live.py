"""What a rehearsal says is, item by item, what was told live over the same days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import Limits
from news.nouns import StoryMatch
from news.telling import AlertState
from nightdesk.rehearsal import rehearse
from nightdesk.rehearsal_steps import How, Rehearsal
from storage.contract import Filed
from storage.threads import StoreThreads
from tests.alerts.night import CHANNELS, Night, opened, settings_for
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack
from tests.nightdesk.desk import SANCTUARY, Desk
from tests.nouns import DAY, NOON, a_source

#: Sentences that a day's articles are made of: some raise the story, some leave it out, some say nothing.
SENTENCES = (
    "The Justice Department warned sanctuary cities.",
    "Sanctuary city policy was on the agenda.",
    "ICE agents came to the jail.",
    "The detainer policy was not mentioned.",
    "An animal sanctuary opened in the hills.",
    "Oysters are thin this year.",
    "The council meets again on Monday, and the roads were bad.",
    "Roughly two dozen cities got the letter.",
)
HEADLINES = (
    "Sanctuary cities sued",
    "Council agenda",
    "Sheriff answers",
    "Elephants arrive",
    "Oysters",
)
WITHOUT_LIMITS = {"per_hour": 1000, "per_day": 1000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that comes in: a new story, an article of a known one, or a correction."""

    kind: str
    which: int
    after: int
    headline: str
    text: str
    details: int


events = st.builds(
    Event,
    kind=st.sampled_from(["new", "new", "grows", "grows", "copy", "corrects"]),
    which=st.integers(0, 20),
    after=st.sampled_from([1, 3, 7, 20, 45, 120, 400]),
    headline=st.sampled_from(HEADLINES),
    text=st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map("\n".join),
    details=st.integers(1, 2),
)
days = st.lists(events, min_size=1, max_size=14)


def lived(desk: Desk, day: list[Event]) -> dict[int, StoryMatch]:
    """Let a day happen: everything is watched at once, and what is due is sent; return each first match."""
    filed: list[Filed] = []
    first: dict[int, StoryMatch] = {}
    for number, event in enumerate(day):
        # To the second, so that nothing is due at the very moment at which something comes.
        desk.clock.set(_at_second(desk.clock() + timedelta(minutes=event.after), number % 58 + 1))
        desk.sends()
        _comes(desk, event, filed, number)
        desk.watches()
        desk.sends()
        for match in desk.store.matches(since=NOON - DAY):
            first.setdefault(match.story_id, match)
    desk.clock.advance(timedelta(hours=1))
    return first


def said(match: StoryMatch) -> object:
    """Return what a match says to a reader."""
    evidence = [(each.field, each.words, each.start) for one in match.matches for each in one.evidence]
    return match.grade, match.priority, match.first_matched, evidence


def _at_second(moment: datetime, second: int) -> datetime:
    return moment.replace(second=second)


def _comes(desk: Desk, event: Event, filed: list[Filed], number: int) -> None:
    fields: dict[str, Any] = {
        "text": f"{event.text}\nIt is report {number}.",
        "address": f"https://ledger.test/{number}",
    }
    if event.kind == "new" or not filed:
        filed.append(desk.files(event.headline, **fields))
        return
    known = filed[event.which % len(filed)]
    if event.kind == "corrects":
        desk.corrects(known, f"It is report {known.article_id - 1}.", f"It was report {number}.")
    else:
        details = [f"Detail {n} of {number}." for n in range(event.details)] if event.kind == "grows" else []
        filed.append(desk.grows(known.story_id, event.headline, details=details, **fields))


def live_messages(desk: Desk) -> list[tuple[int, str, datetime]]:
    """Return (story, kind, due) of everything that was put into the outbox."""
    alerts = desk.store.alerts(limit=1000)
    return sorted((alert.story_id or 0, alert.kind, alert.due_at) for alert in alerts)


def rehearsed_messages(rehearsal: Rehearsal) -> Iterator[tuple[int, str, datetime]]:
    """Yield (story, kind, due) of everything that the rehearsal would have sent."""
    for step in rehearsal.steps:
        if step.how in {How.AT_ONCE, How.LATER, How.GROUPED}:
            yield step.story.id, "root", step.due_at
        elif step.how is How.IN_THREAD and not step.joins:
            yield step.story.id, "correction" if step.article.corrections else "reply", step.due_at


@pytest.mark.slow
@settings(max_examples=25)
@given(days)
def test_a_rehearsal_of_some_days_says_what_was_told_live(day: list[Event]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), watchlists=(SANCTUARY,), limits=WITHOUT_LIMITS)
        first = lived(desk, day)
        store, watchlist = desk.store, desk.settings.watchlists[0]
        rehearsal = rehearse(store, watchlist, desk.settings, since=NOON - DAY, until=desk.clock())
        assert sorted(rehearsed_messages(rehearsal)) == live_messages(desk)
        assert set(rehearsal.caught) == set(first)
        for story_id, step in rehearsal.caught.items():
            assert step.match is not None
            # What waits for the morning says the newest; the others say what was known then.
            if step.due_at == step.at:
                assert said(step.match) == said(first[story_id])
        desk.close()


@contextmanager
def a_night(folder: Path, limits: Limits) -> Iterator[Night]:
    """Give a newsroom whose outbox is drained by the real dispatcher, to a fake Slack."""
    clock, database = FakeClock(NOON), f"sqlite:///{folder / 'nightdesk.db'}"
    store = opened(database, clock)
    store.declare_sources([a_source()], now=NOON)
    threads = StoreThreads(lambda: opened(database, clock))
    with FakeSlack(clock=clock, channels=CHANNELS) as slack:
        desk = replace(settings_for(slack), limits=limits)
        yield Night(database=database, clock=clock, slack=slack, settings=desk, store=store, threads=threads)
    threads.close()
    store.close()


def passes(night: Night, until: datetime) -> None:
    """Let time pass, and let everything go out in the moment in which it is due."""
    for _ in range(100):
        due = [each.due_at for each in night.store.alerts(limit=500) if each.state is AlertState.PENDING]
        if not due or min(due) > until:
            break
        night.clock.set(max(min(due), night.clock()))
        night.drain()
    night.clock.set(until)


@pytest.mark.slow
@settings(max_examples=5)
@given(
    st.lists(st.sampled_from([2, 7, 25, 65, 240, 500]), min_size=2, max_size=10),
    st.sampled_from([Limits(per_hour=1, per_day=3), Limits(per_hour=2, per_day=15)]),
)
def test_a_rehearsal_says_which_stories_the_limits_grouped_live(minutes: list[int], limits: Limits) -> None:
    with TemporaryDirectory() as folder, a_night(Path(folder), limits) as night:
        for number, after in enumerate(minutes):
            # Each some seconds later in its minute: no two stand exactly an hour apart.
            passes(night, _at_second(night.clock() + timedelta(minutes=after), number * 5 + 3))
            night.file(f"Sanctuary cities sued, number {number}", address=f"https://ledger.test/{number}")
            night.watch()
            night.drain()
        passes(night, night.clock() + timedelta(hours=14))
        live = {
            each.story_id: each.state.value for each in night.store.alerts(limit=500) if each.kind == "root"
        }
        watchlist, until = night.settings.watchlists[0], night.clock()
        rehearsal = rehearse(night.store, watchlist, night.settings, since=NOON - DAY, until=until)
        told = {step.story.id: "grouped" if step.how is How.GROUPED else "sent" for step in rehearsal.steps}
        assert told == live
        assert rehearsal.alerts == len(night.headlines())
