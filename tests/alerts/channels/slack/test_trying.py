"""Is what Slack allows found out without posting, and does the app's manifest ask for all of it?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from alerts.channels.contract import Channel
from alerts.channels.slack.trying import (
    NEEDED,
    NEEDED_FOR_BUTTONS,
    NEEDED_FOR_PEOPLE,
    NEEDED_IN_PRIVATE,
)
from alerts.channels.trials import Trial, try_channel
from config.settings import Secret
from tests.alerts.channels.slack.talking import DESK, by_token, by_webhook, talk
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack
from tests.nouns import NOON

MANIFEST = Path(__file__).parents[4] / "deploy" / "slack-app.yaml"


def tried(slack: FakeSlack, clock: FakeClock, *places: str) -> Trial:
    async def scene(channel: Channel) -> Trial:
        trial = await try_channel(channel, places)
        assert trial is not None
        return trial

    return talk(by_token(slack), clock, scene)


def test_a_channel_nightdesk_was_invited_to_has_no_troubles_and_nothing_is_posted() -> None:
    clock = FakeClock(NOON)
    with FakeSlack(clock=clock, channels=[DESK]) as slack:
        trial = tried(slack, clock, DESK)
        assert not trial.troubles
        assert trial.known_as == "nightdesk in the workspace newsroom"
        assert not slack.accepted


@pytest.mark.parametrize(
    ("private", "member", "scope", "trouble"),
    [
        (False, False, "", "Nightdesk is not in the channel"),
        (True, True, "groups:history", "the Slack app lacks the permission groups:history"),
        (True, False, "", "Slack lists no channel #desk-two for Nightdesk"),
    ],
)
def test_what_keeps_a_message_out_is_said_of_its_channel(
    private: bool, member: bool, scope: str, trouble: str
) -> None:
    clock = FakeClock(NOON)
    with FakeSlack(clock=clock, channels=[DESK]) as slack:
        for each in NEEDED_IN_PRIVATE:
            slack.give_scope(each)
        slack.take_scope(scope)
        slack.add_channel("#desk-two", private=private, member=member)
        (found,) = tried(slack, clock, DESK, "#desk-two").troubles
        assert (found.place, found.trouble) == ("#desk-two", trouble)
        assert found.fix


def test_an_archived_channel_is_told_so() -> None:
    clock = FakeClock(NOON)
    with FakeSlack(clock=clock, channels=[DESK]) as slack:
        id_ = slack.channel_id(DESK)
        slack.archive(DESK)
        (found,) = tried(slack, clock, id_).troubles
        assert found.trouble == "the channel is archived"


def test_a_webhook_cannot_be_tried() -> None:
    clock = FakeClock(NOON)

    async def scene(channel: Channel) -> Trial | None:
        return await try_channel(channel, [DESK])

    with FakeSlack(clock=clock, channels=[DESK]) as slack:
        assert talk(by_webhook(slack), clock, scene) is None


def test_the_manifest_asks_for_everything_that_is_needed_and_nothing_else() -> None:
    manifest = YAML(typ="safe").load(MANIFEST)
    asked = manifest["oauth_config"]["scopes"]["bot"]
    assert sorted(asked) == sorted({*NEEDED, *NEEDED_IN_PRIVATE, *NEEDED_FOR_PEOPLE, *NEEDED_FOR_BUTTONS})
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == ["/nightdesk"]
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"]["is_enabled"] is True


def test_what_keeps_clicks_from_being_heard_is_said_with_its_fix() -> None:
    clock = FakeClock(NOON)
    with FakeSlack(clock=clock, channels=[DESK]) as slack:

        async def scene(channel: Channel) -> Trial:
            trial = await try_channel(channel, [DESK])
            assert trial is not None
            return trial

        app_token = slack.people.app_token
        by_bot = by_token(slack)
        both = replace(by_bot.channels.slack, app_token=Secret(app_token))
        settings = replace(by_bot, channels=replace(by_bot.channels, slack=both))
        (scopes,) = talk(settings, clock, scene).troubles
        assert scopes.trouble == "the Slack app lacks the permissions commands and im:read"
        for scope in NEEDED_FOR_BUTTONS:
            slack.give_scope(scope)
        assert not talk(settings, clock, scene).troubles
        slack.people.app_token = "xapp-another"
        (refused,) = talk(settings, clock, scene).troubles
        assert refused.trouble.endswith("the token in SLACK_APP_TOKEN: invalid_auth")
        assert "xapp" in refused.fix
        assert app_token not in f"{refused}"
