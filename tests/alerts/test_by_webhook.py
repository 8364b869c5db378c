"""What does a desk hear that has a webhook only?"""

from __future__ import annotations

from dataclasses import replace

from config.settings import ChannelSettings, HealthSettings, Secret, SlackSettings
from tests.alerts.night import NAME, Night
from tests.fakes import slack_faults

MAYOR = "Mayor skips capital meeting"
LETTER = "The letter on sanctuary cities went to roughly two dozen cities, officials said."


def test_by_webhook_a_story_is_told_and_corrected_in_messages_of_their_own(night: Night) -> None:
    hook = SlackSettings(webhook=Secret(night.slack.webhook_url(NAME)))
    night.settings = replace(night.settings, channels=ChannelSettings(slack=hook))
    filed = night.file(MAYOR, text=LETTER)
    night.watch()
    night.drain()
    night.later(minutes=5).correct(filed, MAYOR, "roughly two dozen cities", "23 cities")
    night.watch()
    night.drain()

    assert night.headlines() == [MAYOR, f"{MAYOR}: correction to the story sent 12:00 pm"]


def test_by_webhook_a_lost_answer_is_sent_again_with_the_same_key(night: Night) -> None:
    hook = SlackSettings(webhook=Secret(night.slack.webhook_url(NAME)))
    night.settings = replace(night.settings, channels=ChannelSettings(slack=hook))
    night.slack.script("webhook", [slack_faults.accept_then_drop()])
    night.file(MAYOR)
    night.watch()
    night.drain()
    night.later(minutes=1).drain()

    first, second = night.slack.accepted
    assert first.blocks[0]["block_id"] == second.blocks[0]["block_id"]
    assert night.states() == {"sent": 1}


def test_by_webhook_a_lost_answer_is_held_when_the_newsroom_chose_so(night: Night) -> None:
    hook = SlackSettings(webhook=Secret(night.slack.webhook_url(NAME)), when_unknown="hold")
    channels = ChannelSettings(slack=hook)
    night.settings = replace(night.settings, channels=channels, health=HealthSettings())
    night.slack.script("webhook", [slack_faults.rate_limited("1"), slack_faults.accept_then_drop()])
    night.file(MAYOR)
    night.watch()
    night.drain()
    night.later(minutes=1).drain()
    assert night.states() == {"unknown": 1}, "a wait that Slack asked for is no unknown outcome"
    night.later(minutes=1).drain()

    assert night.states() == {"held": 1}
    assert night.headlines() == [MAYOR]
