"""Does Slack show the evening as it was drawn? One file a message, as it is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alerts.channels.slack.blocks import body_of
from alerts.message import Message
from tests.alerts.channels.slack.talking import KEY
from tests.alerts.evening import the_evening
from tests.fakes.slack_checks import check_blocks

GOLDEN = Path(__file__).parent / "golden"
EVENING = the_evening()


def as_json(message: Message) -> str:
    """Return what Slack is told, to be read by people."""
    return json.dumps(body_of(message, KEY), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("name", EVENING)
def test_the_evening_is_told_to_slack_as_it_was_drawn(name: str) -> None:
    golden = GOLDEN / f"{name.replace(' ', '-')}.json"

    assert as_json(EVENING[name]) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EVENING)
def test_slack_takes_the_evening(name: str) -> None:
    assert check_blocks(body_of(EVENING[name], KEY)["blocks"])
