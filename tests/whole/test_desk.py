"""What people click in Slack becomes a row before it is shown, and outlives whatever happens to the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.slack_workspace import SlackMessage, SlackThread
from tests.whole.house import CHANNEL, House

pytestmark = pytest.mark.whole

NIGHT, METRO, GUEST, STRANGER = "U09NIGHTED", "U09METRODESK", "U09GUESTDESK", "U09STRANGER"
READERS = (
    {"id": "night-editor", "name": "Night editor", "slack": NIGHT, "role": "editor"},
    {"id": "metro-desk", "name": "Metro desk", "slack": "D09METROTALK", "role": "editor"},
    {"id": "guest", "name": "Guest", "slack": GUEST, "role": "reader"},
)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    house = House(tmp_path, database_url, ("channel4", "ellery31"), readers=READERS)
    house.slack.add_conversation("D09METROTALK", user=METRO)
    yield house
    house.close()


def opened(house: House) -> None:
    """Start the program; return when it listens and the first story is out with its buttons."""
    house.start()
    house.wait_for(lambda: house.slack.people.line.listeners > 0, "a line to Slack")
    house.wait_until_read()
    house.set_clock("2026-03-18 12:02")
    house.wait_for(lambda: bool(house.slack.threads(CHANNEL)), "the first message")
    house.wait_for(lambda: "claim" in buttons(house), "its buttons")


def thread(house: House) -> SlackThread:
    return house.slack.threads(CHANNEL)[0]


def root(house: House) -> SlackMessage:
    return thread(house).root


def buttons(house: House) -> list[str]:
    """Return what stands under the story."""
    blocks = root(house).blocks
    return [str(each["action_id"]) for b in blocks if b["type"] == "actions" for each in b["elements"]]


def says(house: House, words: str) -> Callable[[], bool]:
    return lambda: words in root(house).text


def whispered(house: House, user: str) -> str:
    return "\n".join(each.text for each in house.slack.people.whispers(user))


def test_a_night_at_the_desk_from_claim_to_mute(house: House) -> None:
    opened(house)
    print(root(house).text, buttons(house))
    done = house.slack.people.click(root(house), "claim", user=NIGHT)
    assert done.done
    house.wait_for(says(house, "Night editor is on it"), "who is on it")
    print(done.seconds, buttons(house))
    print(house.log()[-3000:])
