"""Killed between any two hops, the program loses nothing, and on Slack doubles nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.effort import THOROUGH
from tests.fakes.day import the_day
from tests.fakes.slack_faults import accept_then_drop
from tests.nouns import a_merger
from tests.whole.house import CHANNEL, House

pytestmark = pytest.mark.whole

#: At which minute of the day which hop is the last one, so that each is once, in either database.
LAST_HOPS = {
    "sqlite": {
        "10:36": "fetched",
        "12:02": "posted",
        "13:17": "clippings stored",
        "13:33": "claimed",
        "14:09": "page fetched",
        "14:24": "recorded",
        "14:51": "story filed",
        "15:39": "watched",
        "16:44": "read",
    },
    "postgresql": {
        "10:36": "read",
        "12:02": "recorded",
        "13:17": "watched",
        "13:33": "posted",
        "14:09": "story filed",
        "14:24": "claimed",
        "14:51": "fetched",
        "15:39": "clippings stored",
        "16:44": "page fetched",
    },
}
#: Who reports from the beat, and what of it is told at once.
ON_THE_BEAT = ("channel4", "ellery31", "council", "nationalwire", "ledger", "valley", "harbor", "coast")
TOLD_AT_ONCE = ("S1", "S3", "S5")


@pytest.fixture
def outlets() -> tuple[str, ...]:
    return ("channel4", "ellery31")


@pytest.fixture
def house(tmp_path: Path, database_url: str, outlets: tuple[str, ...]) -> Iterator[House]:
    house = House(tmp_path, database_url, outlets)
    yield house
    house.close()


def tell_the_first_story(house: House) -> None:
    """Let Channel 4's story be out, and the lease of a claim that a kill left behind be over."""
    house.wait_for(lambda: len(house.roots()) == 1, "the first station's message")
    house.wait_while_time_passes(lambda: house.unsent() == 0, "everything to be recorded")


def tell_the_rest(house: House) -> None:
    """Let the second station, the gathering and the morning pass."""
    house.set_clock("2026-03-18 13:20")
    house.wait_for(lambda: len(house.slack.accepted) >= 2, "the edit of the first message")
    house.wait_while_time_passes(
        lambda: any(thread.replies for thread in house.slack.threads(CHANNEL)), "the reply"
    )
    house.set_clock("2026-03-19 06:31")
    house.wait_for(lambda: bool(house.mail.messages), "the morning mail")
    house.set_clock("2026-03-19 07:10")
    house.wait_for(lambda: len(house.keys()) > 2, "the correction that the pages brought overnight")
    house.wait_while_time_passes(lambda: house.is_read() and house.unsent() == 0, "everything to be sent")


def last_hops(database: str) -> list[tuple[str, str]]:
    """Return each minute and its last hop; on a desk half of the hops are "" on each database."""
    kinds = ["sqlite", "postgresql"]
    kind = kinds[not database.startswith("sqlite")]
    every = LAST_HOPS[kind].items()
    here = sorted(LAST_HOPS["sqlite"].values())[kinds.index(kind) :: 2]
    return [(minute, hop if THOROUGH or hop in here else "") for minute, hop in every]


@pytest.mark.parametrize("outlets", [ON_THE_BEAT])
def test_a_day_with_a_kill_between_any_two_hops_tells_what_a_quiet_day_tells(house: House) -> None:
    house.start()
    house.wait_until_read()
    for minute, hop in last_hops(house.database):
        house.arm(hop)
        house.set_clock(f"2026-03-18 {minute}")
        if hop:
            house.wait_for_death()
            house.start()
        house.wait_until_read()
        if not hop:
            house.wait_for(lambda: house.due() == 0, f"everything that was due at {minute}")
    house.wait_while_time_passes(lambda: house.is_read() and house.unsent() == 0, "everything to be sent")
    house.set_clock("2026-03-19 06:31")
    house.wait_for(lambda: bool(house.mail.messages), "the morning mail")
    house.wait_while_time_passes(lambda: house.is_read() and house.unsent() == 0, "the morning to be over")
    assert house.stop() == 0
    told = [{article.title for article in the_day().told(label)} for label in TOLD_AT_ONCE]
    assert [sum(root in titles for root in house.roots()) for titles in told] == [1] * len(told)
    assert len(house.roots()) == len(told)
    assert max(Counter(house.keys()).values()) == 1
    (reply, correction) = house.slack.threads(CHANNEL)[0].replies
    assert "Ellery 31" in reply.text
    assert "orrect" in correction.text
    assert len(house.mail.messages) == 1


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
def test_an_answer_lost_on_its_way_back_doubles_nothing(house: House, method: str) -> None:
    house.start()
    house.wait_until_read()
    house.slack.script(method, [accept_then_drop()])
    house.set_clock("2026-03-18 12:02")
    house.wait_for(lambda: len(house.roots()) == 1, "the message whose answer is lost")
    house.set_clock("2026-03-18 12:06")
    tell_the_first_story(house)
    tell_the_rest(house)
    assert house.stop() == 0
    assert house.unsent() == 0
    assert max(Counter(house.keys()).values()) == 1


def test_a_kill_inside_slack_after_acceptance_doubles_nothing(house: House) -> None:
    house.start()
    house.wait_until_read()
    house.slack.on_accept = lambda _: house.kill()
    house.set_clock("2026-03-18 12:02")
    house.wait_for(lambda: not house.is_running, "the kill")
    house.slack.on_accept = None
    house.set_clock("2026-03-18 12:06")
    house.start()
    tell_the_rest(house)
    assert house.stop() == 0
    assert house.unsent() == 0
    assert max(Counter(house.keys()).values()) == 1


@pytest.mark.parametrize(("database", "outlets"), [("sqlite", ("channel4", "ledger"))])
def test_a_kill_while_two_stories_become_one_leaves_one_message_that_goes_on(
    tmp_path: Path, database: str, outlets: tuple[str, ...]
) -> None:
    house = House(tmp_path, f"{database}:///{tmp_path / 'nightdesk.db'}", outlets)
    with closing(house):
        house.start()
        house.wait_until_read()
        house.set_clock("2026-03-18 12:02")
        tell_the_first_story(house)
        house.set_clock("2026-03-18 15:39")
        house.wait_while_time_passes(lambda: len(house.roots()) > 1, "the judge's message")
        house.wait_while_time_passes(lambda: house.unsent() == 0, "everything to be recorded")
        one, other = (delivery.story_id or 0 for delivery in house.store.deliveries()[:2])
        house.arm("edited")
        merged = house.store.merge_stories(a_merger(one, other, now=house.clock()))
        assert merged is not None
        house.wait_while_time_passes(lambda: not house.is_running, "the edit")
        house.wait_for_death()
        house.start()
        house.wait_while_time_passes(
            lambda: "goes on" in house.slack.threads(CHANNEL)[-1].root.text, "the younger message"
        )
        assert house.stop() == 0
    assert ["goes on" in thread.root.text for thread in house.slack.threads(CHANNEL)].count(True) == 1
    assert max(Counter(house.keys()).values()) == 1


def test_a_polite_stop_ends_in_time_and_the_next_start_goes_on(house: House) -> None:
    house.start()
    house.wait_until_read()
    assert house.stop() == 0
    house.set_clock("2026-03-18 12:02")
    house.start()
    tell_the_first_story(house)
    assert house.stop() == 0
    assert house.unsent() == 0
