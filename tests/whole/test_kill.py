"""Killed between any two hops, the program loses nothing, and on Slack doubles nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack_faults import accept_then_drop
from tests.whole.house import CHANNEL, House

pytestmark = pytest.mark.whole

HOPS = (
    "fetched",
    "read",
    "clippings stored",
    "page fetched",
    "story filed",
    "watched",
    "claimed",
    "posted",
    "recorded",
)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    house = House(tmp_path, database_url, ["channel4", "ellery31"])
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


@pytest.mark.parametrize("hop", HOPS)
def test_a_kill_between_two_hops_loses_nothing_and_doubles_nothing(house: House, hop: str) -> None:
    house.start()
    house.wait_until_read()
    house.arm(hop)
    house.set_clock("2026-03-18 12:02")
    house.wait_for_death()
    house.set_clock("2026-03-18 12:06")
    house.start()
    tell_the_first_story(house)
    tell_the_rest(house)
    assert house.stop() == 0
    assert house.unsent() == 0
    assert max(Counter(house.keys()).values()) == 1
    assert len(house.roots()) == 1
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


def test_a_polite_stop_ends_in_time_and_the_next_start_goes_on(house: House) -> None:
    house.start()
    house.wait_until_read()
    assert house.stop() == 0
    house.set_clock("2026-03-18 12:02")
    house.start()
    tell_the_first_story(house)
    assert house.stop() == 0
    assert house.unsent() == 0
