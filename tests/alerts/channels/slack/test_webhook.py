"""Does a webhook get its messages, and do we believe nobody but Slack?"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from alerts.channels.contract import Channel
from news.errors import ChannelError, ChannelRefusedError, OutcomeUnknownError
from tests.alerts.channels.slack.talking import DESK, KEY, a_message, an_envelope, by_webhook, talk
from tests.fakes import slack_faults
from tests.fakes.clock import FakeClock
from tests.fakes.faults import Fault, status
from tests.fakes.slack import FakeSlack
from tests.nouns import NOON


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def slack(clock: FakeClock) -> Iterator[FakeSlack]:
    with FakeSlack(clock=clock, channels=[DESK]) as slack:
        yield slack


def test_a_story_carries_its_key_in_the_first_block(slack: FakeSlack, clock: FakeClock) -> None:
    receipt = talk(by_webhook(slack), clock, lambda desk: desk.send(a_message(), an_envelope()))

    (request,) = slack.calls("webhook")
    told = json.loads(request.body)
    assert told["blocks"][0]["block_id"] == f"nd_{KEY}"
    assert told["metadata"]["event_payload"]["dedupe_key"] == KEY
    assert receipt.ts == KEY
    assert len(slack.threads(DESK)) == 1


def test_a_webhook_neither_looks_nor_edits_nor_threads(slack: FakeSlack, clock: FakeClock) -> None:
    async def scene(desk: Channel) -> None:
        assert not any((desk.can_look_up, desk.can_edit, desk.can_thread))
        assert await desk.edit(a_message(), an_envelope()) is False
        with pytest.raises(OutcomeUnknownError):
            await desk.find(an_envelope())

    talk(by_webhook(slack), clock, scene)
    assert slack.requests == ()


@pytest.mark.parametrize("chosen", ["resend", "hold"])
def test_the_newsroom_chooses_what_follows_a_lost_answer(
    slack: FakeSlack, clock: FakeClock, chosen: str
) -> None:
    async def scene(desk: Channel) -> str:
        return desk.when_unknown

    assert talk(by_webhook(slack, when_unknown=chosen), clock, scene) == chosen


@pytest.mark.parametrize(
    "fault",
    [
        slack_faults.captive_portal(),
        slack_faults.accept_then_drop(),
        slack_faults.cut_answer(keep=1),
        slack_faults.http(500, accepted=True),
        slack_faults.http(403),
        status(200, b"ok, thanks"),
        status(200, b""),
        status(404, b"<html>no_service</html>"),
        slack_faults.elsewhere("http://127.0.0.1:9/stolen"),
    ],
    ids=lambda fault: fault.name,
)
def test_only_the_word_ok_means_taken(slack: FakeSlack, clock: FakeClock, fault: Fault) -> None:
    slack.script("webhook", [fault])

    async def scene(desk: Channel) -> None:
        with pytest.raises(OutcomeUnknownError):
            await desk.send(a_message(), an_envelope())

    talk(by_webhook(slack), clock, scene)
    assert len(slack.calls("webhook")) == 1


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (404, b"no_service"),
        (403, b"action_prohibited"),
        (410, b"channel_is_archived"),
        (404, b"channel_not_found"),
        (400, b"no_text"),
    ],
)
def test_a_webhook_that_was_taken_away_is_refused(
    slack: FakeSlack, clock: FakeClock, code: int, word: bytes
) -> None:
    slack.script("webhook", [status(code, word)])

    async def scene(desk: Channel) -> None:
        with pytest.raises(ChannelRefusedError, match="SLACK_WEBHOOK_URL"):
            await desk.send(a_message(), an_envelope())

    talk(by_webhook(slack), clock, scene)


def test_blocks_a_webhook_will_not_have_go_out_as_text_once(slack: FakeSlack, clock: FakeClock) -> None:
    slack.script("webhook", [status(400, b"invalid_blocks")])

    talk(by_webhook(slack), clock, lambda desk: desk.send(a_message(), an_envelope()))

    second = json.loads(slack.calls("webhook")[1].body)
    assert "blocks" not in second
    assert slack.threads(DESK)[0].root.text.startswith("Mayor skips capital meeting")


def test_a_webhook_that_asks_us_to_wait_is_asked_later(slack: FakeSlack, clock: FakeClock) -> None:
    slack.script("webhook", [slack_faults.rate_limited("30")])

    async def scene(desk: Channel) -> None:
        with pytest.raises(ChannelError) as caught:
            await desk.send(a_message(), an_envelope())
        assert caught.value.retry_after == 30

    talk(by_webhook(slack), clock, scene)


def test_no_error_holds_the_webhooks_address(slack: FakeSlack, clock: FakeClock) -> None:
    settings = by_webhook(slack)
    slack.close()

    async def scene(desk: Channel) -> str:
        with pytest.raises(ChannelError) as caught:
            await desk.send(a_message(), an_envelope())
        return f"{caught.value!r} {caught.value.__cause__!r}"

    assert "services" not in talk(settings, clock, scene)
