"""Is each of Slack's bad days as bad as it says: what is stored, and what is the sender told?"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.faults import Fault
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_faults import (
    accept_then_drop,
    captive_portal,
    cut_answer,
    drop_before,
    elsewhere,
    error,
    hang_accepted,
    hang_before,
    http,
    rate_limited,
    token_revoked,
)
from tests.fakes_tests.asking import NOON, Reply, ask


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(clock=FakeClock(NOON), channels=["#desk"]) as running:
        yield running


def post(slack: FakeSlack) -> Reply:
    body = json.dumps({"channel": "#desk", "text": "Hello"}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {slack.token}"}
    return ask(slack.api_url + "chat.postMessage", method="POST", body=body, headers=headers, patience=0.3)


@pytest.mark.parametrize(
    ("fault", "stored"),
    [
        (accept_then_drop(), 1),
        (drop_before(), 0),
        (hang_accepted(), 1),
        (hang_before(), 0),
        (cut_answer(5), 1),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else str(value),
)
def test_when_the_answer_is_lost_the_message_may_stand_or_not(
    slack: FakeSlack, fault: Fault, stored: int
) -> None:
    slack.script("chat.postMessage", [fault])
    with pytest.raises(Exception, match=r"closed connection|timed out|IncompleteRead"):
        post(slack)
    assert len(slack.messages("#desk")) == stored == len(slack.accepted)
    assert post(slack).json["ok"]


@pytest.mark.parametrize("accepted", [True, False])
def test_an_error_says_nothing_about_whether_the_message_stands(slack: FakeSlack, accepted: bool) -> None:
    slack.script("chat.postMessage", [error("internal_error", accepted=accepted)])
    assert post(slack).json == {"ok": False, "error": "internal_error"}
    assert len(slack.messages("#desk")) == accepted


def test_http_errors_and_limits_come_as_slack_sends_them(slack: FakeSlack) -> None:
    slack.script("chat.postMessage", [http(503), http(500, accepted=True), rate_limited("soon")])
    answers = [post(slack) for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 500, 429]
    assert answers[2].headers["retry-after"] == "soon"
    assert len(slack.messages("#desk")) == 1


def test_a_redirect_leads_to_another_origin(slack: FakeSlack) -> None:
    slack.script("chat.postMessage", [elsewhere("http://127.0.0.1:9/stolen")])
    answer = post(slack)
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1:9/stolen")


def test_a_captive_portal_answers_200_and_posts_nothing(slack: FakeSlack) -> None:
    slack.script("webhook", [captive_portal()])
    answer = ask(slack.webhook_url("#desk"), method="POST", body=b'{"text": "Hello"}')
    assert answer.status == 200
    assert answer.body != b"ok"
    assert slack.messages("#desk") == ()


def test_a_token_can_be_revoked_for_one_call(slack: FakeSlack) -> None:
    slack.script("*", [token_revoked()])
    assert post(slack).json["error"] == "token_revoked"
    assert post(slack).json["ok"]
