"""Stopped just before its last look, while another takes over, a sender that wakes up says nothing twice."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.effort import DATABASES
from tests.whole.house import House

pytestmark = pytest.mark.whole


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    with closing(House(tmp_path, database_url, ("channel4",))) as house:
        yield house


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_a_sender_that_wakes_up_after_another_has_taken_over_sends_nothing_and_ends(house: House) -> None:
    house.start()
    house.wait_until_read()
    house.freeze("to be checked")
    house.set_clock("2026-03-18 12:02")
    frozen = house.wait_for_frost()
    house.lose_hold()
    house.clock.set(house.clock() + timedelta(seconds=61))
    house.start()
    house.wait_for(lambda: len(house.roots()) == 1, "the message of the one who took over")
    frozen.signal(signal.SIGCONT)
    assert frozen.wait(timeout=30) == 1
    house.wait_while_time_passes(lambda: house.unsent() == 0, "everything to be recorded")
    assert house.is_running
    assert Counter(house.keys()).most_common(1)[0][1] == 1
    assert len(house.slack.calls("chat.postMessage")) == 1
