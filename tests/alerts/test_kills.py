"""Is anything lost or doubled when the process is killed between hops and Slack's answers get lost?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from news.nouns import no_hop
from storage.sole import hold
from tests.alerts.night import NAME, Killed, Night, first_sentence
from tests.fakes import slack_faults
from tests.fakes.faults import Fault
from tests.fakes.slack_workspace import SlackMessage

HOPS = ("watched", "claimed", "looked up", "posted", "recorded", "edited", "edit recorded")
STORIES = tuple(f"Story {number}" for number in range(7))
MAYOR, COUNCIL = "Mayor skips capital meeting", "Council answers letter"
BEFORE, AFTER = "roughly two dozen cities", "23 cities"
LETTER = f"The letter on sanctuary cities went to {BEFORE}, officials said."

Step = Callable[[], object]


def an_evening(night: Night, try_: Callable[[Step], None]) -> None:
    """Play an evening in which everything happens that can be told; each step may be killed."""
    filed = night.file(MAYOR, text=LETTER)
    _told(night, try_)
    night.later(minutes=5).grow(filed.story_id, COUNCIL)
    night.grow(filed.story_id, "Mayor skips meeting", details=False)
    _told(night, try_)
    night.later(minutes=16)
    _told(night, try_)
    night.correct(filed, MAYOR, BEFORE, AFTER)
    _told(night, try_)
    for title in STORIES:
        night.later(minutes=1).file(title)
        _told(night, try_)


def _told(night: Night, try_: Callable[[Step], None]) -> None:
    try_(night.watch)
    try_(night.drain)


def the_night_ends(night: Night) -> None:
    """Let everything that waits go out: leases end, outcomes are looked up."""
    night.slack.heal()
    night.hop = no_hop
    night.watch()
    with hold(night.database, who="a test") as night.sole:
        for _ in range(30):
            night.later(seconds=70).drain()


def stands_once(night: Night) -> None:
    """Say that what the outbox calls sent stands in the channel once, and that each story is told once."""
    assert set(night.states()) <= {"sent", "grouped"}
    alerts = night.ask(lambda store: store.alerts(states=["sent"], limit=100))
    threads = night.slack.threads(NAME)
    roots = [_key(thread.root) for thread in threads]
    replies = [_key(reply) for thread in threads for reply in thread.replies]
    assert Counter(roots) == Counter(a.key for a in alerts if a.kind in {"root", "group"})
    assert Counter(replies) == Counter(a.key for a in alerts if a.kind in {"reply", "correction"})
    told = Counter(title for thread in threads for title in (MAYOR, *STORIES) if title in thread.root.text)
    assert told == Counter((MAYOR, *STORIES))


def _key(message: SlackMessage) -> str:
    assert message.metadata is not None
    return str(message.metadata["event_payload"]["dedupe_key"])


def the_mayor_is_followed(night: Night) -> None:
    """Say that the story that was added to and corrected shows both, under itself and in itself."""
    (mayor,) = [each for each in night.slack.threads(NAME) if each.root.text.startswith(MAYOR)]
    assert Counter(first_sentence(reply.text) for reply in mayor.replies) == {COUNCIL: 1, MAYOR: 1}
    assert "Latest, " in mayor.root.text
    assert f"“… {AFTER} …”" in mayor.root.text


@pytest.mark.parametrize("name", HOPS)
def test_killed_at_this_hop_every_time_nothing_is_lost_and_nothing_doubled(night: Night, name: str) -> None:
    killer = _Killer(night, name)
    if name == "looked up":
        night.slack.script("chat.postMessage", [slack_faults.accept_then_drop(), slack_faults.drop_before()])
    an_evening(night, killer.try_)
    the_night_ends(night)

    stands_once(night)
    the_mayor_is_followed(night)
    assert killer.kills, f"nothing ever passed {name}"


class _Killer:
    """Kills each step once where it passes a hop, and starts anew after the lease has run out."""

    def __init__(self, night: Night, name: str) -> None:
        self.kills = 0
        self._night = night
        self._name = name

    def try_(self, step: Step) -> None:
        """Take a step, killed once."""
        self._night.hop = self._kill
        try:
            step()
        except Killed:
            self._night.hop = no_hop
            self._night.later(seconds=61)
            step()

    def _kill(self, passed: str) -> None:
        if passed == self._name:
            self.kills += 1
            raise Killed(passed)


FAULTS: tuple[Callable[[], Fault], ...] = (
    slack_faults.accept_then_drop,
    slack_faults.drop_before,
    slack_faults.cut_answer,
    slack_faults.captive_portal,
    lambda: slack_faults.http(500, accepted=True),
    lambda: slack_faults.http(502),
    lambda: slack_faults.error("internal_error", accepted=True),
    lambda: slack_faults.error("fatal_error"),
    lambda: slack_faults.rate_limited("soon"),
    lambda: slack_faults.rate_limited(20),
)
METHODS = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")


@pytest.mark.parametrize("seed", range(4))
def test_kills_and_lost_answers_all_night_long(quick_night: Night, seed: int) -> None:
    night = quick_night
    chance = Random(seed)  # noqa: S311 - trouble, the same every time
    kills = faults = 0

    def hop(_: str) -> None:
        nonlocal kills
        if chance.random() < 0.25:
            kills += 1
            raise Killed

    def try_(step: Step) -> None:
        nonlocal faults
        night.hop = hop
        if chance.random() < 0.7:
            faults += 1
            night.slack.script(chance.choice(METHODS), [chance.choice(FAULTS)()])
        try:
            step()
        except Killed:
            night.later(seconds=chance.choice((1, 30, 61, 120)))

    an_evening(night, try_)
    the_night_ends(night)

    stands_once(night)
    assert kills > 2
    assert faults > 5
